namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Steepest descent, with momentum if one is given.</summary>
    /// <param name="learningRate">A number or a schedule.</param>
    /// <param name="momentum">How much of the last step is kept; no momentum by default.</param>
    /// <param name="nesterov">Whether to look ahead one step, as Nesterov does.</param>
    /// <param name="accumulatorDtype">The element type of the momentum; that of the parameters by default.</param>
    /// <example><code>
    /// var optimizer = optax.Sgd(0.1, momentum: 0.9);
    /// NDArray g = jnp.Array([1f]);
    /// var state = optimizer.Init(g);
    /// (_, state) = optimizer.Update(g, state);
    /// optimizer.Update(g, state).Updates; // => [-0.19]
    /// </code></example>
    public static GradientTransformation Sgd(
        ScalarOrSchedule learningRate,
        Hyperparameter? momentum = null,
        bool nesterov = false,
        DType? accumulatorDtype = null
    ) =>
        Chain(
            momentum is { } decay ? Trace(decay, nesterov, accumulatorDtype) : Identity(),
            ScaleByLearningRate(learningRate)
        );
}
