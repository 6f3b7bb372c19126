using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Everything about a contraction that follows from its description: which operand is broadcast and which one fills the
/// vectors, shapes of tiles, blocks of K and tasks, and how operands are read. It depends on sizes and on the vector width
/// only, so that the order of additions does. No axis is empty: there is nothing to plan then (<see cref="EmptyContraction"/>).
/// </summary>
internal sealed partial class ContractionPlan
{
    private const int MostTableEntries = 1 << 18;

    // With so few rows the right operand is read so few times that copying it first does not pay. If it does not stay in cache, only
    // the fewest rows are better off without: a copy reads longer pieces of memory, and is in cache for the rows after the first.
    private const int FewRows = 144;
    private const int FewRowsWithinPages = 512;
    private const int FewRowsPacked = 384;
    private const int VeryFewRows = 24;
    private const int FewestRows = 8;
    private const int LeastDepth = 128;

    // The bytes of K in a block. Longer blocks of matrices make panels fewer, so that more strips pass while these are in cache.
    private const int LineBytes = 4096;
    private const int WindowBytes = 2048;

    // Filling vectors with elements that lie apart is so dear that parts of vectors do for any columns but a single one.
    private const int TurnedLanes = 16;

    private int leastRows;
    private int longerStrips;

    public ContractionPlan(ContractionSpec spec, int vectorBytes, bool takesPacked = false)
    {
        TakesPacked = takesPacked;
        Spec = spec;
        VectorBytes = vectorBytes;
        HasMasks = vectorBytes == 64 && TileKernel.HasMasks;
        IsComplex = spec.Accumulation.IsComplex;
        Type = AccumulationType(spec.Accumulation);
        OutputType = IsComplex ? spec.Output.DType.RealType : spec.Output.DType;
        int[] k = OrderInner(spec);
        if (SlidingOrder(k) is var (sliding, taps))
        {
            Lay(sliding, taps);
            if (Taps > 1)
            {
                return;
            }
        }

        Lay(k, 1);
    }

    public ContractionSpec Spec { get; }

    public int VectorBytes { get; private set; }

    /// <summary>Whether parts of vectors can be read and written.</summary>
    public bool HasMasks { get; }

    /// <summary>Whether the right operand comes in panels, packed before.</summary>
    public bool TakesPacked { get; }

    /// <summary>Whether operands are complex; the plan then speaks of their real and imaginary parts.</summary>
    public bool IsComplex { get; }

    /// <summary>The type of the accumulators.</summary>
    public DType Type { get; }

    /// <summary>The element type of the output.</summary>
    public DType OutputType { get; }

    /// <summary>Whether the right operand is the one whose elements are broadcast.</summary>
    public bool IsSwapped { get; private set; }

    /// <summary>The operand whose elements are broadcast.</summary>
    public OperandLayout Left { get; private set; }

    /// <summary>The operand whose elements fill the vectors.</summary>
    public OperandLayout Right { get; private set; }

    public LayoutAxis[] OutBatch { get; private set; }

    public LayoutAxis[] OutRows { get; private set; }

    public LayoutAxis[] OutColumns { get; private set; }

    public int Batches { get; private set; }

    public int Rows { get; private set; }

    public int Columns { get; private set; }

    public int Inner { get; private set; }

    public int Lanes { get; private set; }

    /// <summary>The number of vectors in a full tile.</summary>
    public int TileVectors { get; private set; }

    /// <summary>The number of columns in a full tile, and of a packed panel.</summary>
    public int Width { get; private set; }

    /// <summary>The number of strips that the rows are cut into, as evenly as possible.</summary>
    public int Strips { get; private set; }

    /// <summary>The number of rows in the largest strip.</summary>
    public int TileRows => leastRows + (longerStrips > 0 ? 1 : 0);

    /// <summary>The least number of rows in a strip; others have one more if <see cref="HasLongerStrips"/>.</summary>
    public int LeastTileRows => leastRows;

    public bool HasLongerStrips => longerStrips > 0;

    /// <summary>The number of panels of <see cref="Width"/> that the columns are cut into.</summary>
    public int Panels { get; private set; }

    public InnerBlock[] InnerBlocks { get; private set; } = [];

    public LeftAccess LeftAccess { get; private set; }

    public RightAccess RightAccess { get; private set; }

    /// <summary>The step of rows of the left operand along K where it lies, in bytes.</summary>
    public nint LeftStep => Left.Inner.Length == 0 ? Type.Size : (nint)(Left.Inner[^1].Stride / Left.Scale) * Type.Size;

    /// <summary>Whether rows of the left operand exist everywhere and are found one by one, without regard to K.</summary>
    public bool CountsRows(InnerBlock block) =>
        LeftAccess == LeftAccess.Table || (LeftAccess == LeftAccess.Direct && Left.IsWhole && block.Segments == 1);

    /// <summary>Whether tiles meet a block of K in several segments.</summary>
    public bool HasSegments(InnerBlock block) => LeftAccess == LeftAccess.Direct && block.Segments > 1;

    /// <summary>Whether rows of the left operand are copied before they are used.</summary>
    public bool PacksLeft => LeftAccess is LeftAccess.Rows or LeftAccess.Strips;

    /// <summary>Whether packed rows serve several tasks.</summary>
    public bool SharesLeft =>
        PacksLeft && ColumnTasks > 1 && InnerParts == 1 && RightAccess == RightAccess.Shared && !TakesPacked;

    /// <summary>Whether tiles are added up in the output itself and not in scratch.</summary>
    public bool DirectOutput { get; private set; }

    /// <summary>The number of multiplications.</summary>
    public double Multiplies => (double)Batches * Rows * Columns * Inner;

    /// <summary>The first row of a strip; that of the strip after the last is the number of rows.</summary>
    public int StripStart(int strip)
    {
        if (Lines == 1)
        {
            return (strip * leastRows) + Math.Min(strip, longerStrips);
        }

        (int line, int within) = Math.DivRem(strip, StripsPerLine);
        return (line * LineLength) + (within * leastRows) + Math.Min(within, longerStrips);
    }

    /// <summary>The number of rows of a strip of a line.</summary>
    public int RowsOf(int strip) => leastRows + (strip < longerStrips ? 1 : 0);

    /// <summary>How many strips from one on, up to the last of a task, have as many rows as it has and are in the same line.</summary>
    public int EqualStrips(int strip, int end)
    {
        int line = Lines == 1 ? 0 : strip / StripsPerLine * StripsPerLine;
        int longer = line + longerStrips;
        return Math.Min(end, strip < longer ? longer : line + StripsPerLine) - strip;
    }

    // Everything for an order of K, that many steps of which are taps of a window that slides along a line.
    [MemberNotNull(nameof(Left), nameof(Right), nameof(OutBatch), nameof(OutRows), nameof(OutColumns))]
    private void Lay(int[] k, int taps)
    {
        var spec = Spec;
        Taps = taps;
        (Lines, InnerParts, TasksPerChunk, HasEvenRows) = (1, 1, 1, false);
        int[] byOutput = [.. Enumerable.Range(0, spec.Axes.Length).OrderByDescending(a => spec.Output.Strides[a])];
        int[] batch = Select(AxisRole.Batch);
        int[] m = Select(AxisRole.M);
        int[] n = Select(AxisRole.N);
        Left = new OperandLayout(spec.Lhs, spec.Axes, batch, m, k);
        Right = new OperandLayout(spec.Rhs, spec.Axes, batch, n, k);
        OutBatch = Merge(batch);
        OutRows = Merge(m);
        OutColumns = Merge(n);
        var (rows, columns, depth) = (Extent(AxisRole.M), Extent(AxisRole.N), Extent(AxisRole.K));
        bool addsSwapped = ShouldAddLanes(Right, columns, rows, depth);
        AddsLanes = ShouldAddLanes(Left, rows, columns, depth) || addsSwapped;
        IsSwapped = AddsLanes ? addsSwapped : ShouldSwap(rows, columns);
        if (IsSwapped)
        {
            (Left, Right) = (Right, Left);
            (OutRows, OutColumns) = (OutColumns, OutRows);
        }

        Batches = Extent(AxisRole.Batch);
        Rows = Extent(IsSwapped ? AxisRole.N : AxisRole.M);
        Columns = Extent(IsSwapped ? AxisRole.M : AxisRole.N);
        Inner = Extent(AxisRole.K);
        if (IsComplex)
        {
            SplitComplex();
        }

        ChooseTile();
        ChooseAccess();
        ChooseLines();
        ChooseTasks();
        Taps = Slides ? taps : 1;

        int[] Select(AxisRole role) => [.. byOutput.Where(a => spec.Axes[a].Role == role)];
        int Extent(AxisRole role) => checked((int)spec.Extent(role));
        LayoutAxis[] Merge(int[] axes) =>
            OutputAxes(axes.Select(a => new LayoutAxis(spec.Axes[a].Extent, spec.Output.Strides[a], [])));
    }

    private static DType AccumulationType(DType type) =>
        type.Code switch
        {
            DTypeCode.Bool or DTypeCode.I8 or DTypeCode.I16 => DType.I32,
            DTypeCode.U8 or DTypeCode.U16 => DType.U32,
            DTypeCode.F16 or DTypeCode.BF16 => DType.F32,
            _ => type.RealType,
        };

    // Along K the operand with the larger steps decides, so that its contiguous axis comes last.
    private static int[] OrderInner(ContractionSpec spec)
    {
        var leader = IsRegular(spec.Lhs, spec) && !IsRegular(spec.Rhs, spec) ? spec.Rhs : spec.Lhs;
        return
        [
            .. Enumerable
                .Range(0, spec.Axes.Length)
                .Where(a => spec.Axes[a].Role == AxisRole.K)
                .OrderByDescending(a => leader.Dims.Sum(d => Math.Abs(d.Coefs[a] * d.Stride))),
        ];
    }

    private static bool IsRegular(OperandView view, ContractionSpec spec) =>
        new OperandLayout(view, spec.Axes, [], [], []).IsWhole;

    /// <summary>Axes of the output, neighbours merged where they make one regular axis.</summary>
    public static LayoutAxis[] OutputAxes(IEnumerable<LayoutAxis> axes)
    {
        var merged = new List<LayoutAxis>();
        foreach (var axis in axes.Where(a => a.Extent != 1))
        {
            if (merged.Count > 0 && merged[^1].Stride == axis.Stride * axis.Extent)
            {
                merged[^1] = axis with { Extent = merged[^1].Extent * axis.Extent };
            }
            else
            {
                merged.Add(axis);
            }
        }

        return [.. merged];
    }

    // Vectors go along the axis that is contiguous in the output, unless it is too short to fill them.
    private bool ShouldSwap(int m, int n)
    {
        int lanes = VectorBytes / Type.Size;
        if (!TakesPacked && (PacksLessSwapped(m, n, lanes) || PacksNothingSwapped(m, n, lanes)))
        {
            return true;
        }

        bool alongColumns = OutColumns.Length > 0 && OutColumns[^1].Stride == 1;
        bool alongRows = OutRows.Length > 0 && OutRows[^1].Stride == 1;
        return alongColumns == alongRows ? m > n
            : alongColumns ? (FillsVectors(Left) ? 2 : TurnedLanes) * n <= lanes && m > n
            : 2 * m > lanes || m >= n;
    }

    private static bool FillsVectors(OperandLayout layout) =>
        layout is { Inner.Length: <= 1, Rows: [.., { Stride: 1 }] };

    // A large right operand with K side by side would have to be turned. If there are few rows, filling the vectors with the left
    // operand leaves it where it is; then the result is turned, which is small.
    private bool PacksLessSwapped(int m, int n, int lanes)
    {
        int inner = checked((int)Spec.Extent(AxisRole.K));
        bool turns = Right is { IsWhole: true, Inner: [{ Stride: 1 }], Rows: [{ Stride: > 1 }] };
        return turns
            && !IsComplex
            && Spec.Extent(AxisRole.Batch) == 1
            && m >= lanes
            && (m % lanes == 0 || m % lanes > lanes * 3 / 4)
            && (double)n * inner > 2.0 * (((double)m * inner) + (3.0 * m * n));
    }

    // A long sum over an operand that lies there as vectors and another one that tiles can only read element by element, such as the
    // windows of an image: then the result is turned, which is small.
    private bool PacksNothingSwapped(int m, int n, int lanes)
    {
        return IsRowsOfVectors(Left)
            && !IsRowsOfVectors(Right)
            && !IsComplex
            && Spec.Extent(AxisRole.Batch) == 1
            && m >= lanes
            && (double)Spec.Extent(AxisRole.K) * (m + n) >= (double)DeepSum * m * n;

        bool IsRowsOfVectors(OperandLayout layout) =>
            ReferenceEquals(layout.DType, Type)
            && layout is { IsWhole: true, Rows: [{ Stride: 1 }], Inner.Length: <= 1 };
    }

    private void SplitComplex()
    {
        Left = Left.SplitComplex();
        Columns = checked(Columns * 2);
        Inner = checked(Inner * 2);
        OutBatch = OutputAxes(OutBatch.Select(Twice));
        OutRows = OutputAxes(OutRows.Select(Twice));
        OutColumns = OutputAxes(OutColumns.Select(Twice).Append(new LayoutAxis(2, 1, [])));

        static LayoutAxis Twice(LayoutAxis axis) => axis with { Stride = axis.Stride * 2 };
    }

    private void ChooseTile()
    {
        Lanes = VectorBytes / Type.Size;
        if (AddsLanes)
        {
            ChooseLaneTile();
            return;
        }

        while (VectorBytes > 16 && 2 * Columns <= Lanes)
        {
            VectorBytes /= 2;
            Lanes /= 2;
        }

        (TileVectors, Strips) = TileShape.For(Rows, Math.Max(1, ((Columns - 1) / Lanes) + 1), VectorBytes);
        Width = TileVectors * Lanes;
        Panels = ((Columns - 1) / Width) + 1;
        (leastRows, longerStrips) = Math.DivRem(Rows, Strips);
    }
}
