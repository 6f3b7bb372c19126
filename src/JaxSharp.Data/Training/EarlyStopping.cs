using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Data;

/// <summary>Conditions for <see cref="TrainingLoop{TState, TBatch}.StopWhen"/>.</summary>
public static class EarlyStopping
{
    /// <summary>Stops when a metric of the evaluation has not improved for some epochs.</summary>
    /// <param name="metric">The name of the metric; that of the training steps where there is no evaluation.</param>
    /// <param name="patience">After how many epochs without improvement to stop.</param>
    /// <param name="minDelta">By how much a metric must be better than the best before to count as an improvement.</param>
    /// <param name="maximize">Whether larger is better, as for an accuracy.</param>
    /// <exception cref="JaxArgumentException">The patience is below 1, or the metric is unknown.</exception>
    /// <example><code>
    /// var stop = EarlyStopping.WithoutImprovement("loss", patience: 2);
    /// var history = new[] { 3.0, 2.0, 2.5, 2.0 }.Select(
    ///     (loss, epoch) => new EpochResult(epoch, new Dictionary&lt;string, double&gt; { ["loss"] = loss }, new Dictionary&lt;string, double&gt;())
    /// );
    /// stop(history.Take(3).ToList()); // => False
    /// stop(history.ToList());         // => True
    /// </code></example>
    public static Func<IReadOnlyList<EpochResult>, bool> WithoutImprovement(
        string metric,
        int patience,
        double minDelta = 0,
        bool maximize = false
    )
    {
        if (patience < 1)
        {
            throw new JaxArgumentException(
                $"EarlyStopping.WithoutImprovement needs a patience of 1 epoch at least; got {patience}."
            );
        }

        return history =>
        {
            double best = double.NegativeInfinity;
            int since = 0;
            foreach (double value in history.Select(result => Value(result, metric)))
            {
                double merit = maximize ? value : -value;
                bool better = merit > best + minDelta;
                since = better ? 0 : since + 1;
                best = better ? merit : best;
            }

            return since >= patience;
        };
    }

    private static double Value(EpochResult result, string metric)
    {
        var metrics = result.Evaluation.Count > 0 ? result.Evaluation : result.Train;
        return metrics.TryGetValue(metric, out double value)
            ? value
            : throw new JaxArgumentException(
                $"EarlyStopping.WithoutImprovement watches \"{metric}\", but the epochs have [{string.Join(", ", metrics.Keys)}]."
            );
    }
}
