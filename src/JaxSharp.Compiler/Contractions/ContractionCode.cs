using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>The code that a plan needs: tile kernels, copies with conversion, and what they read besides the operands.</summary>
internal sealed unsafe class ContractionCode
{
    private readonly Runtime.Buffer? zeros;
    private readonly Runtime.Buffer? mask;
    private readonly Runtime.Buffer? steps;
    private readonly int lowRows;

    public ContractionCode(ContractionPlan plan)
    {
        Plan = plan;
        Size = plan.Type.Size;
        PanelRowBytes = plan.Width * Size;
        CopyLeft = LineCopy.Get(plan.Left.DType, plan.Type);
        CopyRight = plan.IsComplex ? ComplexPanels.Copy(plan.Right.DType) : LineCopy.Get(plan.Right.DType, plan.Type);
        Store = LineCopy.Get(plan.Type, plan.OutputType);
        if (plan.LeftAccess == LeftAccess.Direct && !plan.Left.IsWhole)
        {
            // A row of zeros is read with the steps of the operand, which may go backwards.
            long reach = plan.Left.Inner.Length == 0 ? 0 : plan.Left.Inner[^1].Extent * plan.Left.Inner[^1].Stride;
            zeros = Runtime.Buffer.Allocate((Math.Abs(reach) + 16) * Size);
            zeros.Bytes.Clear();
            ZeroRow = zeros.Address + (reach < 0 ? (nint)(-reach) * Size : 0);
        }

        if (plan.LeftAccess == LeftAccess.Table)
        {
            steps = Runtime.Buffer.Allocate(plan.Inner * sizeof(int));
            Steps = (int*)steps.Address;
            var cursor = new AxisCursor(plan.Left.Inner, 0, 0, stackalloc int[plan.Left.Inner.Length]);
            for (int k = 0; k < plan.Inner; k++)
            {
                Steps[k] = checked((int)cursor.Address * Size);
                cursor.Next();
            }
        }

        int edge = plan.Columns - ((plan.Panels - 1) * plan.Width);
        bool masked = edge % plan.Lanes != 0 && plan.HasMasks;
        if (masked)
        {
            mask = Runtime.Buffer.Allocate(64);
            mask.Bytes.Clear();
            mask.Bytes[..(edge % plan.Lanes * Size)].Fill(0xff);
            Mask = mask.Address;
        }

        int edgeVectors = ((edge - 1) / plan.Lanes) + 1;
        lowRows = plan.Rows / plan.Strips;
        bool hasTable = plan.LeftAccess == LeftAccess.Table;
        Tiles = Both(plan.TileVectors, false);
        EdgeTiles = Both(edgeVectors, masked);

        TileCode?[] Both(int vectors, bool lanes) =>
            [
                lowRows == 0 ? null : TileKernel.Get(plan.Type, plan.VectorBytes, lowRows, vectors, lanes, hasTable),
                plan.Rows % plan.Strips == 0
                    ? null
                    : TileKernel.Get(plan.Type, plan.VectorBytes, lowRows + 1, vectors, lanes, hasTable),
            ];
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

    /// <summary>For <see cref="LeftAccess.Table"/> where the steps of K lie in a row, in bytes.</summary>
    public int* Steps { get; }

    /// <summary>The bytes of a full row of a tile.</summary>
    public int PanelRowBytes { get; }

    private TileCode?[] Tiles { get; }

    private TileCode?[] EdgeTiles { get; }

    /// <summary>The kernel for a strip of so many rows in a panel.</summary>
    public TileCode Tile(int rows, int panel) => (panel == Plan.Panels - 1 ? EdgeTiles : Tiles)[rows - lowRows]!;

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
}
