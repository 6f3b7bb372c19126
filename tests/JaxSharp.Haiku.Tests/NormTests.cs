using System;
using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Layer, group, root-mean-square and spectral normalisation, and averages of whole parameter trees.</summary>
public sealed class NormTests
{
    private static readonly NDArray X = jnp.Sin(jnp.Arange(2 * 3 * 2 * 4)).Reshape(2, 3, 2, 4) * 3 + 1;

    private static NDArray Apply(Func<NDArray, NDArray> f, NDArray x)
    {
        var network = hk.WithoutApplyRng(hk.Transform(f));
        return network.Apply(network.Init(42, x), x);
    }

    private static void Near(NDArray expected, NDArray actual) =>
        Assert.True((bool)jnp.AllClose(expected, actual, 1e-4, 1e-5), $"{expected} is not near {actual}");

    [Fact]
    public void ALayerIsNormalisedOverTheAxesOfARange()
    {
        var y = Apply(x => new hk.LayerNorm(1.., true, true).Call(x), X);
        Near(jnp.Zeros(2), jnp.Mean(y, (1, 2, 3)));
        Near(jnp.Ones(2), jnp.Var(y, (1, 2, 3)));
        Near(y, Apply(x => new hk.LayerNorm((1, 2, 3), true, true, useFastVariance: true).Call(x), X));
        Near(y, Apply(x => new hk.LayerNorm(new[] { -3, -2, -1 }, false, false).Call(x), X));
    }

    [Fact]
    public void GroupsOfOneChannelAreInstances()
    {
        var instances = Apply(x => new hk.InstanceNorm(true, true).Call(x), X);
        Near(jnp.Zeros((2, 4)), jnp.Mean(instances, (1, 2)));
        Near(instances, Apply(x => new hk.GroupNorm(4).Call(x), X));
        var first = jnp.Transpose(X, (0, 3, 1, 2));
        var firstInstances = Apply(x => new hk.InstanceNorm(true, true, dataFormat: "NCHW").Call(x), first);
        Near(instances, jnp.Transpose(firstInstances, (0, 2, 3, 1)));
        Near(firstInstances, Apply(x => new hk.GroupNorm(4, dataFormat: "NCHW").Call(x), first));
    }

    [Fact]
    public void TheRootMeanSquareBecomesOne()
    {
        var y = Apply(x => new hk.RMSNorm(-1, eps: 0).Call(x), X);
        Near(jnp.Ones((2, 3, 2)), jnp.Mean(jnp.Square(y), -1));
    }

    [Fact]
    public void ParametersVaryAlongTheAxesThatAreNamed()
    {
        Shape ScaleOf(Func<NDArray, NDArray> f) => hk.Transform(f).Init(null, X).Single().Value["scale"].Shape;
        Assert.Equal(4, ScaleOf(x => new hk.LayerNorm(-1, true, false).Call(x)));
        Assert.Equal((1, 3, 1, 1), ScaleOf(x => new hk.LayerNorm(-1, true, false, paramAxis: 1).Call(x)));
        Assert.Equal((1, 1, 2, 4), ScaleOf(x => new hk.RMSNorm(-1, paramAxis: 2..).Call(x)));
        Assert.Equal((4, 1, 1), ScaleOf(x => new hk.GroupNorm(2, dataFormat: "NC..").Call(jnp.MoveAxis(x, 3, 1))));
    }

    [Fact]
    public void ASpectralNormApproachesTheLargestSingularValue()
    {
        var matrix = jnp.Diag(jnp.Array([5f, 2f, 1f]));
        var network = hk.TransformWithState((NDArray w) => new hk.SpectralNorm(eps: 1e-12).Call(w));
        var (parameters, state) = network.Init(1, matrix);
        NDArray y = matrix;
        for (int i = 0; i < 20; i++)
        {
            (y, state) = network.Apply(parameters, state, null, matrix);
        }

        Near(5, (NDArray)state["spectral_norm"]["sigma"]);
        Near(matrix / 5, y);
    }

    [Fact]
    public void AveragesOfParametersLeaveOutWhatIsIgnored()
    {
        var parameters = new hk.Params
        {
            ["net/~/linear"] = new() { ["w"] = jnp.Ones((2, 2)), ["b"] = jnp.Ones(2) },
        };
        var average = hk.TransformWithState(
            (hk.Params p) => new hk.EMAParamsTree(0.5, zeroDebias: false, ignoreRegex: ".*/b").Call(p)
        );
        var (_, state) = average.Init(null, parameters);
        Assert.Equal("ema_params_tree/net___tilde___linear__w", Assert.Single(state).Key);
        var (result, _) = average.Apply(null, state, null, parameters);
        Near(jnp.Full((2, 2), 0.5), result["net/~/linear"]["w"]);
        Near(jnp.Ones(2), result["net/~/linear"]["b"]);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("3 groups", Refusal<ShapeException>(x => new hk.GroupNorm(3).Call(x)));
        Assert.Contains("axis 4", Refusal<AxisException>(x => new hk.LayerNorm(4, true, true).Call(x)));
        Assert.Contains(
            "createOffset: false",
            Refusal<JaxArgumentException>(x => new hk.LayerNorm(-1, false, true).Call(x, null, jnp.Zeros(4)))
        );
        Assert.Contains(
            "createScale",
            Refusal<JaxArgumentException>(x => new hk.RMSNorm(-1, 0, jnp.Ones, null, false).Call(x))
        );
        Assert.Contains("two axes", Refusal<ShapeException>(x => new hk.SpectralNorm().Call(x[0, 0, 0])));
        Assert.Contains(
            "a matrix",
            Refusal<ShapeException>(x => new hk.SpectralNorm().Call(x, errorOnNonMatrix: true))
        );
    }

    private static string Refusal<TException>(Func<NDArray, NDArray> f)
        where TException : JaxException =>
        Assert.Throws<TException>(() => hk.TransformWithState(f).Init(42, X)).Message;
}
