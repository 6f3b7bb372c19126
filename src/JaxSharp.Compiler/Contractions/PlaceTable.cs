using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Where the steps of a block of K lie for each line of rows that exist together, as channels of an image do for a place of the kernel:
/// addresses of the first row of a line, or of zeros where a step has no elements.
/// </summary>
internal static unsafe class PlaceTable
{
    private const int Lanes = 8;

    /// <summary>The size of the tables of so many lines, with room for a vector that begins at the last step.</summary>
    public static nint Bytes(InnerBlock block, int lines) => (((nint)lines * block.Count) + Lanes) * sizeof(long);

    /// <summary>Fills the tables of some lines, one after the other.</summary>
    /// <param name="code">The code of the contraction.</param>
    /// <param name="left">Where the left operand begins.</param>
    /// <param name="block">The block of K.</param>
    /// <param name="lines">The first line, and the one after the last.</param>
    /// <param name="table">Receives the addresses.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(
        ContractionCode code,
        in OperandOrigin left,
        InnerBlock block,
        (int First, int End) lines,
        nint* table
    )
    {
        var plan = code.Plan;
        var layout = plan.Left;
        int checks = layout.Checks.Length;
        var axis = layout.Inner[^1];
        var steps = stackalloc int[checks];
        for (int c = 0; c < checks; c++)
        {
            steps[c] = axis.Coefs[c];
        }

        var start = stackalloc int[checks];
        var along = new CheckedLine(layout.Checks, start, steps);
        int rank = plan.LineAxes.Length + checks;
        int depth = layout.Inner.Length + checks;
        var scratch = stackalloc int[rank + depth];
        var line = new AxisCursor(plan.LineAxes, lines.First, checks, new Span<int>(scratch, rank));
        nint step = (nint)axis.Stride * code.Size;
        for (int l = lines.First; l < lines.End; l++)
        {
            var inner = new AxisCursor(layout.Inner, block.Start, checks, new Span<int>(scratch + rank, depth));
            for (int done = 0; done < block.Count; )
            {
                int count = Math.Min(inner.Run, block.Count - done);
                for (int c = 0; c < checks; c++)
                {
                    start[c] = left.Coordinates[c] + line.Coordinates[c];
                }

                fixed (int* coordinates = inner.Coordinates)
                {
                    (int low, int high) = (0, count);
                    along.Narrow(coordinates, ref low, ref high);
                    long address = left.Address + line.Address + inner.Address;
                    FillRun(
                        table,
                        count,
                        (low, high),
                        (nint)left.Memory + ((nint)address * code.Size),
                        step,
                        code.ZeroRow
                    );
                }

                table += count;
                done += count;
                inner.Advance(count);
            }

            line.Advance(1);
        }
    }

    // A run goes on in whole vectors, which what follows overwrites.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillRun(nint* table, int count, (int Low, int High) range, nint first, nint step, nint zeros)
    {
        var place = Vector512.CreateSequence((long)first, step);
        var next = Vector512.Create(Lanes * (long)step);
        for (int i = 0; i < range.High; i += Lanes, place += next)
        {
            place.Store((long*)table + i);
        }

        new Span<nint>(table, Math.Min(range.Low, count)).Fill(zeros);
        if (range.High < count)
        {
            new Span<nint>(table + Math.Max(range.High, 0), count - Math.Max(range.High, 0)).Fill(zeros);
        }
    }
}
