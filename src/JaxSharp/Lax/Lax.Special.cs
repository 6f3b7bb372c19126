using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>The error function.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Erf(NDArray x) => new Erf().Bind(Argument.Given(x));

    /// <summary>1 − erf(x), exact where that is small.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Erfc(NDArray x) => new Erfc().Bind(Argument.Given(x));

    /// <summary>The inverse of the error function, on [−1, 1].</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray ErfInv(NDArray x) => new ErfInv().Bind(Argument.Given(x));

    /// <summary>The logarithm of the absolute value of the gamma function.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Lgamma(NDArray x) => new Lgamma().Bind(Argument.Given(x));

    /// <summary>The derivative of the logarithm of the gamma function.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Digamma(NDArray x) => new Digamma().Bind(Argument.Given(x));

    /// <summary>The modified Bessel function of order 0 times e^−|x|.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray BesselI0e(NDArray x) => new BesselI0e().Bind(Argument.Given(x));

    /// <summary>The modified Bessel function of order 1 times e^−|x|.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray BesselI1e(NDArray x) => new BesselI1e().Bind(Argument.Given(x));

    /// <summary>The regularized lower incomplete gamma function P(a, x).</summary>
    /// <param name="a">The parameter, positive; floating-point numbers.</param>
    /// <param name="x">The upper limit of integration, not negative; the same type, broadcast with <paramref name="a"/>.</param>
    /// <exception cref="DTypeException">The element types differ or are not floating-point.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Igamma(NDArray a, NDArray x) => LaxOperands.Apply(new Igamma(), a, x);

    /// <summary>The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x).</summary>
    /// <inheritdoc cref="Igamma"/>
    public static NDArray Igammac(NDArray a, NDArray x) => LaxOperands.Apply(new Igammac(), a, x);

    /// <summary>The derivative ∂P(a, x)/∂a of <see cref="Igamma"/>.</summary>
    /// <inheritdoc cref="Igamma"/>
    public static NDArray IgammaGradA(NDArray a, NDArray x) => LaxOperands.Apply(new IgammaGradA(), a, x);

    /// <summary>The derivative in the parameter a of a sample x of the gamma distribution: −(∂P/∂a) / (∂P/∂x).</summary>
    /// <inheritdoc cref="Igamma"/>
    public static NDArray RandomGammaGrad(NDArray a, NDArray x) => LaxOperands.Apply(new RandomGammaGrad(), a, x);

    /// <summary>The Hurwitz zeta function Σ (q + k)^−x over k ≥ 0; NaN for x &lt; 1, ∞ at x = 1.</summary>
    /// <param name="x">The exponent; floating-point numbers.</param>
    /// <param name="q">The first base; the same type, broadcast with <paramref name="x"/>.</param>
    /// <exception cref="DTypeException">The element types differ or are not floating-point.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Zeta(NDArray x, NDArray q) => LaxOperands.Apply(new Zeta(), x, q);

    /// <summary>The derivative of order m of the digamma function.</summary>
    /// <param name="m">The order, whole and not negative; floating-point numbers.</param>
    /// <param name="x">Where; the same type, broadcast with <paramref name="m"/>.</param>
    /// <exception cref="DTypeException">The element types differ or are not floating-point.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Polygamma(NDArray m, NDArray x) => LaxOperands.Apply(new Polygamma(), m, x);

    /// <summary>The regularized incomplete beta function I_x(a, b). Only the derivative in x is known.</summary>
    /// <param name="a">The first parameter, positive; floating-point numbers.</param>
    /// <param name="b">The second parameter, positive; the same type, broadcast with <paramref name="a"/>.</param>
    /// <param name="x">The upper limit of integration, in [0, 1]; the same type.</param>
    /// <exception cref="DTypeException">The element types differ or are not floating-point.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Betainc(NDArray a, NDArray b, NDArray x) =>
        LaxOperands.Apply(new RegularizedIncompleteBeta(), a, b, x);
}
