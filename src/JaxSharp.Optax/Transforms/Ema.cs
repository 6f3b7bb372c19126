namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>An exponential moving average of the updates: decay · average + (1 − decay) · update.</summary>
    /// <param name="decay">The decay.</param>
    /// <param name="debias">Whether the average is divided by the sum of its weights.</param>
    /// <param name="accumulatorDtype">The element type of the average; that of the parameters by default.</param>
    public static GradientTransformation Ema(
        Hyperparameter decay,
        bool debias = true,
        DType? accumulatorDtype = null
    ) => new Ema(decay, debias, accumulatorDtype);
}

/// <summary>The state of <see cref="Optax.Ema"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Ema">The average, a tree like the parameters.</param>
public sealed record EmaState(NDArray Count, object? Ema) : OptState;

internal sealed class Ema(Hyperparameter decay, bool debias, DType? accumulatorDtype) : GradientTransformation<EmaState>
{
    protected override EmaState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params, accumulatorDtype));

    protected override (T Updates, EmaState State) UpdateState<T>(
        T updates,
        EmaState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var average = Optax.Tree.UpdateMoment(updates, Of<T>(state.Ema), decay, 1);
        var count = Optax.SafeIncrement(state.Count);
        return (
            debias ? Optax.Tree.BiasCorrection(average, decay, count) : average,
            new EmaState(count, Optax.Tree.Cast(average, accumulatorDtype))
        );
    }
}
