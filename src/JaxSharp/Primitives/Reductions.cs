using System;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Combines the elements along axes, which vanish from the shape; one operand.</summary>
internal abstract record ReductionPrimitive(string PrimitiveName, Domain Domain, EquatableArray<int> Axes) : Primitive
{
    public sealed override string Name => PrimitiveName;

    public sealed override string Parameters => $"axes={Axes}";

    /// <summary>How elements are combined.</summary>
    protected abstract Monoid Monoid { get; }

    /// <summary>The same reduction along other axes.</summary>
    protected abstract ReductionPrimitive Along(EquatableArray<int> axes);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        Types.Check(Name, Domain, operand);
        if (Axes.Any(axis => axis < 0 || axis >= operand.Rank) || Axes.Distinct().Count() != Axes.Length)
        {
            throw new AxisException(
                $"{Name} of {operand} cannot reduce axes {Axes}: they must be distinct and in [0, {operand.Rank})."
            );
        }

        return [operand with { Shape = operand.Shape.Without(Axes) }];
    }

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        int[] axes = [.. Axes.Select(a => a < dim ? a : a + 1)];
        return ([Along(axes).Bind(operands[0])], [dim - axes.Count(a => a < dim)]);
    }

    public sealed override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        int rank = operands[0].Rank;
        int[] axes = [.. Axes.Order()];
        int[] inner = [.. axes.Select(axis => operands[0].Shape[axis])];
        return new Lowering.Reduction(
            Monoid,
            inner,
            (index, innerIndex, read) =>
            {
                var full = new ScalarExpr[rank];
                for (int axis = 0, kept = 0; axis < rank; axis++)
                {
                    int position = Array.IndexOf(axes, axis);
                    full[axis] = position >= 0 ? innerIndex[position] : index[kept++];
                }

                return read[0](full);
            }
        );
    }

    /// <summary>A value with the reduced shape repeated along the reduced axes.</summary>
    protected NDArray Expand(NDArray reduced, Shape shape)
    {
        var axes = Axes;
        return new BroadcastInDim(shape, [.. Enumerable.Range(0, shape.Rank).Where(axis => !axes.Contains(axis))]).Bind(
            reduced
        );
    }
}

/// <summary>The sum along axes.</summary>
internal sealed record ReduceSum(EquatableArray<int> ReducedAxes)
    : ReductionPrimitive("reduce_sum", Domain.Number, ReducedAxes)
{
    protected override Monoid Monoid => Monoid.Add;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind(t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [Expand(cotangents[0]!, operands[0].Type.Shape)];

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceSum(axes);
}
