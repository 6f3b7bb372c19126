using System;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using init = JaxSharp.Haiku.Hk.Initializers;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>First values: their distributions, the keys they draw, and what they refuse.</summary>
public sealed class InitializerTests
{
    private static NDArray Make(hk.Initializer initializer, Shape shape, DType? dtype = null) =>
        hk.Transform(() => initializer(shape, dtype ?? DType.F32)).Apply(null, 42);

    private static double Deviation(NDArray x) => (double)jnp.Std(x);

    [Fact]
    public void TheDeviationIsThatBeforeTheCutUnlessVarianceIsScaled()
    {
        Shape shape = (200, 100);
        Assert.Equal(0.1, Deviation(Make(init.RandomNormal(0.1), shape)), 0.002);
        Assert.Equal(0.08796, Deviation(Make(init.TruncatedNormal(0.1), shape)), 0.001);
        Assert.Equal(1 / Math.Sqrt(200), Deviation(Make(init.VarianceScaling(), shape)), 0.001);
        Assert.Equal(
            Math.Sqrt(2 / 150.0),
            Deviation(Make(init.VarianceScaling(2, "fan_avg", "uniform"), shape)),
            0.002
        );
        Assert.Equal(1 / Math.Sqrt(200), Deviation(Make(init.UniformScaling(), shape)), 0.001);
    }

    [Fact]
    public void OrthogonalMatricesHaveOrthonormalRowsOrColumns()
    {
        var tall = Make(init.Orthogonal(), (6, 3));
        Assert.True((bool)jnp.AllClose(jnp.MatMul(tall.T, tall), jnp.Eye(3), 1e-5, 1e-6));
        var wide = Make(init.Orthogonal(scale: 2), (2, 2, 5));
        var rows = jnp.Reshape(wide, (4, 5));
        Assert.True((bool)jnp.AllClose(jnp.MatMul(rows, rows.T), 4 * jnp.Eye(4), 1e-5, 1e-5));
    }

    [Fact]
    public void OnlyRandomValuesDrawAKey()
    {
        (NDArray, NDArray) Two(hk.Initializer first) =>
            hk.Transform(() => (first(2, DType.F32), init.RandomUniform()(2, DType.F32))).Apply(null, 42);
        var alone = Make(init.RandomUniform(), 2);
        Assert.True((bool)jnp.ArrayEqual(alone, Two(init.Constant(3)).Item2));
        Assert.True((bool)jnp.ArrayEqual(alone, Two(jnp.Zeros).Item2));
        Assert.False((bool)jnp.ArrayEqual(alone, Two(init.RandomNormal()).Item2));
    }

    [Fact]
    public void InitialisersWorkUnderJit()
    {
        var network = hk.Transform(
            (NDArray x) =>
                hk.GetParameter("a", (4, 3), init: init.Orthogonal())
                + hk.GetParameter("b", (4, 3), init: init.VarianceScaling())
                + hk.GetParameter("c", (4, 3), init: init.Constant(jnp.Arange(3.0)))
        );
        var eager = network.Init(42, 0)["~"];
        var jitted = Jit((NDArray x) => network.Init(42, x))(0)["~"];
        foreach (var (name, value) in eager)
        {
            Assert.True((bool)jnp.AllClose(value, jitted[name], 1e-5, 1e-6), name);
        }
    }

    [Fact]
    public void ComplexNormalNumbersHaveTwoParts()
    {
        var x = Make(init.TruncatedNormal(0.5), (50, 50), DType.C64);
        Assert.Equal(DType.C64, x.DType);
        Assert.Equal(0.44, Deviation(jnp.Real(x)), 0.02);
        Assert.Equal(0.44, Deviation(jnp.Imag(x)), 0.02);
    }

    [Fact]
    public void WhatMakesNoSenseIsRefusedWhereItIsMade()
    {
        Assert.Contains("fan_in", Assert.Throws<JaxArgumentException>(() => init.VarianceScaling(mode: "fan")).Message);
        Assert.Contains("above 0", Assert.Throws<JaxArgumentException>(() => init.VarianceScaling(0)).Message);
        Assert.Contains(
            "\"beta\"",
            Assert.Throws<JaxArgumentException>(() => init.VarianceScaling(distribution: "beta")).Message
        );
        Assert.Contains("(3,)", Assert.Throws<ShapeException>(() => Make(init.Orthogonal(), 3)).Message);
        Assert.Contains("(3,)", Assert.Throws<ShapeException>(() => Make(init.Identity(), 3)).Message);
    }

    [Fact]
    public void AScalarHasOneInput()
    {
        var x = (double)Make(init.UniformScaling(2), Shape.Scalar);
        Assert.Equal(x, (double)Make(init.RandomUniform(-2 * Math.Sqrt(3), 2 * Math.Sqrt(3)), Shape.Scalar), 1e-6);
    }

    [Fact]
    public void AxesThatAreNotThereAreNamed()
    {
        Assert.Contains("axis 2", Assert.Throws<AxisException>(() => Make(init.Orthogonal(axis: 2), (3, 3))).Message);
        Assert.Contains("axis -3", Assert.Throws<AxisException>(() => Make(init.Orthogonal(axis: -3), (3, 3))).Message);
        Assert.Contains(
            "axis 4",
            Assert.Throws<AxisException>(() => Make(init.VarianceScaling(fanInAxes: (0, 4)), (2, 3, 3))).Message
        );
    }
}
