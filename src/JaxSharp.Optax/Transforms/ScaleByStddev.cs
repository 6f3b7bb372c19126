using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The updates divided by their moving standard deviation.</summary>
    /// <param name="decay">The decay of the averages; 0.9 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="initialScale">The average of the squares at the beginning; 0 by default.</param>
    /// <param name="epsInSqrt">Whether eps is added under the root.</param>
    /// <param name="biasCorrection">Whether the averages are divided by the sum of their weights.</param>
    public static GradientTransformation ScaleByStddev(
        Hyperparameter? decay = null,
        Hyperparameter? eps = null,
        Hyperparameter? initialScale = null,
        bool epsInSqrt = true,
        bool biasCorrection = false
    ) =>
        biasCorrection
            ? new ScaleByCorrectedStddev(decay ?? 0.9, eps ?? 1e-8, initialScale ?? 0, epsInSqrt)
            : new ScaleByStddev(decay ?? 0.9, eps ?? 1e-8, initialScale ?? 0, epsInSqrt);
}

/// <summary>The state of <see cref="Optax.ScaleByStddev"/>.</summary>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of their squares, a tree like the parameters.</param>
public sealed record ScaleByRStdDevState(object? Mu, object? Nu) : OptState;

/// <summary>The state of <see cref="Optax.ScaleByStddev"/> with bias correction.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of their squares, a tree like the parameters.</param>
public sealed record ScaleByRStdDevWithCountState(NDArray Count, object? Mu, object? Nu) : OptState;

internal sealed class ScaleByStddev(
    Hyperparameter decay,
    Hyperparameter eps,
    Hyperparameter initialScale,
    bool epsInSqrt
) : GradientTransformation<ScaleByRStdDevState>
{
    protected override ScaleByRStdDevState InitState<T>(T @params) =>
        new(Optax.Tree.ZerosLike(@params), Optax.Tree.FullLike(@params, initialScale));

    protected override (T Updates, ScaleByRStdDevState State) UpdateState<T>(
        T updates,
        ScaleByRStdDevState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), decay, 1);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), decay, 2);
        var variance = Moments.Variance(mu, nu);
        return (Moments.DividedByRoot(updates, variance, eps, epsInSqrt), new ScaleByRStdDevState(mu, nu));
    }
}

internal sealed class ScaleByCorrectedStddev(
    Hyperparameter decay,
    Hyperparameter eps,
    Hyperparameter initialScale,
    bool epsInSqrt
) : GradientTransformation<ScaleByRStdDevWithCountState>
{
    protected override string Name => nameof(ScaleByStddev);

    protected override ScaleByRStdDevWithCountState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params), Optax.Tree.FullLike(@params, initialScale));

    protected override (T Updates, ScaleByRStdDevWithCountState State) UpdateState<T>(
        T updates,
        ScaleByRStdDevWithCountState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), decay, 1);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), decay, 2);
        var count = Optax.SafeIncrement(state.Count);
        var variance = Moments.Variance(
            Optax.Tree.BiasCorrection(mu, decay, count),
            Optax.Tree.BiasCorrection(nu, decay, count)
        );
        return (
            Moments.DividedByRoot(updates, variance, eps, epsInSqrt),
            new ScaleByRStdDevWithCountState(count, mu, nu)
        );
    }
}
