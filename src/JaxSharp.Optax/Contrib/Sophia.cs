using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>
        /// Sophia: the average of gradients divided by an estimate of the diagonal of the Hessian, each element of the step limited.
        /// Update needs the parameters and what the estimate needs: by default the extra argument <c>obj_fn</c>, the loss as a function of
        /// the parameters.
        /// </summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="b1">The decay of the average of the gradients; 0.965 by default.</param>
        /// <param name="b2">The decay of the average of the estimates; 0.99 by default.</param>
        /// <param name="eps">The least that is divided by; 1e-8 by default.</param>
        /// <param name="weightDecay">The decay of the parameters; 1e-4 by default.</param>
        /// <param name="weightDecayMask">Which parameters decay; all by default.</param>
        /// <param name="gamma">What the average of the estimates is multiplied by; 0.01 by default.</param>
        /// <param name="clipThreshold">The largest element of a step before the learning rate; null for no limit.</param>
        /// <param name="updateInterval">The number of steps between two estimates.</param>
        /// <param name="hessianDiagonalFn">
        /// What makes the estimate in place of the updates; <see cref="HutchinsonEstimatorDiagHessian"/> by default.
        /// </param>
        /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
        /// <exception cref="JaxArgumentException">
        /// The interval is not positive. At Update: parameters or an extra argument are missing.
        /// </exception>
        /// <example><code>
        /// NDArray Loss(NDArray w) => jnp.Sum(jnp.Power(w, 4));
        /// var optimizer = optax.Contrib.Sophia(0.1);
        /// NDArray w = jnp.Array([1f, -2f]);
        /// var extra = new ExtraArgs { ["obj_fn"] = (Func&lt;NDArray, NDArray&gt;)Loss };
        /// var (updates, _) = optimizer.Update(Grad(Loss)(w), optimizer.Init(w), w, extra);
        /// updates; // => [-0.10001  0.10002]
        /// </code></example>
        public static GradientTransformation Sophia(
            ScalarOrSchedule learningRate,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? weightDecayMask = null,
            Hyperparameter? gamma = null,
            double? clipThreshold = 1.0,
            int updateInterval = 10,
            GradientTransformation? hessianDiagonalFn = null,
            DType? muDtype = null
        ) =>
            updateInterval >= 1
                ? Chain(
                    new ScaleBySophia(
                        b1 ?? 0.965,
                        b2 ?? 0.99,
                        eps ?? 1e-8,
                        gamma ?? 0.01,
                        clipThreshold,
                        updateInterval,
                        hessianDiagonalFn ?? HutchinsonEstimatorDiagHessian(),
                        muDtype
                    ),
                    AddDecayedWeights(weightDecay ?? 1e-4, weightDecayMask),
                    ScaleByLearningRate(learningRate)
                )
                : throw new JaxArgumentException($"Sophia needs a positive updateInterval; got {updateInterval}.");

        /// <summary>
        /// An estimate of the diagonal of the Hessian in place of the updates: random signs times the Hessian times the same signs, right
        /// on average (Hutchinson). Update needs the parameters and the extra argument <c>obj_fn</c>, the loss as a function of them.
        /// </summary>
        /// <param name="randomSeed">The random key; that of the seed 0 by default.</param>
        public static GradientTransformation HutchinsonEstimatorDiagHessian(PrngKey? randomSeed = null) =>
            new HutchinsonEstimatorDiagHessian(randomSeed ?? JaxRandom.Key(0));
    }
}

/// <summary>The state of <see cref="Optax.Contrib.Sophia"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of the estimates, a tree like the parameters.</param>
/// <param name="HessianFnState">The state of what makes the estimates.</param>
public sealed record SophiaState(NDArray Count, object? Mu, object? Nu, OptState HessianFnState) : OptState;

/// <summary>The state of <see cref="Optax.Contrib.HutchinsonEstimatorDiagHessian"/>.</summary>
/// <param name="Key">The random key of the next estimate.</param>
public sealed record HutchinsonState(PrngKey Key) : OptState;

internal sealed class ScaleBySophia(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter gamma,
    double? clipThreshold,
    int updateInterval,
    GradientTransformation estimator,
    DType? muDtype
) : GradientTransformation<SophiaState>
{
    protected override string Name => nameof(Optax.Contrib.Sophia);

    protected override SophiaState InitState<T>(T @params) =>
        new(
            Numerics.Zero,
            Optax.Tree.ZerosLike(@params, muDtype),
            Optax.Tree.ZerosLike(@params),
            estimator.Init(@params)
        );

    protected override (T Updates, SophiaState State) UpdateState<T>(
        T updates,
        SophiaState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var parameters = Required(@params, updates);
        var count = Optax.SafeIncrement(state.Count);
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var before = Of<T>(state.Nu);
        var steps = Tree.Map(
            (m, h) => Limited(m / Jnp.Maximum(gamma * h, eps)),
            Optax.Tree.BiasCorrection(mu, b1, count),
            before
        );
        var (estimatorState, nu) = Lax.Cond(
            Jnp.Equal(state.Count % updateInterval, 0),
            () =>
            {
                var (diagonal, next) = estimator.Update(updates, state.HessianFnState, parameters, extraArgs);
                return (next, Optax.Tree.CastLike(Optax.Tree.UpdateMoment(diagonal, before, b2, 1), before));
            },
            () => (state.HessianFnState, before)
        );
        return (steps, new SophiaState(count, Optax.Tree.Cast(mu, muDtype), nu, estimatorState));
    }

    private NDArray Limited(NDArray x) => clipThreshold is { } limit ? Jnp.Clip(x, -limit, limit) : x;
}

internal sealed class HutchinsonEstimatorDiagHessian(PrngKey key) : GradientTransformation<HutchinsonState>
{
    protected override HutchinsonState InitState<T>(T @params) => new(key);

    protected override (T Updates, HutchinsonState State) UpdateState<T>(
        T updates,
        HutchinsonState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var parameters = Required(@params, updates);
        var loss = extraArgs.Required<Func<T, NDArray>>("obj_fn", Name);
        var (next, sample) = JaxRandom.Split(state.Key);
        var signs = Optax.Tree.RandomLike(
            sample,
            parameters,
            (k, shape, dtype) => JaxRandom.Rademacher(k, shape, dtype),
            DType.F32
        );
        signs = Optax.Tree.CastLike(signs, parameters);
        var products = Jax.Jvp<T, T>(p => Jax.Grad(loss)(p), parameters, signs).Tangents;
        return (Optax.Tree.Mul(products, signs), new HutchinsonState(next));
    }
}
