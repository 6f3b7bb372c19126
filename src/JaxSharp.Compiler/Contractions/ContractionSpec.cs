using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace JaxSharp.Compiler.Contractions;

/// <summary>What a loop axis of a contraction does.</summary>
internal enum AxisRole
{
    /// <summary>Indexes both operands and the output.</summary>
    Batch,

    /// <summary>Indexes the left operand and the output.</summary>
    M,

    /// <summary>Indexes the right operand and the output.</summary>
    N,

    /// <summary>Indexes both operands and is summed over.</summary>
    K,
}

/// <summary>A loop axis of a contraction.</summary>
internal readonly record struct ContractionAxis(AxisRole Role, int Extent);

/// <summary>
/// One dimension of an operand. Its coordinate is <c>q = Offset + Σ Coefs[a]·axis[a]</c>; there is an element if <c>q</c> is a
/// multiple of <see cref="Divisor"/> and <c>0 ≤ q / Divisor &lt; Extent</c>, otherwise zero is read (padding, holes of a
/// dilation). The element lies <c>Stride · q / Divisor</c> elements further on.
/// </summary>
/// <param name="Coefs">A coefficient for every loop axis.</param>
/// <param name="Offset">The constant part of the coordinate: minus the low padding.</param>
/// <param name="Divisor">The dilation of the operand itself.</param>
/// <param name="Extent">The extent of the dimension.</param>
/// <param name="Stride">The distance of neighbours, in elements.</param>
internal sealed record OperandDim(int[] Coefs, int Offset, int Divisor, int Extent, long Stride);

/// <summary>How the elements of an operand are found from the loop axes.</summary>
/// <param name="DType">The element type in memory.</param>
/// <param name="Dims">The dimensions.</param>
/// <param name="BaseOffset">Where coordinate zero of all dimensions lies, in elements.</param>
internal sealed record OperandView(DType DType, OperandDim[] Dims, long BaseOffset = 0)
{
    /// <summary>A dense array in row-major order of which every dimension is one whole loop axis.</summary>
    public static OperandView Dense(DType dtype, IReadOnlyList<ContractionAxis> axes, params int[] axisOfDim)
    {
        var dims = new OperandDim[axisOfDim.Length];
        long stride = 1;
        for (int d = dims.Length - 1; d >= 0; d--)
        {
            var coefs = new int[axes.Count];
            coefs[axisOfDim[d]] = 1;
            int extent = axes[axisOfDim[d]].Extent;
            dims[d] = new OperandDim(coefs, 0, 1, extent, stride);
            stride *= extent;
        }

        return new OperandView(dtype, dims);
    }
}

/// <summary>Where the result goes.</summary>
/// <param name="DType">The element type in memory.</param>
/// <param name="Strides">The distance of neighbours for every loop axis, in elements; zero for K axes.</param>
internal sealed record OutputView(DType DType, long[] Strides)
{
    /// <summary>A dense array in row-major order whose dimensions are the given loop axes.</summary>
    public static OutputView Dense(DType dtype, IReadOnlyList<ContractionAxis> axes, params int[] axisOfDim)
    {
        var strides = new long[axes.Count];
        long stride = 1;
        for (int d = axisOfDim.Length - 1; d >= 0; d--)
        {
            strides[axisOfDim[d]] = stride;
            stride *= axes[axisOfDim[d]].Extent;
        }

        return new OutputView(dtype, strides);
    }
}

/// <summary>
/// A sum of products: <c>out[b,m,n] = Σₖ lhs[b,m,k] · rhs[b,n,k]</c>, where each of b, m, n and k stands for any number of loop
/// axes. It describes matrix products, batched ones and convolutions with their gradients. For booleans it means "any of and".
/// </summary>
/// <param name="Axes">The loop axes in any order. The operands must not depend on axes that their role excludes.</param>
/// <param name="Lhs">The left operand: depends on Batch, M and K axes.</param>
/// <param name="Rhs">The right operand: depends on Batch, N and K axes.</param>
/// <param name="Output">The result: depends on Batch, M and N axes.</param>
/// <param name="Accumulation">
/// The type of products and sums; f16 and bf16 stand for f32, small integers and booleans for 32-bit ones.
/// </param>
internal sealed record ContractionSpec(
    ContractionAxis[] Axes,
    OperandView Lhs,
    OperandView Rhs,
    OutputView Output,
    DType Accumulation
)
{
    private string? text;

    // The text of a changed copy is another one.
    private ContractionSpec(ContractionSpec original)
    {
        Axes = original.Axes;
        Lhs = original.Lhs;
        Rhs = original.Rhs;
        Output = original.Output;
        Accumulation = original.Accumulation;
        LargestSquare = original.LargestSquare;
    }

    /// <summary>
    /// How many places on a side squares may have that Winograd's algorithm computes together: 4, 2, which rounds less, or 1, for the
    /// sums of products themselves.
    /// </summary>
    public int LargestSquare { get; init; } = 4;

    /// <summary>A product of dense row-major matrices, optionally stored transposed: <c>[m,k]·[k,n]</c>.</summary>
    public static ContractionSpec Matmul(
        DType dtype,
        int m,
        int n,
        int k,
        bool transposeLhs = false,
        bool transposeRhs = false
    )
    {
        ContractionAxis[] axes = [new(AxisRole.M, m), new(AxisRole.N, n), new(AxisRole.K, k)];
        return new ContractionSpec(
            axes,
            transposeLhs ? OperandView.Dense(dtype, axes, 2, 0) : OperandView.Dense(dtype, axes, 0, 2),
            transposeRhs ? OperandView.Dense(dtype, axes, 1, 2) : OperandView.Dense(dtype, axes, 2, 1),
            OutputView.Dense(dtype, axes, 0, 1),
            dtype
        );
    }

    /// <summary>The product of the extents of all axes of a role.</summary>
    public long Extent(AxisRole role)
    {
        long extent = 1;
        foreach (var axis in Axes)
        {
            extent *= axis.Role == role ? axis.Extent : 1;
        }

        return extent;
    }

    /// <summary>Whether two descriptions are the same, all arrays compared by value.</summary>
    public bool Equals(ContractionSpec? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>A text that tells everything, such as <c>contract m4 n5 k6 in f32: f32[6·d0 …</c>.</summary>
    public override string ToString() => text ??= Print();

    private string Print()
    {
        var builder = new StringBuilder("contract");
        foreach (var axis in Axes)
        {
            builder.Append(' ').Append(char.ToLowerInvariant(axis.Role.ToString()[0])).Append(axis.Extent);
        }

        builder
            .Append(" in ")
            .Append(Accumulation)
            .Append(LargestSquare < 4 ? $" by {LargestSquare}" : "")
            .Append(": ");
        Print(builder, Lhs);
        builder.Append(" * ");
        Print(builder, Rhs);
        builder.Append(" -> ").Append(Output.DType).Append('(').AppendJoin(',', Output.Strides).Append(')');
        return builder.ToString();
    }

    private static void Print(StringBuilder builder, OperandView view)
    {
        builder.Append(view.DType).Append('@').Append(view.BaseOffset);
        foreach (var dim in view.Dims)
        {
            string coordinate = string.Join("+", dim.Coefs.Select((c, a) => (c, a)).Where(t => t.c != 0).Select(Term));
            builder.Append(
                $"[({coordinate}{(dim.Offset != 0 ? $"{dim.Offset:+0;-0}" : "")})/{dim.Divisor}<{dim.Extent}]*{dim.Stride}"
            );
        }

        static string Term((int Coef, int Axis) t) => t.Coef == 1 ? $"i{t.Axis}" : $"{t.Coef}i{t.Axis}";
    }
}
