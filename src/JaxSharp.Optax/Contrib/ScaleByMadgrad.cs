using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>Dual averaging with momentum and cube roots (MADGRAD).</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="momentum">How much of the parameters is kept in a step; 0.9 by default.</param>
        /// <param name="weightDecay">The decay in one step; 0 by default.</param>
        /// <param name="eps">Added to the denominator and the learning rate; 1e-6 by default.</param>
        public static GradientTransformation Madgrad(
            ScalarOrSchedule learningRate,
            Hyperparameter? momentum = null,
            ScalarOrSchedule? weightDecay = null,
            Hyperparameter? eps = null
        ) => Chain(AddDecayedWeights(weightDecay ?? 0.0), ScaleByMadgrad(learningRate, momentum, eps));

        /// <summary><see cref="Madgrad"/> without weight decay.</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="momentum">How much of the parameters is kept in a step; 0.9 by default.</param>
        /// <param name="eps">Added to the denominator and the learning rate; 1e-6 by default.</param>
        public static GradientTransformation ScaleByMadgrad(
            ScalarOrSchedule learningRate,
            Hyperparameter? momentum = null,
            Hyperparameter? eps = null
        ) => new ScaleByMadgrad(learningRate, momentum ?? 0.9, eps ?? 1e-6);
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleByMadgrad"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="GradSumSq">The weighted sum of the squares of the gradients, a tree like the parameters.</param>
/// <param name="S">The weighted sum of the gradients, a tree like the parameters.</param>
/// <param name="X0">The parameters at the start.</param>
public sealed record MadgradState(NDArray Count, object? GradSumSq, object? S, object? X0) : OptState;

internal sealed class ScaleByMadgrad(ScalarOrSchedule learningRate, Hyperparameter momentum, Hyperparameter eps)
    : GradientTransformation<MadgradState>
{
    protected override MadgradState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params), Optax.Tree.ZerosLike(@params), @params);

    protected override (T Updates, MadgradState State) UpdateState<T>(
        T updates,
        MadgradState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var start = Of<T>(state.X0);
        var weight = (learningRate.At(state.Count) + eps) * Jnp.Sqrt(state.Count + 1);
        var squares = Tree.Map((v, g) => v + weight * Jnp.Square(g), Of<T>(state.GradSumSq), updates);
        var sum = Tree.Map((s, g) => s + weight * g, Of<T>(state.S), updates);
        var target = Tree.Map((x0, s, v) => x0 - s / (Jnp.Cbrt(v) + eps), start, sum, squares);
        var moved = Tree.Map((z, x) => (1 - momentum) * z + momentum * x, target, p);
        return (Optax.Tree.Sub(moved, p), new MadgradState(Optax.SafeIncrement(state.Count), squares, sum, start));
    }
}
