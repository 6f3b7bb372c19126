using System.Collections.Generic;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>Numbers are computed with as double; arrays may be traced, injected and learned.</summary>
public sealed class HyperparameterTests
{
    [Fact]
    public void NumbersStayNumbers()
    {
        Hyperparameter b2 = 0.999;
        Assert.Equal(1 - 0.999, (1 - b2).AsNumber());
        Assert.Equal(0.999 * 0.5 / 3, (b2 * 0.5 / 3).AsNumber());
        Assert.Equal(-0.999, (-b2).AsNumber());
        Assert.Null((1 - (Hyperparameter)Jnp.Array(0.999)).AsNumber());
    }

    [Fact]
    public void AnIntegerKeepsIntegers() =>
        Assert.Equal(DType.I32, optax.Scale(2).Update(Jnp.Array([1, 2]), EmptyState.Instance).Updates.DType);

    [Fact]
    public void AnInjectedRateChangesACompiledStep()
    {
        var optimizer = optax.InjectHyperparams(
            h => optax.Sgd(h["rate"]),
            new Dictionary<string, InjectedHyperparameter> { ["rate"] = 0.1 }
        );
        var step = Jax.Jit((NDArray g, OptState s) => optimizer.Update(g, s, g));
        NDArray g = Jnp.Array([2f]);
        var (updates, state) = step(g, optimizer.Init(g));
        Assert.Equal(-0.2f, (float)updates[0]);
        (updates, state) = step(g, ((InjectStatefulHyperparamsState)state).With("rate", 0.5));
        Assert.Equal(-1f, (float)updates[0]);
        Assert.Equal(1, JitInfo.Of(step).Misses);
        Assert.Throws<JaxArgumentException>(() => ((InjectStatefulHyperparamsState)state).With("size", 1));
    }

    [Fact]
    public void AScheduleFollowsTheLoss()
    {
        var optimizer = optax.InjectHyperparams(
            h => optax.Sgd(h["rate"]),
            new Dictionary<string, InjectedHyperparameter> { ["rate"] = new SumOfLosses() }
        );
        NDArray g = Jnp.Array([1f]);
        var state = optimizer.Init(g);
        var rates = new List<float>();
        foreach (double loss in new[] { 0.5, 1.0, 2.0 })
        {
            (var updates, state) = optimizer.Update(g, state, g, new ExtraArgs { Value = loss });
            rates.Add(-(float)updates[0]);
        }

        Assert.Equal([1f, 1 / 1.5f, 1 / 2.5f], rates);
    }

    private sealed class SumOfLosses : StatefulSchedule
    {
        public override object Init() => Jnp.Zeros(Shape.Scalar);

        public override object Update(object state, ExtraArgs extraArgs) => (NDArray)state + extraArgs.Value!;

        public override NDArray Value(object state, ExtraArgs extraArgs) => 1 / (1 + (NDArray)state);
    }
}
