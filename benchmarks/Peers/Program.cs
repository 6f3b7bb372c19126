using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Text.Json;
using JaxSharp.Peers;
using JaxSharp.Peers.Report;
using Spectre.Console;

// dotnet run -c Release --project benchmarks/Peers -- --help
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Children.Answer(args) is { } answered)
{
    return answered;
}

if (Console.IsOutputRedirected)
{
    // A file has no width that tables must keep to.
    AnsiConsole.Profile.Width = 160;
}

var filter = new Option<string?>("--filter") { Description = "Only rows whose name contains this.", HelpName = "TEXT" };
var json = new Option<string?>("--json")
{
    Description = "Store results here; what the file holds of other parts of the measurement stays.",
    HelpName = "FILE",
    Validators = { InFolder },
};
var quick = new Option<bool>("--quick")
{
    Description = "Run each row once, to see that it works. Times are worthless.",
};
var size = new Option<string[]>("--size")
{
    Description = $"Rows of these sizes instead of the usual rows: {RowSizes.Description}; sizes joined by commas.",
    HelpName = "ROW=SIZES",
    Validators = { Sizes },
};
var growth = new Option<bool>("--growth")
{
    Description = "Measure how times grow with sizes, times with one thread, and memory, instead of the table.",
};
var report = new Option<string?>("--report")
{
    Description = "Measure nothing; write the report of the results in --json, with its figure beside it.",
    HelpName = "FILE.md",
    Validators = { InFolder },
};
var command = new RootCommand("JaxSharp beside libtorch, in one process and by turns.")
{
    filter,
    json,
    quick,
    size,
    growth,
    report,
};
command.Validators.Add(result =>
{
    if (result.GetValue(report) is not null && result.GetValue(json) is not { } path)
    {
        result.AddError("--report needs --json with the file of results.");
    }
    else if (result.GetValue(report) is not null && !File.Exists(result.GetValue(json)))
    {
        result.AddError($"--json must name a file of results for --report; there is no {result.GetValue(json)}.");
    }
});
command.SetAction(arguments =>
{
    string? file = arguments.GetValue(json);
    try
    {
        if (arguments.GetValue(report) is { } target)
        {
            PerformanceReport.Write(Measurements.Read(file!), target);
            return 0;
        }

        var session = new Session(arguments.GetValue(quick), arguments.GetValue(filter), file);
        return arguments.GetValue(growth)
            ? session.MeasureGrowth()
            : session.MeasureRows(arguments.GetValue(size) ?? []);
    }
    catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"{file}: {error.Message}");
        return 2;
    }
});

var parsed = command.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("Use --help to see the options.");
    return 2;
}

return parsed.Invoke();

static void Sizes(OptionResult result)
{
    foreach (var token in result.Tokens)
    {
        try
        {
            RowSizes.Parse(token.Value);
        }
        catch (FormatException error)
        {
            result.AddError(error.Message);
        }
    }
}

static void InFolder(OptionResult result)
{
    string path = result.GetValueOrDefault<string>()!;
    if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder || !Directory.Exists(folder))
    {
        result.AddError($"{result.Option.Name} must be a file in a folder that exists; got {path}.");
    }
}
