using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The gradient of a convolution by its kernel by Winograd's algorithm: image and cotangent are brought to the products some squares at a
/// time, and sums over squares are brought back to the taps at the end. Tasks are blocks of lines and columns, whose sums stay in the
/// second-level cache, and parts of the squares, whose results are added up in order where there are several.
/// </summary>
internal sealed unsafe class WinogradGradient : Executable
{
    private const int ScratchBytes = 768 << 10;
    private const int MostSquares = 96;
    private const int SumBytes = 1 << 20;
    private const int EnoughTasks = 16;

    // A task has so many products, a part squares with so many rows of places, and a block so many bytes of sums, unless there are no
    // more.
    private const double LeastProducts = 1 << 20;
    private const int LeastRows = 96;
    private const int LeastSquares = 12;
    private const int LeastBytes = 64 << 10;
    private const int LinesPerTask = 4;
    private const int Taps = WinogradAxis.Taps * WinogradAxis.Taps;

    private readonly WinogradShape shape;
    private readonly Runtime.Buffer zeros;
    private readonly WinogradPlanes imagePlanes;
    private readonly WinogradPlanes cotangentPlanes;
    private readonly int lanes;
    private readonly int tileVectors;
    private readonly int vectors;
    private readonly int panels;
    private readonly int strips;
    private readonly int stripsPerTask;
    private readonly int panelsPerTask;
    private readonly int parts;
    private readonly int perBlock;
    private readonly TileCode?[] tiles;
    private readonly TileCode?[] edgeTiles;

    /// <summary>The gradient for a shape.</summary>
    public WinogradGradient(WinogradShape shape, int vectorBytes)
    {
        this.shape = shape;
        zeros = Runtime.Buffer.Allocate(Math.Max(shape.Channels, shape.Columns) * sizeof(float));
        zeros.Bytes.Clear();
        lanes = vectorBytes / sizeof(float);
        vectors = ((shape.Columns - 1) / lanes) + 1;
        (tileVectors, strips) = TileShape.For(shape.Lines, vectors, vectorBytes);
        panels = ((vectors - 1) / tileVectors) + 1;
        int least = shape.Lines / strips;

        // Blocks of the result that are as square as possible: more of them where there are few squares for parts.
        double products = (double)shape.Squares * shape.Products * shape.Lines * shape.Columns;
        int tasks = (int)Math.Clamp(products / LeastProducts, 1, EnoughTasks);
        int mostParts = Math.Clamp(shape.Squares / (LeastRows / shape.Side), 1, tasks);
        int cutRows = 1;
        int cutColumns = 1;
        while (
            (BlockBytes() > SumBytes || (cutRows * cutColumns * mostParts < tasks / 2 && BlockBytes() > LeastBytes))
            && (cutRows < strips || cutColumns < panels)
        )
        {
            bool byRows =
                cutColumns == panels || (cutRows < strips && shape.Lines / cutRows >= shape.Columns / cutColumns);
            (cutRows, cutColumns) = byRows ? (cutRows + 1, cutColumns) : (cutRows, cutColumns + 1);
        }

        stripsPerTask = ((strips - 1) / cutRows) + 1;
        panelsPerTask = ((panels - 1) / cutColumns) + 1;

        // Blocks begin at whole vectors of the transforms.
        int together = Math.Max(1, WinogradTransforms.Width / lanes);
        panelsPerTask = (panelsPerTask + together - 1) / together * together;
        int lines = Math.Min(stripsPerTask * (least + 1), shape.Lines);
        int columns = Math.Min(panelsPerTask * tileVectors * lanes, shape.Columns);
        int squareBytes = shape.Products * sizeof(float) * (lines + columns);
        int most = Math.Clamp(ScratchBytes / squareBytes, LeastSquares, MostSquares);
        parts = Math.Clamp(((tasks - 1) / Blocks) + 1, 1, mostParts);
        int perPart = ((shape.Squares - 1) / parts) + 1;
        int blocks = ((perPart - 1) / most) + 1;
        perBlock = ((perPart - 1) / blocks) + 1;
        imagePlanes = new WinogradPlanes(shape.Products, perBlock, shape.Lines);
        cotangentPlanes = new WinogradPlanes(shape.Products, perBlock, shape.Columns);
        tiles = Both(tileVectors);
        edgeTiles = Both(vectors - ((panels - 1) * tileVectors));

        long BlockBytes() =>
            (long)(((shape.Lines - 1) / cutRows) + 1)
            * (((panels - 1) / cutColumns) + 1)
            * tileVectors
            * vectorBytes
            * shape.Products;
        TileCode?[] Both(int width)
        {
            int apart = cotangentPlanes.ColumnVectors(vectorBytes);
            var form = new TileForm(least, width, TileSteps.Any, apart);
            return
            [
                TileKernel.Get(DType.F32, vectorBytes, form),
                shape.Lines % strips == 0
                    ? null
                    : TileKernel.Get(DType.F32, vectorBytes, form with { Rows = least + 1 }),
            ];
        }
    }

    private int RowBlocks => ((strips - 1) / stripsPerTask) + 1;

    private int ColumnBlocks => ((panels - 1) / panelsPerTask) + 1;

    private int Blocks => RowBlocks * ColumnBlocks;

    // A part of the result: for each tap a matrix of lines and columns, in whole vectors.
    private nint PartBytes => (nint)Taps * shape.Lines * RowBytes;

    private nint RowBytes => WholeVectors(shape.Columns) * sizeof(float);

    // Whether a task writes its taps where they belong, in whole vectors: there is one part, and no block has less than a vector.
    private bool StoresDirectly =>
        parts == 1 && shape.Columns - ((ColumnBlocks - 1) * BlockColumns) >= WinogradTransforms.Width;

    private int BlockColumns => panelsPerTask * tileVectors * lanes;

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var work = new Tasks(this, inputs[0], inputs[1], outputs[0]);
        if (StoresDirectly)
        {
            WorkerPool.Run(Blocks, ref work);
            return;
        }

        using var sums = BufferPool.Borrow(PartBytes * parts);
        work.Sums = sums.Address;
        WorkerPool.Run(checked(Blocks * parts), ref work);
        var finish = new SumTasks(this, sums.Address, outputs[0]);
        WorkerPool.Run(((shape.Lines - 1) / LinesPerTask) + 1, ref finish);
    }

    private static int WholeVectors(int columns) =>
        (columns + WinogradTransforms.Width - 1) / WinogradTransforms.Width * WinogradTransforms.Width;

    private int StripStart(int strip)
    {
        (int least, int longer) = Math.DivRem(shape.Lines, strips);
        return (strip * least) + Math.Min(strip, longer);
    }

    /// <summary>A block of the result: some strips of lines and some panels of columns.</summary>
    private struct Tasks(WinogradGradient owner, nint image, nint cotangent, nint output) : IParallelWork
    {
        /// <summary>The memory of the parts' results, if these do not go to the output.</summary>
        public nint Sums;

        public readonly void Invoke(int chunk)
        {
            var shape = owner.shape;
            (int block, int part) = Math.DivRem(chunk, owner.parts);
            (int rowBlock, int columnBlock) = Math.DivRem(block, owner.ColumnBlocks);
            var strips = (Start: rowBlock * owner.stripsPerTask, End: 0);
            strips.End = Math.Min(strips.Start + owner.stripsPerTask, owner.strips);
            var panels = (Start: columnBlock * owner.panelsPerTask, End: 0);
            panels.End = Math.Min(panels.Start + owner.panelsPerTask, owner.panels);
            var lines = (Start: owner.StripStart(strips.Start), End: owner.StripStart(strips.End));
            int panelWidth = owner.tileVectors * owner.lanes;
            var columns = (
                Start: columnBlock * owner.BlockColumns,
                End: Math.Min(panels.End * panelWidth, shape.Columns)
            );
            var products = new WinogradPlanes(
                shape.Products,
                lines.End - lines.Start,
                (panels.End - panels.Start) * panelWidth
            );
            nint left = (nint)Scratch.Current.Get(1, owner.imagePlanes.Bytes);
            nint right = (nint)Scratch.Current.Get(2, owner.cotangentPlanes.Bytes);
            nint target = (nint)Scratch.Current.Get(0, products.Bytes);
            if (shape.Columns % owner.lanes != 0)
            {
                // Vectors of tiles are whole, whose last elements may be of no column.
                Unsafe.InitBlockUnaligned((void*)right, 0, checked((uint)owner.cotangentPlanes.Bytes));
            }

            int first = (int)((long)shape.Squares * part / owner.parts);
            int end = (int)((long)shape.Squares * (part + 1) / owner.parts);
            for (int start = first; start < end; start += owner.perBlock)
            {
                int count = Math.Min(owner.perBlock, end - start);
                var squares = new WinogradSquares(shape, owner.zeros.Address, start, count);
                squares.SpreadImage(image, owner.imagePlanes, left, lines);
                squares.SpreadCotangent(cotangent, owner.cotangentPlanes, right, columns);
                owner.Multiply((left, right, target), products, strips, panels, count, start > first);
            }

            StoreTaps(target, products, lines, columns, part);
        }

        private readonly void StoreTaps(
            nint source,
            WinogradPlanes products,
            (int Start, int End) lines,
            (int Start, int End) columns,
            int part
        )
        {
            var shape = owner.shape;
            nint tapBytes = shape.Lines * owner.RowBytes;
            int count = columns.End - columns.Start;
            for (int line = lines.Start; line < lines.End; line++, source += products.Lead)
            {
                if (Sums == 0)
                {
                    nint taps = output + ((nint)shape.KernelPlace(line, columns.Start) * sizeof(float));
                    nint stepY = (nint)shape.Taps.StepY * sizeof(float);
                    nint stepX = (nint)shape.Taps.StepX * sizeof(float);
                    shape.Transforms.ToTaps(source, products.Plane, taps, stepY, stepX, count);
                }
                else
                {
                    nint row = Sums + (part * owner.PartBytes) + (line * owner.RowBytes);
                    nint taps = row + (columns.Start * sizeof(float));
                    nint stepY = WinogradAxis.Taps * tapBytes;
                    shape.Transforms.ToTaps(source, products.Plane, taps, stepY, tapBytes, WholeVectors(count));
                }
            }
        }
    }

    // One matrix product for each of them, of the transpose of squares and lines, and squares and columns.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(
        (nint Image, nint Cotangent, nint Sums) memory,
        WinogradPlanes products,
        (int Start, int End) someStrips,
        (int Start, int End) somePanels,
        int squares,
        bool accumulate
    )
    {
        nint* left = stackalloc nint[TileKernel.MaxRows];
        nint* targets = stackalloc nint[TileKernel.MaxRows];
        var arguments = TileArguments.Single(left, targets);
        arguments.Run = squares;
        arguments.RowStep = imagePlanes.Lead;
        arguments.ColumnStep = cotangentPlanes.Lead;
        arguments.Accumulate = accumulate ? 1 : 0;
        int least = shape.Lines / strips;
        int firstLine = StripStart(someStrips.Start);
        int panelBytes = tileVectors * lanes * sizeof(float);
        for (int product = 0; product < shape.Products; product++)
        {
            for (int panel = somePanels.Start; panel < somePanels.End; panel++)
            {
                var codes = panel == panels - 1 ? edgeTiles : tiles;
                arguments.Columns = memory.Cotangent + (panel * panelBytes);
                nint column = memory.Sums + ((panel - somePanels.Start) * panelBytes);
                for (int strip = someStrips.Start; strip < someStrips.End; strip++)
                {
                    int line = StripStart(strip);
                    int count = StripStart(strip + 1) - line;
                    RowTable.Equidistant(memory.Image + (line * sizeof(float)), sizeof(float), count, left);
                    nint target = column + ((line - firstLine) * products.Lead);
                    RowTable.Equidistant(target, products.Lead, count, targets);
                    codes[count - least]!(&arguments);
                }
            }

            memory.Image += imagePlanes.Plane;
            memory.Cotangent += cotangentPlanes.Plane;
            memory.Sums += products.Plane;
        }
    }

    /// <summary>Adds all parts of some lines in order.</summary>
    private readonly struct SumTasks(WinogradGradient owner, nint sums, nint output) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            var shape = owner.shape;
            int end = Math.Min((chunk + 1) * LinesPerTask, shape.Lines);
            for (int line = chunk * LinesPerTask; line < end; line++)
            {
                for (int tap = 0; tap < Taps; tap++)
                {
                    nint row = sums + ((((nint)tap * shape.Lines) + line) * owner.RowBytes);
                    Add((float*)row, (float*)output + shape.KernelPlace(line, 0, tap));
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Add(float* source, float* target)
        {
            int columns = owner.shape.Columns;
            nint step = owner.PartBytes / sizeof(float);
            for (int c = 0; c < columns; c += WinogradTransforms.Width)
            {
                int at = Math.Min(c, columns - WinogradTransforms.Width);
                float* from = source + at;
                var sum = Vector512.Load(from);
                for (int part = 1; part < owner.parts; part++)
                {
                    from += step;
                    sum += Vector512.Load(from);
                }

                sum.Store(target + at);
            }
        }
    }
}
