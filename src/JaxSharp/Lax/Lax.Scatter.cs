using System;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Functions that combine updates into arrays at computed places.</content>
public static partial class Lax
{
    /// <summary>Replaces windows of an array by updates. Of several updates to one place the last stays.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="scatterIndices">Integers; the last axis holds the index vectors.</param>
    /// <param name="updates">The windows, of the array's element type.</param>
    /// <param name="dimensionNumbers">What the axes of array, indices and updates mean.</param>
    /// <param name="indicesAreSorted">The promise that index vectors are in ascending order.</param>
    /// <param name="uniqueIndices">The promise that no two windows overlap.</param>
    /// <param name="mode">What happens to windows out of range; by default they are dropped.</param>
    /// <exception cref="ShapeException">The dimension numbers do not fit.</exception>
    /// <exception cref="DTypeException">The element types differ.</exception>
    public static NDArray Scatter(
        NDArray operand,
        NDArray scatterIndices,
        NDArray updates,
        ScatterDimensionNumbers dimensionNumbers,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    ) =>
        Combine(
            (numbers, m) => new Scatter(numbers, m, indicesAreSorted, uniqueIndices),
            operand,
            scatterIndices,
            updates,
            dimensionNumbers,
            mode
        );

    /// <summary>Adds updates to windows of an array.</summary>
    /// <inheritdoc cref="Scatter"/>
    public static NDArray ScatterAdd(
        NDArray operand,
        NDArray scatterIndices,
        NDArray updates,
        ScatterDimensionNumbers dimensionNumbers,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    ) =>
        Combine(
            (numbers, m) => new ScatterAdd(numbers, m, indicesAreSorted, uniqueIndices),
            operand,
            scatterIndices,
            updates,
            dimensionNumbers,
            mode
        );

    /// <summary>Subtracts updates from windows of an array.</summary>
    /// <inheritdoc cref="Scatter"/>
    public static NDArray ScatterSub(
        NDArray operand,
        NDArray scatterIndices,
        NDArray updates,
        ScatterDimensionNumbers dimensionNumbers,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    ) =>
        Combine(
            (numbers, m) => new ScatterSub(numbers, m, indicesAreSorted, uniqueIndices),
            operand,
            scatterIndices,
            updates,
            dimensionNumbers,
            mode
        );

    /// <summary>Multiplies windows of an array by updates. It can be differentiated in the updates only if indices are unique.</summary>
    /// <inheritdoc cref="Scatter"/>
    public static NDArray ScatterMul(
        NDArray operand,
        NDArray scatterIndices,
        NDArray updates,
        ScatterDimensionNumbers dimensionNumbers,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    ) =>
        Combine(
            (numbers, m) => new ScatterMul(numbers, m, indicesAreSorted, uniqueIndices),
            operand,
            scatterIndices,
            updates,
            dimensionNumbers,
            mode
        );

    /// <summary>Takes the smaller of windows of an array and updates; a NaN wins. Ties share the derivative evenly.</summary>
    /// <inheritdoc cref="Scatter"/>
    public static NDArray ScatterMin(
        NDArray operand,
        NDArray scatterIndices,
        NDArray updates,
        ScatterDimensionNumbers dimensionNumbers,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    ) =>
        Combine(
            (numbers, m) => new ScatterMin(numbers, m, indicesAreSorted, uniqueIndices),
            operand,
            scatterIndices,
            updates,
            dimensionNumbers,
            mode
        );

    /// <summary>Takes the larger of windows of an array and updates; a NaN wins. Ties share the derivative evenly.</summary>
    /// <inheritdoc cref="Scatter"/>
    public static NDArray ScatterMax(
        NDArray operand,
        NDArray scatterIndices,
        NDArray updates,
        ScatterDimensionNumbers dimensionNumbers,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    ) =>
        Combine(
            (numbers, m) => new ScatterMax(numbers, m, indicesAreSorted, uniqueIndices),
            operand,
            scatterIndices,
            updates,
            dimensionNumbers,
            mode
        );

    /// <summary>Replaces windows of an array by a function of them.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="scatterIndices">Integers; the last axis holds the index vectors.</param>
    /// <param name="func">An elementwise function; it is applied once to each element, however often indices name it.</param>
    /// <param name="dimensionNumbers">What the axes of array, indices and updates mean.</param>
    /// <param name="updateShape">The shape that updates would have.</param>
    /// <param name="indicesAreSorted">The promise that index vectors are in ascending order.</param>
    /// <param name="uniqueIndices">The promise that no two windows overlap.</param>
    /// <param name="mode">What happens to windows out of range; by default they are left alone.</param>
    public static NDArray ScatterApply(
        NDArray operand,
        NDArray scatterIndices,
        Func<NDArray, NDArray> func,
        ScatterDimensionNumbers dimensionNumbers,
        Dims updateShape = default,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        GatherScatterMode? mode = null
    )
    {
        Argument.Given(scatterIndices);
        Argument.Given(func);
        var shape = LaxAxes.ToShape("scatter_apply", updateShape);
        var (numbers, sizes) = Argument.Given(dimensionNumbers).ToGather(Argument.Given(operand).Shape, shape);
        var windows = Gather(
            operand,
            scatterIndices,
            numbers,
            sizes,
            uniqueIndices,
            indicesAreSorted,
            GatherScatterMode.Clip
        );
        var updates = Argument.Given(func)(windows);
        return Scatter(operand, scatterIndices, updates, dimensionNumbers, indicesAreSorted, uniqueIndices, mode);
    }

    private static NDArray Combine(
        Func<ScatterDimensionNumbers, GatherScatterMode, ScatterPrimitive> scatter,
        NDArray operand,
        NDArray indices,
        NDArray updates,
        ScatterDimensionNumbers numbers,
        GatherScatterMode? mode
    )
    {
        var matched = LaxOperands.MatchWeak([Argument.Given(operand), Argument.Given(updates)]);
        return scatter(Argument.Given(numbers), mode ?? GatherScatterMode.Drop)
            .Bind(matched[0], Argument.Given(indices), matched[1]);
    }
}
