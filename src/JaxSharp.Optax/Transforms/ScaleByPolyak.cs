using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// Polyak's step size: the distance of the loss from its minimum over the square of the gradient's norm, at most
    /// <paramref name="maxLearningRate"/>. Update needs the extra argument <see cref="ExtraArgs.Value"/>, the loss.
    /// </summary>
    /// <param name="fMin">The smallest value of the loss, or a bound below it; 0 by default.</param>
    /// <param name="maxLearningRate">The largest step size; 1 by default.</param>
    /// <param name="eps">Added to the denominator; 0 by default.</param>
    /// <param name="variant"><c>sps</c>, or <c>sps+</c>, which makes no step where the loss is below its bound.</param>
    /// <exception cref="JaxArgumentException">There is no such variant.</exception>
    public static GradientTransformation ScaleByPolyak(
        Hyperparameter? fMin = null,
        Hyperparameter? maxLearningRate = null,
        Hyperparameter? eps = null,
        string variant = "sps"
    ) =>
        variant is "sps" or "sps+"
            ? new ScaleByPolyak(fMin ?? 0, maxLearningRate ?? 1, eps ?? 0, variant == "sps+")
            : throw new JaxArgumentException($"ScaleByPolyak has the variants 'sps' and 'sps+'; got '{variant}'.");
}

internal sealed class ScaleByPolyak(
    Hyperparameter fMin,
    Hyperparameter maxLearningRate,
    Hyperparameter eps,
    bool positive
) : StatelessTransformation
{
    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default
    {
        var value = extraArgs.Required<NDArray>("value", Name);
        var squaredNorm = Optax.Tree.Norm(updates, squared: true);
        var gap = (value - fMin).AsType(squaredNorm.DType);
        gap = positive ? Nn.Relu(gap) : gap;
        var step = Jnp.Where(
            squaredNorm + eps <= Jnp.FInfo(((NDArray)0.0).DType).Eps,
            Jnp.Array(0.0),
            Jnp.Minimum(gap / (squaredNorm + eps), maxLearningRate)
        );
        return Optax.Tree.Scale(step, updates);
    }
}
