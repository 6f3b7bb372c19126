using System.Diagnostics;
using System.IO;
using JaxSharp.Data;
using Spectre.Console;

namespace JaxSharp.Examples.Introduction;

/// <summary>Shows training as a bar of the console.</summary>
/// <param name="task">The bar.</param>
/// <param name="batchSize">The number of images of a step.</param>
public sealed class DigitBar(ProgressTask task, int batchSize) : ITrainingProgress
{
    private const int Every = 10;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private string tested = "";
    private int steps;

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
        steps++;
        task.MaxValue = (double)report.Epochs * report.BatchesPerEpoch;
        task.Value = ((double)report.Position.Epoch * report.BatchesPerEpoch) + report.Position.Step + 1;
        if (steps % Every == 0)
        {
            var averages = report.Averages.Compute();
            double rate = steps * (double)batchSize / clock.Elapsed.TotalSeconds;
            task.Description =
                $"epoch {report.Position.Epoch + 1}/{report.Epochs}  loss {averages["loss"]:f4}  accuracy {averages["accuracy"]:p1}"
                + $"  {rate:n0} images/s{tested}";
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochResult result) => tested = $"  test {result.Evaluation["accuracy"]:p2}";
}

/// <summary>Writes a line after each epoch, where output is no terminal.</summary>
/// <param name="output">Where to write.</param>
/// <param name="imagesPerEpoch">The number of training images.</param>
public sealed class DigitLog(TextWriter output, int imagesPerEpoch) : ITrainingProgress
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <inheritdoc/>
    public void OnStep(StepReport report) { }

    /// <inheritdoc/>
    public void OnEpoch(EpochResult result)
    {
        double seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        output.WriteLine(
            $"  … epoch {result.Epoch + 1} took {seconds:f1} s, {imagesPerEpoch / seconds:n0} images/s, "
                + $"test accuracy {result.Evaluation["accuracy"]:p2}"
        );
        output.Flush();
    }
}
