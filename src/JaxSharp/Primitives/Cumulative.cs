using System;
using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Running combinations of the elements along an axis: element i of the result combines elements 0 to i.</summary>
/// <param name="PrimitiveName">The name.</param>
/// <param name="Domain">The element types it takes.</param>
/// <param name="Axis">The axis.</param>
/// <param name="Reverse">Whether element i combines elements i to the last instead.</param>
internal abstract record CumulativePrimitive(string PrimitiveName, Domain Domain, int Axis, bool Reverse) : Primitive
{
    public sealed override string Name => PrimitiveName;

    /// <summary>How elements are combined.</summary>
    protected abstract CumulativeOperation Operation { get; }

    /// <summary>The same along another axis.</summary>
    protected abstract CumulativePrimitive Along(int axis);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        Types.Check(Name, Domain, operand);
        if (Axis < 0 || Axis >= operand.Rank)
        {
            throw new AxisException($"{Name} of {operand} has no axis {Axis}: it must be in [0, {operand.Rank}).");
        }

        return [operand];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [AssociativeScan.Tangent(Combine, primals[0], tangents[0], Axis, Reverse)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        return ([Along(dim <= Axis ? Axis + 1 : Axis).Bind(operands[0])], [dim]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (dtype, shape) = (operands[0].DType, operands[0].Shape);
        var (outer, length, inner) = (shape[..Axis].Size, shape[Axis], shape[(Axis + 1)..].Size);
        return new Lowering.Routine(() => new CumulativeRoutine(dtype, Operation, outer, length, inner, Reverse));
    }

    public override NDArray? Simplify(NDArray[] operands) => operands[0].Shape[Axis] == 1 ? operands[0] : null;

    /// <summary>The combination of x and y and its tangent.</summary>
    protected abstract (NDArray Value, Tangent Tangent) Combine(NDArray x, NDArray y, Tangent dx, Tangent dy);

    /// <summary>A binary primitive and its derivative.</summary>
    protected static (NDArray Value, Tangent Tangent) Combine(
        BinaryPrimitive primitive,
        NDArray x,
        NDArray y,
        Tangent dx,
        Tangent dy
    )
    {
        var z = primitive.Bind(x, y);
        return (z, primitive.Jvp(x, y, dx, dy, z));
    }
}

/// <summary>Running sums.</summary>
internal sealed record CumSum(int Axis, bool Reverse) : CumulativePrimitive("cumsum", Domain.Number, Axis, Reverse)
{
    protected override CumulativeOperation Operation => CumulativeOperation.Sum;

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0].Apply(t => this.Bind(t), y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [new CumSum(Axis, !Reverse).Bind(cotangents[0]!)];

    protected override CumulativePrimitive Along(int axis) => new CumSum(axis, Reverse);

    protected override (NDArray Value, Tangent Tangent) Combine(NDArray x, NDArray y, Tangent dx, Tangent dy) =>
        Combine(new Add(), x, y, dx, dy);
}

/// <summary>Running products.</summary>
internal sealed record CumProd(int Axis, bool Reverse) : CumulativePrimitive("cumprod", Domain.Number, Axis, Reverse)
{
    protected override CumulativeOperation Operation => CumulativeOperation.Product;

    protected override CumulativePrimitive Along(int axis) => new CumProd(axis, Reverse);

    protected override (NDArray Value, Tangent Tangent) Combine(NDArray x, NDArray y, Tangent dx, Tangent dy) =>
        Combine(new Mul(), x, y, dx, dy);
}

/// <summary>Running maxima.</summary>
internal sealed record CumMax(int Axis, bool Reverse) : CumulativePrimitive("cummax", Domain.Number, Axis, Reverse)
{
    protected override CumulativeOperation Operation => CumulativeOperation.Max;

    protected override CumulativePrimitive Along(int axis) => new CumMax(axis, Reverse);

    protected override (NDArray Value, Tangent Tangent) Combine(NDArray x, NDArray y, Tangent dx, Tangent dy) =>
        Combine(new Max(), x, y, dx, dy);
}

/// <summary>Running minima.</summary>
internal sealed record CumMin(int Axis, bool Reverse) : CumulativePrimitive("cummin", Domain.Number, Axis, Reverse)
{
    protected override CumulativeOperation Operation => CumulativeOperation.Min;

    protected override CumulativePrimitive Along(int axis) => new CumMin(axis, Reverse);

    protected override (NDArray Value, Tangent Tangent) Combine(NDArray x, NDArray y, Tangent dx, Tangent dy) =>
        Combine(new Min(), x, y, dx, dy);
}

/// <summary>Running logarithms of sums of exponentials.</summary>
internal sealed record CumLogSumExp(int Axis, bool Reverse)
    : CumulativePrimitive("cumlogsumexp", Domain.Floating, Axis, Reverse)
{
    protected override CumulativeOperation Operation => CumulativeOperation.LogSumExp;

    protected override CumulativePrimitive Along(int axis) => new CumLogSumExp(axis, Reverse);

    protected override (NDArray Value, Tangent Tangent) Combine(NDArray x, NDArray y, Tangent dx, Tangent dy)
    {
        var larger = new Max().Bind(x, y);
        var same = new Eq().Bind(x, y);
        var distance = SelectN.Where(same, Operators.FullLike(x, 0), new Abs().Bind(x - y));
        var z = larger + new Log1p().Bind(new Exp().Bind(-distance));
        return (z, dx * Share(x, z) + dy * Share(y, z));
    }

    // eˣ⁻ᶻ; ∞ counts as 0, so that ∞ − ∞ is no NaN.
    private static NDArray Share(NDArray x, NDArray z) => new Exp().Bind(Finite(x) - Finite(z));

    private static NDArray Finite(NDArray x) =>
        SelectN.Where(new Eq().Bind(x, Operators.FullLike(x, double.PositiveInfinity)), Operators.FullLike(x, 0), x);
}
