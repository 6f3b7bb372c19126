using System;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

/// <summary>The order in which the products of an element are added up, which fixes its bits whatever the tile it is computed in.</summary>
internal static class SummationOrder
{
    /// <summary>
    /// Whether two contractions that differ only in how many rows or columns they have compute each element that both have to the same
    /// bits. Only contractions in tiles are known to.
    /// </summary>
    /// <param name="whole">The one.</param>
    /// <param name="part">The other.</param>
    /// <param name="packsLhs">Whether the left or the right operand is packed before if that pays.</param>
    public static bool IsSame(ContractionSpec whole, ContractionSpec part, bool packsLhs) =>
        Of(whole, packsLhs) is { } order && order.AsSpan().SequenceEqual(Of(part, packsLhs));

    // The blocks of K, each with the length of its sections; null if K is summed in another way.
    private static (InnerBlock Block, int Section)[]? Of(ContractionSpec spec, bool packsLhs)
    {
        var plan =
            PackedContraction.Plan(spec, packsLhs, TileKernel.NativeBytes)
            ?? ContractionCompiler.Tiles(spec, TileKernel.NativeBytes);
        return
            plan is null
            || plan.AddsLanes
            || plan.InnerParts > 1
            || plan.InnerBlocks.Any(block => LosesSegments(plan, block))
            ? null
            : [.. plan.InnerBlocks.Select(b => (b, TileSections.Length(plan, b, plan.HasSegments(b))))];
    }

    // Sections begin elsewhere where segments are left out that exist for no row of a strip, and strips differ.
    private static bool LosesSegments(ContractionPlan plan, InnerBlock block) =>
        plan.HasSegments(block) && !plan.Left.IsWhole && block.Segments > TileSections.Length(plan, block, true);
}
