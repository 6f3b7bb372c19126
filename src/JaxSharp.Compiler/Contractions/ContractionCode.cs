using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>The code that a plan needs: tile kernels, copies with conversion, and what they read besides the operands.</summary>
internal sealed unsafe class ContractionCode
{
    private readonly Runtime.Buffer? zeros;
    private readonly Runtime.Buffer? mask;
    private readonly Runtime.Buffer? steps;
    private readonly TileCode?[] tiles;
    private readonly int lowRows;
    private readonly int edgeVectors;
    private readonly nint rowStep;

    public ContractionCode(ContractionPlan plan)
    {
        Plan = plan;
        Size = plan.Type.Size;
        PanelRowBytes = plan.Width * Size;
        rowStep = (nint)plan.RowStep;
        CopyLeft = LineCopy.Get(plan.Left.DType, plan.Type);
        CopyRight = plan.IsComplex ? ComplexPanels.Copy(plan.Right.DType) : LineCopy.Get(plan.Right.DType, plan.Type);
        Store = LineCopy.Get(plan.Type, plan.OutputType);
        if (plan.LeftAccess == LeftAccess.Direct && !plan.Left.IsWhole)
        {
            // A row of zeros is read with the steps of the operand, which may go backwards.
            ZeroRow = Zeros(
                plan.Left.Inner.Length == 0 ? 0 : plan.Left.Inner[^1].Extent * plan.Left.Inner[^1].Stride,
                out zeros
            );
        }
        else if (plan.LeftAccess == LeftAccess.Places)
        {
            ZeroRow = Zeros(plan.LineLength * plan.Left.Rows[^1].Stride, out zeros);
        }

        if (plan.LeftAccess == LeftAccess.Table)
        {
            steps = Runtime.Buffer.Allocate(plan.Inner / plan.Taps * sizeof(int));
            Steps = (int*)steps.Address;
            var cursor = new AxisCursor(plan.Left.Inner, 0, 0, stackalloc int[plan.Left.Inner.Length]);
            for (int k = 0; k < plan.Inner / plan.Taps; k++)
            {
                Steps[k] = checked((int)cursor.Address * Size);
                cursor.Advance(plan.Taps);
            }
        }

        int edge = plan.Columns - ((plan.Panels - 1) * plan.Width);
        int last = plan.AddsLanes ? plan.InnerBlocks[0].Run % LaneSums.Together : edge % plan.Lanes;
        bool masked = last != 0 && plan.HasMasks;
        if (masked)
        {
            mask = Runtime.Buffer.Allocate(64);
            mask.Bytes.Clear();
            mask.Bytes[..(last * Size)].Fill(0xff);
            Mask = mask.Address;
        }

        lowRows = plan.LeastTileRows;
        edgeVectors = ((edge - 1) / plan.Lanes) + 1;
        HasEdge = masked || edgeVectors < plan.TileVectors;
        tiles = new TileCode?[16];
        foreach (bool hasSegments in plan.InnerBlocks.Select(plan.HasSegments).Distinct())
        {
            for (int rows = Math.Max(lowRows, 1); rows <= plan.TileRows; rows++)
            {
                if (plan.Panels > 1 || !HasEdge)
                {
                    _ = Tile(hasSegments, false, rows, plan.HasEvenRows);
                }

                if (HasEdge)
                {
                    _ = Tile(hasSegments, true, rows, plan.HasEvenRows);
                }
            }
        }
    }

    public ContractionPlan Plan { get; }

    /// <summary>The size of an accumulator.</summary>
    public int Size { get; }

    public delegate* <byte*, nint, byte*, nint, nint, void> CopyLeft { get; }

    public delegate* <byte*, nint, byte*, nint, nint, void> CopyRight { get; }

    public delegate* <byte*, nint, byte*, nint, nint, void> Store { get; }

    /// <summary>What rows point at that do not exist.</summary>
    public nint ZeroRow { get; }

    /// <summary>The lane mask of the last vector of the last panel.</summary>
    public nint Mask { get; }

    /// <summary>For <see cref="LeftAccess.Table"/> where the steps of K lie in a row, or the windows of taps, in bytes.</summary>
    public int* Steps { get; }

    /// <summary>The bytes of a full row of a tile.</summary>
    public int PanelRowBytes { get; }

    /// <summary>Whether there are kernels for rows in segments that are at one distance.</summary>
    public bool TakesEvenRows =>
        Plan.Left is { Scale: 1, Rows.Length: > 0 } && Plan.RowStep is > 0 and < int.MaxValue / TileKernel.MaxRows;

    /// <summary>Whether the last panel has a kernel of its own.</summary>
    public bool HasEdge { get; }

    /// <summary>The kernel for a strip of so many rows, which are at one distance or not, in the last panel or in those before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TileCode Tile(bool hasSegments, bool isEdge, int rows, bool isEven)
    {
        int place = rows - lowRows + (isEdge ? 2 : 0) + (hasSegments ? 4 : 0) + (isEven ? 8 : 0);
        return tiles[place] ??= MakeTile(hasSegments, isEdge, rows, isEven);
    }

    private nint Zeros(long reach, out Runtime.Buffer buffer)
    {
        buffer = Runtime.Buffer.Allocate((Math.Abs(reach) + 16) * Size);
        buffer.Bytes.Clear();
        return buffer.Address + (reach < 0 ? (nint)(-reach) * Size : 0);
    }

    /// <summary>Runs the tiles of strips that have as many rows each, at one distance in the left operand and in the output.</summary>
    /// <param name="arguments">What strips and panels share, with the columns of the first panel.</param>
    /// <param name="panels">How many panels are full, and whether the last one follows them.</param>
    /// <param name="count">The rows of a strip.</param>
    /// <param name="row">Where the first row lies.</param>
    /// <param name="target">The output of the first row and panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RunPanels(
        ref TileArguments arguments,
        (int Full, bool HasEdge) panels,
        int count,
        nint row,
        nint target
    )
    {
        if (panels.Full > 0)
        {
            arguments.Panels = panels.Full;
            RunStrips(ref arguments, false, count, row, target);
        }

        if (panels.HasEdge)
        {
            nint columns = arguments.Columns;
            arguments.Panels = 1;
            arguments.Columns += panels.Full * arguments.PanelStep;
            RunStrips(ref arguments, true, count, row, target + (panels.Full * (nint)PanelRowBytes));
            arguments.Columns = columns;
        }
    }

    // Tables of rows have the first one alone where tiles know their distance. The strips have moved them on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunStrips(ref TileArguments arguments, bool isEdge, int count, nint row, nint target)
    {
        int entries = Plan.HasEvenRows ? 1 : count;
        RowTable.Equidistant(row, rowStep, entries, (nint*)arguments.Rows);
        RowTable.Equidistant(target, arguments.TargetStep, entries, (nint*)arguments.Targets);
        fixed (TileArguments* pointer = &arguments)
        {
            Tile(false, isEdge, count, Plan.HasEvenRows)(pointer);
        }
    }

    private TileCode MakeTile(bool hasSegments, bool isEdge, int rows, bool isEven)
    {
        var form = new TileForm(rows, isEdge ? edgeVectors : Plan.TileVectors)
        {
            Steps = Plan.LeftAccess switch
            {
                _ when Plan.AddsLanes => TileSteps.Lanes,
                LeftAccess.Table => TileSteps.Table,
                LeftAccess.Places => TileSteps.Places,
                LeftAccess.Strips => TileSteps.Strip,
                LeftAccess.Direct when Plan.LeftStep != Size => TileSteps.Any,
                _ => TileSteps.Adjacent,
            },
            ColumnVectors = Plan.RightAccess == RightAccess.Direct ? 0 : Plan.TileVectors,
            HasSegments = hasSegments,
            IsMasked = isEdge && Mask != 0,
            RowBytes = isEven ? checked((int)Plan.RowStep) : 0,
            Taps = Plan.Taps,
        };
        form = form with { Turns = StepTile.Turns(form.Rows, form.Vectors, Plan.Inner) };
        return TileKernel.Get(Plan.Type, Plan.VectorBytes, form);
    }

    /// <summary>Packed panels lie by blocks of K, then by panel.</summary>
    public nint PanelOffset(InnerBlock block, int panel) =>
        (nint)(((long)block.Start * Plan.Panels) + ((long)block.Count * panel)) * PanelRowBytes;

    /// <summary>
    /// Copies neighbouring panels of the right operand, one after the other: a row of the panel's width for every step of K.
    /// </summary>
    public void PackPanels(in OperandOrigin origin, InnerBlock block, int firstPanel, int endPanel, byte* target)
    {
        var layout = Plan.Right;
        int width = Plan.Width;
        if (Plan.AddsLanes)
        {
            PackLanes(origin, block, target);
            return;
        }

        nint panelBytes = (nint)block.Count * PanelRowBytes;
        var inner = (block.Start, block.Count);
        bool alongInner = layout.Inner.Length > 0 && layout.Inner[^1].Stride == layout.Scale;
        bool alongRows = layout.Rows.Length > 0 && layout.Rows[^1].Stride == layout.Scale;
        bool turn = alongInner && (!alongRows || layout.Rows[^1].Extent < layout.Inner[^1].Extent);
        if (endPanel == Plan.Panels && Plan.Columns % width != 0)
        {
            Unsafe.InitBlockUnaligned(target + ((endPanel - 1 - firstPanel) * panelBytes), 0, (uint)panelBytes);
        }

        if (!Plan.IsComplex && !turn)
        {
            int start = firstPanel * width;
            var columns = (start, Math.Min(endPanel * width, Plan.Columns) - start);
            if (
                layout is { IsWhole: true, Rows: [] or [{ Stride: 1 }], Inner.Length: <= 1 }
                && ReferenceEquals(layout.DType, Plan.Type)
            )
            {
                nint step = layout.Inner.Length == 0 ? 0 : (nint)layout.Inner[0].Stride * Size;
                byte* source = origin.Memory + ((nint)(origin.Address + start) * Size) + (block.Start * step);
                PanelCopy.Run(source, step, block.Count, (nint)columns.Item2 * Size, target, PanelRowBytes, panelBytes);
                return;
            }

            var panel = (width, (nint)block.Count * width);
            Packing.Fill(origin, layout.Inner, layout.Rows, inner, columns, target, width, Size, CopyRight, panel);
            return;
        }

        for (int p = firstPanel; p < endPanel; p++)
        {
            var columns = (p * width, Math.Min(width, Plan.Columns - (p * width)));
            byte* place = target + ((p - firstPanel) * panelBytes);
            if (Plan.IsComplex)
            {
                ComplexPanels.Fill(origin, columns, inner, place, width, Size, CopyRight);
            }
            else
            {
                bool isPlain = ReferenceEquals(layout.DType, Plan.Type);
                byte* scratch = Scratch.Current.Get(3, Packing.TurnScratch(width));
                Packing.FillTurned(origin, columns, inner, place, width, Size, scratch, isPlain, CopyRight);
            }
        }
    }

    // For each vector of steps one of every column.
    private void PackLanes(in OperandOrigin origin, InnerBlock block, byte* target)
    {
        var layout = Plan.Right;
        int lanes = LaneSums.Together;
        nint run = Plan.PackedRun(block.Run);
        Unsafe.InitBlockUnaligned(target, 0, (uint)(Plan.PackedInner * PanelRowBytes));
        for (int s = 0; s < block.Segments; s++)
        {
            var steps = (block.Start + (s * block.Run), block.Run);
            byte* place = target + (s * run * PanelRowBytes);
            var panel = (lanes, (nint)Plan.Columns * lanes);
            Packing.Fill(
                origin,
                layout.Rows,
                layout.Inner,
                (0, Plan.Columns),
                steps,
                place,
                lanes,
                Size,
                CopyRight,
                panel
            );
        }
    }
}
