using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Where an operand starts for one position of the batch axes.</summary>
internal readonly unsafe ref struct OperandOrigin
{
    public OperandOrigin(OperandLayout layout, nint memory, long batch, Span<int> coordinates)
    {
        Layout = layout;
        Memory = (byte*)memory;
        Address = layout.BaseOffset + OperandLayout.Locate(layout.Batch, batch, coordinates);
        for (int c = 0; c < coordinates.Length; c++)
        {
            coordinates[c] += layout.Checks[c].Offset;
        }

        Coordinates = coordinates;
    }

    public OperandLayout Layout { get; }

    public byte* Memory { get; }

    /// <summary>The scaled address, in elements, of the first row and K.</summary>
    public long Address { get; }

    /// <summary>The checked coordinates of the first row and K.</summary>
    public Span<int> Coordinates { get; }
}

/// <summary>Copies blocks of an operand into dense scratch memory, with zeros where it has no elements.</summary>
internal static unsafe class Packing
{
    private const int SegmentsAtATime = 64;
    private const int LeastTurnedRun = 16;

    /// <summary>
    /// Fills <c>target[o·lead + i]</c> for positions of the outer axes and, side by side, of the inner axes (rows and K, or K
    /// and rows). With a panel width, positions <c>i</c> beyond it go on in the next panel. Sizes are in elements of the
    /// target type.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(
        in OperandOrigin origin,
        LayoutAxis[] outerAxes,
        LayoutAxis[] innerAxes,
        (int Start, int Count) outer,
        (int Start, int Count) inner,
        byte* target,
        nint lead,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy,
        (int Width, nint Step) panel = default
    )
    {
        int checks = origin.Layout.Checks.Length;
        var segments = stackalloc Segment[SegmentsAtATime];
        var coordinates = stackalloc int[SegmentsAtATime * checks];
        int run = innerAxes.Length == 0 ? 1 : innerAxes[^1].Extent;
        int width = panel.Width == 0 ? int.MaxValue : panel.Width;
        int done = 0;
        while (done < inner.Count)
        {
            int count = 0;
            for (; count < SegmentsAtATime && done < inner.Count; count++)
            {
                int position = inner.Start + done;
                (int number, int within) = Math.DivRem(done, width);
                int length = Math.Min(run - (position % run), inner.Count - done);
                segments[count].Length = Math.Min(length, width - within);
                segments[count].Target = ((number * panel.Step) + within) * targetSize;
                segments[count].Address = OperandLayout.Locate(
                    innerAxes,
                    position,
                    new Span<int>(coordinates + (count * checks), checks)
                );
                segments[count].Coordinates = coordinates + (count * checks);
                done += segments[count].Length;
            }

            FillSegments(
                origin,
                outerAxes,
                innerAxes.Length == 0 ? default : innerAxes[^1],
                outer,
                new ReadOnlySpan<Segment>(segments, count),
                target,
                lead * targetSize,
                targetSize,
                copy
            );
        }
    }

    /// <summary>
    /// Fills <c>target[k·width + r]</c> from rows that are contiguous along K: they are copied as they lie and then turned, or turned
    /// where they are if <paramref name="isPlain"/>, which means that nothing is converted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FillTurned(
        in OperandOrigin origin,
        (int Start, int Count) rows,
        (int Start, int Count) inner,
        byte* target,
        int width,
        int targetSize,
        byte* scratch,
        bool isPlain,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        const int Depth = 64;
        const int Lead = Depth + 8;
        if (
            origin.Layout is { IsWhole: true, Rows.Length: <= 1, Inner: [.., { Stride: 1 } axis] } layout
            && isPlain
            && (layout.Inner.Length == 1 || axis.Extent >= LeastTurnedRun)
        )
        {
            // Rows lie at one distance from each other and are turned where they are, run by run.
            long step = layout.Rows.Length == 0 ? 0 : layout.Rows[0].Stride;
            long first = origin.Address + (rows.Start * step);
            for (int k = 0; k < inner.Count; )
            {
                int position = inner.Start + k;
                int length = Math.Min(axis.Extent - (position % axis.Extent), inner.Count - k);
                long place = first + OperandLayout.Locate(layout.Inner, position, []);
                Transposition.Run(
                    origin.Memory + (place * targetSize),
                    (nint)step * targetSize,
                    target + ((long)k * width * targetSize),
                    width * targetSize,
                    rows.Count,
                    length,
                    targetSize
                );
                k += length;
            }

            return;
        }

        for (int k = 0; k < inner.Count; k += Depth)
        {
            int depth = Math.Min(Depth, inner.Count - k);
            Fill(
                origin,
                origin.Layout.Rows,
                origin.Layout.Inner,
                rows,
                (inner.Start + k, depth),
                scratch,
                Lead,
                targetSize,
                copy
            );
            Transposition.Run(
                scratch,
                Lead * targetSize,
                target + ((long)k * width * targetSize),
                width * targetSize,
                rows.Count,
                depth,
                targetSize
            );
        }
    }

    /// <summary>The scratch that <see cref="FillTurned"/> needs for a width, in bytes.</summary>
    public static int TurnScratch(int width) => width * 72 * sizeof(ulong);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillSegments(
        in OperandOrigin origin,
        LayoutAxis[] outerAxes,
        LayoutAxis innerAxis,
        (int Start, int Count) outer,
        ReadOnlySpan<Segment> segments,
        byte* target,
        nint lead,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        var layout = origin.Layout;
        int checks = layout.Checks.Length;
        int size = layout.DType.Size;
        nint innerStep = (nint)innerAxis.Stride * size;
        var coordinates = stackalloc int[checks];
        var coefs = stackalloc int[checks];
        for (int c = 0; c < checks; c++)
        {
            coefs[c] = innerAxis.Coefs is null ? 0 : innerAxis.Coefs[c];
        }

        var line = new CheckedLine(layout.Checks, coordinates, coefs);
        var scratch = stackalloc int[outerAxes.Length + checks];
        var cursor = new AxisCursor(outerAxes, outer.Start, checks, new Span<int>(scratch, outerAxes.Length + checks));
        for (int o = 0; o < outer.Count; o++)
        {
            long address = origin.Address + cursor.Address;
            byte* row = target + (o * lead);
            for (int c = 0; c < checks; c++)
            {
                coordinates[c] = origin.Coordinates[c] + cursor.Coordinates[c];
            }

            foreach (ref readonly var segment in segments)
            {
                long start = address + segment.Address;
                byte* place = row + segment.Target;
                if (checks == 0)
                {
                    copy(origin.Memory + (start * size), innerStep, place, targetSize, segment.Length);
                    continue;
                }

                int low = 0;
                int high = segment.Length;
                if (!line.Narrow(segment.Coordinates, ref low, ref high))
                {
                    FillOneByOne(origin, line, innerAxis, segment, start, place, targetSize, copy);
                }
                else
                {
                    FillRange(origin, (low, high), innerAxis.Stride, segment, start, place, targetSize, copy);
                }
            }

            cursor.Next();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillRange(
        in OperandOrigin origin,
        (int Low, int High) range,
        long stride,
        in Segment segment,
        long start,
        byte* place,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        var layout = origin.Layout;
        var (low, high) = range;
        if (high <= low)
        {
            Unsafe.InitBlockUnaligned(place, 0, (uint)(segment.Length * targetSize));
            return;
        }

        if (low > 0)
        {
            Unsafe.InitBlockUnaligned(place, 0, (uint)(low * targetSize));
        }

        long first = start + (low * stride);
        if (layout.Scale != 1)
        {
            first /= layout.Scale;
            stride /= layout.Scale;
        }

        int size = layout.DType.Size;
        copy(origin.Memory + (first * size), (nint)stride * size, place + (low * targetSize), targetSize, high - low);
        if (high < segment.Length)
        {
            Unsafe.InitBlockUnaligned(place + (high * targetSize), 0, (uint)((segment.Length - high) * targetSize));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillOneByOne(
        in OperandOrigin origin,
        in CheckedLine line,
        LayoutAxis innerAxis,
        in Segment segment,
        long start,
        byte* place,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        for (int i = 0; i < segment.Length; i++)
        {
            byte* element = place + (i * targetSize);
            if (line.Exists(segment.Coordinates, i))
            {
                long address = (start + (i * innerAxis.Stride)) / origin.Layout.Scale;
                copy(origin.Memory + (address * origin.Layout.DType.Size), 0, element, targetSize, 1);
            }
            else
            {
                Unsafe.InitBlockUnaligned(element, 0, (uint)targetSize);
            }
        }
    }

    /// <summary>Positions of the inner axes along the last of them.</summary>
    private struct Segment
    {
        public long Address;
        public nint Target;
        public int* Coordinates;
        public int Length;
    }
}
