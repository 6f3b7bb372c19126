using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adam with a moving average of the differences of updates besides: adaptive Nesterov momentum.</summary>
    /// <param name="b1">The decay of the average of the updates; 0.98 by default.</param>
    /// <param name="b2">The decay of the average of their differences; 0.92 by default.</param>
    /// <param name="b3">The decay of the average of squares; 0.99 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    public static GradientTransformation ScaleByAdan(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? b3 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null
    ) => new ScaleByAdan(b1 ?? 0.98, b2 ?? 0.92, b3 ?? 0.99, eps ?? 1e-8, epsRoot ?? 0);
}

/// <summary>The state of <see cref="Optax.ScaleByAdan"/>.</summary>
/// <param name="M">The moving average of the updates, a tree like the parameters.</param>
/// <param name="V">The moving average of their differences, a tree like the parameters.</param>
/// <param name="N">The moving average of squares, a tree like the parameters.</param>
/// <param name="G">The last updates, a tree like the parameters.</param>
/// <param name="T">The number of steps done.</param>
public sealed record ScaleByAdanState(object? M, object? V, object? N, object? G, NDArray T) : OptState;

internal sealed class ScaleByAdan(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter b3,
    Hyperparameter eps,
    Hyperparameter epsRoot
) : GradientTransformation<ScaleByAdanState>
{
    protected override ScaleByAdanState InitState<T>(T @params)
    {
        var zeros = Optax.Tree.ZerosLike(@params);
        return new(zeros, zeros, zeros, zeros, Numerics.Zero);
    }

    protected override (T Updates, ScaleByAdanState State) UpdateState<T>(
        T updates,
        ScaleByAdanState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var difference = Optax.Tree.Where(
            Jnp.Equal(state.T, 0),
            Optax.Tree.ZerosLike(updates),
            Optax.Tree.Sub(updates, Of<T>(state.G))
        );
        var m = Optax.Tree.UpdateMoment(updates, Of<T>(state.M), b1, 1);
        var v = Optax.Tree.UpdateMoment(difference, Of<T>(state.V), b2, 1);
        var ahead = Optax.Tree.AddScale(updates, 1 - b2, difference);
        var n = Optax.Tree.UpdateMomentPerElemNorm(ahead, Of<T>(state.N), b3, 2);
        var t = Optax.SafeIncrement(state.T);
        var step = Optax.Tree.AddScale(
            Optax.Tree.BiasCorrection(m, b1, t),
            1 - b2,
            Optax.Tree.BiasCorrection(v, b2, t)
        );
        return (
            Moments.Normalized(step, Optax.Tree.BiasCorrection(n, b3, t), eps, epsRoot),
            new ScaleByAdanState(m, v, n, updates, t)
        );
    }
}
