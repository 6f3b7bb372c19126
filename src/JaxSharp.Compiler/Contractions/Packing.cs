using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>
    /// Fills <c>target[o·lead + i]</c> for positions of the outer axes and, side by side, of the inner axes (rows and K, or K
    /// and rows). Sizes are in elements of the target type.
    /// </summary>
    [SkipLocalsInit]
    public static void Fill(
        in OperandOrigin origin,
        LayoutAxis[] outerAxes,
        LayoutAxis[] innerAxes,
        (int Start, int Count) outer,
        (int Start, int Count) inner,
        byte* target,
        nint lead,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        int checks = origin.Layout.Checks.Length;
        var addresses = stackalloc long[SegmentsAtATime];
        var lengths = stackalloc int[SegmentsAtATime];
        var coordinates = stackalloc int[SegmentsAtATime * checks];
        int run = innerAxes.Length == 0 ? 1 : innerAxes[^1].Extent;
        int done = 0;
        while (done < inner.Count)
        {
            int segments = 0;
            int covered = 0;
            while (segments < SegmentsAtATime && done + covered < inner.Count)
            {
                int position = inner.Start + done + covered;
                int length = Math.Min(run - (position % run), inner.Count - done - covered);
                addresses[segments] = OperandLayout.Locate(
                    innerAxes,
                    position,
                    new Span<int>(coordinates + (segments * checks), checks)
                );
                lengths[segments++] = length;
                covered += length;
            }

            FillSegments(
                origin,
                outerAxes,
                innerAxes.Length == 0 ? null : innerAxes[^1].Coefs,
                innerAxes.Length == 0 ? 0 : innerAxes[^1].Stride,
                outer,
                new Segments(addresses, lengths, coordinates, segments),
                target + (done * targetSize),
                lead * targetSize,
                targetSize,
                copy
            );
            done += covered;
        }
    }

    /// <summary>
    /// Fills <c>target[k·width + r]</c> from rows that are contiguous along K: they are copied as they lie and then turned.
    /// </summary>
    public static void FillTurned(
        in OperandOrigin origin,
        (int Start, int Count) rows,
        (int Start, int Count) inner,
        byte* target,
        int width,
        int targetSize,
        byte* scratch,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        const int Depth = 64;
        const int Lead = Depth + 8;
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
            byte* turned = target + ((long)k * width * targetSize);
            if (targetSize == 4)
            {
                Turn((uint*)scratch, Lead, (uint*)turned, width, rows.Count, depth);
            }
            else
            {
                Turn((ulong*)scratch, Lead, (ulong*)turned, width, rows.Count, depth);
            }
        }
    }

    /// <summary>The scratch that <see cref="FillTurned"/> needs for a width, in bytes.</summary>
    public static int TurnScratch(int width) => width * 72 * sizeof(ulong);

    private static void FillSegments(
        in OperandOrigin origin,
        LayoutAxis[] outerAxes,
        int[]? innerCoefs,
        long innerStride,
        (int Start, int Count) outer,
        Segments segments,
        byte* target,
        nint lead,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        var layout = origin.Layout;
        int checks = layout.Checks.Length;
        int size = layout.DType.Size;
        Span<int> outerCoordinates = stackalloc int[checks];
        int run = outerAxes.Length == 0 ? 1 : outerAxes[^1].Extent;
        long outerStep = outerAxes.Length == 0 ? 0 : outerAxes[^1].Stride;
        for (int o = 0; o < outer.Count; )
        {
            int position = outer.Start + o;
            int length = Math.Min(run - (position % run), outer.Count - o);
            long address = origin.Address + OperandLayout.Locate(outerAxes, position, outerCoordinates);
            for (int end = o + length; o < end; o++)
            {
                byte* line = target + (o * lead);
                for (int s = 0; s < segments.Count; s++)
                {
                    long start = address + segments.Addresses[s];
                    int count = segments.Lengths[s];
                    if (checks == 0)
                    {
                        copy(origin.Memory + (start * size), (nint)innerStride * size, line, targetSize, count);
                    }
                    else
                    {
                        FillChecked(
                            origin,
                            outerCoordinates,
                            segments.Coordinates + (s * checks),
                            innerCoefs,
                            start,
                            innerStride,
                            line,
                            count,
                            targetSize,
                            copy
                        );
                    }

                    line += count * targetSize;
                }

                address += outerStep;
                for (int c = 0; c < checks; c++)
                {
                    outerCoordinates[c] += outerAxes.Length == 0 ? 0 : outerAxes[^1].Coefs[c];
                }
            }
        }
    }

    private static void FillChecked(
        in OperandOrigin origin,
        Span<int> outerCoordinates,
        int* segmentCoordinates,
        int[]? coefs,
        long start,
        long stride,
        byte* line,
        int count,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        var layout = origin.Layout;
        int low = 0;
        int high = count;
        for (int c = 0; c < outerCoordinates.Length; c++)
        {
            var check = layout.Checks[c];
            int q = origin.Coordinates[c] + outerCoordinates[c] + segmentCoordinates[c];
            int coef = coefs is null ? 0 : coefs[c];
            if (check.Divisor != 1 && coef % check.Divisor != 0)
            {
                FillOneByOne(
                    origin,
                    outerCoordinates,
                    segmentCoordinates,
                    coefs!,
                    start,
                    stride,
                    line,
                    count,
                    targetSize,
                    copy
                );
                return;
            }

            Narrow(check, q, coef, ref low, ref high);
        }

        if (high <= low)
        {
            Unsafe.InitBlockUnaligned(line, 0, (uint)(count * targetSize));
            return;
        }

        if (low > 0)
        {
            Unsafe.InitBlockUnaligned(line, 0, (uint)(low * targetSize));
        }

        long first = start + (low * stride);
        if (layout.Scale != 1)
        {
            first /= layout.Scale;
            stride /= layout.Scale;
        }

        int size = layout.DType.Size;
        copy(origin.Memory + (first * size), (nint)stride * size, line + (low * targetSize), targetSize, high - low);
        if (high < count)
        {
            Unsafe.InitBlockUnaligned(line + (high * targetSize), 0, (uint)((count - high) * targetSize));
        }
    }

    // Narrows [low, high) to the steps i for which q + coef·i is valid; coef is a multiple of the divisor.
    private static void Narrow(CoordinateCheck check, int q, int coef, ref int low, ref int high)
    {
        int extent = check.Extent * check.Divisor;
        if ((check.Divisor != 1 && q % check.Divisor != 0) || (coef == 0 && (uint)q >= (uint)extent))
        {
            high = 0;
        }
        else if (coef == 1)
        {
            low = Math.Max(low, -q);
            high = Math.Min(high, extent - q);
        }
        else if (coef > 0)
        {
            low = Math.Max(low, q >= 0 ? 0 : ((-q) + coef - 1) / coef);
            high = Math.Min(high, q >= extent ? 0 : (extent - q + coef - 1) / coef);
        }
        else if (coef < 0)
        {
            low = Math.Max(low, q < extent ? 0 : ((q - extent) / -coef) + 1);
            high = Math.Min(high, q < 0 ? 0 : (q / -coef) + 1);
        }
    }

    private static void FillOneByOne(
        in OperandOrigin origin,
        Span<int> outerCoordinates,
        int* segmentCoordinates,
        int[] coefs,
        long start,
        long stride,
        byte* line,
        int count,
        int targetSize,
        delegate* <byte*, nint, byte*, nint, nint, void> copy
    )
    {
        var layout = origin.Layout;
        for (int i = 0; i < count; i++)
        {
            bool exists = true;
            for (int c = 0; c < outerCoordinates.Length; c++)
            {
                int q = origin.Coordinates[c] + outerCoordinates[c] + segmentCoordinates[c] + (coefs[c] * i);
                exists &= layout.Checks[c].Holds(q);
            }

            byte* element = line + (i * targetSize);
            if (exists)
            {
                long address = (start + (i * stride)) / layout.Scale;
                copy(origin.Memory + (address * layout.DType.Size), 0, element, targetSize, 1);
            }
            else
            {
                Unsafe.InitBlockUnaligned(element, 0, (uint)targetSize);
            }
        }
    }

    private static void Turn(uint* source, int lead, uint* target, int width, int rows, int depth)
    {
        int r = 0;
        if (Sse.IsSupported)
        {
            for (; r <= rows - 4; r += 4)
            {
                float* from = (float*)source + (r * lead);
                int k = 0;
                for (; k <= depth - 4; k += 4)
                {
                    var a = Vector128.Load(from + k);
                    var b = Vector128.Load(from + k + lead);
                    var c = Vector128.Load(from + k + (2 * lead));
                    var d = Vector128.Load(from + k + (3 * lead));
                    var ab = Sse.UnpackLow(a, b);
                    var cd = Sse.UnpackLow(c, d);
                    var abHigh = Sse.UnpackHigh(a, b);
                    var cdHigh = Sse.UnpackHigh(c, d);
                    float* to = (float*)target + ((long)k * width) + r;
                    Vector128.Store(Sse.MoveLowToHigh(ab, cd), to);
                    Vector128.Store(Sse.MoveHighToLow(cd, ab), to + width);
                    Vector128.Store(Sse.MoveLowToHigh(abHigh, cdHigh), to + (2 * width));
                    Vector128.Store(Sse.MoveHighToLow(cdHigh, abHigh), to + (3 * width));
                }

                Turn((uint*)from + k, lead, target + ((long)k * width) + r, width, (0, 4), depth - k);
            }
        }

        Turn(source, lead, target, width, (r, rows), depth);
    }

    private static void Turn(ulong* source, int lead, ulong* target, int width, int rows, int depth) =>
        Turn(source, lead, target, width, (0, rows), depth);

    private static void Turn<T>(T* source, int lead, T* target, int width, (int Start, int End) rows, int depth)
        where T : unmanaged
    {
        for (int k = 0; k < depth; k++)
        {
            for (int r = rows.Start; r < rows.End; r++)
            {
                target[((long)k * width) + r] = source[((long)r * lead) + k];
            }
        }
    }

    private readonly struct Segments(long* addresses, int* lengths, int* coordinates, int count)
    {
        public readonly long* Addresses = addresses;
        public readonly int* Lengths = lengths;
        public readonly int* Coordinates = coordinates;
        public readonly int Count = count;
    }
}
