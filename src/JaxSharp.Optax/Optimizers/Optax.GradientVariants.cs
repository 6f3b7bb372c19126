namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Steepest descent with Gaussian noise added to the gradients.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="eta">The variance in the first step; 0.01 by default.</param>
    /// <param name="gamma">How fast it falls; 0.55 by default.</param>
    /// <param name="key">The random key; that of the seed 0 by default.</param>
    public static GradientTransformation NoisySgd(
        ScalarOrSchedule learningRate,
        Hyperparameter? eta = null,
        Hyperparameter? gamma = null,
        PrngKey? key = null
    ) => Chain(AddNoise(eta ?? 0.01, gamma ?? 0.55, key), ScaleByLearningRate(learningRate));

    /// <summary>Steepest descent along the gradient extrapolated from the last one, for games.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="alpha">The weight of the gradient; 1 by default.</param>
    /// <param name="beta">The weight of the change since the last one; 1 by default.</param>
    public static GradientTransformation OptimisticGradientDescent(
        ScalarOrSchedule learningRate,
        Hyperparameter? alpha = null,
        Hyperparameter? beta = null
    ) => Chain(ScaleByOptimisticGradient(alpha, beta), ScaleByLearningRate(learningRate));

    /// <summary>Adam whose steps are extrapolated from the last one, for games.</summary>
    /// <param name="learningRate">A number.</param>
    /// <param name="optimism">The weight of the change since the last step; the learning rate by default.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation OptimisticAdam(
        Hyperparameter learningRate,
        Hyperparameter? optimism = null,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool nesterov = true
    ) =>
        Chain(
            ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
            ScaleByOptimisticGradient(learningRate, optimism ?? learningRate),
            ScaleByLearningRate(1.0)
        );

    /// <summary><see cref="OptimisticAdam"/> with a learning rate of its own, which may be a schedule.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="alpha">The weight of the step; 1 by default.</param>
    /// <param name="beta">The weight of the change since the last one; 1 by default.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation OptimisticAdamV2(
        ScalarOrSchedule learningRate,
        Hyperparameter? alpha = null,
        Hyperparameter? beta = null,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool nesterov = true
    ) =>
        Chain(
            ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
            ScaleByOptimisticGradient(alpha, beta),
            ScaleByLearningRate(learningRate)
        );
}
