using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>Transformations that change when, where or how often another one acts.</summary>
public sealed class WrapperTests
{
    private static Dictionary<string, NDArray> Tree(float w, float b) =>
        new() { ["w"] = Jnp.Full((2, 2), w), ["b"] = Jnp.Full(2, b) };

    [Fact]
    public void MultiStepsEqualsOneStepWithTheMean()
    {
        var inner = optax.Adam(0.1);
        var wrapped = optax.MultiSteps(inner, 3);
        NDArray p = Jnp.Zeros(2);
        NDArray[] gradients = [Jnp.Array([1f, 2f]), Jnp.Array([-4f, 0f]), Jnp.Array([6f, 7f])];
        var step = Jax.Jit((NDArray g, OptState s) => wrapped.Update(g, s));
        var state = wrapped.Init(p);
        NDArray updates = p;
        foreach (var g in gradients)
        {
            (updates, state) = step(g, state);
        }

        var (expected, _) = inner.Update(Jnp.Array([1f, 3f]), inner.Init(p));
        Assert.True((bool)Jnp.AllClose(updates, expected, 1e-6));
        Assert.True((bool)wrapped.HasUpdated(state));
        Assert.Equal(1, (int)((MultiStepsState)state).GradientStep);
    }

    [Fact]
    public void MultiStepsLeavesOutWhatIsNotFinite()
    {
        var wrapped = optax.MultiSteps(optax.Sgd(1.0), 2, shouldSkipUpdateFn: ShouldSkipUpdate.NotFinite);
        var state = wrapped.Init(Jnp.Zeros(1));
        NDArray updates = Jnp.Zeros(1);
        foreach (float g in new[] { 1f, float.NaN, 3f })
        {
            (updates, state) = wrapped.Update(Jnp.Array([g]), state);
        }

        Assert.Equal(-2f, (float)updates[0]);
        Assert.False((bool)((SkipNotFiniteState)((MultiStepsState)state).SkipState!).ShouldSkip);
    }

    [Fact]
    public void WhatIsNotEmittedMayBeInfinite()
    {
        // 1 / (mean of the gradients so far) is infinite after the first of two gradients.
        var inverse = optax.StatelessWithTreeMap((g, _) => 1 / g);
        var wrapped = optax.MultiSteps(inverse, 2);
        var state = wrapped.Init(Jnp.Zeros(1));
        (NDArray updates, state) = wrapped.Update(Jnp.Array([0f]), state);
        Assert.Equal(0f, (float)updates[0]);
        (updates, state) = wrapped.Update(Jnp.Array([4f]), state);
        Assert.Equal(0.5f, (float)updates[0]);

        // A gradient that was emitted is forgotten, whatever it was.
        (_, state) = wrapped.Update(Jnp.Array([float.NaN]), state);
        (_, state) = wrapped.Update(Jnp.Array([1f]), state);
        (_, state) = wrapped.Update(Jnp.Array([1f]), state);
        (updates, _) = wrapped.Update(Jnp.Array([1f]), state);
        Assert.Equal(1f, (float)updates[0]);
    }

    [Fact]
    public void ApplyIfFiniteGivesUpAfterTooManyErrors()
    {
        var wrapped = optax.ApplyIfFinite(optax.Sgd(1.0), maxConsecutiveErrors: 2);
        var step = Jax.Jit((NDArray g, OptState s) => wrapped.Update(g, s));
        var state = wrapped.Init(Jnp.Zeros(1));
        var applied = new List<bool>();
        for (int i = 0; i < 4; i++)
        {
            (var updates, state) = step(Jnp.Array([float.NaN]), state);
            applied.Add(float.IsNaN((float)updates[0]));
        }

        Assert.Equal([false, false, true, true], applied);
        Assert.Equal(4, (int)((ApplyIfFiniteState)state).TotalNotfinite);
    }

    [Fact]
    public void AMaskKeepsNoStateForTheRest()
    {
        var tx = optax.Masked(optax.ScaleByAdam(), Mask.Where(leaf => leaf.Ndim > 1));
        var state = (MaskedState)tx.Init(Tree(1, 1));
        Assert.Equal(3, JaxSharp.Tree.Leaves((OptState)state).Length);
        var (updates, _) = tx.Update(Tree(2, 3), state);
        Assert.Equal(3f, (float)updates["b"][0]);
        Assert.Equal(1f, (float)updates["w"][0, 0], 1e-5);
    }

    [Fact]
    public void LabelsOfRecordsGoByPath()
    {
        var tx = optax.Partition(
            new Dictionary<string, GradientTransformation>
            {
                ["bias"] = optax.SetToZero(),
                ["rest"] = optax.Scale(-1.0),
            },
            Labels.Where((path, _) => path.Entries[^1] == ".B" ? "bias" : "rest")
        );
        var layers = new[] { new Layer(Jnp.Ones(2), Jnp.Ones(1)), new Layer(Jnp.Ones(3), Jnp.Ones(1)) };
        var (updates, _) = tx.Update(layers, tx.Init(layers));
        Assert.All(updates, layer => Assert.Equal(0f, (float)layer.B[0]));
        Assert.All(updates, layer => Assert.Equal(-1f, (float)layer.W[0]));
    }

    [Fact]
    public void FlatteningChangesNothing()
    {
        var plain = optax.Adam(0.1);
        var flat = optax.Flatten(plain);
        var (expected, _) = plain.Update(Tree(2, 3), plain.Init(Tree(0, 0)));
        var (updates, _) = flat.Update(Tree(2, 3), flat.Init(Tree(0, 0)));
        Assert.True((bool)optax.Tree.AllClose(updates, expected));
    }

    [Fact]
    public void ConditionsMayDependOnTheLoss()
    {
        var tx = optax.ConditionallyMask(optax.Sgd(1.0), (_, extra) => extra.Value! > 1.0, forwardExtraArgs: true);
        NDArray g = Jnp.Array([1f]);
        var state = tx.Init(g);
        float[] steps =
        [
            .. new[] { 2.0, 0.5, 3.0 }.Select(loss =>
            {
                (var updates, state) = tx.Update(g, state, g, new ExtraArgs { Value = loss });
                return (float)updates[0];
            }),
        ];
        Assert.Equal([-1f, 0f, -1f], steps);
    }

    private sealed record Layer(NDArray W, NDArray B);
}
