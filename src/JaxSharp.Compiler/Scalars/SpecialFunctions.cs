using System;

namespace JaxSharp.Compiler.Scalars;

/// <summary>
/// Operations that are called for every element, as they have no expansion or only where arguments are rare. They compute in
/// f64; f32 results are rounded from that.
/// </summary>
internal static class SpecialFunctions
{
    // ln(erfc(z) exp(z²) / t) by Chebyshev polynomials in t = 2 / (2 + z) on [0, 0.81].
    private static readonly double[] ErfcCoefficients =
    [
        -1.5530869777569751,
        0.5128543223574934,
        0.02029458228872704,
        -0.004365513546463038,
        -0.0007140482381357185,
        8.91911989648376e-05,
        2.718270738058343e-05,
        -2.866868113013746e-06,
        -1.13959168371426e-06,
        1.3263291958349762e-07,
        4.978380779346047e-08,
        -7.709215433273283e-09,
        -2.1087295474116136e-09,
        4.850061071627982e-10,
        7.648296419182063e-11,
        -2.974845343070058e-11,
        -1.516120714131812e-12,
        1.6445344088020188e-12,
        -8.672737062612998e-14,
        -7.370214244958777e-14,
        1.3375192292344206e-14,
        1.9206452732860275e-15,
        -9.649901968386258e-16,
        6.085342803625985e-17,
        3.969199527899279e-17,
        -1.1387312112633916e-17,
    ];

    // erf(x) / x − 1 in x² on [0, ¼], highest power first.
    private static readonly double[] ErfCoefficients =
    [
        1.321377839971241e-08,
        -1.6273067498640585e-07,
        1.64590307389022e-06,
        -1.4925586460369781e-05,
        0.00012055332129506839,
        -0.000854832701614194,
        0.005223977625403085,
        -0.02686617064513003,
        0.11283791670955123,
        -0.37612638903183754,
        0.1283791670955126,
    ];

    /// <summary>Applies an operation; the second operand only counts for operations of two.</summary>
    public static double Apply(ScalarOp op, double x, double y) =>
        op switch
        {
            ScalarOp.Rem => x % y,
            ScalarOp.Sin => Math.Sin(x),
            ScalarOp.Cos => Math.Cos(x),
            ScalarOp.Tan => Math.Tan(x),
            ScalarOp.Erf => Erf(x),
            ScalarOp.Erfc => Erfc(x),
            ScalarOp.ErfInv => ErfInv(x),
            ScalarOp.BesselI0e => Bessel(Math.Abs(x), 0),
            ScalarOp.BesselI1e => Math.CopySign(Bessel(Math.Abs(x), 1), x),
            _ => throw new NotSupportedException($"{op.Name()} cannot be called."),
        };

    private static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (!(a >= 0.5))
        {
            double z = x * x;
            double sum = 0;
            foreach (double coefficient in ErfCoefficients)
            {
                sum = Math.FusedMultiplyAdd(sum, z, coefficient);
            }

            return Math.FusedMultiplyAdd(x, sum, x);
        }

        return Math.CopySign(1 - ErfcOfLarge(a), x);
    }

    private static double Erfc(double x) =>
        x >= 0.5 ? ErfcOfLarge(x)
        : x <= -0.5 ? 2 - ErfcOfLarge(-x)
        : 1 - Erf(x);

    private static double ErfcOfLarge(double z)
    {
        if (z > 28)
        {
            return 0;
        }

        double t = 2 / (2 + z);
        double u = 2 * (t - 1e-9) / (0.81 - 1e-9) - 1;
        double d = 0;
        double dd = 0;
        for (int j = ErfcCoefficients.Length - 1; j > 0; j--)
        {
            (d, dd) = (2 * u * d - dd + ErfcCoefficients[j], d);
        }

        double tail = u * d - dd + 0.5 * ErfcCoefficients[0];

        // The square in two parts, as its rounding would count z² times over.
        double upper = (float)z;
        return t * Math.Exp(-upper * upper) * Math.Exp(tail - (z - upper) * (z + upper));
    }

    // M. Giles, "Approximating the erfinv function" (2010), refined by Halley's method.
    private static double ErfInv(double x)
    {
        double a = Math.Abs(x);
        if (!(a < 1))
        {
            return a == 1 ? x / 0 : double.NaN;
        }

        if (a < 1e-300)
        {
            return x * 0.8862269254527580;
        }

        double w = -Math.Log((1 - a) * (1 + a));
        double y = w < 5 ? Central(w - 2.5) * a : Outer(Math.Sqrt(w) - 3) * a;
        for (int i = 0; i < 2; i++)
        {
            double error = a < 0.5 ? Erf(y) - a : (1 - a) - Erfc(y);
            double step = error / (1.1283791670955126 * Math.Exp(-y * y));
            y -= step / (1 + y * step);
        }

        return Math.CopySign(y, x);

        static double Central(double w) =>
            (
                (
                    (
                        (
                            (
                                (((2.81022636e-08 * w + 3.43273939e-07) * w - 3.5233877e-06) * w - 4.39150654e-06) * w
                                + 0.00021858087
                            ) * w
                            - 0.00125372503
                        ) * w
                        - 0.00417768164
                    ) * w
                    + 0.246640727
                ) * w
            ) + 1.50140941;

        static double Outer(double w)
        {
            if (w > 2)
            {
                // Beyond the range of the polynomial: the leading terms of the asymptotic series.
                double square = (w + 3) * (w + 3);
                return Math.Sqrt(square - 0.5 * Math.Log(Math.PI * square));
            }

            return (
                    (
                        (
                            (
                                (
                                    (((-0.000200214257 * w + 0.000100950558) * w + 0.00134934322) * w - 0.00367342844)
                                        * w
                                    + 0.00573950773
                                ) * w
                                - 0.0076224613
                            ) * w
                            + 0.00943887047
                        ) * w
                        + 1.00167406
                    ) * w
                ) + 2.83297682;
        }
    }

    private static double Bessel(double x, int order)
    {
        if (x <= 20)
        {
            double term = order == 0 ? 1 : x / 2;
            double sum = term;
            double quarter = x * x / 4;
            for (int k = 1; term > sum * 1e-17; k++)
            {
                term *= quarter / ((double)k * (k + order));
                sum += term;
            }

            return sum * Math.Exp(-x);
        }

        double mu = 4.0 * order * order;
        double asymptotic = 1;
        double next = 1;
        for (int k = 1; k < 30 && Math.Abs(next) > 1e-17; k++)
        {
            double odd = 2 * k - 1;
            next *= -(mu - odd * odd) / (k * 8 * x);
            asymptotic += next;
        }

        return double.IsNaN(x) ? x : asymptotic / Math.Sqrt(2 * Math.PI * x);
    }
}
