using System;

namespace JaxSharp.Compiler.Tests.Scalars;

/// <summary>The logarithm of the gamma function and its derivative, by other ways than those of the compiler.</summary>
internal static class GammaOracle
{
    // C. Lanczos' approximation of Γ with g = 607/128, coefficients by P. Godfrey.
    private static readonly double[] LanczosCoefficients =
    [
        0.99999999999999709182,
        57.156235665862923517,
        -59.597960355475491248,
        14.136097974741747174,
        -0.49191381609762019978,
        0.33994649984811888699e-4,
        0.46523628927048575665e-4,
        -0.98374475304879564677e-4,
        0.15808870322491248884e-3,
        -0.21026444172410488319e-3,
        0.21743961811521264320e-3,
        -0.16431810653676389022e-3,
        0.84418223983852743293e-4,
        -0.26190838401581408670e-4,
        0.36899182659531622704e-5,
    ];

    /// <summary>ln |Γ(x)|.</summary>
    public static double Lgamma(double x)
    {
        if (double.IsInfinity(x) || (x <= 0 && x == Math.Floor(x)))
        {
            return double.PositiveInfinity;
        }

        if (x < 0.5)
        {
            return Math.Log(Math.PI) - Math.Log(Math.Abs(SinPi(x))) - Lgamma(1 - x);
        }

        // Near the zeros at 1 and 2 by the series of Γ(1 + e) and Γ(2 + e).
        double near = x < 1.5 ? x - 1 : x - 2;
        if (Math.Abs(near) < 0.01)
        {
            return NearZero(near) + (x < 1.5 ? 0 : Log1p(near));
        }

        double sum = LanczosCoefficients[0];
        for (int i = 1; i < LanczosCoefficients.Length; i++)
        {
            sum += LanczosCoefficients[i] / (x - 1 + i);
        }

        double t = x - 1 + 607.0 / 128 + 0.5;
        return (x - 0.5) * Math.Log(t) - t + Math.Log(2.5066282746310005 * sum);
    }

    // ln Γ(1 + e) = −γ e + ζ(2)/2 e² − ζ(3)/3 e³ + …
    private static double NearZero(double e)
    {
        ReadOnlySpan<double> zeta =
        [
            0.5772156649015329,
            1.6449340668482264,
            1.2020569031595943,
            1.0823232337111382,
            1.0369277551433699,
            1.0173430619844491,
            1.0083492773819228,
            1.0040773561979443,
        ];
        double sum = 0;
        for (int k = zeta.Length; k >= 1; k--)
        {
            sum = (k % 2 == 0 ? zeta[k - 1] : -zeta[k - 1]) / k + e * sum;
        }

        return e * sum;
    }

    private static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) + (x - (u - 1)) / u;
    }

    private static double SinPi(double x)
    {
        // Up to the sign, of which nothing depends.
        double fraction = Math.Abs(x - Math.Round(x));
        return fraction > 0.25 ? Math.Cos(Math.PI * (fraction - 0.5)) : Math.Sin(Math.PI * fraction);
    }

    /// <summary>The derivative of ln Γ(x).</summary>
    public static double Digamma(double x)
    {
        if (x <= 0 && x == Math.Floor(x))
        {
            return double.NaN;
        }

        if (x < 0)
        {
            double fraction = x - Math.Round(x);
            return Digamma(1 - x) - Math.PI / Math.Tan(Math.PI * fraction);
        }

        double shift = 0;
        while (x < 10)
        {
            shift -= 1 / x;
            x += 1;
        }

        double z = 1 / (x * x);
        double series =
            z
            * (
                1.0 / 12
                - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12)))))
            );
        return shift + Math.Log(x) - 0.5 / x - series;
    }
}
