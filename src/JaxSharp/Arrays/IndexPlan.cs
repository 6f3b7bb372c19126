using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;

namespace JaxSharp.Arrays;

/// <summary>The kinds of items of an index.</summary>
internal enum IndexKind
{
    Integer,
    Slice,
    Array,
    NewAxis,
    Ellipsis,
    Flag,
}

/// <summary>What an index does with one axis of the array.</summary>
internal abstract record AxisIndex
{
    /// <summary>The places start, start + step, …; a negative step runs backwards.</summary>
    public sealed record Range(int Start, int Count, int Step) : AxisIndex;

    /// <summary>One place known in advance, counted from the front, possibly out of range.</summary>
    public sealed record Place(int Value) : AxisIndex;

    /// <summary>Places that an array of integers gives.</summary>
    public sealed record Places(NDArray Indices) : AxisIndex;
}

/// <summary>
/// An index that has been matched with the axes of an array, by NumPy's rules: what it does with each axis, and where the axes of
/// the result come from.
/// </summary>
internal sealed class IndexPlan
{
    private IndexPlan(AxisIndex[] axes, int[] layout, Shape broadcast, Shape result)
    {
        Axes = axes;
        Layout = layout;
        Broadcast = broadcast;
        Result = result;
    }

    /// <summary>Marks a new axis in <see cref="Layout"/>.</summary>
    public const int NewAxis = -1;

    /// <summary>Marks the place of the axes that index arrays have in common in <see cref="Layout"/>.</summary>
    public const int Arrays = -2;

    /// <summary>What happens to each axis of the array.</summary>
    public AxisIndex[] Axes { get; }

    /// <summary>The axes of the result: an axis of the array, <see cref="NewAxis"/> or <see cref="Arrays"/> (once).</summary>
    public int[] Layout { get; }

    /// <summary>The common shape of the index arrays.</summary>
    public Shape Broadcast { get; }

    /// <summary>The shape of the result.</summary>
    public Shape Result { get; }

    /// <summary>Whether no array of integers takes part.</summary>
    public bool IsStatic => !Array.Exists(Axes, axis => axis is AxisIndex.Places);

    /// <summary>Matches an index with a shape.</summary>
    /// <exception cref="ArrayIndexException">There are too many items, or one cannot index.</exception>
    public static IndexPlan Create(ArrayType operand, ReadOnlySpan<ArrayIndex?> index, bool wrapNegative = true)
    {
        var items = Expand(operand, index);
        var shape = operand.Shape;
        var axes = new AxisIndex[shape.Rank];
        var layout = new List<int>();
        var arrays = new List<(int Axis, NDArray Indices)>();
        bool anyArray = items.Exists(item => item.Array is { Ndim: > 0 });
        int axis = 0;
        int arraysAt = -1;
        bool interrupted = false;
        bool contiguous = true;
        foreach (var item in items)
        {
            bool isAdvanced = item.Kind == IndexKind.Array || (anyArray && item.Kind == IndexKind.Integer);
            if (isAdvanced)
            {
                contiguous &= arraysAt < 0 || !interrupted;
                if (arraysAt < 0)
                {
                    arraysAt = layout.Count;
                }
            }
            else
            {
                interrupted = arraysAt >= 0;
            }

            switch (item.Kind)
            {
                case IndexKind.NewAxis:
                    layout.Add(NewAxis);
                    break;
                case IndexKind.Integer:
                    int place = item.Place < 0 && wrapNegative ? item.Place + shape[axis] : item.Place;
                    axes[axis++] = new AxisIndex.Place(place);
                    break;
                case IndexKind.Slice:
                    axes[axis] = ToRange(item, shape[axis]);
                    layout.Add(axis++);
                    break;
                default:
                    arrays.Add((axis, Normalize(item.Array!, shape[axis], wrapNegative)));
                    axis++;
                    break;
            }
        }

        var common =
            arrays.Count == 0
                ? Shape.Scalar
                : Broadcasting.Common("An index", [.. arrays.Select(a => a.Indices.Shape)]);
        foreach (var (at, indices) in arrays)
        {
            axes[at] = new AxisIndex.Places(indices);
        }

        if (arrays.Count > 0)
        {
            layout.Insert(contiguous ? arraysAt : 0, Arrays);
        }

        return new IndexPlan(axes, [.. layout], common, ResultShape(axes, layout, common));
    }

    private static Shape ResultShape(AxisIndex[] axes, List<int> layout, Shape common)
    {
        var extents = new List<int>();
        foreach (int source in layout)
        {
            switch (source)
            {
                case NewAxis:
                    extents.Add(1);
                    break;
                case Arrays:
                    extents.AddRange(common);
                    break;
                default:
                    extents.Add(((AxisIndex.Range)axes[source]).Count);
                    break;
            }
        }

        return new Shape([.. extents]);
    }

    /// <summary>The items with the ellipsis replaced by whole axes and masks by the places they choose.</summary>
    private static List<ArrayIndex> Expand(ArrayType operand, ReadOnlySpan<ArrayIndex?> index)
    {
        var items = new List<ArrayIndex>();
        int used = 0;
        int ellipsis = -1;
        foreach (var given in index)
        {
            var item = given ?? ArrayIndex.NewAxis;
            switch (item.Kind)
            {
                case IndexKind.Ellipsis when ellipsis >= 0:
                    throw new ArrayIndexException("An index can have one ellipsis only.");
                case IndexKind.Ellipsis:
                    ellipsis = items.Count;
                    break;
                case IndexKind.NewAxis:
                    items.Add(item);
                    break;
                case IndexKind.Flag:
                    items.Add(ArrayIndex.NewAxis);
                    if (item.Place == 0)
                    {
                        throw new ArrayIndexException(
                            "False chooses nothing, whatever else an index says: use it alone, or index with an empty range (0..0)."
                        );
                    }

                    break;
                case IndexKind.Array when item.Array!.DType.IsBool:
                    items.Add(item);
                    used += item.Array.Ndim;
                    break;
                case IndexKind.Array when !item.Array!.DType.IsInteger:
                    throw new ArrayIndexException(
                        $"Arrays that index must be of integers or bools; got {item.Array.Type}. Use AsType(Jnp.Int32)."
                    );
                default:
                    items.Add(item);
                    used++;
                    break;
            }
        }

        if (used > operand.Rank)
        {
            throw new ArrayIndexException(
                $"Too many indices for {operand}: it has {operand.Rank} axes, {used} were indexed."
            );
        }

        for (int at = ellipsis < 0 ? items.Count : ellipsis; used < operand.Rank; used++)
        {
            items.Insert(at, ArrayIndex.All);
        }

        return items.Exists(item => item.Array?.DType.IsBool == true) ? ExpandMasks(operand, items) : items;
    }

    private static List<ArrayIndex> ExpandMasks(ArrayType operand, List<ArrayIndex> items)
    {
        var expanded = new List<ArrayIndex>(items.Count);
        int axis = 0;
        foreach (var item in items)
        {
            if (item.Kind != IndexKind.Array || !item.Array!.DType.IsBool)
            {
                expanded.Add(item);
                axis += item.Kind == IndexKind.NewAxis ? 0 : 1;
                continue;
            }

            var mask = item.Array;
            if (mask.Shape != operand.Shape[axis..(axis + mask.Ndim)])
            {
                throw new ArrayIndexException(
                    $"A mask must have the extents of the axes it indexes: {mask.Type} does not fit axis {axis} of {operand}."
                );
            }

            expanded.AddRange(Places(mask).Select(ArrayIndex (places) => places));
            axis += mask.Ndim;
        }

        return expanded;
    }

    private static NDArray[] Places(NDArray mask)
    {
        var concrete = Ops.Concrete(
            mask,
            "An index of bools",
            "Its result's shape would depend on values: use Jnp.Where(mask, x, other), or Jnp.NonZero with size."
        );
        return Jnp.NonZero(concrete);
    }

    private static AxisIndex.Range ToRange(ArrayIndex item, int extent)
    {
        int step = item.Step ?? 1;
        int start;
        int stop;
        if (step > 0)
        {
            start = Clamp(item.Start ?? 0, 0, extent);
            stop = Clamp(item.Stop ?? extent, 0, extent);
        }
        else
        {
            start = Clamp(item.Start ?? extent - 1, -1, extent - 1, item.Start is not null);
            stop = item.Stop is { } given ? Clamp(given, -1, extent - 1) : -1;
        }

        long count = step > 0 ? ((long)stop - start + step - 1) / step : ((long)start - stop - step - 1) / -step;
        return new AxisIndex.Range(start, (int)Math.Max(0, count), step);

        int Clamp(int bound, int low, int high, bool wraps = true)
        {
            if (bound < 0 && wraps)
            {
                bound = Math.Max(bound, -extent - 1) + extent;
            }

            return Math.Clamp(bound, low, Math.Max(low, high));
        }
    }

    private static NDArray Normalize(NDArray indices, int extent, bool wrapNegative)
    {
        var type = indices.DType.Size < 4 ? DType.I32 : indices.DType;
        indices = Promotion.Convert(indices, type);
        if (!wrapNegative || indices.DType.IsUnsigned)
        {
            return indices;
        }

        if (indices is DeviceArray concrete && concrete.Size <= 4096 && !AnyNegative(concrete))
        {
            return indices;
        }

        var zero = Ops.Like(indices, 0);
        return Ops.Select(Ops.Lt(indices, zero), Ops.Add(indices, Ops.Like(indices, extent)), indices);
    }

    private static bool AnyNegative(DeviceArray indices)
    {
        for (long i = 0; i < indices.Size; i++)
        {
            if (indices.ItemInt(i) < 0)
            {
                return true;
            }
        }

        return false;
    }
}
