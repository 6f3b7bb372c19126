using System;
using System.IO;
using System.Linq;
using System.Threading;
using JaxSharp.Examples.Introduction;
using Xunit;

namespace JaxSharp.Data.Tests;

/// <summary>The introduction's third part on a few images: learns, writes its files, stops and goes on.</summary>
public sealed class DigitReportTests : IDisposable
{
    private static readonly (LabelledImages Train, LabelledImages Test) Few = First(1024, 300);
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_small_run_learns_draws_and_saves()
    {
        var output = new StringWriter();
        var config = new Config(Seed: 1, Out: folder, Digits: new DigitSettings(Epochs: 3, BatchSize: 32, MaxShift: 1));
        var results = DigitReport.Run(
            config,
            Few,
            output,
            new DigitLog(output, 1024),
            TestContext.Current.CancellationToken
        );
        Assert.True(results.TestAccuracy > 0.85, $"{results.TestAccuracy}");
        Assert.Contains(results.Report, output.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "digits-accuracy.png",
                "digits-accuracy.svg",
                "digits-checkpoint.safetensors",
                "digits-loss.png",
                "digits-loss.svg",
                "digits-mistakes.png",
                "digits-mistakes.svg",
                "digits.safetensors",
            ],
            Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_run_that_was_stopped_and_resumed_ends_with_the_same_bits()
    {
        var settings = new DigitSettings(Epochs: 2, BatchSize: 128);
        var whole = Training(settings).Run(cancellation: TestContext.Current.CancellationToken);

        string checkpoint = Path.Combine(folder, "state.safetensors");
        using var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var stopped = Training(settings).Run(new StopAt(source, 11), checkpoint, cancellation: source.Token);
        Assert.Equal((TrainingEnd.Cancelled, new LoaderPosition(1, 3)), (stopped.End, stopped.Position));
        var resumed = Training(settings)
            .Run(checkpoint: checkpoint, resume: true, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(Bits(whole.State), Bits(resumed.State));
        Assert.Equal(whole.History.Select(Numbers), resumed.History.Select(Numbers));
    }

    private static string Numbers(EpochResult result) =>
        string.Join(" ", result.Train.Concat(result.Evaluation).Select(pair => $"{pair.Key} {pair.Value:r}"));

    private static string Bits(DigitState state) =>
        string.Join(
            " ",
            Tree.Leaves(state.Params)
                .Select(leaf => string.Join(",", leaf.ToArray<float>().Select(BitConverter.SingleToUInt32Bits)))
        );

    private static DigitTraining Training(DigitSettings settings) =>
        new(settings, Few.Train, Few.Test, JaxRandom.Key(3));

    private static (LabelledImages, LabelledImages) First(int train, int test)
    {
        var all = Mnist.Load();
        return (
            new LabelledImages(all.Train.Images[..train], all.Train.Labels[..train]),
            new LabelledImages(all.Test.Images[..test], all.Test.Labels[..test])
        );
    }

    private sealed class StopAt(CancellationTokenSource source, int steps) : ITrainingProgress
    {
        private int done;

        public void OnStep(StepReport report)
        {
            if (++done == steps)
            {
                source.Cancel();
            }
        }

        public void OnEpoch(EpochResult result) { }
    }
}
