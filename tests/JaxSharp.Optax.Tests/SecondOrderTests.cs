using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using optax = JaxSharp.Optax.Optax;

namespace JaxSharp.Optax.Tests;

/// <summary>Second derivatives, and the optimiser that divides by them.</summary>
public sealed class SecondOrderTests
{
    private static readonly NDArray X = Jnp.Array([
        [0.5f, -1f],
        [2f, 0.3f],
        [-0.7f, 1.1f],
    ]);

    private static readonly NDArray Y = Jnp.Array([1f, 0f, 1f]);

    private static NDArray Loss(NDArray w, NDArray x, NDArray y) =>
        Jnp.Mean(Jnp.Square(Jnp.Tanh(Jnp.MatMul(x, w)) - y));

    [Fact]
    public void ProductsAndDiagonalsAreThoseOfTheHessian()
    {
        NDArray w = Jnp.Array([0.3f, -0.8f]);
        NDArray v = Jnp.Array([2f, -1f]);
        NDArray hessian = Jax.Hessian(q => Loss(q, X, Y))(w);
        Assert.True(
            (bool)Jnp.AllClose(optax.SecondOrder.Hvp<NDArray>(Loss, v, w, X, Y), Jnp.MatMul(hessian, v), 1e-4, 1e-6)
        );
        Assert.True(
            (bool)Jnp.AllClose(optax.SecondOrder.HessianDiag<NDArray>(Loss, w, X, Y), Jnp.Diag(hessian), 1e-4, 1e-6)
        );
        NDArray gradient = Jax.Grad((NDArray q) => Loss(q, X, Y))(w);
        Assert.True(
            (bool)Jnp.AllClose(optax.SecondOrder.FisherDiag<NDArray>(Loss, w, X, Y), gradient * gradient, 1e-5)
        );
        Assert.Throws<ShapeException>(() => optax.SecondOrder.Hvp<NDArray>(Loss, Jnp.Ones(3), w, X, Y));
    }

    [Fact]
    public void DiagonalsOfTreesAreFlat()
    {
        var p = new Dictionary<string, NDArray> { ["b"] = Jnp.Array(2f), ["w"] = Jnp.Array([1f, 3f]) };
        NDArray diagonal = optax.SecondOrder.HessianDiag(
            (Dictionary<string, NDArray> q, NDArray x, NDArray y) => Jnp.Sum(Jnp.Power(q["w"], 3)) + q["b"] * q["b"],
            p,
            X,
            Y
        );
        Assert.Equal([2f, 6f, 18f], diagonal.ToArray<float>());
    }

    [Fact]
    public void SophiaTrainsUnderJitAndKeepsItsTypes()
    {
        static NDArray Quartic(NDArray w) => Jnp.Sum(Jnp.Power(w, 4) + Jnp.Square(w));
        var optimizer = optax.Contrib.Sophia(0.05, updateInterval: 3);
        NDArray w = Jnp.Array([1f, -2f]);
        var state = optimizer.Init(w);
        string[] types = [.. Tree.Leaves(state).Select(leaf => $"{leaf.DType}{leaf.Shape}")];
        var step = Jax.Jit(
            (NDArray w, OptState s) =>
            {
                var extra = new ExtraArgs { ["obj_fn"] = (Func<NDArray, NDArray>)Quartic };
                var (updates, next) = optimizer.Update(Jax.Grad<NDArray>(Quartic)(w), s, w, extra);
                return (optax.ApplyUpdates(w, updates), next);
            }
        );
        for (int i = 0; i < 80; i++)
        {
            (w, state) = step(w, state);
        }

        Assert.True((float)Quartic(w) < 0.5f, $"{w}");
        Assert.Equal(types, Tree.Leaves(state).Select(leaf => $"{leaf.DType}{leaf.Shape}"));
        var error = Assert.Throws<JaxArgumentException>(() => optimizer.Update(w, optimizer.Init(w), w));
        Assert.Contains("obj_fn", error.Message);
    }

    [Fact]
    public void SignsEstimateADiagonalHessianExactly()
    {
        var estimator = optax.Contrib.HutchinsonEstimatorDiagHessian(JaxRandom.Key(3));
        NDArray w = Jnp.Array([1f, -2f, 0.5f]);
        var extra = new ExtraArgs { ["obj_fn"] = (Func<NDArray, NDArray>)(x => Jnp.Sum(Jnp.Power(x, 3))) };
        var (diagonal, next) = estimator.Update(w, estimator.Init(w), w, extra);
        Assert.Equal([6f, -12f, 3f], diagonal.ToArray<float>());
        Assert.NotEqual(Tree.Leaves(estimator.Init(w))[0].ToArray<uint>(), Tree.Leaves(next)[0].ToArray<uint>());
    }
}
