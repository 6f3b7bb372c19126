using System;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Repeats an array along new axes or axes of extent 1: axis i of the operand becomes axis <c>Dimensions[i]</c> of the result.
/// </summary>
internal sealed record BroadcastInDim(
    [Printed("shape")] Shape ResultShape,
    [Printed("broadcast_dimensions")] EquatableArray<int> Dimensions
) : LinearPrimitive
{
    public override string Name => "broadcast_in_dim";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        bool fits = Dimensions.Length == operand.Rank;
        for (int i = 0; fits && i < Dimensions.Length; i++)
        {
            fits =
                Dimensions[i] >= 0
                && Dimensions[i] < ResultShape.Rank
                && (i == 0 || Dimensions[i] > Dimensions[i - 1])
                && (operand.Shape[i] == 1 || operand.Shape[i] == ResultShape[Dimensions[i]]);
        }

        if (!fits)
        {
            throw new ShapeException(
                $"broadcast_in_dim cannot broadcast {operand} to shape {ResultShape} with broadcast_dimensions={Dimensions}: each "
                    + "axis of the operand needs one axis of the result, in increasing order, of the same extent unless its own is 1."
            );
        }

        return [operand with { Shape = ResultShape }];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands)
    {
        int[] summed =
        [
            .. Enumerable
                .Range(0, ResultShape.Rank)
                .Where(axis =>
                {
                    int from = Dimensions.Span.IndexOf(axis);
                    return from < 0 || (operand.Shape[from] == 1 && ResultShape[axis] != 1);
                }),
        ];
        if (summed.Length > 0)
        {
            ct = new ReduceSum(summed).Bind(ct);
        }

        return ct.Shape == operand.Shape ? ct : new Reshape(operand.Shape).Bind(ct);
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var x = Batching.ToFront(operands[0], dims[0]);
        var batched = new BroadcastInDim(
            ResultShape.Insert(0, axis.Size),
            [0, .. Dimensions.Select(dimension => dimension + 1)]
        );
        return ([batched.Bind(x)], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        return new Lowering.Indexed(
            (index, read) =>
                read[0]
                    ([
                        .. Dimensions.Select(
                            (dimension, i) => shape[i] == 1 ? Scalar.Const(DType.I64, 0) : index[dimension]
                        ),
                    ]),
            IsView: true
        );
    }

    public override NDArray? Simplify(NDArray[] operands) => operands[0].Shape == ResultShape ? operands[0] : null;
}

/// <summary>Reorders axes: axis i of the result is axis <c>Permutation[i]</c> of the operand.</summary>
internal sealed record PermuteAxes(EquatableArray<int> Permutation) : LinearPrimitive
{
    public override string Name => "transpose";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        if (!Permutation.Order().SequenceEqual(Enumerable.Range(0, operand.Rank)))
        {
            throw new AxisException(
                $"transpose of {operand} needs a permutation of its {operand.Rank} axes; got {Permutation}."
            );
        }

        return [operand with { Shape = new Shape([.. Permutation.Select(axis => operand.Shape[axis])]) }];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) =>
        new PermuteAxes([.. Inverse()]).Bind(ct);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        int[] permutation = [dim, .. Permutation.Select(i => i < dim ? i : i + 1)];
        return ([new PermuteAxes(permutation).Bind(operands[0])], [0]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        int[] inverse = Inverse();
        return new Lowering.Indexed((index, read) => read[0]([.. inverse.Select(axis => index[axis])]), IsView: true);
    }

    public override NDArray? Simplify(NDArray[] operands) =>
        Permutation.SequenceEqual(Enumerable.Range(0, Permutation.Length)) ? operands[0] : null;

    private int[] Inverse()
    {
        int[] inverse = new int[Permutation.Length];
        for (int i = 0; i < inverse.Length; i++)
        {
            inverse[Permutation[i]] = i;
        }

        return inverse;
    }
}

/// <summary>The same elements in row-major order under another shape.</summary>
internal sealed record Reshape([Printed("new_sizes")] Shape ResultShape) : LinearPrimitive
{
    public override string Name => "reshape";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (operands[0].Size != ResultShape.Size)
        {
            throw new ShapeException(
                $"reshape cannot turn {operands[0]} ({operands[0].Size} elements) into shape {ResultShape} ({ResultShape.Size} "
                    + "elements): the number of elements must stay the same."
            );
        }

        return [operands[0] with { Shape = ResultShape }];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) =>
        new Reshape(operand.Shape).Bind(ct);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([new Reshape(ResultShape.Insert(0, axis.Size)).Bind(Batching.ToFront(operands[0], dims[0]))], [0]);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Alias();

    public override NDArray? Simplify(NDArray[] operands) => operands[0].Shape == ResultShape ? operands[0] : null;
}

/// <summary>Drops axes of extent 1.</summary>
internal sealed record Squeeze(Dims Dimensions) : LinearPrimitive
{
    public override string Name => "squeeze";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        foreach (int axis in Dimensions)
        {
            if (axis < 0 || axis >= operand.Rank || Dimensions.Count(a => a == axis) > 1)
            {
                throw new AxisException(
                    $"squeeze of {operand} cannot drop axes {Dimensions}: they must be distinct and in [0, {operand.Rank})."
                );
            }

            if (operand.Shape[axis] != 1)
            {
                throw new ShapeException(
                    $"squeeze of {operand} cannot drop axis {axis}: its extent is {operand.Shape[axis]}, not 1."
                );
            }
        }

        return [operand with { Shape = operand.Shape.Without(Dimensions) }];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) =>
        new Reshape(operand.Shape).Bind(ct);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        var batched = new Squeeze([.. Dimensions.Select(d => d < dim ? d : d + 1)]);
        return ([batched.Bind(operands[0])], [dim - Dimensions.Count(d => d < dim)]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) => new Lowering.Alias();

    public override NDArray? Simplify(NDArray[] operands) => Dimensions.Count == 0 ? operands[0] : null;
}

/// <summary>Reverses the order of the elements along axes.</summary>
internal sealed record Rev(Dims Dimensions) : LinearPrimitive
{
    public override string Name => "rev";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        int rank = operands[0].Rank;
        if (Dimensions.Any(axis => axis < 0 || axis >= rank) || Dimensions.Distinct().Count() != Dimensions.Count)
        {
            throw new AxisException(
                $"rev of {operands[0]} cannot reverse axes {Dimensions}: they must be distinct and in [0, {rank})."
            );
        }

        return [operands[0]];
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand, LinearOperand[] operands) => this.Bind(ct);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        return ([new Rev([.. Dimensions.Select(d => d < dim ? d : d + 1)]).Bind(operands[0])], [dim]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var shape = operands[0].Shape;
        return new Lowering.Indexed(
            (index, read) =>
                read[0]
                    ([
                        .. index.Select(
                            (i, axis) => Dimensions.Contains(axis) ? Scalar.Sub(Places.Int(shape[axis] - 1), i) : i
                        ),
                    ]),
            IsView: true
        );
    }

    public override NDArray? Simplify(NDArray[] operands) => Dimensions.Count == 0 ? operands[0] : null;
}
