using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Many tiny products side by side, as in a depthwise convolution with the channels last: vectors go along the batch axis, which
/// is contiguous in both operands and the output. One operand, the image, is read at positions and, around each of them, at taps;
/// the other one has an element for each tap, or for each position if the sum is over those. Positions are cut into pieces that
/// have the same taps in the image, so that nothing is checked inside of them.
/// </summary>
internal sealed unsafe partial class BatchVectors : Executable
{
    private const int MostTaps = 1024;
    private const int MostSteps = 256;
    private const int MostChunks = 64;
    private const int MostParts = 32;
    private const int LeastMultiplies = 1 << 17;

    private readonly ContractionPlan plan;
    private readonly ContractionEpilogue? epilogue;
    private readonly OperandLayout image;
    private readonly OperandLayout other;
    private readonly bool sumsPositions;
    private readonly LayoutAxis[] outShort;
    private readonly LayoutAxis[] positions;
    private readonly LayoutAxis[] along;
    private readonly int count;
    private readonly int across;
    private readonly int run;
    private readonly int size;
    private readonly Tap[] taps;
    private readonly int[] tapCoordinates;
    private readonly BatchBlock[] blocks;
    private readonly int rowsPerTile;
    private readonly int perTask;

    // The alignment at which results are written past the caches; 0 where they are not.
    private readonly int streamedAlignment;

    private BatchVectors(ContractionPlan plan, int vectorBytes, bool imageIsLeft, ContractionEpilogue? epilogue)
    {
        this.plan = plan;
        this.epilogue = epilogue;
        run = plan.OutBatch[^1].Extent;
        size = plan.Type.Size;
        (image, other) = imageIsLeft ? (plan.Left, plan.Right) : (plan.Right, plan.Left);
        (var outLong, outShort) = imageIsLeft ? (plan.OutRows, plan.OutColumns) : (plan.OutColumns, plan.OutRows);
        (int length, across) = imageIsLeft ? (plan.Rows, plan.Columns) : (plan.Columns, plan.Rows);
        sumsPositions = plan.Inner > length;
        int tapCount = sumsPositions ? length : plan.Inner;
        count = sumsPositions ? plan.Inner : length;
        positions = sumsPositions ? image.Inner : image.Rows;
        along = sumsPositions ? other.Inner : outLong;
        taps = new Tap[tapCount];
        tapCoordinates = new int[tapCount * image.Checks.Length];
        for (int t = 0; t < tapCount; t++)
        {
            var coordinates = tapCoordinates.AsSpan(t * image.Checks.Length, image.Checks.Length);
            long address = OperandLayout.Locate(sumsPositions ? image.Rows : image.Inner, t, coordinates);
            long partner = OperandLayout.Locate(sumsPositions ? outLong : other.Inner, t, []);
            taps[t] = new Tap((nint)address * size, (nint)partner * size);
        }

        while (vectorBytes > run * size)
        {
            vectorBytes /= 2;
        }

        (blocks, rowsPerTile) = Cut(vectorBytes);
        perTask = ChooseTasks();
        streamedAlignment = Streams(vectorBytes) ? vectorBytes : 0;
    }

    private int Tasks => ((count - 1) / perTask) + 1;

    private int SumBytes => blocks[^1].Sum + blocks[^1].Bytes;

    /// <summary>The executable for a plan that has this form; otherwise null.</summary>
    public static Executable? For(ContractionPlan plan, int vectorBytes, ContractionEpilogue? epilogue)
    {
        bool fits =
            Math.Min(plan.Rows, plan.Columns) <= 2
            && plan.Inner > 0
            && !plan.IsComplex
            && (ReferenceEquals(plan.Type, DType.F32) || ReferenceEquals(plan.Type, DType.F64))
            && ReferenceEquals(plan.OutputType, plan.Type)
            && plan.OutBatch.Length > 0
            && plan.OutBatch[^1] is { Stride: 1, Extent: >= 8 } last
            && IsAlong(plan.Left, last.Extent)
            && IsAlong(plan.Right, last.Extent);
        if (!fits)
        {
            return null;
        }

        bool imageIsLeft = plan.Rows == plan.Columns ? plan.Right.IsWhole : plan.Rows > plan.Columns;
        if (
            !(imageIsLeft ? plan.Right : plan.Left).IsWhole
            || Math.Min(plan.Inner, Math.Max(plan.Rows, plan.Columns)) > MostTaps
        )
        {
            return null;
        }

        bool finishes = epilogue is not null && TakesEpilogue(plan, imageIsLeft, epilogue);
        var direct = new BatchVectors(plan, vectorBytes, imageIsLeft, finishes ? epilogue : null);
        return epilogue is null || finishes ? direct : new ContractionThenEpilogue(direct, epilogue);

        bool IsAlong(OperandLayout layout, int extent) =>
            ReferenceEquals(layout.DType, plan.Type)
            && layout.Scale == 1
            && layout.Batch.Length > 0
            && layout.Batch[^1] is { Stride: 1 } axis
            && axis.Extent == extent
            && axis.IsFree;
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        bool imageIsFirst = ReferenceEquals(image, plan.Left) != plan.IsSwapped;
        var memory = stackalloc nint[inputs.Length + outputs.Length];
        var work = new Work(this, inputs[imageIsFirst ? 0 : 1], inputs[imageIsFirst ? 1 : 0], outputs[0])
        {
            Epilogue = new EpilogueRun(epilogue, inputs, outputs, memory),
            Streams = streamedAlignment > 0 && outputs[0] % streamedAlignment == 0,
        };
        int tasks = checked(plan.Batches / run * across * Tasks);
        if (!sumsPositions)
        {
            WorkerPool.Run(tasks, ref work);
            return;
        }

        using var sums = BufferPool.Borrow((long)tasks * taps.Length * SumBytes);
        work.Sums = sums.Address;
        WorkerPool.Run(tasks, ref work);
        var finish = new Finish(this, sums.Address, outputs[0]);
        WorkerPool.Run(checked(plan.Batches / run * across * taps.Length), ref finish);
    }

    // Rows of the output are positions, its columns the batch.
    private static bool TakesEpilogue(ContractionPlan plan, bool imageIsLeft, ContractionEpilogue epilogue)
    {
        var rows = imageIsLeft ? plan.OutRows : plan.OutColumns;
        return plan.Inner <= Math.Max(plan.Rows, plan.Columns)
            && Math.Min(plan.Rows, plan.Columns) == 1
            && ReferenceEquals(plan.OutputType, epilogue.DType)
            && plan.OutBatch is [var only]
            && only.Extent == epilogue.Columns
            && (rows is [] || (rows is [var positions] && positions.Stride == epilogue.Columns));
    }

    // Blocks of whole vectors; the last one may begin inside of the one before it.
    private (BatchBlock[] Blocks, int Rows) Cut(int vectorBytes)
    {
        int accumulators = TileKernel.Accumulators(vectorBytes);
        int lanes = vectorBytes / size;
        int vectors = Math.Min(Math.Min(accumulators / 3, BatchTile.MaxVectors), run / lanes);
        int rows = Math.Min(accumulators / vectors, BatchTile.MaxRows);
        int whole = run / (vectors * lanes);
        int rest = run - (whole * vectors * lanes);
        int restVectors = (rest + lanes - 1) / lanes;
        var cut = new BatchBlock[whole + (rest > 0 ? 1 : 0)];
        int bytes = vectors * vectorBytes;
        for (int b = 0; b < whole; b++)
        {
            cut[b] = new BatchBlock(b * bytes, b * bytes, bytes, Code(vectors));
        }

        if (rest > 0)
        {
            int last = restVectors * vectorBytes;
            cut[whole] = new BatchBlock((run * size) - last, whole * bytes, last, Code(restVectors));
        }

        return (cut, rows);

        Func<int, bool, BatchTileCode> Code(int width) =>
            (r, streams) => BatchTile.Get(plan.Type, vectorBytes, r, width, streams);
    }

    // Results that do not stay in cache are written past it, unless they are read again at once.
    private bool Streams(int vectorBytes)
    {
        return Sse.IsSupported
            && epilogue is null
            && !sumsPositions
            && plan.Batches * (long)count * across * size >= MachineLimits.CachedBytes
            && run * size % vectorBytes == 0
            && Array.TrueForAll(along, IsAligned)
            && Array.TrueForAll(outShort, IsAligned)
            && Array.TrueForAll(plan.OutBatch[..^1], IsAligned);

        bool IsAligned(LayoutAxis axis) => axis.Stride * size % vectorBytes == 0;
    }

    private int ChooseTasks()
    {
        double perPosition = (double)taps.Length * run;
        double least = Math.Max(
            LeastMultiplies / perPosition,
            (double)count / (sumsPositions ? MostParts : MostChunks)
        );
        least = sumsPositions ? Math.Max(least, 4.0 * taps.Length) : least;
        int whole = positions.Length == 0 ? 1 : positions[^1].Extent;
        int task = (int)Math.Clamp(Math.Ceiling(least), 1, count);
        return task <= whole ? task : Math.Min(count, ((task - 1) / whole * whole) + whole);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(in Origin origin, int start, int end)
    {
        int checks = image.Checks.Length;
        var coordinates = stackalloc int[checks];
        var steps = stackalloc int[checks];
        var low = stackalloc int[taps.Length];
        var high = stackalloc int[taps.Length];
        var valid = stackalloc int[taps.Length];
        var table = stackalloc Distances[sumsPositions ? MostSteps : taps.Length];
        var tile = new TileState { Table = table, Streams = origin.Streams };
        (int extent, nint imageStep) = Last(positions);
        (int alongExtent, nint alongStep) = Last(along);
        tile.ImageStep = imageStep;
        tile.AlongStep = alongStep;
        for (int c = 0; c < checks; c++)
        {
            steps[c] = positions.Length == 0 ? 0 : positions[^1].Coefs[c];
        }

        for (int k = 0; sumsPositions && k < Math.Min(MostSteps, Math.Min(extent, end - start)); k++)
        {
            table[k] = new Distances(k * imageStep, k * alongStep);
        }

        var line = new CheckedLine(image.Checks, coordinates, steps);
        fixed (int* more = tapCoordinates)
        {
            for (int position = start; position < end; )
            {
                int length = Math.Min(extent - (position % extent), alongExtent - (position % alongExtent));
                length = Math.Min(length, sumsPositions ? Math.Min(MostSteps, end - position) : end - position);
                nint address = (nint)OperandLayout.Locate(positions, position, new Span<int>(coordinates, checks));
                tile.Image = origin.Image + (address * size);
                tile.Along = origin.Along + ((nint)OperandLayout.Locate(along, position, []) * size);
                for (int c = 0; c < checks; c++)
                {
                    coordinates[c] += origin.Coordinates[c];
                }

                for (int t = 0; t < taps.Length; t++)
                {
                    low[t] = 0;
                    high[t] = length;
                    line.Narrow(more + (t * checks), ref low[t], ref high[t]);
                }

                for (int from = 0; from < length; )
                {
                    // The positions up to the next at which a tap appears or disappears.
                    int next = length;
                    int found = 0;
                    for (int t = 0; t < taps.Length; t++)
                    {
                        if (low[t] > from)
                        {
                            next = high[t] > low[t] ? Math.Min(next, low[t]) : next;
                        }
                        else if (high[t] > from)
                        {
                            next = Math.Min(next, high[t]);
                            valid[found++] = t;
                        }
                    }

                    if (sumsPositions)
                    {
                        AddPositions(tile, origin.Partner, new ReadOnlySpan<int>(valid, found), from, next - from);
                    }
                    else
                    {
                        AddTaps(tile, origin.Partner, new ReadOnlySpan<int>(valid, found), from, next);
                    }

                    from = next;
                }

                position += length;
            }
        }

        (int Extent, nint Step) Last(LayoutAxis[] axes) =>
            axes.Length == 0 ? (1, 0) : (axes[^1].Extent, (nint)axes[^1].Stride * size);
    }

    // Each position is the sum over the taps.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddTaps(in TileState tile, nint filter, ReadOnlySpan<int> valid, int from, int end)
    {
        for (int i = 0; i < valid.Length; i++)
        {
            tile.Table[i] = new Distances(taps[valid[i]].Image, taps[valid[i]].Partner);
        }

        var rows = stackalloc nint[BatchTile.MaxRows];
        var targets = stackalloc nint[BatchTile.MaxRows];
        BatchTileArguments arguments = default;
        arguments.Rows = (nint)rows;
        arguments.Targets = (nint)targets;
        arguments.Steps = (nint)tile.Table;
        arguments.Count = valid.Length;
        while (from < end)
        {
            int tiles = ((end - from - 1) / rowsPerTile) + 1;
            int count = ((end - from - 1) / tiles) + 1;
            for (int i = 0; i < count; i++)
            {
                rows[i] = tile.Image + ((from + i) * tile.ImageStep);
                targets[i] = tile.Along + ((from + i) * tile.AlongStep);
            }

            if (valid.Length == 0)
            {
                for (int i = 0; i < count; i++)
                {
                    Unsafe.InitBlockUnaligned((void*)targets[i], 0, (uint)(run * size));
                }
            }
            else
            {
                int done = 0;
                foreach (var block in blocks)
                {
                    for (int i = 0; i < count; i++)
                    {
                        rows[i] += block.Offset - done;
                        targets[i] += block.Offset - done;
                    }

                    done = block.Offset;
                    arguments.Other = filter + block.Offset;
                    block.Code(count, tile.Streams)(&arguments);
                }
            }

            from += count;
        }
    }

    // Each tap is the sum over the positions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPositions(in TileState tile, nint sums, ReadOnlySpan<int> valid, int from, int count)
    {
        var rows = stackalloc nint[BatchTile.MaxRows];
        var targets = stackalloc nint[BatchTile.MaxRows];
        BatchTileArguments arguments = default;
        arguments.Rows = (nint)rows;
        arguments.Targets = (nint)targets;
        arguments.Steps = (nint)tile.Table;
        arguments.Count = count;
        arguments.Accumulate = 1;
        foreach (var block in blocks)
        {
            nint origin = tile.Image + (from * tile.ImageStep) + block.Offset;
            arguments.Other = tile.Along + (from * tile.AlongStep) + block.Offset;
            for (int t = 0; t < valid.Length; )
            {
                int tiles = ((valid.Length - t - 1) / rowsPerTile) + 1;
                int together = ((valid.Length - t - 1) / tiles) + 1;
                for (int i = 0; i < together; i++)
                {
                    rows[i] = origin + taps[valid[t + i]].Image;
                    targets[i] = sums + (valid[t + i] * SumBytes) + block.Sum;
                }

                block.Code(together, false)(&arguments);
                t += together;
            }
        }
    }

    /// <summary>How far a tap moves in the image, and in what has elements for each tap, in bytes.</summary>
    private readonly record struct Tap(nint Image, nint Partner);

    /// <summary>A step of a tile.</summary>
    private readonly record struct Distances(nint Image, nint Other);

    private struct TileState
    {
        public Distances* Table;
        public nint Image;
        public nint Along;
        public nint ImageStep;
        public nint AlongStep;
        public bool Streams;
    }

    private readonly ref struct Origin(nint image, nint along, nint partner, bool streams, Span<int> coordinates)
    {
        public bool Streams => streams;

        public nint Image => image;

        public nint Along => along;

        public nint Partner => partner;

        public Span<int> Coordinates { get; } = coordinates;
    }
}
