using System;
using System.Linq;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Convolutions and pooling: shapes of parameters, padding, layouts, and what they refuse.</summary>
public sealed class ConvolutionTests
{
    private static readonly NDArray Images = jnp.Sin(jnp.Arange(2 * 6 * 5 * 3)).Reshape(2, 6, 5, 3);

    private static (hk.Params Params, NDArray Output) Run(Func<NDArray, NDArray> network, NDArray x)
    {
        var transformed = hk.WithoutApplyRng(hk.Transform(network));
        var parameters = transformed.Init(42, x);
        return (parameters, transformed.Apply(parameters, x));
    }

    [Fact]
    public void ChannelsFirstComputesTheSameOnTransposedImages()
    {
        var (parameters, last) = Run(x => new hk.Conv2D(4, (3, 2), stride: (2, 1)).Call(x), Images);
        Assert.Equal((3, 2, 3, 4), parameters["conv2_d"]["w"].Shape);
        Assert.Equal(4, parameters["conv2_d"]["b"].Shape);
        var (others, first) = Run(
            x => new hk.Conv2D(4, (3, 2), stride: (2, 1), dataFormat: "NCHW").Call(x),
            jnp.Transpose(Images, (0, 3, 1, 2))
        );
        Assert.Equal((4, 1, 1), others["conv2_d"]["b"].Shape);
        Assert.True((bool)jnp.AllClose(jnp.Transpose(first, (0, 2, 3, 1)), last, 1e-5, 1e-6));
    }

    [Fact]
    public void ACausalConvolutionSeesNoLaterInput()
    {
        NDArray Network(NDArray x) => new hk.Conv1D(2, 3, rate: 2, padding: hk.Pad.Causal).Call(x);
        var series = jnp.Sin(jnp.Arange(9)).Reshape(9, 1);
        var (_, output) = Run(Network, series);
        var (_, changed) = Run(Network, series.At[5].Add(1));
        Assert.Equal((9, 2), output.Shape);
        Assert.True((bool)jnp.ArrayEqual(output[..5], changed[..5]));
        Assert.False((bool)jnp.ArrayEqual(output[5], changed[5]));
    }

    [Fact]
    public void ATransposedConvolutionIsTheGradientOfAConvolution()
    {
        var (parameters, output) = Run(x => new hk.Conv2DTranspose(4, 3, stride: 2, withBias: false).Call(x), Images);
        Assert.Equal((2, 12, 10, 4), output.Shape);
        NDArray w = parameters["conv2_d_transpose"]["w"];
        Assert.Equal((3, 3, 4, 3), w.Shape);
        var forward = new hk.Params
        {
            ["conv2_d"] = new() { ["w"] = w[jnp.Flip(jnp.Arange(3))][.., jnp.Flip(jnp.Arange(3))] },
        };
        var convolution = hk.WithoutApplyRng(
            hk.Transform((NDArray x) => new hk.Conv2D(3, 3, stride: 2, withBias: false).Call(x))
        );
        var gradient = Jax.Grad((NDArray x) => jnp.Sum(convolution.Apply(forward, x) * Images))(
            jnp.Zeros((2, 12, 10, 4))
        );
        Assert.True((bool)jnp.AllClose(gradient, output, 1e-4, 1e-5));
    }

    [Fact]
    public void ATransposedConvolutionHasTheExtentsThatAreAskedFor()
    {
        var (_, output) = Run(x => new hk.Conv2DTranspose(4, 3, stride: 2, outputShape: (11, 10)).Call(x), Images);
        Assert.Equal((2, 11, 10, 4), output.Shape);
        Assert.Contains(
            "extent 5",
            Refusal<ShapeException>(x => new hk.Conv2DTranspose(4, 3, stride: 2, outputShape: (10, 10)).Call(x), Images)
        );
        Assert.Contains(
            "outputShape",
            Refusal<JaxArgumentException>(
                x => new hk.Conv2DTranspose(4, 3, outputShape: (6, 5), padding: (1, 1)).Call(x),
                Images
            )
        );
    }

    [Fact]
    public void DepthwiseConvolutionsKeepChannelsApart()
    {
        NDArray Network(NDArray x) => new hk.DepthwiseConv2D(2, 3).Call(x);
        var (parameters, output) = Run(Network, Images);
        Assert.Equal((3, 3, 1, 6), parameters["depthwise_conv2_d"]["w"].Shape);
        var (_, changed) = Run(Network, Images.At[.., .., .., 1].Add(1));
        Assert.True((bool)jnp.ArrayEqual(output[.., .., .., ..2], changed[.., .., .., ..2]));
        Assert.False((bool)jnp.ArrayEqual(output[.., .., .., 2..4], changed[.., .., .., 2..4]));
        Assert.True((bool)jnp.ArrayEqual(output[.., .., .., 4..], changed[.., .., .., 4..]));
        Assert.Equal(
            ["separable_depthwise_conv2_d/~/depthwise_conv2_d", "separable_depthwise_conv2_d/~/depthwise_conv2_d_1"],
            Run(x => new hk.SeparableDepthwiseConv2D(1, 3).Call(x), Images).Params.Keys
        );
    }

    [Fact]
    public void AConvolutionIsOnePrimitive()
    {
        var network = hk.WithoutApplyRng(hk.Transform((NDArray x) => new hk.Conv2D(4, 3).Call(x)));
        var parameters = network.Init(42, Images);
        string program = Jax.MakeJaxpr((NDArray x) => network.Apply(parameters, x))(Images).ToString();
        Assert.Equal(1, program.Split("conv_general_dilated").Length - 1);
        Assert.DoesNotContain("transpose", program);
        Assert.DoesNotContain("pad[", program);
    }

    [Fact]
    public void PoolingIsOneReduction()
    {
        string max = Jax.MakeJaxpr((NDArray x) => hk.Max_Pool(x, 2, 2, "SAME"))(Images).ToString();
        string mean = Jax.MakeJaxpr((NDArray x) => hk.Avg_Pool(x, 2, 2, "VALID"))(Images).ToString();
        Assert.Single(max.Split('\n'), line => line.Contains('='));
        Assert.Contains("reduce_window_max", max);
        Assert.Equal(1, mean.Split("reduce_window").Length - 1);
        Assert.DoesNotContain("pad[", mean);
    }

    [Fact]
    public void PaddedElementsDoNotCountInTheMean()
    {
        var means = hk.Avg_Pool(jnp.Ones((1, 3, 3, 2)), 2, 2, "SAME");
        Assert.Equal((1, 2, 2, 2), means.Shape);
        Assert.True((bool)jnp.ArrayEqual(means, jnp.Ones((1, 2, 2, 2))));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.Contains("f32[3,3]", Refusal<ShapeException>(x => new hk.Conv2D(2, 3).Call(x), jnp.Ones((3, 3))));
        Assert.Contains(
            "3 channels",
            Refusal<ShapeException>(x => new hk.Conv2D(2, 3, featureGroupCount: 2).Call(x), Images)
        );
        Assert.Contains(
            "(3,3,3,2)",
            Refusal<ShapeException>(x => new hk.Conv2D(2, 3, mask: jnp.Ones((3, 3))).Call(x), Images)
        );
        Assert.Contains("kernelShape", Refusal<JaxArgumentException>(_ => new hk.Conv2D(2, (3, 3, 3)).Call(_), Images));
        Assert.Contains(
            "HW",
            Refusal<JaxArgumentException>(x => new hk.Conv2D(2, 3, dataFormat: "HW").Call(x), Images)
        );
        Assert.Contains("SAME", Refusal<JaxArgumentException>(x => hk.Avg_Pool(x, 2, 2, "WRONG"), Images));
        Assert.Contains("channelAxis=7", Refusal<AxisException>(x => hk.Max_Pool(x, 2, 2, "SAME", 7), Images));
    }

    private static string Refusal<TException>(Func<NDArray, NDArray> network, NDArray x)
        where TException : JaxException => Assert.Throws<TException>(() => Run(network, x)).Message;
}
