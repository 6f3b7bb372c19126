using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A contraction in tiles: K in blocks, columns in panels, rows in strips, a <see cref="TileKernel"/> for each strip and panel.
/// Tasks are blocks of the output, so that no two of them write to the same place and every element is added up in one order.
/// Where the output is too small for that and K is long, tasks are parts of K, whose sums are added up in order at the end.
/// </summary>
internal sealed unsafe class BlockedContraction(ContractionPlan plan, ContractionEpilogue? epilogue = null) : Executable
{
    /// <summary>What is packed at a time has no more bytes, or is a single batch.</summary>
    public const long SharedBytes = 48L << 20;

    private readonly ContractionCode code = new(plan);

    /// <summary>Whether blocks of the output are rows and columns in the sense of the epilogue.</summary>
    public static bool TakesEpilogue(ContractionPlan plan, ContractionEpilogue epilogue) =>
        !plan.IsComplex
        && ReferenceEquals(plan.OutputType, epilogue.DType)
        && plan.Columns == epilogue.Columns
        && plan.OutColumns is [] or [{ Stride: 1 }]
        && (plan.OutRows is [] || (plan.OutRows is [var rows] && rows.Stride == plan.Columns))
        && Array.TrueForAll(plan.OutBatch, axis => axis.Stride % plan.Columns == 0);

    /// <summary>
    /// Whether the output is a single job, after another one that packs what its tasks share if there is room for that, so that both can
    /// be done together with those of other contractions.
    /// </summary>
    public bool IsSingleJob => epilogue is null && !plan.TakesPacked && plan.InnerParts == 1;

    /// <summary>How many batches there are.</summary>
    public int Batches => plan.Batches;

    /// <summary>The bytes of what the tasks of all batches share; 0 if they pack for themselves or nothing at all.</summary>
    public long PackedBytes => Shares ? (PanelBytes + LeftBytes) * plan.Batches : 0;

    private bool Shares => plan.RightAccess == RightAccess.Shared && !plan.TakesPacked;

    private long PanelBytes => (long)plan.PackedInner * plan.Panels * code.PanelRowBytes;

    private long LeftBytes => plan.SharesLeft ? new LeftPacking(code, 0, plan.Strips).Bytes() : 0;

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var memory = stackalloc nint[inputs.Length + outputs.Length];
        var work = Work(inputs, outputs[0]);
        work.Epilogue = new EpilogueRun(epilogue, inputs, outputs, memory);
        if (plan.InnerParts > 1)
        {
            RunParts(ref work);
        }
        else if (Shares)
        {
            RunShared(ref work);
        }
        else
        {
            work.Shared = plan.TakesPacked ? work.Right : 0;
            WorkerPool.Run(work.Chunks, ref work);
        }
    }

    /// <summary>Packs the right operand of all batches into panels.</summary>
    public void Pack(nint right, nint panels)
    {
        var packing = new PackTasks(code, right, panels, 0, plan.Batches);
        WorkerPool.Run(packing.Chunks, ref packing);
    }

    /// <summary>The tasks that make the output; what they share is still to be packed.</summary>
    public Tasks Work(ReadOnlySpan<nint> inputs, nint output) =>
        new(code, inputs[plan.IsSwapped ? 1 : 0], inputs[plan.IsSwapped ? 0 : 1], output, plan.Batches);

    /// <summary>Packs what the tasks of some batches share, and confines the tasks to these.</summary>
    /// <param name="work">The tasks.</param>
    /// <param name="shared">Memory for their part of <see cref="PackedBytes"/>.</param>
    /// <param name="first">The first of the batches.</param>
    /// <param name="count">How many there are.</param>
    public PackTasks Share(ref Tasks work, nint shared, int first, int count)
    {
        long leftBytes = LeftBytes;
        work.Shared = shared;
        work.SharedLeft = leftBytes == 0 ? 0 : shared + (nint)(PanelBytes * count);
        work.LeftBytes = (nint)leftBytes;
        work.FirstBatch = first;
        work.EndBatch = first + count;
        var packing = new PackTasks(code, work.Right, shared, first, count);
        packing.TakeLeft(work.Left, work.SharedLeft, work.LeftBytes);
        return packing;
    }

    private void RunShared(ref Tasks work)
    {
        long bytes = PanelBytes + LeftBytes;
        int group = (int)Math.Clamp(SharedBytes / Math.Max(bytes, 1), 1, plan.Batches);
        using var shared = BufferPool.Borrow(Math.Max(64, bytes * group));
        for (int first = 0; first < plan.Batches; first += group)
        {
            var packing = Share(ref work, shared.Address, first, Math.Min(group, plan.Batches - first));
            WorkerPool.Run(packing.Chunks, ref packing);
            WorkerPool.Run(work.Chunks, ref work);
        }
    }

    private void RunParts(ref Tasks work)
    {
        long bytes = (long)plan.Batches * plan.InnerParts * plan.Rows * plan.Panels * code.PanelRowBytes;
        using var parts = BufferPool.Borrow(bytes);
        work.Parts = parts.Address;
        WorkerPool.Run(work.Chunks, ref work);
        var sums = new SumTasks(code, parts.Address, work.Output, work.Epilogue);
        WorkerPool.Run(checked(plan.Batches * sums.Chunks), ref sums);
    }

    /// <summary>Packs the right operand, and perhaps the left one too, of some batches.</summary>
    internal struct PackTasks(ContractionCode code, nint right, nint panels, int firstBatch, int batches)
        : IParallelWork
    {
        // Panels side by side are packed together, so that lines of memory are long.
        private readonly int together = Math.Clamp(code.Plan.Panels / 4, 1, 8);

        private nint left;
        private nint rows;
        private nint rowBytes;

        public readonly int Chunks => checked(RightChunks + (rows == 0 ? 0 : batches * Blocks * LeftPieces));

        private readonly int RightChunks => checked(batches * Groups * Blocks);

        private readonly int Blocks => code.Plan.InnerBlocks.Length;

        // Blocks are of one size but for the last.
        private readonly int LeftPieces => Rows.Pieces(code.Plan.InnerBlocks[0]);

        private readonly LeftPacking Rows => new(code, 0, code.Plan.Strips);

        private readonly int Groups => ((code.Plan.Panels - 1) / together) + 1;

        /// <summary>Has rows of the left operand packed too, if there is a place for them.</summary>
        public void TakeLeft(nint source, nint target, nint bytes) => (left, rows, rowBytes) = (source, target, bytes);

        public readonly void Invoke(int chunk)
        {
            // Both in equal shares, so that threads find much of what they need where they packed it.
            long rights = RightChunks;
            int all = Chunks;
            int right = (int)(chunk * rights / all);
            if ((chunk + 1) * rights / all > right)
            {
                PackRight(right);
            }
            else
            {
                PackLeft(chunk - right);
            }
        }

        private readonly void PackRight(int chunk)
        {
            var plan = code.Plan;
            (int rest, int blockIndex) = Math.DivRem(chunk, Blocks);
            (int batch, int group) = Math.DivRem(rest, Groups);
            var block = plan.InnerBlocks[blockIndex];
            Span<int> coordinates = stackalloc int[plan.Right.Checks.Length];
            var origin = new OperandOrigin(plan.Right, right, firstBatch + batch, coordinates);
            int panel = group * together;
            nint target = panels + (nint)((long)batch * plan.PackedInner * plan.Panels * code.PanelRowBytes);
            target += code.PanelOffset(block, panel);
            code.PackPanels(origin, block, panel, Math.Min(panel + together, plan.Panels), (byte*)target);
        }

        private readonly void PackLeft(int chunk)
        {
            var plan = code.Plan;
            (int rest, int piece) = Math.DivRem(chunk, LeftPieces);
            (int batch, int blockIndex) = Math.DivRem(rest, Blocks);
            var block = plan.InnerBlocks[blockIndex];
            if (piece < Rows.Pieces(block))
            {
                Span<int> coordinates = stackalloc int[plan.Left.Checks.Length];
                var origin = new OperandOrigin(plan.Left, left, firstBatch + batch, coordinates);
                Rows.Fill(origin, block, piece, (byte*)rows + (batch * rowBytes) + Rows.Offset(block));
            }
        }
    }

    /// <summary>The blocks of the output of some batches.</summary>
    internal struct Tasks(ContractionCode code, nint left, nint right, nint output, int batches) : IParallelWork
    {
        public readonly nint Left => left;

        public readonly nint Right => right;

        public readonly nint Output => output;

        /// <summary>Packed panels of the right operand of all batches, if any.</summary>
        public nint Shared;

        /// <summary>Packed rows of the left operand of all batches, if any, and the bytes of those of one.</summary>
        public nint SharedLeft;
        public nint LeftBytes;

        /// <summary>Where the sums of parts of K go, if any.</summary>
        public nint Parts;

        public int FirstBatch;
        public int EndBatch = batches;

        /// <summary>What is done with finished blocks.</summary>
        public EpilogueRun Epilogue;

        public readonly int Chunks
        {
            get
            {
                long tasks = (long)(EndBatch - FirstBatch) * code.Plan.TasksPerBatch;
                return checked((int)((tasks + code.Plan.TasksPerChunk - 1) / code.Plan.TasksPerChunk));
            }
        }

        public readonly void Invoke(int chunk)
        {
            var plan = code.Plan;
            long end = Math.Min(
                (long)(chunk + 1) * plan.TasksPerChunk,
                (long)(EndBatch - FirstBatch) * plan.TasksPerBatch
            );
            for (long task = (long)chunk * plan.TasksPerChunk; task < end; task++)
            {
                RunTask(task);
            }
        }

        [SkipLocalsInit]
        private readonly void RunTask(long number)
        {
            var plan = code.Plan;
            int batch = (int)(number / plan.TasksPerBatch);
            int rest = (int)(number % plan.TasksPerBatch);
            (rest, int part) = Math.DivRem(rest, plan.InnerParts);
            (int columnTask, int rowTask) = Math.DivRem(rest, plan.RowTasks);
            Span<int> leftCoordinates = stackalloc int[plan.Left.Checks.Length];
            Span<int> rightCoordinates = stackalloc int[plan.Right.Checks.Length];
            var leftOrigin = new OperandOrigin(plan.Left, left, FirstBatch + batch, leftCoordinates);
            var rightOrigin = new OperandOrigin(plan.Right, right, FirstBatch + batch, rightCoordinates);
            var task = new ContractionTask(code, rowTask, columnTask);
            SharedPanels shared = default;
            if (Shared != 0)
            {
                shared.Right = Shared + (nint)((long)batch * plan.PackedInner * plan.Panels * code.PanelRowBytes);
                shared.Left = SharedLeft == 0 ? 0 : SharedLeft + (batch * LeftBytes);
            }

            if (Parts != 0)
            {
                nint bytes = (nint)plan.Rows * plan.Panels * code.PanelRowBytes;
                nint place = Parts + (((nint)batch * plan.InnerParts) + part) * bytes;
                task.RunPart(leftOrigin, rightOrigin, part, (byte*)place);
            }
            else
            {
                long target = OperandLayout.Locate(plan.OutBatch, FirstBatch + batch, []);
                task.Run(leftOrigin, rightOrigin, shared, output + (nint)(target * plan.OutputType.Size));
                Epilogue.Apply(
                    (target / plan.Columns) + task.FirstRow,
                    task.FirstColumn,
                    task.RowCount,
                    task.ColumnCount
                );
            }
        }
    }

    private readonly struct SumTasks(ContractionCode code, nint parts, nint output, EpilogueRun epilogue)
        : IParallelWork
    {
        public int Chunks => ((code.Plan.Strips - 1) / code.Plan.StripsPerSum) + 1;

        public void Invoke(int chunk)
        {
            var plan = code.Plan;
            (int batch, int number) = Math.DivRem(chunk, Chunks);
            int strip = number * plan.StripsPerSum;
            nint bytes = (nint)plan.Rows * plan.Panels * code.PanelRowBytes;
            long target = OperandLayout.Locate(plan.OutBatch, batch, []);
            var task = new ContractionTask(code, (strip, strip + plan.StripsPerSum), -1);
            task.AddParts(
                (byte*)parts + ((nint)batch * plan.InnerParts * bytes),
                bytes,
                output + (nint)(target * plan.OutputType.Size)
            );
            epilogue.Apply((target / plan.Columns) + task.FirstRow, 0, task.RowCount, plan.Columns);
        }
    }
}
