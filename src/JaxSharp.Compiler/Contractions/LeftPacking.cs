using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Copies some strips of the left operand, for a block of K at a time, to where tiles read them: either each row for itself, K side by
/// side, or strip by strip, the rows of the strip side by side for one step of K after the other.
/// </summary>
internal readonly unsafe struct LeftPacking(ContractionCode code, int firstStrip, int endStrip)
{
    // So many steps of K, or rows, are a piece.
    private const int PieceLength = 64;

    private const int StepsAtATime = 16;

    private readonly ContractionPlan plan = code.Plan;
    private readonly int firstRow = code.Plan.StripStart(firstStrip);
    private readonly int rowCount = code.Plan.StripStart(endStrip) - code.Plan.StripStart(firstStrip);

    private int Size => code.Size;

    private bool ByStrips => plan.LeftAccess == LeftAccess.Strips;

    /// <summary>The bytes that the packed rows take for a block.</summary>
    public nint Bytes(InnerBlock block) =>
        ByStrips ? (nint)rowCount * block.Count * Size : rowCount * Lead(block) * Size;

    /// <summary>The bytes for all blocks.</summary>
    public nint Bytes()
    {
        nint bytes = 0;
        foreach (var block in plan.InnerBlocks)
        {
            bytes += Bytes(block);
        }

        return bytes;
    }

    /// <summary>The pieces of a block, which can be copied one by one.</summary>
    public int Pieces(InnerBlock block) => (((ByStrips ? block.Count : rowCount) - 1) / PieceLength) + 1;

    /// <summary>Where a block begins if all lie one after the other.</summary>
    public nint Offset(InnerBlock block)
    {
        nint offset = 0;
        foreach (var before in plan.InnerBlocks)
        {
            offset += before.Start < block.Start ? Bytes(before) : 0;
        }

        return offset;
    }

    /// <summary>Where the first row of a strip begins.</summary>
    public nint Start(InnerBlock block, int strip)
    {
        nint before = plan.StripStart(strip) - firstRow;
        return before * (ByStrips ? block.Count : Lead(block)) * Size;
    }

    /// <summary>How far rows are from one another.</summary>
    public nint RowBytes(InnerBlock block) => ByStrips ? Size : Lead(block) * Size;

    /// <summary>Copies the rows.</summary>
    public void Fill(in OperandOrigin left, InnerBlock block, byte* target)
    {
        int pieces = Pieces(block);
        for (int piece = 0; piece < pieces; piece++)
        {
            Fill(left, block, piece, target);
        }
    }

    /// <summary>Copies one piece.</summary>
    public void Fill(in OperandOrigin left, InnerBlock block, int piece, byte* target)
    {
        var layout = plan.Left;
        int start = piece * PieceLength;
        if (!ByStrips)
        {
            var some = (firstRow + start, Math.Min(PieceLength, rowCount - start));
            var inner = (block.Start, block.Count);
            byte* place = target + (start * Lead(block) * Size);
            Packing.Fill(left, layout.Rows, layout.Inner, some, inner, place, Lead(block), Size, code.CopyLeft);
            return;
        }

        int depth = Math.Min(PieceLength, block.Count - start);
        bool isPlain = layout.IsWhole && ReferenceEquals(layout.DType, plan.Type);
        if (isPlain && layout.Rows is [{ Stride: 1 }] && layout.Inner is [var axis])
        {
            long first = left.Address + firstRow + ((block.Start + start) * axis.Stride);
            DealOut(left.Memory + (first * Size), (nint)axis.Stride * Size, (start, depth), block.Count, target);
            return;
        }

        nint lead = rowCount;
        byte* scratch = Scratch.Current.Get(3, PieceLength * lead * Size);
        var (rows, steps) = ((firstRow, rowCount), (block.Start + start, depth));
        Packing.Fill(left, layout.Inner, layout.Rows, steps, rows, scratch, lead, Size, code.CopyLeft);
        DealOut(scratch, lead * Size, (start, depth), block.Count, target);
    }

    // Packed rows are whole cache lines, and never a multiple of 4 KiB apart.
    private nint Lead(InnerBlock block)
    {
        int line = 64 / Size;
        nint count = (block.Count + line - 1) / line * line;
        return count % (512 / Size) == 0 && count > line ? count + line : count;
    }

    // Strips of more rows come first.
    private void DealOut(byte* source, nint sourceStep, (int Start, int Count) steps, int depth, byte* target)
    {
        byte* end = source + ((nint)rowCount * Size);
        for (int s = firstStrip; s < endStrip; )
        {
            int rows = plan.StripStart(s + 1) - plan.StripStart(s);
            int next = s + 1;
            while (next < endStrip && plan.StripStart(next + 1) - plan.StripStart(next) == rows)
            {
                next++;
            }

            nint bytes = (nint)rows * Size;
            byte* place = target + (steps.Start * bytes);
            DealOut(source, end, sourceStep, place, depth * bytes, (next - s, steps.Count), bytes);
            source += (next - s) * bytes;
            target += (next - s) * (depth * bytes);
            s = next;
        }
    }

    // Some lines at a time, so that writing, which waits for other cores to let go of the memory, goes on along a strip, while the
    // lines stay in the first-level cache. What a step writes beyond its end, the next steps of the strip write over; neither
    // reading nor writing goes beyond the end of a line or of the piece, which another thread may have gone on from.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DealOut(
        byte* source,
        byte* end,
        nint sourceStep,
        byte* target,
        nint stripBytes,
        (int Strips, int Steps) counts,
        nint bytes
    )
    {
        nint vectors = bytes <= 32 ? 32 : (bytes + 63) / 64 * 64;
        int strips = WithRoom((nint)(end - source), counts.Strips);
        int steps = WithRoom(counts.Steps * bytes, counts.Steps);
        for (int k = 0; k < counts.Steps; k += StepsAtATime)
        {
            int some = Math.Min(StepsAtATime, counts.Steps - k);
            byte* first = source + (k * sourceStep);
            byte* place = target + (k * bytes);
            for (int s = 0; s < counts.Strips; s++, first += bytes, place += stripBytes)
            {
                byte* line = first;
                byte* step = place;
                int i = 0;
                int fast = s < strips ? Math.Min(some, steps - k) : 0;
                for (; i < fast && bytes <= 32; i++, line += sourceStep, step += bytes)
                {
                    Vector256.Store(Vector256.Load(line), step);
                }

                for (; i < fast; i++, line += sourceStep, step += bytes)
                {
                    for (nint b = 0; b < bytes; b += 64)
                    {
                        Vector512.Store(Vector512.Load(line + b), step + b);
                    }
                }

                for (; i < some; i++, line += sourceStep, step += bytes)
                {
                    LineCopy.Contiguous(line, step, bytes);
                }
            }
        }

        // How many places of so many bytes can be copied in whole vectors.
        int WithRoom(nint all, int count) =>
            (int)Math.Clamp(all < vectors ? 0 : ((all - vectors) / bytes) + 1, 0, count);
    }
}
