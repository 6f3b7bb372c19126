using System;
using System.IO;
using JaxSharp.Data;

namespace JaxSharp.Examples.Introduction;

/// <summary>What to run.</summary>
/// <param name="Eta">The learning rate.</param>
/// <param name="Iterations">The number of steps.</param>
/// <param name="Seed">The seed of data and weights.</param>
/// <param name="Dataset">The name of a recorded data set; null to make one.</param>
/// <param name="TutorialCost">Whether to use the fragile formula of the cost.</param>
/// <param name="X64">Whether to compute in double precision.</param>
/// <param name="Out">The folder for figures and files; null to write none.</param>
/// <param name="Digits">How to train the network of part 3; null for the default.</param>
/// <param name="Resume">Whether part 3 goes on from the checkpoint in the folder.</param>
public sealed record Config(
    double Eta = 0.1,
    int Iterations = 500,
    int Seed = 0,
    string? Dataset = null,
    bool TutorialCost = false,
    bool X64 = false,
    string? Out = null,
    DigitSettings? Digits = null,
    bool Resume = false
);

/// <summary>The first two parts of the tutorial.</summary>
public static class Tutorial
{
    /// <summary>Part 1: the sigmoid and its derivatives.</summary>
    /// <param name="config">What to run.</param>
    /// <param name="output">Where to write what was found.</param>
    public static SigmoidDerivatives.Curves RunSigmoid(Config config, TextWriter output)
    {
        using var precision = JaxConfig.X64(config.X64);

        var curves = SigmoidDerivatives.Run();
        output.WriteLine("Part 1: derivatives of the sigmoid");
        output.WriteLine(
            $"  σ(0) = {curves.AtZero[0]:g6}, σ′(0) = {curves.AtZero[1]:g6}, σ″(0) = {curves.AtZero[2] + 0.0:g6}"
        );
        WriteFigures(config.Out, folder => Figures.DrawSigmoid(curves, folder), output);
        return curves;
    }

    /// <summary>Part 2: logistic regression.</summary>
    /// <param name="config">What to run.</param>
    /// <param name="output">Where to write what was found.</param>
    /// <param name="progress">Told the number of training steps done.</param>
    public static Results RunLogisticRegression(Config config, TextWriter output, Action<int>? progress = null)
    {
        using var precision = JaxConfig.X64(config.X64);

        var key = JaxRandom.PRNGKey(config.Seed);
        var data = config.Dataset is { } name ? Dataset.Load(name) : Dataset.Make(JaxRandom.FoldIn(key, 1));
        NDArray w = JaxRandom.Normal(key, data.XTrain.Shape[1], DType.F32).AsType(data.XTrain.DType);
        var training = LogisticRegression.Train(data, w, config.Eta, config.Iterations, config.TutorialCost, progress);
        string report = Metrics.ClassificationReport(data.YTest.AsType(DType.I32), training.TestPredictions);

        output.WriteLine("Part 2: logistic regression");
        output.WriteLine($"  {data.XTrain.Shape[0]} samples to train, {data.XTest.Shape[0]} to test");
        output.WriteLine(
            $"  loss {training.FirstCost:f4} before training, {training.Losses[^1]:f4} after {config.Iterations} steps"
        );
        output.WriteLine(
            $"  accuracy {training.TrainAccuracies[^1]:p1} on training data, {training.TestAccuracies[^1]:p1} on test data"
        );
        ExplainCost(config.TutorialCost, training.Losses[^1], output);
        WriteFigures(config.Out, folder => Figures.DrawAccuracy(training, folder), output);
        output.WriteLine();
        output.Write(report);
        return new Results(data, training, report);
    }

    private static void ExplainCost(bool tutorialCost, double loss, TextWriter output)
    {
        if (!tutorialCost)
        {
            output.WriteLine(
                "  cost: log σ(z) computed without σ, which cannot overflow (--tutorial-cost for the textbook formula)"
            );
            return;
        }

        output.WriteLine(
            "  cost: the textbook formula, log(p) and log(1 − p). Where a prediction rounds to 0 or 1 this is the"
        );
        output.WriteLine("  logarithm of 0, and 0 · ∞ is NaN. The default cost has the same value and does not break.");
        if (!double.IsFinite(loss))
        {
            output.WriteLine("  It broke in this run: start it again without --tutorial-cost.");
        }
    }

    private static void WriteFigures(string? folder, Func<string, string[]> draw, TextWriter output)
    {
        if (folder is null)
        {
            return;
        }

        Directory.CreateDirectory(folder);
        string[] files = draw(folder);
        output.WriteLine($"  wrote {string.Join(" and ", files)}");
        if (!Figures.HasFonts)
        {
            output.WriteLine("  (no fonts are installed: the PNG has no text; the SVG has)");
        }
    }

    /// <summary>What came out of part 2.</summary>
    /// <param name="Data">The data.</param>
    /// <param name="Training">The losses, accuracies and weights.</param>
    /// <param name="Report">The classification report of the test data.</param>
    public sealed record Results(Dataset Data, LogisticRegression.Training Training, string Report);
}
