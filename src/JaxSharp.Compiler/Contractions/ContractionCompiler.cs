using System;
using System.Linq;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Turns a contraction into code. Inputs of the executable: left and right operand.</summary>
internal static class ContractionCompiler
{
    /// <summary>
    /// Compiles a contraction for vectors of a given width in bytes; 0 means the widest of this machine. The operands of an
    /// epilogue follow those of the contraction.
    /// </summary>
    public static Executable Compile(ContractionSpec spec, int vectorBytes = 0, ContractionEpilogue? epilogue = null)
    {
        foreach (var axis in spec.Axes)
        {
            if (axis.Extent == 0 && axis.Role != AxisRole.K)
            {
                return new EmptyContraction(spec);
            }
        }

        if (spec.Extent(AxisRole.K) == 0)
        {
            var zeros = new EmptyContraction(spec);
            return epilogue is null ? zeros : new ContractionThenEpilogue(zeros, epilogue);
        }

        spec = Undilation.Apply(spec);
        if (Phases.Split(spec) is { } phases)
        {
            int size = spec.Output.DType.Size;
            var parts = new PhasedContraction([
                .. phases.Select(phase => (Compile(phase.Spec, vectorBytes), phase.Offset * size)),
            ]);
            return epilogue is null ? parts : new ContractionThenEpilogue(parts, epilogue);
        }

        vectorBytes = vectorBytes == 0 ? TileKernel.NativeBytes : vectorBytes;
        if (WinogradShape.For(spec) is { Gains: true } winograd)
        {
            return !winograd.IsGradient ? WinogradConvolution.For(winograd, vectorBytes, epilogue)
                : epilogue is null ? new WinogradGradient(winograd, vectorBytes)
                : new ContractionThenEpilogue(new WinogradGradient(winograd, vectorBytes), epilogue);
        }

        var plan = new ContractionPlan(spec, vectorBytes);
        if (BatchVectors.For(plan, vectorBytes, epilogue) is { } vectors)
        {
            return vectors;
        }

        if (
            SpreadGroups.For(spec) is { } spread
            && BatchVectors.For(new ContractionPlan(spread.Spec, vectorBytes), vectorBytes, epilogue)
                is { } spreadVectors
        )
        {
            return spread.With(spreadVectors);
        }

        Executable? direct = RowDots.For(plan);
        if (direct is null && PaddedOperand.For(plan) is { } padded)
        {
            return new PaddedContraction(padded, Compile(padded.Spec, vectorBytes, epilogue));
        }

        if (direct is null && SmallProducts.For(plan, epilogue) is { } products)
        {
            return products;
        }

        if (epilogue is null || (direct is null && BlockedContraction.TakesEpilogue(plan, epilogue)))
        {
            return direct ?? new BlockedContraction(plan, epilogue);
        }

        return new ContractionThenEpilogue(direct ?? new BlockedContraction(plan), epilogue);
    }
}
