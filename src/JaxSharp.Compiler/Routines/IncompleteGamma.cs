using System;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x) and their derivatives in a: the power series where
/// x ≤ 1 or x ≤ a, elsewhere the continued fraction, both with derivatives carried along (Abramowitz and Stegun 6.5.29, 6.5.31).
/// </summary>
internal static class IncompleteGamma
{
    private const double Epsilon = 1.1102230246251565e-16;
    private const int MaxTerms = 100_000;

    /// <summary>P(a, x).</summary>
    public static double Lower(double a, double x)
    {
        if (Outside(a, x))
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return 0;
        }

        if (a == 0 || double.IsPositiveInfinity(x))
        {
            return 1;
        }

        return UseFraction(a, x) ? 1 - Scale(a, x) * Fraction(a, x).Value : Scale(a, x) / a * Series(a, x).Value;
    }

    /// <summary>Q(a, x).</summary>
    public static double Upper(double a, double x)
    {
        if (Outside(a, x))
        {
            return double.NaN;
        }

        if (x == 0)
        {
            return 1;
        }

        if (a == 0 || double.IsPositiveInfinity(x))
        {
            return 0;
        }

        return UseFraction(a, x) ? Scale(a, x) * Fraction(a, x).Value : 1 - Scale(a, x) / a * Series(a, x).Value;
    }

    /// <summary>∂P(a, x)/∂a.</summary>
    public static double LowerDerivative(double a, double x)
    {
        if (Outside(a, x))
        {
            return double.NaN;
        }

        if (x == 0 || a == 0 || double.IsPositiveInfinity(x))
        {
            return 0;
        }

        return -SampleDerivative(a, x) * Scale(a, x) / x;
    }

    /// <summary>−(∂P/∂a) / (∂P/∂x).</summary>
    public static double SampleDerivative(double a, double x)
    {
        if (Outside(a, x))
        {
            return double.NaN;
        }

        if (x == 0 || a == 0)
        {
            return 0;
        }

        if (UseFraction(a, x))
        {
            var (value, derivative) = Fraction(a, x);
            return x * (value * (Math.Log(x) - GammaFunctions.Digamma(a)) + derivative);
        }
        else
        {
            var (value, derivative) = Series(a, x);
            return -(x / a) * (value * (Math.Log(x) - GammaFunctions.Digamma(a + 1)) + derivative);
        }
    }

    private static bool Outside(double a, double x) => !(x >= 0) || !(a >= 0) || double.IsInfinity(a);

    private static bool UseFraction(double a, double x) => x > 1 && x > a;

    // xᵃ e⁻ˣ / Γ(a). For large a the exponent is a small difference of large numbers: it is taken around x = a.
    private static double Scale(double a, double x)
    {
        if (a < 20)
        {
            return x < 500
                ? Math.Pow(x, a) * Math.Exp(-x) / GammaFunctions.Gamma(a)
                : Math.Exp(a * Math.Log(x) - x - GammaFunctions.LogGamma(a));
        }

        double t = (x - a) / a;
        double deviation = Math.Abs(t) < 0.5 ? Log1pMinus(t) : Math.Log(x / a) - t;
        return Math.Exp(a * deviation - GammaFunctions.Correction(a)) * Math.Sqrt(a / (2 * Math.PI));
    }

    // ln(1 + t) − t.
    private static double Log1pMinus(double t)
    {
        double sum = 0;
        double power = -t * t;
        for (int k = 2; k < 200; k++)
        {
            double term = power / k;
            sum += term;
            if (Math.Abs(term) < Math.Abs(sum) * Epsilon)
            {
                break;
            }

            power *= -t;
        }

        return sum;
    }

    // Σ xⁿ / ((a + 1) … (a + n)) and its derivative in a.
    private static (double Value, double Derivative) Series(double a, double x)
    {
        double term = 1;
        double termDerivative = 0;
        double sum = 1;
        double sumDerivative = 0;
        double divisor = a;
        for (int n = 0; n < MaxTerms; n++)
        {
            divisor++;
            termDerivative = (termDerivative - term / divisor) * x / divisor;
            term *= x / divisor;
            sum += term;
            sumDerivative += termDerivative;
            if (term <= sum * Epsilon && Math.Abs(termDerivative) <= Math.Abs(sumDerivative) * Epsilon)
            {
                break;
            }
        }

        return (sum, sumDerivative);
    }

    // The continued fraction of Q / Scale by its convergents, rescaled when large, with derivatives in a.
    private static (double Value, double Derivative) Fraction(double a, double x)
    {
        double y = 1 - a;
        double z = x + y + 1;
        double c = 0;
        double pBefore = 1;
        double qBefore = x;
        double p = x + 1;
        double q = z * x;
        double pBeforeD = 0;
        double qBeforeD = 0;
        double pD = 0;
        double qD = -x;
        double value = p / q;
        double derivative = (pD - value * qD) / q;
        for (int n = 0; n < MaxTerms; n++)
        {
            c++;
            y++;
            z += 2;
            double yc = y * c;
            double pNext = p * z - pBefore * yc;
            double qNext = q * z - qBefore * yc;
            double pNextD = pD * z - p - pBeforeD * yc + pBefore * c;
            double qNextD = qD * z - q - qBeforeD * yc + qBefore * c;
            (pBefore, p, qBefore, q) = (p, pNext, q, qNext);
            (pBeforeD, pD, qBeforeD, qD) = (pD, pNextD, qD, qNextD);
            if (q != 0)
            {
                double newValue = p / q;
                double newDerivative = (pD - newValue * qD) / q;
                bool done =
                    Math.Abs(newValue - value) <= Math.Abs(newValue) * Epsilon
                    && Math.Abs(newDerivative - derivative) <= Math.Abs(newDerivative) * 2 * Epsilon;
                (value, derivative) = (newValue, newDerivative);
                if (done)
                {
                    break;
                }
            }

            if (Math.Abs(p) > 1e100 || Math.Abs(pD) > 1e100)
            {
                const double Small = 1e-100;
                (pBefore, p, qBefore, q) = (pBefore * Small, p * Small, qBefore * Small, q * Small);
                (pBeforeD, pD, qBeforeD, qD) = (pBeforeD * Small, pD * Small, qBeforeD * Small, qD * Small);
            }
        }

        return (value, derivative);
    }
}
