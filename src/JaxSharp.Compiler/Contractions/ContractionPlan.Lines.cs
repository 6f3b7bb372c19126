using System;

namespace JaxSharp.Compiler.Contractions;

// Rows at one distance from each other.
internal sealed partial class ContractionPlan
{
    // Where tiles have fewer rows, an address for each of them fits into the registers.
    private const int LeastEvenRows = 7;

    // How much more cutting strips at the ends of lines may take, in instructions of the tiles.
    private const double MostLineCost = 1.25;

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

    // Tiles of many rows need more registers for their addresses than there are.
    private void ChooseLines()
    {
        if (!DirectOutput || !Array.TrueForAll(InnerBlocks, CountsRows) || RowStep * TileKernel.MaxRows > int.MaxValue)
        {
            return;
        }

        if (AddsLanes)
        {
            HasEvenRows = OutRows.Length <= 1 && Lines == 1 && Left.Rows.Length == 1;
        }
        else if (Left.Rows.Length > 1)
        {
            CutLines();
        }
        else
        {
            HasEvenRows = Left.Rows.Length == 1 && OutRows.Length <= 1 && LeastTileRows >= LeastEvenRows;
        }
    }

    private void CutLines()
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
            return;
        }

        HasEvenRows = true;
        Lines = Rows / length;
        LineAxes = Left.Rows[..^1];
        TileVectors = line.Vectors;
        Width = TileVectors * Lanes;
        Panels = ((Columns - 1) / Width) + 1;
        Strips = line.Strips * Lines;
        (leastRows, longerStrips) = Math.DivRem(length, line.Strips);
    }
}
