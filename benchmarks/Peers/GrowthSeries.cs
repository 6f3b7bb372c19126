using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using JaxSharp.Benchmarks;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Peers.Torch;

namespace JaxSharp.Peers;

/// <summary>How times grow with sizes and shrink with threads, and how much memory steps take.</summary>
internal sealed class GrowthSeries(Turns turns)
{
    private static readonly int[] Batches = [8, 16, 32, 64, 128, 256, 512, 1024];
    private static readonly int[] Layers = [2, 4, 8, 16, 32, 64];

    private static readonly Series[] All =
    [
        new("CNN Adam step", "batch", Batches, batch => ImageRows.CnnRows(batch).First()),
        new("MLP Adam step", "batch", Batches, batch => ImageRows.MlpRows(batch).First()),
        new("transformer gradient", "batch", Batches[..5], batch => TransformerGradient(batch, 4)),
        new("transformer gradient, batch 1", "layers", Layers, layers => TransformerGradient(1, layers)),
        new("LSTM gradient", "length", [10, 30, 100, 300, 1000], length => SequenceRows.LstmRows(length).Last()),
        new(
            "scan of scalars",
            "length",
            [100, 1000, 10_000, 100_000, 1_000_000],
            length => SmallRows.ScalarScan(length)
        ),
    ];

    private static readonly string[] Threaded =
    [
        "matmul 1024",
        "conv 8x56x56x64 3x3",
        "conv 8x56x56x64 3x3 gradients",
        "MLP 784-512-512-10 Adam step",
        "transformer forward",
        "transformer gradient",
    ];

    private static readonly string[] Remembered =
    [
        "CNN 32-64-d128 Adam step",
        "transformer forward",
        "transformer gradient",
    ];

    public IReadOnlyList<Growth> Sizes(string? filter) =>
        [
            .. All.Where(series => Chosen(series.Name, filter))
                .Select(series => new Growth(
                    series.Name,
                    series.Axis,
                    [.. (turns.Quick ? series.At[..2] : series.At).Select(at => Point(series, at))]
                )),
        ];

    public IReadOnlyList<ThreadResult> Threads(string? filter) =>
        [.. Threaded.Where(name => Chosen(name, filter)).Select(CompareThreads)];

    public static IReadOnlyList<MemoryResult> Memory(string? filter) =>
        [
            .. Remembered
                .Where(name => Chosen(name, filter))
                .Select(name =>
                {
                    Comparison.Announce($"memory of {name}");
                    double? peer = TorchLibrary.Missing is null ? Children.PeakMib(name, peer: true) : null;
                    return new MemoryResult(name, Children.PeakMib(name, peer: false), peer);
                }),
        ];

    private static bool Chosen(string name, string? filter) =>
        filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private static Benchmark TransformerGradient(int batch, int layers) =>
        SequenceRows.TransformerRows(new TransformerSize(batch, 128, 256, layers)).Last();

    private GrowthPoint Point(Series series, int at)
    {
        Comparison.Announce($"{series.Name}, {series.Axis} {at}");
        using var scope = TorchLibrary.Missing is null ? TorchSharp.torch.NewDisposeScope() : null;
        var row = series.Row(at);
        var ours = row.Prepare();
        long start = Stopwatch.GetTimestamp();
        ours.Run();
        double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (mine, theirs) = turns.Time(ours, TorchPeers.Of(row, ours));
        return new(at, mine * 1e3, theirs * 1e3, Math.Max(0, first - mine) * 1e3);
    }

    private ThreadResult CompareThreads(string name)
    {
        Comparison.Announce($"threads of {name}");
        using var scope = TorchLibrary.Missing is null ? TorchSharp.torch.NewDisposeScope() : null;
        var row = Suite.Rows.Single(row => row.Name == name);
        var ours = row.Prepare();
        var peer = TorchPeers.Of(row, ours);
        int all = WorkerPool.Threads;
        var several = turns.Time(ours, peer);
        try
        {
            SetThreads(1);
            var one = turns.Time(ours, peer);
            return new(name, one.Ours * 1e3, several.Ours * 1e3, one.Peer * 1e3, several.Peer * 1e3);
        }
        finally
        {
            SetThreads(all);
        }
    }

    private static void SetThreads(int threads)
    {
        WorkerPool.Threads = threads;
        if (TorchLibrary.Missing is null)
        {
            TorchLibrary.Threads = threads;
        }
    }

    private sealed record Series(string Name, string Axis, int[] At, Func<int, Benchmark> Row);
}
