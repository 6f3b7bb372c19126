using System;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// Distributions by the inverse of their cumulative distribution.
public static partial class JaxRandom
{
    /// <summary>Exponential numbers with mean 1.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Exponential(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("exponential", key);
        var u = UniformOf(words, shape ?? Shape.Scalar, FloatType("exponential", dtype));
        return Ops.Neg(Ops.Log1p(Ops.Neg(u)));
    }

    /// <summary>Gumbel numbers: −log(−log(u)).</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <param name="mode"><c>"low"</c> (the default), or <c>"high"</c> for large values by twice the bits.</param>
    public static NDArray Gumbel(PrngKey key, Shape? shape = null, DType? dtype = null, string? mode = null)
    {
        var words = CheckKey("gumbel", key);
        dtype = FloatType("gumbel", dtype);
        if (mode is not (null or "low" or "high" or "highest"))
        {
            throw new JaxArgumentException($"gumbel knows the modes \"high\" and \"low\"; got \"{mode}\".");
        }

        return GumbelOf(words, shape ?? Shape.Scalar, dtype, mode);
    }

    /// <summary>Laplace numbers: exponential ones with a random sign.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Laplace(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("laplace", key);
        dtype = FloatType("laplace", dtype);
        var low = DeviceArray.Scalar(AfterMinusOne(dtype), dtype, weak: false);
        var u = UniformOf(words, shape ?? Shape.Scalar, dtype, low, 1.0);
        return Ops.Mul(Ops.Sign(u), Ops.Log1p(Ops.Neg(Ops.Abs(u))));
    }

    /// <summary>Logistic numbers: log(u / (1 − u)).</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Logistic(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("logistic", key);
        dtype = FloatType("logistic", dtype);
        var tiny = DeviceArray.Scalar(SmallestNormal(dtype), dtype, weak: false);
        var u = UniformOf(words, shape ?? Shape.Scalar, dtype, tiny, 1.0);
        return Ops.Log(Ops.Div(u, Ops.Sub(Ops.Like(u, 1), u)));
    }

    /// <summary>Cauchy numbers: tan(π(u − ½)).</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Cauchy(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("cauchy", key);
        var u = AboveEpsilon(words, shape, FloatType("cauchy", dtype));
        return new Tan().Bind(Ops.Mul(Ops.Like(u, Math.PI), Ops.Sub(u, Ops.Like(u, 0.5))));
    }

    /// <summary>Pareto numbers: exp(e / b) for exponential e.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="b">The parameter.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="b"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Pareto(PrngKey key, NDArray b, Shape? shape = null, DType? dtype = null)
    {
        CheckKey("pareto", key);
        dtype = FloatType("pareto", dtype);
        shape = ParameterShape("pareto", shape, b.Shape);
        b = Promotion.Convert(b, dtype);
        return Jnp.Exp(Exponential(key, shape, dtype) / b);
    }

    /// <summary>Rayleigh numbers: lengths of two-dimensional normal vectors.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="scale"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Rayleigh(PrngKey key, NDArray scale, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("rayleigh", key);
        dtype = FloatType("rayleigh", dtype);
        shape = ParameterShape("rayleigh", shape, scale.Shape);
        scale = Broadcasting.To(Promotion.Convert(scale, dtype), shape, "rayleigh");
        var u = UniformOf(words, shape, dtype);
        return Ops.Mul(scale, Ops.Sqrt(Ops.Mul(Ops.Log(u), Ops.Like(u, -2))));
    }

    /// <summary>Weibull numbers.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="scale">The scale.</param>
    /// <param name="concentration">The concentration; it broadcasts with the scale.</param>
    /// <param name="shape">The shape of the uniform numbers drawn, which broadcasts with the parameters.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray WeibullMin(
        PrngKey key,
        NDArray scale,
        NDArray concentration,
        Shape? shape = null,
        DType? dtype = null
    )
    {
        var words = CheckKey("weibull_min", key);
        var u = UniformOf(words, shape ?? Shape.Scalar, FloatType("weibull_min", dtype));
        return Jnp.Power(-Jnp.Log1p(-u), 1.0 / concentration) * scale;
    }

    /// <summary>Numbers with a density in the form of a triangle.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="left">The lower limit.</param>
    /// <param name="mode">The place of the peak.</param>
    /// <param name="right">The upper limit.</param>
    /// <param name="shape">The shape of the result; that of the parameters by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Triangular(
        PrngKey key,
        NDArray left,
        NDArray mode,
        NDArray right,
        Shape? shape = null,
        DType? dtype = null
    )
    {
        var words = CheckKey("triangular", key);
        dtype = FloatType("triangular", dtype);
        shape = ParameterShape("triangular", shape, left.Shape, mode.Shape, right.Shape);
        left = Broadcasting.To(left, shape, "triangular");
        mode = Broadcasting.To(mode, shape, "triangular");
        right = Broadcasting.To(right, shape, "triangular");
        var turn = (mode - left) / (right - left);
        var u = UniformOf(words, shape, dtype);
        var below = left + Jnp.Sqrt(u * (right - left) * (mode - left));
        var above = right - Jnp.Sqrt((1 - u) * (right - left) * (right - mode));
        return Jnp.Where(u < turn, below, above);
    }

    private static NDArray GumbelOf(NDArray words, Shape shape, DType dtype, string? mode)
    {
        double tiny = SmallestNormal(dtype);
        if (mode is null or "low")
        {
            var u = UniformOf(words, shape, dtype, DeviceArray.Scalar(tiny, dtype, weak: false), 1.0);
            return Ops.Neg(Ops.Log(Ops.Neg(Ops.Log(u))));
        }

        var both = UniformOf(words, shape.Insert(0, 2), dtype);
        var high = Ops.At(both, 0, 0);
        var low = Ops.Mul(Ops.At(both, 0, 1), Ops.Like(high, Math.ScaleB(1, -MantissaBits(dtype))));
        var fine = Ops.Add(Ops.Add(high, low), Ops.Like(high, tiny));
        var x = Ops.Select(Ops.Ge(high, Ops.Like(high, 0.5)), high, fine);
        return Ops.Neg(Ops.Log(Ops.Neg(Ops.Log1p(Ops.Neg(x)))));
    }

    private static NDArray AboveEpsilon(NDArray words, Shape? shape, DType dtype)
    {
        double epsilon = Math.ScaleB(1, -MantissaBits(dtype));
        return UniformOf(
            words,
            shape ?? Shape.Scalar,
            dtype,
            DeviceArray.Scalar(epsilon, dtype, weak: false),
            DeviceArray.Scalar(1.0, dtype, weak: false)
        );
    }

    private static double SmallestNormal(DType dtype) =>
        Math.ScaleB(
            1,
            dtype.Code switch
            {
                DTypeCode.F16 => -14,
                DTypeCode.F64 => -1022,
                _ => -126,
            }
        );
}
