using System.Collections.Generic;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Gradients divided by the root of the sum of all their squares.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="initialAccumulatorValue">The sum at the beginning; 0.1 by default.</param>
    /// <param name="eps">Added under the root; 1e-7 by default.</param>
    public static GradientTransformation AdaGrad(
        ScalarOrSchedule learningRate,
        Hyperparameter? initialAccumulatorValue = null,
        Hyperparameter? eps = null
    ) => Chain(ScaleByRss(initialAccumulatorValue, eps), ScaleByLearningRate(learningRate));

    /// <summary>Gradients times the ratio of the root mean squares of past steps and past gradients.</summary>
    /// <param name="learningRate">A number or a schedule; by default none, which leaves the sign of the gradient.</param>
    /// <param name="rho">The decay of the averages; 0.9 by default.</param>
    /// <param name="eps">Added under the roots; 1e-6 by default.</param>
    /// <param name="weightDecay">The decay of the parameters; 0 by default.</param>
    /// <param name="weightDecayMask">Which parameters decay; all by default.</param>
    public static GradientTransformation AdaDelta(
        ScalarOrSchedule? learningRate = null,
        Hyperparameter? rho = null,
        Hyperparameter? eps = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? weightDecayMask = null
    ) =>
        Chain(
            AddDecayedWeights(weightDecay, weightDecayMask),
            ScaleByAdadelta(rho, eps),
            ScaleByLearningRate(learningRate)
        );

    /// <summary>Gradients divided by the root of the moving average of their squares, with momentum if one is given.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="decay">The decay of the average; 0.9 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="initialScale">The average at the beginning; 0 by default.</param>
    /// <param name="epsInSqrt">Whether eps is added under the root.</param>
    /// <param name="centered">Whether the variance takes the place of the mean of squares.</param>
    /// <param name="momentum">How much of the last step is kept; no momentum by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    /// <param name="biasCorrection">Whether the averages are divided by the sum of their weights.</param>
    public static GradientTransformation RmsProp(
        ScalarOrSchedule learningRate,
        Hyperparameter? decay = null,
        Hyperparameter? eps = null,
        Hyperparameter? initialScale = null,
        bool epsInSqrt = true,
        bool centered = false,
        Hyperparameter? momentum = null,
        bool nesterov = false,
        bool biasCorrection = false
    ) =>
        Chain(
            centered
                ? ScaleByStddev(decay, eps, initialScale, epsInSqrt, biasCorrection)
                : ScaleByRms(decay, eps, initialScale, epsInSqrt, biasCorrection),
            ScaleByLearningRate(learningRate),
            momentum is { } kept ? Trace(kept, nesterov) : Identity()
        );

    /// <summary>A step size for each element, which grows while the sign of the gradient stays and shrinks when it changes.</summary>
    /// <param name="learningRate">The step size at the beginning.</param>
    /// <param name="etaMinus">The factor when the sign changes; 0.5 by default.</param>
    /// <param name="etaPlus">The factor when it stays; 1.2 by default.</param>
    /// <param name="minStepSize">The smallest step size; 1e-6 by default.</param>
    /// <param name="maxStepSize">The largest step size; 50 by default.</param>
    public static GradientTransformation Rprop(
        Hyperparameter learningRate,
        Hyperparameter? etaMinus = null,
        Hyperparameter? etaPlus = null,
        Hyperparameter? minStepSize = null,
        Hyperparameter? maxStepSize = null
    ) => Chain(ScaleByRprop(learningRate, etaMinus, etaPlus, minStepSize, maxStepSize), Scale(-1.0));

    /// <summary>AdaGrad with little memory: of the sums of squares only the maxima along each axis are kept.</summary>
    /// <param name="learningRate">A number.</param>
    /// <param name="momentum">The decay of the average of steps; 0.9 by default.</param>
    public static GradientTransformation Sm3(Hyperparameter learningRate, Hyperparameter? momentum = null) =>
        Chain(ScaleBySm3(momentum), Scale(-learningRate));

    /// <summary>
    /// Steps relative to the size of the parameters, with little memory: for large matrices only the means of squares of
    /// rows and columns are kept.
    /// </summary>
    /// <param name="learningRate">A number or a schedule; none by default.</param>
    /// <param name="minDimSizeToFactor">The least extent of the two largest axes for which means are kept.</param>
    /// <param name="decayRate">How fast the decay of the average nears 1.</param>
    /// <param name="decayOffset">The number of the first step.</param>
    /// <param name="multiplyByParameterScale">Whether steps are relative to the size of the parameters.</param>
    /// <param name="clippingThreshold">
    /// The largest root mean square of the steps of a leaf; null for none.
    /// </param>
    /// <param name="momentum">How much of the last step is kept; no momentum by default.</param>
    /// <param name="dtypeMomentum">The element type of the momentum; f32 by default.</param>
    /// <param name="weightDecayRate">The decay of the parameters; none by default.</param>
    /// <param name="eps">Added to the squares; 1e-30 by default.</param>
    /// <param name="factored">Whether only means are kept.</param>
    /// <param name="weightDecayMask">Which parameters decay; all by default.</param>
    public static GradientTransformation Adafactor(
        ScalarOrSchedule? learningRate = null,
        int minDimSizeToFactor = 128,
        double decayRate = 0.8,
        int decayOffset = 0,
        bool multiplyByParameterScale = true,
        double? clippingThreshold = 1.0,
        Hyperparameter? momentum = null,
        DType? dtypeMomentum = null,
        ScalarOrSchedule? weightDecayRate = null,
        Hyperparameter? eps = null,
        bool factored = true,
        Mask? weightDecayMask = null
    )
    {
        List<GradientTransformation> chain =
        [
            ScaleByFactoredRms(factored, decayRate, decayOffset, minDimSizeToFactor, eps),
        ];
        if (clippingThreshold is { } threshold)
        {
            chain.Add(ClipByBlockRms(threshold));
        }

        if (learningRate is not null)
        {
            chain.Add(ScaleByLearningRate(learningRate, flipSign: false));
        }

        if (multiplyByParameterScale)
        {
            chain.Add(ScaleByParamBlockRms());
        }

        if (momentum is { } kept)
        {
            chain.Add(Ema(kept, debias: false, accumulatorDtype: dtypeMomentum ?? DType.F32));
        }

        if (weightDecayRate is not null)
        {
            chain.Add(AddDecayedWeights(weightDecayRate, weightDecayMask));
        }

        return Chain([.. chain, Scale(-1)]);
    }
}
