using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using JaxSharp.Benchmarks;
using Spectre.Console;

namespace JaxSharp.Peers;

/// <summary>One use of the program: measures, shows and stores.</summary>
internal sealed class Session(bool quick, string? filter, string? file)
{
    // Read first, so that a file of something else is refused before the time is spent.
    private readonly Measurements? earlier = File.Exists(file) ? Measurements.Read(file) : null;
    private readonly Turns turns = new(quick);
    private readonly Machine machine = Machine.Measure(quick);

    // Rows that take a process of their own: what a user waits for at first.
    private static readonly (string Name, Func<double> Measure)[] FirstCalls =
    [
        ("start of a process to its first Grad", Children.TimeStart),
        ("first CNN Adam step of a process", () => Children.TimeFirst("CNN 32-64-d128 Adam step")),
        ("first transformer gradient of a process", () => Children.TimeFirst("transformer gradient")),
    ];

    /// <summary>The table of rows, with the sizes given or the usual ones.</summary>
    public int MeasureRows(string[] sizes)
    {
        Introduce();
        var comparison = new Comparison(turns, machine);
        var rows = sizes.Length > 0 ? sizes.SelectMany(RowSizes.Parse) : Suite.Rows;
        foreach (var row in rows.Where(row => Chosen(row.Name)))
        {
            comparison.Measure(row);
        }

        foreach (var (name, measure) in sizes.Length > 0 ? [] : FirstCalls.Where(call => Chosen(call.Name)))
        {
            comparison.Measure(name, measure);
        }

        comparison.Show();
        Store(results => results with { Rows = comparison.Results });
        if (comparison.Results.Count == 0 && !comparison.Disagrees)
        {
            Console.Error.WriteLine($"No row has \"{filter}\" in its name.");
            return 2;
        }

        return comparison.Disagrees ? 1 : 0;
    }

    /// <summary>Times against sizes and threads, and memory.</summary>
    public int MeasureGrowth()
    {
        Introduce();
        var series = new GrowthSeries(turns);
        var (sizes, threads, memory) = (series.Sizes(filter), series.Threads(filter), GrowthSeries.Memory(filter));
        foreach (var growth in sizes)
        {
            Show(
                growth.Name,
                [growth.Axis, "JaxSharp", "libtorch", "ratio", "compile"],
                growth.Points.Select(p =>
                    new[]
                    {
                        $"{p.At}",
                        Units.Time(p.OursMs),
                        Units.Time(p.PeerMs),
                        Units.Ratio(p.PeerMs / p.OursMs),
                        Units.Time(p.CompileMs),
                    }
                )
            );
        }

        Show(
            "threads",
            ["", "JaxSharp 1", $"{machine.Cores}", "libtorch 1", $"{machine.Cores}"],
            threads.Select(t =>
                new[]
                {
                    t.Name,
                    Units.Time(t.OursOneMs),
                    Units.Time(t.OursAllMs),
                    Units.Time(t.PeerOneMs),
                    Units.Time(t.PeerAllMs),
                }
            )
        );
        Show(
            "peak memory, MiB",
            ["", "JaxSharp", "libtorch"],
            memory.Select(m => new[] { m.Name, $"{m.OursMib:F0}", $"{m.PeerMib:F0}" })
        );
        Store(results => results with { Growth = sizes, Threads = threads, Memory = memory });
        return 0;
    }

    private bool Chosen(string name) => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase);

    private void Introduce()
    {
        Console.WriteLine($"{machine.Cpu}, {machine.Cores} threads; {machine.Runtime}; {machine.Peer}");
        Console.WriteLine(
            $"limits: {machine.LimitGflops:F0} GFLOP/s f32, read {machine.LimitReadGbps:F1} GB/s, copy {machine.LimitCopyGbps:F1} GB/s"
        );
        if (machine.PeerMissing is { } why)
        {
            Console.WriteLine($"libtorch is not measured: {why}");
        }
    }

    private static void Show(string title, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Title = new TableTitle(title) };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (string[] row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        AnsiConsole.Write(table);
    }

    private void Store(Func<Measurements, Measurements> add)
    {
        if (file is not null)
        {
            add((earlier ?? new(machine)) with { Machine = machine }).Write(file);
        }
    }
}
