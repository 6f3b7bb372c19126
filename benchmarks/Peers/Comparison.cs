using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Benchmarks;
using JaxSharp.Peers.Torch;
using Spectre.Console;

namespace JaxSharp.Peers;

/// <summary>Measures rows, ours and the peer's by turns, after making sure that they compute the same.</summary>
internal sealed class Comparison(Turns turns, Machine machine)
{
    private const int Processes = 5;
    private readonly List<RowResult> results = [];

    /// <summary>Whether a row was left out because results differ.</summary>
    public bool Disagrees { get; private set; }

    public IReadOnlyList<RowResult> Results => results;

    public void Measure(Benchmark row)
    {
        Announce(row.Name);
        using var scope = TorchLibrary.Missing is null ? TorchSharp.torch.NewDisposeScope() : null;
        var ours = row.Prepare();
        var peer = TorchPeers.Of(row, ours);
        if (peer is not null && Agreement.Difference(ours, peer) is { } difference)
        {
            Disagrees = true;
            Console.Error.WriteLine($"{row.Name} is not reported, results differ: {difference}.");
            return;
        }

        var (mine, theirs) = turns.Time(ours, peer);
        double? gflops = row.Flops > 0 ? row.Flops / mine / 1e9 : null;
        double? gbps = row.Bytes > 0 ? row.Bytes / mine / 1e9 : null;
        double? share = gflops / machine.LimitGflops ?? gbps / machine.Bandwidth();
        results.Add(new(row.Name, mine * 1e3, theirs * 1e3, gflops, gbps, share) { Note = peer?.Note });
    }

    /// <summary>Adds a row of ours alone, the median of several measurements in seconds.</summary>
    public void Measure(string name, Func<double> measure)
    {
        Announce(name);
        double[] times = [.. Enumerable.Range(0, turns.Quick ? 1 : Processes).Select(_ => measure()).Order()];
        results.Add(new(name, times[times.Length / 2] * 1e3, null, null, null, null));
    }

    public static void Announce(string name) => Console.Error.WriteLine($"measuring {name}");

    /// <summary>The rows in a table.</summary>
    public void Show()
    {
        var table = new Table()
            .AddColumn("")
            .AddColumn(new TableColumn("JaxSharp").RightAligned())
            .AddColumn(new TableColumn("libtorch").RightAligned())
            .AddColumn(new TableColumn("ratio").RightAligned())
            .AddColumn(new TableColumn("rate, share of limit").RightAligned())
            .AddColumn("");
        foreach (var row in results)
        {
            string colour = row.Ratio < 1 ? "red" : "green";
            table.AddRow(
                new Text(row.Name),
                new Text(Units.Time(row.OursMs)),
                new Text(Units.Time(row.PeerMs)),
                new Markup($"[{colour}]{Units.Ratio(row.Ratio)}[/]"),
                new Text(Units.Rate(row)),
                new Text(row.Note ?? "")
            );
        }

        AnsiConsole.Write(table);
    }
}
