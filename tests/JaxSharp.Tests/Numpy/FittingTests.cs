using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>Fits of polynomials beside NumPy's.</summary>
public sealed class FittingTests
{
    [Fact]
    public void OfManyFitsTheSmallestIsGiven()
    {
        var x = Jnp.Array([1f, 1f, 2f, 2f]);
        var y = Jnp.Array([1f, 1f, 3f, 3f]);
        CloseReal([0.13407268, 0.23863749, 0.34557877, 0.28171106], Jnp.PolyFit(x, y, 3));
        CloseReal([0.48571429, 0.54285714, -0.02857143], Jnp.PolyFit(Jnp.Array([1f, 2f]), Jnp.Array([1f, 3f]), 2));
        CloseReal([0.13407268, 0.23863749, 0.34557877, 0.28171106], Jit((NDArray v) => Jnp.PolyFit(x, v, 3))(y));
    }

    [Fact]
    public void ComplexCoordinatesFit()
    {
        var x = Jnp.Array(new Complex[] { new(0, 1), 1, new(2, 2), new(3, 1) });
        var y = Jnp.Array(new Complex[] { new(1, 1), new(2, 3), new(5, 7), new(10, 13) });
        Complex[] expected = [new(0.4, 0.8), new(3.11428571, -0.77142857), new(1.05714286, 1.04285714)];
        var (fit, covariance) = Jnp.PolyFit(x, y, 2, cov: "unscaled");
        Close(expected, fit);
        Complex[] upper = [new(0.08, 0.06), new(-0.12, -0.34), new(-0.11, 0.23), new(-0.08923077, 1.10615385)];
        Close(upper, Jnp.Concatenate([covariance[0], covariance[1, 1..2]]));
        Close([new(2.57142857, 1.92857143)], Jnp.Ravel(Jnp.PolyFit(x, y, 2, cov: true).Covariance)[..1], 1e-3);
    }

    [Fact]
    public void ColumnsOfValuesShareACovariance()
    {
        var y = Jnp.Array(
            new[,]
            {
                { 0f, 1f, 2f },
                { 2f, 5f, 7f },
                { 8f, 4f, 9f },
                { 1f, 6f, 3f },
            }
        );
        var x = Jnp.Array([3f, 6f, 9f, 4f]);
        var (fit, covariance) = Jnp.PolyFit(x, y, 2, cov: true);
        Assert.Equal(new Shape(3, 3), fit.Shape);
        Assert.Equal(new Shape(3, 3, 1), covariance.Shape);
        CloseReal(
            Jnp.PolyFit(x, y[.., 0], 2, cov: true).Covariance.ToArray<float>().Select(v => (double)v),
            covariance
        );
        Assert.Throws<JaxArgumentException>(() => Jnp.PolyFit(x, y, 3, cov: true));
        Assert.Throws<JaxArgumentException>(() => Jnp.PolyFit(x, y, 2, cov: false));
    }

    private static void CloseReal(IEnumerable<double> expected, NDArray got) =>
        Close([.. expected.Select(v => new Complex(v, 0))], got);

    private static void Close(Complex[] expected, NDArray got, double tolerance = 2e-5)
    {
        var values = Jnp.AsType(Jnp.Ravel(got), DType.C64).ToArray<Complex64>();
        Assert.Equal(expected.Length, values.Length);
        foreach (var (a, b) in expected.Zip(values))
        {
            Assert.True(Complex.Abs(a - (Complex)b) <= tolerance * Math.Max(1, Complex.Abs(a)), $"{a} {b}");
        }
    }
}
