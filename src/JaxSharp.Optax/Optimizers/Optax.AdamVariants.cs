namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adam that looks ahead one step, as Nesterov does.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation NAdam(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool nesterov = true
    ) => Adam(learningRate, b1, b2, eps, epsRoot, muDtype, nesterov);

    /// <summary><see cref="NAdam"/> whose weights decay apart from the gradient's averages.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="weightDecay">
    /// The decay of the parameters in one step relative to the learning rate; 1e-4 by default.
    /// </param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation NAdamW(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? mask = null,
        bool nesterov = true
    ) => AdamW(learningRate, b1, b2, eps, epsRoot, muDtype, weightDecay, mask, nesterov);

    /// <summary>Adam with the decaying maximum of absolute values in the denominator.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the maximum; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    public static GradientTransformation Adamax(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null
    ) => Chain(ScaleByAdamax(b1, b2, eps), ScaleByLearningRate(learningRate));

    /// <summary><see cref="Adamax"/> whose weights decay apart from the gradient's averages.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the maximum; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="weightDecay">
    /// The decay of the parameters in one step relative to the learning rate; 1e-4 by default.
    /// </param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    public static GradientTransformation AdamaxW(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? mask = null
    ) =>
        Chain(
            ScaleByAdamax(b1, b2, eps),
            AddDecayedWeights(weightDecay ?? 1e-4, mask),
            ScaleByLearningRate(learningRate)
        );

    /// <summary>Adam with the largest average of squares so far in the denominator.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="biasCorrectionMu">Whether the first average is divided by the sum of its weights.</param>
    /// <param name="biasCorrectionNu">Whether the second is.</param>
    public static GradientTransformation Amsgrad(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool biasCorrectionMu = true,
        bool biasCorrectionNu = true
    ) =>
        Chain(
            ScaleByAmsgrad(b1, b2, eps, epsRoot, muDtype, biasCorrectionMu, biasCorrectionNu),
            ScaleByLearningRate(learningRate)
        );

    /// <summary>Adam that corrects for the large variance of its denominator in the first steps.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="threshold">The number of effective terms from which on the denominator is used; 5 by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation RAdam(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        Hyperparameter? threshold = null,
        bool nesterov = false
    ) => Chain(ScaleByRadam(b1, b2, eps, epsRoot, threshold, nesterov), ScaleByLearningRate(learningRate));

    /// <summary>Adam with the squares of the distance of gradients from their average in the denominator.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-16 by default.</param>
    /// <param name="epsRoot">Added to the average of squares in each step; 1e-16 by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation AdaBelief(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        bool nesterov = false
    ) => Chain(ScaleByBelief(b1, b2, eps, epsRoot, nesterov), ScaleByLearningRate(learningRate));

    /// <summary>Adam whose average of squares moves by additive steps.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-3 by default.</param>
    public static GradientTransformation Yogi(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null
    ) => Chain(ScaleByYogi(b1, b2, eps), ScaleByLearningRate(learningRate));

    /// <summary>Adam with a moving average of the differences of gradients besides.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.98 by default.</param>
    /// <param name="b2">The decay of the average of the differences; 0.92 by default.</param>
    /// <param name="b3">The decay of the average of squares; 0.99 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 1e-8 by default.</param>
    /// <param name="weightDecay">The decay of the parameters in one step relative to the learning rate; 0 by default.</param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    public static GradientTransformation Adan(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? b3 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? mask = null
    ) =>
        Chain(
            ScaleByAdan(b1, b2, b3, eps, epsRoot ?? 1e-8),
            AddDecayedWeights(weightDecay, mask),
            ScaleByLearningRate(learningRate)
        );
}
