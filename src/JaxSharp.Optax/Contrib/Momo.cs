using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>SGD with momentum whose steps the loss bounds (MoMo). The update needs <see cref="ExtraArgs.Value"/>.</summary>
        /// <param name="learningRate">The largest learning rate, a number or a schedule; 1 by default.</param>
        /// <param name="beta">The decay of the averages; 0.9 by default.</param>
        /// <param name="lowerBound">A lower bound of the loss; 0 by default.</param>
        /// <param name="weightDecay">The decay relative to the learning rate; 0 by default.</param>
        /// <param name="adaptLowerBound">Whether the bound is estimated.</param>
        public static GradientTransformation Momo(
            ScalarOrSchedule? learningRate = null,
            Hyperparameter? beta = null,
            Hyperparameter? lowerBound = null,
            Hyperparameter? weightDecay = null,
            bool adaptLowerBound = false
        ) => new Momo(learningRate ?? 1.0, beta ?? 0.9, lowerBound ?? 0.0, weightDecay ?? 0.0, adaptLowerBound);

        /// <summary>Adam whose steps the loss bounds (MoMo). The update needs <see cref="ExtraArgs.Value"/>.</summary>
        /// <param name="learningRate">The largest learning rate, a number or a schedule; 1e-2 by default.</param>
        /// <param name="b1">The decay of the averages of gradients and loss; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="lowerBound">A lower bound of the loss; 0 by default.</param>
        /// <param name="weightDecay">The decay relative to the learning rate; 0 by default.</param>
        /// <param name="adaptLowerBound">Whether the bound is estimated.</param>
        public static GradientTransformation MomoAdam(
            ScalarOrSchedule? learningRate = null,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            Hyperparameter? lowerBound = null,
            Hyperparameter? weightDecay = null,
            bool adaptLowerBound = false
        ) =>
            new MomoAdam(
                learningRate ?? 1e-2,
                (b1 ?? 0.9, b2 ?? 0.999),
                eps ?? 1e-8,
                lowerBound ?? 0.0,
                weightDecay ?? 0.0,
                adaptLowerBound
            );
    }
}

/// <summary>The state of <see cref="Optax.Contrib.Momo"/>.</summary>
/// <param name="ExpAvg">The average of the gradients, a tree like the parameters.</param>
/// <param name="Barf">The average of the losses.</param>
/// <param name="Gamma">The average of the products of gradients and parameters.</param>
/// <param name="Lb">The lower bound of the loss.</param>
/// <param name="Count">The number of steps done.</param>
public sealed record MomoState(object? ExpAvg, NDArray Barf, NDArray Gamma, NDArray Lb, NDArray Count) : OptState;

internal sealed class Momo(
    ScalarOrSchedule learningRate,
    Hyperparameter beta,
    Hyperparameter lowerBound,
    Hyperparameter weightDecay,
    bool adaptLowerBound
) : GradientTransformation<MomoState>
{
    protected override MomoState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        var zero = Jnp.Zeros(Shape.Scalar, dtype);
        return new(Optax.Tree.ZerosLike(@params), zero, zero, ((NDArray)lowerBound).AsType(dtype), Numerics.Zero);
    }

    protected override (T Updates, MomoState State) UpdateState<T>(
        T updates,
        MomoState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var value = extraArgs.Required<NDArray>("value", Name);
        NDArray decay = Jnp.Where(Jnp.Equal(state.Count, 0), 0.0, beta);
        var loss = decay * state.Barf + (1 - decay) * value;
        var average = Tree.Map((a, g) => Moments.Settled(decay * a + (1 - decay) * g), Of<T>(state.ExpAvg), updates);
        var gamma = decay * state.Gamma + (1 - decay) * Optax.Tree.VDot(updates, p);
        var alpha = learningRate.At(state.Count);
        var product = Optax.Tree.VDot(average, p);
        var norm = Optax.Tree.Norm(average, squared: true);
        var bound = adaptLowerBound
            ? MomoBound.Lowered(
                state.Lb,
                (1 + alpha * weightDecay) * (loss - gamma) + product,
                1 + alpha * weightDecay,
                lowerBound
            )
            : state.Lb;
        var step = MomoBound.Step((1 + alpha * weightDecay) * (loss - bound - gamma) + product, norm, alpha);
        var result = Tree.Map((a, x) => -(alpha * weightDecay) / (1 + alpha * weightDecay) * x - step * a, average, p);
        var next = adaptLowerBound ? Jnp.Maximum(loss + product - gamma - 0.5 * step * norm, lowerBound) : bound;
        return (result, new MomoState(average, loss, gamma, next, Optax.SafeIncrement(state.Count)));
    }
}

/// <summary>What both kinds of MoMo do with the lower bound.</summary>
internal static class MomoBound
{
    /// <summary>The bound, lower where the model of the loss is below it.</summary>
    public static NDArray Lowered(NDArray bound, NDArray model, Hyperparameter factor, Hyperparameter least) =>
        Jnp.Where(Jnp.Less(model, factor * bound), Jnp.Maximum(model / (2.0 * factor), least), bound);

    /// <summary>The length of the step: what takes the model to its bound, at most the learning rate.</summary>
    public static NDArray Step(NDArray model, NDArray norm, NDArray largest)
    {
        var isZero = Jnp.LessEqual(norm, 1.1920929e-7);
        var step = Jnp.Where(isZero, 0.0, Jnp.Maximum(model, 0.0) / norm);
        return Jnp.Minimum(largest, step);
    }
}

/// <summary>The state of <see cref="Optax.Contrib.MomoAdam"/>.</summary>
/// <param name="ExpAvg">The average of the gradients, a tree like the parameters.</param>
/// <param name="ExpAvgSq">The average of their squares, a tree like the parameters.</param>
/// <param name="Barf">The average of the losses.</param>
/// <param name="Gamma">The average of the products of gradients and parameters.</param>
/// <param name="Lb">The lower bound of the loss.</param>
/// <param name="Count">The number of steps done.</param>
public sealed record MomoAdamState(
    object? ExpAvg,
    object? ExpAvgSq,
    NDArray Barf,
    NDArray Gamma,
    NDArray Lb,
    NDArray Count
) : OptState;

internal sealed class MomoAdam(
    ScalarOrSchedule learningRate,
    (Hyperparameter B1, Hyperparameter B2) betas,
    Hyperparameter eps,
    Hyperparameter lowerBound,
    Hyperparameter weightDecay,
    bool adaptLowerBound
) : GradientTransformation<MomoAdamState>
{
    protected override MomoAdamState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        var zero = Jnp.Zeros(Shape.Scalar, dtype);
        return new(
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params),
            zero,
            zero,
            ((NDArray)lowerBound).AsType(dtype),
            Numerics.Zero
        );
    }

    protected override (T Updates, MomoAdamState State) UpdateState<T>(
        T updates,
        MomoAdamState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var value = extraArgs.Required<NDArray>("value", Name);
        var (b1, b2) = betas;
        var count = Optax.SafeIncrement(state.Count);
        var loss = b1 * state.Barf + (1 - b1) * value;
        var average = Tree.Map((a, g) => b1 * a + (1 - b1) * g, Of<T>(state.ExpAvg), updates);
        var squares = Tree.Map((v, g) => b2 * v + (1 - b2) * g * g, Of<T>(state.ExpAvgSq), updates);
        var correction1 = 1 - Jnp.Power(b1, count);
        var correction2 = 1 - Jnp.Power(b2, count);
        var scale = Tree.Map(v => eps + Jnp.Sqrt(v / correction2), squares);
        var weighted = Optax.Tree.Div(average, scale);
        var gamma = b1 * state.Gamma + (1 - b1) * Optax.Tree.VDot(updates, p);
        var product = Optax.Tree.VDot(average, p);
        var alpha = learningRate.At(state.Count);
        var norm = Optax.Tree.VDot(average, weighted);
        var growth = 1 + alpha * weightDecay;
        var bound = adaptLowerBound
            ? MomoBound.Lowered(state.Lb, growth * (loss - gamma) + product, growth * correction1, lowerBound)
            : state.Lb;
        var step = MomoBound.Step(growth * (loss - correction1 * bound - gamma) + product, norm, alpha / correction1);
        var result = Tree.Map((a, s, x) => -(alpha * weightDecay) / growth * x - step * a / s, average, scale, p);
        var next = adaptLowerBound
            ? Jnp.Maximum((loss + product - gamma - 0.5 * step * norm) / correction1, lowerBound)
            : bound;
        return (result, new MomoAdamState(average, squares, loss, gamma, next, count));
    }
}
