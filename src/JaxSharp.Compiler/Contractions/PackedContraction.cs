using System;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>
/// A contraction one of whose operands stays the same for many runs, as a weight does in a loop: it is packed into panels once, and
/// the contraction reads those.
/// </summary>
/// <param name="Bytes">The size of the packed operand.</param>
/// <param name="Packing">Packs it. Input: the operand; output: the packed one.</param>
/// <param name="Product">The contraction. Its inputs are those of the usual one, with the packed operand in place of the other.</param>
internal sealed record PackedContraction(long Bytes, Executable Packing, Executable Product)
{
    // Less is in the first-level cache wherever it lies. Nor does a single panel gain anything: its rows follow each other as they are.
    private const long LeastBytes = 16 << 10;
    private const long MostBytes = 64 << 20;

    /// <summary>The contraction with a packed left or right operand; null where packing it does not pay.</summary>
    public static PackedContraction? For(
        ContractionSpec spec,
        bool packsLhs,
        ContractionEpilogue? epilogue = null,
        int vectorBytes = 0
    )
    {
        vectorBytes = vectorBytes == 0 ? TileKernel.NativeBytes : vectorBytes;
        if (Plan(spec, packsLhs, vectorBytes) is not { } plan)
        {
            return null;
        }

        long bytes = PanelBytes(plan);
        bool fused = epilogue is not null && BlockedContraction.TakesEpilogue(plan, epilogue);
        var product = new BlockedContraction(plan, fused ? epilogue : null);
        return new PackedContraction(
            bytes,
            new Panels(product),
            epilogue is null || fused ? product : new ContractionThenEpilogue(product, epilogue)
        );
    }

    /// <summary>How the contraction with a packed operand is done; null where packing it does not pay.</summary>
    public static ContractionPlan? Plan(ContractionSpec spec, bool packsLhs, int vectorBytes)
    {
        if (
            ContractionCompiler.Tiles(spec, vectorBytes) is not { } usual
            || (usual.AddsLanes && usual.IsSwapped == packsLhs)
        )
        {
            return null;
        }

        var plan = new ContractionPlan(usual.Spec, vectorBytes, takesPacked: true);
        long bytes = PanelBytes(plan);
        return
            plan.IsSwapped == packsLhs
            && plan.RightAccess == RightAccess.Shared
            && bytes <= MostBytes
            && (usual.RightAccess != RightAccess.Direct || (bytes >= LeastBytes && usual.Panels > 1))
            ? plan
            : null;
    }

    private static long PanelBytes(ContractionPlan plan) =>
        (long)plan.Batches * plan.Inner * plan.Panels * plan.Width * plan.Type.Size;

    private sealed class Panels(BlockedContraction contraction) : Executable
    {
        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
            contraction.Pack(inputs[0], outputs[0]);
    }
}
