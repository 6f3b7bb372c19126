using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Primitives;

/// <summary>eˣ, elementwise.</summary>
internal sealed record Exp() : UnaryPrimitive("exp", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * y;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Exp(x);
}

/// <summary>The natural logarithm, elementwise.</summary>
internal sealed record Log() : UnaryPrimitive("log", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx / x;

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Log(x);
}
