using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Converts to another element type, with the given weakness.</summary>
internal sealed record ConvertElementType(DType NewDType, [Printed("weak_type")] bool Weak)
    : UnaryPrimitive("convert_element_type", Domain.Any)
{
    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        return NewDType.Size == 0 != (operand.DType.Size == 0)
            ? throw new DTypeException(
                $"{Name} got {operand} and cannot make {NewDType} of it: float0 arrays, the tangents of integers, have no values and no "
                    + "arithmetic. Use jnp.ZerosLike with a dtype for zeros of their shape."
            )
            : [new ArrayType(NewDType, operand.Shape, Weak)];
    }

    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        NewDType.IsInexact ? dx.Apply(t => this.Bind(t), y) : Tangent.Zero(y);

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands)
    {
        var ct = cotangents[0]!;
        var operand = operands[0].Type;
        if (ct.DType.IsComplex && !operand.DType.IsComplex)
        {
            ct = new Real().Bind(ct);
        }

        return [new ConvertElementType(operand.DType, operand.Weak).Bind(ct)];
    }

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Convert(x, NewDType);

    public override NDArray? Simplify(NDArray[] operands) =>
        operands[0].DType == NewDType && operands[0].WeakType == Weak ? operands[0] : null;
}

/// <summary>The real part of a complex number.</summary>
internal sealed record Real() : LinearUnaryPrimitive("real", Domain.Complex)
{
    protected override DType ResultType(ArrayType[] operands) => operands[0].DType.RealType;

    public override NDArray Transpose(NDArray ct, ArrayType operand) =>
        new MakeComplex().Bind(ct, Operators.FullLike(ct, 0));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Real(x);
}

/// <summary>The imaginary part of a complex number.</summary>
internal sealed record Imag() : LinearUnaryPrimitive("imag", Domain.Complex)
{
    protected override DType ResultType(ArrayType[] operands) => operands[0].DType.RealType;

    // By JAX's convention the cotangent of z = x + iy is ∂/∂x − i ∂/∂y.
    public override NDArray Transpose(NDArray ct, ArrayType operand) =>
        new MakeComplex().Bind(Operators.FullLike(ct, 0), -ct);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Imag(x);
}

/// <summary>The complex number with the given real and imaginary parts.</summary>
internal sealed record MakeComplex() : BinaryPrimitive("complex", Domain.Floating)
{
    public override ArrayType[] Infer(ArrayType[] operands)
    {
        Types.CheckComplexParts(Name, operands[0]);
        return base.Infer(operands);
    }

    protected override DType ResultType(ArrayType[] operands) => operands[0].DType.ComplexType;

    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) =>
        TangentOperators.ApplyAll([dx, dy], t => [this.Bind(t)])[0];

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [
            operands[0].IsLinear ? new Real().Bind(cotangents[0]!) : null,
            operands[1].IsLinear ? -new Imag().Bind(cotangents[0]!) : null,
        ];

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.MakeComplex(x, y);
}

/// <summary>The complex conjugate; a real operand becomes complex.</summary>
internal sealed record Conj() : LinearUnaryPrimitive("conj", Domain.Inexact)
{
    public override ArrayType[] Infer(ArrayType[] operands)
    {
        Types.CheckComplexParts(Name, operands[0]);
        return base.Infer(operands);
    }

    protected override DType ResultType(ArrayType[] operands) => operands[0].DType.ComplexType;

    public override NDArray Transpose(NDArray ct, ArrayType operand) =>
        operand.DType.IsComplex ? this.Bind(ct) : new Real().Bind(ct);

    public override ScalarExpr Lower(ScalarExpr x) =>
        x.Type.IsComplex ? Scalar.Conj(x) : Scalar.Convert(x, x.Type.ComplexType);
}

/// <summary>Rounds to a format with fewer bits of exponent and mantissa, in the operand's own type.</summary>
internal sealed record ReducePrecision(int ExponentBits, int MantissaBits)
    : LinearUnaryPrimitive("reduce_precision", Domain.Floating)
{
    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (ExponentBits < 1 || MantissaBits < 0)
        {
            throw new JaxArgumentException(
                $"reduce_precision needs exponent_bits ≥ 1 and mantissa_bits ≥ 0; got {ExponentBits} and {MantissaBits}."
            );
        }

        return base.Infer(operands);
    }

    public override NDArray Transpose(NDArray ct, ArrayType operand) => this.Bind(ct);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.ReducePrecision(x, ExponentBits, MantissaBits);
}

/// <summary>
/// The same memory read as another element type. A narrower type adds a last axis that holds the parts, lowest first; a wider one
/// takes the last axis away.
/// </summary>
internal sealed record BitcastConvertType(DType NewDType) : Primitive
{
    public override string Name => "bitcast_convert_type";

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        var operand = operands[0];
        if (operand.DType == NewDType)
        {
            return [operand.Strong()];
        }

        if (!HasPlainBits(operand.DType) || !HasPlainBits(NewDType))
        {
            throw new DTypeException(
                $"bitcast_convert_type does not reinterpret bool, complex or float0 elements; got {operand} and {NewDType}. Use AsType, Real "
                    + "or Imag first."
            );
        }

        int from = operand.DType.Size;
        int to = NewDType.Size;
        if (from == to)
        {
            return [new ArrayType(NewDType, operand.Shape)];
        }

        if (from > to)
        {
            return [new ArrayType(NewDType, operand.Shape.Insert(operand.Rank, from / to))];
        }

        if (operand.Rank == 0 || operand.Shape[^1] != to / from)
        {
            throw new ShapeException(
                $"bitcast_convert_type of {operand} to {NewDType} joins the elements of the last axis, which must have extent "
                    + $"{to / from}."
            );
        }

        return [new ArrayType(NewDType, operand.Shape[..^1])];
    }

    private static bool HasPlainBits(DType dtype) => dtype is { IsBool: false, IsComplex: false, Size: > 0 };

    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Tangent.Zero(y)]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public override (NDArray[] Outputs, int?[] Dims) Batch(BatchAxis axis, NDArray[] operands, int?[] dims) =>
        ([this.Bind(Batching.ToFront(operands[0], dims[0]))], [0]);

    public override Lowering Lower(ArrayType[] operands, ArrayType[] results) =>
        operands[0].DType.Size == NewDType.Size
            ? new Lowering.Elementwise(x => [Scalar.Bitcast(x[0], NewDType)])
            : new Lowering.Routine(() => new CopyRoutine(results[0].ByteLength));

    public override NDArray? Simplify(NDArray[] operands) =>
        operands[0].DType == NewDType && !operands[0].WeakType ? operands[0] : null;
}
