using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The updates times the ratio of the root mean squares of past steps and past updates.</summary>
    /// <param name="rho">The decay of the averages; 0.9 by default.</param>
    /// <param name="eps">Added under the roots; 1e-6 by default.</param>
    public static GradientTransformation ScaleByAdadelta(Hyperparameter? rho = null, Hyperparameter? eps = null) =>
        new ScaleByAdadelta(rho ?? 0.9, eps ?? 1e-6);
}

/// <summary>The state of <see cref="Optax.ScaleByAdadelta"/>.</summary>
/// <param name="EG">The moving average of the squares of updates, a tree like the parameters.</param>
/// <param name="EX">The moving average of the squares of steps, a tree like the parameters.</param>
public sealed record ScaleByAdaDeltaState(object? EG, object? EX) : OptState;

internal sealed class ScaleByAdadelta(Hyperparameter rho, Hyperparameter eps)
    : GradientTransformation<ScaleByAdaDeltaState>
{
    protected override ScaleByAdaDeltaState InitState<T>(T @params) =>
        new(Optax.Tree.ZerosLike(@params), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByAdaDeltaState State) UpdateState<T>(
        T updates,
        ScaleByAdaDeltaState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var meanSquare = Optax.Tree.UpdateMoment(updates, Of<T>(state.EG), rho, 2);
        var previous = Of<T>(state.EX);
        var steps = Tree.Map(
            (g, now, before) => Jnp.Sqrt(before + eps) / Jnp.Sqrt(now + eps) * g,
            updates,
            meanSquare,
            previous
        );
        return (steps, new ScaleByAdaDeltaState(meanSquare, Optax.Tree.UpdateMoment(steps, previous, rho, 2)));
    }
}
