using System;

namespace JaxSharp.Compiler.Routines;

/// <summary>The gamma function's logarithm and its derivative in double precision.</summary>
internal static class GammaFunctions
{
    // Bernoulli numbers B₂ₖ / (2k (2k − 1)) of Stirling's series (Abramowitz and Stegun 6.1.41).
    private static readonly double[] Stirling =
    [
        1.0 / 12,
        -1.0 / 360,
        1.0 / 1260,
        -1.0 / 1680,
        1.0 / 1188,
        -691.0 / 360360,
        1.0 / 156,
        -3617.0 / 122400,
    ];

    /// <summary>ln |Γ(x)|.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsNaN(x) || double.IsInfinity(x))
        {
            return double.IsNaN(x) ? x : double.PositiveInfinity;
        }

        if (x <= 0)
        {
            return x == Math.Floor(x)
                ? double.PositiveInfinity
                : Math.Log(Math.PI / Math.Abs(SinPi(x))) - LogGamma(1 - x);
        }

        return x < 20 ? Math.Log(Gamma(x)) : (x - 0.5) * Math.Log(x) - x + 0.5 * Math.Log(2 * Math.PI) + Correction(x);
    }

    /// <summary>Γ(x) for 0 &lt; x &lt; 140.</summary>
    public static double Gamma(double x)
    {
        double product = 1;
        while (x < 12)
        {
            product *= x;
            x++;
        }

        return Math.Sqrt(2 * Math.PI) * Math.Pow(x, x - 0.5) * Math.Exp(-x) * Math.Exp(Correction(x)) / product;
    }

    /// <summary>What Stirling's formula for ln Γ(x) lacks, for x ≥ 12.</summary>
    public static double Correction(double x)
    {
        double inverse = 1 / (x * x);
        double sum = 0;
        for (int k = Stirling.Length - 1; k >= 0; k--)
        {
            sum = sum * inverse + Stirling[k];
        }

        return sum / x;
    }

    /// <summary>The derivative of ln Γ(x).</summary>
    public static double Digamma(double x)
    {
        if (x <= 0)
        {
            return x == Math.Floor(x) ? double.NaN : Digamma(1 - x) - Math.PI * CosPi(x) / SinPi(x);
        }

        double shift = 0;
        while (x < 12)
        {
            shift += 1 / x;
            x++;
        }

        double inverse = 1 / (x * x);
        double sum = 0;
        for (int k = Stirling.Length - 1; k >= 0; k--)
        {
            sum = sum * inverse + Stirling[k] * (2 * k + 1);
        }

        return Math.Log(x) - 0.5 / x - sum * inverse - shift;
    }

    private static double SinPi(double x) => Math.Sin(Math.PI * (x - 2 * Math.Round(x / 2)));

    private static double CosPi(double x) => Math.Cos(Math.PI * (x - 2 * Math.Round(x / 2)));
}
