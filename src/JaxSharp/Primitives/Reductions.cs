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

    /// <summary>The operand with the reduced axes joined to one at the end.</summary>
    protected NDArray JoinAxes(NDArray x)
    {
        var axes = Axes;
        int[] kept = [.. Enumerable.Range(0, x.Ndim).Where(axis => !axes.Contains(axis))];
        var moved = new PermuteAxes([.. kept, .. Axes.Order()]).Bind(x);
        int count = (int)Axes.Aggregate(1L, (product, axis) => product * x.Shape[axis]);
        return new Reshape(new Shape([.. kept.Select(axis => x.Shape[axis]), count])).Bind(moved);
    }

    /// <summary>Lowers a reduction of complex numbers, which has no loop nest, to the last one of running combinations.</summary>
    protected Lowering LowerComplex(ArrayType[] operands, Func<int, CumulativePrimitive> running, double neutral) =>
        Composition.Inline(
            operands,
            xs =>
            {
                var x = JoinAxes(xs[0]);
                int last = x.Ndim - 1;
                if (x.Shape[last] == 0)
                {
                    return [Operators.Full(x.Type with { Shape = x.Shape.Without(last) }, neutral)];
                }

                var y = running(last).Bind(x);
                var sliced = Slice.InDim(y, y.Shape[last] - 1, y.Shape[last], last);
                return [new Reshape(y.Shape.Without(last)).Bind(sliced)];
            }
        );
}

/// <summary>The sum along axes.</summary>
internal sealed record ReduceSum(EquatableArray<int> Axes) : ReductionPrimitive("reduce_sum", Domain.Number, Axes)
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

/// <summary>The product along axes.</summary>
internal sealed record ReduceProd(EquatableArray<int> Axes) : ReductionPrimitive("reduce_prod", Domain.Number, Axes)
{
    protected override Monoid Monoid => Monoid.Mul;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        // A tree of products of pairs: exact where elements are 0, and differentiable again.
        var y = this.Bind(primals);
        var x = JoinAxes(primals[0]);
        var dx = tangents[0].Apply(JoinAxes, x);
        int last = x.Ndim - 1;
        if (x.Shape[last] == 0)
        {
            return ([y], [Tangent.Zero(y)]);
        }

        while (x.Shape[last] > 1)
        {
            int half = (x.Shape[last] + 1) / 2;
            var (first, second) = (FirstHalf(x, half), SecondHalf(x, half, 1));
            dx =
                dx.Apply(t => FirstHalf(t, half), first) * second
                + dx.Apply(t => SecondHalf(t, half, 0), second) * first;
            x = first * second;
        }

        return ([y], [dx.Apply(t => new Reshape(y.Shape).Bind(t), y)]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        operands[0].DType.IsComplex
            ? LowerComplex(operands, axis => new CumProd(axis, false), 1)
            : base.Lower(operands, results);

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceProd(axes);

    private static NDArray FirstHalf(NDArray x, int half) => Slice.InDim(x, 0, half, x.Ndim - 1);

    private static NDArray SecondHalf(NDArray x, int half, double filling)
    {
        int last = x.Ndim - 1;
        int missing = 2 * half - x.Shape[last];
        var rest = Slice.InDim(x, half, x.Shape[last], last);
        return missing == 0
            ? rest
            : new Concatenate(last).Bind(
                rest,
                Operators.Full(x.Type with { Shape = x.Shape.With(last, missing) }, filling)
            );
    }
}

/// <summary>A reduction that chooses elements; equal ones share the derivative.</summary>
internal abstract record ChoosingReduction(string ChoosingName, EquatableArray<int> Axes)
    : ReductionPrimitive(ChoosingName, Domain.Any, Axes)
{
    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var x = primals[0];
        var y = this.Bind(x);
        var chosen = new ConvertElementType(x.DType, x.WeakType).Bind(new Eq().Bind(x, Expand(y, x.Shape)));
        var sum = new ReduceSum(Axes);
        var count = sum.Bind(chosen);
        return ([y], [tangents[0].Apply(t => sum.Bind(t * chosen) / count, y)]);
    }
}

/// <summary>The maximum along axes; a NaN wins.</summary>
internal sealed record ReduceMax(EquatableArray<int> Axes) : ChoosingReduction("reduce_max", Axes)
{
    protected override Monoid Monoid => Monoid.Max;

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        operands[0].DType.IsComplex
            ? LowerComplex(operands, axis => new CumMax(axis, false), double.NegativeInfinity)
            : base.Lower(operands, results);

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceMax(axes);
}

/// <summary>The minimum along axes; a NaN wins.</summary>
internal sealed record ReduceMin(EquatableArray<int> Axes) : ChoosingReduction("reduce_min", Axes)
{
    protected override Monoid Monoid => Monoid.Min;

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        operands[0].DType.IsComplex
            ? LowerComplex(operands, axis => new CumMin(axis, false), double.PositiveInfinity)
            : base.Lower(operands, results);

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceMin(axes);
}

/// <summary>A reduction by a bitwise or logical operation.</summary>
internal abstract record BitwiseReduction(string BitwiseName, EquatableArray<int> Axes)
    : ReductionPrimitive(BitwiseName, Domain.BoolOrInteger, Axes)
{
    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }
}

/// <summary>Bitwise and along axes; on bool: whether all hold.</summary>
internal sealed record ReduceAnd(EquatableArray<int> Axes) : BitwiseReduction("reduce_and", Axes)
{
    protected override Monoid Monoid => Monoid.And;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceAnd(axes);
}

/// <summary>Bitwise or along axes; on bool: whether any holds.</summary>
internal sealed record ReduceOr(EquatableArray<int> Axes) : BitwiseReduction("reduce_or", Axes)
{
    protected override Monoid Monoid => Monoid.Or;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceOr(axes);
}

/// <summary>Bitwise exclusive or along axes; on bool: whether an odd number hold.</summary>
internal sealed record ReduceXor(EquatableArray<int> Axes) : BitwiseReduction("reduce_xor", Axes)
{
    protected override Monoid Monoid => Monoid.Xor;

    protected override ReductionPrimitive Along(EquatableArray<int> axes) => new ReduceXor(axes);
}
