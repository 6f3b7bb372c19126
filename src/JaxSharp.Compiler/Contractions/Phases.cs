using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Where an operand is dilated by s, only every s-th position of an axis meets its elements. Such axes are cut into s phases,
/// so that neighbouring positions of a phase meet elements together and the others can be passed over.
/// </summary>
internal static class Phases
{
    /// <summary>Cuts the axes of a contraction that can be cut: an axis of extent e becomes a phase and e / s positions.</summary>
    public static ContractionSpec Split(ContractionSpec spec)
    {
        for (int axis = 0; axis < spec.Axes.Length; axis++)
        {
            int divisor = Divisor(spec.Lhs, axis) is > 1 and var left ? left : Divisor(spec.Rhs, axis);
            int extent = spec.Axes[axis].Extent;
            if (divisor > 1 && extent % divisor == 0 && extent > divisor)
            {
                spec = Split(spec, axis, divisor);
            }
        }

        return spec;
    }

    /// <summary>Orders phases before all other axes.</summary>
    public static int[] First(ContractionSpec spec, int[] axes) => [.. axes.OrderBy(a => IsPhase(spec, a) ? 0 : 1)];

    // A phase has the extent of the divisor and moves the coordinate by no multiple of it.
    private static bool IsPhase(ContractionSpec spec, int axis)
    {
        int divisor = Math.Max(Divisor(spec.Lhs, axis), Divisor(spec.Rhs, axis));
        return divisor > 1 && spec.Axes[axis].Extent == divisor;
    }

    // The divisor of a dimension that the axis moves through its holes; 1 if there is none.
    private static int Divisor(OperandView view, int axis)
    {
        var dim = view.Dims.FirstOrDefault(d => d.Divisor > 1 && d.Coefs[axis] % d.Divisor != 0);
        return dim is null ? 1 : dim.Divisor;
    }

    private static ContractionSpec Split(ContractionSpec spec, int axis, int phases)
    {
        var axes = spec.Axes.ToList();
        axes[axis] = axes[axis] with { Extent = axes[axis].Extent / phases };
        axes.Add(new ContractionAxis(axes[axis].Role, phases));
        long stride = spec.Output.Strides[axis];
        return new ContractionSpec(
            [.. axes],
            Split(spec.Lhs, axis, phases),
            Split(spec.Rhs, axis, phases),
            spec.Output with
            {
                Strides = Split(spec.Output.Strides, axis, stride * phases, stride),
            },
            spec.Accumulation
        );
    }

    private static OperandView Split(OperandView view, int axis, int phases) =>
        view with
        {
            Dims =
            [
                .. view.Dims.Select(d =>
                    d with
                    {
                        Coefs = Split(d.Coefs, axis, d.Coefs[axis] * phases, d.Coefs[axis]),
                    }
                ),
            ],
        };

    private static T[] Split<T>(IReadOnlyList<T> values, int axis, T positions, T phase)
    {
        var split = values.Append(phase).ToArray();
        split[axis] = positions;
        return split;
    }
}
