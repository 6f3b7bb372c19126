using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>Makes loaders: <see cref="Create"/>.</summary>
public static class DataLoader
{
    /// <summary>Makes a loader that gives samples in batches, epoch after epoch.</summary>
    /// <param name="data">
    /// A tree of arrays (a tuple, record, dictionary, …) with the samples along their first axes, which have the same extent.
    /// </param>
    /// <param name="batchSize">The number of samples of a batch.</param>
    /// <param name="shuffle">
    /// A random key: epoch e goes through the samples in the order <c>JaxRandom.Permutation(JaxRandom.FoldIn(shuffle, e), n)</c>. Without
    /// a key all epochs go in the order of the data.
    /// </param>
    /// <param name="dropLast">Whether samples at the end of an epoch that do not fill a batch are left out.</param>
    /// <param name="prefetch">
    /// How many batches are made ahead in the background while one is in use; 0 to make each when it is taken.
    /// </param>
    /// <exception cref="ShapeException">An array has no axes, or the first axes have different extents.</exception>
    /// <exception cref="JaxArgumentException">
    /// There is no array, a number is out of range, or an epoch would have no batch.
    /// </exception>
    /// <exception cref="ConcretizationException">An array, or the key, is traced.</exception>
    /// <example><code>
    /// var loader = DataLoader.Create((images, Labels: jnp.Array([3, 8])), batchSize: 1);
    /// foreach (var (x, y) in loader.Epoch(0))
    /// {
    ///     Console.WriteLine((x.Shape, y));
    /// }
    /// loader.BatchesPerEpoch; // => 2
    ///
    /// var shuffled = DataLoader.Create(jnp.Arange(10), batchSize: 4, shuffle: JaxRandom.Key(1), dropLast: true);
    /// shuffled.Epoch(0).Select(batch => batch.Length); // => [4, 4]
    /// </code></example>
    public static DataLoader<T> Create<T>(
        T data,
        int batchSize,
        PrngKey? shuffle = null,
        bool dropLast = false,
        int prefetch = 2
    )
    {
        var (leaves, structure) = Tree.FlattenWithPath(data);
        if (leaves.Length == 0 || batchSize < 1 || prefetch < 0)
        {
            throw new JaxArgumentException(
                $"DataLoader.Create needs an array at least, a batch size above 0 and no negative number of batches to prefetch; got "
                    + $"{leaves.Length} arrays, batchSize {batchSize} and prefetch {prefetch}."
            );
        }

        DeviceArray[] arrays = Array.ConvertAll(
            leaves,
            leaf => Ops.Concrete(leaf.Leaf, "DataLoader.Create", "Make the loader outside of it.")
        );
        if (Array.Exists(arrays, array => array.Ndim == 0 || array.Shape[0] != arrays[0].Shape[0]))
        {
            throw new ShapeException(
                "DataLoader.Create needs arrays with the samples along their first axis, equally many in all; got "
                    + $"{string.Join(", ", leaves.Select(leaf => $"{leaf.Path}: {leaf.Leaf.Type}".TrimStart(':', ' ')))}."
            );
        }

        if (shuffle is not null)
        {
            Ops.Concrete(JaxRandom.FoldIn(shuffle, 0).Data, "DataLoader.Create", "Make the loader outside of it.");
        }

        var schedule = new BatchSchedule(arrays[0].Shape[0], batchSize, dropLast, shuffle);
        if (schedule.BatchesPerEpoch == 0)
        {
            throw new JaxArgumentException(
                $"DataLoader.Create of {schedule.Count} samples in batches of {batchSize} has no batch to give. Use a smaller batchSize"
                    + $"{(dropLast ? ", or keep the last batch" : "")}."
            );
        }

        return new DataLoader<T>(
            schedule,
            prefetch,
            rows => Tree.Unflatten<T>(structure, Array.ConvertAll(arrays, rows.Gather))
        );
    }
}

/// <summary>
/// Gives samples in batches. What it gives depends on data, key and place only: the same place gives the same batch, whenever and
/// wherever the loop begins, so that training goes on exactly where it was interrupted. A loader has no state and may be used by
/// several loops at once. <see cref="DataLoader.Create"/> makes one.
/// </summary>
public sealed class DataLoader<T>
{
    private readonly int prefetch;
    private readonly Func<BatchRows, T> make;

    internal DataLoader(BatchSchedule schedule, int prefetch, Func<BatchRows, T> make)
    {
        Schedule = schedule;
        this.prefetch = prefetch;
        this.make = make;
    }

    /// <summary>The number of samples.</summary>
    public int Count => Schedule.Count;

    /// <summary>The number of samples of a batch; the last of an epoch may have fewer.</summary>
    public int BatchSize => Schedule.BatchSize;

    /// <summary>The number of batches of an epoch.</summary>
    public int BatchesPerEpoch => Schedule.BatchesPerEpoch;

    internal BatchSchedule Schedule { get; }

    /// <summary>The batches of one epoch.</summary>
    /// <param name="epoch">The epoch, from 0; with a shuffling loader each has its own order.</param>
    /// <param name="cancellation">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="JaxArgumentException">The epoch is negative.</exception>
    public IEnumerable<T> Epoch(int epoch = 0, CancellationToken cancellation = default) =>
        epoch < int.MaxValue
            ? Batches(new LoaderPosition(epoch, 0), epoch + 1, cancellation).Select(batch => batch.Data)
            : throw new JaxArgumentException($"The loader has no epoch {epoch}: {int.MaxValue - 1} is the last.");

    /// <summary>The batches from a place on, each with its place and that of the next.</summary>
    /// <param name="start">Where to begin; to go on after a batch, its <see cref="Batch{T}.Next"/>.</param>
    /// <param name="epochs">The epoch to end before, counted from 0 wherever the sequence begins; null for no end.</param>
    /// <param name="cancellation">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="JaxArgumentException">There is no such place.</exception>
    /// <example><code>
    /// var loader = DataLoader.Create(jnp.Arange(6), batchSize: 2);
    /// foreach (var batch in loader.Batches(new LoaderPosition(0, 2), epochs: 1))
    /// {
    ///     Console.WriteLine((batch.Data, batch.Next.Epoch, batch.Next.Step));
    /// }
    /// </code></example>
    public IEnumerable<Batch<T>> Batches(
        LoaderPosition start = default,
        int? epochs = null,
        CancellationToken cancellation = default
    )
    {
        if (start.Epoch < 0 || start.Step < 0 || start.Step >= BatchesPerEpoch)
        {
            throw new JaxArgumentException(
                $"The loader has no batch at epoch {start.Epoch}, step {start.Step}: its epochs have steps 0 to {BatchesPerEpoch - 1}."
            );
        }

        IEnumerable<Batch<T>> batches = Schedule
            .From(start, epochs)
            .Select(rows => new Batch<T>(make(rows), rows.Count, rows.Position, Schedule.Next(rows.Position)));
        return prefetch > 0
            ? ReadAhead<Batch<T>>.Of(batches, prefetch, cancellation)
            : Cancellable(batches, cancellation);
    }

    /// <summary>A loader of what a function makes of each batch. The function runs in the background where the loader prefetches.</summary>
    /// <param name="f">The function.</param>
    /// <example><code>
    /// var (train, _) = Mnist.Load();
    /// var loader = DataLoader
    ///     .Create(train, batchSize: 128, shuffle: JaxRandom.Key(0))
    ///     .Map(batch => (X: Mnist.ToInputs(batch.Images), Y: batch.Labels));
    /// var (x, y) = loader.Epoch(0).First();
    /// x.Shape; // => (128,28,28,1)
    /// </code></example>
    public DataLoader<TResult> Map<TResult>(Func<T, TResult> f) => new(Schedule, prefetch, rows => f(make(rows)));

    /// <summary>A loader of what a random function, such as an augmentation of images, makes of each batch.</summary>
    /// <param name="f">A function of a batch and a key of its own, that depends on epoch and step.</param>
    /// <param name="key">The key that those of the batches are folded from; not the one to shuffle by.</param>
    /// <example><code>
    /// var noisy = DataLoader
    ///     .Create(jnp.Zeros((8, 3)), batchSize: 4)
    ///     .Map((batch, k) => batch + JaxRandom.Normal(k, batch.Shape), JaxRandom.Key(7));
    /// noisy.Epoch(0).First().Shape; // => (4,3)
    /// </code></example>
    public DataLoader<TResult> Map<TResult>(Func<T, PrngKey, TResult> f, PrngKey key) =>
        new(
            Schedule,
            prefetch,
            rows => f(make(rows), JaxRandom.FoldIn(JaxRandom.FoldIn(key, rows.Position.Epoch), rows.Position.Step))
        );

    private static IEnumerable<Batch<T>> Cancellable(IEnumerable<Batch<T>> batches, CancellationToken cancellation)
    {
        foreach (var batch in batches)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return batch;
        }
    }
}
