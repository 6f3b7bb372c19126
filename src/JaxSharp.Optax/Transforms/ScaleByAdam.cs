using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The updates divided by the root of the moving average of their squares: Adam without its learning rate.</summary>
    /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default. Needed to differentiate through the step.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation ScaleByAdam(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool nesterov = false
    ) => new ScaleByAdam(b1 ?? 0.9, b2 ?? 0.999, eps ?? 1e-8, epsRoot ?? 0, muDtype, nesterov);
}

/// <summary>The state of <see cref="Optax.ScaleByAdam"/> and its kin.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of their squares, a tree like the parameters.</param>
public sealed record ScaleByAdamState(NDArray Count, object? Mu, object? Nu) : OptState;

internal sealed class ScaleByAdam(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    DType? muDtype,
    bool nesterov
) : GradientTransformation<ScaleByAdamState>
{
    protected override ScaleByAdamState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params, muDtype), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByAdamState State) UpdateState<T>(
        T updates,
        ScaleByAdamState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), b2, 2);
        var count = Optax.SafeIncrement(state.Count);
        var muHat = Moments.Corrected(updates, mu, b1, count, nesterov);
        var nuHat = Optax.Tree.BiasCorrection(nu, b2, count);
        return (
            Moments.Normalized(muHat, nuHat, eps, epsRoot),
            new ScaleByAdamState(count, Optax.Tree.Cast(mu, muDtype), Optax.Tree.CastLike(nu, Of<T>(state.Nu)))
        );
    }
}
