using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

/// <summary>Sums of squares, roots and counters that the transformations share.</summary>
internal static class Numerics
{
    /// <summary>|x|², real for complex numbers too.</summary>
    public static NDArray AbsSq(NDArray x) =>
        x.DType.IsComplex ? Jnp.Square(Jnp.Real(x)) + Jnp.Square(Jnp.Imag(x)) : Jnp.Square(x);

    /// <summary>A counter before the first step.</summary>
    public static NDArray Zero => Jnp.Zeros(Shape.Scalar, DType.I32);

    /// <summary>The axes of an array except one.</summary>
    public static int[] AllAxesBut(int rank, int axis) => [.. Enumerable.Range(0, rank).Where(other => other != axis)];
}
