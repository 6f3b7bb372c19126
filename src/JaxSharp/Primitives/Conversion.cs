using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>Converts to another element type, with the given weakness.</summary>
internal sealed record ConvertElementType(DType NewDType, bool Weak)
    : UnaryPrimitive("convert_element_type", Domain.Any)
{
    public override string Parameters => $"new_dtype={NewDType.LongName} weak_type={(Weak ? "True" : "False")}";

    public override ArrayType[] Infer(ArrayType[] operands) => [new ArrayType(NewDType, operands[0].Shape, Weak)];

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
