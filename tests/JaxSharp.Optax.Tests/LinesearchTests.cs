using System;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>Step sizes that are searched for in each step.</summary>
public sealed class LinesearchTests
{
    private static readonly NDArray Curvature = Jnp.Array([1f, 4f, 20f]);

    private static NDArray Loss(NDArray w) => Jnp.Sum(Curvature * w * w);

    private static (NDArray W, OptState State, NDArray Value) Step(
        GradientTransformation tx,
        Func<NDArray, OptState, (NDArray Value, NDArray Grad)> evaluate,
        NDArray w,
        OptState state
    )
    {
        var (value, grad) = evaluate(w, state);
        var extra = new ExtraArgs
        {
            Value = value,
            Grad = grad,
            ValueFn = (Func<NDArray, NDArray>)Loss,
        };
        (NDArray updates, state) = tx.Update(grad, state, w, extra);
        return (optax.ApplyUpdates(w, updates), state, value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EachStepDecreasesTheLoss(bool compiled)
    {
        var tx = optax.Chain(optax.Sgd(1.0), optax.ScaleByBacktrackingLinesearch(30, storeGrad: true));
        var evaluate = optax.ValueAndGradFromState<NDArray>(Loss);
        Func<NDArray, OptState, (NDArray W, OptState State, NDArray Value)> step = (w, s) => Step(tx, evaluate, w, s);
        step = compiled ? Jax.Jit(step) : step;
        NDArray w = Jnp.Array([3f, -2f, 1f]);
        var state = tx.Init(w);
        float last = float.PositiveInfinity;
        for (int i = 0; i < 30; i++)
        {
            (w, state, NDArray value) = step(w, state);
            Assert.True((float)value < last);
            last = (float)value;
        }

        Assert.True((float)Loss(w) < 0.1f);
    }

    [Fact]
    public void TheStateKnowsTheLossAndTheGradientAtTheNewParameters()
    {
        var tx = optax.ScaleByBacktrackingLinesearch(30, storeGrad: true);
        NDArray w = Jnp.Array([3f, -2f, 1f]);
        var (value, grad) = Jax.ValueAndGrad<NDArray>(Loss)(w);
        var extra = new ExtraArgs
        {
            Value = value,
            Grad = grad,
            ValueFn = (Func<NDArray, NDArray>)Loss,
        };
        var (updates, state) = tx.Update(-grad, tx.Init(w), w, extra);
        var known = (ScaleByBacktrackingLinesearchState)state;
        NDArray next = w + updates;
        Assert.True((bool)Jnp.AllClose(known.Value, Loss(next)));
        Assert.True((bool)Jnp.AllClose((NDArray)known.Grad!, 2 * Curvature * next));
        Assert.Equal(0f, (float)known.Info.DecreaseError);
        Assert.True((int)known.Info.NumLinesearchSteps > 1);
    }

    [Fact]
    public void WhatIsMissingIsNamed()
    {
        NDArray w = Jnp.Ones(2);
        var search = optax.ScaleByBacktrackingLinesearch(5);
        var error = Assert.Throws<JaxArgumentException>(() => search.Update(w, search.Init(w), w));
        Assert.Contains("Value", error.Message);

        var adam = optax.Adam(0.1);
        error = Assert.Throws<JaxArgumentException>(() => optax.ValueAndGradFromState<NDArray>(Loss)(w, adam.Init(w)));
        Assert.Contains("storeGrad", error.Message);
    }
}
