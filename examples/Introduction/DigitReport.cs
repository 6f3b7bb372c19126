using System;
using System.IO;
using System.Linq;
using System.Threading;
using JaxSharp.Data;
using hk = JaxSharp.Haiku.Hk;

namespace JaxSharp.Examples.Introduction;

/// <summary>Runs part 3 and tells what came out.</summary>
public static class DigitReport
{
    /// <summary>What came out.</summary>
    /// <param name="Result">The last state and the history.</param>
    /// <param name="TestAccuracy">The share of test images read rightly.</param>
    /// <param name="Report">The classification report of the test images.</param>
    public sealed record Results(TrainingResult<DigitState> Result, double TestAccuracy, string Report);

    /// <summary>Trains, tests, draws, saves the parameters and reads them back.</summary>
    /// <param name="config">What to run.</param>
    /// <param name="data">The images.</param>
    /// <param name="output">Where to write what was found.</param>
    /// <param name="progress">Is told of each step and epoch.</param>
    /// <param name="cancellation">Ends training after the current step.</param>
    public static Results Run(
        Config config,
        (LabelledImages Train, LabelledImages Test) data,
        TextWriter output,
        ITrainingProgress? progress = null,
        CancellationToken cancellation = default
    )
    {
        var settings = config.Digits ?? new DigitSettings();
        output.WriteLine("Part 3: a convolutional network reads handwritten digits");
        output.WriteLine($"  {data.Train.Images.Shape[0]} images to train, {data.Test.Images.Shape[0]} to test");
        var training = new DigitTraining(settings, data.Train, data.Test, JaxRandom.Key(config.Seed));
        string? checkpoint = config.Out is { } folder ? Path.Combine(folder, "digits-checkpoint.safetensors") : null;
        var result = training.Run(progress, checkpoint, config.Resume, cancellation);
        if (result.End == TrainingEnd.Cancelled)
        {
            output.WriteLine(
                $"  stopped in epoch {result.Position.Epoch + 1}, step {result.Position.Step}; go on with --resume"
            );
        }

        foreach (var epoch in result.History)
        {
            output.WriteLine(
                $"  epoch {epoch.Epoch + 1}: loss {epoch.Train["loss"]:f4}, accuracy {epoch.Train["accuracy"]:p2} in training, "
                    + $"{epoch.Evaluation["accuracy"]:p2} on test images"
            );
        }

        var parameters = Saved(result.State.Params, config.Out, output);
        var read = training.Predict(parameters);
        double accuracy = Metrics.AccuracyScore(data.Test.Labels, read);
        output.WriteLine($"  accuracy {accuracy:p2} on test images");
        if (config.Out is not null)
        {
            string[] files =
            [
                .. training.Losses.Count > 0
                    ? Figures.DrawDigitTraining(training.Losses, result.History, config.Out)
                    : [],
                .. Figures.DrawMistakes(data.Test, read, config.Out),
            ];
            output.WriteLine($"  wrote {string.Join(", ", files.Select(Path.GetFileName))}");
        }

        string report = Metrics.ClassificationReport(data.Test.Labels, read);
        output.WriteLine();
        output.Write(report);
        output.WriteLine();
        WriteConfusion(Metrics.ConfusionMatrix(data.Test.Labels, read), output);
        return new Results(result, accuracy, report);
    }

    /// <summary>The parameters as they come back from a file.</summary>
    private static hk.Params Saved(hk.Params parameters, string? folder, TextWriter output)
    {
        if (folder is null)
        {
            return parameters;
        }

        string path = Path.Combine(folder, "digits.safetensors");
        SafeTensors.Save(path, parameters);
        output.WriteLine(
            $"  wrote the {Tree.Leaves(parameters).Sum(x => x.Size):n0} parameters to {Path.GetFileName(path)} and read them back"
        );
        return SafeTensors.Load(path, parameters);
    }

    private static void WriteConfusion(NDArray matrix, TextWriter output)
    {
        output.WriteLine("digit        read as");
        output.WriteLine("         " + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i, 6}")));
        int[] counts = matrix.ToArray<int>();
        for (int i = 0; i < 10; i++)
        {
            output.WriteLine($"{i, 9}" + string.Concat(counts.Skip(10 * i).Take(10).Select(n => $"{n, 6}")));
        }
    }
}
