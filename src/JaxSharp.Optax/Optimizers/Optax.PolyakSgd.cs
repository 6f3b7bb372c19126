namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// Steepest descent with Polyak's step size. Update needs the extra argument <see cref="ExtraArgs.Value"/>, the loss.
    /// </summary>
    /// <param name="maxLearningRate">The largest step size; 1 by default.</param>
    /// <param name="scaling">A number or a schedule that the steps are multiplied by; 1 by default.</param>
    /// <param name="fMin">The smallest value of the loss, or a bound below it; 0 by default.</param>
    /// <param name="eps">Added to the denominator; 0 by default.</param>
    /// <param name="variant"><c>sps</c>, or <c>sps+</c>, which makes no step where the loss is below its bound.</param>
    public static GradientTransformation PolyakSgd(
        Hyperparameter? maxLearningRate = null,
        ScalarOrSchedule? scaling = null,
        Hyperparameter? fMin = null,
        Hyperparameter? eps = null,
        string variant = "sps"
    ) => Chain(Sgd(scaling ?? 1.0), ScaleByPolyak(fMin, maxLearningRate, eps, variant));
}
