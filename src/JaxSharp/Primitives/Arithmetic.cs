using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>x + y.</summary>
internal sealed record Add() : BinaryPrimitive("add", Domain.Number)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) => dx + dy;

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [operands[0].IsLinear ? cotangents[0] : null, operands[1].IsLinear ? cotangents[0] : null];

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Add(x, y);
}

/// <summary>x − y.</summary>
internal sealed record Sub() : BinaryPrimitive("sub", Domain.Number)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) => dx - dy;

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [operands[0].IsLinear ? cotangents[0] : null, operands[1].IsLinear ? -cotangents[0]! : null];

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Sub(x, y);
}

/// <summary>x · y.</summary>
internal sealed record Mul() : BinaryPrimitive("mul", Domain.Number)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) => dx * y + x * dy;

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        operands[0].IsLinear ? [cotangents[0]! * operands[1].Value, null] : [null, cotangents[0]! * operands[0].Value];

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Mul(x, y);
}

/// <summary>x / y; integers divide towards zero.</summary>
internal sealed record Div() : BinaryPrimitive("div", Domain.Number)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) =>
        dy.IsZero ? dx / y : dx / y - (z / y) * dy;

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        [operands[0].IsLinear ? cotangents[0]! / operands[1].Value : null, null];

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Div(x, y);
}

/// <summary>−x.</summary>
internal sealed record Neg() : LinearUnaryPrimitive("neg", Domain.Number)
{
    public override NDArray Transpose(NDArray ct, ArrayType operand) => -ct;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Neg(x);
}
