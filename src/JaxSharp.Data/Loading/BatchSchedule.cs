using System;
using System.Collections.Generic;
using JaxSharp.Numpy;

namespace JaxSharp.Data;

/// <summary>Which samples make up which batch.</summary>
/// <param name="Count">The number of samples.</param>
/// <param name="BatchSize">The number of samples of a batch.</param>
/// <param name="DropLast">Whether the rest of an epoch that does not fill a batch is left out.</param>
/// <param name="Shuffle">The key of the random orders; null to keep the order of the data.</param>
internal sealed record BatchSchedule(int Count, int BatchSize, bool DropLast, PrngKey? Shuffle)
{
    public int BatchesPerEpoch => (int)(((long)Count + (DropLast ? 0 : BatchSize - 1)) / BatchSize);

    /// <summary>The batches from a place up to an epoch, or without end.</summary>
    public IEnumerable<BatchRows> From(LoaderPosition start, int? endEpoch)
    {
        for (int epoch = start.Epoch; epoch < (endEpoch ?? int.MaxValue); epoch++)
        {
            int[]? order = Order(epoch);
            for (int step = epoch == start.Epoch ? start.Step : 0; step < BatchesPerEpoch; step++)
            {
                int first = step * BatchSize;
                yield return new BatchRows(
                    order,
                    first,
                    Math.Min(BatchSize, Count - first),
                    new LoaderPosition(epoch, step)
                );
            }
        }
    }

    public LoaderPosition Next(LoaderPosition position) =>
        position.Step + 1 < BatchesPerEpoch
            ? position with
            {
                Step = position.Step + 1,
            }
            : new LoaderPosition(position.Epoch + 1, 0);

    private int[]? Order(int epoch) =>
        Shuffle is null
            ? null
            : Jnp.AsType(JaxRandom.Permutation(JaxRandom.FoldIn(Shuffle, epoch), Count), DType.I32).ToArray<int>();
}

/// <summary>The samples of one batch.</summary>
/// <param name="Order">The order of the epoch; null for that of the data.</param>
/// <param name="First">Where the batch begins in the order.</param>
/// <param name="Count">The number of samples.</param>
/// <param name="Position">The place of the batch.</param>
internal sealed record BatchRows(int[]? Order, int First, int Count, LoaderPosition Position)
{
    /// <summary>Copies the rows of the batch out of an array.</summary>
    public NDArray Gather(DeviceArray source)
    {
        var result = DeviceArray.Allocate(source.Type with { Shape = new Shape([Count, .. source.Shape[1..]]) });
        long rowBytes = source.Type.ByteLength / source.Shape[0];
        if (Order is null)
        {
            Copy(source.Address + (nint)(First * rowBytes), result.Address, Count * rowBytes);
        }
        else
        {
            for (int i = 0; i < Count; i++)
            {
                Copy(
                    source.Address + (nint)(Order[First + i] * rowBytes),
                    result.Address + (nint)(i * rowBytes),
                    rowBytes
                );
            }
        }

        GC.KeepAlive(source);
        return result;
    }

    private static unsafe void Copy(nint from, nint to, long bytes) =>
        Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
}
