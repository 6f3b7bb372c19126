using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;

namespace JaxSharp.Compiler.Tests.Scalars;

// Functions beside values of many more bits, and functions of two numbers.
public sealed unsafe partial class AccuracyTests
{
    [Theory]
    [InlineData("sinh", 1.5)]
    [InlineData("cosh", 1.5)]
    [InlineData("asinh", 1.5)]
    [InlineData("acosh", 1.5)]
    [InlineData("atanh", 2.0)]
    public void DoublePrecisionBesideManyBits(string name, double tolerance)
    {
        double[] x = [.. Spread().Where(value => IsInDomain(name, value))];
        var y = new double[x.Length];
        fixed (double* px = x)
        fixed (double* py = y)
        {
            KernelInterpreter.Run(Unary(name, DType.F64, x.Length), [(nint)px], [(nint)py]);
        }

        double worst = 0;
        double at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = FixedPoint.Ulps(y[i], FixedPoint.Apply(name, x[i]));
            if (error > worst)
            {
                (worst, at) = (error, x[i]);
            }
        }

        output.WriteLine($"{name}: {worst:F3} ulp at {at:R}");
        Assert.True(worst <= tolerance, $"{name}: {worst:F3} ulp at {at:R}");
    }

    [Fact]
    public void Atan2InSinglePrecision()
    {
        var (first, second) = Pairs(-149, 127, x => (double)(float)x);
        float[] y = Array.ConvertAll(first, v => (float)v);
        float[] x = Array.ConvertAll(second, v => (float)v);
        var angles = new float[x.Length];
        fixed (float* py = y)
        fixed (float* px = x)
        fixed (float* result = angles)
        {
            KernelInterpreter.Run(Atan2(DType.F32, x.Length), [(nint)py, (nint)px], [(nint)result]);
        }

        CheckAtan2(first, second, i => (angles[i], Error(angles[i], Exact(i), (float)Exact(i), 23, -149)), 1.5);
        double Exact(int i) => Math.Atan2(first[i], second[i]);
    }

    [Fact]
    public void Atan2InDoublePrecision()
    {
        var (y, x) = Pairs(-1074, 1023, value => value);
        var angles = new double[x.Length];
        fixed (double* py = y)
        fixed (double* px = x)
        fixed (double* result = angles)
        {
            KernelInterpreter.Run(Atan2(DType.F64, x.Length), [(nint)py, (nint)px], [(nint)result]);
        }

        CheckAtan2(y, x, i => (angles[i], Error(angles[i], Exact(i), Exact(i), 52, -1074)), 2);
        double Exact(int i) => Math.Atan2(y[i], x[i]);
    }

    private void CheckAtan2(double[] y, double[] x, Func<int, (double Angle, double Error)> at, double tolerance)
    {
        int worst = Enumerable.Range(0, y.Length).MaxBy(i => at(i).Error);
        string text = $"atan2({y[worst]:R}, {x[worst]:R}) = {at(worst).Angle:R}: {at(worst).Error:F3} ulp";
        output.WriteLine(text);
        Assert.True(at(worst).Error <= tolerance, text);
    }

    private static Kernel Atan2(DType type, int size)
    {
        var angle = Scalar.Atan2(Scalar.Load(0, type, Scalar.Axis(0)), Scalar.Load(1, type, Scalar.Axis(0)));
        return new Kernel([type, type], [type], [size], [new Stage.Store(0, [], Scalar.Axis(0), angle)]);
    }

    // All pairs of special numbers, and random ones whose quotients have all sizes.
    private static (double[] Y, double[] X) Pairs(int lowest, int highest, Func<double, double> rounded)
    {
        double least = Math.ScaleB(1, lowest);
        double most = rounded(Math.ScaleB(lowest < -1000 ? 2 - Math.ScaleB(1, -52) : 2 - Math.ScaleB(1, -23), highest));
        double[] magnitudes = [0, least, 3 * least, 5 * least, 0.5, 1, 1.5, 2, most / 2, most, double.PositiveInfinity];
        double[] specials = [double.NaN, .. magnitudes, .. magnitudes.Select(value => -value)];
        var pairs = (from y in specials from x in specials select (y, x)).ToList();
        var random = new Random(5);
        double Sign() => random.Next(2) == 0 ? 1 : -1;
        for (int i = 0; i < 100_000; i++)
        {
            int exponent = random.Next(lowest, highest);
            int spread = i % 3 == 0 ? 60 : 3;
            int other = Math.Clamp(exponent + random.Next(-spread, spread), lowest, highest - 1);
            double y = rounded(Math.ScaleB(Sign() * (1 + random.NextDouble()), exponent));
            double x = rounded(Math.ScaleB(Sign() * (1 + random.NextDouble()), other));
            pairs.Add((y, x));
        }

        return (pairs.ConvertAll(pair => pair.y).ToArray(), pairs.ConvertAll(pair => pair.x).ToArray());
    }

    private static bool IsInDomain(string name, double x) =>
        name switch
        {
            "sinh" or "cosh" => Math.Abs(x) < 710,
            "acosh" => x > 1,
            "atanh" => Math.Abs(x) < 1,
            _ => true,
        };

    // Numbers of many sizes, dense around 1, where ways of computing change and results are the hardest.
    private static List<double> Spread()
    {
        var numbers = new List<double>();
        var random = new Random(3);
        for (int i = 0; i < 4000; i++)
        {
            double mantissa = 1 + random.NextDouble();
            numbers.Add(Math.ScaleB(mantissa, random.Next(-40, 40)));
            numbers.Add(-Math.ScaleB(mantissa, random.Next(-4, 4)));
            numbers.Add(random.NextDouble() * 3);
            numbers.Add(1 + Math.ScaleB(mantissa, random.Next(-50, 0)));
            numbers.Add(1 - Math.ScaleB(mantissa, random.Next(-50, -1)));
        }

        return numbers;
    }
}
