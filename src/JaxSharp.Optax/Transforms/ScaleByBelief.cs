using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adam with the squares of the distance of updates from their moving average in the denominator.</summary>
    /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-16 by default.</param>
    /// <param name="epsRoot">Added to the average of squares in each step; 1e-16 by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation ScaleByBelief(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        bool nesterov = false
    ) => new ScaleByBelief(b1 ?? 0.9, b2 ?? 0.999, eps ?? 1e-16, epsRoot ?? 1e-16, nesterov);
}

/// <summary>The state of <see cref="Optax.ScaleByBelief"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of the squares of their distance from it, a tree like the parameters.</param>
public sealed record ScaleByBeliefState(NDArray Count, object? Mu, object? Nu) : OptState;

internal sealed class ScaleByBelief(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    bool nesterov
) : GradientTransformation<ScaleByBeliefState>
{
    protected override ScaleByBeliefState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByBeliefState State) UpdateState<T>(
        T updates,
        ScaleByBeliefState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var error = Optax.Tree.Sub(updates, mu);
        var nu = Tree.Map(v => v + epsRoot, Optax.Tree.UpdateMomentPerElemNorm(error, Of<T>(state.Nu), b2, 2));
        var count = Optax.SafeIncrement(state.Count);
        var muHat = Moments.Corrected(updates, mu, b1, count, nesterov);
        var nuHat = Optax.Tree.BiasCorrection(nu, b2, count);
        return (Tree.Map((m, v) => m / (Jnp.Sqrt(v) + eps), muHat, nuHat), new ScaleByBeliefState(count, mu, nu));
    }
}
