using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests.Runtime;

public class WorkerPoolTests
{
    [Fact]
    public void EveryChunkRunsOnce()
    {
        for (int repetition = 0; repetition < 2000; repetition++)
        {
            int chunks = repetition % 40;
            var counts = new int[chunks];
            WorkerPool.Run(chunks, counts, static (c, i) => Interlocked.Increment(ref c[i]));
            Assert.True(counts.All(c => c == 1));
        }
    }

    [Fact]
    public void SleepingWorkersWake()
    {
        for (int repetition = 0; repetition < 20; repetition++)
        {
            Thread.Sleep(5);
            var counts = new int[8];
            WorkerPool.Run(8, counts, static (c, i) => Interlocked.Increment(ref c[i]));
            Assert.True(counts.All(c => c == 1));
        }
    }

    [Fact]
    public void NestedAndConcurrentJobsRun()
    {
        Parallel.For(
            0,
            8,
            _ =>
            {
                for (int repetition = 0; repetition < 100; repetition++)
                {
                    var counts = new int[64];
                    WorkerPool.Run(
                        8,
                        counts,
                        static (c, i) =>
                            WorkerPool.Run(8, (c, i), static (s, j) => Interlocked.Increment(ref s.c[(s.i * 8) + j]))
                    );
                    Assert.True(counts.All(c => c == 1));
                }
            }
        );
    }

    [Fact]
    public void AnExceptionReachesTheCaller()
    {
        for (int repetition = 0; repetition < 100; repetition++)
        {
            var e = Assert.Throws<InvalidOperationException>(() =>
                WorkerPool.Run(100, 0, static (_, i) => throw new InvalidOperationException("chunk " + i))
            );
            Assert.StartsWith("chunk", e.Message, StringComparison.Ordinal);
        }

        int sum = 0;
        WorkerPool.Run(10, 0, (_, i) => Interlocked.Add(ref sum, i));
        Assert.Equal(45, sum);
    }
}
