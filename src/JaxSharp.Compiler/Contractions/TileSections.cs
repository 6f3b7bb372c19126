using System;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// The sections of K whose sums a tile adds to the output one by one. In one long chain of additions each is rounded at the size that the
/// sum has grown to, so that errors grow with the square root of the length beside those of the result.
/// </summary>
internal static class TileSections
{
    // The most steps of a section. Adding up costs some hundredth of the time, and half as many steps would cost twice that, so that
    // products of matrices, which are seldom behind one another as often as convolutions are, get twice as many.
    private const int WindowSteps = 128;
    private const int MatrixSteps = 256;

    /// <summary>How many steps of a block of K a section has, or how many segments if there are several, which stay whole, or
    /// windows of taps.</summary>
    public static int Length(ContractionPlan plan, InnerBlock block, bool bySegment)
    {
        if (!ReferenceEquals(plan.Type, DType.F32))
        {
            return int.MaxValue;
        }

        int most = plan.Left.Inner.Length > 1 ? WindowSteps : MatrixSteps;
        if (plan.AddsLanes)
        {
            // A lane meets one in so many steps.
            return bySegment ? Math.Max(1, most / (plan.PackedRun(block.Run) / LaneSums.Together)) : int.MaxValue;
        }

        if (bySegment)
        {
            return Math.Max(1, most / block.Run);
        }

        int count = ((block.Count - 1) / most) + 1;
        return count == 1 ? int.MaxValue : (((block.Count - 1) / plan.Taps / count / 2) + 1) * 2;
    }
}
