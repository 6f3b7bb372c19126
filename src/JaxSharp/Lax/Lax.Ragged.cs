using System;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Products in which an axis is cut into groups of different sizes.</content>
public static partial class Lax
{
    /// <summary>The product of a matrix whose rows fall into groups with one matrix for each group.</summary>
    /// <param name="lhs">Rows: <c>[m, k]</c>.</param>
    /// <param name="rhs">A matrix for each group: <c>[g, k, n]</c>.</param>
    /// <param name="groupSizes">The number of rows in each group, <c>[g]</c>; rows past the last group give zeros.</param>
    /// <param name="precision">Has no effect.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    /// <returns><c>[m, n]</c>.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray RaggedDot(
        NDArray lhs,
        NDArray rhs,
        NDArray groupSizes,
        Precision? precision = null,
        DType? preferredElementType = null
    ) =>
        RaggedDotGeneral(
            lhs,
            rhs,
            groupSizes,
            new RaggedDotDimensionNumbers(new DotDimensionNumbers(1, 1), 0, 0),
            precision,
            preferredElementType
        );

    /// <summary>Products summed over contracting axes, with one axis of the left operand cut into groups.</summary>
    /// <param name="lhs">The left operand.</param>
    /// <param name="rhs">The right operand; with an axis that numbers groups, if the cut axis is neither summed nor a batch.</param>
    /// <param name="groupSizes">The extent of each group: an integer vector.</param>
    /// <param name="raggedDotDimensionNumbers">The axes of the product, the cut axis and the axis of groups.</param>
    /// <param name="precision">Has no effect.</param>
    /// <param name="preferredElementType">The element type of the result.</param>
    /// <returns>The product; with the groups as a first axis, if the cut axis is summed.</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray RaggedDotGeneral(
        NDArray lhs,
        NDArray rhs,
        NDArray groupSizes,
        RaggedDotDimensionNumbers raggedDotDimensionNumbers,
        Precision? precision = null,
        DType? preferredElementType = null
    )
    {
        var (x, y, sizes) = (Argument.Given(lhs), Argument.Given(rhs), Argument.Given(groupSizes));
        var ragged = Argument.Given(raggedDotDimensionNumbers);
        var n = ragged.DotDimensionNumbers;
        if (ragged.LhsRaggedDimensions.Count != 1 || sizes.Ndim != 1 || !sizes.DType.IsInteger)
        {
            throw new ShapeException(
                $"lax.ragged_dot_general cuts one axis into groups whose sizes are an integer vector; got axes {ragged.LhsRaggedDimensions} "
                    + $"and sizes {sizes.Type}."
            );
        }

        int axis = LaxAxes.Canonical("ragged_dot_general", ragged.LhsRaggedDimensions[0], x.Ndim);
        if (n.LhsBatch.Contains(axis))
        {
            return DotGeneral(x, y, n, precision, preferredElementType);
        }

        var grouped = InGroups(x, sizes, axis);
        var (contracting, batch) = (n.LhsContracting.Plus(1), n.LhsBatch.Plus(1));
        if (n.LhsContracting.Contains(axis))
        {
            var sums = new DotDimensionNumbers(contracting, n.RhsContracting, batch, n.RhsBatch);
            var product = DotGeneral(grouped, y, sums, precision, preferredElementType);
            return Batching.MoveAxis(product, n.LhsBatch.Count, 0);
        }

        if (
            ragged.RhsGroupDimensions.Count != 1
            || y.Ndim == 0
            || y.Shape[ragged.RhsGroupDimensions[0]] != sizes.Shape[0]
        )
        {
            throw new ShapeException(
                $"lax.ragged_dot_general needs one axis of the right operand, {y.Type}, that numbers the {sizes.Shape[0]} groups; got "
                    + $"{ragged.RhsGroupDimensions}."
            );
        }

        var numbers = new DotDimensionNumbers(
            contracting.Prepend(0),
            n.RhsContracting.Prepend(ragged.RhsGroupDimensions[0]),
            batch,
            n.RhsBatch
        );
        return DotGeneral(grouped, y, numbers, precision, preferredElementType);
    }

    // The array once for each group, zero outside of the group along an axis.
    private static NDArray InGroups(NDArray x, NDArray sizes, int axis)
    {
        int groups = sizes.Shape[0];
        var counted = Primitives.DotGeneral.Cast(sizes, DType.I32);
        Shape square = (groups, groups);
        var before = Lt(BroadcastedIota(DType.I32, square, 1), BroadcastedIota(DType.I32, square, 0));
        var starts = new ReduceSum([1]).Bind(
            Select(
                before,
                new BroadcastInDim(square, [1]).Bind(counted),
                Operators.Zeros(new ArrayType(DType.I32, square))
            )
        );
        Shape plane = (groups, x.Shape[axis]);
        var place = BroadcastedIota(DType.I32, plane, 1);
        var first = new BroadcastInDim(plane, [0]).Bind(starts);
        var end = new BroadcastInDim(plane, [0]).Bind(Add(starts, counted));
        var inside = new And().Bind(Ge(place, first), Lt(place, end));
        var shape = x.Shape.Insert(0, groups);
        var stack = new BroadcastInDim(shape, [.. Enumerable.Range(1, x.Ndim)]).Bind(x);
        return Select(new BroadcastInDim(shape, [0, axis + 1]).Bind(inside), stack, Operators.Zeros(stack.Type));
    }
}
