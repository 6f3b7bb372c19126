using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Linq;
using JaxSharp.Examples.Introduction;
using Spectre.Console;

var eta = new Option<double>("--eta")
{
    Description = "Learning rate.",
    DefaultValueFactory = _ => 0.1,
    Validators = { Positive("--eta") },
};
var iterations = new Option<int>("--iterations")
{
    Description = "Number of training steps.",
    DefaultValueFactory = _ => 500,
    Validators = { Positive("--iterations") },
};
var seed = new Option<int>("--seed") { Description = "Seed of the data and of the first weights." };
var dataset = new Option<string?>("--dataset")
{
    Description = $"A recorded data set: {string.Join(", ", Dataset.Names)}.",
};
dataset.AcceptOnlyFromAmong(Dataset.Names);
var tutorialCost = new Option<bool>("--tutorial-cost")
{
    Description = "Use the textbook formula of the cost, which is fragile.",
};
var x64 = new Option<bool>("--x64") { Description = "Compute in double precision." };
var output = new Option<string>("--out")
{
    Description = "Folder for the figures.",
    DefaultValueFactory = _ => ".",
    Validators = { Writable },
};
var command = new RootCommand("Derivatives and logistic regression with JaxSharp.")
{
    eta,
    iterations,
    seed,
    dataset,
    tutorialCost,
    x64,
    output,
};
command.SetAction(arguments =>
    Run(
        new Config(
            arguments.GetValue(eta),
            arguments.GetValue(iterations),
            arguments.GetValue(seed),
            arguments.GetValue(dataset),
            arguments.GetValue(tutorialCost),
            arguments.GetValue(x64),
            arguments.GetValue(output)
        )
    )
);

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

static int Run(Config config)
{
    if (Console.IsOutputRedirected)
    {
        Tutorial.Run(config, Console.Out);
        return 0;
    }

    var text = new StringWriter();
    AnsiConsole
        .Progress()
        .AutoClear(true)
        .Start(context =>
        {
            var task = context.AddTask("training", maxValue: config.Iterations);
            Tutorial.Run(config, text, done => task.Value = done);
        });
    Console.Write(text);
    return 0;
}

static Action<OptionResult> Positive(string name) =>
    result =>
    {
        if (
            result.Tokens.SingleOrDefault() is { } token
            && double.TryParse(token.Value, out double value)
            && !(value > 0 && double.IsFinite(value))
        )
        {
            result.AddError($"{name} must be a positive number; got {token.Value}.");
        }
    };

static void Writable(OptionResult result)
{
    string folder = result.GetValueOrDefault<string>()!;
    try
    {
        Directory.CreateDirectory(folder);
    }
    catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
    {
        result.AddError($"--out must be a folder that can be written to; got {folder}: {error.Message}");
    }
}
