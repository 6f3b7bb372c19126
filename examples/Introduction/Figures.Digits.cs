using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Data;
using ScottPlot;

namespace JaxSharp.Examples.Introduction;

public static partial class Figures
{
    private const int Side = 28;
    private const int Window = 20;

    /// <summary>The loss of the training steps, and the accuracies after each epoch.</summary>
    public static string[] DrawDigitTraining(
        IReadOnlyList<NDArray> losses,
        IReadOnlyList<EpochResult> history,
        string folder
    )
    {
        var loss = NewPlot("Loss while training", "step", "cross entropy");
        double[][] windows = [.. losses.Select(x => (double)x).Chunk(Window)];
        AddLine(
            loss,
            [.. windows.Select((_, i) => (double)(i * Window))],
            [.. windows.Select(window => window.Average())],
            $"average over {Window} steps",
            0
        );
        loss.Axes.AutoScale();
        loss.Axes.SetLimits(bottom: 0);
        loss.ShowLegend(Alignment.UpperRight);

        var accuracy = NewPlot("Accuracy after each epoch", "epoch", "accuracy");
        double[] epochs = [.. history.Select(result => result.Epoch + 1.0)];
        double[] trained = [.. history.Select(result => result.Train["accuracy"])];
        double[] tested = [.. history.Select(result => result.Evaluation["accuracy"])];
        AddLine(accuracy, epochs, trained, "training images, with dropout", 0);
        AddLine(accuracy, epochs, tested, "test images", 1);
        double lowest = trained.Concat(tested).DefaultIfEmpty(0).Min();
        accuracy.Axes.SetLimits(0.9, Math.Max(2, history.Count) + 0.1, lowest - 0.005, 1.0);
        accuracy.ShowLegend(Alignment.LowerRight);
        return [.. Save(loss, folder, "digits-loss"), .. Save(accuracy, folder, "digits-accuracy")];
    }

    /// <summary>Test images that were read wrongly, with the digit that they show and the one that was read.</summary>
    public static string[] DrawMistakes(LabelledImages test, NDArray read, string folder)
    {
        const int Columns = 8;
        const int Rows = 4;
        const int Width = Side + 6;
        const int Height = Side + 14;
        byte[] pixels = test.Images.ToArray<byte>();
        int[] truth = test.Labels.ToArray<int>();
        int[] guess = read.ToArray<int>();
        int[] wrong = [.. Enumerable.Range(0, truth.Length).Where(i => truth[i] != guess[i]).Take(Rows * Columns)];

        var plot = new Plot();
        double[,] picture = new double[Rows * Height, Columns * Width];
        for (int k = 0; k < wrong.Length; k++)
        {
            var (top, left) = (k / Columns * Height, k % Columns * Width);
            for (int i = 0; i < Side * Side; i++)
            {
                picture[top + (i / Side), left + (i % Side)] = pixels[(wrong[k] * Side * Side) + i];
            }

            var label = plot.Add.Text(
                $"{truth[wrong[k]]}, read as {guess[wrong[k]]}",
                left + (Side / 2.0),
                (Rows * Height) - top - Side - 5
            );
            label.LabelFontSize = 14;
            label.LabelFontColor = Ink;
            label.LabelAlignment = Alignment.MiddleCenter;
        }

        var map = plot.Add.Heatmap(picture);
        map.Colormap = new ScottPlot.Colormaps.Grayscale().Reversed();
        map.Position = new CoordinateRect(0, Columns * Width, 0, Rows * Height);
        plot.MoveToBack(map);
        plot.HideGrid();
        plot.HideAxesAndGrid();
        plot.Axes.SetLimits(-3, Columns * Width, -2, (Rows * Height) + 3);
        plot.Font.Set(NewPlot("", "", "").Axes.Title.Label.FontName);
        return Save(plot, folder, "digits-mistakes");
    }
}
