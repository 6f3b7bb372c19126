using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;

namespace JaxSharp.Goldens;

/// <summary>Runs the cases of a file on a thread of their own, each for a limited time.</summary>
public sealed class FileRunner : IDisposable
{
    private const int StackBytes = 64 << 20;

    // The largest nets take 4 s on a machine of their own, and several times that where other programs run beside them.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private Worker worker = new();

    /// <summary>Runs every case whose id or function contains the filter.</summary>
    public IEnumerable<CaseResult> Run(string path, string? filter = null)
    {
        foreach (GoldenCase golden in GoldenCase.ReadFile(path))
        {
            if (
                filter is null
                || golden.Id.Contains(filter, StringComparison.OrdinalIgnoreCase)
                || golden.Function?.Contains(filter, StringComparison.OrdinalIgnoreCase) == true
            )
            {
                yield return Run(golden);
            }
        }
    }

    private CaseResult Run(GoldenCase golden)
    {
        var done = new ManualResetEventSlim();
        CaseResult? result = null;
        worker.Queue.Add(() =>
        {
            try
            {
                result = CaseRunner.Run(golden);
            }
            catch (Exception error)
            {
                result = new CaseResult(golden.Id, golden.Function ?? "", CaseStatus.Failed, "crash: " + error);
            }

            done.Set();
        });
        if (!done.Wait(Limit))
        {
            worker.Queue.CompleteAdding();
            worker = new Worker(); // The old one ends when its case does.
            return new CaseResult(
                golden.Id,
                golden.Function ?? "",
                CaseStatus.Failed,
                $"crash: no end after {Limit.TotalSeconds} s"
            );
        }

        return result!;
    }

    public void Dispose() => worker.Queue.CompleteAdding();

    private sealed class Worker
    {
        public Worker()
        {
            var thread = new Thread(
                () =>
                {
                    foreach (Action work in Queue.GetConsumingEnumerable())
                    {
                        work();
                    }
                },
                StackBytes
            )
            {
                IsBackground = true,
                Name = "golden cases",
            };
            thread.Start();
        }

        public BlockingCollection<Action> Queue { get; } = [];
    }
}
