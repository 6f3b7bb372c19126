using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>Distance over gradients (DoG): SGD that finds its learning rate from how far the parameters have come.</summary>
        /// <param name="learningRate">A number or a schedule that scales the steps; 1 by default.</param>
        /// <param name="initStep">How the first step is chosen; a heuristic of size 1e-6 by default.</param>
        /// <param name="eps">Added under the root; 1e-8 by default.</param>
        /// <param name="weightDecay">The decay in one step; none by default.</param>
        /// <param name="mask">Which parameters decay; all by default.</param>
        public static GradientTransformation Dog(
            ScalarOrSchedule? learningRate = null,
            (string Kind, double Value)? initStep = null,
            Hyperparameter? eps = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? mask = null
        ) =>
            Chain(
                weightDecay is { } decay ? AddDecayedWeights(decay, mask) : Identity(),
                ScaleByDog(initStep ?? ("heuristic", 1e-6), eps),
                ScaleByLearningRate(learningRate ?? 1.0)
            );

        /// <summary><see cref="Dog"/> without its learning rate.</summary>
        /// <param name="initStep">
        /// How the first step is chosen: <c>distance</c> and <c>learning_rate</c> give it, <c>heuristic</c> gives it relative to the norm
        /// of the parameters.
        /// </param>
        /// <param name="eps">Added under the root; 1e-8 by default.</param>
        /// <exception cref="JaxArgumentException">There is no such kind of first step.</exception>
        public static GradientTransformation ScaleByDog(
            (string Kind, double Value) initStep,
            Hyperparameter? eps = null
        ) =>
            initStep.Kind is "distance" or "heuristic" or "learning_rate"
                ? new ScaleByDog(initStep.Kind, initStep.Value, eps ?? 1e-8)
                : throw new JaxArgumentException(
                    $"The first step of Dog is one of 'distance', 'learning_rate' and 'heuristic'; got '{initStep.Kind}'."
                );

        /// <summary>Distance over weighted gradients (DoWG), which adapts faster than <see cref="Dog"/>.</summary>
        /// <param name="learningRate">A number or a schedule that scales the steps; 1 by default.</param>
        /// <param name="initEstimSqDist">The first estimate of the squared distance; <paramref name="eps"/> by default.</param>
        /// <param name="eps">Added to the denominator; 1e-4 by default.</param>
        /// <param name="weightDecay">The decay in one step; none by default.</param>
        /// <param name="mask">Which parameters decay; all by default.</param>
        public static GradientTransformation Dowg(
            ScalarOrSchedule? learningRate = null,
            Hyperparameter? initEstimSqDist = null,
            Hyperparameter? eps = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? mask = null
        ) =>
            Chain(
                weightDecay is { } decay ? AddDecayedWeights(decay, mask) : Identity(),
                ScaleByDowg(initEstimSqDist, eps),
                ScaleByLearningRate(learningRate ?? 1.0)
            );

        /// <summary><see cref="Dowg"/> without its learning rate.</summary>
        /// <param name="initEstimSqDist">The first estimate of the squared distance; <paramref name="eps"/> by default.</param>
        /// <param name="eps">Added to the denominator; 1e-4 by default.</param>
        public static GradientTransformation ScaleByDowg(
            Hyperparameter? initEstimSqDist = null,
            Hyperparameter? eps = null
        ) => new ScaleByDowg(initEstimSqDist ?? eps ?? 1e-4, eps ?? 1e-4);
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleByDog"/>.</summary>
/// <param name="IsInitStep">Whether no step was done.</param>
/// <param name="InitParams">The parameters at the start.</param>
/// <param name="MaxDist">The largest distance from them.</param>
/// <param name="SumSqNormGrads">The sum of the squared norms of the gradients.</param>
public sealed record DoGState(NDArray IsInitStep, object? InitParams, NDArray MaxDist, NDArray SumSqNormGrads)
    : OptState;

internal sealed class ScaleByDog(string kind, double value, Hyperparameter eps) : GradientTransformation<DoGState>
{
    protected override DoGState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        NDArray distance = kind switch
        {
            "distance" => value,
            "heuristic" => value * (1 + Optax.Tree.Norm(@params)),
            _ => 0.0,
        };
        return new DoGState(Jnp.Array(true), @params, distance.AsType(dtype), Jnp.Zeros(Shape.Scalar, dtype));
    }

    protected override (T Updates, DoGState State) UpdateState<T>(
        T updates,
        DoGState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var start = Of<T>(state.InitParams);
        var distance = Optax.Tree.Norm(Optax.Tree.Sub(start, Required(@params, updates)));
        var maxDist = Jnp.Maximum(state.MaxDist, distance);
        var sum = state.SumSqNormGrads + Optax.Tree.Norm(updates, squared: true);
        var rate = maxDist / Jnp.Sqrt(sum + eps);
        if (kind == "learning_rate")
        {
            rate = Jnp.Where(state.IsInitStep, value, rate);
        }

        return (Optax.Tree.Scale(rate, updates), new DoGState(Jnp.Array(false), start, maxDist, sum));
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleByDowg"/>.</summary>
/// <param name="InitParams">The parameters at the start.</param>
/// <param name="WeightedSqNormGrads">The weighted sum of the squared norms of the gradients.</param>
/// <param name="EstimSqDist">The estimate of the squared distance.</param>
public sealed record DoWGState(object? InitParams, NDArray WeightedSqNormGrads, NDArray EstimSqDist) : OptState;

internal sealed class ScaleByDowg(Hyperparameter initEstimate, Hyperparameter eps) : GradientTransformation<DoWGState>
{
    protected override DoWGState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        return new DoWGState(@params, Jnp.Zeros(Shape.Scalar, dtype), ((NDArray)initEstimate).AsType(dtype));
    }

    protected override (T Updates, DoWGState State) UpdateState<T>(
        T updates,
        DoWGState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var start = Of<T>(state.InitParams);
        var distance = Optax.Tree.Norm(Optax.Tree.Sub(start, Required(@params, updates)), squared: true);
        var estimate = Jnp.Maximum(state.EstimSqDist, distance);
        var weighted = estimate * Optax.Tree.Norm(updates, squared: true) + state.WeightedSqNormGrads;
        var rate = estimate / (Jnp.Sqrt(weighted) + eps);
        return (Optax.Tree.Scale(rate, updates), new DoWGState(start, weighted, estimate));
    }
}
