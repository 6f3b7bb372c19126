namespace JaxSharp.Numpy;

/// <summary>Fills what <see cref="Jnp.Pad(NDArray, PadWidths, PadFunction)"/> put before and after the elements of a vector.</summary>
/// <param name="row">A vector along the axis, as long as the result; what was put is zero.</param>
/// <param name="width">How many elements were put before and after.</param>
/// <param name="axis">The axis.</param>
/// <returns>The vector with all its elements, of the same length.</returns>
public delegate NDArray PadFunction(NDArray row, (int Before, int After) width, int axis);
