using System;

namespace JaxSharp.Compiler.Contractions;

// Few columns: vectors go along K, and their lanes are added up at the end.
internal sealed partial class ContractionPlan
{
    private const int MostLaneColumns = 8;
    private const int LeastLaneRows = 256;
    private const int LaneBytes = 64;

    // Strips end with lines of an image, if they do not become more than so many times as many.
    private const double MostLineStrips = 1.25;

    // The columns stay in the second-level cache.
    private const int MostLanePanelBytes = 256 << 10;

    // Adding up the lanes of a sum takes as long as so many multiplications of vectors.
    private const double PerLaneSum = 6;

    /// <summary>Whether vectors go along K, so that their lanes are added up at the end.</summary>
    public bool AddsLanes { get; private set; }

    /// <summary>The steps of a run of K in a packed right operand.</summary>
    public int PackedRun(int run) => AddsLanes ? LaneRun(run) : run;

    /// <summary>The steps of K in a packed right operand.</summary>
    public int PackedInner => AddsLanes ? InnerBlocks[0].Segments * LaneRun(InnerBlocks[0].Run) : Inner;

    private static int LaneRun(int run)
    {
        int lanes = LaneBytes / sizeof(float);
        return (run + lanes - 1) / lanes * lanes;
    }

    // As long as K lies side by side, a vector of a few columns would be mostly empty.
    private bool ShouldAddLanes(OperandLayout layout, int m, int n, int k)
    {
        if (
            VectorBytes != LaneBytes
            || !HasMasks
            || !LaneSums.IsSupported
            || TakesPacked
            || IsComplex
            || !ReferenceEquals(Type, DType.F32)
            || !ReferenceEquals(layout.DType, Type)
            || !ReferenceEquals(OutputType, Type)
            || layout is not { Scale: 1, HasFreeInnerRun: true, Inner: [.., { Stride: 1 } steps] }
            || n > MostLaneColumns
            || m < LeastLaneRows
            || (n == 1 && Left.IsOfRows && Right.IsOfRows) // RowDots reads both as they are.
        )
        {
            return false;
        }

        long padded = (long)k / steps.Extent * LaneRun(steps.Extent);
        return padded * n * Type.Size <= MostLanePanelBytes && n * ((padded * Type.Size / LaneBytes) + PerLaneSum) <= k;
    }

    // The sums of a tile are added up together.
    private void ChooseLaneTile()
    {
        int most = Math.Min(LaneSums.Together / Columns, TileKernel.MaxRows);
        Lanes = 1;
        (TileVectors, Width, Panels) = (Columns, Columns, 1);
        Strips = ((Rows - 1) / most) + 1;
        int length = Left.Rows.Length == 0 ? Rows : Left.Rows[^1].Extent;
        int perLine = ((length - 1) / most) + 1;
        Lines = perLine * (Rows / length) <= MostLineStrips * Strips ? Rows / length : 1;
        Strips = Lines > 1 ? perLine * Lines : Strips;
        (leastRows, longerStrips) = Math.DivRem(LineLength, StripsPerLine);
    }
}
