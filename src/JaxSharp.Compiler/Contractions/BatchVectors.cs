using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Many tiny products side by side, as in a depthwise convolution with the channels last: vectors go along the batch axis, which
/// is contiguous in both operands and the output. One operand, the image, is read at positions and, around each of them, at taps;
/// the other one has an element for each tap, or for each position if the sum is over those. Tiles of
/// neighbouring positions read each vector of the image once for all of a line of taps, and leave out what does not exist.
/// </summary>
internal sealed unsafe partial class BatchVectors : Executable
{
    /// <summary>So few neighbours along the batch are done in another way.</summary>
    public const int LeastRun = 8;

    /// <summary>The largest number of taps.</summary>
    public const int MostTaps = 1024;

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
    private readonly int vectorBytes;
    private readonly BatchTap[] taps;
    private readonly BatchLine line;
    private readonly BatchBlock[] blocks;
    private readonly int mostPositions;
    private readonly int mostLines;

    // Distances in bytes: of positions and taps in the image, of positions in the output or the other operand, of what is kept of that.
    private readonly nint positionStep;
    private readonly nint tapStep;
    private readonly nint alongStep;
    private readonly int otherStep;

    // What the line after one needs of the image that it does not: where it is, and how much; 0 bytes where this is not side by side.
    private readonly nint aheadOffset;
    private readonly nint aheadBytes;
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
        taps = new BatchTap[tapCount];
        var tapCoordinates = new int[tapCount * image.Checks.Length];
        for (int t = 0; t < tapCount; t++)
        {
            var coordinates = tapCoordinates.AsSpan(t * image.Checks.Length, image.Checks.Length);
            long address = OperandLayout.Locate(sumsPositions ? image.Rows : image.Inner, t, coordinates);
            long partner = OperandLayout.Locate(sumsPositions ? outLong : other.Inner, t, []);
            taps[t] = new BatchTap((nint)address * size, (nint)partner * size);
        }

        while (vectorBytes > run * size)
        {
            vectorBytes /= 2;
        }

        this.vectorBytes = vectorBytes;
        var tapAxes = sumsPositions ? image.Rows : image.Inner;
        var position = positions.Length == 0 ? new LayoutAxis(1, 0, new int[image.Checks.Length]) : positions[^1];
        line = BatchLine.For(
            taps,
            tapCoordinates,
            tapAxes.Length == 0 ? 1 : tapAxes[^1].Extent,
            position,
            (size, vectorBytes)
        );
        positionStep = (nint)position.Stride * size;
        alongStep = along.Length == 0 ? 0 : (nint)along[^1].Stride * size;
        tapStep = line.Together > 1 ? taps[1].Image - taps[0].Image : 0;
        nint partnerStep = line.Together > 1 ? taps[1].Partner - taps[0].Partner : 0;
        bool isFar = sumsPositions && nint.Abs(alongStep) > int.MaxValue / BatchTile.MaxPositions;
        otherStep = isFar ? 0 : (int)(sumsPositions ? alongStep : partnerStep);
        int taken = line.Parts.Max(part => part.Window.Taps);
        int lines = sumsPositions ? line.Count : 0;
        (int vectors, mostPositions, mostLines) = BatchTile.Largest(
            vectorBytes,
            run * size / vectorBytes,
            taken,
            lines
        );
        mostPositions = line.IsAlone || isFar ? 1 : mostPositions;
        blocks = Cut(vectors);
        (aheadOffset, aheadBytes) = LookAhead(position);
        perTask = ChooseTasks();
        streamedAlignment = Streams(vectorBytes) ? vectorBytes : 0;
    }

    private int Tasks => ((count - 1) / perTask) + 1;

    private int SumBytes => blocks[^1].Sum + (blocks[^1].Vectors * blocks[^1].Count * vectorBytes);

    /// <summary>The executable for a plan that has this form; otherwise null.</summary>
    public static Executable? For(ContractionPlan plan, int vectorBytes, ContractionEpilogue? epilogue)
    {
        bool fits =
            Math.Min(plan.Rows, plan.Columns) <= 2
            && !plan.IsComplex
            && (ReferenceEquals(plan.Type, DType.F32) || ReferenceEquals(plan.Type, DType.F64))
            && ReferenceEquals(plan.OutputType, plan.Type)
            && plan.OutBatch.Length > 0
            && plan.OutBatch[^1] is { Stride: 1, Extent: >= LeastRun } last
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

    // Blocks of whole vectors, for which the taps around a tile stay in the first-level cache; the last one may begin inside of the one
    // before it, but has sums of its own.
    private BatchBlock[] Cut(int vectors)
    {
        int bytes = vectors * vectorBytes;
        int all = run * size / bytes;
        int read = (line.Count * (mostPositions + line.Together)) + taps.Length;
        int most = Math.Clamp(CacheModel.NearBytes / (read * bytes), 1, all);
        int groups = ((all - 1) / most) + 1;
        var cut = new List<BatchBlock>();
        for (int g = 0; g < groups; g++)
        {
            int start = all * g / groups;
            cut.Add(new BatchBlock(vectors, (all * (g + 1) / groups) - start, start * bytes, start * bytes));
        }

        int rest = (run * size) - (all * bytes);
        if (rest > 0)
        {
            int more = ((rest - 1) / vectorBytes) + 1;
            cut.Add(new BatchBlock(more, 1, (run * size) - (more * vectorBytes), all * bytes));
        }

        return [.. cut];
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

    private (nint Offset, nint Bytes) LookAhead(LayoutAxis position)
    {
        nint step = positions.Length < 2 ? 0 : (nint)positions[^2].Stride * size;
        nint reads = position.Extent * positionStep;
        bool isDense = Sse.IsSupported && step > 0 && positionStep <= line.Parts[0].Window.PositionStep * run * size;
        nint last = Enumerable.Range(0, line.Count).Max(l => line.First(l).Image);
        return isDense && step >= reads && step <= 2 * reads ? (last + step, step) : (0, 0);
    }

    // Results that do not stay in cache are written past it, unless they are read again at once.
    private bool Streams(int vectorBytes)
    {
        return Sse.IsSupported
            && epilogue is null
            && !sumsPositions
            && line.Parts.Length == 1
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

    /// <summary>Neighbours along the batch.</summary>
    /// <param name="Vectors">The vectors of a tile.</param>
    /// <param name="Count">How many tiles lie side by side.</param>
    /// <param name="Offset">Where they begin in memory, in bytes.</param>
    /// <param name="Sum">Where they begin in sums, in bytes.</param>
    private readonly record struct BatchBlock(int Vectors, int Count, int Offset, int Sum);
}
