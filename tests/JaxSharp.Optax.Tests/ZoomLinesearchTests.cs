using System;
using System.Collections.Generic;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>The search for step sizes by widening and narrowing an interval, and L-BFGS with it.</summary>
public sealed class ZoomLinesearchTests
{
    private static NDArray Rosenbrock(NDArray w) =>
        Jnp.Sum(100 * Jnp.Square(w[1..] - Jnp.Square(w[..^1])) + Jnp.Square(1 - w[..^1]));

    private static ExtraArgs Extra<T>(Func<T, NDArray> loss, T w)
    {
        var (value, grad) = Jax.ValueAndGrad(loss)(w);
        return new ExtraArgs
        {
            Value = value,
            Grad = grad,
            ValueFn = loss,
        };
    }

    private static (NDArray Updates, ScaleByZoomLinesearchState State) Search(
        GradientTransformation search,
        Func<NDArray, NDArray> loss,
        NDArray w,
        NDArray direction
    )
    {
        var (updates, state) = search.Update(direction, search.Init(w), w, Extra(loss, w));
        return (updates, (ScaleByZoomLinesearchState)state);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LbfgsFindsTheMinimumOfACurvedValley(bool compiled)
    {
        var optimizer = optax.Lbfgs();
        var evaluate = optax.ValueAndGradFromState<NDArray>(Rosenbrock);
        Func<NDArray, OptState, (NDArray, OptState)> step = (w, state) =>
        {
            var (value, grad) = evaluate(w, state);
            var extra = new ExtraArgs
            {
                Value = value,
                Grad = grad,
                ValueFn = (Func<NDArray, NDArray>)Rosenbrock,
            };
            var (updates, next) = optimizer.Update(grad, state, w, extra);
            return (optax.ApplyUpdates(w, updates), next);
        };
        step = compiled ? Jax.Jit(step) : step;
        NDArray w = Jnp.Array([-1.2f, 1f]);
        var state = optimizer.Init(w);
        for (int i = 0; i < 60 && (float)Rosenbrock(w) > 1e-8; i++)
        {
            (w, state) = step(w, state);
        }

        Assert.True((bool)Jnp.AllClose(w, Jnp.Ones(2), 1e-3, 1e-3), $"{w}");
    }

    [Fact]
    public void BothConditionsHoldWhereTheSearchSaysSo()
    {
        NDArray w = Jnp.Array([-1.2f, 1f]);
        NDArray grad = Jax.Grad<NDArray>(Rosenbrock)(w);
        var (updates, state) = Search(optax.ScaleByZoomLinesearch(30), Rosenbrock, w, -grad);
        Assert.Equal(0f, (float)state.Info.DecreaseError);
        Assert.Equal(0f, (float)state.Info.CurvatureError);
        Assert.True((int)state.Info.NumLinesearchSteps > 1);

        NDArray next = w + updates;
        double slope = -(double)Jnp.VDot(grad, grad);
        double reached = (double)Rosenbrock(next);
        Assert.True(reached <= (double)Rosenbrock(w) + 1e-4 * (double)state.LearningRate * slope);
        NDArray after = Jax.Grad<NDArray>(Rosenbrock)(next);
        Assert.True(Math.Abs((double)Jnp.VDot(after, grad)) <= 0.9 * -slope);
        Assert.Equal(reached, (double)state.Value, reached * 1e-5);
        Assert.True((bool)Jnp.AllClose((NDArray)state.Grad!, after, 1e-4, 1e-4));
    }

    [Fact]
    public void TheLargestStepSizeIsTakenWhereTheLossStillFalls()
    {
        NDArray w = Jnp.Array([5f]);
        var (updates, state) = Search(
            optax.ScaleByZoomLinesearch(20, maxLearningRate: 3.0),
            x => -Jnp.Sum(x),
            w,
            Jnp.Array([1f])
        );
        Assert.Equal(3f, (float)updates[0]);
        Assert.Equal(0f, (float)state.Info.DecreaseError);
        Assert.True((float)state.Info.CurvatureError > 0);
    }

    [Fact]
    public void ADirectionUphillIsReported()
    {
        NDArray w = Jnp.Array([1f]);
        var (_, state) = Search(optax.ScaleByZoomLinesearch(10), x => Jnp.Sum(x * x), w, Jnp.Array([1f]));
        Assert.True((float)state.Info.DecreaseError > 0);
        Assert.Equal(10, (int)state.Info.NumLinesearchSteps);
    }

    [Fact]
    public void NoStepIsMadeWhereTheLossIsNeverFinite()
    {
        NDArray w = Jnp.Array([1f]);
        NDArray Broken(NDArray x) => Jnp.Sum(Jnp.Where(Jnp.Equal(x, 1), x, float.NaN));
        var (updates, state) = Search(optax.ScaleByZoomLinesearch(5), Broken, w, Jnp.Array([-1f]));
        Assert.Equal((0f, 0f), ((float)updates[0], (float)state.LearningRate));

        var backtracking = optax.ScaleByBacktrackingLinesearch(5, storeGrad: true);
        (updates, _) = backtracking.Update(Jnp.Array([-1f]), backtracking.Init(w), w, Extra(Broken, w));
        Assert.Equal(0f, (float)updates[0]);
    }

    [Fact]
    public void TheStateKeepsItsTypes()
    {
        using var scope = JaxConfig.X64();
        foreach (DType dtype in new[] { DType.BF16, DType.F32, DType.F64 })
        {
            var p = new Dictionary<string, NDArray> { ["a"] = Jnp.Ones(2, dtype), ["b"] = Jnp.Ones((2, 2), dtype) };
            Func<Dictionary<string, NDArray>, NDArray> loss = q => optax.Tree.Norm(q, squared: true);
            foreach (
                var tx in new[]
                {
                    optax.Lbfgs(),
                    optax.Chain(optax.Sgd(1.0), optax.ScaleByBacktrackingLinesearch(5, storeGrad: true)),
                }
            )
            {
                var state = tx.Init(p);
                var extra = Extra(loss, p);
                var (_, next) = tx.Update((Dictionary<string, NDArray>)extra.Grad!, state, p, extra);
                Assert.Equal(Types(state), Types(next));
            }
        }

        static List<string> Types(OptState state) =>
            [.. Array.ConvertAll(Tree.Leaves(state), x => $"{x.DType}{x.Shape}")];
    }

    [Fact]
    public void LbfgsWithoutASearchNeedsNoLoss()
    {
        var optimizer = optax.Lbfgs(0.5, linesearch: null);
        NDArray w = Jnp.Array([1f, -2f]);
        var (updates, _) = optimizer.Update(2 * w, optimizer.Init(w), w);
        Assert.True((float)Jnp.VDot(updates, w) < 0);
        Assert.Throws<JaxArgumentException>(() => optax.Lbfgs().Update(2 * w, optax.Lbfgs().Init(w), w));
    }

    [Theory]
    [InlineData(0, "keep")]
    [InlineData(5, "double")]
    public void WhatCannotBeSearchedForIsRefused(int steps, string strategy) =>
        Assert.Throws<JaxArgumentException>(() => optax.ScaleByZoomLinesearch(steps, initialGuessStrategy: strategy));
}
