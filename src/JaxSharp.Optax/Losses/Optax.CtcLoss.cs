using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The loss of sequences whose alignment with their labels is not known: minus the logarithm of the probability of all alignments
    /// (connectionist temporal classification).
    /// </summary>
    /// <param name="logits">Scores of shape (batch, frames, classes), one of the classes being blank.</param>
    /// <param name="logitPaddings">1 for frames that do not count, else 0, of shape (batch, frames).</param>
    /// <param name="labels">Integers of shape (batch, labels).</param>
    /// <param name="labelPaddings">1 for labels that do not count, at the end, else 0.</param>
    /// <param name="blankId">The number of the class blank.</param>
    /// <param name="logEpsilon">What stands for the logarithm of 0; −1e5 by default.</param>
    /// <returns>An array of shape (batch,).</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray CtcLoss(
        NDArray logits,
        NDArray logitPaddings,
        NDArray labels,
        NDArray labelPaddings,
        int blankId = 0,
        Hyperparameter? logEpsilon = null
    )
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        return CtcLossWithForwardProbs(logits, logitPaddings, labels, labelPaddings, blankId, logEpsilon).Loss;
    }

    /// <summary><see cref="CtcLoss"/> together with the logarithms of the probabilities of beginnings.</summary>
    /// <param name="logits">Scores of shape (batch, frames, classes), one of the classes being blank.</param>
    /// <param name="logitPaddings">1 for frames that do not count, else 0, of shape (batch, frames).</param>
    /// <param name="labels">Integers of shape (batch, labels).</param>
    /// <param name="labelPaddings">1 for labels that do not count, at the end, else 0.</param>
    /// <param name="blankId">The number of the class blank.</param>
    /// <param name="logEpsilon">What stands for the logarithm of 0; −1e5 by default.</param>
    /// <returns>
    /// The loss; for each frame the logarithm of the probability of the first n labels with a blank last, of shape
    /// (frames, batch, labels + 1), and with the n-th label last, of shape (frames, batch, labels).
    /// </returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static (NDArray Loss, NDArray LogAlphaPhi, NDArray LogAlphaEmit) CtcLossWithForwardProbs(
        NDArray logits,
        NDArray logitPaddings,
        NDArray labels,
        NDArray labelPaddings,
        int blankId = 0,
        Hyperparameter? logEpsilon = null
    )
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(labels);
        CheckCtcShapes(logits, logitPaddings, labels, labelPaddings);
        NDArray logZero = logEpsilon ?? -1e5;
        int batch = logits.Shape[0];
        int labelCount = labels.Shape[1];
        var logProbs = Nn.LogSoftmax(logits);

        // 1 where the next label is the same: then a blank must stand between them.
        var repeated = Jnp.Pad(
            Jnp.Equal(labels[.., ..^1], labels[.., 1..]).AsType(DType.F32),
            new[] { (0, 0), (0, 1) }
        );
        var blank = Jnp.Transpose(logProbs[.., .., blankId..(blankId + 1)], (1, 0, 2));
        var emitted = Jnp.Transpose(
            Jnp.Einsum("btk,bnk->btn", logProbs, Nn.OneHot(labels, logits.Shape[2])),
            (1, 0, 2)
        );
        NDArray phi = (Jnp.Ones((batch, labelCount + 1)) * logZero).At[.., 0].Set(0.0);
        var emit = Jnp.Ones((batch, labelCount)) * logZero;

        var (_, (phis, emits)) = Lax.Scan<
            (NDArray Phi, NDArray Emit),
            (NDArray Emitted, NDArray Blank, NDArray Padding),
            (NDArray, NDArray)
        >(
            (before, frame) =>
            {
                var reached = WithLabel(before.Phi, before.Emit + logZero * repeated);
                var nextEmit = Jnp.LogAddExp(reached[.., ..^1] + frame.Emitted, before.Emit + frame.Emitted);
                var nextPhi = WithLabel(reached + frame.Blank, before.Emit + frame.Blank + logZero * (1.0 - repeated));
                var padding = Jnp.Reshape(frame.Padding, (batch, 1));
                nextEmit = padding * before.Emit + (1.0 - padding) * nextEmit;
                nextPhi = padding * before.Phi + (1.0 - padding) * nextPhi;
                return ((nextPhi, nextEmit), (nextPhi, nextEmit));
            },
            (phi, emit),
            (emitted, blank, Jnp.Transpose(logitPaddings, (1, 0)))
        );

        var last = WithLabel(phis[-1], emits[-1]);
        var lengths = labelCount - Jnp.Sum(labelPaddings, 1).AsType(DType.I32);
        var loss = -Jnp.Einsum("bn,bn->b", last, Nn.OneHot(lengths, labelCount + 1));
        return (loss, phis.At[-1].Set(last), emits);
    }

    // The probabilities of the beginnings, those with a label last added to those with a blank last.
    private static NDArray WithLabel(NDArray phi, NDArray added) =>
        Jnp.Concatenate([phi[.., ..1], Jnp.LogAddExp(phi[.., 1..], added)], -1);

    private static void CheckCtcShapes(NDArray logits, NDArray logitPaddings, NDArray labels, NDArray labelPaddings)
    {
        if (logits.Ndim != 3 || labels.Ndim != 2 || logits.Shape[0] != labels.Shape[0])
        {
            throw new ShapeException(
                "CtcLoss needs logits of shape (batch, frames, classes) and labels of shape (batch, labels); got "
                    + $"{logits.DType}{logits.Shape} and {labels.DType}{labels.Shape}."
            );
        }

        RequireSameShapes(nameof(CtcLoss), labels, labelPaddings);
        RequireSameShapes(nameof(CtcLoss), logits[.., .., 0], logitPaddings);
    }
}
