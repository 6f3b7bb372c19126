using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The products of Winograd's algorithm in memory: a matrix for each of the 16, all of them one after the other. Rows are whole cache lines
/// and never a multiple of 4 KiB apart, matrices an odd number of lines, so that neither displace each other from the first-level cache.
/// </summary>
internal readonly struct WinogradPlanes
{
    private const int Line = 64;

    /// <summary>Matrices of so many rows of floats.</summary>
    public WinogradPlanes(int rows, int width)
    {
        long lines = ((width * (long)sizeof(float)) + Line - 1) / Line;
        lines += lines % (512 / Line) == 0 ? 1 : 0;
        Lead = (nint)lines * Line;
        Plane = (nint)((lines * rows) | 1) * Line;
    }

    /// <summary>From one row to the next, in bytes.</summary>
    public nint Lead { get; }

    /// <summary>From one matrix to the next, in bytes.</summary>
    public nint Plane { get; }

    public nint Bytes => Plane * WinogradTransforms.Products;

    /// <summary>How many vectors rows are apart, as tiles know it; 0 if that is too far.</summary>
    public int ColumnVectors(int vectorBytes) => Lead / vectorBytes < 16 ? (int)(Lead / vectorBytes) : 0;
}

/// <summary>Some neighbouring squares of places, brought to the products of Winograd's algorithm and back.</summary>
/// <param name="shape">The contraction.</param>
/// <param name="zeros">Memory for as many zeros as there are channels or columns.</param>
/// <param name="first">The first square.</param>
/// <param name="count">The number of squares.</param>
internal readonly unsafe struct WinogradSquares(WinogradShape shape, nint zeros, int first, int count)
{
    private const int Side = 4;

    /// <summary>Brings elements of the image to the products; rows of the planes are squares.</summary>
    /// <param name="image">The memory of the image.</param>
    /// <param name="planes">How planes lie.</param>
    /// <param name="target">The memory of the planes.</param>
    /// <param name="lines">The lines to bring there, at least.</param>
    public void SpreadImage(nint image, WinogradPlanes planes, nint target, (int Start, int End) lines)
    {
        int channels = shape.Channels;
        foreach (var run in Runs)
        {
            for (int outer = lines.Start / channels; outer * channels < lines.End; outer++)
            {
                int start = outer * channels;
                var part = WholeVectors(lines.Start - start, lines.End - start, channels);
                nint place = target + (run.Done * planes.Lead) + ((start + part.Start) * sizeof(float));
                SpreadImage(image, run, outer, part, planes, place);
            }
        }
    }

    /// <summary>Brings places of a cotangent to the products; rows of the planes are squares.</summary>
    /// <param name="cotangent">The memory of the cotangent.</param>
    /// <param name="planes">How planes lie.</param>
    /// <param name="target">The memory of the planes.</param>
    /// <param name="columns">The columns to bring there, at least.</param>
    public void SpreadCotangent(nint cotangent, WinogradPlanes planes, nint target, (int Start, int End) columns)
    {
        nint* places = stackalloc nint[4];
        var part = WholeVectors(columns.Start, columns.End, shape.Columns);
        foreach (var run in Runs)
        {
            nint place = target + (run.Done * planes.Lead) + (part.Start * sizeof(float));
            for (int i = 0; i < run.Count; i++)
            {
                FindPlaces(cotangent + (part.Start * sizeof(float)), run, i, zeros, places);
                WinogradTransforms.Cotangent(places, place + (i * planes.Lead), planes.Plane, part.Count);
            }
        }
    }

    /// <summary>Brings products, whose rows are squares, back to places.</summary>
    /// <param name="source">The memory of the planes.</param>
    /// <param name="planes">How planes lie.</param>
    /// <param name="result">The memory of the result.</param>
    /// <param name="nowhere">Memory for a column of places that do not exist.</param>
    public void StorePlaces(nint source, WinogradPlanes planes, nint result, nint nowhere)
    {
        nint* places = stackalloc nint[4];
        foreach (var run in Runs)
        {
            nint place = source + (run.Done * planes.Lead);
            for (int i = 0; i < run.Count; i++)
            {
                FindPlaces(result, run, i, nowhere, places);
                WinogradTransforms.Places(place + (i * planes.Lead), planes.Plane, places, shape.Columns);
            }
        }
    }

    /// <summary>Has places of a result fetched into the cache, of some of the squares.</summary>
    /// <param name="result">The memory of the result.</param>
    /// <param name="from">The first of them.</param>
    /// <param name="to">The one after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fetch(nint result, int from, int to)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        nint* places = stackalloc nint[4];
        foreach (var run in new RunEnumerator(shape, first + from, to - from))
        {
            for (int i = 0; i < run.Count; i++)
            {
                FindPlaces(result, run, i, zeros, places);
                for (int c = 0; c < shape.Columns; c += WinogradTransforms.Width)
                {
                    for (int place = 0; place < 4; place++)
                    {
                        Sse.Prefetch1((void*)(places[place] + (c * sizeof(float))));
                    }
                }
            }
        }
    }

    /// <summary>The squares in pieces of one row of squares each.</summary>
    public RunEnumerator Runs => new(shape, first, count);

    // Whole vectors of channels that hold a part of them.
    private static (int Start, int Count) WholeVectors(int start, int end, int channels)
    {
        const int Width = WinogradTransforms.Width;
        int last = Math.Min((end + Width - 1) / Width * Width, channels);
        int first = Math.Min(Math.Max(start, 0) / Width * Width, last - Width);
        return (first, last - first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SpreadImage(
        nint image,
        Run run,
        int outerLine,
        (int Start, int Count) channels,
        WinogradPlanes planes,
        nint target
    )
    {
        var (y, x) = (shape.Y, shape.X);
        nint* elements = stackalloc nint[Side * Side];
        nint* rows = stackalloc nint[Side];
        bool exists = Locate(run.Outer, outerLine, out long address);
        nint start = image + (((nint)address + channels.Start) * sizeof(float));
        for (int i = 0; i < Side; i++)
        {
            int place = y.Origins[run.Y] + y.Offset + (i * y.Step);
            bool isInside = exists && (uint)place < (uint)y.ImageExtent;
            rows[i] = isInside ? start + ((nint)(place * y.ImageStride) * sizeof(float)) : 0;
        }

        // Where the elements are from the first one, if all of them exist.
        nint stride = (nint)x.ImageStride * sizeof(float);
        nint* distances = stackalloc nint[Side * Side];
        bool allRows = true;
        for (int i = 0; i < Side * Side; i++)
        {
            allRows &= rows[i / Side] != 0;
            distances[i] = rows[i / Side] - rows[0] + (i % Side * x.Step * stride);
        }

        for (int s = 0; s < run.Count; s++)
        {
            int place = x.Origins[run.X + s] + x.Offset;
            if (allRows && place >= 0 && place + ((Side - 1) * x.Step) < x.ImageExtent)
            {
                nint origin = rows[0] + (place * stride);
                for (int i = 0; i < Side * Side; i++)
                {
                    elements[i] = origin + distances[i];
                }

                WinogradTransforms.Image(elements, target, planes.Plane, channels.Count);
                target += planes.Lead;
                continue;
            }

            for (int j = 0; j < Side; j++, place += x.Step)
            {
                bool isInside = (uint)place < (uint)x.ImageExtent;
                nint distance = place * stride;
                for (int i = 0; i < Side; i++)
                {
                    elements[(i * Side) + j] = isInside && rows[i] != 0 ? rows[i] + distance : zeros;
                }
            }

            WinogradTransforms.Image(elements, target, planes.Plane, channels.Count);
            target += planes.Lead;
        }
    }

    // Where a line begins in the image, if it exists.
    private bool Locate(int outerPlace, int outerLine, out long address)
    {
        var layout = shape.Image;
        int checks = layout.Checks.Length;
        Span<int> place = stackalloc int[checks];
        Span<int> line = stackalloc int[checks];
        address = layout.BaseOffset + OperandLayout.Locate(layout.Rows, outerPlace, place);
        address += OperandLayout.Locate(layout.Inner, outerLine, line);
        for (int c = 0; c < checks; c++)
        {
            if (!layout.Checks[c].Holds(layout.Checks[c].Offset + place[c] + line[c]))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindPlaces(nint array, Run run, int square, nint missing, nint* places)
    {
        var (y, x) = (shape.Y, shape.X);
        var (row, column) = (y.Origins[run.Y], x.Origins[run.X + square]);
        nint stepY = (nint)shape.Places.StepY * sizeof(float);
        nint stepX = (nint)shape.Places.StepX * sizeof(float);
        nint start = array + ((nint)run.Start * sizeof(float)) + (row * stepY) + (column * stepX);
        bool below = row + y.Step < y.Extent;
        bool right = column + x.Step < x.Extent;
        places[0] = start;
        places[1] = right ? start + (x.Step * stepX) : missing;
        places[2] = below ? start + (y.Step * stepY) : missing;
        places[3] = below && right ? start + (y.Step * stepY) + (x.Step * stepX) : missing;
    }

    /// <summary>Neighbouring squares of one row.</summary>
    /// <param name="Outer">The outer place.</param>
    /// <param name="Start">Where it begins in the array of places, in elements.</param>
    /// <param name="Y">The number of the row.</param>
    /// <param name="X">The first square in the row.</param>
    /// <param name="Done">The number of squares before it.</param>
    /// <param name="Count">The number of squares.</param>
    public readonly record struct Run(int Outer, long Start, int Y, int X, int Done, int Count);

    /// <summary>Goes through the pieces.</summary>
    public struct RunEnumerator(WinogradShape shape, int first, int count)
    {
        public Run Current { get; private set; }

        public readonly RunEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            int done = Current.Done + Current.Count;
            int length = shape.X.Origins.Length;
            (int rest, int x) = Math.DivRem(first + done, length);
            (int outer, int y) = Math.DivRem(rest, shape.Y.Origins.Length);
            if (done >= count)
            {
                return false;
            }

            Current = new Run(outer, shape.Places.Start(outer), y, x, done, Math.Min(length - x, count - done));
            return true;
        }
    }
}
