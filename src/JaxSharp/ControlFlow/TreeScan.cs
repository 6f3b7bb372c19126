using System;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp.ControlFlow;

/// <summary>Running combinations along an axis by an associative function of trees, in logarithmic depth.</summary>
internal static class TreeScan
{
    public static T Run<T>(Func<T, T, T> combine, T elements, bool reverse, int axis)
    {
        var leaves = TreeFunction<T, T>.Flatten(elements, out var structure);
        if (leaves.Length == 0)
        {
            return elements;
        }

        int[] axes = Array.ConvertAll(leaves, x => Axis(x, axis));
        int size = leaves[0].Shape[axes[0]];
        for (int i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Shape[axes[i]] != size)
            {
                throw new ShapeException(
                    $"Lax.AssociativeScan needs leaves of one size along axis {axis}; got {string.Join(", ", leaves.Select(x => x.Type))}."
                );
            }
        }

        if (reverse)
        {
            leaves = Map(leaves, axes, (x, a) => new Rev([a]).Bind(x));
        }

        var scanned = Scan(Combine, leaves, axes);
        if (reverse)
        {
            scanned = Map(scanned, axes, (x, a) => new Rev([a]).Bind(x));
        }

        return TreeFunction<T, T>.Unflatten(structure, scanned);

        NDArray[] Combine(NDArray[] a, NDArray[] b)
        {
            var result = combine(
                TreeFunction<T, T>.Unflatten(structure, a),
                TreeFunction<T, T>.Unflatten(structure, b)
            );
            var combined = TreeFunction<T, T>.Flatten(result, out var after);
            return after == structure
                ? combined
                : throw new TreeException(
                    $"Lax.AssociativeScan needs a function that returns the structure of the elements, {structure}; got {after}."
                );
        }
    }

    private static int Axis(NDArray x, int axis)
    {
        if (axis < -x.Ndim || axis >= x.Ndim)
        {
            throw new AxisException($"Lax.AssociativeScan along axis {axis} got {x.Type}, which has {x.Ndim} axes.");
        }

        return axis < 0 ? axis + x.Ndim : axis;
    }

    // Combines neighbours, scans the half as many results, and combines those with the elements between them.
    private static NDArray[] Scan(Func<NDArray[], NDArray[], NDArray[]> combine, NDArray[] xs, int[] axes)
    {
        int count = xs[0].Shape[axes[0]];
        if (count < 2)
        {
            return xs;
        }

        int pairs = count / 2;
        var odds = Scan(combine, combine(Take(xs, axes, 0, (2 * pairs) - 1, 2), Take(xs, axes, 1, count, 2)), axes);
        var evens = Take(xs, axes, 0, 1, 1);
        if (count > 2)
        {
            int later = (count - 1) / 2;
            var rest = combine(Take(odds, axes, 0, later, 1), Take(xs, axes, 2, count, 2));
            evens = [.. evens.Select((x, i) => new Concatenate(axes[i]).Bind(x, rest[i]))];
        }

        return [.. evens.Select((x, i) => Interleave(x, odds[i], axes[i], count % 2))];
    }

    private static NDArray[] Take(NDArray[] xs, int[] axes, int start, int limit, int stride) =>
        Map(xs, axes, (x, axis) => Slice.InDim(x, start, limit, axis, stride));

    private static NDArray Interleave(NDArray evens, NDArray odds, int axis, int last)
    {
        if (evens.DType.IsBool)
        {
            return new Or().Bind(Spread(evens, axis, 0, 1 - last), Spread(odds, axis, 1, last));
        }

        return new Add().Bind(Spread(evens, axis, 0, 1 - last), Spread(odds, axis, 1, last));
    }

    // The elements with zeros between them, ready to be added to the other half.
    private static NDArray Spread(NDArray x, int axis, int low, int high) =>
        Pad.WithZeros(
            x,
            [.. Enumerable.Range(0, x.Ndim).Select(i => i == axis ? new PadDimension(low, high, 1) : default)]
        );

    private static NDArray[] Map(NDArray[] xs, int[] axes, Func<NDArray, int, NDArray> f) =>
        [.. xs.Select((x, i) => f(x, axes[i]))];
}
