using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>AdamW that estimates its learning rate from a bound of the distance to the solution (D-Adaptation).</summary>
        /// <param name="learningRate">A number or a schedule that scales the estimate; 1 by default.</param>
        /// <param name="betas">The decays of the averages of gradients and squares; 0.9 and 0.999 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="estimLr0">The first estimate; 1e-6 by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; 0 by default.</param>
        public static GradientTransformation DadaptAdamw(
            ScalarOrSchedule? learningRate = null,
            (double B1, double B2)? betas = null,
            Hyperparameter? eps = null,
            Hyperparameter? estimLr0 = null,
            Hyperparameter? weightDecay = null
        ) =>
            new DadaptAdamw(
                learningRate ?? 1.0,
                betas ?? (0.9, 0.999),
                eps ?? 1e-8,
                estimLr0 ?? 1e-6,
                weightDecay ?? 0.0
            );

        /// <summary>D-Adaptation with a better estimate and weighted gradients (Prodigy).</summary>
        /// <param name="learningRate">A number or a schedule that scales the estimate; 1 by default.</param>
        /// <param name="betas">The decays of the averages of gradients and squares; 0.9 and 0.999 by default.</param>
        /// <param name="beta3">The decay of the averages of the estimate; the root of the second decay by default.</param>
        /// <param name="eps">Added to the denominator, relative to the estimate; 1e-8 by default.</param>
        /// <param name="estimLr0">The first estimate; 1e-6 by default.</param>
        /// <param name="estimLrCoef">A factor of the estimate; 1 by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; 0 by default.</param>
        /// <param name="safeguardWarmup">Whether the estimate does without the learning rate, for schedules that warm up.</param>
        public static GradientTransformation Prodigy(
            ScalarOrSchedule? learningRate = null,
            (double B1, double B2)? betas = null,
            Hyperparameter? beta3 = null,
            Hyperparameter? eps = null,
            Hyperparameter? estimLr0 = null,
            Hyperparameter? estimLrCoef = null,
            Hyperparameter? weightDecay = null,
            bool safeguardWarmup = false
        )
        {
            var (b1, b2) = betas ?? (0.9, 0.999);
            return new Prodigy(
                learningRate ?? 1.0,
                (b1, b2, beta3 ?? ((Hyperparameter)b2).Sqrt()),
                eps ?? 1e-8,
                (estimLr0 ?? 1e-6, estimLrCoef ?? 1.0),
                weightDecay ?? 0.0,
                safeguardWarmup
            );
        }
    }
}

/// <summary>The state of <see cref="Optax.Contrib.DadaptAdamw"/>.</summary>
/// <param name="ExpAvg">The average of the steps, a tree like the parameters.</param>
/// <param name="ExpAvgSq">The average of the squares of the gradients, a tree like the parameters.</param>
/// <param name="GradSum">The weighted sum of the gradients, a tree like the parameters.</param>
/// <param name="EstimLr">The estimate of the learning rate.</param>
/// <param name="NumeratorWeighted">The numerator of the estimate.</param>
/// <param name="Count">The number of steps done.</param>
public sealed record DAdaptAdamWState(
    object? ExpAvg,
    object? ExpAvgSq,
    object? GradSum,
    NDArray EstimLr,
    NDArray NumeratorWeighted,
    NDArray Count
) : OptState;

/// <summary>What both estimates of the learning rate have in common.</summary>
internal static class LearningRateEstimate
{
    /// <summary>The ratio of Adam's two bias corrections.</summary>
    public static NDArray BiasCorrection(NDArray b1, NDArray b2, NDArray count) =>
        Jnp.Sqrt(1 - Jnp.Power(b2, count)) / (1 - Jnp.Power(b1, count));

    /// <summary>The sum of the sizes of all elements.</summary>
    public static NDArray SumOfSizes<T>(T tree) => Optax.Tree.Sum(Tree.Map(Jnp.Abs, tree));
}

internal sealed class DadaptAdamw(
    ScalarOrSchedule learningRate,
    (double B1, double B2) betas,
    Hyperparameter eps,
    Hyperparameter estimLr0,
    Hyperparameter weightDecay
) : GradientTransformation<DAdaptAdamWState>
{
    protected override DAdaptAdamWState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        return new(
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params),
            ((NDArray)estimLr0).AsType(dtype),
            Jnp.Zeros(Shape.Scalar, dtype),
            Numerics.Zero
        );
    }

    protected override (T Updates, DAdaptAdamWState State) UpdateState<T>(
        T updates,
        DAdaptAdamWState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var (b1, b2) = betas;
        var rootB2 = System.Math.Sqrt(b2);
        var count = Optax.SafeIncrement(state.Count);
        var correction = LearningRateEstimate.BiasCorrection(b1, b2, count);
        var rate = state.EstimLr * learningRate.At(state.Count) * correction;
        var weighted = Tree.Map((s, v) => s / (Jnp.Sqrt(v) + eps), Of<T>(state.GradSum), Of<T>(state.ExpAvgSq));
        var gain = Optax.Tree.VDot(updates, weighted);
        var average = Tree.Map((a, g) => b1 * a + (1 - b1) * rate * g, Of<T>(state.ExpAvg), updates);
        var squares = Tree.Map((v, g) => b2 * v + (1 - b2) * g * g, Of<T>(state.ExpAvgSq), updates);
        var sum = Tree.Map((s, g) => rootB2 * s + (1 - rootB2) * rate * g, Of<T>(state.GradSum), updates);
        var numerator = rootB2 * state.NumeratorWeighted + (1 - rootB2) * rate * gain;
        var estimate = numerator / ((1 - rootB2) * LearningRateEstimate.SumOfSizes(sum));
        var result = Tree.Map((a, v, x) => -weightDecay * rate * x - a / (Jnp.Sqrt(v) + eps), average, squares, p);
        return (
            result,
            new DAdaptAdamWState(average, squares, sum, Jnp.Maximum(state.EstimLr, estimate), numerator, count)
        );
    }
}

/// <summary>The state of <see cref="Optax.Contrib.Prodigy"/>.</summary>
/// <param name="ExpAvg">The average of the gradients, a tree like the parameters.</param>
/// <param name="ExpAvgSq">The average of their squares, a tree like the parameters.</param>
/// <param name="GradSum">Their weighted sum, a tree like the parameters.</param>
/// <param name="Params0">The parameters at the start.</param>
/// <param name="EstimLr">The estimate of the learning rate.</param>
/// <param name="NumeratorWeighted">The numerator of the estimate.</param>
/// <param name="Count">The number of steps done.</param>
public sealed record ProdigyState(
    object? ExpAvg,
    object? ExpAvgSq,
    object? GradSum,
    object? Params0,
    NDArray EstimLr,
    NDArray NumeratorWeighted,
    NDArray Count
) : OptState;

internal sealed class Prodigy(
    ScalarOrSchedule learningRate,
    (double B1, double B2, Hyperparameter B3) betas,
    Hyperparameter eps,
    (Hyperparameter First, Hyperparameter Factor) estimLr,
    Hyperparameter weightDecay,
    bool safeguardWarmup
) : GradientTransformation<ProdigyState>
{
    protected override ProdigyState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        return new(
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params),
            @params,
            ((NDArray)estimLr.First).AsType(dtype),
            Jnp.Zeros(Shape.Scalar, dtype),
            Numerics.Zero
        );
    }

    protected override (T Updates, ProdigyState State) UpdateState<T>(
        T updates,
        ProdigyState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var (b1, b2, b3) = betas;
        var count = Optax.SafeIncrement(state.Count);
        var correction = LearningRateEstimate.BiasCorrection(b1, b2, count);
        var current = state.EstimLr;
        var rate = current * learningRate.At(state.Count) * correction;
        var start = Of<T>(state.Params0);
        var scaled = Optax.Tree.Scale(current, updates);
        var gain = Optax.Tree.VDot(updates, Optax.Tree.Sub(start, p));
        var average = Tree.Map((a, g) => b1 * a + (1 - b1) * g, Of<T>(state.ExpAvg), scaled);
        var squares = Tree.Map((v, g) => b2 * v + (1 - b2) * g * g, Of<T>(state.ExpAvgSq), scaled);
        var weight = safeguardWarmup ? current : rate;
        var sum = Tree.Map((s, g) => b3 * s + weight * g / estimLr.First, Of<T>(state.GradSum), scaled);
        var numerator = b3 * state.NumeratorWeighted + current / estimLr.First * rate * gain;
        var estimate = Jnp.Maximum(current, estimLr.Factor * numerator / LearningRateEstimate.SumOfSizes(sum));
        var result = Tree.Map(
            (a, v, x) => -weightDecay * rate * x - rate * a / (Jnp.Sqrt(v) + estimate * eps),
            average,
            squares,
            p
        );
        return (result, new ProdigyState(average, squares, sum, start, estimate, numerator, count));
    }
}
