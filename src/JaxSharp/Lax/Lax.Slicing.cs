using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Functions that read and replace parts of arrays.</content>
public static partial class Lax
{
    /// <summary>The elements from a start up to a limit in steps, along every axis.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="startIndices">The first index for each axis.</param>
    /// <param name="limitIndices">The index after the last.</param>
    /// <param name="strides">The steps; by default 1.</param>
    /// <exception cref="ShapeException">A range is not inside of the array.</exception>
    public static NDArray Slice(NDArray operand, Dims startIndices, Dims limitIndices, Dims? strides = null) =>
        new Slice(startIndices, limitIndices, strides).Bind(Argument.Given(operand));

    /// <summary>The elements from a start up to a limit in steps along one axis.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="startIndex">The first index; null: 0. Negative ones count from the end.</param>
    /// <param name="limitIndex">The index after the last; null: the extent. Negative ones count from the end.</param>
    /// <param name="stride">The step.</param>
    /// <param name="axis">The axis.</param>
    public static NDArray SliceInDim(NDArray operand, int? startIndex, int? limitIndex, int stride = 1, int axis = 0)
    {
        int dim = LaxAxes.Canonical("slice_in_dim", axis, Argument.Given(operand).Ndim);
        int extent = operand.Shape[dim];
        int start = startIndex ?? 0;
        int limit = limitIndex ?? extent;
        return Primitives.Slice.InDim(
            operand,
            start < 0 ? start + extent : start,
            limit < 0 ? limit + extent : limit,
            dim,
            stride
        );
    }

    /// <summary>The part of an array at an index of an axis.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="index">The index; negative ones count from the end.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="keepDims">Whether the axis stays, with extent 1.</param>
    /// <exception cref="ArrayIndexException">There is no such index.</exception>
    public static NDArray IndexInDim(NDArray operand, int index, int axis = 0, bool keepDims = true)
    {
        int dim = LaxAxes.Canonical("index_in_dim", axis, Argument.Given(operand).Ndim);
        int extent = operand.Shape[dim];
        int wrapped = index < 0 ? index + extent : index;
        if (wrapped < 0 || wrapped >= extent)
        {
            throw new ArrayIndexException(
                $"lax.index_in_dim got index {index} for axis {dim} of {operand.Type}: it must be in [{-extent}, {extent})."
            );
        }

        var part = Primitives.Slice.InDim(operand, wrapped, wrapped + 1, dim);
        return keepDims ? part : Squeeze(part, dim);
    }

    /// <summary>The parts of an array at vectors of indices of some axes, put together along a new first axis.</summary>
    /// <param name="src">Any array.</param>
    /// <param name="idxs">Integer vectors of one length, one for each of the axes. Indices are moved into range.</param>
    /// <param name="axes">The axes.</param>
    public static NDArray IndexTake(NDArray src, IReadOnlyList<NDArray> idxs, Dims axes)
    {
        var dims = LaxAxes.Canonical("index_take", axes, Argument.Given(src).Ndim);
        var columns = Argument.Given(idxs).Select(i => ExpandDims(i, 1)).ToArray();
        var numbers = new GatherDimensionNumbers(
            new Dims([.. Enumerable.Range(1, src.Ndim - dims.Count)]),
            new Dims([.. dims.Order()]),
            dims
        );
        int[] sizes = src.Shape.ToArray();
        foreach (int axis in dims)
        {
            sizes[axis] = 1;
        }

        return Gather(src, Concatenate(columns, 1), numbers, sizes);
    }

    /// <summary>A block of an array that starts at computed indices, which are moved so that the block lies inside.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="startIndices">The start for each axis: a vector, integers or scalars.</param>
    /// <param name="sliceSizes">The extents of the block.</param>
    /// <param name="allowNegativeIndices">Whether negative indices count from the end; by default they do.</param>
    /// <exception cref="ShapeException">The block is larger than the array.</exception>
    /// <exception cref="DTypeException">The indices are no integers.</exception>
    public static NDArray DynamicSlice(
        NDArray operand,
        SliceStart startIndices,
        Dims sliceSizes,
        AxisFlags? allowNegativeIndices = null
    )
    {
        var indices = Argument
            .Given(startIndices)
            .Resolve("dynamic_slice", Argument.Given(operand), allowNegativeIndices);
        return new DynamicSlice(sliceSizes).Bind([operand, .. indices]);
    }

    /// <summary>A block along one axis that starts at a computed index.</summary>
    /// <inheritdoc cref="DynamicSlice"/>
    public static NDArray DynamicSliceInDim(
        NDArray operand,
        NDArray startIndex,
        int sliceSize,
        int axis = 0,
        bool allowNegativeIndices = true
    )
    {
        int dim = LaxAxes.Canonical("dynamic_slice_in_dim", axis, Argument.Given(operand).Ndim);
        Dims sizes = operand.Shape.With(dim, Math.Max(sliceSize, 0));
        return DynamicSlice(
            operand,
            OnAxis(operand, startIndex, dim),
            sizes,
            OnAxis(operand, allowNegativeIndices, dim)
        );
    }

    /// <summary>The part of an array at a computed index of an axis.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="index">An integer scalar, moved into range.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="keepDims">Whether the axis stays, with extent 1.</param>
    /// <param name="allowNegativeIndices">Whether negative indices count from the end.</param>
    public static NDArray DynamicIndexInDim(
        NDArray operand,
        NDArray index,
        int axis = 0,
        bool keepDims = true,
        bool allowNegativeIndices = true
    )
    {
        var part = DynamicSliceInDim(operand, index, 1, axis, allowNegativeIndices);
        return keepDims ? part : Squeeze(part, axis);
    }

    /// <summary>An array with a block replaced that starts at computed indices, which are moved so that it lies inside.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="update">The block, of the same rank and element type.</param>
    /// <param name="startIndices">The start for each axis: a vector, integers or scalars.</param>
    /// <param name="allowNegativeIndices">Whether negative indices count from the end; by default they do.</param>
    public static NDArray DynamicUpdateSlice(
        NDArray operand,
        NDArray update,
        SliceStart startIndices,
        AxisFlags? allowNegativeIndices = null
    )
    {
        var indices = Argument
            .Given(startIndices)
            .Resolve("dynamic_update_slice", Argument.Given(operand), allowNegativeIndices);
        return new DynamicUpdateSlice().Bind([operand, Argument.Given(update), .. indices]);
    }

    /// <summary>An array with a block along one axis replaced that starts at a computed index.</summary>
    /// <inheritdoc cref="DynamicUpdateSlice"/>
    public static NDArray DynamicUpdateSliceInDim(
        NDArray operand,
        NDArray update,
        NDArray startIndex,
        int axis,
        bool allowNegativeIndices = true
    )
    {
        int dim = LaxAxes.Canonical("dynamic_update_slice_in_dim", axis, Argument.Given(operand).Ndim);
        var starts = OnAxis(operand, startIndex, dim);
        return DynamicUpdateSlice(operand, update, starts, OnAxis(operand, allowNegativeIndices, dim));
    }

    /// <summary>An array with the part at a computed index of an axis replaced.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="update">The part, with or without the axis.</param>
    /// <param name="index">An integer scalar, moved into range.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="allowNegativeIndices">Whether negative indices count from the end.</param>
    public static NDArray DynamicUpdateIndexInDim(
        NDArray operand,
        NDArray update,
        NDArray index,
        int axis,
        bool allowNegativeIndices = true
    )
    {
        int dim = LaxAxes.Canonical("dynamic_update_index_in_dim", axis, Argument.Given(operand).Ndim);
        if (Argument.Given(update).Ndim == operand.Ndim - 1)
        {
            update = ExpandDims(update, dim);
        }

        return DynamicUpdateSliceInDim(operand, update, index, dim, allowNegativeIndices);
    }

    /// <summary>Slices of an array that start where indices say, put together.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="startIndices">Integers; the last axis holds the index vectors.</param>
    /// <param name="dimensionNumbers">What the axes of array, indices and result mean.</param>
    /// <param name="sliceSizes">The extents of a slice.</param>
    /// <param name="uniqueIndices">The promise that no two slices overlap.</param>
    /// <param name="indicesAreSorted">The promise that index vectors are in ascending order.</param>
    /// <param name="mode">What happens to slices out of range; by default they are moved into range.</param>
    /// <param name="fillValue">
    /// The value of slices out of range in mode fill; by default NaN, the smallest signed, the largest unsigned integer, or true.
    /// </param>
    /// <exception cref="ShapeException">The dimension numbers do not fit.</exception>
    public static NDArray Gather(
        NDArray operand,
        NDArray startIndices,
        GatherDimensionNumbers dimensionNumbers,
        Dims sliceSizes,
        bool uniqueIndices = false,
        bool indicesAreSorted = false,
        GatherScatterMode? mode = null,
        double? fillValue = null
    ) =>
        new Gather(
            Argument.Given(dimensionNumbers),
            sliceSizes,
            mode ?? GatherScatterMode.Clip,
            indicesAreSorted,
            uniqueIndices,
            fillValue
        ).Bind(Argument.Given(operand), Argument.Given(startIndices));

    // Start indices that are zero on all axes but one.
    private static SliceStart OnAxis(NDArray operand, NDArray index, int axis)
    {
        var indices = Enumerable.Repeat<NDArray>(0, operand.Ndim).ToArray();
        indices[axis] = Argument.Given(index);
        return indices;
    }

    private static AxisFlags OnAxis(NDArray operand, bool flag, int axis) =>
        operand.Ndim == 0 ? flag : Enumerable.Range(0, operand.Ndim).Select(i => i != axis || flag).ToArray();
}
