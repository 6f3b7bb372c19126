using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Where an operand is dilated by s, only every s-th position of an axis meets its elements. Such axes are cut into phases of
/// positions s apart: each phase of the output is a contraction of its own, of the steps of K that meet elements there, in which
/// nothing is dilated.
/// </summary>
internal static class Phases
{
    private const int Most = 256;

    /// <summary>
    /// The contractions that a dilated one consists of, each with the place of its first element in the output; null if it is not
    /// dilated, or not in this way.
    /// </summary>
    public static IReadOnlyList<Phase>? Split(ContractionSpec spec)
    {
        if (!IsDilated(spec))
        {
            return null;
        }

        var parts = new List<Phase> { new(spec, 0) };
        while (parts.Exists(part => IsDilated(part.Spec)))
        {
            var next = new List<Phase>();
            foreach (var part in parts)
            {
                if (!IsDilated(part.Spec))
                {
                    next.Add(part);
                }
                else if (!Cut(part.Spec, part.Offset, next) || next.Count > Most)
                {
                    return null;
                }
            }

            parts = next;
        }

        return parts;
    }

    private static bool IsDilated(ContractionSpec spec) =>
        spec.Lhs.Dims.Concat(spec.Rhs.Dims).Any(dim => dim.Divisor > 1) && spec.Extent(AxisRole.K) > 0;

    // Cuts all axes that move the first dilated dimension through its holes; false if two axes of K do.
    private static bool Cut(ContractionSpec spec, long offset, List<Phase> parts)
    {
        bool isLhs = spec.Lhs.Dims.Any(dim => dim.Divisor > 1);
        int number = Array.FindIndex((isLhs ? spec.Lhs : spec.Rhs).Dims, dim => dim.Divisor > 1);
        var dim = Dim(spec);
        int divisor = dim.Divisor;
        int[] outer = [.. Moving().Where(axis => spec.Axes[axis].Role != AxisRole.K)];
        int[] inner = [.. Moving().Where(axis => spec.Axes[axis].Role == AxisRole.K)];
        if (inner.Length > 1)
        {
            return false;
        }

        Outer(spec, offset, 0);
        return true;

        OperandDim Dim(ContractionSpec s) => (isLhs ? s.Lhs : s.Rhs).Dims[number];
        IEnumerable<int> Moving() =>
            Enumerable
                .Range(0, spec.Axes.Length)
                .Where(axis => spec.Axes[axis].Extent > 1 && dim.Coefs[axis] % divisor != 0);
        int Period(int axis) => divisor / Gcd(Math.Abs(dim.Coefs[axis]), divisor);

        void Outer(ContractionSpec part, long place, int index)
        {
            if (index == outer.Length)
            {
                parts.Add(new Phase(Inner(part), place));
                return;
            }

            int axis = outer[index];
            for (int phase = 0; phase < Math.Min(Period(axis), part.Axes[axis].Extent); phase++)
            {
                Outer(Take(part, axis, phase, Period(axis)), place + (phase * part.Output.Strides[axis]), index + 1);
            }
        }

        // The steps of K that meet elements, which may be none.
        ContractionSpec Inner(ContractionSpec part)
        {
            int phase = 0;
            int axis = inner.Length == 0 ? Array.FindIndex(part.Axes, a => a.Role == AxisRole.K) : inner[0];
            int period = inner.Length == 0 ? 1 : Period(axis);
            while (phase < period && (Dim(part).Offset + (phase * dim.Coefs[axis])) % divisor != 0)
            {
                phase++;
            }

            if (phase == period)
            {
                part = Take(part, axis, part.Axes[axis].Extent, 1);
            }
            else if (inner.Length > 0)
            {
                part = Take(part, axis, phase, period);
            }

            return Undilated(part);
        }

        ContractionSpec Undilated(ContractionSpec part)
        {
            var view = isLhs ? part.Lhs : part.Rhs;
            var dims = view.Dims.ToArray();
            var old = dims[number];

            // Coefficients of axes that stay at 0 need not be multiples.
            dims[number] = old with
            {
                Coefs = [.. old.Coefs.Select((c, axis) => part.Axes[axis].Extent > 1 ? c / divisor : 0)],
                Offset = old.Offset / divisor,
                Divisor = 1,
            };
            view = view with { Dims = dims };
            return isLhs ? part with { Lhs = view } : part with { Rhs = view };
        }
    }

    /// <summary>The positions of an axis from a first one on, so many apart.</summary>
    private static ContractionSpec Take(ContractionSpec spec, int axis, int first, int step)
    {
        var axes = spec.Axes.ToArray();
        var strides = spec.Output.Strides.ToArray();
        axes[axis] = axes[axis] with { Extent = Math.Max(0, (axes[axis].Extent - first + step - 1) / step) };
        strides[axis] *= step;
        return spec with
        {
            Axes = axes,
            Lhs = View(spec.Lhs),
            Rhs = View(spec.Rhs),
            Output = spec.Output with { Strides = strides },
        };

        OperandView View(OperandView view) => view with { Dims = [.. view.Dims.Select(Dim)] };
        OperandDim Dim(OperandDim dim)
        {
            var coefs = dim.Coefs.ToArray();
            coefs[axis] *= step;
            return dim with { Coefs = coefs, Offset = dim.Offset + (dim.Coefs[axis] * first) };
        }
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}

/// <summary>One of the contractions that a dilated one consists of.</summary>
/// <param name="Spec">The contraction.</param>
/// <param name="Offset">The place of its first element in the output.</param>
internal sealed record Phase(ContractionSpec Spec, long Offset);
