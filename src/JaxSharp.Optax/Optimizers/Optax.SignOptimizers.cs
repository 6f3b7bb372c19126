namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Steps of the learning rate against the sign of the gradient.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    public static GradientTransformation SignSgd(ScalarOrSchedule learningRate) =>
        Chain(ScaleBySign(), ScaleByLearningRate(learningRate));

    /// <summary>Steps of the learning rate against the sign of the moving average of gradients.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="beta">The decay of the average; 0.9 by default.</param>
    public static GradientTransformation Signum(ScalarOrSchedule learningRate, Hyperparameter? beta = null) =>
        Chain(Ema(beta ?? 0.9, debias: false), ScaleBySign(), ScaleByLearningRate(learningRate));

    /// <summary>Steps of the learning rate against the sign of a mean of the gradient and a moving average of gradients.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The weight of the average in the mean; 0.9 by default.</param>
    /// <param name="b2">The decay of the average; 0.99 by default.</param>
    /// <param name="muDtype">The element type of the average; that of the parameters by default.</param>
    /// <param name="weightDecay">
    /// The decay of the parameters in one step relative to the learning rate; 1e-3 by default.
    /// </param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    /// <param name="mode"><c>hard</c>: the sign; <c>smooth</c>: tanh; <c>refined</c>: the number itself below 1.</param>
    /// <param name="smoothBeta">The steepness of tanh; 1 by default.</param>
    public static GradientTransformation Lion(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        DType? muDtype = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? mask = null,
        string mode = "hard",
        Hyperparameter? smoothBeta = null
    ) =>
        Chain(
            ScaleByLion(b1, b2, muDtype, mode, smoothBeta),
            AddDecayedWeights(weightDecay ?? 1e-3, mask),
            ScaleByLearningRate(learningRate)
        );
}
