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
    private const long SharedBytes = 48L << 20;

    private readonly ContractionCode code = new(plan);

    /// <summary>Whether blocks of the output are rows and columns in the sense of the epilogue.</summary>
    public static bool TakesEpilogue(ContractionPlan plan, ContractionEpilogue epilogue) =>
        plan.InnerParts == 1
        && !plan.IsComplex
        && ReferenceEquals(plan.OutputType, epilogue.DType)
        && plan.Columns == epilogue.Columns
        && plan.OutColumns is [] or [{ Stride: 1 }]
        && (plan.OutRows is [] || (plan.OutRows is [var rows] && rows.Stride == plan.Columns))
        && Array.TrueForAll(plan.OutBatch, axis => axis.Stride % plan.Columns == 0);

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        Span<nint> sources = stackalloc nint[inputs.Length - 2];
        inputs[2..].CopyTo(sources);
        var work = new Tasks(
            code,
            inputs[plan.IsSwapped ? 1 : 0],
            inputs[plan.IsSwapped ? 0 : 1],
            outputs[0],
            plan.Batches
        );
        work.Epilogue = epilogue;
        work.Sources = sources.IsEmpty ? null : (nint*)Unsafe.AsPointer(ref sources[0]);
        if (plan.TakesPacked)
        {
            work.Shared = work.Right;
            WorkerPool.Run(work.Chunks, ref work);
        }
        else if (plan.InnerParts > 1)
        {
            RunParts(ref work);
        }
        else if (plan.RightAccess == RightAccess.Shared)
        {
            RunShared(ref work);
        }
        else
        {
            WorkerPool.Run(work.Chunks, ref work);
        }
    }

    /// <summary>Packs the right operand of all batches into panels.</summary>
    public void Pack(nint right, nint panels) => Pack(right, panels, 0, plan.Batches);

    private void Pack(nint right, nint panels, int firstBatch, int batches)
    {
        var packing = new PackTasks(code, right, panels, firstBatch);
        WorkerPool.Run(checked(batches * packing.Groups * plan.InnerBlocks.Length), ref packing);
    }

    private void RunShared(ref Tasks work)
    {
        long panelBytes = (long)plan.Inner * plan.Panels * code.PanelRowBytes;
        int group = (int)Math.Clamp(SharedBytes / Math.Max(panelBytes, 1), 1, plan.Batches);
        using var shared = BufferPool.Borrow(Math.Max(64, panelBytes * group));
        for (int first = 0; first < plan.Batches; first += group)
        {
            int count = Math.Min(group, plan.Batches - first);
            Pack(work.Right, shared.Address, first, count);
            work.Shared = shared.Address;
            work.FirstBatch = first;
            work.EndBatch = first + count;
            WorkerPool.Run(work.Chunks, ref work);
        }
    }

    private void RunParts(ref Tasks work)
    {
        long bytes = (long)plan.Batches * plan.InnerParts * plan.Rows * plan.Panels * code.PanelRowBytes;
        using var parts = BufferPool.Borrow(bytes);
        work.Parts = parts.Address;
        WorkerPool.Run(work.Chunks, ref work);
        var sums = new SumTasks(code, parts.Address, work.Output);
        WorkerPool.Run(checked(plan.Batches * sums.Chunks), ref sums);
    }

    private struct PackTasks(ContractionCode code, nint right, nint shared, int firstBatch) : IParallelWork
    {
        // Panels side by side are packed together, so that lines of memory are long.
        private readonly int together = Math.Clamp(code.Plan.Panels / 4, 1, 8);

        public readonly int Groups => ((code.Plan.Panels - 1) / together) + 1;

        public readonly void Invoke(int chunk)
        {
            var plan = code.Plan;
            (int rest, int group) = Math.DivRem(chunk, Groups);
            (int batch, int blockIndex) = Math.DivRem(rest, plan.InnerBlocks.Length);
            var block = plan.InnerBlocks[blockIndex];
            Span<int> coordinates = stackalloc int[plan.Right.Checks.Length];
            var origin = new OperandOrigin(plan.Right, right, firstBatch + batch, coordinates);
            int panel = group * together;
            nint target = shared + (nint)((long)batch * plan.Inner * plan.Panels * code.PanelRowBytes);
            target += code.PanelOffset(block, panel);
            code.PackPanels(origin, block, panel, Math.Min(panel + together, plan.Panels), (byte*)target);
        }
    }

    private struct Tasks(ContractionCode code, nint left, nint right, nint output, int batches) : IParallelWork
    {
        public readonly nint Right => right;

        public readonly nint Output => output;

        /// <summary>Packed panels of the right operand of all batches, if any.</summary>
        public nint Shared;

        /// <summary>Where the sums of parts of K go, if any.</summary>
        public nint Parts;

        public int FirstBatch;
        public int EndBatch = batches;

        /// <summary>What is done with finished blocks, if anything, and what it reads.</summary>
        public ContractionEpilogue? Epilogue;
        public nint* Sources;

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
            (int rowTask, int columnTask) = Math.DivRem(rest, plan.ColumnTasks);
            Span<int> leftCoordinates = stackalloc int[plan.Left.Checks.Length];
            Span<int> rightCoordinates = stackalloc int[plan.Right.Checks.Length];
            var leftOrigin = new OperandOrigin(plan.Left, left, FirstBatch + batch, leftCoordinates);
            var rightOrigin = new OperandOrigin(plan.Right, right, FirstBatch + batch, rightCoordinates);
            var task = new ContractionTask(code, rowTask, columnTask);
            nint panels =
                Shared == 0 ? 0 : Shared + (nint)((long)batch * plan.Inner * plan.Panels * code.PanelRowBytes);
            if (Parts != 0)
            {
                nint bytes = (nint)plan.Rows * plan.Panels * code.PanelRowBytes;
                nint place = Parts + (((nint)batch * plan.InnerParts) + part) * bytes;
                task.RunPart(leftOrigin, rightOrigin, part, (byte*)place);
            }
            else
            {
                long target = OperandLayout.Locate(plan.OutBatch, FirstBatch + batch, []);
                task.Run(leftOrigin, rightOrigin, panels, output + (nint)(target * plan.OutputType.Size));
                Epilogue?.Apply(
                    new ReadOnlySpan<nint>(Sources, Epilogue.OperandCount),
                    output,
                    (target / plan.Columns) + task.FirstRow,
                    task.FirstColumn,
                    task.RowCount,
                    task.ColumnCount
                );
            }
        }
    }

    private struct SumTasks(ContractionCode code, nint parts, nint output) : IParallelWork
    {
        public readonly int Chunks => ((code.Plan.Strips - 1) / code.Plan.StripsPerSum) + 1;

        public readonly void Invoke(int chunk)
        {
            var plan = code.Plan;
            (int batch, int number) = Math.DivRem(chunk, Chunks);
            int strip = number * plan.StripsPerSum;
            nint bytes = (nint)plan.Rows * plan.Panels * code.PanelRowBytes;
            long target = OperandLayout.Locate(plan.OutBatch, batch, []);
            new ContractionTask(code, (strip, strip + plan.StripsPerSum), -1).AddParts(
                (byte*)parts + ((nint)batch * plan.InnerParts * bytes),
                bytes,
                output + (nint)(target * plan.OutputType.Size)
            );
        }
    }
}
