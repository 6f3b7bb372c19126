using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Running combinations of values with their tangents, by combining neighbours and recursing on the results. The order of
/// combination decides how equal elements share a derivative.
/// </summary>
internal static class AssociativeScan
{
    /// <summary>The tangent of the running combinations of <paramref name="x"/> along an axis.</summary>
    public static Tangent Tangent(
        Func<NDArray, NDArray, Tangent, Tangent, (NDArray Value, Tangent Tangent)> combine,
        NDArray x,
        Tangent dx,
        int axis,
        bool reverse
    )
    {
        if (reverse)
        {
            var flip = new Rev([axis]);
            var flipped = Tangent(combine, flip.Bind(x), dx.Apply(t => flip.Bind(t), x), axis, false);
            return flipped.Apply(t => flip.Bind(t), x);
        }

        return Scan(combine, x, dx, axis).Tangent;
    }

    private static (NDArray Value, Tangent Tangent) Scan(
        Func<NDArray, NDArray, Tangent, Tangent, (NDArray Value, Tangent Tangent)> combine,
        NDArray x,
        Tangent dx,
        int axis
    )
    {
        int count = x.Shape[axis];
        if (count < 2)
        {
            return (x, dx);
        }

        int pairs = count / 2;
        var (even, dEven) = Take(x, dx, 0, (2 * pairs) - 1, axis, 2);
        var (odd, dOdd) = Take(x, dx, 1, count, axis, 2);
        var (reduced, dReduced) = combine(even, odd, dEven, dOdd);
        var (odds, dOdds) = Scan(combine, reduced, dReduced, axis);
        var (first, dFirst) = Take(x, dx, 0, 1, axis, 1);
        NDArray evens = first;
        var dEvens = dFirst;
        if (count > 2)
        {
            var (later, dLater) = Take(x, dx, 2, count, axis, 2);
            var (before, dBefore) = Take(odds, dOdds, 0, later.Shape[axis], axis, 1);
            var (rest, dRest) = combine(before, later, dBefore, dLater);
            evens = new Concatenate(axis).Bind(first, rest);
            dEvens = TangentOperators.ApplyAll([dFirst, dRest], t => [new Concatenate(axis).Bind(t)])[0];
        }

        int last = count % 2;
        return (
            Spread(evens, axis, 0, 1 - last) + Spread(odds, axis, 1, last),
            dEvens.Apply(t => Spread(t, axis, 0, 1 - last), x) + dOdds.Apply(t => Spread(t, axis, 1, last), x)
        );
    }

    private static (NDArray Value, Tangent Tangent) Take(
        NDArray x,
        Tangent dx,
        int start,
        int limit,
        int axis,
        int stride
    )
    {
        var y = Slice.InDim(x, start, limit, axis, stride);
        return (y, dx.Apply(t => Slice.InDim(t, start, limit, axis, stride), y));
    }

    // The elements with zeros between them, ready to be added to the other half.
    private static NDArray Spread(NDArray x, int axis, int low, int high) =>
        Pad.WithZeros(
            x,
            [.. Enumerable.Range(0, x.Ndim).Select(i => i == axis ? new PadDimension(low, high, 1) : default)]
        );
}
