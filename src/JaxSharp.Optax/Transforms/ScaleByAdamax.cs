namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The moving average of the updates divided by the decaying maximum of their absolute values.</summary>
    /// <param name="b1">The decay of the average; 0.9 by default.</param>
    /// <param name="b2">The decay of the maximum; 0.999 by default.</param>
    /// <param name="eps">Added to the absolute values; 1e-8 by default.</param>
    public static GradientTransformation ScaleByAdamax(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null
    ) => new ScaleByAdamax(b1 ?? 0.9, b2 ?? 0.999, eps ?? 1e-8);
}

internal sealed class ScaleByAdamax(Hyperparameter b1, Hyperparameter b2, Hyperparameter eps)
    : GradientTransformation<ScaleByAdamState>
{
    protected override ScaleByAdamState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByAdamState State) UpdateState<T>(
        T updates,
        ScaleByAdamState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var count = Optax.SafeIncrement(state.Count);
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var nu = Optax.Tree.UpdateInfinityMoment(updates, Of<T>(state.Nu), b2, eps);
        return (Optax.Tree.Div(Optax.Tree.BiasCorrection(mu, b1, count), nu), new ScaleByAdamState(count, mu, nu));
    }
}
