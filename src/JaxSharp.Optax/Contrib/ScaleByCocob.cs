using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>COCOB, which bets on the direction of each coordinate and needs no learning rate.</summary>
        /// <param name="learningRate">A number or a schedule that scales the gradients; 1 by default.</param>
        /// <param name="alpha">How long the first bets stay small; 100 by default.</param>
        /// <param name="eps">The first estimate of the largest gradient; 1e-8 by default.</param>
        /// <param name="weightDecay">The decay in one step; 0 by default.</param>
        /// <param name="mask">Which parameters decay; all by default.</param>
        public static GradientTransformation Cocob(
            ScalarOrSchedule? learningRate = null,
            Hyperparameter? alpha = null,
            Hyperparameter? eps = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? mask = null
        ) =>
            Chain(
                AddDecayedWeights(weightDecay ?? 0.0, mask),
                ScaleByLearningRate(learningRate ?? 1.0, flipSign: false),
                ScaleByCocob(alpha, eps)
            );

        /// <summary><see cref="Cocob"/> of gradients as they are.</summary>
        /// <param name="alpha">How long the first bets stay small; 100 by default.</param>
        /// <param name="eps">The first estimate of the largest gradient; 1e-8 by default.</param>
        public static GradientTransformation ScaleByCocob(Hyperparameter? alpha = null, Hyperparameter? eps = null) =>
            new ScaleByCocob(alpha ?? 100, eps ?? 1e-8);
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleByCocob"/>: trees like the parameters.</summary>
/// <param name="InitParticles">The parameters at the start.</param>
/// <param name="CumulativeGradients">The sum of the gradients, with the other sign.</param>
/// <param name="Scale">The largest gradient seen.</param>
/// <param name="Subgradients">The sum of the sizes of the gradients.</param>
/// <param name="Reward">What the bets have won.</param>
public sealed record COCOBState(
    object? InitParticles,
    object? CumulativeGradients,
    object? Scale,
    object? Subgradients,
    object? Reward
) : OptState;

internal sealed class ScaleByCocob(Hyperparameter alpha, Hyperparameter eps) : GradientTransformation<COCOBState>
{
    protected override COCOBState InitState<T>(T @params) =>
        new(
            @params,
            Optax.Tree.ZerosLike(@params),
            Tree.Map(p => eps * Jnp.OnesLike(p), @params),
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params)
        );

    protected override (T Updates, COCOBState State) UpdateState<T>(
        T updates,
        COCOBState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var start = Of<T>(state.InitParticles);
        var scale = Tree.Map((l, c) => Jnp.Maximum(l, Jnp.Abs(c)), Of<T>(state.Scale), updates);
        var sizes = Tree.Map((g, c) => g + Jnp.Abs(c), Of<T>(state.Subgradients), updates);
        var distance = Tree.Map((x, x0) => x - x0, p, start);
        var reward = Tree.Map((r, c, d) => Jnp.Maximum(r - c * d, 0), Of<T>(state.Reward), updates, distance);
        var subgradients = Tree.Map((s, c) => s - c, Of<T>(state.CumulativeGradients), updates);
        var bet = Tree.Map((s, l, g) => s / (l * Jnp.Maximum(g + l, alpha * l)), subgradients, scale, sizes);
        var stake = Tree.Map((b, l, r) => b * (l + r), bet, scale, reward);
        return (
            Tree.Map((x, x0, b) => -x + (x0 + b), p, start, stake),
            new COCOBState(start, subgradients, scale, sizes, reward)
        );
    }
}
