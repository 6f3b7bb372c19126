using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

// Rows that are at one distance from each other, line by line.
internal readonly unsafe ref partial struct ContractionTask
{
    /// <summary>Runs the tiles of a block of K, all strips of a line that have as many rows at once.</summary>
    /// <param name="arguments">What strips share, with tables of a single row.</param>
    /// <param name="origin">Where the first row of all lies.</param>
    /// <param name="output">The output of the batch.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLines(ref TileArguments arguments, nint origin, nint output)
    {
        int line = firstStrip / plan.StripsPerLine;
        int within = firstStrip - (line * plan.StripsPerLine);
        int row = plan.StripStart(firstStrip) - (line * plan.LineLength);
        var leftIndices = stackalloc int[plan.LineAxes.Length];
        var outIndices = stackalloc int[plan.OutRows.Length];
        var place = new AxisCursor(plan.LineAxes, line, 0, new Span<int>(leftIndices, plan.LineAxes.Length));
        var target = new AxisCursor(
            plan.OutRows,
            (long)line * plan.LineLength,
            0,
            new Span<int>(outIndices, plan.OutRows.Length)
        );
        nint rowStep = (nint)plan.RowStep;
        nint targetStep = plan.OutRows.Length == 0 ? 0 : (nint)plan.OutRows[^1].Stride * size;
        arguments.TargetStep = targetStep;
        output += firstPanel * (nint)code.PanelRowBytes;
        for (int s = firstStrip; s < endStrip; )
        {
            int together = plan.EqualStrips(within, Math.Min(endStrip - s + within, plan.StripsPerLine));
            int count = plan.RowsOf(within);
            arguments.Strips = together;
            arguments.StripRows = count * rowStep;
            arguments.StripTargets = count * targetStep;
            code.RunPanels(
                ref arguments,
                (FullPanels, HasEdge),
                count,
                origin + ((nint)place.Address * size) + (row * rowStep),
                output + ((nint)target.Address * size) + (row * targetStep)
            );
            s += together;
            within += together;
            row += together * count;
            if (within == plan.StripsPerLine && s < endStrip)
            {
                (within, row) = (0, 0);
                place.Advance(1);
                target.Advance(plan.LineLength);
            }
        }
    }
}
