using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The cross-entropy of classes that exclude each other: −Σ labels · log softmax(logits).</summary>
    /// <param name="logits">Logarithms of probabilities up to a constant, of shape (…, classes).</param>
    /// <param name="labels">Probabilities, such as one-hot vectors, of the same shape.</param>
    /// <param name="axis">The axes of the classes.</param>
    /// <param name="where">The entries that count.</param>
    /// <returns>An array of shape (…).</returns>
    /// <exception cref="DTypeException">The logits are not floating-point numbers.</exception>
    /// <example><code>
    /// NDArray logits = jnp.Array([[1.2f, -0.8f, -0.5f], [0.9f, -1.2f, 1.1f]]);
    /// NDArray labels = jnp.Array([[1f, 0f, 0f], [0f, 1f, 0f]]);
    /// optax.SoftmaxCrossEntropy(logits, labels);                          // => [0.2761 2.9518]
    /// optax.SoftmaxCrossEntropyWithIntegerLabels(logits, jnp.Array([0, 1])); // => [0.2761 2.9518]
    /// </code></example>
    public static NDArray SoftmaxCrossEntropy(NDArray logits, NDArray labels, Axes? axis = null, NDArray? where = null)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireFloating(nameof(SoftmaxCrossEntropy), nameof(logits), logits);
        var axes = axis ?? -1;
        where = Expanded(where, logits, axes);
        return -Jnp.Sum(labels * Nn.LogSoftmax(logits, axes, where), axes, where: where);
    }

    /// <summary>The cross-entropy of classes that exclude each other, for the numbers of the right classes.</summary>
    /// <param name="logits">Logarithms of probabilities up to a constant, of shape (…, classes).</param>
    /// <param name="labels">Integers of shape (…).</param>
    /// <param name="axis">The axis of the classes; several axes count as one flat axis of classes.</param>
    /// <param name="where">The entries that count.</param>
    /// <returns>An array of shape (…).</returns>
    /// <exception cref="DTypeException">The logits are not floating-point numbers, or the labels not integers.</exception>
    public static NDArray SoftmaxCrossEntropyWithIntegerLabels(
        NDArray logits,
        NDArray labels,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        const string Caller = nameof(SoftmaxCrossEntropyWithIntegerLabels);
        RequireFloating(Caller, nameof(logits), logits);
        if (!labels.DType.IsInteger)
        {
            throw new DTypeException(
                $"{Caller} needs labels of an integer type; got {labels.DType}{labels.Shape}. "
                    + "Use SoftmaxCrossEntropy for probabilities."
            );
        }

        var axes = axis ?? -1;
        where = Expanded(where, logits, axes);
        int classes = AxisOf(Caller, axes.Values[0], logits.Ndim);
        if (!axes.IsSingle)
        {
            int[] features = [.. axes.Values.Select(a => AxisOf(Caller, a, logits.Ndim))];
            int[] batch = [.. Enumerable.Range(0, logits.Ndim).Except(features)];
            classes = batch.Length;
            logits = FlatClasses(logits, batch, features);
            where = where is null ? null : FlatClasses(where, batch, features);
        }

        var right = Jnp.Take(Jnp.TakeAlongAxis(logits, Jnp.ExpandDims(labels, classes), classes), 0, classes);
        var loss = Nn.LogSumExp(logits, classes, where: where) - right;
        return where is null ? loss : Jnp.Where(Jnp.Any(where, classes), loss, 0.0);
    }

    /// <summary>
    /// <see cref="SoftmaxCrossEntropy"/> in which a class of probability 0 costs nothing even where its logit is −∞.
    /// </summary>
    /// <exception cref="DTypeException">The logits are not floating-point numbers.</exception>
    public static NDArray SafeSoftmaxCrossEntropy(NDArray logits, NDArray labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireFloating(nameof(SafeSoftmaxCrossEntropy), nameof(logits), logits);
        return -Jnp.Sum(WeightedLogSoftmax(logits, labels), -1);
    }

    /// <summary>Cross-entropy plus ε times the probability that is not on the right class.</summary>
    /// <param name="logits">Logarithms of probabilities up to a constant, of shape (…, classes).</param>
    /// <param name="labels">Probabilities of the same shape.</param>
    /// <param name="epsilon">2 by default.</param>
    /// <param name="axis">The axes of the classes.</param>
    /// <param name="where">The entries that count.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray PolyLossCrossEntropy(
        NDArray logits,
        NDArray labels,
        Hyperparameter? epsilon = null,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        RequireFloating(nameof(PolyLossCrossEntropy), nameof(logits), logits);
        RequireFloating(nameof(PolyLossCrossEntropy), nameof(labels), labels);
        var axes = axis ?? -1;
        var probabilities = Nn.Softmax(logits, axes, where);
        var missed = Jnp.Sum(labels * (1 - probabilities), axes, where: where);
        return SoftmaxCrossEntropy(logits, labels, axes, where) + (epsilon ?? 2.0) * missed;
    }

    // labels · log softmax(logits), 0 where the label is 0, with a derivative without NaN.
    private static NDArray WeightedLogSoftmax(NDArray logits, NDArray labels) =>
        Jax.CustomJvp(
            (NDArray x, NDArray weights) => Weighted(weights, Nn.LogSoftmax(x)),
            (primals, tangents) =>
            {
                var (x, weights) = primals;
                var (dx, dWeights) = tangents;
                var logSoftmax = Nn.LogSoftmax(x);
                var mean = Jnp.Sum(dx * Nn.Softmax(x), -1, keepDims: true);
                return (Weighted(weights, logSoftmax), weights * dx - weights * mean + dWeights * logSoftmax);
            }
        )(logits, labels);

    private static NDArray Weighted(NDArray weights, NDArray x) =>
        Jnp.Where(Jnp.NotEqual(weights, 0.0), weights * x, Jnp.ZerosLike(x));

    private static NDArray FlatClasses(NDArray x, int[] batch, int[] features)
    {
        var moved = Jnp.Transpose(x, (int[])[.. batch, .. features]);
        return Jnp.Reshape(moved, (int[])[.. batch.Select(a => x.Shape[a]), -1]);
    }

    private static NDArray? Expanded(NDArray? where, NDArray logits, Axes axes) =>
        where is null || where.Ndim == logits.Ndim ? where : Jnp.ExpandDims(where, (int[])[.. axes.Values]);
}
