using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The cross-entropy of classes that do not exclude each other, elementwise.</summary>
    /// <param name="logits">Logarithms of the odds of each class.</param>
    /// <param name="labels">0 and 1, or probabilities.</param>
    /// <exception cref="DTypeException">The logits are not floating-point numbers.</exception>
    /// <example><code>optax.SigmoidBinaryCrossEntropy(jnp.Array([0f, 2f]), jnp.Array([1, 0])); // => [0.6931472 2.126928 ]</code></example>
    public static NDArray SigmoidBinaryCrossEntropy(NDArray logits, NDArray labels)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireFloating(nameof(SigmoidBinaryCrossEntropy), nameof(logits), logits);
        labels = labels.AsType(logits.DType);
        return -labels * Nn.LogSigmoid(logits) - (1.0 - labels) * Nn.LogSigmoid(-logits);
    }

    /// <summary><see cref="SigmoidBinaryCrossEntropy"/> times (1 − p)ᵍᵃᵐᵐᵃ, p being the probability of the right class.</summary>
    /// <param name="logits">Logarithms of the odds of each class.</param>
    /// <param name="labels">0 and 1, or probabilities.</param>
    /// <param name="alpha">The weight of class 1, that of class 0 being 1 − alpha; no weights by default.</param>
    /// <param name="gamma">2 by default.</param>
    /// <exception cref="DTypeException">The logits are not floating-point numbers.</exception>
    public static NDArray SigmoidFocalLoss(
        NDArray logits,
        NDArray labels,
        Hyperparameter? alpha = null,
        Hyperparameter? gamma = null
    )
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireFloating(nameof(SigmoidFocalLoss), nameof(logits), logits);
        labels = labels.AsType(logits.DType);
        var missed = Nn.LogSumExp(
            Jnp.Stack([Nn.LogSigmoid(logits), Nn.LogSigmoid(-logits)], -1),
            -1,
            b: Jnp.Stack([1 - labels, labels], -1)
        );
        var loss = SigmoidBinaryCrossEntropy(logits, labels) * Jnp.Exp((gamma ?? 2.0) * missed);
        return alpha is { } weight ? (weight * labels + (1.0 - weight) * (1.0 - labels)) * loss : loss;
    }

    /// <summary>max(0, 1 − outputs · targets), elementwise.</summary>
    /// <param name="predictorOutputs">Scores.</param>
    /// <param name="targets">−1 and 1.</param>
    public static NDArray HingeLoss(NDArray predictorOutputs, NDArray targets) =>
        Jnp.Maximum(0, 1 - predictorOutputs * targets);

    /// <summary>max(0, −outputs · targets), elementwise.</summary>
    /// <param name="predictorOutputs">Scores.</param>
    /// <param name="targets">−1 and 1.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static NDArray PerceptronLoss(NDArray predictorOutputs, NDArray targets)
    {
        ArgumentNullException.ThrowIfNull(predictorOutputs);
        ArgumentNullException.ThrowIfNull(targets);
        RequireSameShapes(nameof(PerceptronLoss), predictorOutputs, targets);
        return Jnp.Maximum(0, -predictorOutputs * targets);
    }

    /// <summary>The loss of a sparse sigmoid: 0 where it gives the label.</summary>
    /// <param name="logits">Scores.</param>
    /// <param name="labels">0 and 1.</param>
    public static NDArray SparsemaxLoss(NDArray logits, NDArray labels) =>
        Nn.SparsePlus(Jnp.Where(labels, -logits, logits));

    /// <summary>How much the largest score, others being raised by 1, exceeds that of the right class.</summary>
    /// <param name="scores">Scores of shape (…, classes).</param>
    /// <param name="labels">Integers of shape (…).</param>
    public static NDArray MulticlassHingeLoss(NDArray scores, NDArray labels)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var oneHot = Nn.OneHot(labels, scores.Shape[^1]);
        return Jnp.Max(scores + 1.0 - oneHot, -1) - Jnp.Sum(scores * oneHot, -1);
    }

    /// <summary>How much the largest score exceeds that of the right class.</summary>
    /// <param name="scores">Scores of shape (…, classes).</param>
    /// <param name="labels">Integers of shape (…).</param>
    public static NDArray MulticlassPerceptronLoss(NDArray scores, NDArray labels) =>
        Jnp.Max(scores, -1) - Jnp.Sum(scores * Nn.OneHot(labels, scores.Shape[^1]), -1);

    /// <summary>The loss of sparsemax, the projection of scores onto the simplex: 0 where it gives the label.</summary>
    /// <param name="scores">Scores of shape (n, classes).</param>
    /// <param name="labels">Integers of shape (n,).</param>
    public static NDArray MulticlassSparsemaxLoss(NDArray scores, NDArray labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Jax.Vmap(
            (NDArray score, NDArray label) =>
            {
                var probabilities = ProjectionSimplex(score);
                var relative = (score - score[label]).At[label].Set(0.0);
                return Jnp.Dot(probabilities, Jnp.Where(probabilities, relative, 0.0))
                    + 0.5 * (1.0 - Jnp.Dot(probabilities, probabilities));
            }
        )(scores, labels);
    }

    /// <summary>One-hot labels mixed with the uniform distribution: (1 − alpha) · labels + alpha / classes.</summary>
    /// <param name="labels">Probabilities.</param>
    /// <param name="alpha">The part of the uniform distribution.</param>
    /// <param name="axis">The axis of the classes.</param>
    /// <param name="where">The classes that there are.</param>
    /// <exception cref="DTypeException">The labels are not floating-point numbers.</exception>
    public static NDArray SmoothLabels(NDArray labels, Hyperparameter alpha, int axis = -1, NDArray? where = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        RequireFloating(nameof(SmoothLabels), nameof(labels), labels);
        NDArray classes = where is null
            ? labels.Shape[AxisOf(nameof(SmoothLabels), axis, labels.Ndim)]
            : Jnp.Sum(where, axis, keepDims: true);
        return (1.0 - alpha) * labels + alpha / classes;
    }

    /// <summary>The Kullback–Leibler divergence: Σ targets · (log targets − logPredictions).</summary>
    /// <param name="logPredictions">Logarithms of probabilities, of shape (…, n).</param>
    /// <param name="targets">Probabilities of the same shape.</param>
    /// <param name="axis">The axes of the distributions.</param>
    /// <param name="where">The elements that count.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray KlDivergence(
        NDArray logPredictions,
        NDArray targets,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(logPredictions);
        ArgumentNullException.ThrowIfNull(targets);
        RequireFloating(nameof(KlDivergence), nameof(logPredictions), logPredictions);
        RequireFloating(nameof(KlDivergence), nameof(targets), targets);
        var logTargets = Jnp.Where(Jnp.Equal(targets, 0), 0, Jnp.Log(targets));
        return Jnp.Sum(targets * (logTargets - logPredictions), axis ?? -1, where: where);
    }

    /// <summary><see cref="KlDivergence"/> of targets given by their logarithms.</summary>
    /// <param name="logPredictions">Logarithms of probabilities, of shape (…, n).</param>
    /// <param name="logTargets">Logarithms of probabilities of the same shape.</param>
    /// <param name="axis">The axes of the distributions.</param>
    /// <param name="where">The elements that count.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray KlDivergenceWithLogTargets(
        NDArray logPredictions,
        NDArray logTargets,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(logPredictions);
        ArgumentNullException.ThrowIfNull(logTargets);
        RequireFloating(nameof(KlDivergenceWithLogTargets), nameof(logPredictions), logPredictions);
        RequireFloating(nameof(KlDivergenceWithLogTargets), nameof(logTargets), logTargets);
        return Jnp.Sum(Jnp.Exp(logTargets) * (logTargets - logPredictions), axis ?? -1, where: where);
    }

    /// <summary><see cref="KlDivergence"/> of measures that need not sum to 1.</summary>
    /// <param name="logPredictions">Logarithms, of shape (…, n).</param>
    /// <param name="targets">Positive numbers of the same shape.</param>
    /// <param name="axis">The axes of the measures.</param>
    /// <param name="where">The elements that count.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray GeneralizedKlDivergence(
        NDArray logPredictions,
        NDArray targets,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(logPredictions);
        ArgumentNullException.ThrowIfNull(targets);
        return KlDivergence(logPredictions, targets, axis, where)
            + Jnp.Sum(Jnp.Exp(logPredictions) - targets, axis ?? -1, where: where);
    }

    /// <inheritdoc cref="GeneralizedKlDivergence"/>
    public static NDArray ConvexKlDivergence(
        NDArray logPredictions,
        NDArray targets,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(logPredictions);
        ArgumentNullException.ThrowIfNull(targets);
        return GeneralizedKlDivergence(logPredictions, targets, axis, where);
    }
}
