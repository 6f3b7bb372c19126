using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// How little predicted and true segments overlap: 1 − (|both| + smooth) / (|both| + α |wrong| + β |missed| + smooth) for each
    /// class.
    /// </summary>
    /// <param name="predictions">Scores of shape (batch, …, classes), with one class for a binary segmentation.</param>
    /// <param name="targets">One-hot labels of the same shape.</param>
    /// <param name="classWeights">A weight for each class; equal weights by default.</param>
    /// <param name="smooth">1 by default.</param>
    /// <param name="alpha">The weight of what is predicted wrongly; 0.5 by default.</param>
    /// <param name="beta">The weight of what is missed; 0.5 by default.</param>
    /// <param name="applySoftmax">Whether the predictions are scores; otherwise they are probabilities.</param>
    /// <param name="reduction"><c>mean</c> or <c>sum</c> over the classes, or <c>none</c>.</param>
    /// <param name="ignoreBackground">Whether the first class does not count.</param>
    /// <param name="axis">The axes of a segment; by default all but the first and the last.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="JaxArgumentException">Probabilities that do not sum to 1, or another reduction.</exception>
    public static NDArray DiceLoss(
        NDArray predictions,
        NDArray targets,
        NDArray? classWeights = null,
        Hyperparameter? smooth = null,
        Hyperparameter? alpha = null,
        Hyperparameter? beta = null,
        bool applySoftmax = true,
        string reduction = "mean",
        bool ignoreBackground = false,
        Axes axis = default
    )
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        if (predictions.Ndim == targets.Ndim - 1)
        {
            predictions = Jnp.ExpandDims(predictions, -1);
        }
        else if (targets.Ndim == predictions.Ndim - 1)
        {
            targets = Jnp.ExpandDims(targets, -1);
        }

        RequireSameShapes(nameof(DiceLoss), predictions, targets);
        var probabilities = Probabilities(predictions, applySoftmax);
        Axes segment = axis.IsNone ? (int[])[.. Enumerable.Range(1, System.Math.Max(0, probabilities.Ndim - 2))] : axis;
        var both = Jnp.Sum(probabilities * targets, segment);
        var wrong = Jnp.Sum(probabilities, segment) - both;
        var missed = Jnp.Sum(targets, segment) - both;
        var least = smooth ?? 1.0;
        var loss = 1.0 - (both + least) / (both + (alpha ?? 0.5) * wrong + (beta ?? 0.5) * missed + least);
        loss = classWeights is null ? loss : loss * classWeights;
        if (ignoreBackground && probabilities.Shape[^1] > 1)
        {
            loss = Jnp.Take(loss, Jnp.Arange(1, loss.Shape[^1]), -1);
        }

        return reduction switch
        {
            "mean" => Jnp.Mean(loss, -1),
            "sum" => Jnp.Sum(loss, -1),
            "none" => loss,
            _ => throw new JaxArgumentException($"DiceLoss reduces by 'mean', 'sum' or 'none'; got '{reduction}'."),
        };
    }

    /// <summary><see cref="DiceLoss"/> with weights of the classes by the inverse squares of their sizes.</summary>
    /// <param name="predictions">Scores of shape (batch, …, classes).</param>
    /// <param name="targets">One-hot labels of the same shape.</param>
    /// <param name="smooth">1 by default.</param>
    /// <param name="applySoftmax">Whether the predictions are scores; otherwise they are probabilities.</param>
    /// <param name="ignoreBackground">Whether the first class does not count.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static NDArray MulticlassGeneralizedDiceLoss(
        NDArray predictions,
        NDArray targets,
        Hyperparameter? smooth = null,
        bool applySoftmax = true,
        bool ignoreBackground = false
    )
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        RequireSameShapes(nameof(MulticlassGeneralizedDiceLoss), predictions, targets);
        var sizes = Jnp.Sum(targets, Numerics.AllAxesBut(targets.Ndim, targets.Ndim - 1));
        var weights = 1.0 / (Jnp.Square(sizes) + 1e-7);
        weights = weights / Jnp.Sum(weights) * weights.Length;
        return Jnp.Mean(
            DiceLoss(
                predictions,
                targets,
                weights,
                smooth,
                applySoftmax: applySoftmax,
                reduction: "none",
                ignoreBackground: ignoreBackground
            )
        );
    }

    /// <summary><see cref="DiceLoss"/> of one class.</summary>
    /// <param name="predictions">Scores of shape (batch, …) or (batch, …, 1).</param>
    /// <param name="targets">0 and 1 of the same shape.</param>
    /// <param name="smooth">1 by default.</param>
    /// <param name="applySigmoid">
    /// Whether the predictions are scores; otherwise they are probabilities, which must sum to 1 over the classes as for
    /// <see cref="DiceLoss"/>: those of one class do only where all are 1, so give scores.
    /// </param>
    /// <exception cref="JaxArgumentException">Probabilities that do not sum to 1.</exception>
    public static NDArray BinaryDiceLoss(
        NDArray predictions,
        NDArray targets,
        Hyperparameter? smooth = null,
        bool applySigmoid = true
    )
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        if (predictions.Ndim == targets.Ndim && predictions.Shape[^1] != 1)
        {
            predictions = Jnp.ExpandDims(predictions, -1);
            targets = Jnp.ExpandDims(targets, -1);
        }

        return DiceLoss(predictions, targets, smooth: smooth, applySoftmax: applySigmoid);
    }

    private static NDArray Probabilities(NDArray predictions, bool applySoftmax)
    {
        if (applySoftmax)
        {
            return predictions.Shape[^1] == 1 ? Nn.Sigmoid(predictions) : Nn.Softmax(predictions);
        }

        var sums = Jnp.Sum(predictions, -1);
        bool isWrong;
        try
        {
            isWrong = !(bool)Jnp.AllClose(sums, 1.0, rtol: 1e-5);
        }
        catch (ConcretizationException)
        {
            isWrong = false; // Values that are traced cannot be checked.
        }

        return isWrong
            ? throw new JaxArgumentException(
                "DiceLoss with applySoftmax: false needs probabilities that sum to 1 over the classes; their sums are from "
                    + $"{Jnp.Min(sums)} to {Jnp.Max(sums)}."
            )
            : predictions;
    }
}
