using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using JaxSharp.Benchmarks;
using JaxSharp.Peers.Torch;

namespace JaxSharp.Peers;

/// <summary>
/// Times two computations in one process by turns: a batch of ours, a batch of the peer's, and so on, so that whatever else the
/// machine does meets both. A batch begins with a run that is not timed, after a pause in which the threads of the other go to sleep.
/// </summary>
/// <param name="quick">Whether to run each only once or twice, to see that it works.</param>
internal sealed class Turns(bool quick)
{
    private const double BatchSeconds = 0.02;
    private const int LeastRounds = 7;
    private const int MostRounds = 50;

    // The threads of libtorch's OpenMP look for work 300,000 times before they sleep, which takes 16 ms where a pause instruction
    // takes 140 cycles. A shorter pause gives us half a machine.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(300);

    // Where many methods run for little work, it takes this long until all are compiled in full.
    private static readonly TimeSpan CallsWarmUp = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan FewMethods = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1.5);

    public bool Quick => quick;

    /// <summary>Medians in seconds per run.</summary>
    public (double Ours, double? Peer) Time(Workload ours, TorchWorkload? peer)
    {
        var mine = new Side(times =>
        {
            for (int i = 0; i < times; i++)
            {
                ours.Run();
            }
        });
        var theirs = peer is null ? null : new Side(peer.Run);
        mine.Prepare(quick);
        theirs?.Prepare(quick);
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MostRounds; round++)
        {
            if (round > 0 && (quick || (round >= LeastRounds && Stopwatch.GetElapsedTime(start) > Enough)))
            {
                break;
            }

            mine.Turn(quick);
            theirs?.Turn(quick);
        }

        return (mine.Median, theirs?.Median);
    }

    private sealed class Side(Action<int> run)
    {
        private readonly List<double> times = [];
        private int batch = 1;

        public double Median
        {
            get
            {
                times.Sort();
                return times[times.Count / 2];
            }
        }

        // Tiered compilation replaces hot methods in the background; this lets it finish.
        public void Prepare(bool quick)
        {
            if (quick)
            {
                return;
            }

            run(3);
            int runs = 0;
            long start = Stopwatch.GetTimestamp();
            var elapsed = TimeSpan.Zero;
            while (elapsed < WarmUp || (elapsed < CallsWarmUp && elapsed / runs < FewMethods))
            {
                run(1);
                runs++;
                elapsed = Stopwatch.GetElapsedTime(start);
            }

            batch = Math.Max(1, (int)(BatchSeconds * runs / elapsed.TotalSeconds));
        }

        public void Turn(bool quick)
        {
            if (!quick)
            {
                Thread.Sleep(Pause);
                run(1);
            }

            long start = Stopwatch.GetTimestamp();
            run(batch);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / batch);
        }
    }
}
