using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>The place along an axis of the first element that a reduction chooses; the first NaN wins.</summary>
/// <param name="PrimitiveName">The name.</param>
/// <param name="Axes">The one axis, which vanishes from the shape.</param>
/// <param name="IndexDType">The element type of the result.</param>
internal abstract record ArgReduction(string PrimitiveName, Dims Axes, DType IndexDType) : Primitive
{
    public sealed override string Name => PrimitiveName;

    protected int Axis => Axes[0];

    /// <summary>The reduction that gives the chosen element.</summary>
    protected abstract ReductionPrimitive Choice { get; }

    /// <summary>The same along another axis.</summary>
    protected abstract ArgReduction Along(int axis);

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        Types.Check(Name, Domain.Ordered, operand);
        if (!IndexDType.IsInteger)
        {
            throw new DTypeException($"{Name} gives places of an integer type; got index_dtype {IndexDType}.");
        }

        if (Axis < 0 || Axis >= operand.Rank)
        {
            throw new AxisException($"{Name} of {operand} has no axis {Axis}: it must be in [0, {operand.Rank}).");
        }

        if (operand.Shape[Axis] == 0)
        {
            throw new ShapeException($"{Name} of {operand} along axis {Axis} has no elements to choose from.");
        }

        return [new ArrayType(IndexDType, operand.Shape.Without(Axis))];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims)
    {
        int dim = dims[0]!.Value;
        bool before = dim <= Axis;
        return ([Along(before ? Axis + 1 : Axis).Bind(operands[0])], [before ? dim : dim - 1]);
    }

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        Composition.Inline(
            operands,
            xs =>
            {
                var x = xs[0];
                int[] kept = [.. Enumerable.Range(0, x.Ndim).Where(axis => axis != Axis)];
                var chosen = new BroadcastInDim(x.Shape, kept).Bind(Choice.Bind(x));
                var isChosen = new Eq().Bind(x, chosen);
                if (x.DType.IsFloating)
                {
                    isChosen = new Or().Bind(isChosen, new Ne().Bind(x, x));
                }

                var places = new Iota(DType.I32, x.Shape, Axis).Bind();
                var end = Operators.Full(places.Type, x.Shape[Axis]);
                var first = new ReduceMin([Axis]).Bind(SelectN.Where(isChosen, places, end));
                return [new ConvertElementType(IndexDType, Weak: false).Bind(first)];
            }
        );
}

/// <summary>The place of the first maximum.</summary>
internal sealed record ArgMax(Dims Axes, DType IndexDType) : ArgReduction("argmax", Axes, IndexDType)
{
    protected override ReductionPrimitive Choice => new ReduceMax([Axis]);

    protected override ArgReduction Along(int axis) => new ArgMax(axis, IndexDType);
}

/// <summary>The place of the first minimum.</summary>
internal sealed record ArgMin(Dims Axes, DType IndexDType) : ArgReduction("argmin", Axes, IndexDType)
{
    protected override ReductionPrimitive Choice => new ReduceMin([Axis]);

    protected override ArgReduction Along(int axis) => new ArgMin(axis, IndexDType);
}
