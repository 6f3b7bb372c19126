using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace JaxSharp.Benchmarks;

/// <summary>A row: what is timed, and how much work one run is.</summary>
/// <param name="Name">The name, by which rows are chosen.</param>
/// <param name="Floor">The time that must be reached, in seconds; 0 where there is none.</param>
/// <param name="Prepare">Makes the operands and returns what is timed.</param>
internal sealed record Benchmark(string Name, double Floor, Func<Workload> Prepare)
{
    /// <summary>What is computed, whatever the sizes: rows of one kind do the same with other operands.</summary>
    public string Kind { get; init; } = Name;

    /// <summary>What does not show in the operands, such as the strides of a convolution.</summary>
    public object? Parameters { get; init; }

    /// <summary>Floating-point operations of one run.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes that one run must read and write.</summary>
    public double Bytes { get; init; }

    /// <summary>Times the row: the best and the median of batches, in seconds per run.</summary>
    public (double Best, double Median) Time()
    {
        var workload = Prepare();
        for (int i = 0; i < 3; i++)
        {
            workload.Run();
        }

        // Tiered compilation replaces hot methods in the background; let it finish, which takes longer where many methods run for
        // little work.
        long start = Stopwatch.GetTimestamp();
        int warm = 0;
        double seconds = 0;
        while (seconds < 0.3 || (seconds < 1.5 && seconds < 1e-3 * warm))
        {
            workload.Run();
            warm++;
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        double each = seconds / warm;
        int batch = Math.Max(1, (int)(0.02 / each));
        var times = new List<double>();
        long all = Stopwatch.GetTimestamp();
        while (times.Count < 5 || (Stopwatch.GetElapsedTime(all).TotalSeconds < 1 && times.Count < 50))
        {
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < batch; i++)
            {
                workload.Run();
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / batch);
        }

        times.Sort();
        return (times[0], times[times.Count / 2]);
    }
}
