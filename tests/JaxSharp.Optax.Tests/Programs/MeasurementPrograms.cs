using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests.Programs;

/// <summary>Recorded programs that read states; the numbers are Optax's.</summary>
public sealed class MeasurementPrograms
{
    private static readonly NDArray W = Jnp.Array([0.5f, -1.2f, 2f]);

    [Fact]
    public void MonitorSnapshotMeasureWithEma()
    {
        var tx = optax.Chain(
            optax.Monitor(
                new Dictionary<string, Measure<NDArray>>
                {
                    ["norm"] = Measure.Of((NDArray updates) => optax.GlobalNorm(updates)),
                    ["average"] = optax.MeasureWithEma((NDArray updates) => Jnp.Sum(updates), 0.9),
                }
            ),
            optax.Snapshot("pre", (NDArray updates) => Jnp.Max(updates)),
            optax.Scale(-0.1)
        );
        var state = tx.Init(W);
        NDArray updates = W;
        foreach (float k in new[] { 1f, 2f, -1f })
        {
            (updates, state) = tx.Update(k * W, state, W);
        }

        AssertClose([0.05f, -0.12f, 0.2f], updates);
        AssertClose([2.3853722f], (NDArray)optax.Tree.Get(state, "norm")!);
        AssertClose([0.7723244f], (NDArray)optax.Tree.Get(state, "average")!);
        AssertClose([1.2f], (NDArray)optax.Tree.Get(state, "pre")!);
    }

    [Fact]
    public void GetAndSet()
    {
        var tx = optax.InjectHyperparams(
            h => optax.Adam(h["learning_rate"]),
            new Dictionary<string, InjectedHyperparameter> { ["learning_rate"] = 0.1 }
        );
        var (_, state) = tx.Update(W, tx.Init(W), W);
        var (faster, _) = tx.Update(W, optax.Tree.Set(state, ("learning_rate", 0.5f)), W);
        AssertClose(
            [1f],
            (NDArray)optax.Tree.Get(state, "count", filtering: (path, _) => path.EndsWith("ScaleByAdamState.Count"))!
        );
        AssertClose([0.05f, -0.12f, 0.2f], (NDArray)optax.Tree.Get(state, "mu")!);
        AssertClose([0.1f], (NDArray)optax.Tree.Get(state, "learning_rate")!);
        Assert.Equal(7.0, optax.Tree.Get(state, "nothing", 7.0));
        AssertClose([-0.4999983f, 0.4999983f, -0.4999983f], faster);
    }

    private static void AssertClose(float[] expected, NDArray actual) =>
        Assert.True(
            (bool)Jnp.AllClose(actual.Reshape(expected.Length), Jnp.Array(expected), rtol: 1e-5, atol: 1e-6),
            $"{actual}, expected [{string.Join(", ", expected)}]"
        );
}
