using System;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>eˣ, elementwise.</summary>
internal sealed record Exp() : UnaryPrimitive("exp", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * y;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Exp(x);
}

/// <summary>2ˣ, elementwise.</summary>
internal sealed record Exp2() : UnaryPrimitive("exp2", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (y * Math.Log(2));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Exp2(x);
}

/// <summary>eˣ − 1, exact for small x.</summary>
internal sealed record Expm1() : UnaryPrimitive("expm1", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (y + 1);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Expm1(x);
}

/// <summary>The natural logarithm, elementwise.</summary>
internal sealed record Log() : UnaryPrimitive("log", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx / x;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Log(x);
}

/// <summary>ln(1 + x), exact for small x.</summary>
internal sealed record Log1p() : UnaryPrimitive("log1p", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx / (x + 1);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Log1p(x);
}

/// <summary>1 / (1 + e⁻ˣ).</summary>
internal sealed record Logistic() : UnaryPrimitive("logistic", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (y * (1 - y));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Logistic(x);
}
