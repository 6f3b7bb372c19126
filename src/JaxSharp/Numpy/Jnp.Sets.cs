using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Sets: what elements an array has, and which two arrays share.
public static partial class Jnp
{
    /// <summary>
    /// The distinct elements, sorted. Their number depends on values: under a transformation give <paramref name="size"/>, which cuts
    /// them or pads them with <paramref name="fillValue"/> (the smallest).
    /// </summary>
    /// <param name="ar">The array.</param>
    /// <param name="axis">The axis whose slices count as elements; without one, all elements.</param>
    /// <param name="size">How many to give.</param>
    /// <param name="fillValue">What pads them.</param>
    /// <param name="equalNan">Whether NaN equals NaN.</param>
    [OverloadResolutionPriority(1)]
    public static NDArray Unique(
        NDArray ar,
        int? axis = null,
        int? size = null,
        NDArray? fillValue = null,
        bool equalNan = true
    ) => FindUnique(ar, axis, size, fillValue, equalNan, false).Values;

    /// <summary>
    /// The distinct elements, and as asked for: where each appears first, the number of the distinct element that every element is,
    /// and how often each appears.
    /// </summary>
    public static NDArray[] Unique(
        NDArray ar,
        bool returnIndex = false,
        bool returnInverse = false,
        bool returnCounts = false,
        int? axis = null,
        bool equalNan = true,
        int? size = null,
        NDArray? fillValue = null
    )
    {
        var all = FindUnique(ar, axis, size, fillValue, equalNan, true);
        var results = new System.Collections.Generic.List<NDArray> { all.Values };
        if (returnIndex)
        {
            results.Add(all.Indices);
        }

        if (returnInverse)
        {
            results.Add(all.Inverse);
        }

        if (returnCounts)
        {
            results.Add(all.Counts);
        }

        return [.. results];
    }

    /// <summary>The distinct elements with where they appear first, the inverse and the counts.</summary>
    public static UniqueAllResult UniqueAll(NDArray x, int? size = null, NDArray? fillValue = null)
    {
        var all = FindUnique(x, null, size, fillValue, false, true);
        return new UniqueAllResult(all.Values, all.Indices, all.Inverse, all.Counts);
    }

    /// <summary>The distinct elements and how often each appears.</summary>
    public static UniqueCountsResult UniqueCounts(NDArray x, int? size = null, NDArray? fillValue = null)
    {
        var all = FindUnique(x, null, size, fillValue, false, true);
        return new UniqueCountsResult(all.Values, all.Counts);
    }

    /// <summary>The distinct elements and the number of the one that every element is.</summary>
    public static UniqueInverseResult UniqueInverse(NDArray x, int? size = null, NDArray? fillValue = null)
    {
        var all = FindUnique(x, null, size, fillValue, false, true);
        return new UniqueInverseResult(all.Values, all.Inverse);
    }

    /// <summary>The distinct elements.</summary>
    public static NDArray UniqueValues(NDArray x, int? size = null, NDArray? fillValue = null) =>
        FindUnique(x, null, size, fillValue, false, false).Values;

    /// <summary>The distinct elements of two arrays together, sorted.</summary>
    public static NDArray Union1D(NDArray ar1, NDArray ar2, int? size = null, NDArray? fillValue = null) =>
        Unique(Concatenate([Ravel(ar1), Ravel(ar2)]), null, size, fillValue);

    /// <summary>The distinct elements that both arrays have, sorted.</summary>
    /// <param name="ar1">An array.</param>
    /// <param name="ar2">Another array.</param>
    /// <param name="assumeUnique">Accepted for likeness: equal elements of one array never count twice.</param>
    /// <param name="size">How many to give; needed under a transformation.</param>
    /// <param name="fillValue">What pads them; the smallest by default.</param>
    public static NDArray Intersect1D(
        NDArray ar1,
        NDArray ar2,
        bool assumeUnique = false,
        int? size = null,
        NDArray? fillValue = null
    ) => Intersect(ar1, ar2, size, fillValue).Values;

    /// <summary>The distinct elements that both arrays have, and where each appears first in them.</summary>
    public static (NDArray Values, NDArray Indices1, NDArray Indices2) Intersect1D(
        NDArray ar1,
        NDArray ar2,
        bool returnIndices,
        bool assumeUnique = false,
        int? size = null,
        NDArray? fillValue = null
    ) => Intersect(ar1, ar2, size, fillValue);

    /// <summary>The distinct elements of the first array that the second lacks.</summary>
    public static NDArray SetDiff1D(
        NDArray ar1,
        NDArray ar2,
        bool assumeUnique = false,
        int? size = null,
        NDArray? fillValue = null
    )
    {
        var first = assumeUnique || size is not null ? Ravel(ar1) : Unique(ar1);
        if (size is null)
        {
            return Compress(IsIn(first, ar2, invert: true), first);
        }

        var keep = IsIn(first, ar2, invert: true);
        if (!assumeUnique)
        {
            // Only the first of equal elements counts.
            var sorted = Sort(first);
            var places = SearchSorted(sorted, first);
            var firsts = ArgSort(first);
            keep = Ops.And(keep, Equal(Take(firsts, places, 0, "clip"), Ops.Iota(firsts.DType, first.Shape[0])));
            var values = SortKept(Compress(keep, first, null, first.Shape[0], 0), Sum(keep));
            int kept = Math.Min(size.Value, first.Shape[0]);
            return Padded(values[..kept], Minimum(Sum(keep), kept), size.Value, fillValue ?? 0);
        }

        return Padded(
            Compress(keep, first, null, Math.Min(size.Value, first.Shape[0]), 0),
            Sum(keep),
            size.Value,
            fillValue ?? 0
        );
    }

    /// <summary>The distinct elements that exactly one of two arrays has, sorted.</summary>
    /// <param name="ar1">An array.</param>
    /// <param name="ar2">Another array.</param>
    /// <param name="assumeUnique">Accepted for likeness: equal elements of one array never count twice.</param>
    /// <param name="size">How many to give; needed under a transformation.</param>
    /// <param name="fillValue">What pads them; the smallest by default.</param>
    public static NDArray SetXor1D(
        NDArray ar1,
        NDArray ar2,
        bool assumeUnique = false,
        int? size = null,
        NDArray? fillValue = null
    )
    {
        var promoted = Promotion.Promote(Ravel(ar1), Ravel(ar2));
        var (sorted, origins) = Merged(promoted[0], promoted[1]);
        int n = sorted.Shape[0];
        if (n == 0)
        {
            return size is { } none ? Padded(sorted, 0, none, fillValue ?? 0) : sorted;
        }

        // Equal elements follow each other, those of the first array in front: they are alone where all are of one array.
        var isSecond = Ops.Ge(origins, Ops.Like(origins, 0));
        var differs = Ops.Not(SameAsNext(sorted, isSecond, equalNan: true));
        var edge = Ones(1, Bool);
        var isFirst = Ops.Concatenate([edge, differs], 0);
        var isLast = Ops.Concatenate([differs, edge], 0);
        var alone = Ops.Select(isSecond, isFirst, isLast);
        if (size is not { } wanted)
        {
            return Compress(alone, sorted);
        }

        var values = Compress(alone, sorted, null, Math.Min(wanted, n), 0);
        return wanted == 0 ? values : Padded(values, Sum(alone), wanted, fillValue ?? Ops.At(values, 0, 0));
    }

    /// <summary>For every element whether it is among the test elements.</summary>
    public static NDArray IsIn(
        NDArray element,
        NDArray testElements,
        bool assumeUnique = false,
        bool invert = false,
        string method = "auto"
    )
    {
        if (method is not ("auto" or "compare_all" or "binary_search" or "sort"))
        {
            throw new JaxArgumentException($"isin does not know the method \"{method}\".");
        }

        var promoted = Promotion.Promote(element, Ravel(testElements));
        var (x, tests) = (promoted[0], promoted[1]);
        NDArray found;
        if (tests.Size == 0 || x.Size == 0)
        {
            found = Ops.Full(x.Shape, 0, DType.Bool);
        }
        else if (tests.Size <= 64)
        {
            found = Any(Equal(Ops.ExpandDims(x, x.Ndim), tests), -1);
        }
        else
        {
            var sorted = Sort(tests);
            found = Equal(Take(sorted, SearchSorted(sorted, x), 0, "clip"), x);
        }

        return invert ? Ops.Not(found) : found;
    }

    private static (NDArray Values, NDArray Indices1, NDArray Indices2) Intersect(
        NDArray ar1,
        NDArray ar2,
        int? size,
        NDArray? fillValue
    )
    {
        var promoted = Promotion.Promote(Ravel(ar1), Ravel(ar2));
        var (x, y) = (promoted[0], promoted[1]);
        var (sorted, origins) = Merged(x, y);
        int n = sorted.Shape[0];
        if (n < 2)
        {
            var nowhere = Ops.Full(0, 0, Ops.IndexType);
            return size is { } none
                ? Filled(Ops.SliceAxis(sorted, 0, 0, 0), nowhere, nowhere, 0, none)
                : (Ops.SliceAxis(sorted, 0, 0, 0), nowhere, nowhere);
        }

        // Where elements of the second array follow equal ones of the first; next to each other stand the first of both.
        var isSecond = Ops.Ge(origins, Ops.Like(origins, 0));
        var both = Ops.And(
            SameAsNext(sorted, isSecond, equalNan: false),
            Ops.Ne(Ops.SliceAxis(isSecond, 0, 0, n - 1), Ops.SliceAxis(isSecond, 0, 1, n))
        );
        int? most = size is { } limit ? Math.Min(limit, n - 1) : null;
        var values = Kept(Ops.SliceAxis(sorted, 0, 0, n - 1));
        var first = Ops.Not(Kept(Ops.SliceAxis(origins, 0, 0, n - 1)));
        var second = Kept(Ops.SliceAxis(origins, 0, 1, n));
        return size is { } wanted ? Filled(values, first, second, Sum(both), wanted) : (values, first, second);

        NDArray Kept(NDArray all) => Compress(both, all, null, most, 0);

        (NDArray, NDArray, NDArray) Filled(NDArray found, NDArray one, NDArray other, NDArray count, int width) =>
            (
                Padded(found, count, width, fillValue ?? (found.Shape[0] > 0 ? Ops.At(found, 0, 0) : 0)),
                Padded(one, count, width, (int)x.Size),
                Padded(other, count, width, (int)y.Size)
            );
    }

    /// <summary>
    /// The elements of two vectors in order, and where each comes from: place i of the first as the complement of i, in front of equal
    /// ones and the first place last; place i of the second as i.
    /// </summary>
    private static (NDArray Sorted, NDArray Origins) Merged(NDArray x, NDArray y)
    {
        var places = Ops.Concatenate(
            [Ops.Not(Ops.Iota(Ops.IndexType, x.Shape[0])), Ops.Iota(Ops.IndexType, y.Shape[0])],
            0
        );
        var both = Ops.Sort(0, 2, Ops.Concatenate([x, y], 0), places);
        return (both[0], both[1]);
    }

    // Which sorted elements equal the next ones; NaN equals NaN of the same array if at all.
    private static NDArray SameAsNext(NDArray sorted, NDArray isSecond, bool equalNan)
    {
        int n = sorted.Shape[0];
        var (previous, next) = (Ops.SliceAxis(sorted, 0, 0, n - 1), Ops.SliceAxis(sorted, 0, 1, n));
        var equal = Ops.Eq(previous, next);
        if (!equalNan || !sorted.DType.IsInexact)
        {
            return equal;
        }

        var same = Ops.Eq(Ops.SliceAxis(isSecond, 0, 0, n - 1), Ops.SliceAxis(isSecond, 0, 1, n));
        return Ops.Or(equal, Ops.And(same, Ops.And(IsNan(previous), IsNan(next))));
    }

    /// <summary>The first elements sorted, those from a count on left where they are.</summary>
    private static NDArray SortKept(NDArray values, NDArray count)
    {
        var behind = GreaterEqual(Ops.Iota(DType.I32, values.Shape[0]), count);
        return Ops.Sort(0, 2, behind, values)[1];
    }

    /// <summary>A vector cut or padded to a size; elements from a count on are the fill value.</summary>
    private static NDArray Padded(NDArray values, NDArray count, int size, NDArray fill)
    {
        var filler = Broadcasting.To(Promotion.Convert(fill, values.DType), size, "A set operation");
        if (values.Shape[0] < size)
        {
            values = Ops.Concatenate([values, Ops.SliceAxis(filler, 0, 0, size - values.Shape[0])], 0);
        }

        return Where(Less(Ops.Iota(DType.I32, size), count), values, filler);
    }

    private static (NDArray Values, NDArray Indices, NDArray Inverse, NDArray Counts) FindUnique(
        NDArray ar,
        int? axis,
        int? size,
        NDArray? fillValue,
        bool equalNan,
        bool all
    )
    {
        var x = axis is null ? Ravel(ar) : MoveAxis(ar, Axes.Normalize(axis.Value, ar.Ndim, "unique"), 0);
        var type = Ops.IndexType;
        int n = x.Shape[0];
        if (n == 0)
        {
            var none = Ops.Full(0, 0, type);
            int empty = size ?? 0;
            if (empty > 0 && fillValue is null)
            {
                throw new JaxArgumentException(
                    $"unique of {ar.Type} finds nothing to give {empty} of: give fillValue."
                );
            }

            var filler = Broadcasting.To(
                Promotion.Convert(fillValue ?? 0, x.DType),
                new Shape([empty, .. x.Shape[1..]]),
                "unique"
            );
            var nothing = Ops.Full(empty, 0, type);
            return (
                axis is { } place ? MoveAxis(filler, 0, place) : filler,
                nothing,
                Ops.Full(axis is null ? ar.Shape : 0, 0, type),
                nothing
            );
        }

        // Rows in sorted order, the first column the most important.
        int width = (int)(x.Size / n);
        var rows = Ops.Reshape(x, (n, width));
        var order = Ops.Iota(type, n);
        var keys = Enumerable.Range(0, width).Select(column => Ops.At(rows, 1, column)).ToArray();
        if (width > 0)
        {
            order = Ops.Sort(0, width, [.. keys, order])[^1];
        }

        var sorted = Take(rows, order, 0, "clip");
        NDArray isNew;
        if (n == 1 || width == 0)
        {
            isNew = Ops.Concatenate([Ones(1, Bool), Zeros(n - 1, Bool)], 0);
        }
        else
        {
            var (next, previous) = (Ops.SliceAxis(sorted, 0, 1, n), Ops.SliceAxis(sorted, 0, 0, n - 1));
            var differs = Ops.Ne(next, previous);
            if (equalNan && x.DType.IsInexact)
            {
                differs = Ops.And(differs, Ops.Not(Ops.And(IsNan(next), IsNan(previous))));
            }

            isNew = Ops.Concatenate([Ones(1, Bool), Ops.ReduceOr(differs, 1)], 0);
        }

        var numbers = Ops.Sub(Ops.CumSum(Promotion.Convert(isNew, type), 0), Ops.Full(n, 1, type));
        int found;
        NDArray places;
        NDArray count = Ops.Add(Ops.At(numbers, 0, n - 1), Ops.Full(JaxSharp.Shape.Scalar, 1, type));
        if (size is { } wanted)
        {
            found = wanted;
            places = NonZero(isNew, wanted + 1, n)[0];
        }
        else
        {
            places = NonZero(Ops.Concrete(isNew, "unique", "Its result's shape would depend on values: give size."))[0];
            found = places.Shape[0];
            places = Ops.Concatenate([places, Ops.Full(1, n, type)], 0);
        }

        var ends = Minimum(Ops.SliceAxis(places, 0, 1, found + 1), n);
        places = Ops.SliceAxis(places, 0, 0, found);
        var values = Ops.Reshape(Take(sorted, places, 0, "clip"), new Shape([found, .. x.Shape.ToArray()[1..]]));
        if (size is not null && found > 0)
        {
            var fill = fillValue is null ? Ops.SliceAxis(values, 0, 0, 1) : Promotion.Convert(fillValue, x.DType);
            var isValid = Less(Ops.Iota(type, values.Shape, 0), count);
            values = Ops.Select(isValid, values, Broadcasting.To(fill, values.Shape, "unique"));
        }

        if (axis is { } moved)
        {
            values = MoveAxis(values, 0, moved);
        }

        if (!all)
        {
            return (values, order, order, order);
        }

        var valid = Less(Ops.Iota(type, found), count);
        // Equal rows keep their order, so that the first of each run is the first of all.
        var indices = found == 0 ? places : Take(order, Minimum(places, n - 1), 0, "clip");
        if (size is not null && found > 0)
        {
            indices = Where(valid, indices, Ops.SliceAxis(indices, 0, 0, 1));
        }

        var inverse = Ops.Full(n, 0, type).At[order].Set(numbers);
        var counts = Subtract(ends, Minimum(places, n));
        counts = Where(valid, counts, Ops.Like(counts, 0));
        return (
            values,
            Promotion.Convert(indices, type),
            Ops.Reshape(inverse, axis is null ? ar.Shape : n),
            Promotion.Convert(counts, type)
        );
    }
}

/// <summary>What <see cref="Jnp.UniqueAll"/> gives.</summary>
/// <param name="Values">The distinct elements, sorted.</param>
/// <param name="Indices">Where each appears first.</param>
/// <param name="InverseIndices">For every element the number of the distinct one that it is.</param>
/// <param name="Counts">How often each appears.</param>
public sealed record UniqueAllResult(NDArray Values, NDArray Indices, NDArray InverseIndices, NDArray Counts);

/// <summary>What <see cref="Jnp.UniqueCounts"/> gives.</summary>
/// <param name="Values">The distinct elements, sorted.</param>
/// <param name="Counts">How often each appears.</param>
public sealed record UniqueCountsResult(NDArray Values, NDArray Counts);

/// <summary>What <see cref="Jnp.UniqueInverse"/> gives.</summary>
/// <param name="Values">The distinct elements, sorted.</param>
/// <param name="InverseIndices">For every element the number of the distinct one that it is.</param>
public sealed record UniqueInverseResult(NDArray Values, NDArray InverseIndices);
