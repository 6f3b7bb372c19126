using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A contraction in tiles: K in blocks, columns in panels, rows in strips, a <see cref="TileKernel"/> for each strip and panel.
/// Tasks are blocks of the output, so that no two of them write to the same place and every element is added up in one order.
/// </summary>
internal sealed unsafe class BlockedContraction : Executable
{
    private const long SharedBytes = 48L << 20;

    private readonly ContractionPlan plan;
    private readonly int size;
    private readonly delegate* <byte*, nint, byte*, nint, nint, void> copyLeft;
    private readonly delegate* <byte*, nint, byte*, nint, nint, void> copyRight;
    private readonly delegate* <byte*, nint, byte*, nint, nint, void> store;
    private readonly Runtime.Buffer? zeros;
    private readonly Runtime.Buffer? mask;
    private readonly TileCode[] fullTiles;
    private readonly TileCode[] edgeTiles;
    private readonly int panelBytesPerInner;

    public BlockedContraction(ContractionPlan plan)
    {
        this.plan = plan;
        size = plan.Type.Size;
        panelBytesPerInner = plan.Width * size;
        copyLeft = LineCopy.Get(plan.Left.DType, plan.Type);
        copyRight = plan.IsComplex ? ComplexPanels.Copy(plan.Right.DType) : LineCopy.Get(plan.Right.DType, plan.Type);
        store = LineCopy.Get(plan.Type, plan.OutputType);
        if (plan.LeftAccess == LeftAccess.Direct && !plan.Left.IsWhole)
        {
            long run = plan.Left.Inner.Length == 0 ? 1 : plan.Left.Inner[^1].Extent * plan.Left.Inner[^1].Stride;
            zeros = Runtime.Buffer.Allocate(Math.Max(64, (Math.Abs(run) + 1) * size));
            zeros.Bytes.Clear();
        }

        int edge = plan.Columns - ((plan.Panels - 1) * plan.Width);
        int edgeVectors = ((edge - 1) / plan.Lanes) + 1;
        bool masked = edge % plan.Lanes != 0 && plan.VectorBytes == 64;
        if (masked)
        {
            mask = Runtime.Buffer.Allocate(64);
            mask.Bytes.Clear();
            mask.Bytes[..(edge % plan.Lanes * size)].Fill(0xff);
        }

        int low = plan.Rows / plan.Strips;
        fullTiles = [Tile(low, plan.TileVectors, false), Tile(low + 1, plan.TileVectors, false)];
        edgeTiles = [Tile(low, edgeVectors, masked), Tile(low + 1, edgeVectors, masked)];
        TileCode Tile(int rows, int vectors, bool lanes) =>
            rows == 0 || (rows > low && plan.Rows % plan.Strips == 0)
                ? null!
                : TileKernel.Get(plan.Type, plan.VectorBytes, rows, vectors, lanes);
    }

    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        nint left = inputs[plan.IsSwapped ? 1 : 0];
        nint right = inputs[plan.IsSwapped ? 0 : 1];
        var work = new Tasks(this, left, right, outputs[0]);
        int perBatch = plan.RowTasks * plan.ColumnTasks;
        if (plan.RightAccess != RightAccess.Shared)
        {
            WorkerPool.Run(checked(plan.Batches * perBatch), ref work);
            return;
        }

        long panelBytes = (long)plan.Inner * plan.Panels * panelBytesPerInner;
        int group = (int)Math.Clamp(SharedBytes / Math.Max(panelBytes, 1), 1, plan.Batches);
        using var shared = BufferPool.Rent(Math.Max(64, panelBytes * group));
        work.Shared = shared.Address;
        for (int first = 0; first < plan.Batches; first += group)
        {
            int count = Math.Min(group, plan.Batches - first);
            var packing = new PackTasks(this, right, shared.Address, first);
            WorkerPool.Run(checked(count * plan.Panels * plan.InnerBlocks.Length), ref packing);
            work.FirstBatch = first;
            WorkerPool.Run(checked(count * perBatch), ref work);
        }
    }

    // Packed panels lie by blocks of K, then by panel.
    private nint PanelOffset(InnerBlock block, int panel) =>
        (nint)(((long)block.Start * plan.Panels) + ((long)block.Count * panel)) * panelBytesPerInner;

    private void PackPanel(in OperandOrigin origin, InnerBlock block, int panel, byte* target)
    {
        var layout = plan.Right;
        int start = panel * plan.Width;
        int count = Math.Min(plan.Width, plan.Columns - start);
        var inner = (block.Start, block.Count);
        if (plan.IsComplex)
        {
            ComplexPanels.Fill(origin, (start, count), inner, target, plan.Width, size, copyRight);
            return;
        }

        if (count < plan.Width)
        {
            Unsafe.InitBlockUnaligned(target, 0, (uint)(block.Count * panelBytesPerInner));
        }

        bool alongInner = layout.Inner.Length > 0 && layout.Inner[^1].Stride == layout.Scale;
        bool alongRows = layout.Rows.Length > 0 && layout.Rows[^1].Stride == layout.Scale;
        if (alongInner && (!alongRows || layout.Rows[^1].Extent < layout.Inner[^1].Extent))
        {
            byte* scratch = Scratch.Current.Get(3, Packing.TurnScratch(plan.Width));
            Packing.FillTurned(origin, (start, count), inner, target, plan.Width, size, scratch, copyRight);
        }
        else
        {
            Packing.Fill(origin, layout.Inner, layout.Rows, inner, (start, count), target, plan.Width, size, copyRight);
        }
    }

    private struct PackTasks(BlockedContraction owner, nint right, nint shared, int firstBatch) : IParallelWork
    {
        public readonly void Invoke(int chunk)
        {
            var plan = owner.plan;
            (int rest, int panel) = Math.DivRem(chunk, plan.Panels);
            (int batch, int blockIndex) = Math.DivRem(rest, plan.InnerBlocks.Length);
            var block = plan.InnerBlocks[blockIndex];
            var origin = new OperandOrigin(
                plan.Right,
                right,
                firstBatch + batch,
                stackalloc int[plan.Right.Checks.Length]
            );
            nint target = shared + (nint)((long)batch * plan.Inner * plan.Panels * owner.panelBytesPerInner);
            owner.PackPanel(origin, block, panel, (byte*)(target + owner.PanelOffset(block, panel)));
        }
    }

    private struct Tasks(BlockedContraction owner, nint left, nint right, nint output) : IParallelWork
    {
        public nint Shared;
        public int FirstBatch;

        public readonly void Invoke(int chunk)
        {
            var plan = owner.plan;
            (int rest, int columnTask) = Math.DivRem(chunk, plan.ColumnTasks);
            (int batch, int rowTask) = Math.DivRem(rest, plan.RowTasks);
            var leftOrigin = new OperandOrigin(
                plan.Left,
                left,
                FirstBatch + batch,
                stackalloc int[plan.Left.Checks.Length]
            );
            var rightOrigin = new OperandOrigin(
                plan.Right,
                right,
                FirstBatch + batch,
                stackalloc int[plan.Right.Checks.Length]
            );
            long target = OperandLayout.Locate(plan.OutBatch, FirstBatch + batch, []);
            var task = new ContractionTask(
                owner,
                rowTask,
                columnTask,
                Shared + (nint)((long)batch * plan.Inner * plan.Panels * owner.panelBytesPerInner),
                output + (nint)(target * plan.OutputType.Size)
            );
            task.Run(leftOrigin, rightOrigin);
        }
    }

    /// <summary>One block of the output: some strips times some panels.</summary>
    private readonly ref struct ContractionTask
    {
        private readonly BlockedContraction owner;
        private readonly ContractionPlan plan;
        private readonly int size;
        private readonly int firstStrip;
        private readonly int endStrip;
        private readonly int firstPanel;
        private readonly int endPanel;
        private readonly nint shared;
        private readonly nint output;

        public ContractionTask(BlockedContraction owner, int rowTask, int columnTask, nint shared, nint output)
        {
            this.owner = owner;
            plan = owner.plan;
            size = owner.size;
            firstStrip = rowTask * plan.StripsPerTask;
            endStrip = Math.Min(firstStrip + plan.StripsPerTask, plan.Strips);
            firstPanel = columnTask * plan.PanelsPerTask;
            endPanel = Math.Min(firstPanel + plan.PanelsPerTask, plan.Panels);
            this.shared = shared;
            this.output = output;
        }

        private int FirstRow => plan.StripStart(firstStrip);

        private int RowCount => plan.StripStart(endStrip) - FirstRow;

        public void Run(in OperandOrigin left, in OperandOrigin right)
        {
            byte* sums = null;
            nint lead = (nint)(endPanel - firstPanel) * owner.panelBytesPerInner;
            if (!plan.DirectOutput)
            {
                sums = Scratch.Current.Get(0, RowCount * lead);
                if (plan.InnerBlocks.Length == 0)
                {
                    new Span<byte>(sums, checked((int)(RowCount * lead))).Clear();
                }
            }

            for (int b = 0; b < plan.InnerBlocks.Length; b++)
            {
                RunBlock(left, right, plan.InnerBlocks[b], b > 0, sums, lead);
            }

            if (!plan.DirectOutput)
            {
                Finish(sums, lead);
            }
        }

        [SkipLocalsInit]
        private void RunBlock(
            in OperandOrigin left,
            in OperandOrigin right,
            InnerBlock block,
            bool accumulate,
            byte* sums,
            nint lead
        )
        {
            var rows = PackLeft(left, block);
            byte* panels = null;
            if (plan.RightAccess == RightAccess.Local)
            {
                panels = Scratch.Current.Get(2, (nint)block.Count * (endPanel - firstPanel) * owner.panelBytesPerInner);
                for (int p = firstPanel; p < endPanel; p++)
                {
                    nint offset = (nint)(p - firstPanel) * block.Count * owner.panelBytesPerInner;
                    owner.PackPanel(right, block, p, panels + offset);
                }
            }

            int segments = plan.LeftAccess == LeftAccess.Direct ? block.Segments : 1;
            var rowTable = stackalloc nint[segments * TileKernel.MaxRows];
            var targets = stackalloc nint[TileKernel.MaxRows];
            TileArguments arguments = default;
            arguments.Rows = (nint)rowTable;
            arguments.Segments = segments;
            arguments.Run = plan.LeftAccess == LeftAccess.Direct ? block.Run : block.Count;
            arguments.Targets = (nint)targets;
            arguments.Accumulate = accumulate ? 1 : 0;
            arguments.Mask = owner.mask is null ? 0 : owner.mask.Address;
            arguments.ColumnStep = owner.panelBytesPerInner;
            int lowRows = plan.Rows / plan.Strips;
            for (int s = firstStrip; s < endStrip; s++)
            {
                int start = plan.StripStart(s);
                int count = plan.StripStart(s + 1) - start;
                arguments.RowStep = RowTable(left, block, rows, start, count, rowTable);
                Targets(start, count, sums, lead, targets);
                for (int p = firstPanel; p < endPanel; p++)
                {
                    switch (plan.RightAccess)
                    {
                        case RightAccess.Direct:
                            nint step = plan.Right.Inner.Length == 0 ? 0 : (nint)plan.Right.Inner[0].Stride * size;
                            arguments.ColumnStep = step;
                            arguments.Columns =
                                (nint)right.Memory
                                + (((nint)right.Address + (p * plan.Width)) * size)
                                + (block.Start * step);
                            break;
                        case RightAccess.Local:
                            arguments.Columns =
                                (nint)panels + ((nint)(p - firstPanel) * block.Count * owner.panelBytesPerInner);
                            break;
                        default:
                            arguments.Columns = shared + owner.PanelOffset(block, p);
                            break;
                    }

                    var tiles = p == plan.Panels - 1 ? owner.edgeTiles : owner.fullTiles;
                    tiles[count - lowRows](&arguments);
                    for (int r = 0; r < count; r++)
                    {
                        targets[r] += owner.panelBytesPerInner;
                    }
                }
            }
        }

        private byte* PackLeft(in OperandOrigin left, InnerBlock block)
        {
            if (plan.LeftAccess == LeftAccess.Direct)
            {
                return null;
            }

            var layout = plan.Left;
            var inner = (block.Start, block.Count);
            if (plan.LeftAccess == LeftAccess.Rows)
            {
                nint lead = RowLead(block);
                byte* target = Scratch.Current.Get(1, RowCount * lead * size);
                Packing.Fill(
                    left,
                    layout.Rows,
                    layout.Inner,
                    (FirstRow, RowCount),
                    inner,
                    target,
                    lead,
                    size,
                    owner.copyLeft
                );
                return target;
            }

            byte* strips = Scratch.Current.Get(1, (nint)RowCount * block.Count * size);
            for (int s = firstStrip; s < endStrip; s++)
            {
                int start = plan.StripStart(s);
                int count = plan.StripStart(s + 1) - start;
                byte* target = strips + ((nint)(start - FirstRow) * block.Count * size);
                Packing.Fill(
                    left,
                    layout.Inner,
                    layout.Rows,
                    inner,
                    (start, count),
                    target,
                    count,
                    size,
                    owner.copyLeft
                );
            }

            return strips;
        }

        // Rows are kept from lying a multiple of 4 KiB apart.
        private nint RowLead(InnerBlock block) => block.Count + (64 / size);

        // Fills the table of row addresses and returns their step along K.
        private nint RowTable(in OperandOrigin left, InnerBlock block, byte* packed, int start, int count, nint* table)
        {
            switch (plan.LeftAccess)
            {
                case LeftAccess.Rows:
                    nint lead = RowLead(block) * size;
                    for (int r = 0; r < count; r++)
                    {
                        table[r] = (nint)packed + ((start - FirstRow + r) * lead);
                    }

                    return size;
                case LeftAccess.Strips:
                    for (int r = 0; r < count; r++)
                    {
                        table[r] = (nint)packed + ((((nint)(start - FirstRow) * block.Count) + r) * size);
                    }

                    return count * size;
                default:
                    DirectRows(left, block, start, count, table);
                    return plan.Left.Inner.Length == 0
                        ? size
                        : (nint)(plan.Left.Inner[^1].Stride / plan.Left.Scale) * size;
            }
        }

        private void DirectRows(in OperandOrigin left, InnerBlock block, int start, int count, nint* table)
        {
            var layout = plan.Left;
            int checks = layout.Checks.Length;
            Span<int> rowCoordinates = stackalloc int[checks];
            Span<int> innerCoordinates = stackalloc int[checks];
            nint zero = owner.zeros is null ? 0 : owner.zeros.Address;
            for (int r = 0; r < count; r++)
            {
                long row = left.Address + OperandLayout.Locate(layout.Rows, start + r, rowCoordinates);
                for (int s = 0; s < block.Segments; s++)
                {
                    int k = block.Start + (s * block.Run);
                    long address = row + OperandLayout.Locate(layout.Inner, k, innerCoordinates);
                    bool exists = true;
                    for (int c = 0; c < checks; c++)
                    {
                        int q = left.Coordinates[c] + rowCoordinates[c] + innerCoordinates[c];
                        exists &= layout.Checks[c].Holds(q);
                    }

                    table[(s * count) + r] = exists
                        ? (nint)left.Memory + ((nint)(address / layout.Scale) * size)
                        : zero;
                }
            }
        }

        private void Targets(int start, int count, byte* sums, nint lead, nint* targets)
        {
            nint column = (nint)firstPanel * owner.panelBytesPerInner;
            for (int r = 0; r < count; r++)
            {
                targets[r] = plan.DirectOutput
                    ? output + ((nint)OperandLayout.Locate(plan.OutRows, start + r, []) * size) + column
                    : (nint)sums + ((start - FirstRow + r) * lead);
            }
        }

        // Writes finished sums where they belong, as runs along the columns or, if only those are contiguous, the rows.
        private void Finish(byte* sums, nint lead)
        {
            int firstColumn = firstPanel * plan.Width;
            int columns = Math.Min(endPanel * plan.Width, plan.Columns) - firstColumn;
            bool alongRows =
                plan.OutRows.Length > 0
                && plan.OutRows[^1].Stride == 1
                && (plan.OutColumns.Length == 0 || plan.OutColumns[^1].Stride != 1);
            if (alongRows)
            {
                Finish(sums, (plan.OutColumns, firstColumn, columns, size), (plan.OutRows, FirstRow, RowCount, lead));
            }
            else
            {
                Finish(sums, (plan.OutRows, FirstRow, RowCount, lead), (plan.OutColumns, firstColumn, columns, size));
            }
        }

        private void Finish(
            byte* sums,
            (LayoutAxis[] Axes, int Start, int Count, nint Step) outer,
            (LayoutAxis[] Axes, int Start, int Count, nint Step) inner
        )
        {
            int outSize = plan.OutputType.Size;
            int run = inner.Axes.Length == 0 ? 1 : inner.Axes[^1].Extent;
            nint step = inner.Axes.Length == 0 ? 0 : (nint)inner.Axes[^1].Stride * outSize;
            for (int i = 0; i < inner.Count; )
            {
                int position = inner.Start + i;
                int length = Math.Min(run - (position % run), inner.Count - i);
                nint address = (nint)OperandLayout.Locate(inner.Axes, position, []);
                for (int o = 0; o < outer.Count; o++)
                {
                    nint target = address + (nint)OperandLayout.Locate(outer.Axes, outer.Start + o, []);
                    owner.store(
                        sums + (o * outer.Step) + (i * inner.Step),
                        inner.Step,
                        (byte*)output + (target * outSize),
                        step,
                        length
                    );
                }

                i += length;
            }
        }
    }
}
