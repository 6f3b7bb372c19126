using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Arrays;

/// <summary>Reads and writes the elements that an index names.</summary>
internal static class Indexing
{
    private static readonly ArrayIndex?[] OneNewAxis = [ArrayIndex.NewAxis];

    /// <summary>The elements that an index names.</summary>
    public static NDArray Get(
        NDArray x,
        ReadOnlySpan<ArrayIndex?> index,
        GatherScatterMode mode = GatherScatterMode.PromiseInBounds,
        double? fill = null,
        bool wrapNegative = true
    )
    {
        if (TryFlag(index, out bool keeps))
        {
            var expanded = Ops.ExpandDims(x, 0);
            return keeps ? expanded : Ops.SliceAxis(expanded, 0, 0, 0);
        }

        var plan = IndexPlan.Create(x.Type, index, wrapNegative);
        bool strict = mode == GatherScatterMode.FillOrDrop;
        bool outside =
            strict
            && plan.Axes.Where((axis, i) => axis is AxisIndex.Place p && (p.Value < 0 || p.Value >= x.Shape[i])).Any();
        if (x.Size == 0 && plan.Result.Size > 0)
        {
            RefuseEmpty(x, plan);
        }

        if (plan.Result.Size == 0)
        {
            return Ops.Full(plan.Result, 0, x.DType, x.WeakType);
        }

        x = SliceRanges(x, plan, outside);
        return plan.IsStatic && !outside ? Ops.Reshape(x, plan.Result) : GatherPlaces(x, plan, mode, fill, outside);
    }

    /// <summary>An array with the elements that an index names combined with updates.</summary>
    public static NDArray Scatter(
        NDArray x,
        ReadOnlySpan<ArrayIndex?> index,
        NDArray updates,
        Func<ScatterDimensionNumbers, ScatterPrimitive> primitive,
        bool wrapNegative = true
    )
    {
        if (TryFlag(index, out bool keeps))
        {
            if (!keeps)
            {
                return x;
            }

            index = OneNewAxis;
        }

        var plan = IndexPlan.Create(x.Type, index, wrapNegative);
        updates = Broadcasting.To(updates, plan.Result, "An update at an index");

        // The axes of the updates in the order: those of index arrays, strided ranges, windows.
        var strided = new List<int>();
        var windows = new List<int>();
        var others = new List<int>();
        var vectorAxes = new List<int>();
        for (int axis = 0; axis < x.Ndim; axis++)
        {
            var range = plan.Axes[axis] as AxisIndex.Range;
            bool isWindow = range is not null && (Math.Abs(range.Step) == 1 || range.Count <= 1);
            if (isWindow)
            {
                windows.Add(axis);
            }
            else
            {
                others.Add(axis);
                if (range is not null)
                {
                    strided.Add(axis);
                }
            }

            if (!isWindow || range!.Count != x.Shape[axis])
            {
                vectorAxes.Add(axis);
            }
        }

        updates = Arrange(updates, plan, strided, windows);
        var batch = plan.Broadcast;
        foreach (int axis in strided)
        {
            batch = batch.Insert(batch.Rank, ((AxisIndex.Range)plan.Axes[axis]).Count);
        }

        int[] windowDims = new int[windows.Count];
        for (int i = 0; i < windowDims.Length; i++)
        {
            windowDims[i] = batch.Rank + i;
        }

        var indices = Vectors(plan, vectorAxes, strided, batch);
        var numbers = new ScatterDimensionNumbers(windowDims, others.ToArray(), vectorAxes.ToArray());
        return primitive(numbers).Bind(x, indices, updates);
    }

    /// <summary>Whether an index is one bool: true chooses the whole array under a new axis, false nothing of it.</summary>
    private static bool TryFlag(ReadOnlySpan<ArrayIndex?> index, out bool flag)
    {
        var item = index.Length == 1 ? index[0] : null;
        if (item?.Array is DeviceArray { Ndim: 0, DType.IsBool: true } scalar)
        {
            flag = scalar.ItemInt(0) != 0;
            return true;
        }

        flag = item is { Kind: IndexKind.Flag, Place: 1 };
        return item?.Kind == IndexKind.Flag;
    }

    private static NDArray SliceRanges(NDArray x, IndexPlan plan, bool keepPlaces)
    {
        int[] starts = new int[x.Ndim];
        int[] limits = x.Shape.ToArray();
        int[] strides = new int[x.Ndim];
        var reversed = new List<int>();
        for (int axis = 0; axis < x.Ndim; axis++)
        {
            strides[axis] = 1;
            switch (plan.Axes[axis])
            {
                case AxisIndex.Range { Count: 0 }:
                    limits[axis] = 0;
                    break;
                case AxisIndex.Range range:
                    int last = range.Start + ((range.Count - 1) * range.Step);
                    starts[axis] = Math.Min(range.Start, last);
                    limits[axis] = Math.Max(range.Start, last) + 1;
                    strides[axis] = range.Count == 1 ? 1 : Math.Abs(range.Step);
                    if (range.Step < 0 && range.Count > 1)
                    {
                        reversed.Add(axis);
                    }

                    break;
                case AxisIndex.Place place when !keepPlaces:
                    int clamped = Math.Clamp(place.Value, 0, Math.Max(0, x.Shape[axis] - 1));
                    starts[axis] = clamped;
                    limits[axis] = Math.Min(clamped + 1, x.Shape[axis]);
                    break;
            }
        }

        return Ops.Reverse(Ops.Slice(x, starts, limits, strides), [.. reversed]);
    }

    private static NDArray GatherPlaces(
        NDArray x,
        IndexPlan plan,
        GatherScatterMode mode,
        double? fill,
        bool keepPlaces
    )
    {
        int[] collapsed = [.. Enumerable.Range(0, x.Ndim).Where(axis => plan.Axes[axis] is not AxisIndex.Range)];
        int[] indexed = [.. collapsed.Where(axis => keepPlaces || plan.Axes[axis] is AxisIndex.Places)];
        var indices = Vectors(plan, [.. indexed], [], plan.Broadcast);
        int[] sizes = [.. x.Shape.Select((extent, axis) => collapsed.Contains(axis) ? 1 : extent)];

        // Where the axes of the index arrays lie among those of the result, new axes left out.
        int[] layout = [.. plan.Layout.Where(source => source != IndexPlan.NewAxis)];
        int before = Math.Max(0, System.Array.IndexOf(layout, IndexPlan.Arrays));
        int[] offsets =
        [
            .. Enumerable.Range(0, x.Ndim - collapsed.Length).Select(i => i < before ? i : i + plan.Broadcast.Rank),
        ];
        var numbers = new GatherDimensionNumbers(offsets, collapsed, indexed);
        var gathered = new Gather(numbers, sizes, mode, FillValue: fill).Bind(x, indices);
        return Ops.Reshape(gathered, plan.Result);
    }

    /// <summary>Index vectors along a last axis, for the given axes of the array.</summary>
    private static NDArray Vectors(IndexPlan plan, List<int> axes, List<int> strided, Shape batch)
    {
        bool isKnown = batch.Rank == 0;
        var type = DType.I32;
        foreach (int axis in axes)
        {
            if (plan.Axes[axis] is AxisIndex.Places { Indices.DType: var given })
            {
                isKnown = false;
                type = given.Size == 8 ? DType.I64 : type;
            }
        }

        if (isKnown)
        {
            return KnownVector(plan, axes);
        }

        var shape = batch.Insert(batch.Rank, 1);
        if (axes.Count == 0)
        {
            return Ops.Full(batch.Insert(batch.Rank, 0), 0, type);
        }

        var components = axes.ConvertAll(axis =>
        {
            NDArray component;
            switch (plan.Axes[axis])
            {
                case AxisIndex.Places places:
                    var indices = Broadcasting.To(Promotion.Convert(places.Indices, type), plan.Broadcast, "An index");
                    component = Spread(indices, batch);
                    break;
                case AxisIndex.Range range when strided.IndexOf(axis) is >= 0 and var at:
                    var count = Ops.Iota(type, batch, plan.Broadcast.Rank + at);
                    component = Ops.Add(
                        Ops.Mul(count, Ops.Full(batch, range.Step, type)),
                        Ops.Full(batch, range.Start, type)
                    );
                    break;
                case var known:
                    component = Ops.Full(batch, First(known), type);
                    break;
            }

            return Ops.Reshape(component, shape);
        });
        return Ops.Concatenate(components, batch.Rank);
    }

    private static DeviceArray KnownVector(IndexPlan plan, List<int> axes)
    {
        Span<int> places = stackalloc int[axes.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = First(plan.Axes[axes[i]]);
        }

        return DeviceArray.FromSpan<int>(places, new ArrayType(DType.I32, new Shape(places.Length)));
    }

    /// <summary>Where the places of one axis begin, counted from the front.</summary>
    private static int First(AxisIndex axis) =>
        axis switch
        {
            AxisIndex.Place place => place.Value,
            AxisIndex.Range { Count: 0 } => 0,
            AxisIndex.Range { Step: < 0 } range => range.Start - range.Count + 1,
            AxisIndex.Range range => range.Start,
            _ => throw new InternalException("Places that an array gives have no first one."),
        };

    private static NDArray Spread(NDArray indices, Shape batch) =>
        indices.Shape == batch
            ? indices
            : new BroadcastInDim(batch, Enumerable.Range(0, indices.Ndim).ToArray()).Bind(indices);

    private static NDArray Arrange(NDArray updates, IndexPlan plan, List<int> strided, List<int> windows)
    {
        var kept = new List<int>();
        var extents = new List<int>();
        var reversed = new List<int>();
        foreach (int source in plan.Layout)
        {
            if (source == IndexPlan.Arrays)
            {
                for (int i = 0; i < plan.Broadcast.Rank; i++)
                {
                    kept.Add(IndexPlan.Arrays - i);
                    extents.Add(plan.Broadcast[i]);
                }
            }
            else if (source != IndexPlan.NewAxis)
            {
                var range = (AxisIndex.Range)plan.Axes[source];
                if (range is { Step: < 0, Count: > 1 } && windows.Contains(source))
                {
                    reversed.Add(kept.Count);
                }

                kept.Add(source);
                extents.Add(range.Count);
            }
        }

        if (kept.Count < updates.Ndim)
        {
            // New axes have extent 1.
            updates = Ops.Reshape(updates, new Shape([.. extents]));
        }

        var order = new List<int>(kept.Count);
        for (int i = 0; i < plan.Broadcast.Rank; i++)
        {
            order.Add(kept.IndexOf(IndexPlan.Arrays - i));
        }

        order.AddRange(strided.ConvertAll(kept.IndexOf));
        order.AddRange(windows.ConvertAll(kept.IndexOf));
        return Ops.Transpose(Ops.Reverse(updates, [.. reversed]), [.. order]);
    }

    private static void RefuseEmpty(NDArray x, IndexPlan plan) =>
        throw new ArrayIndexException(
            $"An index into {x.Type}, which has no elements, cannot give an array of shape {plan.Result}."
        );
}
