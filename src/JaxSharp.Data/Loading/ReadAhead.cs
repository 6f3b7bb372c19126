using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace JaxSharp.Data;

/// <summary>
/// Computes the next items of a sequence while the current one is in use, one after the other on the thread pool. An item is begun
/// when there is room for it, so no thread ever waits: a sequence that is dropped halfway leaves nothing behind. Exceptions are
/// thrown where their item is taken.
/// </summary>
internal sealed class ReadAhead<T>(IEnumerator<T> source)
{
    private readonly bool x64 = JaxConfig.EnableX64;
    private readonly bool legacyRandomBits = JaxConfig.LegacyRandomBits;
    private readonly Queue<Task<(bool Some, T Item)>> pending = [];
    private Task<(bool Some, T Item)> last = Task.FromResult<(bool, T)>((true, default!));
    private volatile bool done;

    /// <summary>The items of a sequence, up to <paramref name="count"/> of them computed ahead.</summary>
    public static IEnumerable<T> Of(IEnumerable<T> items, int count, CancellationToken cancellation)
    {
        using IEnumerator<T> source = items.GetEnumerator();
        var ahead = new ReadAhead<T>(source);
        try
        {
            for (int i = 0; i < count; i++)
            {
                ahead.Begin();
            }

            while (ahead.Take(cancellation) is (true, var item))
            {
                ahead.Begin();
                yield return item;
            }
        }
        finally
        {
            ahead.Stop();
        }
    }

    private void Begin()
    {
        last = last.ContinueWith(
            (_, state) => ((ReadAhead<T>)state!).Next(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        pending.Enqueue(last);
    }

    private (bool Some, T Item) Take(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Task<(bool, T)> next = pending.Dequeue();
        return next.WaitAsync(cancellation).GetAwaiter().GetResult();
    }

    // The source is in use until the last item is computed.
    private void Stop()
    {
        done = true;
        ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
    }

    private (bool Some, T Item) Next()
    {
        if (done)
        {
            return default;
        }

        using JaxConfig.Scope settings = JaxConfig.X64(x64);
        JaxConfig.LegacyRandomBits = legacyRandomBits;
        try
        {
            bool some = source.MoveNext();
            done |= !some;
            return some ? (true, source.Current) : default;
        }
        catch
        {
            done = true;
            throw;
        }
    }
}
