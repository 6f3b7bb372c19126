using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;

namespace JaxSharp.Peers.Report;

/// <summary>A bar for each row: the peer's time divided by ours, on a logarithmic scale; bars to the right are faster.</summary>
internal static class RatioChart
{
    private const int NamesWidth = 330;
    private const int BarsWidth = 460;
    private const int LabelWidth = 60;
    private const int LineHeight = 20;
    private const int Top = 34;

    private static readonly double[] Ticks = [0.01, 0.03, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 100, 300, 1000];

    public static string Svg(IReadOnlyList<RowResult> rows)
    {
        var bars = rows.Where(row => row.Ratio > 0).Select(row => (row.Name, Ratio: row.Ratio!.Value)).ToArray();
        double least = bars.Select(bar => bar.Ratio).Append(0.5).Min() / 1.1;
        double most = bars.Select(bar => bar.Ratio).Append(2).Max() * 1.1;
        int height = Top + (bars.Length * LineHeight) + 10;
        double Place(double ratio) => NamesWidth + (BarsWidth * Math.Log(ratio / least) / Math.Log(most / least));

        var svg = new StringBuilder();
        void Add(FormattableString text) => svg.Append(FormattableString.Invariant(text)).Append('\n');
        int width = NamesWidth + BarsWidth + LabelWidth;
        Add(
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">"""
        );
        Add($"""<rect width="100%" height="100%" fill="white"/>""");
        Add(
            $"""<text x="{NamesWidth}" y="14" fill="#444">time of libtorch / time of JaxSharp; above 1 JaxSharp is faster</text>"""
        );
        foreach (double tick in Ticks.Where(tick => tick >= least && tick <= most))
        {
            string colour = tick == 1 ? "#444" : "#ddd";
            Add(
                $"""<line x1="{Place(tick):F1}" x2="{Place(tick):F1}" y1="{Top - 4}" y2="{height - 6}" stroke="{colour}"/>"""
            );
            Add(
                $"""<text x="{Place(tick):F1}" y="{Top - 7}" fill="#777" font-size="10" text-anchor="middle">{tick}</text>"""
            );
        }

        for (int i = 0; i < bars.Length; i++)
        {
            var (name, ratio) = bars[i];
            double y = Top + (i * LineHeight);
            double left = Math.Min(Place(1), Place(ratio));
            double length = Math.Abs(Place(ratio) - Place(1));
            string colour = ratio >= 1 ? "#2a7f62" : "#c8553d";
            Add(
                $"""<text x="{NamesWidth - 8}" y="{y + 13}" text-anchor="end" fill="#222">{WebUtility.HtmlEncode(name)}</text>"""
            );
            Add($"""<rect x="{left:F1}" y="{y + 3}" width="{length:F1}" height="{LineHeight - 7}" fill="{colour}"/>""");
            Add($"""<text x="{left + length + 4:F1}" y="{y + 13}" fill="#222" font-size="11">{ratio:F2}</text>""");
        }

        return svg.Append("</svg>\n").ToString();
    }
}
