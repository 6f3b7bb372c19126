using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>The sine.</summary>
internal sealed record Sin() : UnaryPrimitive("sin", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Cos().Bind(x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Sin(x);
}

/// <summary>The cosine.</summary>
internal sealed record Cos() : UnaryPrimitive("cos", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => -(dx * new Sin().Bind(x));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Cos(x);
}

/// <summary>The tangent.</summary>
internal sealed record Tan() : UnaryPrimitive("tan", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * (y * y + 1);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Tan(x);
}

/// <summary>The arc sine.</summary>
internal sealed record Asin() : UnaryPrimitive("asin", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Rsqrt().Bind(1 - x * x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Asin(x);
}

/// <summary>The arc cosine.</summary>
internal sealed record Acos() : UnaryPrimitive("acos", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * -new Rsqrt().Bind(1 - x * x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Acos(x);
}

/// <summary>The arc tangent.</summary>
internal sealed record Atan() : UnaryPrimitive("atan", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx / (x * x + 1);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Atan(x);
}

/// <summary>The angle of the point with ordinate x and abscissa y: the arc tangent of x/y in the right quadrant.</summary>
internal sealed record Atan2() : BinaryPrimitive("atan2", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, NDArray y, Tangent dx, Tangent dy, NDArray z)
    {
        var squared = x * x + y * y;
        return dx * (y / squared) + dy * (-x / squared);
    }

    public override ScalarExpr Lower(ScalarExpr x, ScalarExpr y) => Scalar.Atan2(x, y);
}

/// <summary>The hyperbolic sine.</summary>
internal sealed record Sinh() : UnaryPrimitive("sinh", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Cosh().Bind(x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Sinh(x);
}

/// <summary>The hyperbolic cosine.</summary>
internal sealed record Cosh() : UnaryPrimitive("cosh", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Sinh().Bind(x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Cosh(x);
}

/// <summary>The hyperbolic tangent.</summary>
internal sealed record Tanh() : UnaryPrimitive("tanh", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * ((y + 1) * (1 - y));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Tanh(x);
}

/// <summary>The inverse hyperbolic sine.</summary>
internal sealed record Asinh() : UnaryPrimitive("asinh", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Rsqrt().Bind(x * x + 1);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Asinh(x);
}

/// <summary>The inverse hyperbolic cosine.</summary>
internal sealed record Acosh() : UnaryPrimitive("acosh", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Rsqrt().Bind((x - 1) * (x + 1));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Acosh(x);
}

/// <summary>The inverse hyperbolic tangent.</summary>
internal sealed record Atanh() : UnaryPrimitive("atanh", Domain.Inexact)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx / ((x + 1) * (1 - x));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Atanh(x);
}
