using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The updates divided by the root of the sum of all their squares so far.</summary>
    /// <param name="initialAccumulatorValue">The sum at the beginning; 0.1 by default.</param>
    /// <param name="eps">Added under the root; 1e-7 by default.</param>
    public static GradientTransformation ScaleByRss(
        Hyperparameter? initialAccumulatorValue = null,
        Hyperparameter? eps = null
    ) => new ScaleByRss(initialAccumulatorValue ?? 0.1, eps ?? 1e-7);
}

/// <summary>The state of <see cref="Optax.ScaleByRss"/>.</summary>
/// <param name="SumOfSquares">The sum of all squares so far, a tree like the parameters.</param>
public sealed record ScaleByRssState(object? SumOfSquares) : OptState;

internal sealed class ScaleByRss(Hyperparameter initial, Hyperparameter eps) : GradientTransformation<ScaleByRssState>
{
    protected override ScaleByRssState InitState<T>(T @params) => new(Optax.Tree.FullLike(@params, initial));

    protected override (T Updates, ScaleByRssState State) UpdateState<T>(
        T updates,
        ScaleByRssState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var sum = Tree.Map((g, t) => Numerics.AbsSq(g) + t, updates, Of<T>(state.SumOfSquares));
        return (
            Tree.Map((t, g) => Jnp.Where(t > 0, Lax.Rsqrt(t + eps), 0.0) * g, sum, updates),
            new ScaleByRssState(sum)
        );
    }
}
