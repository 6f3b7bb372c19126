using System;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Sums over an axis that meets an element of a dilated operand at every s-th position only, as the gradient of a transposed
/// convolution by its kernel does. The elements themselves become the axis: none of its steps meets a hole, and the other operand,
/// whose own extent tells which steps count, is read s apart, and moves with the kernel.
/// </summary>
internal static class Undilation
{
    // The elements may be somewhat more than the positions that meet them, where padding is cut off.
    private const double MostGrowth = 1.25;

    /// <summary>The same contraction without such holes; holes that other axes meet stay.</summary>
    public static ContractionSpec Apply(ContractionSpec spec)
    {
        for (int axis = 0; axis < spec.Axes.Length; axis++)
        {
            if (spec.Axes[axis] is not { Role: AxisRole.K, Extent: > 1 })
            {
                continue;
            }

            bool isLhs = Find(spec.Lhs, axis) is not null;
            if (
                Find(isLhs ? spec.Lhs : spec.Rhs, axis) is { } dim
                && dim.Extent > 0
                && (double)dim.Extent * dim.Divisor <= MostGrowth * spec.Axes[axis].Extent
                && IsBounded(isLhs ? spec.Rhs : spec.Lhs, axis, spec.Axes[axis].Extent)
                && spec.Axes.Select((_, a) => a).All(a => a == axis || dim.Coefs[a] == 0 || Moves(a))
            )
            {
                spec = Exchange(spec, axis, dim);
            }

            // An axis that no other dimension of its operand knows moves to the other operand.
            bool Moves(int other) =>
                spec.Axes[other].Role is AxisRole.M or AxisRole.N
                && (isLhs ? spec.Lhs : spec.Rhs).Dims.Count(d => d.Coefs[other] != 0) == 1;
        }

        return spec;
    }

    // The dilated dimension that an axis goes through position by position.
    private static OperandDim? Find(OperandView view, int axis) =>
        Array.Find(view.Dims, dim => dim.Divisor > 1 && Math.Abs(dim.Coefs[axis]) == 1);

    // Whether an operand has elements exactly where the axis has positions.
    private static bool IsBounded(OperandView view, int axis, int extent) =>
        view.Dims.Any(dim =>
            dim is { Offset: 0, Divisor: 1 }
            && dim.Extent == extent
            && dim.Coefs.Select((coef, a) => coef == (a == axis ? 1 : 0)).All(same => same)
        );

    // From q = offset + s·position + rest and q = divisor·index follows position = s·(divisor·index − offset − rest).
    private static ContractionSpec Exchange(ContractionSpec spec, int axis, OperandDim dilated)
    {
        int sign = dilated.Coefs[axis];
        var axes = spec.Axes.ToArray();
        for (int a = 0; a < axes.Length; a++)
        {
            axes[a] =
                a == axis ? axes[a] with { Extent = dilated.Extent }
                : dilated.Coefs[a] == 0 ? axes[a]
                : axes[a] with { Role = axes[a].Role == AxisRole.M ? AxisRole.N : AxisRole.M };
        }

        return spec with
        {
            Axes = axes,
            Lhs = View(spec.Lhs),
            Rhs = View(spec.Rhs),
        };

        OperandView View(OperandView view) => view with { Dims = [.. view.Dims.Select(Dim)] };

        OperandDim Dim(OperandDim dim)
        {
            if (ReferenceEquals(dim, dilated))
            {
                int[] alone = new int[axes.Length];
                alone[axis] = 1;
                return dim with { Coefs = alone, Offset = 0, Divisor = 1 };
            }

            int factor = dim.Coefs[axis] * sign;
            return dim with
            {
                Coefs =
                [
                    .. dim.Coefs.Select(
                        (coef, a) => a == axis ? factor * dilated.Divisor : coef - (factor * dilated.Coefs[a])
                    ),
                ],
                Offset = dim.Offset - (factor * dilated.Offset),
            };
        }
    }
}
