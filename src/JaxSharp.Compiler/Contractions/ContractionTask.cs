using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Where the operands of one batch were packed for all tasks; 0 where a task packs for itself or reads them where they are.</summary>
internal struct SharedPanels
{
    public nint Left;
    public nint Right;
}

/// <summary>One block of the output: some strips times some panels, or all panels if the column task is −1.</summary>
internal readonly unsafe ref partial struct ContractionTask
{
    private readonly ContractionCode code;
    private readonly ContractionPlan plan;
    private readonly int size;
    private readonly int firstStrip;
    private readonly int endStrip;
    private readonly int firstPanel;
    private readonly int endPanel;
    private readonly int firstRow;
    private readonly int rowCount;

    public ContractionTask(ContractionCode code, int rowTask, int columnTask)
        : this(code, (rowTask * code.Plan.StripsPerTask, (rowTask + 1) * code.Plan.StripsPerTask), columnTask) { }

    public ContractionTask(ContractionCode code, (int First, int End) strips, int columnTask)
    {
        this.code = code;
        plan = code.Plan;
        size = code.Size;
        firstStrip = strips.First;
        endStrip = Math.Min(strips.End, plan.Strips);
        firstPanel = columnTask < 0 ? 0 : columnTask * plan.PanelsPerTask;
        endPanel = columnTask < 0 ? plan.Panels : Math.Min(firstPanel + plan.PanelsPerTask, plan.Panels);
        firstRow = plan.StripStart(firstStrip);
        rowCount = plan.StripStart(endStrip) - firstRow;
    }

    /// <summary>The first row of the block.</summary>
    public int FirstRow => firstRow;

    /// <summary>The number of rows of the block.</summary>
    public int RowCount => rowCount;

    /// <summary>The first column of the block.</summary>
    public int FirstColumn => firstPanel * plan.Width;

    /// <summary>The number of columns of the block.</summary>
    public int ColumnCount => Math.Min(endPanel * plan.Width, plan.Columns) - FirstColumn;

    private int FirstLine => firstRow / plan.LineLength;

    private bool HasEdge => code.HasEdge && endPanel == plan.Panels;

    private int FullPanels => endPanel - firstPanel - (HasEdge ? 1 : 0);

    private nint Lead => (nint)(endPanel - firstPanel) * code.PanelRowBytes;

    // The distance of rows of sums; those of parts of K are as long as the output's.
    private nint SumLead => plan.InnerParts > 1 ? plan.Panels * code.PanelRowBytes : Lead;

    /// <summary>Computes the block and writes it to an output.</summary>
    public void Run(in OperandOrigin left, in OperandOrigin right, SharedPanels shared, nint output)
    {
        if (plan.DirectOutput)
        {
            for (int b = 0; b < plan.InnerBlocks.Length; b++)
            {
                RunBlock(left, right, shared, plan.InnerBlocks[b], b > 0, null, output);
            }

            return;
        }

        byte* sums = Scratch.Current.Get(0, rowCount * Lead);
        for (int b = 0; b < plan.InnerBlocks.Length; b++)
        {
            RunBlock(left, right, shared, plan.InnerBlocks[b], b > 0, sums, 0);
        }

        new ContractionStore(code, (firstRow, rowCount), (firstPanel, endPanel)).Run(sums, Lead, output);
    }

    /// <summary>Computes the block's sums over one part of K; the sums of a part are a dense matrix of whole panels.</summary>
    public void RunPart(in OperandOrigin left, in OperandOrigin right, int part, byte* sums)
    {
        (int start, int end) = plan.PartBlocks(part);
        byte* mine = sums + ((nint)firstRow * plan.Panels * code.PanelRowBytes);
        for (int b = start; b < end; b++)
        {
            RunBlock(left, right, default, plan.InnerBlocks[b], b > start, mine, 0);
        }
    }

    /// <summary>Adds the sums of all parts of K in order and writes the rows of this block to an output.</summary>
    public void AddParts(byte* sums, nint partBytes, nint output)
    {
        byte* mine = sums + (firstRow * Lead);
        for (int part = 1; part < plan.InnerParts; part++)
        {
            switch (plan.Type.Code)
            {
                case DTypeCode.F32:
                    Add<float>(mine, mine + (part * partBytes), rowCount * Lead);
                    break;
                case DTypeCode.F64:
                    Add<double>(mine, mine + (part * partBytes), rowCount * Lead);
                    break;
                case DTypeCode.I32 or DTypeCode.U32:
                    Add<uint>(mine, mine + (part * partBytes), rowCount * Lead);
                    break;
                default:
                    Add<ulong>(mine, mine + (part * partBytes), rowCount * Lead);
                    break;
            }
        }

        new ContractionStore(code, (firstRow, rowCount), (0, plan.Panels)).Run(mine, Lead, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(byte* target, byte* source, nint bytes)
        where T : unmanaged
    {
        nint i = 0;
        for (; i <= bytes - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var sum = Unsafe.ReadUnaligned<Vector<T>>(target + i) + Unsafe.ReadUnaligned<Vector<T>>(source + i);
            Unsafe.WriteUnaligned(target + i, sum);
        }

        // Narrow panels end within a vector, where the rows of another task begin.
        for (; i < bytes; i += Vector128<byte>.Count)
        {
            var sum = Unsafe.ReadUnaligned<Vector128<T>>(target + i) + Unsafe.ReadUnaligned<Vector128<T>>(source + i);
            Unsafe.WriteUnaligned(target + i, sum);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunBlock(
        in OperandOrigin left,
        in OperandOrigin right,
        SharedPanels shared,
        InnerBlock block,
        bool accumulate,
        byte* sums,
        nint output
    )
    {
        byte* packed = null;
        nint* places = null;
        var packing = new LeftPacking(
            code,
            shared.Left == 0 ? firstStrip : 0,
            shared.Left == 0 ? endStrip : plan.Strips
        );
        if (shared.Left != 0)
        {
            packed = (byte*)shared.Left + packing.Offset(block);
        }
        else if (plan.PacksLeft)
        {
            packed = Scratch.Current.Get(1, packing.Bytes(block));
            packing.Fill(left, block, packed);
        }
        else if (plan.LeftAccess == LeftAccess.Places)
        {
            var lines = (FirstLine, ((firstRow + rowCount - 1) / plan.LineLength) + 1);
            places = (nint*)Scratch.Current.Get(1, PlaceTable.Bytes(block, lines.Item2 - FirstLine));
            PlaceTable.Fill(code, left, block, lines, places);
        }

        nint panels = shared.Right == 0 ? 0 : shared.Right + code.PanelOffset(block, firstPanel);
        if (plan.RightAccess == RightAccess.Local)
        {
            panels = PackRight(right, block);
        }

        nint panelStep = (nint)block.Count * code.PanelRowBytes;
        nint columnStep = code.PanelRowBytes;
        if (plan.RightAccess == RightAccess.Direct)
        {
            panelStep = code.PanelRowBytes;
            columnStep = plan.Right.Inner.Length == 0 ? 0 : (nint)plan.Right.Inner[0].Stride * size;
            panels =
                (nint)right.Memory
                + ((nint)right.Address * size)
                + (firstPanel * panelStep)
                + (block.Start * columnStep);
        }

        bool inLines = plan.CountsRows(block);
        bool direct = plan.LeftAccess == LeftAccess.Direct && !inLines;
        bool hasSegments = plan.HasSegments(block);
        int segments = direct ? block.Segments : 1;
        var rows = stackalloc nint[RowTable.TableLength(segments)];
        var offsets = stackalloc nint[segments];
        var targets = stackalloc nint[TileKernel.MaxRows];
        var scratch = stackalloc long[RowTable.ScratchLength(plan.Left, segments)];
        var indices = stackalloc int[plan.OutRows.Length];
        var table = new RowTable(code, left, block, segments, firstRow, rows, offsets, scratch);
        var place = new AxisCursor(plan.OutRows, firstRow, 0, new Span<int>(indices, plan.OutRows.Length));
        TileArguments arguments = default;
        arguments.Rows = (nint)rows;
        arguments.Run = (hasSegments ? block.Run : block.Count) / (plan.AddsLanes ? LaneSums.Together : plan.Taps);
        arguments.Section = TileSections.Length(plan, block, hasSegments);
        arguments.RowStep = plan.LeftStep;
        arguments.RowOffsets = (nint)(code.Steps + (block.Start / plan.Taps));
        arguments.Columns = panels;
        arguments.ColumnOffsets = (nint)offsets;
        arguments.ColumnStep = columnStep;
        arguments.PanelStep = panelStep;
        arguments.Targets = (nint)targets;
        arguments.Accumulate = accumulate ? 1 : 0;
        arguments.Mask = code.Mask;
        if (plan.AddsLanes)
        {
            var laneSums = stackalloc float[LaneSums.Together * (LaneSums.Together + 1)];
            new Span<float>(laneSums, LaneSums.Together * (LaneSums.Together + 1)).Clear();
            arguments.Sums = ((nint)laneSums + 63) & ~63;
        }

        if (plan.HasEvenRows)
        {
            RunLines(ref arguments, table.Origin, output);
            return;
        }

        if (direct)
        {
            table.FindSegments();
        }

        bool hasEdge = HasEdge;
        int full = FullPanels;
        nint targetStep =
            sums is not null ? SumLead
            : plan.OutRows is [.., var last] ? (nint)last.Stride * size
            : 0;
        arguments.TargetStep = targetStep;
        nint segmentColumns = columnStep * plan.PackedRun(block.Run);
        bool mayBeEven = hasSegments && code.TakesEvenRows;
        bool isRegular =
            !hasSegments && (packed is not null || places is not null || (inLines && plan.Left.Rows.Length <= 1));
        isRegular &= sums is not null || plan.OutRows.Length <= 1;
        for (int s = firstStrip; s < endStrip; )
        {
            int start = plan.StripStart(s);
            int count = plan.StripStart(s + 1) - start;
            int together = isRegular ? plan.EqualStrips(s, endStrip) : 1;
            bool isEven = false;
            if (direct)
            {
                int even = mayBeEven ? Math.Min(table.EvenRows(), sums is null ? place.Run : int.MaxValue) : 0;
                isEven = even >= count;
                if (isEven)
                {
                    together = Math.Min(plan.EqualStrips(s, endStrip), even / count);
                    table.FindEven(together * count, segmentColumns);
                    arguments.Segments = block.Segments;
                    arguments.StripRows = count * (nint)plan.RowStep;
                }
                else
                {
                    arguments.Segments = table.Find(count, segmentColumns);
                }
            }
            else if (inLines)
            {
                table.FindRows(count);
                arguments.StripRows = count * table.RowStep;
                table.Skip((together - 1) * count);
            }
            else if (places is not null)
            {
                (int line, int within) = Math.DivRem(start, plan.LineLength);
                RowTable.Equidistant(within * (nint)size, size, count, rows);
                arguments.RowOffsets = (nint)(places + ((nint)(line - FirstLine) * block.Count));
                arguments.StripRows = count * (nint)size;
            }
            else
            {
                nint first = packing.Start(block, s);
                RowTable.Equidistant((nint)packed + first, packing.RowBytes(block), count, rows);
                arguments.StripRows = packing.Start(block, s + 1) - first;
            }

            int entries = isEven ? 1 : count;
            Targets(ref place, start, entries, sums, output, targets);
            arguments.StripTargets = count * targetStep;
            if (sums is null)
            {
                place.Advance((together * count) - entries);
            }

            arguments.Strips = together;
            if (full > 0)
            {
                arguments.Panels = full;
                code.Tile(hasSegments, false, count, isEven)(&arguments);
            }

            if (hasEdge)
            {
                // The strips have moved the tables on.
                nint backRows = full > 0 && !isEven ? (together - 1) * arguments.StripRows : 0;
                nint backTargets = full > 0 ? (together - 1) * arguments.StripTargets : 0;
                var edge = arguments;
                edge.Panels = 1;
                edge.Columns += full * panelStep;
                for (int r = 0; r < entries; r++)
                {
                    rows[r] -= backRows;
                    targets[r] += (full * (nint)code.PanelRowBytes) - backTargets;
                }

                code.Tile(hasSegments, true, count, isEven)(&edge);
            }

            s += together;
        }
    }

    private nint PackRight(in OperandOrigin right, InnerBlock block)
    {
        nint bytes = (nint)(plan.AddsLanes ? plan.PackedInner : block.Count) * code.PanelRowBytes;
        byte* panels = Scratch.Current.Get(2, bytes * (endPanel - firstPanel));
        code.PackPanels(right, block, firstPanel, endPanel, panels);
        return (nint)panels;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Targets(ref AxisCursor place, int start, int count, byte* sums, nint output, nint* targets)
    {
        if (sums is not null)
        {
            nint first = (nint)sums + ((start - firstRow) * SumLead);
            first += plan.InnerParts > 1 ? firstPanel * code.PanelRowBytes : 0;
            RowTable.Equidistant(first, SumLead, count, targets);
            return;
        }

        nint column = output + (firstPanel * (nint)code.PanelRowBytes);
        RowTable.Lines(ref place, plan.OutRows, count, column, size, targets);
    }
}
