using System;
using System.Numerics;

namespace JaxSharp.Compiler.Tests.Scalars;

/// <summary>Functions in fixed-point numbers with 256 bits behind the point.</summary>
internal static class FixedPoint
{
    private const int Bits = 256;
    private static readonly BigInteger One = BigInteger.One << Bits;
    private static readonly double LogOfOne = Bits * Math.Log(2);

    /// <summary>The value of a hyperbolic function or an inverse of one.</summary>
    public static BigInteger Apply(string name, double value)
    {
        var x = Of(value);
        return name switch
        {
            "sinh" => (Exp(x) - Exp(-x)) / 2,
            "cosh" => (Exp(x) + Exp(-x)) / 2,
            "asinh" => x.Sign * Log(BigInteger.Abs(x) + Sqrt(Multiply(x, x) + One)),
            "acosh" => Log(x + Sqrt(Multiply(x, x) - One)),
            "atanh" => Log(((One + x) << Bits) / (One - x)) / 2,
            _ => throw new ArgumentException(name),
        };
    }

    /// <summary>The error of a number in units in the last place of a value.</summary>
    public static double Ulps(double actual, BigInteger expected)
    {
        // With 64 bits behind the point of the result.
        int exponent = (int)BigInteger.Abs(expected).GetBitLength() - 53 - 64;
        var difference = BigInteger.Abs(Of(actual) - expected);
        return Math.ScaleB((double)(exponent < 0 ? difference << -exponent : difference >> exponent), -64);
    }

    // Exact for a number that is no smaller than 2⁻²⁰⁰.
    private static BigInteger Of(double x)
    {
        if (x == 0)
        {
            return 0;
        }

        int exponent = Math.ILogB(x) - 52;
        var digits = new BigInteger(Math.ScaleB(x, -exponent));
        return exponent + Bits >= 0 ? digits << (exponent + Bits) : digits >> -(exponent + Bits);
    }

    private static BigInteger Multiply(BigInteger x, BigInteger y) => (x * y) >> Bits;

    // The series for x / 2³², squared 32 times.
    private static BigInteger Exp(BigInteger x)
    {
        const int Halvings = 32;
        var term = One;
        var sum = One;
        var reduced = x >> Halvings;
        for (int n = 1; !term.IsZero && term != BigInteger.MinusOne; n++)
        {
            term = Multiply(term, reduced) / n;
            sum += term;
        }

        for (int i = 0; i < Halvings; i++)
        {
            sum = Multiply(sum, sum);
        }

        return sum;
    }

    // Halley's method: each step has three times the digits of the one before.
    private static BigInteger Log(BigInteger x)
    {
        var y = Of(BigInteger.Log(x) - LogOfOne);
        for (int i = 0; i < 2; i++)
        {
            var power = Exp(y);
            y += ((x - power) << (Bits + 1)) / (x + power);
        }

        return y;
    }

    private static BigInteger Sqrt(BigInteger x)
    {
        var square = x << Bits;
        var root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + square / root) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }
}
