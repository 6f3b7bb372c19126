using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>
/// Moves and scales each feature to mean 0 and variance 1. Learn the moments from training data with <see cref="Fit"/>, apply them
/// to any data with <see cref="Transform"/>, which may be used inside of transformed functions.
/// </summary>
/// <param name="withMean">Whether to subtract the mean.</param>
/// <param name="withStd">Whether to divide by the standard deviation.</param>
/// <example><code>
/// var scaler = new StandardScaler().Fit(xTrain);
/// NDArray scaled = scaler.Transform(xTest);
/// </code></example>
public sealed class StandardScaler(bool withMean = true, bool withStd = true)
{
    private NDArray? mean;
    private NDArray? variance;
    private NDArray? scale;

    /// <summary>The mean of each feature.</summary>
    public NDArray Mean => mean ?? throw NotFitted();

    /// <summary>The variance of each feature.</summary>
    public NDArray Var => variance ?? throw NotFitted();

    /// <summary>What each feature is divided by: its standard deviation, 1 if it is constant.</summary>
    public NDArray Scale => scale ?? throw NotFitted();

    /// <summary>The number of samples that were seen.</summary>
    public int NSamplesSeen { get; private set; }

    /// <summary>The number of features.</summary>
    public int NFeaturesIn { get; private set; }

    /// <summary>Learns mean and scale of each feature.</summary>
    /// <param name="x">Data: [samples, features]. NaN stands for a value that is missing: it is left out.</param>
    /// <returns>This scaler.</returns>
    /// <exception cref="ShapeException">The data is no matrix or has no samples.</exception>
    /// <exception cref="JaxArgumentException">The data has an infinity.</exception>
    public StandardScaler Fit(NDArray x)
    {
        if (x.Ndim != 2 || x.Shape[0] == 0)
        {
            throw new ShapeException(
                $"StandardScaler.Fit needs data of shape [samples, features] with a sample at least; got {x.Shape}."
            );
        }

        (int samples, int features) = (x.Shape[0], x.Shape[1]);
        double[] values = HostValues.Doubles(x);
        if (Array.Exists(values, double.IsInfinity))
        {
            throw new JaxArgumentException("StandardScaler.Fit needs finite data; it has an infinity.");
        }

        double[] means = new double[features];
        double[] variances = new double[features];
        double[] scales = new double[features];
        for (int j = 0; j < features; j++)
        {
            double[] column =
            [
                .. Enumerable
                    .Range(0, samples)
                    .Select(i => values[((long)i * features) + j])
                    .Where(value => !double.IsNaN(value)),
            ];
            double mean = column.Length == 0 ? double.NaN : column.Average();
            double variance = column.Length == 0 ? double.NaN : column.Average(v => (v - mean) * (v - mean));
            means[j] = mean;
            variances[j] = variance;
            scales[j] = IsConstant(column.Length, mean, variance) ? 1 : Math.Sqrt(variance);
        }

        (NSamplesSeen, NFeaturesIn) = (samples, features);
        mean = Vector(means);
        variance = Vector(variances);
        scale = Vector(scales);
        return this;

        NDArray Vector(double[] v) => Jnp.Array(v).AsType(x.DType.IsFloating ? x.DType : DType.F64);
    }

    /// <summary>Data moved and scaled by what was learnt.</summary>
    /// <param name="x">Data: [samples, features].</param>
    public NDArray Transform(NDArray x)
    {
        Check("Transform", x);
        x = withMean ? x - Mean : x;
        return withStd ? x / Scale : x;
    }

    /// <summary><see cref="Fit"/>, then <see cref="Transform"/>.</summary>
    public NDArray FitTransform(NDArray x) => Fit(x).Transform(x);

    /// <summary>The inverse of <see cref="Transform"/>.</summary>
    public NDArray InverseTransform(NDArray x)
    {
        Check("InverseTransform", x);
        x = withStd ? x * Scale : x;
        return withMean ? x + Mean : x;
    }

    // A constant feature has no scale; its computed variance may be rounding.
    private static bool IsConstant(int samples, double mean, double variance)
    {
        const double Epsilon = 2.220446049250313e-16;
        return variance <= (samples * Epsilon * variance) + Math.Pow(samples * mean * Epsilon, 2);
    }

    private void Check(string caller, NDArray x)
    {
        if (x.Ndim == 0 || x.Shape[^1] != Mean.Shape[0])
        {
            throw new ShapeException(
                $"StandardScaler.{caller} needs data with {Mean.Shape[0]} features, as in Fit; got shape {x.Shape}."
            );
        }
    }

    private static JaxArgumentException NotFitted() =>
        new("This StandardScaler has not seen data yet: call Fit with the training data first.");
}
