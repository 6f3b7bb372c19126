using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Primitives;

/// <summary>0, 1, 2, … along one axis, the same along the others.</summary>
internal sealed record Iota(DType DType, [Printed("shape")] Shape ResultShape, int Dimension) : Primitive
{
    public override string Name => "iota";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (DType.IsBool)
        {
            throw new DTypeException("iota does not make elements of type bool. Make integers and compare them.");
        }

        if (Dimension < 0 || Dimension >= ResultShape.Rank)
        {
            throw new AxisException(
                $"iota of shape {ResultShape} cannot count along axis {Dimension}: it must be in [0, {ResultShape.Rank})."
            );
        }

        return [new ArrayType(DType, ResultShape)];
    }

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents) =>
        throw Types.NotLinear(this);

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        throw new InternalException("iota has no operands to batch.");

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        new Lowering.Indexed((index, _) => Scalar.Convert(index[Dimension], DType));
}
