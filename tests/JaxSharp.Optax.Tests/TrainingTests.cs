using System;
using System.Collections.Generic;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>Optimisers find minima, in steps that are compiled, scanned, batched and differentiated.</summary>
public sealed class TrainingTests
{
    public static TheoryData<string, GradientTransformation> Optimizers =>
        new()
        {
            { "sgd", optax.Sgd(0.1) },
            { "momentum", optax.Sgd(0.02, momentum: 0.9, nesterov: true) },
            { "adam", optax.Adam(0.1) },
            { "adamw", optax.AdamW(optax.CosineDecaySchedule(0.2, 300), weightDecay: 1e-5) },
            {
                "clipped chain",
                optax.Chain(
                    optax.Scale(0.5),
                    optax.ScaleByAdam(),
                    optax.ScaleBySchedule(optax.LinearSchedule(-0.1, 0, 300))
                )
            },
        };

    private static NDArray Loss(Dictionary<string, NDArray> p) =>
        Jnp.Sum(Jnp.Square(p["w"] - Jnp.Array([1f, -2f, 3f]))) + Jnp.Square(p["b"] - 0.5);

    private static Dictionary<string, NDArray> Start() =>
        new() { ["w"] = Jnp.Zeros(3), ["b"] = Jnp.Zeros(Shape.Scalar) };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void FindsTheMinimumInCompiledSteps(string name, GradientTransformation optimizer)
    {
        Assert.NotEmpty(name);
        var step = Jax.Jit(
            (Dictionary<string, NDArray> p, OptState s) =>
            {
                var (updates, next) = optimizer.Update(Jax.Grad<Dictionary<string, NDArray>>(Loss)(p), s, p);
                return (optax.ApplyUpdates(p, updates), next);
            }
        );
        var parameters = Start();
        var state = optimizer.Init(parameters);
        for (int i = 0; i < 300; i++)
        {
            (parameters, state) = step(parameters, state);
        }

        Assert.True((double)Loss(parameters) < 1e-3, Loss(parameters).ToString());
        Assert.Equal(1, JitInfo.Of(step).Misses);
    }

    [Fact]
    public void StatesPassThroughScan()
    {
        var optimizer = optax.Adam(0.1);
        var start = Start();
        var ((scanned, state), losses) = Lax.Scan<(Dictionary<string, NDArray>, OptState), NDArray?, NDArray>(
            (carry, _) =>
            {
                var (p, s) = carry;
                var (value, gradient) = Jax.ValueAndGrad<Dictionary<string, NDArray>>(Loss)(p);
                var (updates, next) = optimizer.Update(gradient, s, p);
                return ((optax.ApplyUpdates(p, updates), next), value);
            },
            (start, optimizer.Init(start)),
            null,
            length: 50
        );

        var looped = start;
        var loopState = optimizer.Init(start);
        for (int i = 0; i < 50; i++)
        {
            (var updates, loopState) = optimizer.Update(
                Jax.Grad<Dictionary<string, NDArray>>(Loss)(looped),
                loopState,
                looped
            );
            looped = optax.ApplyUpdates(looped, updates);
        }

        Assert.Equal(50, (int)((ScaleByAdamState)((ChainState)state)[0]).Count);
        Assert.True((bool)optax.Tree.AllClose(scanned, looped, rtol: 1e-5));
        Assert.True((double)losses[-1] < (double)losses[0]);
    }

    [Fact]
    public void ManyRunsAtOnceUnderVmap()
    {
        var optimizer = optax.Adam(0.1);
        NDArray Run(NDArray w)
        {
            var state = optimizer.Init(w);
            for (int i = 0; i < 5; i++)
            {
                (var updates, state) = optimizer.Update(Jax.Grad(v => Jnp.Sum(v * v * v * v))(w), state, w);
                w = optax.ApplyUpdates(w, updates);
            }

            return w;
        }

        NDArray starts = Jnp.Array([
            [1f, 2f],
            [-1f, 0.5f],
        ]);
        var together = Jax.Vmap(Run)(starts);
        Assert.True((bool)Jnp.AllClose(together, Jnp.Stack([Run(starts[0]), Run(starts[1])])));
    }

    [Fact]
    public void TheLearningRateHasAGradient()
    {
        NDArray After(NDArray rate)
        {
            var optimizer = optax.Sgd(rate);
            NDArray w = Jnp.Array([1f, 2f]);
            var state = optimizer.Init(w);
            for (int i = 0; i < 3; i++)
            {
                (var updates, state) = optimizer.Update(2 * w, state);
                w = optax.ApplyUpdates(w, updates);
            }

            return Jnp.Sum(w * w);
        }

        // w is multiplied by 1 − 2r in each step, so that the loss is 5 (1 − 2r)⁶.
        Assert.Equal(-60 * Math.Pow(0.8, 5), (double)Jax.Grad(After)(0.1), 1e-4);
    }
}
