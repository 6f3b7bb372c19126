using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Sorts arrays of one shape along an axis by the first <paramref name="NumKeys"/> of them, always stably: NaN last, −0 equal to
/// 0, complex numbers lexicographically.
/// </summary>
internal sealed record Sort(int Dimension, bool IsStable, int NumKeys) : Primitive
{
    public override string Name => "sort";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (operands.Length == 0 || NumKeys < 1 || NumKeys > operands.Length)
        {
            throw new JaxArgumentException(
                $"sort of {operands.Length} arrays got num_keys={NumKeys}: it must be between 1 and the number of arrays."
            );
        }

        if (operands.Any(o => o.Shape != operands[0].Shape))
        {
            throw new ShapeException($"sort needs arrays of one shape; got {Types.List(operands)}.");
        }

        if (Dimension < 0 || Dimension >= operands[0].Rank)
        {
            throw new AxisException(
                $"sort of {operands[0]} cannot use axis {Dimension}: it must be in [0, {operands[0].Rank})."
            );
        }

        return operands;
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var shape = primals[0].Shape;
        var places = new Iota(DType.I32, shape, Dimension).Bind();
        var sorted = this.BindAll([.. primals, places]);
        var outputs = sorted[..^1];
        return (
            outputs,
            [
                .. tangents.Select(
                    (tangent, i) => tangent.Apply(t => Gather.AlongAxis(t, sorted[^1], Dimension), outputs[i])
                ),
            ]
        );
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        var aligned = operands.Select((x, i) => Batching.Align(x, dims[i], 0, axis.Size)).ToArray();
        var sorted = (this with { Dimension = Dimension + 1 }).BindAll(aligned);
        return (sorted, [.. sorted.Select(_ => (int?)0)]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (outer, length, inner) = Lines.Of(operands[0].Shape, Dimension);
        DType[] types = [.. operands.Select(o => o.DType)];
        return new Lowering.Routine(() => new SortExecutable(types, NumKeys, outer, length, inner));
    }
}

/// <summary>
/// The largest elements along an axis, largest first, and where they are, as i32. Of equal elements the first comes first; NaN
/// counts as largest, and 0 as larger than −0.
/// </summary>
internal sealed record TopK(int K, int Axis) : Primitive
{
    public override string Name => "top_k";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        Types.Check(Name, Domain.Ordered, operand);
        if (Axis < 0 || Axis >= operand.Rank)
        {
            throw new AxisException($"top_k of {operand} cannot use axis {Axis}: it must be in [0, {operand.Rank}).");
        }

        if (K < 0 || K > operand.Shape[Axis])
        {
            throw new JaxArgumentException(
                $"top_k of {operand} along axis {Axis} got k={K}: it must be between 0 and {operand.Shape[Axis]}."
            );
        }

        var shape = operand.Shape.With(Axis, K);
        return [operand with { Shape = shape }, new ArrayType(DType.I32, shape)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var outputs = this.BindAll(primals);
        return (
            outputs,
            [tangents[0].Apply(t => Gather.AlongAxis(t, outputs[1], Axis), outputs[0]), Tangent.Zero(outputs[1])]
        );
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        return ((this with { Axis = Axis < dim ? Axis : Axis + 1 }).BindAll(operands), [dim, dim]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (outer, length, inner) = Lines.Of(operands[0].Shape, Axis);
        return new Lowering.Routine(() => new TopKExecutable(operands[0].DType, K, outer, length, inner));
    }
}

/// <summary>A dense array seen as lines along an axis.</summary>
internal static class Lines
{
    public static (long Outer, int Length, long Inner) Of(Shape shape, int axis) =>
        (shape[..axis].Size, shape[axis], shape[(axis + 1)..].Size);
}
