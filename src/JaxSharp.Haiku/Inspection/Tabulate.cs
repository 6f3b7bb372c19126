using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Experimental
    {
        /// <summary>
        /// A function of the same arguments that gives a table of the modules that a function calls: their arguments, parameters, inputs,
        /// outputs and sizes. Nothing is computed.
        /// </summary>
        /// <param name="f">The function that uses modules.</param>
        /// <param name="columns">Which of <c>module</c>, <c>config</c>, <c>owned_params</c>, <c>input</c>, <c>output</c>, <c>params_size</c>, <c>params_bytes</c>; all by default.</param>
        /// <param name="filters">Which calls to show: <c>has_output</c> (the default) and <c>has_params</c>.</param>
        /// <exception cref="JaxArgumentException">There is no such column or filter.</exception>
        /// <example><code>
        /// Console.WriteLine(hk.Experimental.Tabulate((NDArray x) => new hk.Nets.MLP([300, 10]).Call(x))(jnp.Ones((8, 784))));
        /// </code></example>
        public static Func<T1, string> Tabulate<T1, TOut>(
            Func<T1, TOut> f,
            IReadOnlyList<string>? columns = null,
            IReadOnlyList<string>? filters = null
        )
        {
            Argument.Given(f);
            var table = new ModuleTable(columns, filters);
            var summary = EvalSummary(f);
            return x => table.Print(summary(x));
        }

        /// <inheritdoc cref="Tabulate{T1, TOut}(Func{T1, TOut}, IReadOnlyList{string}, IReadOnlyList{string})"/>
        public static Func<T1, string> Tabulate<T1, TOut>(
            Transformed<T1, TOut> f,
            IReadOnlyList<string>? columns = null,
            IReadOnlyList<string>? filters = null
        ) => Tabulate(Argument.Given(f).Function, columns, filters);

        /// <inheritdoc cref="Tabulate{T1, TOut}(Func{T1, TOut}, IReadOnlyList{string}, IReadOnlyList{string})"/>
        public static Func<T1, string> Tabulate<T1, TOut>(
            TransformedWithState<T1, TOut> f,
            IReadOnlyList<string>? columns = null,
            IReadOnlyList<string>? filters = null
        ) => Tabulate(Argument.Given(f).Function, columns, filters);

        /// <inheritdoc cref="Tabulate{T1, TOut}(Func{T1, TOut}, IReadOnlyList{string}, IReadOnlyList{string})"/>
        public static Func<T1, T2, string> Tabulate<T1, T2, TOut>(
            Func<T1, T2, TOut> f,
            IReadOnlyList<string>? columns = null,
            IReadOnlyList<string>? filters = null
        )
        {
            Argument.Given(f);
            var table = new ModuleTable(columns, filters);
            var summary = EvalSummary(f);
            return (x, y) => table.Print(summary(x, y));
        }
    }
}

/// <summary>A table of calls of modules.</summary>
internal sealed class ModuleTable
{
    private static readonly Dictionary<string, Column> AllColumns = new()
    {
        ["module"] = new("Module", CallStack),
        ["config"] = new("Config", call => call.ModuleDetails.Module.ToString()),
        ["owned_params"] = new("Module params", OwnedParams),
        ["input"] = new("Input", call => string.Join(", ", call.ArgsSpec.Select(ModuleText.Print))),
        ["output"] = new("Output", call => ModuleText.Print(call.OutputSpec)),
        ["params_size"] = new(
            "Param count",
            call => Count(call).ToString("N0", CultureInfo.InvariantCulture),
            IsRight: true
        ),
        ["params_bytes"] = new("Param bytes", call => Bytes(call), IsRight: true),
    };

    private static readonly Dictionary<string, Func<Hk.Experimental.MethodInvocation, bool>> AllFilters = new()
    {
        ["has_output"] = call => call.OutputSpec is not null,
        ["has_params"] = call => call.ModuleDetails.Params.Count > 0,
    };

    private readonly Column[] columns;
    private readonly Func<Hk.Experimental.MethodInvocation, bool>[] filters;

    public ModuleTable(IReadOnlyList<string>? columns, IReadOnlyList<string>? filters)
    {
        this.columns = Choose("column", columns ?? [.. AllColumns.Keys], AllColumns);
        this.filters = Choose("filter", filters ?? ["has_output"], AllFilters);
    }

    public string Print(IReadOnlyList<Hk.Experimental.MethodInvocation> calls)
    {
        string[][][] rows =
        [
            .. calls
                .Where(call => filters.All(filter => filter(call)))
                .Select(call => columns.Select(column => column.Text(call).Split('\n')).ToArray()),
        ];
        if (rows.Length == 0)
        {
            return "No modules matching filters.";
        }

        // Headers have room for two more letters, as Haiku's tables have.
        int[] widths =
        [
            .. columns.Select(
                (column, i) => Math.Max(column.Header.Length + 2, rows.Max(row => row[i].Max(line => line.Length)))
            ),
        ];
        string rule = Rule('-', widths);
        var lines = new List<string> { rule, Line(columns.Select(column => column.Header), widths), Rule('=', widths) };
        foreach (var row in rows)
        {
            for (int i = 0; i < row.Max(cell => cell.Length); i++)
            {
                lines.Add(Line(row.Select(cell => i < cell.Length ? cell[i] : ""), widths));
            }

            lines.Add(rule);
        }

        return string.Join("\n", lines);
    }

    private static T[] Choose<T>(string what, IReadOnlyList<string> names, Dictionary<string, T> all) =>
        names.FirstOrDefault(name => !all.ContainsKey(name)) is { } unknown
            ? throw new JaxArgumentException(
                $"Hk.Experimental.Tabulate knows no {what} '{unknown}'; there are {string.Join(", ", all.Keys)}."
            )
            : [.. names.Select(name => all[name])];

    private static string Rule(char mark, int[] widths) =>
        $"+{string.Join("+", widths.Select(width => new string(mark, width + 2)))}+";

    private string Line(IEnumerable<string> cells, int[] widths) =>
        $"|{string.Join("|", cells.Select((cell, i) => $" {(columns[i].IsRight ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))} "))}|";

    private static string CallStack(Hk.Experimental.MethodInvocation call) =>
        string.Join(
            "\n └ ",
            call.CallStack.Select(details =>
                $"{details.Module.ModuleName} ({details.Module.ClassName}{(IsCall(details) ? "" : $".{Names.SnakeCase(details.MethodName)}")})"
            )
        );

    private static bool IsCall(Hk.Experimental.ModuleDetails details) => details.MethodName is "Call" or "__call__";

    private static string OwnedParams(Hk.Experimental.MethodInvocation call)
    {
        string prefix = call.ModuleDetails.Module.ModuleName + "/";
        return string.Join(
            "\n",
            call.ModuleDetails.Params.Where(entry =>
                    entry.Key.LastIndexOf('/') == prefix.Length - 1
                    && entry.Key.StartsWith(prefix, StringComparison.Ordinal)
                )
                .Select(entry => (Name: entry.Key[prefix.Length..], Spec: entry.Value))
                .OrderByDescending(entry => entry.Spec.Size)
                .ThenBy(entry => entry.Name, StringComparer.Ordinal)
                .Select(entry => $"{entry.Name}: {entry.Spec}")
        );
    }

    private static long Count(Hk.Experimental.MethodInvocation call) =>
        call.ModuleDetails.Params.Values.Sum(spec => spec.Size);

    private static string Bytes(Hk.Experimental.MethodInvocation call)
    {
        double bytes = call.ModuleDetails.Params.Values.Sum(spec => (double)spec.Size * spec.DType.Size);
        string[] units = ["B", "KB", "MB", "GB"];
        int unit = 0;
        while (bytes >= 1000 && unit < units.Length - 1)
        {
            bytes /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:F2} {units[unit]}");
    }

    private sealed record Column(
        string Header,
        Func<Hk.Experimental.MethodInvocation, string> Text,
        bool IsRight = false
    );
}
