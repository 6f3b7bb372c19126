namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>1 at the place of each index along a new last axis, 0 elsewhere; all 0 for an index that is out of range.</summary>
    /// <param name="x">Indices.</param>
    /// <param name="numClasses">The extent of the new axis.</param>
    /// <param name="dtype">The element type, f32 by default.</param>
    public static NDArray OneHot(NDArray x, int numClasses, DType? dtype = null) =>
        Nn.OneHot(x, numClasses).AsType(dtype ?? DType.F32);
}
