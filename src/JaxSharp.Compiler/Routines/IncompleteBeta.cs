using System;

namespace JaxSharp.Compiler.Routines;

/// <summary>The regularized incomplete beta function, by its continued fraction (NIST handbook 8.17.22).</summary>
internal static class IncompleteBeta
{
    private const double Epsilon = 1.1102230246251565e-16;
    private const double Tiny = 1e-300;
    private const int MaxTerms = 100_000;

    /// <summary>I_x(a, b).</summary>
    public static double Value(double a, double b, double x)
    {
        if (!(a >= 0) || !(b >= 0) || !(x >= 0 && x <= 1))
        {
            return double.NaN;
        }

        // The distribution is a point mass at 0 where a = 0 or b = ∞, at 1 where b = 0 or a = ∞.
        bool atZero = a == 0 || double.IsInfinity(b);
        bool atOne = b == 0 || double.IsInfinity(a);
        if (atZero || atOne)
        {
            return atZero && atOne ? double.NaN
                : atZero || x == 1 ? 1
                : 0;
        }

        if (x == 0 || x == 1)
        {
            return x;
        }

        double scale = Scale(a, b, x);
        return x < (a + 1) / (a + b + 2) ? scale / a * Fraction(a, b, x) : 1 - scale / b * Fraction(b, a, 1 - x);
    }

    // xᵃ (1 − x)ᵇ / B(a, b).
    private static double Scale(double a, double b, double x)
    {
        if (a + b < 100)
        {
            double beta = GammaFunctions.Gamma(a) * GammaFunctions.Gamma(b) / GammaFunctions.Gamma(a + b);
            return Math.Pow(x, a) * Math.Pow(1 - x, b) / beta;
        }

        double logBeta = GammaFunctions.LogGamma(a) + GammaFunctions.LogGamma(b) - GammaFunctions.LogGamma(a + b);
        return Math.Exp(a * Math.Log(x) + b * Log1p(-x) - logBeta);
    }

    // 1 / (1 + d₁/(1 + d₂/(1 + …))) by the modified method of Lentz.
    private static double Fraction(double a, double b, double x)
    {
        double c = 1;
        double d = NotZero(1 - (a + b) * x / (a + 1));
        d = 1 / d;
        double value = d;
        for (int m = 1; m < MaxTerms; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            double factor = d * c;
            value *= factor;
            if (Math.Abs(factor - 1) <= 2 * Epsilon)
            {
                break;
            }
        }

        return value;
    }

    private static double NotZero(double x) => Math.Abs(x) < Tiny ? Tiny : x;

    private static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }
}
