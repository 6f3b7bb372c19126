using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary><see cref="ScaleByAdam"/> with the largest moving average of squares so far in the denominator.</summary>
    /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="biasCorrectionMu">Whether the first average is divided by the sum of its weights.</param>
    /// <param name="biasCorrectionNu">Whether the second is, before the largest is found.</param>
    public static GradientTransformation ScaleByAmsgrad(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool biasCorrectionMu = true,
        bool biasCorrectionNu = true
    ) =>
        new ScaleByAmsgrad(
            b1 ?? 0.9,
            b2 ?? 0.999,
            eps ?? 1e-8,
            epsRoot ?? 0,
            muDtype,
            biasCorrectionMu,
            biasCorrectionNu
        );
}

/// <summary>The state of <see cref="Optax.ScaleByAmsgrad"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of their squares, a tree like the parameters.</param>
/// <param name="NuMax">The largest average of squares so far, a tree like the parameters.</param>
public sealed record ScaleByAmsgradState(NDArray Count, object? Mu, object? Nu, object? NuMax) : OptState;

internal sealed class ScaleByAmsgrad(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    DType? muDtype,
    bool correctMu,
    bool correctNu
) : GradientTransformation<ScaleByAmsgradState>
{
    protected override ScaleByAmsgradState InitState<T>(T @params) =>
        new(
            Numerics.Zero,
            Optax.Tree.ZerosLike(@params, muDtype),
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params)
        );

    protected override (T Updates, ScaleByAmsgradState State) UpdateState<T>(
        T updates,
        ScaleByAmsgradState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), b2, 2);
        var count = Optax.SafeIncrement(state.Count);
        var muHat = correctMu ? Optax.Tree.BiasCorrection(mu, b1, count) : mu;
        var nuHat = correctNu ? Optax.Tree.BiasCorrection(nu, b2, count) : nu;
        var nuMax = Tree.Map(Jnp.Maximum, Of<T>(state.NuMax), nuHat);
        return (
            Moments.Normalized(muHat, nuMax, eps, epsRoot),
            new ScaleByAmsgradState(count, Optax.Tree.Cast(mu, muDtype), nu, nuMax)
        );
    }
}
