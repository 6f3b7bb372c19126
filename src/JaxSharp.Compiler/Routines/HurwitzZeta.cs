using System;

namespace JaxSharp.Compiler.Routines;

/// <summary>The Hurwitz zeta function by Euler–Maclaurin summation, and the polygamma functions made of it.</summary>
internal static class HurwitzZeta
{
    private const int DirectTerms = 12;

    // B₂ₖ / (2k)!
    private static readonly double[] Bernoulli =
    [
        1.0 / 12,
        -1.0 / 720,
        1.0 / 30240,
        -1.0 / 1209600,
        1.0 / 47900160,
        -691.0 / 1307674368000,
        1.0 / 74724249600,
        -3617.0 / 10670622842880000,
        43867.0 / 5109094217170944000,
        -174611.0 / 802857662698291200000.0,
    ];

    /// <summary>Σ (q + k)^−x over k ≥ 0.</summary>
    public static double Value(double x, double q)
    {
        if (double.IsNaN(x) || double.IsNaN(q) || x < 1 || double.IsInfinity(x))
        {
            return double.NaN;
        }

        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        if (q <= 0)
        {
            bool wholeOrder = x == Math.Floor(x);
            if (q == Math.Floor(q))
            {
                return wholeOrder && x % 2 == 0 ? double.PositiveInfinity : double.NaN;
            }

            if (!wholeOrder)
            {
                return double.NaN;
            }

            // The terms below zero are those of the series from 1 − f on, in the other direction, without its tail.
            double f = q - Math.Floor(q);
            double negative = Value(x, 1 - f) - Value(x, 1 - q);
            return Value(x, f) + (x % 2 == 0 ? negative : -negative);
        }

        if (double.IsPositiveInfinity(q))
        {
            return 0;
        }

        double sum = 0;
        for (int k = 0; k < DirectTerms || q < DirectTerms; k++)
        {
            double term = Math.Pow(q, -x);
            sum += term;
            q++;
            if (q > 1 && Math.Abs(term) <= Math.Abs(sum) * 1e-17)
            {
                return sum;
            }
        }

        double power = Math.Pow(q, -x);
        sum += power * q / (x - 1) + 0.5 * power;
        double factor = x * power / q;
        for (int k = 0; k < Bernoulli.Length; k++)
        {
            double term = factor * Bernoulli[k];
            sum += term;
            if (Math.Abs(term) <= Math.Abs(sum) * 1e-17)
            {
                break;
            }

            factor *= (x + 2 * k + 1) * (x + 2 * k + 2) / (q * q);
        }

        return sum;
    }

    /// <summary>The derivative of order n of the digamma function; NaN unless n is whole and not negative.</summary>
    public static double Polygamma(double n, double x)
    {
        if (!(n >= 0) || n != Math.Floor(n))
        {
            return double.NaN;
        }

        if (n == 0)
        {
            return GammaFunctions.Digamma(x);
        }

        double magnitude = Factorial(n) * Value(n + 1, x);
        return n % 2 == 0 ? -magnitude : magnitude;
    }

    private static double Factorial(double n)
    {
        if (n > 170)
        {
            return double.PositiveInfinity;
        }

        double product = 1;
        for (; n > 1; n--)
        {
            product *= n;
        }

        return product;
    }
}
