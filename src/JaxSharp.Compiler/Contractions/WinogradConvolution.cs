using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A convolution, or its gradient by the image, by Winograd's algorithm. The kernel is brought to the products once. If it stays in the
/// second-level cache there, a task does everything for some squares; otherwise the products of many squares are tasks of their own, each
/// of which reads a part of the kernel.
/// </summary>
internal sealed unsafe class WinogradConvolution : Executable
{
    private const int TaskBytes = 640 << 10;
    private const long StageBytes = 32 << 20;
    private const int MostSquares = 48;
    private const int LeastTasks = 16;

    // The bytes of the image that a task multiplies where products are tasks of their own.
    private const int ProductBytes = 512 << 10;

    private readonly WinogradShape shape;
    private readonly WinogradProducts products;
    private readonly ContractionEpilogue? epilogue;
    private readonly Runtime.Buffer zeros;
    private readonly WinogradPlanes imagePlanes;
    private readonly WinogradPlanes resultPlanes;
    private readonly bool inStages;
    private readonly int perTask;
    private readonly int perStage;

    /// <summary>The convolution for a shape, with an epilogue for parts of rows of the output.</summary>
    public WinogradConvolution(WinogradShape shape, int vectorBytes, ContractionEpilogue? epilogue)
    {
        this.shape = shape;
        this.epilogue = epilogue;
        products = new WinogradProducts(shape, vectorBytes);
        zeros = Runtime.Buffer.Allocate(shape.Channels * sizeof(float));
        zeros.Bytes.Clear();
        int squareBytes = shape.Products * sizeof(float) * (shape.Lines + shape.Columns);
        int most = Math.Min(Math.Min(TaskBytes / squareBytes, MostSquares), shape.Squares / LeastTasks);
        inStages = !shape.StaysInCache;
        perTask = inStages ? Math.Max(most, 1) : Math.Max(most / products.Rows, 1) * products.Rows;
        int stages = (int)((((long)shape.Squares * squareBytes) - 1) / StageBytes) + 1;
        perStage = inStages ? (((shape.Squares - 1) / stages / perTask) + 1) * perTask : perTask;
        int rows = products.WholeTiles(perStage);
        imagePlanes = new WinogradPlanes(shape.Products, rows, shape.Lines);
        resultPlanes = new WinogradPlanes(shape.Products, rows, shape.Columns);
    }

    /// <summary>The executable for a shape, with an epilogue if there is one.</summary>
    public static Executable For(WinogradShape shape, int vectorBytes, ContractionEpilogue? epilogue)
    {
        bool fused = epilogue is not null && TakesEpilogue(shape, epilogue);
        var own = fused ? epilogue : null;
        Executable convolution = shape.StreamsKernel
            ? new WinogradStream(shape, vectorBytes, own)
            : new WinogradConvolution(shape, vectorBytes, own);
        return epilogue is null || fused ? convolution : new ContractionThenEpilogue(convolution, epilogue);
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var addresses = stackalloc nint[inputs.Length + outputs.Length];
        long stageBytes = inStages ? imagePlanes.Bytes + resultPlanes.Bytes : 0;
        using var memory = BufferPool.Borrow(products.KernelPlanes.Bytes + stageBytes);
        var kernel = new WinogradKernelTasks(shape, products.KernelPlanes, inputs[1], memory.Address);
        WorkerPool.Run(kernel.Chunks, ref kernel);
        var work = new Work(this, inputs[0], memory.Address, outputs[0])
        {
            Epilogue = new EpilogueRun(epilogue, inputs, outputs, addresses),
            Spread = memory.Address + products.KernelPlanes.Bytes,
            Results = memory.Address + products.KernelPlanes.Bytes + imagePlanes.Bytes,
        };
        if (!inStages)
        {
            WorkerPool.Run(((shape.Squares - 1) / perTask) + 1, ref work);
            return;
        }

        for (int first = 0; first < shape.Squares; first += perStage)
        {
            work.First = first;
            work.Count = Math.Min(perStage, shape.Squares - first);
            foreach (var stage in (ReadOnlySpan<Stage>)[Stage.Spread, Stage.Multiply, Stage.Store])
            {
                work.Stage = stage;
                WorkerPool.Run(work.StageChunks, ref work);
            }
        }
    }

    // Rows of squares are neighbouring rows of the output, which is a dense matrix.
    private static bool TakesEpilogue(WinogradShape shape, ContractionEpilogue epilogue)
    {
        var places = shape.Places;
        return ReferenceEquals(epilogue.DType, DType.F32)
            && epilogue.Columns == shape.Columns
            && shape.Y.Step == 1
            && shape.X.Step == 1
            && places.StepX == shape.Columns
            && places.StepY == places.StepX * shape.X.Extent
            && Array.TrueForAll(places.Outer, axis => axis.Stride % places.StepY == 0);
    }

    /// <summary>What tasks do.</summary>
    private enum Stage
    {
        Everything,
        Spread,
        Multiply,
        Store,
    }

    private struct Work(WinogradConvolution owner, nint image, nint kernel, nint output) : IParallelWork
    {
        /// <summary>What is done with finished rows.</summary>
        public EpilogueRun Epilogue;

        /// <summary>The memory of planes that several tasks share.</summary>
        public nint Spread;
        public nint Results;

        public Stage Stage;

        /// <summary>The squares of a stage.</summary>
        public int First;
        public int Count;

        private readonly WinogradShape shape = owner.shape;

        public readonly int StageChunks =>
            Stage == Stage.Multiply
                ? shape.Products * owner.products.Panels * ProductTasks
                : ((Count - 1) / owner.perTask) + 1;

        private readonly int ProductTasks => ((Count - 1) / SquaresPerProduct) + 1;

        private readonly int SquaresPerProduct =>
            owner.products.WholeTiles(Math.Max(1, ProductBytes / (shape.Lines * sizeof(float))));

        public readonly void Invoke(int chunk)
        {
            if (Stage == Stage.Multiply)
            {
                (int rest, int part) = Math.DivRem(chunk, ProductTasks);
                (int product, int panel) = Math.DivRem(rest, owner.products.Panels);
                int start = part * SquaresPerProduct;
                Multiply(
                    product,
                    start,
                    Math.Min(SquaresPerProduct, Count - start),
                    (panel, panel + 1),
                    Spread,
                    Results
                );
                return;
            }

            int from = chunk * owner.perTask;
            int end = Stage == Stage.Everything ? shape.Squares : First + Count;
            int count = Math.Min(owner.perTask, end - First - from);
            var squares = new WinogradSquares(shape, owner.zeros.Address, First + from, count);
            if (Stage == Stage.Everything)
            {
                DoAll(squares, count);
            }
            else if (Stage == Stage.Spread)
            {
                squares.SpreadImage(
                    image,
                    owner.imagePlanes,
                    Spread + (from * owner.imagePlanes.Lead),
                    (0, shape.Lines)
                );
                if (from + count == Count)
                {
                    ClearRows(Spread, Count);
                }
            }
            else
            {
                Store(squares, Results + (from * owner.resultPlanes.Lead));
            }
        }

        private readonly void DoAll(WinogradSquares squares, int count)
        {
            nint spread = (nint)Scratch.Current.Get(1, owner.imagePlanes.Bytes);
            nint results = (nint)Scratch.Current.Get(0, owner.resultPlanes.Bytes);
            squares.SpreadImage(image, owner.imagePlanes, spread, (0, shape.Lines));
            ClearRows(spread, count);
            for (int product = 0; product < shape.Products; product++)
            {
                // The output is on its way into the cache meanwhile.
                int some = count * product / shape.Products;
                squares.Fetch(output, some, count * (product + 1) / shape.Products);
                Multiply(product, 0, count, (0, owner.products.Panels), spread, results);
            }

            Store(squares, results);
        }

        private readonly void Multiply(
            int product,
            int first,
            int count,
            (int Start, int End) panels,
            nint spread,
            nint results
        )
        {
            var (from, to) = (owner.imagePlanes, owner.resultPlanes);
            owner.products.Multiply(
                (spread + (product * from.Plane) + (first * from.Lead), from.Lead),
                kernel + (product * owner.products.KernelPlanes.Plane),
                (results + (product * to.Plane) + (first * to.Lead), to.Lead),
                count,
                panels
            );
        }

        // Tiles have all their rows, whose last ones may be of no square.
        private readonly void ClearRows(nint spread, int count)
        {
            var planes = owner.imagePlanes;
            int rest = owner.products.WholeTiles(count) - count;
            for (int product = 0; rest > 0 && product < shape.Products; product++)
            {
                nint start = spread + (product * planes.Plane) + (count * planes.Lead);
                Unsafe.InitBlockUnaligned((void*)start, 0, (uint)(rest * planes.Lead));
            }
        }

        private readonly void Store(WinogradSquares squares, nint results)
        {
            nint nowhere = (nint)Scratch.Current.Get(2, shape.Columns * sizeof(float));
            squares.StorePlaces(results, owner.resultPlanes, output, nowhere, (0, shape.Columns));
            if (owner.epilogue is not null)
            {
                squares.Finish(Epilogue, (0, shape.Columns));
            }
        }
    }
}
