using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Primitives;

/// <summary>The largest integer not above x.</summary>
internal sealed record Floor() : ZeroTangentUnaryPrimitive("floor", Domain.Floating)
{
    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Floor(x);
}

/// <summary>The smallest integer not below x.</summary>
internal sealed record Ceil() : ZeroTangentUnaryPrimitive("ceil", Domain.Floating)
{
    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Ceil(x);
}

/// <summary>The nearest integer.</summary>
internal sealed record Round(RoundingMethod RoundingMethod) : ZeroTangentUnaryPrimitive("round", Domain.Floating)
{
    public override ScalarExpr Lower(ScalarExpr x) =>
        RoundingMethod == RoundingMethod.ToNearestEven ? Scalar.RoundHalfEven(x) : Scalar.RoundHalfAway(x);
}

/// <summary>Whether x is neither infinite nor NaN.</summary>
internal sealed record IsFinite() : ZeroTangentUnaryPrimitive("is_finite", Domain.Floating)
{
    protected override DType ResultType(ArrayType[] operands) => DType.Bool;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.IsFinite(x);
}
