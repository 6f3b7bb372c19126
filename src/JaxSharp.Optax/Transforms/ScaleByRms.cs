using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The updates divided by the root of the moving average of their squares.</summary>
    /// <param name="decay">The decay of the average; 0.9 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="initialScale">The average at the beginning; 0 by default.</param>
    /// <param name="epsInSqrt">Whether eps is added under the root.</param>
    /// <param name="biasCorrection">Whether the average is divided by the sum of its weights.</param>
    public static GradientTransformation ScaleByRms(
        Hyperparameter? decay = null,
        Hyperparameter? eps = null,
        Hyperparameter? initialScale = null,
        bool epsInSqrt = true,
        bool biasCorrection = false
    ) =>
        biasCorrection
            ? new ScaleByCorrectedRms(decay ?? 0.9, eps ?? 1e-8, initialScale ?? 0, epsInSqrt)
            : new ScaleByRms(decay ?? 0.9, eps ?? 1e-8, initialScale ?? 0, epsInSqrt);
}

/// <summary>The state of <see cref="Optax.ScaleByRms"/>.</summary>
/// <param name="Nu">The moving average of squares, a tree like the parameters.</param>
public sealed record ScaleByRmsState(object? Nu) : OptState;

/// <summary>The state of <see cref="Optax.ScaleByRms"/> with bias correction.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Nu">The moving average of squares, a tree like the parameters.</param>
public sealed record ScaleByRmsWithCountState(NDArray Count, object? Nu) : OptState;

internal sealed class ScaleByRms(Hyperparameter decay, Hyperparameter eps, Hyperparameter initialScale, bool epsInSqrt)
    : GradientTransformation<ScaleByRmsState>
{
    protected override ScaleByRmsState InitState<T>(T @params) => new(Optax.Tree.FullLike(@params, initialScale));

    protected override (T Updates, ScaleByRmsState State) UpdateState<T>(
        T updates,
        ScaleByRmsState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), decay, 2);
        return (Moments.DividedByRoot(updates, nu, eps, epsInSqrt), new ScaleByRmsState(nu));
    }
}

internal sealed class ScaleByCorrectedRms(
    Hyperparameter decay,
    Hyperparameter eps,
    Hyperparameter initialScale,
    bool epsInSqrt
) : GradientTransformation<ScaleByRmsWithCountState>
{
    protected override string Name => nameof(ScaleByRms);

    protected override ScaleByRmsWithCountState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.FullLike(@params, initialScale));

    protected override (T Updates, ScaleByRmsWithCountState State) UpdateState<T>(
        T updates,
        ScaleByRmsWithCountState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), decay, 2);
        var count = Optax.SafeIncrement(state.Count);
        var nuHat = Optax.Tree.BiasCorrection(nu, decay, count);
        return (Moments.DividedByRoot(updates, nuHat, eps, epsInSqrt), new ScaleByRmsWithCountState(count, nu));
    }
}
