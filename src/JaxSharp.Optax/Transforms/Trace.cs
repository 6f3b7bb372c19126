namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Momentum: a decaying sum of updates, trace = decay · trace + update.</summary>
    /// <param name="decay">How much of the sum is kept from one step to the next.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    /// <param name="accumulatorDtype">The element type of the sum; that of the parameters by default.</param>
    public static GradientTransformation Trace(
        Hyperparameter decay,
        bool nesterov = false,
        DType? accumulatorDtype = null
    ) => new Trace(decay, nesterov, accumulatorDtype);
}

/// <summary>The state of <see cref="Optax.Trace"/>.</summary>
/// <param name="Trace">The decaying sum, a tree like the parameters.</param>
public sealed record TraceState(object? Trace) : OptState;

internal sealed class Trace(Hyperparameter decay, bool nesterov, DType? accumulatorDtype)
    : GradientTransformation<TraceState>
{
    protected override TraceState InitState<T>(T @params) => new(Optax.Tree.ZerosLike(@params, accumulatorDtype));

    protected override (T Updates, TraceState State) UpdateState<T>(
        T updates,
        TraceState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var trace = Tree.Map((g, t) => Moments.Settled(g + decay * t), updates, Of<T>(state.Trace));
        return (
            nesterov ? Tree.Map((g, t) => g + decay * t, updates, trace) : trace,
            new TraceState(Optax.Tree.Cast(trace, accumulatorDtype))
        );
    }
}
