using System;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

/// <summary>
/// NumPy's functions on arrays, as JAX has them. Functions of several arrays broadcast their shapes and promote their element
/// types; C# numbers adapt to the arrays they meet.
/// </summary>
public static partial class Jnp
{
    /// <summary>eˣ, elementwise; integers give floats.</summary>
    public static NDArray Exp(NDArray x) => new Exp().Bind(Promotion.ToInexact(x));

    /// <summary>2ˣ, elementwise; integers give floats.</summary>
    public static NDArray Exp2(NDArray x) => new Exp2().Bind(Promotion.ToInexact(x));

    /// <summary>eˣ − 1, accurate near 0, elementwise; integers give floats.</summary>
    public static NDArray Expm1(NDArray x) => new Expm1().Bind(Promotion.ToInexact(x));

    /// <summary>The natural logarithm, elementwise; integers give floats.</summary>
    public static NDArray Log(NDArray x) => new Log().Bind(Promotion.ToInexact(x));

    /// <summary>log(1 + x), accurate near 0, elementwise; integers give floats.</summary>
    public static NDArray Log1p(NDArray x) => new Log1p().Bind(Promotion.ToInexact(x));

    /// <summary>The sine, elementwise; integers give floats.</summary>
    public static NDArray Sin(NDArray x) => new Sin().Bind(Promotion.ToInexact(x));

    /// <summary>The cosine, elementwise; integers give floats.</summary>
    public static NDArray Cos(NDArray x) => new Cos().Bind(Promotion.ToInexact(x));

    /// <summary>The tangent, elementwise; integers give floats.</summary>
    public static NDArray Tan(NDArray x) => new Tan().Bind(Promotion.ToInexact(x));

    /// <summary>The inverse sine, in [−π/2, π/2], elementwise; integers give floats.</summary>
    public static NDArray ArcSin(NDArray x) => new Asin().Bind(Promotion.ToInexact(x));

    /// <summary>The inverse cosine, in [0, π], elementwise; integers give floats.</summary>
    public static NDArray ArcCos(NDArray x) => new Acos().Bind(Promotion.ToInexact(x));

    /// <summary>The inverse tangent, in [−π/2, π/2], elementwise; integers give floats.</summary>
    public static NDArray ArcTan(NDArray x) => new Atan().Bind(Promotion.ToInexact(x));

    /// <summary>The hyperbolic sine, elementwise; integers give floats.</summary>
    public static NDArray Sinh(NDArray x) => new Sinh().Bind(Promotion.ToInexact(x));

    /// <summary>The hyperbolic cosine, elementwise; integers give floats.</summary>
    public static NDArray Cosh(NDArray x) => new Cosh().Bind(Promotion.ToInexact(x));

    /// <summary>The hyperbolic tangent, elementwise; integers give floats.</summary>
    public static NDArray Tanh(NDArray x) => new Tanh().Bind(Promotion.ToInexact(x));

    /// <summary>The inverse hyperbolic sine, elementwise; integers give floats.</summary>
    public static NDArray ArcSinh(NDArray x) => new Asinh().Bind(Promotion.ToInexact(x));

    /// <summary>The inverse hyperbolic cosine, elementwise; integers give floats.</summary>
    public static NDArray ArcCosh(NDArray x) => new Acosh().Bind(Promotion.ToInexact(x));

    /// <summary>The inverse hyperbolic tangent, elementwise; integers give floats.</summary>
    public static NDArray ArcTanh(NDArray x) => new Atanh().Bind(Promotion.ToInexact(x));

    /// <summary>The square root; NaN for negative numbers, elementwise; integers give floats.</summary>
    public static NDArray Sqrt(NDArray x) => new Sqrt().Bind(Promotion.ToInexact(x));

    /// <summary>The real cube root, elementwise; integers give floats.</summary>
    public static NDArray Cbrt(NDArray x) => new Cbrt().Bind(Promotion.ToInexact(x));

    /// <inheritdoc cref="ArcSin"/>
    public static NDArray Asin(NDArray x) => ArcSin(x);

    /// <inheritdoc cref="ArcCos"/>
    public static NDArray Acos(NDArray x) => ArcCos(x);

    /// <inheritdoc cref="ArcTan"/>
    public static NDArray Atan(NDArray x) => ArcTan(x);

    /// <inheritdoc cref="ArcSinh"/>
    public static NDArray Asinh(NDArray x) => ArcSinh(x);

    /// <inheritdoc cref="ArcCosh"/>
    public static NDArray Acosh(NDArray x) => ArcCosh(x);

    /// <inheritdoc cref="ArcTanh"/>
    public static NDArray Atanh(NDArray x) => ArcTanh(x);
}
