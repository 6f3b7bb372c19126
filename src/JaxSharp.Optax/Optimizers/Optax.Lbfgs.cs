namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// L-BFGS: steps by an estimate of the inverse of the Hessian, of a length that a line search finds. Update needs the extra arguments
    /// of the search: the loss, its gradient, and the function of the parameters that gives it.
    /// </summary>
    /// <param name="learningRate">A number or a schedule; 1 by default.</param>
    /// <param name="memorySize">The number of differences that are kept.</param>
    /// <param name="scaleInitPrecond">Whether the first estimate is scaled.</param>
    /// <param name="linesearch">
    /// What chooses the length of the step: by default <see cref="ScaleByZoomLinesearch"/> with up to 20 step sizes, the first of them 1;
    /// null for steps as long as the learning rate says.
    /// </param>
    /// <example><code>
    /// NDArray Loss(NDArray w) => jnp.Sum(jnp.Square(w * w - 2));
    /// var optimizer = optax.Lbfgs();
    /// var valueAndGrad = optax.ValueAndGradFromState((NDArray w) => Loss(w));
    /// var step = Jit((NDArray w, OptState state) =>
    /// {
    ///     var (value, grad) = valueAndGrad(w, state);
    ///     var extra = new ExtraArgs { Value = value, Grad = grad, ValueFn = (Func&lt;NDArray, NDArray&gt;)Loss };
    ///     var (updates, next) = optimizer.Update(grad, state, w, extra);
    ///     return (optax.ApplyUpdates(w, updates), next);
    /// });
    /// NDArray w = jnp.Array([1f, 3f]);
    /// OptState state = optimizer.Init(w);
    /// for (int i = 0; i &lt; 10; i++)
    /// {
    ///     (w, state) = step(w, state);
    /// }
    ///
    /// jnp.Round(w, 3); // => [1.414 1.414]
    /// </code></example>
    public static GradientTransformation Lbfgs(
        ScalarOrSchedule? learningRate = null,
        int memorySize = 10,
        bool scaleInitPrecond = true,
        Linesearch linesearch = default
    ) =>
        Chain(
            ScaleByLbfgs(memorySize, scaleInitPrecond),
            learningRate is { } rate ? ScaleByLearningRate(rate) : Scale(-1.0),
            linesearch.Or(ScaleByZoomLinesearch(maxLinesearchSteps: 20, initialGuessStrategy: "one"))
        );
}
