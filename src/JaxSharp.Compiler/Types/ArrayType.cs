using System;

namespace JaxSharp;

/// <summary>
/// What is known of an array without its values: element type, shape and whether the type is weak, that is, stems from a C#
/// number and gives way to the type of an array it meets. Prints as <c>f32[3,4]</c>.
/// </summary>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Weak">Whether the type is weak.</param>
public sealed record ArrayType(DType DType, Shape Shape, bool Weak = false)
{
    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long Size => Shape.Size;

    /// <summary>The number of bytes of a dense array of this type.</summary>
    /// <exception cref="ShapeException">The number of bytes is not representable.</exception>
    public long ByteLength =>
        Shape.Size <= long.MaxValue / Math.Max(DType.Size, 1)
            ? Shape.Size * DType.Size
            : throw new ShapeException(
                $"An array of type {this} has more bytes than can be counted. Use a smaller shape."
            );

    /// <summary>Element type and shape: <c>f32[3,4]</c>.</summary>
    public override string ToString() => $"{DType}[{string.Join(",", Shape.Extents.ToArray())}]";

    /// <summary>This type, not weak.</summary>
    internal ArrayType Strong() => Weak ? this with { Weak = false } : this;

    /// <summary>The type of a small change of a value of this type: <see cref="DType.Float0"/> for integers and booleans.</summary>
    internal ArrayType Tangent() => DType.IsInexact ? Strong() : new ArrayType(DType.Float0, Shape);

    /// <summary>Whether element type and shape agree, whatever the weakness.</summary>
    internal bool SameAs(ArrayType other) => ReferenceEquals(DType, other.DType) && Shape == other.Shape;
}
