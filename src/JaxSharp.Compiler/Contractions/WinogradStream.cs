using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A convolution, or its gradient by the image, by Winograd's algorithm, with a large kernel and few squares. The kernel never lies in
/// memory as products: squares are brought to the products first, and a task then brings a block of columns of the kernel there, some
/// lines at a time, and multiplies them with some squares, whose sums stay in the second-level cache.
/// </summary>
internal sealed unsafe class WinogradStream : Executable
{
    private const long StageBytes = 32 << 20;
    private const int SpreadBytes = 64 << 10;
    private const int SumBytes = 640 << 10;

    // The steps of K in a section: what a panel of the kernel needs of them stays in the first-level cache, and errors of sums stay small.
    private const int MostSteps = 64;

    // Columns of a block: fewer would have squares read more often.
    private const int LeastBlock = 64;

    // A multiple of the rows of all tiles.
    private const int AnyRows = 240;

    private readonly WinogradShape shape;
    private readonly ContractionEpilogue? epilogue;
    private readonly Runtime.Buffer zeros;
    private readonly WinogradPlanes imagePlanes;
    private readonly WinogradPlanes kernelPlanes;
    private readonly WinogradPlanes sumPlanes;
    private readonly int vectorBytes;
    private readonly int steps;
    private readonly int perStage;
    private readonly int perSpread;
    private readonly int parts;
    private readonly int blocks;
    private readonly int blockWidth;
    private readonly int tileVectors;
    private readonly int edgeVectors;

    // By their rows, as far as they were needed.
    private readonly TileCode?[] tiles;
    private readonly TileCode?[] edgeTiles;

    /// <summary>The convolution for a shape, with an epilogue for parts of rows of the output.</summary>
    public WinogradStream(WinogradShape shape, int vectorBytes, ContractionEpilogue? epilogue)
    {
        this.shape = shape;
        this.epilogue = epilogue;
        this.vectorBytes = vectorBytes;
        zeros = Runtime.Buffer.Allocate(shape.Channels * sizeof(float));
        zeros.Bytes.Clear();
        int lanes = vectorBytes / sizeof(float);
        int vectors = ((shape.Columns - 1) / lanes) + 1;
        int squareBytes = shape.Products * sizeof(float) * shape.Lines;
        int stages = (int)((((long)shape.Squares * squareBytes) - 1) / StageBytes) + 1;
        perStage = ((shape.Squares - 1) / stages) + 1;
        perSpread = Math.Max(1, SpreadBytes / squareBytes);
        tileVectors = TileShape.For(AnyRows, vectors, vectorBytes).Vectors;
        blockWidth = tileVectors * lanes * (((LeastBlock - 1) / (tileVectors * lanes)) + 1);

        // Blocks have a vector of columns at least.
        blocks = Math.Max(1, ((shape.Columns - WinogradTransforms.Width) / blockWidth) + 1);
        int widest = Math.Max(Math.Min(shape.Columns, blockWidth), shape.Columns - ((blocks - 1) * blockWidth));
        parts = (int)(((long)perStage * shape.Products * sizeof(float) * widest / SumBytes) + 1);
        int sections = ((shape.Lines - 1) / MostSteps) + 1;
        steps = ((shape.Lines - 1) / sections) + 1;
        imagePlanes = new WinogradPlanes(shape.Products, perStage, shape.Lines);
        kernelPlanes = new WinogradPlanes(shape.Products, steps, widest);
        sumPlanes = new WinogradPlanes(shape.Products, ((perStage - 1) / parts) + 1, widest);
        edgeVectors = vectors - ((vectors - 1) / tileVectors * tileVectors);
        tiles = new TileCode?[MostRows + 1];
        edgeTiles = edgeVectors == tileVectors ? tiles : new TileCode?[MostRows + 1];
    }

    /// <summary>How often the kernel is brought to the products, about.</summary>
    public static int Parts(WinogradShape shape) =>
        (int)((double)shape.Squares * shape.Products * sizeof(float) * LeastBlock / SumBytes) + 1;

    private int MostRows => Math.Min(TileKernel.MaxRows, TileKernel.Accumulators(vectorBytes) / tileVectors);

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var addresses = stackalloc nint[inputs.Length + outputs.Length];
        using var memory = BufferPool.Borrow(imagePlanes.Bytes);
        var epilogueRun = new EpilogueRun(epilogue, inputs, outputs, addresses);
        for (int first = 0; first < shape.Squares; first += perStage)
        {
            var stage = (first, Math.Min(perStage, shape.Squares - first));
            var spread = new SpreadTasks(this, stage, inputs[0], memory.Address);
            WorkerPool.Run(spread.Chunks, ref spread);
            var multiply = new MultiplyTasks(this, stage, memory.Address, inputs[1], outputs[0], epilogueRun);
            WorkerPool.Run(blocks * parts, ref multiply);
        }
    }

    /// <summary>Brings squares of a stage to the products.</summary>
    private readonly struct SpreadTasks(WinogradStream owner, (int First, int Count) stage, nint image, nint target)
        : IParallelWork
    {
        public int Chunks => ((stage.Count - 1) / owner.perSpread) + 1;

        public void Invoke(int chunk)
        {
            int start = chunk * owner.perSpread;
            int count = Math.Min(owner.perSpread, stage.Count - start);
            new WinogradSquares(owner.shape, owner.zeros.Address, stage.First + start, count).SpreadImage(
                image,
                owner.imagePlanes,
                target + (start * owner.imagePlanes.Lead),
                (0, owner.shape.Lines)
            );
        }
    }

    /// <summary>Multiplies some squares of a stage with a block of columns.</summary>
    private readonly struct MultiplyTasks(
        WinogradStream owner,
        (int First, int Count) stage,
        nint spread,
        nint kernel,
        nint output,
        EpilogueRun epilogue
    ) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            var shape = owner.shape;
            (int block, int part) = Math.DivRem(chunk, owner.parts);
            int start = (int)((long)stage.Count * part / owner.parts);
            int end = (int)((long)stage.Count * (part + 1) / owner.parts);
            if (start == end)
            {
                return;
            }

            int first = block * owner.blockWidth;
            var columns = (Start: first, End: block == owner.blocks - 1 ? shape.Columns : first + owner.blockWidth);
            nint sums = (nint)Scratch.Current.Get(0, owner.sumPlanes.Bytes);
            nint turned = (nint)Scratch.Current.Get(1, owner.kernelPlanes.Bytes);
            nint image = spread + (start * owner.imagePlanes.Lead);
            var source = new WinogradKernel(shape, kernel);
            for (int line = 0; line < shape.Lines; line += owner.steps)
            {
                var lines = (line, Math.Min(line + owner.steps, shape.Lines));
                source.Spread(lines, columns, owner.kernelPlanes, turned);
                owner.Multiply((image, turned, sums), lines, columns, end - start, source);
            }

            Store(sums, stage.First + start, end - start, columns);
        }

        private void Store(nint sums, int first, int count, (int Start, int End) columns)
        {
            var squares = new WinogradSquares(owner.shape, owner.zeros.Address, first, count);
            nint nowhere = (nint)Scratch.Current.Get(2, (columns.End - columns.Start) * sizeof(float));
            squares.StorePlaces(sums, owner.sumPlanes, output, nowhere, columns);
            if (owner.epilogue is not null)
            {
                squares.Finish(epilogue, columns);
            }
        }
    }

    private TileCode Tile(int rows, bool isEdge) =>
        (isEdge ? edgeTiles : tiles)[rows] ??= TileKernel.Get(
            DType.F32,
            vectorBytes,
            new TileForm(
                rows,
                isEdge ? edgeVectors : tileVectors,
                ColumnVectors: kernelPlanes.ColumnVectors(vectorBytes)
            )
        );

    // One matrix product for each of them, of squares and lines, and lines and columns.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(
        (nint Image, nint Kernel, nint Sums) memory,
        (int Start, int End) lines,
        (int Start, int End) columns,
        int squares,
        WinogradKernel source
    )
    {
        nint* left = stackalloc nint[TileKernel.MaxRows];
        nint* targets = stackalloc nint[TileKernel.MaxRows];
        var arguments = TileArguments.Single(left, targets);
        arguments.Run = lines.End - lines.Start;
        arguments.ColumnStep = kernelPlanes.Lead;
        arguments.Accumulate = lines.Start == 0 ? 0 : 1;
        int strips = ((squares - 1) / MostRows) + 1;
        (int least, int longer) = Math.DivRem(squares, strips);
        int panelBytes = tileVectors * vectorBytes;
        int panels = (((columns.End - columns.Start) * sizeof(float) - 1) / panelBytes) + 1;
        var next = (lines.End, Math.Min(lines.End + steps, shape.Lines));
        memory.Image += lines.Start * sizeof(float);
        for (int product = 0; product < shape.Products; product++)
        {
            // The next lines of the kernel are on their way into the cache meanwhile.
            for (int panel = 0; panel < panels; panel++)
            {
                bool isEdge = columns.End == shape.Columns && panel == panels - 1;
                arguments.Columns = memory.Kernel + (panel * panelBytes);
                nint image = memory.Image;
                nint target = memory.Sums + (panel * panelBytes);
                for (int strip = 0; strip < strips; strip++)
                {
                    int rows = strip < longer ? least + 1 : least;
                    RowTable.Equidistant(image, imagePlanes.Lead, rows, left);
                    RowTable.Equidistant(target, sumPlanes.Lead, rows, targets);
                    if (panel == 0)
                    {
                        source.Fetch(next, columns, (product * strips) + strip, shape.Products * strips);
                    }

                    Tile(rows, isEdge)(&arguments);
                    image += rows * imagePlanes.Lead;
                    target += rows * sumPlanes.Lead;
                }
            }

            memory.Image += imagePlanes.Plane;
            memory.Kernel += kernelPlanes.Plane;
            memory.Sums += sumPlanes.Plane;
        }
    }
}
