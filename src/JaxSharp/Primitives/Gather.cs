using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Slices of the first operand that start where the second operand says, put together. <paramref name="FillValue"/> (null: NaN,
/// the smallest signed, the largest unsigned integer, or true) stands for slices out of range in mode fill.
/// </summary>
internal sealed record Gather(
    GatherDimensionNumbers DimensionNumbers,
    Dims SliceSizes,
    GatherScatterMode Mode,
    bool IndicesAreSorted = false,
    bool UniqueIndices = false,
    double? FillValue = null
) : Primitive
{
    public override string Name => "gather";

    private GatherDimensionNumbers N => DimensionNumbers;

    /// <summary>Elements along one axis: <c>indices</c> has the shape of the result, axis by axis equal to <paramref name="x"/>'s.</summary>
    public static NDArray AlongAxis(
        NDArray x,
        NDArray indices,
        int axis,
        GatherScatterMode mode = GatherScatterMode.PromiseInBounds
    )
    {
        int[] others = [.. Enumerable.Range(0, x.Ndim).Where(a => a != axis)];
        var numbers = new GatherDimensionNumbers(default, axis, axis, others, others);
        var vectors = new BroadcastInDim(indices.Shape.Insert(indices.Ndim, 1), [.. Enumerable.Range(0, indices.Ndim)]);
        Dims sizes = [.. x.Shape.Select(extent => Math.Min(extent, 1))];
        return new Gather(numbers, sizes, mode).Bind(x, vectors.Bind(indices));
    }

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var (operand, indices) = (operands[0], operands[1]);
        GatherChecks.Check(this, operand, indices);
        var batch = indices.Shape.Extents[..^1].ToArray();
        int[] offsets =
        [
            .. SliceSizes.Where(
                (_, axis) => !N.CollapsedSliceDims.Contains(axis) && !N.OperandBatchingDims.Contains(axis)
            ),
        ];
        int[] extents = new int[batch.Length + offsets.Length];
        for (int i = 0, b = 0, o = 0; i < extents.Length; i++)
        {
            extents[i] = N.OffsetDims.Contains(i) ? offsets[o++] : batch[b++];
        }

        return [operand with { Shape = new Shape(extents) }];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        var linear = this with { FillValue = 0 };
        return ([y], [tangents[0].Apply(t => linear.Bind(t, primals[1]), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var numbers = new ScatterDimensionNumbers(
            N.OffsetDims,
            N.CollapsedSliceDims,
            N.StartIndexMap,
            N.OperandBatchingDims,
            N.StartIndicesBatchingDims
        );
        var scatter = new ScatterAdd(numbers, Mode, IndicesAreSorted, UniqueIndices);
        return [scatter.Bind(Operators.Zeros(operands[0].Type), operands[1].Value, cotangents[0]!), null];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var x = Batching.ToFront(operands[0], dims[0]);
        var indices = Batching.ToFront(operands[1], dims[1]);
        bool stackedX = dims[0] is not null;
        bool stackedIndices = dims[1] is not null;
        int shift = stackedX ? 1 : 0;
        var offsets = N.OffsetDims.Plus(1);
        var operandBatching = N.OperandBatchingDims.Plus(shift);
        var indicesBatching = N.StartIndicesBatchingDims.Plus(stackedIndices ? 1 : 0);
        Dims sizes = SliceSizes;
        if (stackedX && stackedIndices)
        {
            operandBatching = operandBatching.Prepend(0);
            indicesBatching = indicesBatching.Prepend(0);
            sizes = sizes.Prepend(axis.Size == 0 ? 0 : 1);
        }
        else if (stackedX)
        {
            offsets = offsets.Prepend(0);
            sizes = sizes.Prepend(axis.Size);
        }

        var numbers = new GatherDimensionNumbers(
            offsets,
            N.CollapsedSliceDims.Plus(shift),
            N.StartIndexMap.Plus(shift),
            operandBatching,
            indicesBatching
        );
        var batched = this with { DimensionNumbers = numbers, SliceSizes = sizes, IndicesAreSorted = false };
        return ([batched.Bind(x, indices)], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        var dtype = results[0].DType;
        int[] batch = [.. Enumerable.Range(0, results[0].Rank).Where(axis => !N.OffsetDims.Contains(axis))];
        return new Lowering.Indexed(
            (index, read) =>
            {
                ScalarExpr[] at = [.. batch.Select(axis => index[axis])];
                ScalarExpr? inside = null;
                var place = new ScalarExpr[shape.Rank];
                for (int axis = 0, offset = 0; axis < place.Length; axis++)
                {
                    place[axis] = Places.Int(0);
                    if (N.OperandBatchingDims.Span.IndexOf(axis) is >= 0 and var paired)
                    {
                        place[axis] = at[N.StartIndicesBatchingDims[paired]];
                        continue;
                    }

                    if (N.StartIndexMap.Span.IndexOf(axis) is >= 0 and var component)
                    {
                        var start = Places.Dynamic(read[1]([.. at, Places.Int(component)]));
                        int count = shape[axis] - SliceSizes[axis] + 1;
                        inside = Places.And(inside, Places.Inside(start, count));
                        place[axis] = Places.Clamp(start, count);
                    }

                    if (!N.CollapsedSliceDims.Contains(axis))
                    {
                        place[axis] = Scalar.Add(place[axis], index[N.OffsetDims[offset++]]);
                    }
                }

                var element = shape.Size == 0 ? Fill(dtype) : read[0](place);
                return Mode == GatherScatterMode.FillOrDrop && inside is not null
                    ? Scalar.Select(inside, element, Fill(dtype))
                    : element;
            }
        );
    }

    private ScalarExpr Fill(DType dtype) =>
        FillValue is { } value ? Scalar.Const(dtype, value)
        : dtype.IsInexact ? Scalar.Const(dtype, double.NaN)
        : dtype.IsSigned ? Scalar.ConstBits(dtype, 1ul << ((dtype.Size * 8) - 1))
        : dtype.IsBool ? Scalar.Const(true)
        : Scalar.Const(dtype, -1L);
}

/// <summary>The conditions that StableHLO puts on a gather.</summary>
internal static class GatherChecks
{
    public static void Check(Gather gather, ArrayType operand, ArrayType indices)
    {
        var n = gather.DimensionNumbers;
        int rank = operand.Rank;
        if (!indices.DType.IsInteger)
        {
            throw new DTypeException($"gather needs integer indices; got {indices}. Use AsType.");
        }

        if (indices.Rank == 0)
        {
            throw new ShapeException("gather needs indices whose last axis holds the index vectors; got a scalar.");
        }

        if (gather.SliceSizes.Count != rank)
        {
            throw Wrong($"slice_sizes={gather.SliceSizes} must have one size for each axis of the array");
        }

        int vectorSize = indices.Shape[^1];
        if (n.StartIndexMap.Count != vectorSize)
        {
            throw Wrong(
                $"start_index_map={n.StartIndexMap} must name one axis for each of the {vectorSize} components of an index"
            );
        }

        Require(
            Within(n.StartIndexMap, rank) && Distinct(n.StartIndexMap),
            $"start_index_map={n.StartIndexMap} must be distinct axes of the array"
        );
        int outputRank = indices.Rank - 1 + n.OffsetDims.Count;
        Require(Ascending(n.OffsetDims, outputRank), $"offset_dims={n.OffsetDims} must be sorted axes of the result");
        Require(
            Ascending(n.CollapsedSliceDims, rank),
            $"collapsed_slice_dims={n.CollapsedSliceDims} must be sorted axes of the array"
        );
        Require(
            Ascending(n.OperandBatchingDims, rank),
            $"operand_batching_dims={n.OperandBatchingDims} must be sorted axes of the array"
        );
        Require(
            n.OperandBatchingDims.Count == n.StartIndicesBatchingDims.Count
                && Within(n.StartIndicesBatchingDims, indices.Rank - 1)
                && Distinct(n.StartIndicesBatchingDims),
            $"start_indices_batching_dims={n.StartIndicesBatchingDims} must be distinct axes of the indices, one for each of operand_batching_dims={n.OperandBatchingDims}"
        );
        Require(
            Distinct([.. n.CollapsedSliceDims, .. n.OperandBatchingDims])
                && Distinct([.. n.StartIndexMap, .. n.OperandBatchingDims]),
            $"operand_batching_dims={n.OperandBatchingDims} must be apart from collapsed_slice_dims={n.CollapsedSliceDims} and start_index_map={n.StartIndexMap}"
        );
        Require(
            n.OffsetDims.Count == rank - n.CollapsedSliceDims.Count - n.OperandBatchingDims.Count,
            $"offset_dims={n.OffsetDims} must have one axis for each axis of the array that is neither collapsed nor batching"
        );
        for (int axis = 0; axis < rank; axis++)
        {
            int size = gather.SliceSizes[axis];
            Require(
                size >= 0 && size <= operand.Shape[axis],
                $"slice_sizes={gather.SliceSizes} must be between 0 and the extent of each axis"
            );
            bool single = n.CollapsedSliceDims.Contains(axis) || n.OperandBatchingDims.Contains(axis);
            Require(!single || size <= 1, $"slice_sizes={gather.SliceSizes} must be 1 at collapsed and batching axes");
        }

        for (int i = 0; i < n.OperandBatchingDims.Count; i++)
        {
            Require(
                operand.Shape[n.OperandBatchingDims[i]] == indices.Shape[n.StartIndicesBatchingDims[i]],
                $"operand_batching_dims={n.OperandBatchingDims} and start_indices_batching_dims={n.StartIndicesBatchingDims} must have equal extents"
            );
        }

        void Require(bool condition, string expectation)
        {
            if (!condition)
            {
                throw Wrong(expectation);
            }
        }

        ShapeException Wrong(string expectation) => new($"gather from {operand} at indices {indices}: {expectation}.");
    }

    public static bool Within(Dims axes, int rank) => axes.All(a => a >= 0 && a < rank);

    public static bool Distinct(Dims axes) => axes.Distinct().Count() == axes.Count;

    public static bool Ascending(Dims axes, int rank)
    {
        for (int i = 0; i < axes.Count; i++)
        {
            if (axes[i] < 0 || axes[i] >= rank || (i > 0 && axes[i] <= axes[i - 1]))
            {
                return false;
            }
        }

        return true;
    }
}
