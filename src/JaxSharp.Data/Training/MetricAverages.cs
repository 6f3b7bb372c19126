using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Arrays;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>
/// Averages of metrics over samples, from averages over batches. Adding only queues arithmetic; the numbers are read when the averages
/// are asked for.
/// </summary>
/// <example><code>
/// var averages = new MetricAverages();
/// averages.Add(new() { ["loss"] = 1.0 }, samples: 3);
/// averages.Add(new() { ["loss"] = 2.0 }, samples: 1);
/// averages.Compute()["loss"]; // => 1.25
/// </code></example>
public sealed class MetricAverages
{
    private readonly SortedDictionary<string, NDArray> sums = new(StringComparer.Ordinal);

    /// <summary>The number of samples so far.</summary>
    public long Samples { get; private set; }

    internal IReadOnlyDictionary<string, NDArray> Sums => sums;

    /// <summary>The averages of metrics over all samples of an epoch.</summary>
    /// <param name="loader">The samples.</param>
    /// <param name="metrics">The averages over a batch: scalars by name.</param>
    /// <example><code>
    /// var loader = DataLoader.Create(jnp.Arange(5.0), batchSize: 2);
    /// MetricAverages.Over(loader, batch => new() { ["mean"] = jnp.Mean(batch) })["mean"]; // => 2
    /// </code></example>
    public static IReadOnlyDictionary<string, double> Over<TBatch>(
        DataLoader<TBatch> loader,
        Func<TBatch, Dictionary<string, NDArray>> metrics
    )
    {
        Argument.Given(loader);
        Argument.Given(metrics);
        var averages = new MetricAverages();
        foreach (Batch<TBatch> batch in loader.Batches(epochs: 1))
        {
            averages.Add(metrics(batch.Data), batch.Count);
        }

        return averages.Compute();
    }

    /// <summary>Adds the averages over a batch.</summary>
    /// <param name="metrics">Real scalars by name; the names are the same each time.</param>
    /// <param name="samples">The number of samples of the batch.</param>
    /// <exception cref="JaxArgumentException">The names differ from those before, or there are no samples.</exception>
    /// <exception cref="ShapeException">A metric is no scalar.</exception>
    /// <exception cref="DTypeException">A metric is complex.</exception>
    public void Add(Dictionary<string, NDArray> metrics, int samples)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (samples < 1 || (Samples > 0 && !(metrics.Count == sums.Count && metrics.Keys.All(sums.ContainsKey))))
        {
            throw new JaxArgumentException(
                $"MetricAverages.Add needs a sample at least and the same metrics each time; got {samples} samples with "
                    + $"[{string.Join(", ", metrics.Keys)}] after [{string.Join(", ", sums.Keys)}]."
            );
        }

        foreach (var (name, value) in metrics)
        {
            Check(name, value);
        }

        foreach (var (name, value) in metrics)
        {
            NDArray sum = (value.DType == DType.F64 ? value : Jnp.AsType(value, DType.F32)) * (double)samples;
            sums[name] = Samples == 0 ? sum : sums[name] + sum;
        }

        Samples += samples;
    }

    /// <summary>The averages by name; none before anything was added.</summary>
    public IReadOnlyDictionary<string, double> Compute() =>
        sums.ToDictionary(pair => pair.Key, pair => (double)pair.Value / Samples);

    /// <summary>Averages that go on from stored sums.</summary>
    internal static MetricAverages Restore(Dictionary<string, DeviceArray> sums, long samples)
    {
        var averages = new MetricAverages { Samples = samples };
        foreach (var (name, sum) in sums)
        {
            Check(name, sum);
            averages.sums.Add(name, ArrayConversion.Canonical(sum));
        }

        return averages;
    }

    private static void Check(string name, NDArray value)
    {
        if (value.Ndim != 0)
        {
            throw new ShapeException(
                $"The metric \"{name}\" should be a scalar, such as the mean over a batch; got {value.Type}."
            );
        }

        if (value.DType.IsComplex)
        {
            throw new DTypeException($"The metric \"{name}\" should be real; got {value.Type}.");
        }
    }
}
