using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// How little embeddings with one label resemble each other compared to those with other labels: a cross-entropy of cosine
    /// similarities (NT-Xent), averaged over the pairs.
    /// </summary>
    /// <param name="embeddings">Vectors, of shape (n, features).</param>
    /// <param name="labels">Integers of shape (n,).</param>
    /// <param name="temperature">What similarities are divided by; 0.07 by default.</param>
    /// <exception cref="DTypeException">The embeddings are not floating-point numbers.</exception>
    /// <exception cref="ShapeException">There are not as many labels as embeddings.</exception>
    public static NDArray Ntxent(NDArray embeddings, NDArray labels, Hyperparameter? temperature = null)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(labels);
        RequireFloating(nameof(Ntxent), nameof(embeddings), embeddings);
        if (labels.Shape[0] != embeddings.Shape[0])
        {
            throw new ShapeException(
                $"Ntxent needs a label for each embedding; got {labels.DType}{labels.Shape} for {embeddings.DType}{embeddings.Shape}."
            );
        }

        var similarities =
            CosineSimilarity(
                Jnp.ExpandDims(embeddings, 0),
                Jnp.ExpandDims(embeddings, 1),
                Jnp.FInfo(embeddings.DType).Eps
            ) / (temperature ?? 0.07);
        var same = Jnp.Equal(Jnp.ExpandDims(labels, 1), Jnp.ExpandDims(labels, 0));
        var pairs = same & !Jnp.Eye(labels.Shape[0], dtype: DType.Bool);
        var others = Jnp.Where(same, double.NegativeInfinity, similarities);
        var matches = Jnp.Where(pairs, similarities, double.NegativeInfinity);
        var largest = Lax.StopGradient(Jnp.Max(Jnp.Concatenate([others, matches], -1), 1, keepDims: true));
        var shifted = matches - largest;
        var sum = Jnp.Sum(Jnp.Exp(others - largest), 1, keepDims: true) + Jnp.Exp(shifted);
        return -Jnp.Sum(Jnp.Where(pairs, shifted - Jnp.Log(sum), 0.0)) / Jnp.Sum(pairs);
    }

    /// <summary>How much nearer than the negative, by a margin, the positive should be to the anchor.</summary>
    /// <param name="anchors">Vectors, of shape (…, n).</param>
    /// <param name="positives">Vectors that should be near them.</param>
    /// <param name="negatives">Vectors that should be far.</param>
    /// <param name="axis">The axis of the vectors.</param>
    /// <param name="normDegree">The order of the norm of differences.</param>
    /// <param name="margin">1 by default.</param>
    /// <param name="eps">Added under the root; 1e-6 by default.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray TripletMarginLoss(
        NDArray anchors,
        NDArray positives,
        NDArray negatives,
        int axis = -1,
        int normDegree = 2,
        Hyperparameter? margin = null,
        Hyperparameter? eps = null
    )
    {
        ArgumentNullException.ThrowIfNull(anchors);
        ArgumentNullException.ThrowIfNull(positives);
        ArgumentNullException.ThrowIfNull(negatives);
        RequireFloating(nameof(TripletMarginLoss), nameof(anchors), anchors);
        RequireFloating(nameof(TripletMarginLoss), nameof(positives), positives);
        RequireFloating(nameof(TripletMarginLoss), nameof(negatives), negatives);
        return Jnp.Maximum(Distance(positives) - Distance(negatives) + (margin ?? 1.0), 0);

        NDArray Distance(NDArray x) =>
            Jnp.Power(Jnp.Sum(Jnp.Power(anchors - x, normDegree), axis) + (eps ?? 1e-6), 1.0 / normDegree);
    }

    /// <summary>The cross-entropy of the softmax of scores with the relevance of the items of a list.</summary>
    /// <param name="logits">Scores of shape (…, items).</param>
    /// <param name="labels">The relevance of each item.</param>
    /// <param name="where">The items that there are.</param>
    /// <param name="weights">A weight for each item.</param>
    /// <param name="reduceFn"><c>mean</c> or <c>sum</c> over the lists; null for a loss for each list.</param>
    /// <exception cref="DTypeException">The logits are not floating-point numbers.</exception>
    /// <exception cref="JaxArgumentException">Another reduction.</exception>
    /// <example><code>
    /// optax.RankingSoftmaxLoss(jnp.Array([2f, 1f, 3f]), jnp.Array([1f, 0f, 0f])); // => 1.407606
    /// </code></example>
    public static NDArray RankingSoftmaxLoss(
        NDArray logits,
        NDArray labels,
        NDArray? where = null,
        NDArray? weights = null,
        string? reduceFn = "mean"
    )
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireFloating(nameof(RankingSoftmaxLoss), nameof(logits), logits);
        labels = labels.AsType(logits.DType);
        if (where is not null)
        {
            labels = Jnp.Where(where, labels, Jnp.ZerosLike(labels));
            logits = Jnp.Where(where, logits, double.NegativeInfinity);
        }

        labels = weights is null ? labels : labels * weights;
        var loss = -Jnp.Sum(labels * Nn.LogSoftmax(logits), -1, where: where);
        var lists = where is null ? null : Jnp.Any(where, -1);
        switch (reduceFn)
        {
            case null:
                return lists is null ? loss : Jnp.Where(lists, loss, 0.0);
            case "sum":
                return Jnp.Sum(loss, where: lists);
            case "mean":
                var mean = Jnp.Mean(loss, where: lists);
                return Jnp.Where(Jnp.IsNan(mean) & !Jnp.Any(Jnp.IsNan(loss)), 0.0, mean);
            default:
                throw new JaxArgumentException($"RankingSoftmaxLoss reduces by 'mean' or 'sum'; got '{reduceFn}'.");
        }
    }

    /// <summary>
    /// The Fenchel–Young loss of a maximum function such as the logarithm of a sum of exponentials: maxFun(scores) − ⟨targets, scores⟩
    /// along the last axis.
    /// </summary>
    /// <param name="maxFun">From a vector of scores to a scalar.</param>
    /// <example><code>
    /// var loss = optax.MakeFenchelYoungLoss(scores => Nn.LogSumExp(scores));
    /// loss(jnp.Array([1f, 0f]), jnp.Array([1f, 0f])); // => 0.3132617
    /// </code></example>
    public static System.Func<NDArray, NDArray, NDArray> MakeFenchelYoungLoss(System.Func<NDArray, NDArray> maxFun) =>
        (scores, targets) => Jnp.Vectorize(maxFun, signature: "(n)->()")(scores) - Jnp.Sum(targets * scores, -1);
}
