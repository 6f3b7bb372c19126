using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adam that corrects for the large variance of its denominator in the first steps, or does without it there.</summary>
    /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="threshold">The number of effective terms from which on the denominator is used; 5 by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation ScaleByRadam(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        Hyperparameter? threshold = null,
        bool nesterov = false
    ) => new ScaleByRadam(b1 ?? 0.9, b2 ?? 0.999, eps ?? 1e-8, epsRoot ?? 0, threshold ?? 5.0, nesterov);
}

internal sealed class ScaleByRadam(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    Hyperparameter threshold,
    bool nesterov
) : GradientTransformation<ScaleByAdamState>
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
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), b2, 2);
        var count = Optax.SafeIncrement(state.Count);
        var limit = 2.0 / (1.0 - b2) - 1.0;
        var decayed = Jnp.Power(b2, count);
        var terms = limit - 2 * count * decayed / (1 - decayed);
        var rectification = Jnp.Sqrt((terms - 4.0) * (terms - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * terms));
        var muHat = Moments.Corrected(updates, mu, b1, count, nesterov);
        var nuHat = Optax.Tree.BiasCorrection(nu, b2, count);
        var isTractable = terms >= threshold;
        var steps = Tree.Map(
            (m, v) => Jnp.Where(isTractable, rectification.AsType(m.DType) * m / (Jnp.Sqrt(v + epsRoot) + eps), m),
            muHat,
            nuHat
        );
        return (steps, new ScaleByAdamState(count, mu, nu));
    }
}
