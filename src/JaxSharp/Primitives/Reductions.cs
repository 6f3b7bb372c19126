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

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        int[] axes = [.. Axes.Select(a => a < dim ? a : a + 1)];
        return ([Along(axes).Bind(operands[0])], [dim - axes.Count(a => a < dim)]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
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

    public override NDArray? Simplify(NDArray[] operands) => Axes.Length == 0 ? operands[0] : null;

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

/// <summary>A reduction that chooses elements; equal ones share the derivative.</summary>
internal abstract record ChoosingReduction(string ChoosingName, EquatableArray<int> ReducedAxes)
    : ReductionPrimitive(ChoosingName, Domain.Any, ReducedAxes)
{
    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var x = primals[0];
        var y = this.Bind(x);
        var chosen = new ConvertElementType(x.DType, x.WeakType).Bind(new Eq().Bind(x, Expand(y, x.Shape)));
        var sum = new ReduceSum(ReducedAxes);
        var count = sum.Bind(chosen);
        return ([y], [tangents[0].Apply(t => sum.Bind(t * chosen) / count, y)]);
    }
}

/// <summary>The maximum along axes; a NaN wins.</summary>
internal sealed record ReduceMax(EquatableArray<int> MaxAxes) : ChoosingReduction("reduce_max", MaxAxes)
{
    protected override Monoid Monoid => Monoid.Max;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceMax(axes);
}

/// <summary>The minimum along axes; a NaN wins.</summary>
internal sealed record ReduceMin(EquatableArray<int> MinAxes) : ChoosingReduction("reduce_min", MinAxes)
{
    protected override Monoid Monoid => Monoid.Min;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceMin(axes);
}

/// <summary>A reduction by a bitwise or logical operation.</summary>
internal abstract record BitwiseReduction(string BitwiseName, EquatableArray<int> ReducedAxes)
    : ReductionPrimitive(BitwiseName, Domain.BoolOrInteger, ReducedAxes)
{
    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }
}

/// <summary>Bitwise and along axes; on bool: whether all hold.</summary>
internal sealed record ReduceAnd(EquatableArray<int> AndAxes) : BitwiseReduction("reduce_and", AndAxes)
{
    protected override Monoid Monoid => Monoid.And;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceAnd(axes);
}

/// <summary>Bitwise or along axes; on bool: whether any holds.</summary>
internal sealed record ReduceOr(EquatableArray<int> OrAxes) : BitwiseReduction("reduce_or", OrAxes)
{
    protected override Monoid Monoid => Monoid.Or;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceOr(axes);
}

/// <summary>Bitwise exclusive or along axes; on bool: whether an odd number hold.</summary>
internal sealed record ReduceXor(EquatableArray<int> XorAxes) : BitwiseReduction("reduce_xor", XorAxes)
{
    protected override Monoid Monoid => Monoid.Xor;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceXor(axes);
}
