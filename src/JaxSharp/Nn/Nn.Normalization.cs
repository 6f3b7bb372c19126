using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// Functions that normalize along axes.
public static partial class Nn
{
    /// <inheritdoc cref="Softmax(NDArray, Axes?, NDArray, double)"/>
    public static NDArray Softmax(NDArray x) => Softmax(x, -1);

    /// <summary>eˣ divided by its sum along axes.</summary>
    /// <param name="x">An array; integers become floats.</param>
    /// <param name="axis">The axes that sum to 1, the last by default.</param>
    /// <param name="where">Elements to take part; others give 0. All by default.</param>
    /// <param name="initial">The least maximum to subtract.</param>
    /// <example><code>Nn.Softmax(jnp.Array([1f, 1f, 1f, 1f])); // => [0.25 0.25 0.25 0.25]</code></example>
    public static NDArray Softmax(
        NDArray x,
        Axes? axis = null,
        NDArray? where = null,
        double initial = double.NegativeInfinity
    )
    {
        x = Promotion.ToInexact(x);
        var axes = axis ?? -1;
        var e = Jnp.Exp(Shifted(x, axes, where, initial));
        var sum = Sum(e, axes, where);

        // The largest element adds 1 to the sum unless some are left out. Then one division will do for all, but for narrow types,
        // in which rounding twice shows.
        bool divideOnce = where is null && double.IsNegativeInfinity(initial) && x.DType.Size >= 4;
        var y = divideOnce ? e * (1 / sum) : e / sum;
        return where is null ? y : Jnp.Where(where, y, 0);
    }

    /// <inheritdoc cref="LogSoftmax(NDArray, Axes?, NDArray, double)"/>
    public static NDArray LogSoftmax(NDArray x) => LogSoftmax(x, -1);

    /// <summary>The logarithm of softmax, without overflow.</summary>
    /// <param name="x">An array; integers become floats.</param>
    /// <param name="axis">The axes that sum to 1, the last by default.</param>
    /// <param name="where">Elements to take part; others give −∞. All by default.</param>
    /// <param name="initial">The least maximum to subtract.</param>
    public static NDArray LogSoftmax(
        NDArray x,
        Axes? axis = null,
        NDArray? where = null,
        double initial = double.NegativeInfinity
    )
    {
        x = Promotion.ToInexact(x);
        var axes = axis ?? -1;
        var shifted = Shifted(x, axes, where, initial);
        var y = shifted - Jnp.Log(Sum(Jnp.Exp(shifted), axes, where));
        return where is null ? y : Jnp.Where(where, y, double.NegativeInfinity);
    }

    /// <summary>log Σ b eᵃ along axes, without overflow.</summary>
    /// <param name="a">An array; integers become floats.</param>
    /// <param name="axis">The axes to sum along; all by default.</param>
    /// <param name="b">Factors; 1 by default. A negative sum gives NaN.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="where">Elements to take part; all by default.</param>
    /// <example><code>Nn.LogSumExp(jnp.Array([1000f, 1000f])); // => 1000.6932</code></example>
    public static NDArray LogSumExp(
        NDArray a,
        Axes axis = default,
        NDArray? b = null,
        bool keepDims = false,
        NDArray? where = null
    )
    {
        var (log, sign) = LogAndSign(a, axis, b, keepDims, where, keepComplex: true);
        return b is null || sign.DType.IsComplex ? log : Jnp.Where(sign < 0, double.NaN, log);
    }

    /// <summary>log |Σ b eᵃ| along axes, and the sign of the sum.</summary>
    /// <param name="a">An array; integers become floats.</param>
    /// <param name="axis">The axes to sum along; all by default.</param>
    /// <param name="b">Factors; 1 by default.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="returnSign">True; without it the overload that gives the logarithm alone is meant.</param>
    /// <param name="where">Elements to take part; all by default.</param>
    public static (NDArray LogSumExp, NDArray Sign) LogSumExp(
        NDArray a,
        bool returnSign,
        Axes axis = default,
        NDArray? b = null,
        bool keepDims = false,
        NDArray? where = null
    ) =>
        returnSign
            ? LogAndSign(a, axis, b, keepDims, where, keepComplex: false)
            : throw new JaxArgumentException("LogSumExp with returnSign: false gives no sign: leave returnSign out.");

    /// <summary>log of the mean of eᵃ along axes, without overflow.</summary>
    /// <param name="x">An array; integers become floats.</param>
    /// <param name="axis">The axes to average along; all by default.</param>
    /// <param name="where">Elements to take part; all by default.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    public static NDArray LogMeanExp(NDArray x, Axes axis = default, NDArray? where = null, bool keepDims = false)
    {
        var sum = LogSumExp(x, axis, keepDims: keepDims, where: where);
        if (where is not null)
        {
            var mask = Broadcasting.To(where, x.Shape, "logmeanexp").AsType(sum.DType);
            return sum - Jnp.Log(Jnp.Sum(mask, axis: axis, keepDims: keepDims));
        }

        long count = axis.Resolve(x.Ndim, "logmeanexp").Aggregate(1L, (product, i) => product * x.Shape[i]);
        return sum - Ops.Like(sum, Math.Log(count));
    }

    /// <summary>Moves and scales to mean 0 and variance 1 along axes.</summary>
    /// <param name="x">An array.</param>
    /// <param name="axis">The axes, the last by default.</param>
    /// <param name="mean">The mean to use; that of the array by default.</param>
    /// <param name="variance">The variance to use; that of the array by default.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="where">Elements that mean and variance are taken of; all by default.</param>
    /// <param name="algorithm"><c>"fast"</c> for the variance by E[x²] − E[x]², <c>"stable"</c> for E[(x − E[x])²].</param>
    public static NDArray Standardize(
        NDArray x,
        Axes? axis = null,
        NDArray? mean = null,
        NDArray? variance = null,
        NDArray? epsilon = null,
        NDArray? where = null,
        string algorithm = "fast"
    )
    {
        Argument.Given(x);
        if (algorithm is not ("fast" or "stable"))
        {
            throw new JaxArgumentException(
                $"standardize knows the algorithms \"fast\" and \"stable\"; got \"{algorithm}\"."
            );
        }

        var axes = axis ?? -1;
        mean ??= Jnp.Mean(x, axis: axes, keepDims: true, where: where);
        variance ??=
            algorithm == "fast"
                ? Jnp.Mean(Jnp.Square(x), axis: axes, keepDims: true, where: where) - Jnp.Square(mean)
                : Jnp.Mean(Jnp.Square(x - mean), axis: axes, keepDims: true, where: where);
        return (x - mean) * new Rsqrt().Bind(Promotion.ToInexact(variance + (epsilon ?? 1e-5)));
    }

    /// <summary>1 at the place that each element numbers, 0 elsewhere, along a new axis.</summary>
    /// <param name="x">Numbers of classes; out of range gives zeros only.</param>
    /// <param name="numClasses">The extent of the new axis.</param>
    /// <param name="dtype">The element type of the result; the default float by default.</param>
    /// <param name="axis">Where the new axis goes, the end by default.</param>
    /// <example><code>Nn.OneHot(jnp.Array([0, 2]), 3); // => [[1. 0. 0.] [0. 0. 1.]]</code></example>
    public static NDArray OneHot(NDArray x, int numClasses, DType? dtype = null, int axis = -1)
    {
        Argument.Given(x);
        if (numClasses < 0)
        {
            throw new JaxArgumentException($"one_hot needs a number of classes of at least 0; got {numClasses}.");
        }

        if (x.DType.IsInteger && x.DType.Size < 4)
        {
            // There may be more classes than such a type can count.
            x = Promotion.Convert(x, DType.I32);
        }

        int place = Axes.Normalize(axis, x.Ndim + 1, "one_hot");
        var shape = x.Shape.Insert(place, numClasses);
        var classes = Ops.Iota(x.DType, shape, place);
        var hot = Ops.Eq(
            Broadcasting.To(Ops.ExpandDims(Promotion.Convert(x, x.DType), place), shape, "one_hot"),
            classes
        );
        return Promotion.Convert(hot, JaxConfig.Canonical(dtype ?? DType.F64));
    }

    private static NDArray Shifted(NDArray x, Axes axes, NDArray? where, double initial)
    {
        var max = Jnp.Max(x, axis: axes, keepDims: true, initial: initial, where: where);
        var safe = where is null ? x : Jnp.Where(where, x, initial);
        return safe - Ops.StopGradient(max);
    }

    private static NDArray Sum(NDArray x, Axes axes, NDArray? where) =>
        Jnp.Sum(x, axis: axes, keepDims: true, where: where);

    private static (NDArray Log, NDArray Sign) LogAndSign(
        NDArray a,
        Axes axis,
        NDArray? b,
        bool keepDims,
        NDArray? where,
        bool keepComplex
    )
    {
        if (b is null)
        {
            a = Promotion.ToInexact(a);
        }
        else
        {
            var both = Promotion.PromoteInexact(a, b);
            b = both[1];
            a = Jnp.Where(Jnp.NotEqual(b, 0), both[0], double.NegativeInfinity);
        }

        var max = Jnp.Max(Ops.Real(a), axis: axis, keepDims: true, initial: double.NegativeInfinity, where: where);
        max = Ops.StopGradient(Ops.Select(Jnp.IsFinite(max), max, Ops.Like(max, 0)));
        var e = Jnp.Exp(a - max);
        if (b is not null)
        {
            e = e * b;
        }

        var sum = Jnp.Sum(e, axis: axis, keepDims: keepDims, where: where);
        var sign = Jnp.Sign(sum);
        if (!(keepComplex && sum.DType.IsComplex))
        {
            sum = Jnp.Abs(sum);
        }

        return (Jnp.Log(sum) + (keepDims ? max : Ops.Reshape(max, sum.Shape)), sign);
    }
}
