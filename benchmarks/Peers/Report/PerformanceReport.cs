using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace JaxSharp.Peers.Report;

/// <summary>The page on performance, made of results alone.</summary>
internal static class PerformanceReport
{
    /// <summary>Writes the page, and its figure beside it under the same name.</summary>
    public static void Write(Measurements results, string path)
    {
        string figure = Path.ChangeExtension(path, ".svg");
        File.WriteAllText(figure, RatioChart.Svg(results.Rows));
        File.WriteAllText(path, Page(results, Path.GetFileName(figure)));
    }

    /// <summary>The page in Markdown.</summary>
    public static string Page(Measurements results, string figure)
    {
        var page = new StringBuilder();
        page.Append(Invariant($"# Performance\n\n{Method}\n\n## The machine\n\n"));
        AddMachine(page, results.Machine);
        AddRows(page, results.Rows, figure);
        AddGrowth(page, results.Growth);
        if (results.Threads.Count > 0)
        {
            page.Append(Invariant($"\n## Threads\n\nMedians with one thread and with {results.Machine.Cores}.\n\n"));
            AddTable(
                page,
                ["", "JaxSharp, 1", "JaxSharp, all", "libtorch, 1", "libtorch, all"],
                results.Threads.Select(t =>
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
        }

        if (results.Memory.Count > 0)
        {
            page.Append(
                "\n## Memory\n\nThe most that a process had resident which does nothing but this, the runtime, the libraries and the operands included.\n\n"
            );
            AddTable(
                page,
                ["", "JaxSharp", "libtorch"],
                results.Memory.Select(m => new[] { m.Name, Mib(m.OursMib), Mib(m.PeerMib) })
            );
        }

        return page.ToString();
    }

    private static string Method =>
        """
            JaxSharp beside libtorch, called through TorchSharp, in f32 on a CPU. Both run in the same process with as many threads
            as the machine has, and take turns: a batch of runs of one, then of the other, each some 20 ms long. A batch begins after
            a pause in which the other's threads fall asleep, and its first run is not counted. Times are medians of batches. Before a
            row is timed, the results of both are compared; a row where they differ is not reported.

            Work is the floating-point operations of products and convolutions, or the bytes that must be read and written. It is
            compared with what the machine was measured to do at the start: fused multiply-adds in registers, and copying of large
            arrays. Convolutions count as the sums that define them; Winograd's algorithm multiplies less, so that they can come to
            more than the machine multiplies. libtorch uses what is fastest in it: channels first or last, fused attention, its LSTM
            module; inference runs without a tape; our training steps donate their state, as its optimizers update in place. Rows
            without a libtorch time are things that it does not have. To repeat it:

            ```
            dotnet run -c Release --project benchmarks/Peers -- --json results.json
            dotnet run -c Release --project benchmarks/Peers -- --json results.json --growth
            dotnet run -c Release --project benchmarks/Peers -- --json results.json --report docs/performance.md
            ```
            """;

    private static void AddMachine(StringBuilder page, Machine machine)
    {
        AddTable(
            page,
            ["", ""],
            [
                ["processor", $"{machine.Cpu}, {machine.Cores} threads, vectors of {machine.VectorBits} bits"],
                ["memory", Invariant($"{machine.MemoryGib:F0} GiB")],
                ["system", machine.System],
                ["runtime", machine.Runtime],
                ["compared with", machine.Peer],
                ["arithmetic", Invariant($"{machine.LimitGflops:F0} GFLOP/s")],
                ["memory bandwidth", Invariant($"{machine.Bandwidth():F1} GB/s")],
                ["measured", Invariant($"{machine.Measured:yyyy-MM-dd}")],
            ]
        );
        if (machine.PeerMissing is { } why)
        {
            page.Append(Invariant($"\nlibtorch was not measured: {why}\n"));
        }
    }

    private static void AddRows(StringBuilder page, IReadOnlyList<RowResult> rows, string figure)
    {
        if (rows.Count == 0)
        {
            return;
        }

        double[] ratios = [.. rows.Select(row => row.Ratio).OfType<double>()];
        page.Append("\n## Times\n\n");
        if (ratios.Length > 0)
        {
            double mean = Math.Exp(ratios.Average(Math.Log));
            page.Append(
                Invariant(
                    $"JaxSharp is faster in {ratios.Count(ratio => ratio > 1)} of {ratios.Length} rows; the geometric mean of the ratios is {mean:F2}.\n\n"
                )
            );
            page.Append(Invariant($"![Times of libtorch divided by those of JaxSharp]({figure})\n\n"));
        }

        AddTable(
            page,
            ["", "JaxSharp", "libtorch", "ratio", "rate, share of the limit", ""],
            rows.Select(row =>
                new[]
                {
                    row.Name,
                    Units.Time(row.OursMs),
                    Units.Time(row.PeerMs),
                    Units.Ratio(row.Ratio),
                    Units.Rate(row),
                    row.Note ?? "",
                }
            )
        );
    }

    private static void AddGrowth(StringBuilder page, IReadOnlyList<Growth> growths)
    {
        if (growths.Count > 0)
        {
            page.Append("\n## Growth\n\nCompile is the time of the first call less that of another.\n");
        }

        foreach (var growth in growths)
        {
            page.Append(Invariant($"\n### {growth.Name}\n\n"));
            AddTable(
                page,
                [growth.Axis, "JaxSharp", "libtorch", "ratio", "compile"],
                growth.Points.Select(p =>
                    new[]
                    {
                        Invariant($"{p.At}"),
                        Units.Time(p.OursMs),
                        Units.Time(p.PeerMs),
                        Units.Ratio(p.PeerMs / p.OursMs),
                        Units.Time(p.CompileMs),
                    }
                )
            );
        }
    }

    // The first column is text, the others are numbers.
    private static void AddTable(StringBuilder page, string[] columns, IEnumerable<string[]> rows)
    {
        page.Append(Line(columns));
        page.Append(Line([.. columns.Select((_, i) => i == 0 || columns.Length == 2 ? "---" : "--:")]));
        foreach (string[] row in rows)
        {
            page.Append(Line(row));
        }
    }

    private static string Line(string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    private static string Mib(double? mib) => mib is null ? "" : Invariant($"{mib:F0} MiB");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
