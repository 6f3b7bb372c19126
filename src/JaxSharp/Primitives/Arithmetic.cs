using System;
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

/// <summary>The remainder of the division towards zero; it has the sign of x.</summary>
internal sealed record Rem() : BinaryPrimitive("rem", Domain.Real)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) =>
        dy.IsZero ? dx : dx - Quotient(x, y) * dy;

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Rem(x, y);

    private static NDArray Quotient(NDArray x, NDArray y)
    {
        var quotient = x / y;
        return new Sign().Bind(quotient) * new Floor().Bind(new Abs().Bind(quotient));
    }
}

/// <summary>The larger one of x and y; a NaN wins, complex numbers compare lexicographically.</summary>
internal sealed record Max() : BinaryPrimitive("max", Domain.Any)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) => Ties.Share(x, y, dx, dy, z);

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Max(x, y);
}

/// <summary>The smaller one of x and y; a NaN wins, complex numbers compare lexicographically.</summary>
internal sealed record Min() : BinaryPrimitive("min", Domain.Any)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) => Ties.Share(x, y, dx, dy, z);

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Min(x, y);
}

/// <summary>The derivative of a choice between two values.</summary>
internal static class Ties
{
    /// <summary>The tangent of the operand that was chosen; the mean of both where they are equal.</summary>
    public static Tangent Share(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z)
    {
        var isX = new Eq().Bind(x, z);
        var isY = new Eq().Bind(y, z);
        return dx * Weight(isX, isY, z) + dy * Weight(isY, isX, z);
    }

    private static NDArray Weight(NDArray chosen, NDArray other, NDArray like) =>
        SelectN.Where(
            chosen,
            SelectN.Where(other, Operators.FullLike(like, 0.5), Operators.FullLike(like, 1)),
            Operators.FullLike(like, 0)
        );
}

/// <summary>−x.</summary>
internal sealed record Neg() : LinearUnaryPrimitive("neg", Domain.Number)
{
    public override NDArray Transpose(NDArray ct, ArrayType operand) => -ct;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Neg(x);
}

/// <summary>−1, 0 or 1 as x is negative, zero or positive; x/|x| of complex numbers.</summary>
internal sealed record Sign() : ZeroTangentUnaryPrimitive("sign", Domain.Number)
{
    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Sign(x);
}

/// <summary>|x|; real for complex numbers. The derivative at 0 is 1.</summary>
internal sealed record Abs() : UnaryPrimitive("abs", Domain.Signed | Domain.Inexact)
{
    protected override DType ResultType(ArrayType[] operands) => operands[0].DType.RealType;

    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y)
    {
        if (!x.DType.IsComplex)
        {
            var positive = new Ge().Bind(x, Operators.FullLike(x, 0));
            return dx * SelectN.Where(positive, Operators.FullLike(x, 1), Operators.FullLike(x, -1));
        }

        var isZero = new Eq().Bind(y, Operators.FullLike(y, 0));
        var modulus = SelectN.Where(isZero, Operators.FullLike(y, 1), y);
        var direction = new Conj().Bind(x) / new ConvertElementType(x.DType, x.WeakType).Bind(modulus);
        return dx.Apply(t => new Real().Bind(t * direction), y);
    }

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Abs(x);
}

/// <summary>x².</summary>
internal sealed record Square() : UnaryPrimitive("square", Domain.Number)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (x * 2);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Mul(x, x);
}

/// <summary>xⁿ for a fixed integer n.</summary>
internal sealed record IntegerPow([Printed("y")] int Exponent) : UnaryPrimitive("integer_pow", Domain.Number)
{
    public override ArrayType[] Infer(ArrayType[] operands)
    {
        if (Exponent < 0 && operands[0].DType.IsInteger)
        {
            throw new DTypeException(
                $"integer_pow cannot raise integers to a negative power; got {operands[0]} and {Exponent}. Use AsType to make them "
                    + "floating-point numbers."
            );
        }

        return base.Infer(operands);
    }

    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        Exponent == 0 ? Tangent.Zero(y) : dx * (new IntegerPow(Exponent - 1).Bind(x) * Exponent);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.IntegerPow(x, Exponent);

    public override NDArray? Simplify(NDArray[] operands) => Exponent == 1 ? operands[0] : null;
}

/// <summary>xʸ; the exponent may be an integer array.</summary>
internal sealed record Pow() : BinaryPrimitive("pow", Domain.Number)
{
    protected override bool OperandsAgree => false;

    public override ArrayType[] Infer(ArrayType[] operands)
    {
        Types.Check(Name, Domain.Inexact, operands[0]);
        if (!operands[1].DType.IsInteger && operands[1].DType != operands[0].DType)
        {
            throw new DTypeException(
                $"pow needs an exponent of the base's element type or of an integer type; got {Types.List(operands)}: use AsType."
            );
        }

        return [base.Infer(operands)[0] with { Weak = operands[0].Weak && operands[1].Weak }];
    }

    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z)
    {
        var result = Tangent.Zero(z);
        if (!dx.IsZero)
        {
            result += dx * BaseDerivative(x, y);
        }

        if (!dy.IsZero)
        {
            var isZero = new Eq().Bind(x, Operators.FullLike(x, 0));
            result += dy * (new Log().Bind(SelectN.Where(isZero, Operators.FullLike(x, 1), x)) * z);
        }

        return result;
    }

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Pow(x, Scalar.Convert(y, x.Type));

    private NDArray BaseDerivative(NDArray x, NDArray y)
    {
        var power = this.Bind(x, y - Operators.FullLike(y, 1));
        if (!y.DType.IsInteger)
        {
            return y * power;
        }

        // A fixed exponent 0 has derivative 0, even at x = 0.
        var isZero = new Eq().Bind(y, Operators.FullLike(y, 0));
        var factor = new ConvertElementType(x.DType, x.WeakType).Bind(y) * power;
        return SelectN.Where(isZero, Operators.FullLike(factor, 0), factor);
    }
}

/// <summary>√x.</summary>
internal sealed record Sqrt() : UnaryPrimitive("sqrt", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (Operators.FullLike(y, 0.5) / y);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Sqrt(x);
}

/// <summary>1/√x.</summary>
internal sealed record Rsqrt() : UnaryPrimitive("rsqrt", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (y / x * -0.5);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Rsqrt(x);
}

/// <summary>The real cube root.</summary>
internal sealed record Cbrt() : UnaryPrimitive("cbrt", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (new IntegerPow(-2).Bind(y) * (1.0 / 3));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Cbrt(x);
}

/// <summary>The upper half of the product of two integers of twice their width.</summary>
internal sealed record MulHi() : ZeroTangentBinaryPrimitive("mulhi", Domain.Integer)
{
    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.MulHi(x, y);
}

/// <summary>The next representable number after x in the direction of y.</summary>
internal sealed record Nextafter() : BinaryPrimitive("nextafter", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z) =>
        throw Types.NotDifferentiable(this, "its result is a step of rounding; use StopGradient on its operands");

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Nextafter(x, y);
}

/// <summary>x · y + z, rounded once; floating-point numbers only.</summary>
internal sealed record FusedMultiplyAdd() : ElementwisePrimitive("fma", Domain.Floating)
{
    public override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [tangents[0] * primals[1] + primals[0] * tangents[1] + tangents[2]]);
    }

    public override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    protected override ScalarExpr LowerElement(ScalarExpr[] operands) =>
        Scalar.Fma(operands[0], operands[1], operands[2]);
}
