using System;
using System.Linq;
using System.Numerics;
using JaxSharp.Compiler.Routines;
using Xunit;

namespace JaxSharp.Compiler.Tests.Routines;

/// <summary>Fourier transforms of every kind of length against the sum that defines them.</summary>
public sealed class FourierPlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(30)]
    [InlineData(61)]
    [InlineData(67)] // Bluestein, as the next ones.
    [InlineData(134)]
    [InlineData(509)]
    [InlineData(512)]
    public void IsTheDefiningSum(int length)
    {
        var random = new Random(length);
        Complex[] x =
        [
            .. Enumerable.Range(0, length).Select(_ => new Complex(random.NextDouble(), random.NextDouble())),
        ];
        Complex[] y = [.. x];
        FourierPlan plan = FourierPlan.For(length);
        var scratch = new Complex[plan.ScratchLength];
        plan.Run(y, scratch, inverse: false);
        for (int k = 0; k < length; k++)
        {
            Complex expected = Enumerable
                .Range(0, length)
                .Aggregate(Complex.Zero, (sum, j) => sum + x[j] * Root(-(long)j * k % length, length));
            Assert.True((y[k] - expected).Magnitude < 1e-13 * length, $"element {k}: {y[k]}, expected {expected}");
        }

        plan.Run(y, scratch, inverse: true);
        Assert.All(x.Zip(y), pair => Assert.True((pair.First - pair.Second).Magnitude < 1e-13));
    }

    private static Complex Root(long k, int n) => Complex.FromPolarCoordinates(1, 2 * Math.PI * k / n);
}
