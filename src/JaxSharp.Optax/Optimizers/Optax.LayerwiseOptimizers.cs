namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Steps relative to the norms of the parameters of each leaf, which keep these norms from growing.</summary>
    /// <param name="learningRate">A number.</param>
    /// <param name="minNorm">What norms count as at least; 1e-6 by default.</param>
    public static GradientTransformation Fromage(Hyperparameter learningRate, Hyperparameter? minNorm = null)
    {
        Hyperparameter shrink = 1 / (1 + learningRate * learningRate).Sqrt();
        return Chain(
            ScaleByTrustRatio(minNorm ?? 1e-6),
            ScaleByLearningRate(learningRate * shrink),
            AddDecayedWeights(shrink - 1)
        );
    }

    /// <summary>AdamW with steps relative to the norms of the parameters of each leaf, for large batches.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-6 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="weightDecay">The decay of the parameters in one step relative to the learning rate; 0 by default.</param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    public static GradientTransformation Lamb(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? mask = null
    ) =>
        Chain(
            ScaleByAdam(b1, b2, eps ?? 1e-6, epsRoot),
            AddDecayedWeights(weightDecay, mask),
            ScaleByTrustRatio(),
            ScaleByLearningRate(learningRate)
        );

    /// <summary>Momentum with steps relative to the norms of the parameters of each leaf, for large batches.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="weightDecay">The decay of the parameters; 0 by default.</param>
    /// <param name="weightDecayMask">Which parameters decay; all by default.</param>
    /// <param name="trustCoefficient">The size of a step relative to the parameters; 0.001 by default.</param>
    /// <param name="eps">Added to the denominator; 0 by default.</param>
    /// <param name="trustRatioMask">Which leaves have steps relative to their norm; all by default.</param>
    /// <param name="momentum">How much of the last step is kept; 0.9 by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation Lars(
        ScalarOrSchedule learningRate,
        ScalarOrSchedule? weightDecay = null,
        Mask? weightDecayMask = null,
        Hyperparameter? trustCoefficient = null,
        Hyperparameter? eps = null,
        Mask? trustRatioMask = null,
        Hyperparameter? momentum = null,
        bool nesterov = false
    ) =>
        Chain(
            AddDecayedWeights(weightDecay, weightDecayMask ?? true),
            Masked(
                ScaleByTrustRatio(trustCoefficient: trustCoefficient ?? 0.001, eps: eps ?? 0.0),
                trustRatioMask ?? true
            ),
            ScaleByLearningRate(learningRate),
            Trace(momentum ?? 0.9, nesterov)
        );

    /// <summary>Each leaf divided by the moving average of its norm, then averaged over steps.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of normalised gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of squared norms; 0.25 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-6 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="weightDecay">The decay of the parameters; 0 by default.</param>
    public static GradientTransformation NovoGrad(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        Hyperparameter? weightDecay = null
    ) => Chain(ScaleByNovograd(b1, b2, eps ?? 1e-6, epsRoot, weightDecay), ScaleByLearningRate(learningRate));
}
