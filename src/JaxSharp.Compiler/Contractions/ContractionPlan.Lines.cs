using System;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

// Rows at one distance from each other.
internal sealed partial class ContractionPlan
{
    // Where tiles have fewer rows, an address for each of them fits into the registers.
    private const int LeastEvenRows = 7;

    // How much more cutting strips at the ends of lines may take, in instructions of the tiles.
    private const double MostLineCost = 1.25;

    // Windows of so many taps leave registers for the sums.
    private const int MostTaps = 5;

    /// <summary>
    /// How many steps of K are taps of a window that slides along a line, so that each tap meets in a row what the one before met in the
    /// next row; 1 if no steps are.
    /// </summary>
    public int Taps { get; private set; } = 1;

    /// <summary>How many lines the rows are, whose strips are cut one by one: rows of a line of an image are at one distance.</summary>
    public int Lines { get; private set; } = 1;

    /// <summary>The number of rows in a line.</summary>
    public int LineLength => Rows / Lines;

    public int StripsPerLine => Strips / Lines;

    /// <summary>The axes of the left operand along which lines follow each other.</summary>
    public LayoutAxis[] LineAxes { get; private set; } = [];

    /// <summary>The distance of rows of a line in the left operand, in bytes.</summary>
    public long RowStep => Left.Rows.Length == 0 ? 0 : Left.Rows[^1].Stride / Left.Scale * Type.Size;

    /// <summary>Whether the rows of each strip are at one distance in memory, in the left operand and in the output.</summary>
    public bool HasEvenRows { get; private set; }

    private bool Slides =>
        HasEvenRows
        && !IsSwapped
        && LeftAccess == LeftAccess.Table
        && TileVectors == 1
        && Left.Inner[^1].Extent % Taps == 0
        && Left.Inner[^1].Stride * Type.Size == RowStep;

    // The order of K with the taps of a sliding window last, and their number, where tiles would read as many elements as they multiply
    // vectors by: an element that is read once serves a row for each tap.
    private (int[] Order, int Taps)? SlidingOrder(int[] k)
    {
        var (spec, view) = (Spec, Spec.Lhs);
        int line = Enumerable
            .Range(0, spec.Axes.Length)
            .Where(a => spec.Axes[a] is { Role: AxisRole.M, Extent: > 1 })
            .OrderBy(a => spec.Output.Strides[a])
            .FirstOrDefault(-1);
        if (
            line < 0
            || TakesPacked
            || IsComplex
            || !ReferenceEquals(view.DType, Type)
            || spec.Extent(AxisRole.N) * Type.Size > VectorBytes
            || !IsRegular(view, spec)
        )
        {
            return null;
        }

        int tap = Array.FindIndex(k, a => spec.Axes[a].Extent is > 1 and <= MostTaps && Step(a) == Step(line));
        return tap < 0 || k.Length == 1 ? null : ([.. k.Where((_, i) => i != tap), k[tap]], spec.Axes[k[tap]].Extent);

        long Step(int axis) => view.Dims.Sum(dim => dim.Coefs[axis] * dim.Stride);
    }

    // Tiles of many rows need more registers for their addresses than there are.
    private void ChooseLines()
    {
        if (
            !DirectOutput
            || IsDeep
            || !Array.TrueForAll(InnerBlocks, CountsRows)
            || RowStep * TileKernel.MaxRows > int.MaxValue
        )
        {
            return;
        }

        if (AddsLanes)
        {
            HasEvenRows = OutRows.Length <= 1 && Lines == 1 && Left.Rows.Length == 1;
        }
        else if (Left.Rows.Length > 1)
        {
            HasEvenRows = CutLines();
        }
        else
        {
            HasEvenRows = Left.Rows.Length == 1 && OutRows.Length <= 1 && LeastTileRows >= LeastEvenRows;
        }
    }

    // Cuts strips line by line, unless that makes too many.
    private bool CutLines()
    {
        int length = Left.Rows[^1].Extent;
        int vectors = ((Columns - 1) / Lanes) + 1;
        var line = TileShape.For(length, vectors, VectorBytes);
        var all = new TileShape(TileVectors, Strips);
        if (
            (OutRows.Length > 1 && OutRows[^1].Extent % length != 0)
            || line.Cost(length, vectors) * (Rows / length) > MostLineCost * all.Cost(Rows, vectors)
        )
        {
            return false;
        }

        Lines = Rows / length;
        LineAxes = Left.Rows[..^1];
        TileVectors = line.Vectors;
        Width = TileVectors * Lanes;
        Panels = ((Columns - 1) / Width) + 1;
        Strips = line.Strips * Lines;
        (leastRows, longerStrips) = Math.DivRem(length, line.Strips);
        return true;
    }
}
