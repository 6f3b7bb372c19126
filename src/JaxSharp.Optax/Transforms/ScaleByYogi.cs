using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adam whose average of squares moves towards new squares by additive steps.</summary>
    /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-3 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="initialAccumulatorValue">The averages at the beginning; 1e-6 by default.</param>
    public static GradientTransformation ScaleByYogi(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        Hyperparameter? initialAccumulatorValue = null
    ) => new ScaleByYogi(b1 ?? 0.9, b2 ?? 0.999, eps ?? 1e-3, epsRoot ?? 0, initialAccumulatorValue ?? 1e-6);
}

internal sealed class ScaleByYogi(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    Hyperparameter initial
) : GradientTransformation<ScaleByAdamState>
{
    protected override ScaleByAdamState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.FullLike(@params, initial), Optax.Tree.FullLike(@params, initial));

    protected override (T Updates, ScaleByAdamState State) UpdateState<T>(
        T updates,
        ScaleByAdamState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var nu = Tree.Map(
            (g, v) =>
            {
                var square = Numerics.AbsSq(g);
                return v - (1 - b2) * Jnp.Sign(v - square) * square;
            },
            updates,
            Of<T>(state.Nu)
        );
        var count = Optax.SafeIncrement(state.Count);
        return (
            Moments.Normalized(
                Optax.Tree.BiasCorrection(mu, b1, count),
                Optax.Tree.BiasCorrection(nu, b2, count),
                eps,
                epsRoot
            ),
            new ScaleByAdamState(count, mu, nu)
        );
    }
}
