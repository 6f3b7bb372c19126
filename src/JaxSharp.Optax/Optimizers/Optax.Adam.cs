namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adam: steps of about the learning rate in each element, by moving averages of gradients and their squares.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default. Needed to differentiate through the step.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    /// <example><code>
    /// var optimizer = optax.Adam(1e-3);
    /// NDArray g = jnp.Array([5f, -0.1f]);
    /// optimizer.Update(g, optimizer.Init(g)).Updates; // => [-0.001  0.001]
    /// </code></example>
    public static GradientTransformation Adam(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        bool nesterov = false
    ) => Chain(ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov), ScaleByLearningRate(learningRate));

    /// <summary>Adam whose weights decay apart from the gradient's averages.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="b1">The decay of the average of the gradients; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of their squares; 0.999 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default. Needed to differentiate through the step.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    /// <param name="weightDecay">The decay in one step relative to the learning rate; 1e-4 by default.</param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    public static GradientTransformation AdamW(
        ScalarOrSchedule learningRate,
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        DType? muDtype = null,
        ScalarOrSchedule? weightDecay = null,
        Mask? mask = null,
        bool nesterov = false
    ) =>
        Chain(
            ScaleByAdam(b1, b2, eps, epsRoot, muDtype, nesterov),
            AddDecayedWeights(weightDecay ?? 1e-4, mask),
            ScaleByLearningRate(learningRate)
        );
}
