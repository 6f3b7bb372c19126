namespace JaxSharp;

/// <summary>Which axes <c>Lax.RaggedDotGeneral</c> multiplies and sums over, and which one is cut into groups.</summary>
public sealed record RaggedDotDimensionNumbers
{
    /// <summary>Makes dimension numbers.</summary>
    public RaggedDotDimensionNumbers(
        DotDimensionNumbers dotDimensionNumbers,
        Dims lhsRaggedDimensions,
        Dims rhsGroupDimensions
    )
    {
        DotDimensionNumbers = dotDimensionNumbers;
        LhsRaggedDimensions = lhsRaggedDimensions;
        RhsGroupDimensions = rhsGroupDimensions;
    }

    /// <summary>The axes of the product.</summary>
    public DotDimensionNumbers DotDimensionNumbers { get; }

    /// <summary>The one axis of the left operand that is cut into groups.</summary>
    public Dims LhsRaggedDimensions { get; }

    /// <summary>The axis of the right operand that numbers groups, if it has one.</summary>
    public Dims RhsGroupDimensions { get; }
}
