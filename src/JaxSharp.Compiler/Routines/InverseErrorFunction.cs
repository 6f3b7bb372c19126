using System;
using System.Numerics;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// The inverse of the error function, one number at a time: M. Giles' polynomials in single precision, refined by Newton's
/// method in double.
/// </summary>
internal static class InverseErrorFunction
{
    private static ReadOnlySpan<float> Central =>
        [
            2.81022636e-08f,
            3.43273939e-07f,
            -3.5233877e-06f,
            -4.39150654e-06f,
            0.00021858087f,
            -0.00125372503f,
            -0.00417768164f,
            0.246640727f,
            1.50140941f,
        ];

    private static ReadOnlySpan<float> Tail =>
        [
            -0.000200214257f,
            0.000100950558f,
            0.00134934322f,
            -0.00367342844f,
            0.00573950773f,
            -0.0076224613f,
            0.00943887047f,
            1.00167406f,
            2.83297682f,
        ];

    public static T Of<T>(T x)
        where T : struct, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double)
            ? T.CreateChecked(Double(double.CreateChecked(x)))
            : T.CreateChecked(Single(float.CreateChecked(x)));

    private static float Single(float x)
    {
        if (MathF.Abs(x) == 1)
        {
            return x * float.PositiveInfinity;
        }

        float w = -float.LogP1(-x * x);
        bool central = w < 5;
        w = central ? w - 2.5f : MathF.Sqrt(w) - 3;
        float p = 0;
        foreach (float coefficient in central ? Central : Tail)
        {
            p = MathF.FusedMultiplyAdd(p, w, coefficient);
        }

        return p * x;
    }

    private static double Double(double x)
    {
        double y = Single((float)x);
        if (double.IsInfinity(y))
        {
            y = Math.Abs(x) == 1 ? x * double.PositiveInfinity : Math.CopySign(3.9, x);
        }

        if (double.IsInfinity(y) || double.IsNaN(y))
        {
            return y;
        }

        for (int i = 0; i < 4; i++)
        {
            double slope = 2 / Math.Sqrt(Math.PI) * Math.Exp(-y * y);
            double step = (Erf(y) - x) / slope;
            y -= step / (1 + (y * step));
        }

        return y;
    }

    // e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): all terms have one sign.
    private static double Erf(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; n < 400 && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
