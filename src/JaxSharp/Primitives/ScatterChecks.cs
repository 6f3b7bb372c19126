using System;
using System.Linq;
using JaxSharp.Compiler.Routines;

namespace JaxSharp.Primitives;

/// <summary>The conditions that StableHLO puts on a scatter, and its description for the compiler.</summary>
internal static class ScatterChecks
{
    public static void Check(
        string name,
        ScatterDimensionNumbers n,
        ArrayType operand,
        ArrayType indices,
        ArrayType updates
    )
    {
        if (!indices.DType.IsInteger)
        {
            throw new DTypeException($"{name} needs integer indices; got {indices}. Use AsType.");
        }

        if (operand.DType != updates.DType)
        {
            throw new DTypeException(
                $"{name} needs updates of the array's element type; got {operand} and {updates}. Use AsType."
            );
        }

        int rank = operand.Rank;
        Require(indices.Rank > 0, "the indices need an axis, the last, that holds the index vectors");
        Require(
            n.ScatterDimsToOperandDims.Count == indices.Shape[^1],
            $"scatter_dims_to_operand_dims={n.ScatterDimsToOperandDims} must name one axis for each component of an index"
        );
        Require(
            GatherChecks.Within(n.ScatterDimsToOperandDims, rank) && GatherChecks.Distinct(n.ScatterDimsToOperandDims),
            $"scatter_dims_to_operand_dims={n.ScatterDimsToOperandDims} must be distinct axes of the array"
        );
        Require(
            GatherChecks.Ascending(n.UpdateWindowDims, updates.Rank),
            $"update_window_dims={n.UpdateWindowDims} must be sorted axes of the updates"
        );
        Require(
            GatherChecks.Ascending(n.InsertedWindowDims, rank),
            $"inserted_window_dims={n.InsertedWindowDims} must be sorted axes of the array"
        );
        Require(
            GatherChecks.Ascending(n.OperandBatchingDims, rank)
                && n.OperandBatchingDims.Count == n.ScatterIndicesBatchingDims.Count
                && GatherChecks.Within(n.ScatterIndicesBatchingDims, indices.Rank - 1)
                && GatherChecks.Distinct(n.ScatterIndicesBatchingDims),
            $"operand_batching_dims={n.OperandBatchingDims} and scatter_indices_batching_dims={n.ScatterIndicesBatchingDims} must "
                + "pair distinct axes of the array with axes of the indices"
        );
        Require(
            GatherChecks.Distinct([.. n.InsertedWindowDims, .. n.OperandBatchingDims])
                && GatherChecks.Distinct([.. n.ScatterDimsToOperandDims, .. n.OperandBatchingDims]),
            $"operand_batching_dims={n.OperandBatchingDims} must be apart from the other axes"
        );
        Require(
            n.UpdateWindowDims.Count == rank - n.InsertedWindowDims.Count - n.OperandBatchingDims.Count,
            $"update_window_dims={n.UpdateWindowDims} must have one axis for each axis of the array that is neither inserted nor batching"
        );
        Require(
            updates.Rank == indices.Rank - 1 + n.UpdateWindowDims.Count,
            $"the updates must have {indices.Rank - 1 + n.UpdateWindowDims.Count} axes: those of the indices but the last, and of a window"
        );
        int[] scatterAxes = [.. Enumerable.Range(0, updates.Rank).Where(a => !n.UpdateWindowDims.Contains(a))];
        for (int i = 0; i < scatterAxes.Length; i++)
        {
            Require(
                updates.Shape[scatterAxes[i]] == indices.Shape[i],
                $"axis {scatterAxes[i]} of the updates must have the extent of axis {i} of the indices"
            );
        }

        for (int axis = 0, window = 0; axis < rank; axis++)
        {
            if (!n.InsertedWindowDims.Contains(axis) && !n.OperandBatchingDims.Contains(axis))
            {
                int at = n.UpdateWindowDims[window++];
                Require(
                    updates.Shape[at] <= operand.Shape[axis],
                    $"axis {at} of the updates must not be longer than axis {axis} of the array"
                );
            }
        }

        for (int i = 0; i < n.OperandBatchingDims.Count; i++)
        {
            Require(
                operand.Shape[n.OperandBatchingDims[i]] == indices.Shape[n.ScatterIndicesBatchingDims[i]],
                $"operand_batching_dims={n.OperandBatchingDims} and scatter_indices_batching_dims={n.ScatterIndicesBatchingDims} must have equal extents"
            );
        }

        void Require(bool condition, string expectation)
        {
            if (!condition)
            {
                throw new ShapeException(
                    $"{name} of updates {updates} into {operand} at indices {indices}: {expectation}."
                );
            }
        }
    }

    /// <summary>The scatter in terms of strides.</summary>
    public static ScatterLayout Layout(ScatterPrimitive scatter, ScatterCombination combination, ArrayType[] operands)
    {
        var n = scatter.DimensionNumbers;
        var (operand, indices, updates) = (operands[0], operands[1], operands[2]);
        var (_, sizes) = n.ToGather(operand.Shape, updates.Shape);
        long[] operandStrides = operand.Shape.Strides();
        long[] indexStrides = indices.Shape.Strides();
        long[] updateStrides = updates.Shape.Strides();
        int[] scatterAxes = [.. Enumerable.Range(0, updates.Rank).Where(a => !n.UpdateWindowDims.Contains(a))];

        // Scatter axes: batching ones move the target by themselves.
        var outer = scatterAxes.Select(
            (axis, i) =>
            {
                int paired = n.ScatterIndicesBatchingDims.Span.IndexOf(i);
                return new ScatterAxis(
                    updates.Shape[axis],
                    updateStrides[axis],
                    indexStrides[i],
                    paired < 0 ? 0 : operandStrides[n.OperandBatchingDims[paired]]
                );
            }
        );
        int[] windowAxes =
        [
            .. Enumerable
                .Range(0, operand.Rank)
                .Where(a => !n.InsertedWindowDims.Contains(a) && !n.OperandBatchingDims.Contains(a)),
        ];
        var window = windowAxes.Select(
            (axis, i) =>
                new ScatterAxis(
                    updates.Shape[n.UpdateWindowDims[i]],
                    updateStrides[n.UpdateWindowDims[i]],
                    0,
                    operandStrides[axis]
                )
        );
        var components = n.ScatterDimsToOperandDims.Select(axis => new ScatterComponent(
            operand.Shape[axis] - sizes[axis],
            operandStrides[axis]
        ));
        return new ScatterLayout(
            operand.DType,
            indices.DType,
            operand.Size,
            [.. outer],
            [.. window],
            [.. components],
            indices.Rank == 0 ? 1 : indexStrides[^1],
            combination,
            Clamp: scatter.Mode == GatherScatterMode.Clip,
            IsDisjoint: n.ScatterDimsToOperandDims.All(axis => sizes[axis] == 1)
        );
    }
}
