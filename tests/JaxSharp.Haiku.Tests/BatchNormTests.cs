using System.Collections.Generic;
using Xunit;
using hk = JaxSharp.Haiku.Hk;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Haiku.Tests;

/// <summary>Batch normalisation and moving averages: what Init and Apply make of their states.</summary>
public sealed class BatchNormTests
{
    private static readonly NDArray X = jnp.Arange(6.0).Reshape(3, 2);

    private static readonly hk.TransformedWithState<NDArray, bool, NDArray> Normalised = hk.TransformWithState(
        (NDArray x, bool isTraining) => new hk.BatchNorm(true, true, 0.9).Call(x, isTraining)
    );

    [Fact]
    public void InitReturnsTheFirstAverageButCountersAtZero()
    {
        var (parameters, state) = Normalised.Init(null, X, true);
        Assert.Equal((1, 2), parameters["batch_norm"]["scale"].Shape);
        var mean = state["batch_norm/~/mean_ema"];
        Assert.Equal(0, (int)(NDArray)mean["counter"]);
        Assert.Equal("[[0. 0.]]", mean["hidden"].ToString());
        Assert.True(
            (bool)
                jnp.AllClose(
                    (NDArray)mean["average"],
                    jnp.Array(
                        new[,]
                        {
                            { 2f, 3f },
                        }
                    ),
                    1e-6
                )
        );
    }

    [Fact]
    public void EvaluationUsesTheAveragesAndLeavesThem()
    {
        var (parameters, state) = Normalised.Init(null, X, true);
        var (trained, after) = Normalised.Apply(parameters, state, null, X, true);
        Assert.Equal(1, (int)(NDArray)after["batch_norm/~/var_ema"]["counter"]);
        var (evaluated, same) = Normalised.Apply(parameters, after, null, X, false);
        Assert.True((bool)jnp.AllClose(trained, evaluated, 1e-5, 1e-6));
        Assert.Equal(1, (int)(NDArray)same["batch_norm/~/var_ema"]["counter"]);
        var (shifted, _) = Normalised.Apply(parameters, after, null, X + 1, false);
        Assert.True((bool)jnp.All(shifted > evaluated));
    }

    [Fact]
    public void InitInEvaluationSaysWhichStateIsMissing() =>
        Assert.Contains(
            "batch_norm/~/mean_ema/average",
            Assert.Throws<ParameterException>(() => Normalised.Init(null, X, false)).Message
        );

    [Fact]
    public void ArgumentsThatContradictEachOtherAreRefused()
    {
        var given = hk.TransformWithState(
            (NDArray x) => new hk.BatchNorm(true, true, 0.9).Call(x, true, scale: jnp.Ones(2))
        );
        Assert.Contains("createScale: false", Assert.Throws<JaxArgumentException>(() => given.Init(null, X)).Message);
        var without = hk.TransformWithState(
            (NDArray x) => new hk.BatchNorm(true, false, 0.9, offsetInit: jnp.Zeros).Call(x, true)
        );
        Assert.Contains("offsetInit", Assert.Throws<JaxArgumentException>(() => without.Init(null, X)).Message);
        var warm = hk.TransformWithState((NDArray x) => new hk.ExponentialMovingAverage(0.9, true, 3).Call(x));
        Assert.Contains("zeroDebias", Assert.Throws<JaxArgumentException>(() => warm.Init(null, X)).Message);
    }

    [Fact]
    public void AWarmUpFollowsItsValues()
    {
        var average = hk.TransformWithState((NDArray x) => new hk.ExponentialMovingAverage(0.5, false, 1).Call(x));
        var (_, state) = average.Init(null, 1.0);
        Assert.Equal(-1, (int)(NDArray)state["exponential_moving_average"]["counter"]);
        var (first, next) = average.Apply(null, state, null, 4.0);
        var (second, _) = average.Apply(null, next, null, 2.0);
        Assert.Equal((4.0, 3.0), ((double)first, (double)second));
    }

    [Fact]
    public void GroupsOfSlicesShareStatistics()
    {
        NDArray x = jnp.Array(
            new[,]
            {
                { 0f, 2f },
                { 4f, 6f },
                { 20f, 22f },
                { 24f, 26f },
            }
        );
        NDArray Means(IReadOnlyList<IReadOnlyList<int>>? groups)
        {
            var norm = hk.TransformWithState(
                (NDArray x) =>
                {
                    var norm = new hk.BatchNorm(
                        false,
                        false,
                        0.5,
                        crossReplicaAxis: "i",
                        crossReplicaAxisIndexGroups: groups
                    );
                    norm.Call(x[.., null], true);
                    return norm.MeanEma.Average;
                }
            );
            return Jax.Vmap((NDArray x) => norm.Apply(null, norm.Init(null, x).State, null, x).Result, axisName: "i")(x)
                .Reshape(4);
        }

        Assert.Equal("[13. 13. 13. 13.]", Means(null).ToString());
        Assert.Equal(
            "[ 3.  3. 23. 23.]",
            Means([
                    [0, 1],
                    [2, 3],
                ])
                .ToString()
        );
        Assert.Equal(
            "[11. 15. 11. 15.]",
            Means([
                    [0, 2],
                    [3, 1],
                ])
                .ToString()
        );
        Assert.Contains(
            "[0, 1] [2]",
            Assert
                .Throws<JaxArgumentException>(() =>
                    Means([
                        [0, 1],
                        [2],
                    ])
                )
                .Message
        );
        Assert.Throws<JaxArgumentException>(() =>
            Means([
                [0, 1, 2],
                [3],
            ])
        );
        var noAxis = hk.TransformWithState(
            (NDArray x) =>
                new hk.BatchNorm(
                    true,
                    true,
                    0.9,
                    crossReplicaAxisIndexGroups:
                    [
                        [0],
                    ]
                ).Call(x, true)
        );
        Assert.Throws<JaxArgumentException>(() => noAxis.Init(null, X));
    }
}
