using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Order: sorting and searching.
public static partial class Jnp
{
    /// <summary>The elements sorted along an axis (the last; null: in flat order), NaN last.</summary>
    public static NDArray Sort(
        NDArray a,
        int? axis = -1,
        bool stable = true,
        bool descending = false,
        string? kind = null,
        string? order = null
    )
    {
        Argument.Given(a);
        var x = axis is null ? Ravel(a) : a;
        int at = Axes.Normalize(axis ?? 0, x.Ndim, "sort");
        var sorted = Ops.Sort(at, 1, x)[0];
        return descending ? Ops.Reverse(sorted, at) : sorted;
    }

    /// <summary>The places that the sorted elements come from; equal elements keep their order.</summary>
    public static NDArray ArgSort(
        NDArray a,
        int? axis = -1,
        bool stable = true,
        bool descending = false,
        string? kind = null,
        string? order = null,
        DType? dtype = null
    )
    {
        Argument.Given(a);
        var x = axis is null ? Ravel(a) : a;
        int at = Axes.Normalize(axis ?? 0, x.Ndim, "argsort");
        var type = JaxConfig.Canonical(dtype ?? Ops.IndexType);
        var places = Ops.Iota(Ops.IndexType, x.Shape, at);
        if (!descending)
        {
            return Promotion.Convert(Ops.Sort(at, 1, x, places)[1], type);
        }

        // Sorted from the other end and reversed, equal elements keep their order.
        var sorted = Ops.Sort(at, 1, Ops.Reverse(x, at), Ops.Reverse(places, at))[1];
        return Promotion.Convert(Ops.Reverse(sorted, at), type);
    }

    /// <summary>The order by several keys, the last the most important.</summary>
    public static NDArray LexSort(ArraySequence keys, int axis = -1)
    {
        var items = keys.Items;
        if (items.Length == 0)
        {
            throw new JaxArgumentException("lexsort needs at least one key.");
        }

        if (items.Any(key => key.Shape != items[0].Shape))
        {
            throw new ShapeException("lexsort needs keys of one shape.");
        }

        if (items[0].Ndim == 0)
        {
            return Ops.Full(JaxSharp.Shape.Scalar, 0, Ops.IndexType);
        }

        int at = Axes.Normalize(axis, items[0].Ndim, "lexsort");
        var places = Ops.Iota(Ops.IndexType, items[0].Shape, at);
        return Ops.Sort(at, items.Length, [.. items.Reverse(), places])[^1];
    }

    /// <summary>Complex numbers sorted by real, then imaginary part; real ones become complex.</summary>
    public static NDArray SortComplex(NDArray a)
    {
        Argument.Given(a);
        var sorted = Sort(a);
        return sorted.DType.IsComplex
            ? sorted
            : Promotion.Convert(sorted, Promotion.Types(Promotion.Inexact(sorted.DType), DType.C64));
    }

    /// <summary>The kth element in its sorted place, smaller ones before it (sorted), larger ones after it (falling).</summary>
    public static NDArray Partition(NDArray a, int kth, int axis = -1)
    {
        RefuseComplex("partition", a);
        int at = Axes.Normalize(axis, a.Ndim, "partition");
        int n = a.Shape[at];
        int k = Axes.Normalize(kth, n, "partition");
        var sorted = Ops.Sort(at, 1, a)[0];
        return Ops.Concatenate(
            [Ops.SliceAxis(sorted, at, 0, k + 1), Ops.Reverse(Ops.SliceAxis(sorted, at, k + 1, n), at)],
            at
        );
    }

    /// <summary>The places that <see cref="Partition"/> takes its elements from.</summary>
    public static NDArray ArgPartition(NDArray a, int kth, int axis = -1)
    {
        RefuseComplex("argpartition", a);
        int at = Axes.Normalize(axis, a.Ndim, "argpartition");
        int n = a.Shape[at];
        int k = Axes.Normalize(kth, n, "argpartition");
        var low = Ops.SliceAxis(ArgSort(a, at), at, 0, k + 1);
        // The rest in the order of the array: the places of the low part are put behind all others.
        var isLow = PutAlongAxis(Ops.Full(a.Shape, 0, DType.I32), low, 1, at);
        var rest = ArgSort(isLow, at);
        return Ops.Concatenate([low, Ops.SliceAxis(rest, at, 0, n - k - 1)], at);
    }

    /// <summary>Where values would be put into a sorted vector: before ("left") or behind ("right") equal elements.</summary>
    /// <param name="a">A sorted vector.</param>
    /// <param name="v">The values.</param>
    /// <param name="side">"left" or "right".</param>
    /// <param name="sorter">The order that sorts <paramref name="a"/>.</param>
    /// <param name="method">Accepted for likeness: "scan", "scan_unrolled", "sort", "compare_all".</param>
    public static NDArray SearchSorted(
        NDArray a,
        NDArray v,
        string side = "left",
        NDArray? sorter = null,
        string method = "scan"
    )
    {
        Argument.Given(a);
        if (side is not ("left" or "right"))
        {
            throw new JaxArgumentException($"searchsorted got side \"{side}\"; it must be \"left\" or \"right\".");
        }

        if (method is not ("scan" or "scan_unrolled" or "sort" or "compare_all"))
        {
            throw new JaxArgumentException($"searchsorted does not know the method \"{method}\".");
        }

        if (a.Ndim != 1)
        {
            throw new ShapeException($"searchsorted needs a sorted vector; got {a.Type}.");
        }

        if (sorter is not null)
        {
            if (sorter.Shape != a.Shape)
            {
                throw new ShapeException($"searchsorted of {a.Type} needs a sorter of its length; got {sorter.Type}.");
            }

            a = Take(a, sorter, 0);
        }

        var promoted = Promotion.Promote(a, v);
        return a.Shape[0] == 0
            ? Ops.Full(v.Shape, 0, Ops.IndexType)
            : Fused.Call("searchsorted", side, args => Bisect(args[0], args[1], side == "right"), promoted);
    }

    /// <summary>The number of the bin that each element falls into; bins ascend or descend.</summary>
    public static NDArray Digitize(NDArray x, NDArray bins, bool right = false, string? method = null)
    {
        Argument.Given(bins);
        if (bins.Ndim != 1)
        {
            throw new ShapeException($"digitize needs a vector of bins; got {bins.Type}.");
        }

        string side = right ? "left" : "right";
        int n = bins.Shape[0];
        if (n == 0)
        {
            return Ops.Full(x.Shape, 0, Ops.IndexType);
        }

        var ascending = SearchSorted(bins, x, side);
        var descending = Subtract(n, SearchSorted(Ops.Reverse(bins, 0), x, side));
        return Where(GreaterEqual(Ops.At(bins, 0, n - 1), Ops.At(bins, 0, 0)), ascending, descending);
    }

    /// <summary>Flat places of a shape as one array of indices per axis; places outside are moved to the ends.</summary>
    public static NDArray[] UnravelIndex(NDArray indices, Dims shape)
    {
        RequireIndices("unravel_index", indices);
        indices = Wide(indices);
        Shape target = shape.ToArray();
        var total = Ops.Like(indices, target.Size);
        var wrapped = Ops.Select(Ops.Lt(indices, Ops.Like(indices, 0)), Ops.Add(indices, total), indices);
        var flat = Clip(wrapped, 0, (int)Math.Max(0, target.Size - 1));
        var result = new NDArray[target.Rank];
        for (int axis = target.Rank - 1; axis >= 0; axis--)
        {
            var extent = Ops.Like(flat, Math.Max(1, target[axis]));
            result[axis] = Ops.Rem(flat, extent);
            flat = Ops.Div(flat, extent);
        }

        return result;
    }

    /// <summary>Indices per axis as flat places of a shape: "raise", "wrap" or "clip" outside.</summary>
    public static NDArray RavelMultiIndex(
        ArraySequence multiIndex,
        Dims dims,
        string mode = "raise",
        string order = "C",
        DType? dtype = null
    )
    {
        Argument.Given(mode);
        var items = multiIndex.Items;
        if (items.Length == 0 || items.Length != dims.Count)
        {
            throw new ShapeException($"ravel_multi_index needs one array per axis of {dims}; got {items.Length}.");
        }

        if (order is not ("C" or "F"))
        {
            throw new JaxArgumentException($"ravel_multi_index got order \"{order}\"; it must be \"C\" or \"F\".");
        }

        var (common, weak) = Promotion.Result(items);
        if (dtype is not null)
        {
            common = JaxConfig.Canonical(dtype);
        }

        System.Array.ForEach(items, item => RequireIndices("ravel_multi_index", item));
        NDArray? result = null;
        long stride = 1;
        foreach (int axis in order == "C" ? Enumerable.Range(0, dims.Count).Reverse() : Enumerable.Range(0, dims.Count))
        {
            var place = items[axis];
            switch (mode)
            {
                case "raise":
                    var concrete = Ops.Concrete(place, "ravel_multi_index", "Use mode \"wrap\" or \"clip\".");
                    for (long i = 0; i < concrete.Size; i++)
                    {
                        if (concrete.ItemInt(i) < 0 || concrete.ItemInt(i) >= dims[axis])
                        {
                            throw new ArrayIndexException(
                                $"ravel_multi_index got {concrete.ItemInt(i)}, outside of axis {axis} of {dims}."
                            );
                        }
                    }

                    break;
                case "clip":
                    place = Clip(place, 0, dims[axis] - 1);
                    break;
                case "wrap":
                    place = Remainder(place, dims[axis]);
                    break;
                default:
                    throw new JaxArgumentException(
                        $"ravel_multi_index got mode \"{mode}\"; it must be \"raise\", \"wrap\" or \"clip\"."
                    );
            }

            place = Promotion.Convert(place, common);
            place = Ops.Mul(place, Ops.Like(place, stride));
            result = result is null ? place : Add(result, place);
            stride *= dims[axis];
        }

        return result ?? Ops.Full(JaxSharp.Shape.Scalar, 0, common);
    }

    /// <summary>Bisection, in a fixed number of steps: written out where they are few.</summary>
    private static NDArray Bisect(NDArray sorted, NDArray values, bool right)
    {
        int n = sorted.Shape[0];
        var bounds = (Ops.Full(values.Shape, 0, Ops.IndexType), Ops.Full(values.Shape, n, Ops.IndexType));
        int steps = (int)Math.Ceiling(Math.Log2(n + 1.0));
        if (steps > 10)
        {
            return Lax.ForiLoop(0, steps, (_, carried) => Halve(carried), bounds).Item1;
        }

        for (int step = 0; step < steps; step++)
        {
            bounds = Halve(bounds);
        }

        return bounds.Item1;

        (NDArray, NDArray) Halve((NDArray, NDArray) interval)
        {
            var (low, high) = interval;
            var middle = Ops.Div(Ops.Add(low, high), Ops.Like(low, 2));
            var element = Take(sorted, middle, 0, "clip");
            var isBelow = right ? Ops.Not(Before(values, element)) : Before(element, values);
            var active = Ops.Lt(low, high);
            var up = Ops.And(active, isBelow);
            var down = Ops.And(active, Ops.Not(isBelow));
            return (Ops.Select(up, Ops.Add(middle, Ops.Like(middle, 1)), low), Ops.Select(down, middle, high));
        }
    }

    /// <summary>Whether a comes before b in sorted order: NaN last, complex numbers by real, then imaginary part.</summary>
    private static NDArray Before(NDArray a, NDArray b)
    {
        if (a.DType.IsInexact)
        {
            return Ops.Or(Less(a, b), Ops.And(IsNan(b), Ops.Not(IsNan(a))));
        }

        return a.DType.IsBool ? Ops.And(Ops.Not(a), b) : Ops.Lt(a, b);
    }
}
