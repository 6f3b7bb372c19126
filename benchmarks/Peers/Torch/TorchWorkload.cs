using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace JaxSharp.Peers.Torch;

/// <summary>A computation by libtorch, whose operands are at hand. Its temporaries and results are disposed of after each run.</summary>
/// <param name="compute">Computes the results.</param>
/// <param name="differentiates">Whether libtorch has to remember what it does, for gradients.</param>
internal sealed class TorchWorkload(Func<Tensor[]> compute, bool differentiates = false)
{
    /// <summary>Brings results into the layout that ours have, which is not timed.</summary>
    public Func<Tensor[], Tensor[]> Arrange { get; init; } = results => results;

    /// <summary>Whether results are numbers to compare; random ones are not.</summary>
    public bool Reproducible { get; init; } = true;

    /// <summary>What should be known of how libtorch does it.</summary>
    public string? Note { get; private init; }

    public TorchWorkload Noting(string note) =>
        new(compute, differentiates)
        {
            Arrange = Arrange,
            Reproducible = Reproducible,
            Note = note,
        };

    public void Run(int times)
    {
        using var mode = set_grad_enabled(differentiates);
        for (int i = 0; i < times; i++)
        {
            using var scope = NewDisposeScope();
            compute();
        }
    }

    /// <summary>Runs once and returns the elements of the results.</summary>
    public IReadOnlyList<float[]> Results()
    {
        using var mode = set_grad_enabled(differentiates);
        using var scope = NewDisposeScope();
        var results = compute();
        return [.. Arrange(results).Select(result => result.detach().contiguous().data<float>().ToArray())];
    }

    /// <summary>The fastest of some ways to compute the same.</summary>
    public static TorchWorkload Fastest(params IEnumerable<(string Name, TorchWorkload Workload)> ways)
    {
        var timed = ways.Select(way => (way.Name, way.Workload, Seconds: Best(way.Workload))).ToArray();
        var (name, workload, _) = timed.MinBy(way => way.Seconds);
        return workload.Noting(name);
    }

    private static double Best(TorchWorkload workload)
    {
        workload.Run(2);
        double best = double.PositiveInfinity;
        for (int i = 0; i < 5; i++)
        {
            long start = Stopwatch.GetTimestamp();
            workload.Run(1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }
}
