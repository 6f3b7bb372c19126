using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A step size for each element, which grows while the sign of the update stays and shrinks when it changes.</summary>
    /// <param name="learningRate">The step size at the beginning.</param>
    /// <param name="etaMinus">The factor when the sign changes; 0.5 by default.</param>
    /// <param name="etaPlus">The factor when it stays; 1.2 by default.</param>
    /// <param name="minStepSize">The smallest step size; 1e-6 by default.</param>
    /// <param name="maxStepSize">The largest step size; 50 by default.</param>
    public static GradientTransformation ScaleByRprop(
        Hyperparameter learningRate,
        Hyperparameter? etaMinus = null,
        Hyperparameter? etaPlus = null,
        Hyperparameter? minStepSize = null,
        Hyperparameter? maxStepSize = null
    ) => new ScaleByRprop(learningRate, etaMinus ?? 0.5, etaPlus ?? 1.2, minStepSize ?? 1e-6, maxStepSize ?? 50.0);
}

/// <summary>The state of <see cref="Optax.ScaleByRprop"/>.</summary>
/// <param name="StepSizes">The step sizes, a tree like the parameters.</param>
/// <param name="PrevUpdates">The last steps, a tree like the parameters.</param>
public sealed record ScaleByRpropState(object? StepSizes, object? PrevUpdates) : OptState;

internal sealed class ScaleByRprop(
    Hyperparameter learningRate,
    Hyperparameter etaMinus,
    Hyperparameter etaPlus,
    Hyperparameter minStepSize,
    Hyperparameter maxStepSize
) : GradientTransformation<ScaleByRpropState>
{
    protected override ScaleByRpropState InitState<T>(T @params) =>
        new(Optax.Tree.FullLike(@params, learningRate), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByRpropState State) UpdateState<T>(
        T updates,
        ScaleByRpropState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var previous = Of<T>(state.PrevUpdates);
        var sign = Optax.Tree.Mul(updates, previous);
        var sizes = Tree.Map(
            (s, size) =>
                Jnp.Where(
                    Jnp.Equal(s, 0),
                    size,
                    Jnp.Clip(size * Jnp.Where(s > 0, etaPlus, etaMinus), minStepSize, maxStepSize)
                ),
            sign,
            Of<T>(state.StepSizes)
        );
        var steps = Tree.Map(
            (s, g, size) => Jnp.Where(s < 0, Jnp.ZerosLike(g), size * Jnp.Sign(g)),
            sign,
            updates,
            sizes
        );
        // As in Optax, the step of the last update is the one that is made.
        return (
            Tree.Map((s, step) => Jnp.Where(s < 0, Jnp.ZerosLike(step), step), sign, previous),
            new ScaleByRpropState(sizes, steps)
        );
    }
}
