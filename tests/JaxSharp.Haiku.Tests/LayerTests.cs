using System;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Layers without convolution or normalisation: bias, embeddings, shapes, dropout, perceptrons, functions over axes.</summary>
public sealed class LayerTests
{
    private static readonly NDArray X = jnp.Arange(24.0).Reshape(2, 3, 4);

    private static (hk.Params Params, NDArray Output) Run(Func<NDArray, NDArray> network, NDArray x)
    {
        var transformed = hk.WithoutApplyRng(hk.Transform(network));
        var parameters = transformed.Init(42, x);
        return (parameters, transformed.Apply(parameters, x));
    }

    [Fact]
    public void ABiasVariesAlongItsAxes()
    {
        Shape ShapeOf(Dims? dims) => Run(x => new hk.Bias(biasDims: dims).Call(x), X).Params["bias"]["b"].Shape;
        Assert.Equal((3, 4), ShapeOf(null));
        Assert.Equal(4, ShapeOf(-1));
        Assert.Equal((3, 1), ShapeOf(1));
        Assert.Equal(Shape.Scalar, ShapeOf(ValueTuple.Create()));
        var (_, same) = Run(
            x =>
            {
                var bias = new hk.Bias(bInit: jnp.Ones);
                return bias.Call(bias.Call(x), multiplier: -1);
            },
            X
        );
        Assert.True((bool)jnp.ArrayEqual(X, same));
        Assert.Throws<AxisException>(() => Run(x => new hk.Bias(biasDims: (0, 2)).Call(x), X));
        Assert.Throws<ShapeException>(() => Run(x => new hk.Bias(outputSize: (3, 5)).Call(x), X));
    }

    [Fact]
    public void EmbeddingsAreTheSameByIndexAndByOneHot()
    {
        var ids = jnp.Array(
            new[,]
            {
                { 0, 2 },
                { 4, 4 },
            }
        );
        var (parameters, difference) = Run(
            x =>
            {
                var embed = new hk.Embed(5, 3);
                return embed.Call(x) - embed.Call(x, hk.EmbedLookupStyle.OneHot);
            },
            ids
        );
        Assert.Equal((5, 3), parameters["embed"]["embeddings"].Shape);
        Assert.True((bool)jnp.ArrayEqual(jnp.Zeros((2, 2, 3)), difference));
        var table = jnp.Arange(4.0).Reshape(2, 2);
        var (_, rows) = Run(x => new hk.Embed(embeddingMatrix: table).Call(x), jnp.Array([1]));
        Assert.Equal("[[2. 3.]]", rows.ToString());
        Assert.Throws<JaxArgumentException>(() => Run(x => new hk.Embed(5).Call(x), ids));
        Assert.Throws<ShapeException>(() => Run(x => new hk.Embed(3, embeddingMatrix: table).Call(x), ids));
        Assert.Throws<DTypeException>(() => Run(x => new hk.Embed(5, 3).Call(x), X));
    }

    [Fact]
    public void ShapesKeepTheirFirstAxes()
    {
        Assert.Equal((2, 12), Run(x => new hk.Flatten().Call(x), X).Output.Shape);
        Assert.Equal((2, 3, 4), Run(x => new hk.Flatten(-1).Call(x), X).Output.Shape);
        Assert.Equal((2, 2, 6), Run(x => new hk.Reshape((2, -1)).Call(x), X).Output.Shape);
        Assert.Equal((0, 3), Run(x => new hk.Flatten().Call(x), jnp.Ones((0, 3, 1))).Output.Shape);
        Assert.Contains("(5,)", Assert.Throws<ShapeException>(() => Run(x => new hk.Reshape(5).Call(x), X)).Message);
        Assert.Throws<JaxArgumentException>(() => Run(x => new hk.Flatten(0).Call(x), X));
    }

    [Fact]
    public void DropoutKeepsTheMeanAndSharesItsFateAlongAxes()
    {
        var key = JaxRandom.Key(0);
        var dropped = hk.Dropout(key, 0.25, jnp.Ones((100, 100)), broadcastDims: 1);
        Assert.Equal(1, (double)jnp.Mean(dropped), 0.1);
        Assert.True((bool)jnp.ArrayEqual(dropped[.., 0], dropped[.., 57]));
        Assert.Same(X, hk.Dropout(key, 0, X));
        Assert.Throws<JaxArgumentException>(() => hk.Dropout(key, 1, X));
        Assert.Throws<AxisException>(() => hk.Dropout(key, 0.5, X, 3));
    }

    [Fact]
    public void APerceptronTurnsAround()
    {
        var (parameters, output) = Run(
            x =>
            {
                var mlp = new hk.Nets.MLP([5, 2]);
                var code = mlp.Call(x);
                return mlp.Reverse().Call(code);
            },
            X
        );
        Assert.Equal(X.Shape, output.Shape);
        Assert.Equal((2, 5), parameters["mlp/~reverse/mlp_reversed/~/linear_0"]["w"].Shape);
        Assert.Equal((5, 4), parameters["mlp/~reverse/mlp_reversed/~/linear_1"]["w"].Shape);
        Assert.Contains(
            "mlp",
            Assert.Throws<ModuleException>(() => Run(x => new hk.Nets.MLP(2).Reverse().Call(x), X)).Message
        );
        Assert.Throws<JaxArgumentException>(() =>
            Run(x => new hk.Nets.MLP(2, bInit: jnp.Zeros, withBias: false).Call(x), X)
        );
    }

    [Fact]
    public void BatchApplyMergesAxesOfWhatHasThem()
    {
        var seen = Shape.Scalar;
        var scaled = hk.BatchApply(
            (NDArray x, NDArray factor) =>
            {
                seen = x.Shape;
                return x * factor;
            }
        )(X, 2.0);
        Assert.Equal((6, 4), seen);
        Assert.True((bool)jnp.ArrayEqual(X * 2, scaled));
        Assert.Equal((2, 3, 5), Run(x => hk.BatchApply(new hk.Linear(5))(x), X).Output.Shape);
        Assert.Contains("f32[]", Assert.Throws<ShapeException>(() => hk.BatchApply((NDArray x) => x)(1.0)).Message);
        Assert.Equal(5, Run(x => hk.ExpandApply(new hk.Linear(5))(x), jnp.Ones(4)).Output.Shape);
        Assert.Throws<AxisException>(() => hk.ExpandApply((NDArray x) => x, axis: 1));
    }

    [Fact]
    public void AFunctionBringsMoreArgumentsToALayerOfASequence()
    {
        var (scale, offset) = (jnp.Arange(4.0), jnp.Ones(4));
        var (parameters, y) = Run(
            x =>
            {
                var norm = new hk.LayerNorm(-1, false, false);
                return new hk.Sequential(x => norm.Call(x, scale, offset), new hk.Linear(2)).Call(x);
            },
            X
        );
        Assert.Equal(["linear"], parameters.Keys);
        var expected = jnp.MatMul(
            Run(x => new hk.LayerNorm(-1, false, false).Call(x), X).Output * scale + offset,
            parameters["linear"]["w"]
        );
        Assert.True((bool)jnp.AllClose(expected, y, 1e-5, 1e-6), $"{expected} is not near {y}");
    }

    [Fact]
    public void BatchApplySplitsWhatHasTheMergedAxis()
    {
        Assert.Contains(
            "f32[]",
            Assert.Throws<ShapeException>(() => hk.BatchApply((NDArray x) => jnp.Sum(x))(X)).Message
        );
        Assert.Contains("f32[4,6]", Assert.Throws<ShapeException>(() => hk.BatchApply((NDArray x) => x.T)(X)).Message);
        Assert.Throws<JaxArgumentException>(() => hk.BatchApply((NDArray x) => x, numDims: 0));
        Assert.Throws<JaxArgumentException>(() => hk.BatchApply((NDArray x, NDArray y) => x, numDims: -1));
        Assert.Equal(X.Shape, hk.BatchApply((NDArray x) => x, numDims: 1)(X).Shape);
    }

    [Fact]
    public void TheFirstLayerOfASequenceTakesMoreArguments()
    {
        var (scale, offset) = (jnp.Arange(4.0), jnp.Ones(4));
        var (parameters, y) = Run(
            x =>
            {
                var norm = new hk.LayerNorm(-1, false, false);
                return new hk.Sequential<NDArray, NDArray>(norm.Call, new hk.Linear(2)).Call(x, scale, offset);
            },
            X
        );
        Assert.Equal(["linear"], parameters.Keys);
        var expected = jnp.MatMul(
            Run(x => new hk.LayerNorm(-1, false, false).Call(x), X).Output * scale + offset,
            parameters["linear"]["w"]
        );
        Assert.True((bool)jnp.AllClose(expected, y, 1e-5, 1e-6), $"{expected} is not near {y}");
        var trained = hk.TransformWithState(
            (NDArray x, bool train) =>
                new hk.Sequential<bool>(
                    (x, train) => new hk.BatchNorm(true, true, 0.9).Call(x, train),
                    [Nn.Relu],
                    "net"
                ).Call(x, train)
        );
        Assert.Equal(["net/batch_norm"], trained.Init(null, X, true).Params.Keys);
    }

    [Fact]
    public void ActivationsWithSettingsAreLayers()
    {
        var (_, y) = Run(
            x => new hk.Sequential(Nn.Gelu, Nn.Elu, Nn.Celu, Nn.LeakyRelu, Nn.Squareplus, Nn.Glu, Nn.Softmax).Call(x),
            X
        );
        Assert.True((bool)jnp.AllClose(jnp.Ones((2, 3)), jnp.Sum(y, axis: -1), 1e-6));
        Assert.True(
            (bool)
                jnp.AllClose(
                    Nn.Softmax(X, axis: -1),
                    jnp.Exp(Run(x => new hk.Sequential(Nn.LogSoftmax).Call(x), X).Output),
                    1e-5
                )
        );
    }
}
