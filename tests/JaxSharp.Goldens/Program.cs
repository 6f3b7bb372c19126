using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using JaxSharp.Goldens;
using Spectre.Console;

var paths = new Argument<string[]>("path")
{
    Description = "Golden files, or folders of them.",
    Arity = ArgumentArity.OneOrMore,
};
var filter = new Option<string?>("--filter") { Description = "Only cases whose id or function contains this text." };
var report = new Option<string?>("--report") { Description = "Write one JSON line for each case to this file." };
var update = new Option<string?>("--update")
{
    Description = "Bring known-failures.txt and not-implemented.txt in this folder up to date.",
};
var command = new RootCommand("Runs recorded calls of JAX against JaxSharp.") { paths, filter, report, update };
command.SetAction(parsed =>
    Run(parsed.GetValue(paths)!, parsed.GetValue(filter), parsed.GetValue(report), parsed.GetValue(update))
);

ParseResult arguments = command.Parse(args);
if (arguments.Errors.Count > 0)
{
    foreach (var error in arguments.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    return 2;
}

return arguments.Invoke();

static int Run(string[] paths, string? filter, string? report, string? update)
{
    List<string> files = [];
    foreach (string path in paths)
    {
        if (Directory.Exists(path))
        {
            files.AddRange(Directory.EnumerateFiles(path, "*.jsonl").Order(StringComparer.Ordinal));
        }
        else if (File.Exists(path))
        {
            files.Add(path);
        }
        else
        {
            Console.Error.WriteLine($"There is no file or folder {path}.");
            return 2;
        }
    }

    List<(string File, IReadOnlyCollection<CaseResult> Results)> runs = [];
    using (var runner = new FileRunner())
    {
        foreach (string file in files)
        {
            List<CaseResult> results = [.. runner.Run(file, filter)];
            PrintFunctions(file, results);
            runs.Add((file, results));
        }
    }

    PrintFiles(runs);
    if (report is not null)
    {
        WriteReport(report, runs);
    }

    if (update is not null)
    {
        KnownLists.Read(update).Update(update, runs);
    }

    CaseResult[] all = [.. runs.SelectMany(run => run.Results)];
    int passed = all.Count(result => result.Status == CaseStatus.Passed);
    int failed = all.Count(result => result.Status == CaseStatus.Failed);
    Console.WriteLine($"{passed} passed, {failed} failed, {all.Length - passed - failed} skipped");
    return failed == 0 ? 0 : 1;
}

static void PrintFunctions(string file, List<CaseResult> results)
{
    Table table = NewTable(Path.GetFileName(file));
    foreach (var cases in results.Where(r => r.Function.Length > 0).GroupBy(r => r.Function).OrderBy(c => c.Key))
    {
        AddRow(table, cases.Key, [.. cases]);
    }

    AnsiConsole.Write(table);
}

static void PrintFiles(List<(string File, IReadOnlyCollection<CaseResult> Results)> runs)
{
    Table table = NewTable("file").AddColumn("programs");
    foreach ((string file, IReadOnlyCollection<CaseResult> results) in runs)
    {
        AddRow(table, Path.GetFileName(file), results, Count(results, CaseStatus.Program));
    }

    AnsiConsole.Write(table);
}

static Table NewTable(string first) =>
    new Table()
        .Border(TableBorder.Simple)
        .AddColumn(Markup.Escape(first))
        .AddColumn("passed")
        .AddColumn("failed")
        .AddColumn("not implemented");

static void AddRow(Table table, string name, IReadOnlyCollection<CaseResult> results, params string[] more) =>
    table.AddRow([
        Markup.Escape(name),
        Count(results, CaseStatus.Passed),
        Count(results, CaseStatus.Failed),
        Count(results, CaseStatus.NotImplemented),
        .. more,
    ]);

static string Count(IReadOnlyCollection<CaseResult> results, CaseStatus status)
{
    int count = results.Count(result => result.Status == status);
    return count == 0 ? "" : count.ToString();
}

static void WriteReport(string path, List<(string File, IReadOnlyCollection<CaseResult> Results)> runs)
{
    using var writer = new StreamWriter(path);
    foreach ((string file, IReadOnlyCollection<CaseResult> results) in runs)
    {
        foreach (CaseResult result in results)
        {
            var line = new
            {
                file = Path.GetFileNameWithoutExtension(file),
                id = result.Id,
                fn = result.Function,
                status = result.Status.ToString(),
                reason = result.Reason,
            };
            writer.WriteLine(JsonSerializer.Serialize(line));
        }
    }
}
