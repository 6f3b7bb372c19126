using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// The gamma distribution and its relatives.
public static partial class JaxRandom
{
    /// <summary>Gamma numbers with unit scale. Differentiable in <paramref name="a"/>.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="a">The parameter, positive.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="a"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Gamma(PrngKey key, NDArray a, Shape? shape = null, DType? dtype = null) =>
        GammaOf("gamma", key, a, shape, dtype, logSpace: false);

    /// <summary>Logarithms of gamma numbers with unit scale: exact where those would underflow.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="a">The parameter, positive.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="a"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray LogGamma(PrngKey key, NDArray a, Shape? shape = null, DType? dtype = null) =>
        GammaOf("loggamma", key, a, shape, dtype, logSpace: true);

    /// <summary>Beta numbers.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="a">The first parameter, positive.</param>
    /// <param name="b">The second parameter, positive.</param>
    /// <param name="shape">The shape of the result; that of the parameters by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Beta(PrngKey key, NDArray a, NDArray b, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("beta", key);
        dtype = FloatType("beta", dtype);
        shape = ParameterShape("beta", shape, a.Shape, b.Shape);
        var (k1, k2) = SplitInTwo(words);
        var logA = LogGamma(k1, a, shape, dtype);
        var logB = LogGamma(k2, b, shape, dtype);
        var max = Ops.Max(logA, logB);
        var x = Ops.Exp(Ops.Sub(logA, max));
        var y = Ops.Exp(Ops.Sub(logB, max));
        return Ops.Div(x, Ops.Add(x, y));
    }

    /// <summary>Vectors of positive numbers with sum 1.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="alpha">Concentrations: [batch…, n].</param>
    /// <param name="shape">The batch shape of the result; that of <paramref name="alpha"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <returns>An array of shape [shape…, n].</returns>
    public static NDArray Dirichlet(PrngKey key, NDArray alpha, Shape? shape = null, DType? dtype = null)
    {
        CheckKey("dirichlet", key);
        dtype = FloatType("dirichlet", dtype);
        if (alpha.Ndim < 1)
        {
            throw new ShapeException($"dirichlet needs concentrations of shape [batch…, n]; got {alpha.Type}.");
        }

        shape = ParameterShape("dirichlet", shape, alpha.Shape[..^1]);
        var x = LogGamma(key, alpha, new Shape([.. shape, alpha.Shape[^1]]), dtype);
        var e = Jnp.Exp(x - Ops.StopGradient(Jnp.Max(x, axis: -1, keepDims: true)));
        return e / Jnp.Sum(e, axis: -1, keepDims: true);
    }

    /// <summary>Chi-square numbers.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="df">The degrees of freedom, positive.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="df"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray ChiSquare(PrngKey key, NDArray df, Shape? shape = null, DType? dtype = null)
    {
        CheckKey("chisquare", key);
        dtype = FloatType("chisquare", dtype);
        shape = ParameterShape("chisquare", shape, df.Shape);
        var log = LogGamma(key, Promotion.Convert(df, dtype) / 2, shape, dtype);
        return Ops.Mul(Ops.Exp(log), Ops.Like(log, 2));
    }

    /// <summary>Numbers with Student's t distribution.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="df">The degrees of freedom, positive.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="df"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray T(PrngKey key, NDArray df, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("t", key);
        dtype = FloatType("t", dtype);
        shape = ParameterShape("t", shape, df.Shape);
        var (k1, k2) = SplitInTwo(words);
        var half = Promotion.Convert(df, dtype) / 2;
        return NormalOf(k1, shape, dtype) * Jnp.Sqrt(half / Gamma(k2, half, shape, dtype));
    }

    /// <summary>Numbers with the F distribution.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="dfNum">The degrees of freedom of the numerator.</param>
    /// <param name="dfDen">The degrees of freedom of the denominator.</param>
    /// <param name="shape">The shape of the result; that of the parameters by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray F(PrngKey key, NDArray dfNum, NDArray dfDen, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("f", key);
        dtype = FloatType("f", dtype);
        shape = ParameterShape("f", shape, dfNum.Shape, dfDen.Shape);
        dfNum = Promotion.Convert(dfNum, dtype);
        dfDen = Promotion.Convert(dfDen, dtype);
        var (denominatorKey, numeratorKey) = SplitInTwo(words);
        var numerator = ChiSquare(numeratorKey, dfNum, shape, dtype) / dfNum;
        return numerator / (ChiSquare(denominatorKey, dfDen, shape, dtype) / dfDen);
    }

    /// <summary>Numbers with density proportional to exp(−|x|ᵖ).</summary>
    /// <param name="key">A single key.</param>
    /// <param name="p">The exponent, positive.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray GeneralizedNormal(PrngKey key, double p, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("generalized_normal", key);
        dtype = FloatType("generalized_normal", dtype);
        shape ??= Shape.Scalar;
        var (k1, k2) = SplitInTwo(words);
        var g = Gamma(k1, 1 / p, shape, dtype);
        return Rademacher(k2, shape, dtype) * Jnp.Power(g, 1 / p);
    }

    /// <summary>Points uniformly distributed in the unit ball of the p-norm.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="d">The number of dimensions.</param>
    /// <param name="p">The exponent of the norm, 2 by default.</param>
    /// <param name="shape">The batch shape of the result.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <returns>An array of shape [shape…, d].</returns>
    public static NDArray Ball(PrngKey key, int d, double p = 2, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("ball", key);
        dtype = FloatType("ball", dtype);
        shape ??= Shape.Scalar;
        var (k1, k2) = SplitInTwo(words);
        var g = GeneralizedNormal(k1, p, new Shape([.. shape, d]), dtype);
        var e = Exponential(k2, shape, dtype);
        var norm = Jnp.Power(Jnp.Sum(Jnp.Power(Jnp.Abs(g), p), axis: -1) + e, 1 / p);
        return g / Jnp.ExpandDims(norm, -1);
    }

    private static NDArray GammaOf(string caller, PrngKey key, NDArray a, Shape? shape, DType? dtype, bool logSpace)
    {
        var words = CheckKey(caller, key);
        dtype = FloatType(caller, dtype);
        shape = ParameterShape(caller, shape, a.Shape);

        // The sampler has no arithmetic in bf16 of its own.
        var working = dtype == DType.BF16 ? DType.F32 : dtype;
        a = Broadcasting.To(Promotion.Convert(a, working), shape, caller);
        return Promotion.Convert(new RandomGamma(logSpace, JaxConfig.LegacyRandomBits).Bind(words, a), dtype);
    }
}
