namespace JaxSharp.Compiler.Routines;

/// <summary>How an update meets the element that is there.</summary>
internal enum ScatterCombination
{
    /// <summary>It takes its place.</summary>
    Replace,

    /// <summary>It is added.</summary>
    Add,

    /// <summary>It is subtracted.</summary>
    Sub,

    /// <summary>It is a factor.</summary>
    Mul,

    /// <summary>The smaller one stays; a NaN wins.</summary>
    Min,

    /// <summary>The larger one stays; a NaN wins.</summary>
    Max,
}

/// <summary>A loop over updates; distances are in elements.</summary>
/// <param name="Extent">How many.</param>
/// <param name="UpdateStride">The distance of neighbours in the updates.</param>
/// <param name="IndexStride">The distance of neighbours in the indices; 0 inside of a window.</param>
/// <param name="OperandStride">The distance of neighbours in the array, beside what the indices say.</param>
internal readonly record struct ScatterAxis(int Extent, long UpdateStride, long IndexStride, long OperandStride);

/// <summary>A component of an index vector.</summary>
/// <param name="Last">The largest start at which a window is inside of the array.</param>
/// <param name="OperandStride">The distance of neighbours in the array.</param>
internal readonly record struct ScatterComponent(int Last, long OperandStride);

/// <summary>A scatter in terms of dense memory: operands are the array, the indices and the updates.</summary>
/// <param name="DType">The element type of array and updates.</param>
/// <param name="IndexType">The element type of the indices, an integer type.</param>
/// <param name="Size">The number of elements of the array.</param>
/// <param name="Outer">The loops over windows.</param>
/// <param name="Window">The loops in a window.</param>
/// <param name="Components">The components of an index vector.</param>
/// <param name="ComponentStride">The distance of components in the indices.</param>
/// <param name="Combination">How an update meets the element that is there.</param>
/// <param name="Clamp">Whether windows out of range are moved into it; otherwise they are dropped.</param>
/// <param name="IsDisjoint">Whether windows with different starts share no element.</param>
internal sealed record ScatterLayout(
    DType DType,
    DType IndexType,
    long Size,
    ScatterAxis[] Outer,
    ScatterAxis[] Window,
    ScatterComponent[] Components,
    long ComponentStride,
    ScatterCombination Combination,
    bool Clamp,
    bool IsDisjoint
);
