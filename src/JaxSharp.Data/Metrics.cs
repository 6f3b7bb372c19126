using System;
using System.Diagnostics;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>How well predictions agree with true labels, as scikit-learn measures it.</summary>
public static partial class Metrics
{
    /// <summary>The fraction of predictions that equal the true labels.</summary>
    /// <param name="yTrue">True labels: a vector.</param>
    /// <param name="yPred">Predicted labels: a vector of the same length.</param>
    /// <param name="normalize">False for the number of correct predictions in place of their fraction.</param>
    /// <param name="sampleWeight">The weight of each sample.</param>
    /// <example><code>Metrics.AccuracyScore(yTest, probability &gt; 0.5); // => 0.75</code></example>
    public static double AccuracyScore(
        NDArray yTrue,
        NDArray yPred,
        bool normalize = true,
        NDArray? sampleWeight = null
    )
    {
        Argument.Given(yTrue);
        var labels = new Labels("AccuracyScore", yTrue, yPred, null, sampleWeight);
        double correct = 0;
        double total = 0;
        for (int i = 0; i < labels.True.Length; i++)
        {
            correct += labels.True[i] == labels.Predicted[i] ? labels.Weight(i) : 0;
            total += labels.Weight(i);
        }

        return normalize ? correct / total : correct;
    }

    /// <summary>How often each true label (row) was predicted as each label (column).</summary>
    /// <param name="yTrue">True labels: a vector.</param>
    /// <param name="yPred">Predicted labels: a vector of the same length.</param>
    /// <param name="labels">The labels to count, in this order; all that occur, sorted, by default.</param>
    /// <param name="sampleWeight">The weight of each sample.</param>
    /// <param name="normalize"><c>"true"</c>, <c>"pred"</c> or <c>"all"</c> to divide by the sum over rows, columns or everything.</param>
    /// <returns>A square matrix: i32, or floating-point if weighted or normalized.</returns>
    public static NDArray ConfusionMatrix(
        NDArray yTrue,
        NDArray yPred,
        NDArray? labels = null,
        NDArray? sampleWeight = null,
        string? normalize = null
    )
    {
        Argument.Given(yTrue);
        if (normalize is not (null or "true" or "pred" or "all"))
        {
            throw new JaxArgumentException(
                $"ConfusionMatrix can normalize by \"true\", \"pred\" or \"all\"; got \"{normalize}\"."
            );
        }

        var classes = new Labels("ConfusionMatrix", yTrue, yPred, labels, sampleWeight);
        int n = classes.Values.Length;
        if (labels is not null && classes.True.Length > 0 && !classes.True.Any(place => place >= 0))
        {
            throw new JaxArgumentException(
                $"ConfusionMatrix needs at least one of the {n} labels to occur in yTrue. Leave labels out to count all that occur."
            );
        }

        if (normalize is null && sampleWeight is null)
        {
            int[,] counts = new int[n, n];
            foreach (var (row, column) in classes.True.Zip(classes.Predicted).Where(pair => InMatrix(pair)))
            {
                counts[row, column]++;
            }

            return Jnp.Array(counts);
        }

        double[,] weights = new double[n, n];
        for (int i = 0; i < classes.True.Length; i++)
        {
            if (InMatrix((classes.True[i], classes.Predicted[i])))
            {
                weights[classes.True[i], classes.Predicted[i]] += classes.Weight(i);
            }
        }

        return Jnp.Array(normalize is null ? weights : Normalize(weights, normalize));

        static bool InMatrix((int Row, int Column) place) => place is { Row: >= 0, Column: >= 0 };
    }

    /// <summary>Precision, recall, F-score and support of each label.</summary>
    /// <param name="yTrue">True labels: a vector.</param>
    /// <param name="yPred">Predicted labels: a vector of the same length.</param>
    /// <param name="beta">How much more recall counts than precision in the F-score.</param>
    /// <param name="labels">The labels, in this order; all that occur, sorted, by default.</param>
    /// <param name="sampleWeight">The weight of each sample.</param>
    /// <param name="zeroDivision">The value of what is 0 / 0; by default 0, and a warning is traced.</param>
    public static (double[] Precision, double[] Recall, double[] FScore, double[] Support) PrecisionRecallFScoreSupport(
        NDArray yTrue,
        NDArray yPred,
        double beta = 1,
        NDArray? labels = null,
        NDArray? sampleWeight = null,
        double? zeroDivision = null
    )
    {
        Argument.Given(yTrue);
        var classes = new Labels("PrecisionRecallFScoreSupport", yTrue, yPred, labels, sampleWeight);
        var scores = new Scores(classes, beta, zeroDivision, Warn);
        return (scores.Precision, scores.Recall, scores.FScore, scores.Support);
    }

    private static double[,] Normalize(double[,] counts, string by)
    {
        int n = counts.GetLength(0);
        double[] rows = new double[n];
        double[] columns = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                rows[i] += counts[i, j];
                columns[j] += counts[i, j];
            }
        }

        double all = rows.Sum();
        double[,] result = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = by switch
                {
                    "true" => rows[i],
                    "pred" => columns[j],
                    _ => all,
                };
                result[i, j] = sum == 0 ? 0 : counts[i, j] / sum;
            }
        }

        return result;
    }

    private static void Warn(string message) => Trace.TraceWarning(message);

    /// <summary>Precision, recall and F-score of each label, and averages of them.</summary>
    internal sealed class Scores
    {
        private readonly double beta;
        private readonly double undefined;
        private readonly double[] hits;
        private readonly double[] predicted;

        public Scores(Labels classes, double beta, double? zeroDivision, Action<string> warn)
        {
            this.beta = beta;
            undefined = zeroDivision ?? 0;
            int n = classes.Values.Length;
            hits = new double[n];
            predicted = new double[n];
            Support = new double[n];
            for (int i = 0; i < classes.True.Length; i++)
            {
                double weight = classes.Weight(i);
                Count(Support, classes.True[i], weight);
                Count(predicted, classes.Predicted[i], weight);
                if (classes.True[i] == classes.Predicted[i])
                {
                    Count(hits, classes.True[i], weight);
                    AnyHit |= classes.True[i] >= 0;
                }
            }

            Precision = [.. hits.Select((hit, i) => Ratio(hit, predicted[i]))];
            Recall = [.. hits.Select((hit, i) => Ratio(hit, Support[i]))];
            FScore = [.. hits.Select((hit, i) => F(hit, predicted[i], Support[i]))];
            if (zeroDivision is null)
            {
                WarnOf(warn, "Precision", "no predicted samples", predicted);
                WarnOf(warn, "Recall", "no true samples", Support);
            }
        }

        public double[] Precision { get; }

        public double[] Recall { get; }

        public double[] FScore { get; }

        public double[] Support { get; }

        /// <summary>Whether any prediction was right.</summary>
        public bool AnyHit { get; }

        /// <summary>Scores of all samples together.</summary>
        public (double Precision, double Recall, double FScore) Micro() =>
            (
                Ratio(hits.Sum(), predicted.Sum()),
                Ratio(hits.Sum(), Support.Sum()),
                F(hits.Sum(), predicted.Sum(), Support.Sum())
            );

        /// <summary>Means over the labels, optionally weighted; NaN is left out.</summary>
        public (double Precision, double Recall, double FScore) Mean(double[]? weights) =>
            (Average(Precision, weights), Average(Recall, weights), Average(FScore, weights));

        private double Average(double[] values, double[]? weights)
        {
            double sum = 0;
            double total = 0;
            for (int i = 0; i < values.Length; i++)
            {
                if (!double.IsNaN(values[i]))
                {
                    double weight = weights?[i] ?? 1;
                    sum += weight * values[i];
                    total += weight;
                }
            }

            return total == 0 ? undefined : sum / total;
        }

        private double Ratio(double part, double whole) => whole == 0 ? undefined : part / whole;

        private double F(double hit, double predictedCount, double trueCount)
        {
            double square = beta * beta;
            return Ratio((1 + square) * hit, (square * trueCount) + predictedCount);
        }

        private static void Count(double[] counts, int place, double weight)
        {
            if (place >= 0)
            {
                counts[place] += weight;
            }
        }

        private static void WarnOf(Action<string> warn, string score, string reason, double[] counts)
        {
            if (counts.Any(count => count == 0))
            {
                warn(
                    $"{score} is undefined for labels with {reason} and set to 0. Pass zeroDivision to choose the value."
                );
            }
        }
    }
}
