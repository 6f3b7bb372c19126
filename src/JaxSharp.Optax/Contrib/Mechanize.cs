using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>Finds the learning rate of an optimiser by betting on its steps (Mechanic).</summary>
        /// <param name="baseOptimizer">The optimiser.</param>
        /// <param name="weightDecay">The decay, by the norm of the gradients; 1e-2 by default.</param>
        /// <param name="eps">Added to denominators; 1e-8 by default.</param>
        /// <param name="sInit">The first scale of the steps; 1e-6 by default.</param>
        /// <param name="numBetas">The number of decays that are tried at the same time.</param>
        public static GradientTransformation Mechanize(
            GradientTransformation baseOptimizer,
            Hyperparameter? weightDecay = null,
            Hyperparameter? eps = null,
            Hyperparameter? sInit = null,
            int numBetas = 6
        ) => new Mechanize(baseOptimizer, weightDecay ?? 1e-2, eps ?? 1e-8, sInit ?? 1e-6, numBetas);
    }
}

/// <summary>The state of <see cref="Optax.Contrib.Mechanize"/>.</summary>
/// <param name="BaseOptimizerState">The state of the optimiser.</param>
/// <param name="Count">The number of steps done.</param>
/// <param name="R">The reward by decay.</param>
/// <param name="M">The largest bet by decay.</param>
/// <param name="V">The squares of the bets by decay.</param>
/// <param name="S">The scale by decay.</param>
/// <param name="X0">The parameters at the start.</param>
public sealed record MechanicState(
    OptState BaseOptimizerState,
    NDArray Count,
    NDArray R,
    NDArray M,
    NDArray V,
    NDArray S,
    object? X0
) : OptState;

internal sealed class Mechanize(
    GradientTransformation optimizer,
    Hyperparameter weightDecay,
    Hyperparameter eps,
    Hyperparameter sInit,
    int numBetas
) : GradientTransformation<MechanicState>
{
    protected override MechanicState InitState<T>(T @params)
    {
        var zeros = Jnp.Zeros(numBetas, DType.F32);
        return new(
            optimizer.Init(@params),
            Numerics.Zero,
            zeros,
            zeros,
            zeros,
            Jnp.Ones(numBetas, DType.F32) * sInit,
            @params
        );
    }

    protected override (T Updates, MechanicState State) UpdateState<T>(
        T updates,
        MechanicState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var count = Optax.SafeIncrement(state.Count);
        var (steps, next) = optimizer.Update(updates, state.BaseOptimizerState, p, extraArgs);

        // The parameters at the start may have changed between Init and the first step.
        var isFirst = Jnp.Equal(state.Count, 0);
        var start = Tree.Map((x, x0) => Jnp.Where(isFirst, x, x0), p, Of<T>(state.X0));
        var scale = Jnp.Sum(state.S);
        var gradientNorm = Optax.Tree.Norm(updates);
        var decay = weightDecay * scale * gradientNorm / (Optax.Tree.Norm(p) + eps);
        var gradients = Tree.Map((g, x) => g + decay * x, updates, p);
        var before = Tree.Map((x0, x) => (x0 - x) / (scale + eps), start, p);
        var delta = Tree.Map((d, u) => d - u, before, steps);
        var h = Optax.Tree.VDot(gradients, before);
        var clipped = Lax.Clamp(-state.M, Jnp.BroadcastTo(h, state.M.Shape), state.M);
        NDArray betas = Jnp.Array(Powers());
        var m = Jnp.Maximum(betas * state.M, Jnp.Abs(h) + eps);
        var v = Jnp.Square(betas) * state.V + Jnp.Square(h);
        var r = betas * state.R + clipped * state.S;
        var wealth = sInit / numBetas * m + Jnp.Maximum(0.0, r);
        var s = wealth / (Jnp.Sqrt(v) + eps);
        var sum = Jnp.Sum(s);
        var moved = Tree.Map((x0, d) => x0 - sum * d, start, delta);
        return (Optax.Tree.Sub(moved, p), new MechanicState(next, count, r, m, v, s, start));
    }

    private float[] Powers() => [.. Enumerable.Range(1, numBetas).Select(i => (float)(1 - Math.Pow(0.1, i)))];
}
