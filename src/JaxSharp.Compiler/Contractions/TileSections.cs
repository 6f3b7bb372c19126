using System;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// Cuts the steps of K that a tile takes into sections, whose sums are added to the output one by one. In one long chain of additions
/// each is rounded at the size that the sum has grown to, so that errors grow with the square root of the length beside those of the result.
/// </summary>
internal readonly unsafe struct TileSections
{
    // The most steps of a section. Adding up costs some hundredth of the time, and half as many steps would cost twice that, so that
    // products of matrices, which are seldom behind one another as often as convolutions are, get twice as many.
    private const int WindowSteps = 128;
    private const int MatrixSteps = 256;

    private readonly bool bySegment;
    private readonly bool hasTable;
    private readonly int total;
    private readonly int each;

    /// <summary>The sections of a block of K.</summary>
    /// <param name="code">The code of the contraction.</param>
    /// <param name="block">The block.</param>
    /// <param name="bySegment">Whether the tile finds its rows by segments, which stay whole.</param>
    public TileSections(ContractionCode code, InnerBlock block, bool bySegment)
    {
        this.bySegment = bySegment;
        hasTable = code.Plan.LeftAccess == LeftAccess.Table;
        total = block.Count;
        each = int.MaxValue;
        if (!ReferenceEquals(code.Plan.Type, DType.F32))
        {
            return;
        }

        int most = code.Plan.Left.Inner.Length > 1 ? WindowSteps : MatrixSteps;
        if (bySegment)
        {
            each = Math.Max(1, most / block.Run);
        }
        else if (total > most)
        {
            int count = ((total - 1) / most) + 1;
            each = (((total - 1) / count / 2) + 1) * 2;
        }
    }

    /// <summary>Runs a tile section by section.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="arguments">Its arguments for all steps of the block; they are the same afterwards.</param>
    /// <param name="rows">The number of rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(TileCode tile, TileArguments* arguments, int rows)
    {
        int count = bySegment ? (int)arguments->Segments : total;
        if (count <= each)
        {
            tile(arguments);
        }
        else
        {
            RunSections(tile, arguments, count, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunSections(TileCode tile, TileArguments* arguments, int count, int rows)
    {
        var whole = *arguments;
        for (int done = 0; done < count; done += each)
        {
            int steps = Math.Min(each, count - done);
            if (bySegment)
            {
                arguments->Segments = steps;
                tile(arguments);
                arguments->Rows += steps * rows * sizeof(nint);
                arguments->ColumnOffsets += steps * sizeof(nint);
            }
            else
            {
                arguments->Run = steps;
                tile(arguments);
                arguments->Columns += steps * arguments->ColumnStep;
                arguments->FirstStep += hasTable ? 0 : steps * arguments->RowStep;
                arguments->RowOffsets += hasTable ? steps * sizeof(int) : 0;
            }

            arguments->Accumulate = 1;
            arguments->IsFetched = 1;
        }

        *arguments = whole;
    }
}
