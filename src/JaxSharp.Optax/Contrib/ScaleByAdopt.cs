using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>Adam that divides by the squares of the steps before, which converges for any <paramref name="b2"/> (ADOPT).</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.9999 by default.</param>
        /// <param name="eps">The least denominator; 1e-6 by default.</param>
        /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
        /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
        /// <param name="useClipping">Whether updates are clipped.</param>
        /// <param name="clipValueFn">From the number of steps done to the largest update; its fourth root by default.</param>
        public static GradientTransformation Adopt(
            ScalarOrSchedule learningRate,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            DType? muDtype = null,
            bool nesterov = false,
            bool useClipping = true,
            Func<NDArray, NDArray>? clipValueFn = null
        ) =>
            Chain(
                ScaleByAdopt(b1, b2, eps, muDtype, nesterov, useClipping, clipValueFn),
                ScaleByLearningRate(learningRate)
            );

        /// <summary><see cref="Adopt"/> without its learning rate.</summary>
        /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.9999 by default.</param>
        /// <param name="eps">The least denominator; 1e-6 by default.</param>
        /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
        /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
        /// <param name="useClipping">Whether updates are clipped.</param>
        /// <param name="clipValueFn">From the number of steps done to the largest update; its fourth root by default.</param>
        public static GradientTransformation ScaleByAdopt(
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            DType? muDtype = null,
            bool nesterov = false,
            bool useClipping = true,
            Func<NDArray, NDArray>? clipValueFn = null
        ) =>
            new ScaleByAdopt(
                b1 ?? 0.9,
                b2 ?? 0.9999,
                eps ?? 1e-6,
                muDtype,
                nesterov,
                useClipping ? clipValueFn ?? (count => Jnp.Power(count, 0.25)) : null
            );
    }
}

internal sealed class ScaleByAdopt(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    DType? muDtype,
    bool nesterov,
    Func<NDArray, NDArray>? clipValue
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
        // The first step only collects the squares.
        var isLater = Jnp.Greater(state.Count, 0);
        var decay1 = Jnp.Where(isLater, b1, 1.0);
        var decay2 = Jnp.Where(isLater, b2, 0.0);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), decay2, 2);
        var limit = clipValue?.Invoke(state.Count);
        var scaled = Tree.Map(
            (g, v) =>
            {
                var x = g / Jnp.Maximum(Jnp.Sqrt(v), eps);
                return limit is null ? x : Jnp.Clip(x, -limit, limit);
            },
            updates,
            Of<T>(state.Nu)
        );
        var mu = Optax.Tree.UpdateMoment(scaled, Of<T>(state.Mu), decay1, 1);
        var result = nesterov ? Optax.Tree.UpdateMoment(scaled, mu, decay1, 1) : mu;
        return (result, new ScaleByAdamState(Optax.SafeIncrement(state.Count), Optax.Tree.Cast(mu, muDtype), nu));
    }
}
