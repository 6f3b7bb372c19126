using System.Collections.Generic;
using System.IO;
using System.Linq;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace JaxSharp.Examples.Introduction;

/// <summary>Draws the figures of the tutorial, each as PNG and SVG.</summary>
public static partial class Figures
{
    private const int Width = 900;
    private const int Height = 560;

    private static readonly Color Ink = Color.FromHex("#343a40");
    private static readonly Color[] Palette =
    [
        Color.FromHex("#3b5bdb"),
        Color.FromHex("#e8590c"),
        Color.FromHex("#2b8a3e"),
    ];

    // In order of preference; the first that is installed is used.
    private static readonly string[] Sans =
    [
        "Inter",
        "Segoe UI",
        "Helvetica Neue",
        "Noto Sans",
        "DejaVu Sans",
        "Liberation Sans",
        "Arial",
    ];

    /// <summary>Whether text can be drawn into PNG files: whether any font is installed.</summary>
    public static bool HasFonts => SKFontManager.Default.FontFamilyCount > 0;

    /// <summary>The sigmoid and its derivatives.</summary>
    public static string[] DrawSigmoid(SigmoidDerivatives.Curves curves, string folder)
    {
        var plot = NewPlot("The sigmoid and its derivatives", "x", "value");
        double[] x = Values(curves.X);
        AddLine(plot, x, Values(curves.Sigmoid), "σ(x)", 0);
        AddLine(plot, x, Values(curves.Gradient), "σ′(x) = Grad(σ)", 1);
        AddLine(plot, x, Values(curves.Curvature), "σ″(x) = Grad(Grad(σ))", 2);
        plot.Axes.SetLimits(-5, 5, -0.15, 1.05);
        plot.ShowLegend(Alignment.UpperLeft);
        return Save(plot, folder, "sigmoid");
    }

    /// <summary>The accuracies during training.</summary>
    public static string[] DrawAccuracy(LogisticRegression.Training training, string folder)
    {
        var plot = NewPlot("Accuracy during training", "iteration", "accuracy");
        double[] x = [.. Enumerable.Range(1, training.Losses.Count).Select(i => (double)i)];
        AddLine(plot, x, training.TrainAccuracies, "training data", 0);
        AddLine(plot, x, training.TestAccuracies, "test data", 1);
        double lowest = training.TrainAccuracies.Concat(training.TestAccuracies).Min();
        double highest = training.TrainAccuracies.Concat(training.TestAccuracies).Max();
        double margin = System.Math.Max(0.02, (highest - lowest) * 0.08);
        plot.Axes.SetLimits(0, training.Losses.Count, lowest - margin, System.Math.Min(1.0, highest + margin));
        plot.ShowLegend(Alignment.LowerRight);
        return Save(plot, folder, "accuracy");
    }

    private static Plot NewPlot(string title, string xLabel, string yLabel)
    {
        var plot = new Plot();
        string font = Sans.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? Fonts.Default;
        plot.Font.Set(font);
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Title.Label.FontSize = 20;
        plot.Axes.Title.Label.Bold = false;
        plot.XLabel(xLabel, 16);
        plot.YLabel(yLabel, 16);
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 14;
        plot.Axes.Left.TickLabelStyle.FontSize = 14;
        plot.Axes.Color(Ink);
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Ink.WithAlpha(0.12);
        plot.Legend.FontSize = 15;
        plot.Legend.FontName = font;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.FontColor = Ink;
        foreach (IAxis axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.TickGenerator = new NumericAutomatic { TargetTickCount = 9 };
            axis.MinorTickStyle.Length = 0;
        }

        plot.Layout.Fixed(new PixelPadding(left: 78, right: 30, bottom: 62, top: 58));
        return plot;
    }

    private static void AddLine(Plot plot, IReadOnlyList<double> x, IReadOnlyList<double> y, string name, int color)
    {
        var line = plot.Add.ScatterLine(x.ToArray(), y.ToArray());
        line.LegendText = name;
        line.LineWidth = 2.5f;
        line.Color = Palette[color];
    }

    private static string[] Save(Plot plot, string folder, string name)
    {
        string png = Path.Combine(folder, name + ".png");
        string svg = Path.Combine(folder, name + ".svg");
        plot.SaveSvg(svg, Width, Height);
        plot.ScaleFactor = 2;
        plot.SavePng(png, Width * 2, Height * 2);
        return [png, svg];
    }

    private static double[] Values(NDArray x) =>
        [.. x.AsType(DType.F32).ToArray<float>().Select(value => (double)value)];
}
