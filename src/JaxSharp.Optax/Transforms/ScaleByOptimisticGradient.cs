using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>(alpha + beta) times the update minus beta times the last one: optimistic steps for games.</summary>
    /// <param name="alpha">1 by default.</param>
    /// <param name="beta">1 by default.</param>
    public static GradientTransformation ScaleByOptimisticGradient(
        Hyperparameter? alpha = null,
        Hyperparameter? beta = null
    ) => new ScaleByOptimisticGradient(alpha ?? 1.0, beta ?? 1.0);
}

/// <summary>The state of <see cref="Optax.ScaleByOptimisticGradient"/>.</summary>
/// <param name="IsInitialStep">Whether no step has been done.</param>
/// <param name="PreviousGradient">The last updates, a tree like the parameters.</param>
public sealed record ScaleByOptimisticGradientState(NDArray IsInitialStep, object? PreviousGradient) : OptState;

internal sealed class ScaleByOptimisticGradient(Hyperparameter alpha, Hyperparameter beta)
    : GradientTransformation<ScaleByOptimisticGradientState>
{
    protected override ScaleByOptimisticGradientState InitState<T>(T @params) =>
        new(Jnp.Array(true), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByOptimisticGradientState State) UpdateState<T>(
        T updates,
        ScaleByOptimisticGradientState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var steps = Tree.Map(
            (g, last) => (alpha + beta) * g - beta * Jnp.Where(state.IsInitialStep, g, last),
            updates,
            Of<T>(state.PreviousGradient)
        );
        return (steps, new ScaleByOptimisticGradientState(Jnp.Array(false), updates));
    }
}
