using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Whole networks and quantisers: paths and shapes of parameters, and how they learn.</summary>
public sealed class NetTests
{
    private static readonly NDArray Images = jnp.Sin(jnp.Arange(2 * 32 * 32 * 3)).Reshape(2, 32, 32, 3);

    private static (hk.Params, hk.State) Init(Func<NDArray, NDArray> network) =>
        Jit((NDArray x) => hk.TransformWithState(network).Init(42, x))(Images);

    [Fact]
    public void AResNetHasHaikusPathsAndShapes()
    {
        var (parameters, state) = Init(x => new hk.Nets.ResNet50(10).Call(x, isTraining: true));
        Assert.Equal((1, 1, 64, 64), parameters["res_net50/~/block_group_0/~/block_0/~/conv_0"]["w"].Shape);
        Assert.Equal((1, 1, 64, 256), parameters["res_net50/~/block_group_0/~/block_0/~/shortcut_conv"]["w"].Shape);
        Assert.Equal((1, 1, 1, 64), parameters["res_net50/~/block_group_0/~/block_0/~/batchnorm_0"]["scale"].Shape);
        Assert.Equal(0, (double)jnp.Max(parameters["res_net50/~/block_group_3/~/block_2/~/batchnorm_2"]["scale"]));
        Assert.Equal((2048, 10), parameters["res_net50/~/logits"]["w"].Shape);
        Assert.Equal(25_557_032 - 2048 * 990 - 990, parameters.Values.Sum(group => group.Values.Sum(w => w.Size)));
        Assert.Equal(53 * 2, state.Count);
        Assert.Contains("res_net50/~/block_group_2/~/block_5/~/batchnorm_1/~/mean_ema", state.Keys);
    }

    [Fact]
    public void TheSecondVersionNormalisesFirst()
    {
        var (parameters, _) = Init(x => new hk.Nets.ResNet18(3, resnetV2: true).Call(x, isTraining: true));
        Assert.Contains("res_net18/~/final_batchnorm", parameters.Keys);
        Assert.DoesNotContain("res_net18/~/initial_batchnorm", parameters.Keys);
        Assert.DoesNotContain("res_net18/~/block_group_1/~/block_0/~/shortcut_batchnorm", parameters.Keys);
        Assert.Contains(
            "blocksPerGroup",
            Assert.Throws<JaxArgumentException>(() => Init(x => new hk.Nets.ResNet((1, 1), 3).Call(x, true))).Message
        );
    }

    [Fact]
    public void AMobileNetMakesItsBlocksAtTheCall()
    {
        var (parameters, _) = Init(x => new hk.Nets.MobileNetV1((1, 2), (4, 8), 3).Call(x, isTraining: true));
        Assert.Equal((3, 3, 1, 32), parameters["mobile_net_v1/mobile_net_v1_block/depthwise_conv"]["w"].Shape);
        Assert.Equal((1, 1, 4, 8), parameters["mobile_net_v1/mobile_net_v1_block_1/pointwise_conv"]["w"].Shape);
        Assert.Equal((1, 1, 1, 8), parameters["mobile_net_v1/mobile_net_v1_block_1/batch_norm_1"]["scale"].Shape);
    }

    [Fact]
    public void AQuantiserGivesTheNearestEmbeddingAndLetsGradientsThrough()
    {
        var embeddings = jnp.Array(
            new[,]
            {
                { 0f, 1f, 4f },
            }
        );
        var parameters = new hk.Params { ["vector_quantizer"] = new() { ["embeddings"] = embeddings } };
        var network = hk.Transform((NDArray x) => new hk.Nets.VectorQuantizer(1, 3, 0.25).Call(x, isTraining: true));
        var inputs = jnp.Array(
            new[,]
            {
                { 0.2f },
                { 3f },
                { 0.9f },
            }
        );
        var result = network.Apply(parameters, null, inputs);
        Assert.Equal("[0 2 1]", result.EncodingIndices.ToString());
        Assert.True((bool)jnp.AllClose(result.Quantize[.., 0], jnp.Array([0f, 4f, 1f]), 1e-6));
        Assert.Equal(3, (double)result.Perplexity, 1e-4);
        Assert.Equal(1.25 * (0.04 + 1 + 0.01) / 3, (double)result.Loss, 1e-5);
        var gradient = Grad((NDArray x) => jnp.Sum(network.Apply(parameters, null, x).Quantize * 3))(inputs);
        Assert.Equal("[3. 3. 3.]", gradient[.., 0].ToString());
    }

    [Fact]
    public void AMovingQuantiserFollowsItsInputs()
    {
        var network = hk.TransformWithState(
            (NDArray x) => new hk.Nets.VectorQuantizerEMA(1, 2, 0.25, 0.5).Call(x, isTraining: true).Quantize
        );
        var inputs = jnp.Array(
            new[,]
            {
                { -3f },
                { -3f },
                { 5f },
                { 5f },
            }
        );
        var (parameters, state) = network.Init(3, inputs);
        Assert.Empty(parameters);
        for (int i = 0; i < 30; i++)
        {
            (_, state) = network.Apply(parameters, state, null, inputs);
        }

        var found = ((NDArray)state["vector_quantizer_ema"]["embeddings"]).ToArray<float>().Order().ToArray();
        Assert.Equal([-3, 5], found.Select(x => Math.Round(x, 2)));
    }
}
