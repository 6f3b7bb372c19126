using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;

namespace JaxSharp.Examples.Introduction;

/// <summary>The options of the example.</summary>
internal sealed class CommandLine
{
    private readonly Option<int[]> parts = new("--parts")
    {
        Description = "Which parts to run: 1 derivatives, 2 logistic regression, 3 digits.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 2, 3],
        CustomParser = ParseParts,
    };

    private readonly Option<double> eta = new("--eta")
    {
        Description = "Part 2: learning rate.",
        DefaultValueFactory = _ => 0.1,
        CustomParser = result => Positive<double>(result),
    };

    private readonly Option<int> iterations = new("--iterations")
    {
        Description = "Part 2: number of training steps.",
        DefaultValueFactory = _ => 500,
        CustomParser = result => Positive<int>(result),
    };

    private readonly Option<string?> dataset = new("--dataset")
    {
        Description = $"Part 2: a recorded data set: {string.Join(", ", Dataset.Names)}.",
    };

    private readonly Option<bool> tutorialCost = new("--tutorial-cost")
    {
        Description = "Part 2: use the textbook formula of the cost, which is fragile.",
    };

    private readonly Option<bool> x64 = new("--x64") { Description = "Parts 1 and 2: compute in double precision." };

    private readonly Option<string> preset = new("--preset")
    {
        Description = "Part 3: default, or best: longer, on images shifted a little each time.",
        DefaultValueFactory = _ => "default",
    };

    private readonly Option<int?> epochs = new("--epochs")
    {
        Description = "Part 3: how often to go through the images; 4, or 15 with --preset best.",
        CustomParser = result => Positive<int>(result),
    };

    private readonly Option<int?> batchSize = new("--batch-size")
    {
        Description = "Part 3: images of a step; 128.",
        CustomParser = result => Positive<int>(result),
    };

    private readonly Option<double?> learningRate = new("--learning-rate")
    {
        Description = "Part 3: the highest learning rate of Adam; 0.003, or 0.002 with --preset best.",
        CustomParser = result => Positive<double>(result),
    };

    private readonly Option<string?> data = new("--data")
    {
        Description = "Part 3: a folder with the four files of MNIST, or of another data set of its form.",
        Validators = { Existing },
    };

    private readonly Option<bool> resume = new("--resume")
    {
        Description = "Part 3: go on from the checkpoint in the folder of --out.",
    };

    private readonly Option<int> seed = new("--seed")
    {
        Description = "Seed of all that is random.",
        CustomParser = result => Number<int>(result, _ => true, "a whole number"),
    };

    private readonly Option<string> output = new("--out")
    {
        Description = "Folder for figures and parameters.",
        DefaultValueFactory = _ => ".",
        Validators = { Writable },
    };

    public CommandLine()
    {
        preset.AcceptOnlyFromAmong("default", "best");
        dataset.AcceptOnlyFromAmong(Dataset.Names);
        Command = new RootCommand("Derivatives, logistic regression and a network that reads digits, with JaxSharp.")
        {
            parts,
            eta,
            iterations,
            dataset,
            tutorialCost,
            x64,
            preset,
            epochs,
            batchSize,
            learningRate,
            data,
            resume,
            seed,
            output,
        };
    }

    public RootCommand Command { get; }

    public int[] PartsOf(ParseResult arguments) => arguments.GetValue(parts)!;

    public string? DataOf(ParseResult arguments) => arguments.GetValue(data);

    public Config ConfigOf(ParseResult arguments)
    {
        var digits = arguments.GetValue(preset) == "best" ? DigitSettings.Best : new DigitSettings();
        return new Config(
            arguments.GetValue(eta),
            arguments.GetValue(iterations),
            arguments.GetValue(seed),
            arguments.GetValue(dataset),
            arguments.GetValue(tutorialCost),
            arguments.GetValue(x64),
            arguments.GetValue(output),
            digits with
            {
                Epochs = arguments.GetValue(epochs) ?? digits.Epochs,
                BatchSize = arguments.GetValue(batchSize) ?? digits.BatchSize,
                LearningRate = arguments.GetValue(learningRate) ?? digits.LearningRate,
            },
            arguments.GetValue(resume)
        );
    }

    private static int[] ParseParts(ArgumentResult result)
    {
        string[] words = [.. result.Tokens.SelectMany(token => token.Value.Split(','))];
        if (words.Length == 0 || words.Any(word => word is not ("1" or "2" or "3")))
        {
            result.AddError($"--parts takes some of 1, 2 and 3, such as 1,3; got {string.Join(" ", words)}.");
            return [];
        }

        return [.. words.Select(int.Parse)];
    }

    private static T Positive<T>(ArgumentResult result)
        where T : struct, INumber<T> =>
        Number<T>(
            result,
            value => value > T.Zero && T.IsFinite(value),
            typeof(T) == typeof(int) ? "a positive whole number" : "a positive number"
        );

    private static T Number<T>(ArgumentResult result, Predicate<T> accepts, string expected)
        where T : struct, INumber<T>
    {
        string word = result.Tokens[0].Value;
        if (T.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && accepts(value))
        {
            return value;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} must be {expected}; got {word}.");
        return default;
    }

    private static void Existing(OptionResult result)
    {
        if (result.GetValueOrDefault<string?>() is { } folder && !Directory.Exists(folder))
        {
            result.AddError($"--data must be a folder that exists; got {folder}.");
        }
    }

    private static void Writable(OptionResult result)
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
}
