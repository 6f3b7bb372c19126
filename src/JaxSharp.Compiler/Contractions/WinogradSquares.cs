using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The products of Winograd's algorithm in memory: a matrix for each of them, all one after the other. Rows are whole cache lines
/// and never a multiple of 4 KiB apart, matrices an odd number of lines, so that neither displace each other from the first-level cache.
/// </summary>
internal readonly struct WinogradPlanes
{
    private const int Line = 64;

    private readonly int products;

    /// <summary>Matrices of so many rows of floats.</summary>
    public WinogradPlanes(int products, int rows, int width)
    {
        this.products = products;
        long lines = ((width * (long)sizeof(float)) + Line - 1) / Line;
        lines += lines % (512 / Line) == 0 ? 1 : 0;
        Lead = (nint)lines * Line;
        Plane = (nint)((lines * rows) | 1) * Line;
    }

    /// <summary>From one row to the next, in bytes.</summary>
    public nint Lead { get; }

    /// <summary>From one matrix to the next, in bytes.</summary>
    public nint Plane { get; }

    public nint Bytes => Plane * products;

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
    private const int Pitch = WinogradTransforms.Pitch;

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
        nint* places = stackalloc nint[shape.Side * Pitch];
        var part = WholeVectors(columns.Start, columns.End, shape.Columns);
        foreach (var run in Runs)
        {
            nint place = target + (run.Done * planes.Lead) + (part.Start * sizeof(float));
            var grid = PlacesOf(cotangent + (part.Start * sizeof(float)), run, zeros);
            for (int i = 0; i < run.Count; i++)
            {
                grid.Find(shape.X.Origins[run.X + i], places);
                shape.Transforms.Cotangent(places, place + (i * planes.Lead), planes.Plane, part.Count);
            }
        }
    }

    /// <summary>Brings products, whose rows are squares, back to places.</summary>
    /// <param name="source">The memory of the planes.</param>
    /// <param name="planes">How planes lie.</param>
    /// <param name="result">The memory of the result.</param>
    /// <param name="nowhere">Memory for the columns of a place that does not exist.</param>
    /// <param name="columns">The columns that the planes have.</param>
    public void StorePlaces(nint source, WinogradPlanes planes, nint result, nint nowhere, (int Start, int End) columns)
    {
        nint* places = stackalloc nint[shape.Side * Pitch];
        foreach (var run in Runs)
        {
            nint place = source + (run.Done * planes.Lead);
            var grid = PlacesOf(result + (columns.Start * sizeof(float)), run, nowhere);
            for (int i = 0; i < run.Count; i++)
            {
                grid.Find(shape.X.Origins[run.X + i], places);
                shape.Transforms.ToPlaces(place + (i * planes.Lead), planes.Plane, places, columns.End - columns.Start);
            }
        }
    }

    /// <summary>
    /// Has an epilogue work on the places of a convolution whose results are a dense matrix: a row of squares is a piece of each of some
    /// rows of the output, or one if it is complete.
    /// </summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="columns">Its columns.</param>
    public void Finish(EpilogueRun epilogue, (int Start, int End) columns)
    {
        var (y, x) = (shape.Y, shape.X);
        foreach (var run in Runs)
        {
            int start = x.Origins[run.X];
            int length = Math.Min(shape.Side * run.Count, x.Extent - start);
            int lines = Math.Min(shape.Side, y.Extent - y.Origins[run.Y]);
            long row = (run.Start / shape.Columns) + ((long)y.Origins[run.Y] * x.Extent) + start;
            if (length == x.Extent)
            {
                (length, lines) = (length * lines, 1);
            }

            for (int line = 0; line < lines; line++)
            {
                epilogue.Apply(row + (line * x.Extent), columns.Start, length, columns.End - columns.Start);
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

        nint* places = stackalloc nint[shape.Side * Pitch];
        foreach (var run in new RunEnumerator(shape, first + from, to - from))
        {
            var grid = PlacesOf(result, run, zeros);
            for (int i = 0; i < run.Count; i++)
            {
                grid.Find(shape.X.Origins[run.X + i], places);
                for (int place = 0; place < shape.Side * shape.Side; place++)
                {
                    nint address = places[(place / shape.Side * Pitch) + (place % shape.Side)];
                    for (int c = 0; c < shape.Columns; c += WinogradTransforms.Width)
                    {
                        Sse.Prefetch1((void*)(address + (c * sizeof(float))));
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
        nint* elements = stackalloc nint[shape.Reach * Pitch];
        bool exists = Locate(run.Outer, outerLine, out long address);
        nint start = image + (((nint)address + channels.Start) * sizeof(float));
        var grid = new AddressGrid(shape.Reach, x.Step, (nint)x.ImageStride * sizeof(float), x.ImageExtent, zeros);
        for (int i = 0; i < shape.Reach; i++)
        {
            int place = y.Origins[run.Y] + y.Offset + (i * y.Step);
            bool isInside = exists && (uint)place < (uint)y.ImageExtent;
            grid.SetRow(i, isInside ? start + ((nint)(place * y.ImageStride) * sizeof(float)) : 0);
        }

        for (int s = 0; s < run.Count; s++)
        {
            grid.Find(x.Origins[run.X + s] + x.Offset, elements);
            shape.Transforms.Image(elements, target, planes.Plane, channels.Count);
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

    // The places of one row of squares.
    private AddressGrid PlacesOf(nint array, Run run, nint missing)
    {
        var (y, x) = (shape.Y, shape.X);
        nint start = array + ((nint)run.Start * sizeof(float));
        var grid = new AddressGrid(shape.Side, x.Step, (nint)shape.Places.StepX * sizeof(float), x.Extent, missing);
        for (int i = 0; i < shape.Side; i++)
        {
            int place = y.Origins[run.Y] + (i * y.Step);
            nint row = start + (place * (nint)shape.Places.StepY * sizeof(float));
            grid.SetRow(i, place < y.Extent ? row : 0);
        }

        return grid;
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

    /// <summary>Finds where elements at some equidistant coordinates lie in rows of an array.</summary>
    private struct AddressGrid
    {
        private readonly Vector512<long> steps;
        private readonly Vector512<long> distances;
        private readonly Vector512<ulong> extent;
        private readonly Vector512<long> missing;
        private readonly nint stride;
        private readonly int count;
        private fixed long rows[Pitch];

        /// <summary>Begins with no row.</summary>
        /// <param name="count">The number of rows.</param>
        /// <param name="step">From one coordinate to the next.</param>
        /// <param name="stride">The distance of elements in a row, in bytes.</param>
        /// <param name="extent">The elements of a row.</param>
        /// <param name="missing">The address in place of elements that do not exist.</param>
        public AddressGrid(int count, int step, nint stride, int extent, nint missing)
        {
            this.count = count;
            this.stride = stride;
            this.extent = Vector512.Create((ulong)extent);
            this.missing = Vector512.Create((long)missing);
            steps = Vector512<long>.Indices * step;
            distances = Vector512<long>.Indices * (step * stride);
        }

        /// <summary>Says where a row begins; 0 if it does not exist.</summary>
        public void SetRow(int row, nint address) => rows[row] = address;

        /// <summary>Writes the addresses of the elements from a coordinate on, row by row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Find(int first, nint* addresses)
        {
            var exists = Vector512.LessThan((Vector512.Create((long)first) + steps).AsUInt64(), extent).AsInt64();
            var distance = Vector512.Create((long)(first * stride)) + distances;
            for (int i = 0; i < count; i++)
            {
                var row = Vector512.Create((long)rows[i]);
                var found = rows[i] == 0 ? missing : Vector512.ConditionalSelect(exists, row + distance, missing);
                found.Store((long*)addresses + (i * Pitch));
            }
        }
    }
}
