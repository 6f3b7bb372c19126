using System;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// Normal numbers and what is made of them.
public static partial class JaxRandom
{
    /// <summary>Standard normal numbers.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point or complex type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <example><code>JaxRandom.Normal(JaxRandom.Key(0)); // => 1.6226422</code></example>
    public static NDArray Normal(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("normal", key);
        dtype = InexactType("normal", dtype);
        return NormalOf(words, shape ?? Shape.Scalar, dtype);
    }

    /// <summary>Normal numbers conditioned to lie between two bounds.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="lower">The lower bounds.</param>
    /// <param name="upper">The upper bounds; they broadcast with the lower ones.</param>
    /// <param name="shape">The shape of the result; that of the bounds by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray TruncatedNormal(
        PrngKey key,
        NDArray lower,
        NDArray upper,
        Shape? shape = null,
        DType? dtype = null
    )
    {
        var words = CheckKey("truncated_normal", key);
        dtype = FloatType("truncated_normal", dtype);
        shape = ParameterShape("truncated_normal", shape, lower.Shape, upper.Shape);
        lower = Promotion.Convert(lower, dtype);
        upper = Promotion.Convert(upper, dtype);
        double sqrt2 = Math.Sqrt(2);
        var a = new Erf().Bind(Ops.Div(lower, Ops.Like(lower, sqrt2)));
        var b = new Erf().Bind(Ops.Div(upper, Ops.Like(upper, sqrt2)));
        var u = UniformOf(words, shape, dtype, a, b);
        var result = Ops.Mul(Ops.Like(u, sqrt2), new ErfInv().Bind(u));

        // Rounding must not leave the open interval.
        var least = new Nextafter().Bind(Ops.StopGradient(lower), Ops.Like(lower, double.PositiveInfinity));
        var most = new Nextafter().Bind(Ops.StopGradient(upper), Ops.Like(upper, double.NegativeInfinity));
        result = Ops.Max(result, Broadcasting.To(least, shape, "truncated_normal"));
        return Ops.Min(result, Broadcasting.To(most, shape, "truncated_normal"));
    }

    /// <summary>The exponential of normal numbers with standard deviation <paramref name="sigma"/>.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="sigma">The standard deviation of the logarithm, 1 by default.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="sigma"/> by default.</param>
    /// <param name="dtype">The element type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray LogNormal(PrngKey key, NDArray? sigma = null, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("lognormal", key);
        dtype = InexactType("lognormal", dtype);
        sigma ??= DeviceArray.Scalar(1.0, DType.F32, weak: false);
        shape = ParameterShape("lognormal", shape, sigma.Shape);
        return Jnp.Exp(NormalOf(words, shape, dtype) * Broadcasting.To(sigma, shape, "lognormal"));
    }

    /// <summary>Vectors with a multivariate normal distribution.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="mean">Means: [batch…, n].</param>
    /// <param name="cov">Covariance matrices: [batch…, n, n].</param>
    /// <param name="shape">The batch shape of the result; that of the parameters by default.</param>
    /// <param name="dtype">A floating-point type; that of the parameters by default.</param>
    /// <param name="method">How the covariance is factored: <c>cholesky</c>, <c>eigh</c> or <c>svd</c>.</param>
    /// <returns>An array of shape [shape…, n].</returns>
    public static NDArray MultivariateNormal(
        PrngKey key,
        NDArray mean,
        NDArray cov,
        Shape? shape = null,
        DType? dtype = null,
        string method = "cholesky"
    )
    {
        var words = CheckKey("multivariate_normal", key);
        var parameters = Promotion.PromoteInexact(mean, cov);
        (mean, cov) = (parameters[0], parameters[1]);
        if (method is not ("cholesky" or "eigh" or "svd"))
        {
            throw new JaxArgumentException(
                $"multivariate_normal knows the methods \"cholesky\", \"eigh\" and \"svd\"; got \"{method}\"."
            );
        }

        dtype = FloatType("multivariate_normal", dtype ?? mean.DType);
        int n = mean.Ndim > 0 ? mean.Shape[^1] : 0;
        if (mean.Ndim < 1 || cov.Ndim < 2 || cov.Shape[^1] != n || cov.Shape[^2] != n)
        {
            throw new ShapeException(
                $"multivariate_normal needs a mean of shape [batch…, n] and a covariance of shape [batch…, n, n]; got {mean.Type} "
                    + $"and {cov.Type}."
            );
        }

        shape = ParameterShape("multivariate_normal", shape, mean.Shape[..^1], cov.Shape[..^2]);
        if (method != "cholesky")
        {
            throw new JaxArgumentException(
                $"multivariate_normal has no method \"{method}\" yet; use \"cholesky\" for covariances of full rank."
            );
        }

        var factor = Cholesky(cov);
        var z = NormalOf(words, new Shape([.. shape, n]), dtype);
        var product = Jnp.Sum(factor * Jnp.ExpandDims(z, -2), axis: -1);
        return mean + product;
    }

    /// <summary>Matrices with orthonormal columns (rows, if they are wider), uniformly distributed.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="shape">The batch shape of the result.</param>
    /// <param name="dtype">A floating-point or complex type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <param name="m">The number of columns; <paramref name="n"/> by default.</param>
    public static NDArray Orthogonal(PrngKey key, int n, Shape? shape = null, DType? dtype = null, int? m = null)
    {
        var words = CheckKey("orthogonal", key);
        dtype = InexactType("orthogonal", dtype);
        int columns = m ?? n;
        shape ??= Shape.Scalar;
        var z = NormalOf(words, new Shape([.. shape, Math.Max(n, columns), Math.Min(n, columns)]), dtype);
        var x = OrthonormalColumns(z);
        return n < columns ? Jnp.SwapAxes(x, -1, -2) : x;
    }

    /// <summary>Lengths of three-dimensional standard normal vectors.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="shape">The shape of the result; a scalar by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Maxwell(PrngKey key, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("maxwell", key);
        dtype = FloatType("maxwell", dtype);
        var x = NormalOf(words, new Shape([.. shape ?? Shape.Scalar, 3]), dtype);
        return Ops.Sqrt(Jnp.Sum(Ops.Mul(x, x), axis: -1));
    }

    /// <summary>Maxwell numbers with a random sign, scaled and moved.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="loc">The centre.</param>
    /// <param name="scale">The scale; it broadcasts with the centre.</param>
    /// <param name="shape">Axes before those of the parameters; if there are none, the parameters' shape is used for them, too.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray DoubleSidedMaxwell(
        PrngKey key,
        NDArray loc,
        NDArray scale,
        Shape? shape = null,
        DType? dtype = null
    )
    {
        var words = CheckKey("double_sided_maxwell", key);
        dtype = FloatType("double_sided_maxwell", dtype);
        var parameters = Broadcasting.Common("double_sided_maxwell", loc.Shape, scale.Shape);
        shape = new Shape([.. shape is { Rank: > 0 } ? shape : parameters, .. parameters]);
        var (k1, k2) = SplitInTwo(words);
        var size = Maxwell(k1, shape, dtype);
        var sign = Rademacher(k2, shape, dtype);
        return sign * size * scale + loc;
    }

    /// <summary>The inverse Gaussian distribution.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="mean"/> by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Wald(PrngKey key, NDArray mean, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("wald", key);
        dtype = FloatType("wald", dtype);
        shape = ParameterShape("wald", shape, mean.Shape);
        var (k1, k2) = SplitInTwo(words);
        mean = Broadcasting.To(Promotion.Convert(mean, dtype), shape, "wald");
        var v = NormalOf(k1, shape, dtype);
        var z = UniformOf(k2, shape, dtype);
        var y = Ops.Mul(v, v);
        var square = Ops.Mul(mean, mean);
        var root = Jnp.Sqrt(4 * mean * y + square * Ops.Mul(y, y));
        var x = mean + square * y / 2 - mean / 2 * root;
        return Ops.Select(Ops.Le(z, mean / (mean + x)), x, square / x);
    }

    private static NDArray NormalOf(NDArray words, Shape shape, DType dtype)
    {
        if (dtype.IsComplex)
        {
            var (k1, k2) = SplitInTwo(words);
            var re = NormalOf(k1, shape, dtype.RealType);
            var im = NormalOf(k2, shape, dtype.RealType);
            var root = Ops.Like(re, Math.Sqrt(2));
            return Ops.Complex(Ops.Div(re, root), Ops.Div(im, root));
        }

        return Fused("normal", (shape, dtype), x => RealNormalOf(x[0], shape, dtype), words);
    }

    private static NDArray RealNormalOf(NDArray words, Shape shape, DType dtype)
    {
        var low = DeviceArray.Scalar(AfterMinusOne(dtype), dtype, weak: false);
        var u = UniformOf(words, shape, dtype, low, 1.0);
        return Ops.Mul(Ops.Like(u, Math.Sqrt(2)), new ErfInv().Bind(u));
    }

    /// <summary>The number above −1.</summary>
    private static double AfterMinusOne(DType dtype) => Math.ScaleB(1, -MantissaBits(dtype) - 1) - 1;

    private static DType InexactType(string caller, DType? dtype)
    {
        dtype = JaxConfig.Canonical(dtype ?? DType.F64);
        return dtype.IsInexact
            ? dtype
            : throw new DTypeException($"{caller} needs a floating-point or complex type as dtype; got {dtype}.");
    }
}
