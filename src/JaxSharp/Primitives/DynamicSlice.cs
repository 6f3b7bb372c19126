using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// A block of an array that starts at computed indices: operands are the array and one integer scalar per axis. Indices are moved
/// into range so that the block lies inside of the array.
/// </summary>
internal sealed record DynamicSlice(Dims SliceSizes) : LinearPrimitive
{
    public override string Name => "dynamic_slice";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        DynamicPlaces.Check(Name, operand, operands[1..]);
        if (
            SliceSizes.Count != operand.Rank
            || SliceSizes.Where((size, i) => size < 0 || size > operand.Shape[i]).Any()
        )
        {
            throw new ShapeException(
                $"dynamic_slice of {operand} cannot take slice_sizes={SliceSizes}: it needs a size between 0 and the extent for each axis."
            );
        }

        return [operand with { Shape = new Shape(SliceSizes.Span) }];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) =>
        new DynamicUpdateSlice().Bind([Operators.Zeros(operand), ct, .. operands[1..].Select(o => o.Value)]);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        if (dims[1..].All(d => d is null))
        {
            int dim = dims[0]!.Value;
            NDArray[] indices = [.. operands[1..]];
            var zero = DeviceArray.Scalar(0L, indices.Length > 0 ? indices[0].DType : DType.I32, weak: false);
            var batched = new DynamicSlice(SliceSizes.Insert(dim, axis.Size));
            return ([batched.Bind([operands[0], .. indices[..dim], zero, .. indices[dim..]])], [dim]);
        }

        var (starts, startsDim) = DynamicPlaces.Stack(operands[1..], dims[1..], axis.Size);
        int rank = SliceSizes.Count;
        var gather = new Gather(
            new GatherDimensionNumbers(Dims.Range(rank), default, Dims.Range(rank)),
            SliceSizes,
            GatherScatterMode.Clip,
            IndicesAreSorted: true,
            UniqueIndices: true
        );
        return gather.Batch(axis, [operands[0], starts], [dims[0], startsDim]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        return new Lowering.Indexed(
            (index, read) =>
            {
                var place = new ScalarExpr[index.Length];
                for (int i = 0; i < place.Length; i++)
                {
                    place[i] = Scalar.Add(DynamicPlaces.Start(read[i + 1](), shape[i], SliceSizes[i]), index[i]);
                }

                return read[0](place);
            }
        );
    }

    public override NDArray? Simplify(NDArray[] operands) =>
        operands[0].Shape.Extents.SequenceEqual(SliceSizes.Span) ? operands[0] : null;
}

/// <summary>
/// An array with a block replaced by the second operand; the block starts at computed indices, which are moved into range.
/// </summary>
internal sealed record DynamicUpdateSlice : Primitive
{
    public override string Name => "dynamic_update_slice";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var (operand, update) = (operands[0], operands[1]);
        if (operand.DType != update.DType)
        {
            throw new DTypeException(
                $"dynamic_update_slice needs an update of the array's element type; got {operand} and {update}. Use AsType."
            );
        }

        if (update.Rank != operand.Rank || update.Shape.Where((size, i) => size > operand.Shape[i]).Any())
        {
            throw new ShapeException(
                $"dynamic_update_slice cannot write {update} into {operand}: the update needs the same rank and no larger extents."
            );
        }

        DynamicPlaces.Check(Name, operand, operands[2..]);
        return [operand with { Weak = operands.All(o => o.Weak) }];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        ([this.Bind(primals)], TangentOperators.ApplyAll(tangents[..2], ts => [this.Bind([.. ts, .. primals[2..]])]));

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var ct = cotangents[0]!;
        NDArray[] indices = [.. operands[2..].Select(o => o.Value)];
        var update = operands[1].Type;
        var result = new NDArray?[operands.Length];
        result[0] = operands[0].IsLinear ? this.Bind([ct, Operators.Zeros(update), .. indices]) : null;
        result[1] = operands[1].IsLinear ? new DynamicSlice(update.Shape).Bind([ct, .. indices]) : null;
        return result;
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int rank = operands.Length - 2;
        if (dims[2..].All(d => d is null))
        {
            NDArray[] indices = [.. operands[2..]];
            var zero = DeviceArray.Scalar(0L, rank > 0 ? indices[0].DType : DType.I32, weak: false);
            var x = Batching.Align(operands[0], dims[0], 0, axis.Size);
            var update = Batching.Align(operands[1], dims[1], 0, axis.Size);
            return ([this.Bind([x, update, zero, .. indices])], [0]);
        }

        var (starts, startsDim) = DynamicPlaces.Stack(operands[2..], dims[2..], axis.Size);
        var scatter = new Scatter(
            new ScatterDimensionNumbers(Dims.Range(rank), default, Dims.Range(rank)),
            GatherScatterMode.Clip,
            IndicesAreSorted: true,
            UniqueIndices: true
        );
        return scatter.Batch(axis, [operands[0], starts, operands[1]], [dims[0], startsDim, dims[1]]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (shape, update) = (operands[0].Shape, operands[1].Shape);
        return new Lowering.Indexed(
            (index, read) =>
            {
                if (update.Size == 0)
                {
                    return read[0](index);
                }

                ScalarExpr? inside = null;
                var place = new ScalarExpr[index.Length];
                for (int i = 0; i < place.Length; i++)
                {
                    if (update[i] == shape[i])
                    {
                        place[i] = index[i];
                        continue;
                    }

                    var offset = Scalar.Sub(index[i], DynamicPlaces.Start(read[i + 2](), shape[i], update[i]));
                    inside = Places.And(inside, Places.Inside(offset, update[i]));
                    place[i] = offset;
                }

                var written = read[1](place);
                return inside is null ? written : Scalar.Select(inside, written, read[0](index));
            }
        );
    }
}

/// <summary>What slices at computed indices share.</summary>
internal static class DynamicPlaces
{
    public static void Check(string name, ArrayType operand, ArrayType[] indices)
    {
        if (indices.Length != operand.Rank || indices.Any(i => i.Rank != 0))
        {
            throw new ShapeException(
                $"{name} of {operand} needs one scalar start index for each of its {operand.Rank} axes; got "
                    + $"({Types.List(indices)})."
            );
        }

        if (indices.Any(i => !i.DType.IsInteger || i.DType != indices[0].DType))
        {
            throw new DTypeException(
                $"{name} of {operand} needs start indices of one integer type; got ({Types.List(indices)}). Use AsType."
            );
        }
    }

    /// <summary>A start index moved into range.</summary>
    public static ScalarExpr Start(ScalarExpr index, int extent, int size) =>
        Places.Clamp(Places.Dynamic(index), extent - size + 1);

    /// <summary>Index scalars, some of them stacked, as one array whose last axis numbers them.</summary>
    public static (NDArray Starts, int? Dim) Stack(NDArray[] indices, int?[] dims, int size)
    {
        var columns = indices
            .Select((index, i) => dims[i] is null ? Batching.Broadcast(index, size, 0) : index)
            .Select(index => new BroadcastInDim(new Shape(size, 1), [0]).Bind(index))
            .ToArray();
        return (new Concatenate(1).Bind(columns), 0);
    }
}
