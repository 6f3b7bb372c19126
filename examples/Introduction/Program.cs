using System;
using System.Linq;
using JaxSharp;
using JaxSharp.Data;
using JaxSharp.Examples.Introduction;
using Spectre.Console;

var options = new CommandLine();
var parsed = options.Command.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("Use --help to see the options.");
    return 2;
}

if (parsed.Action is not null)
{
    return parsed.Invoke();
}

var config = options.ConfigOf(parsed);
int[] parts = options.PartsOf(parsed);
try
{
    if (parts.Contains(1))
    {
        Tutorial.RunSigmoid(config, Console.Out);
        Console.WriteLine();
    }

    if (parts.Contains(2))
    {
        RunWithBar(
            config.Iterations,
            task => Tutorial.RunLogisticRegression(config, Console.Out, n => task?.Value = n)
        );
        Console.WriteLine();
    }

    return parts.Contains(3) ? RunDigits() : 0;
}
catch (Exception error) when (error is JaxException or System.IO.IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

int RunDigits()
{
    var data = options.DataOf(parsed) is { } folder ? Mnist.Load(folder) : Mnist.Load();
    using var interrupt = new ConsoleInterrupt();
    var result = RunWithBar(
        1,
        task =>
            DigitReport.Run(
                config,
                data,
                Console.Out,
                task is null
                    ? new DigitLog(Console.Out, data.Train.Images.Shape[0])
                    : new DigitBar(task, config.Digits!.BatchSize),
                interrupt.Token
            )
    );

    // As a shell reports a program that Ctrl-C has ended.
    return result.Result.End == TrainingEnd.Cancelled ? 130 : 0;
}

// A bar where output is a terminal; what is written meanwhile appears when the bar is gone.
static T RunWithBar<T>(int most, Func<ProgressTask?, T> run)
{
    if (Console.IsOutputRedirected)
    {
        return run(null);
    }

    var terminal = Console.Out;
    var text = new System.IO.StringWriter();
    T result = default!;
    try
    {
        AnsiConsole
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .Start(context =>
            {
                Console.SetOut(text);
                result = run(context.AddTask("training", maxValue: most));
            });
    }
    finally
    {
        Console.SetOut(terminal);
        Console.Write(text);
    }

    return result;
}
