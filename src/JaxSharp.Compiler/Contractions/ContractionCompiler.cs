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
        var (plan, other) = Choose(spec, vectorBytes == 0 ? TileKernel.NativeBytes : vectorBytes, epilogue);
        if (plan is null)
        {
            return other!();
        }

        if (SmallProducts.For(plan, epilogue) is { } products)
        {
            return products;
        }

        return epilogue is null || BlockedContraction.TakesEpilogue(plan, epilogue)
            ? new BlockedContraction(plan, epilogue)
            : new ContractionThenEpilogue(new BlockedContraction(plan), epilogue);
    }

    /// <summary>The plan of a contraction that is done in tiles of the output; null if it is done in another way.</summary>
    public static ContractionPlan? Tiles(ContractionSpec spec, int vectorBytes) => Choose(spec, vectorBytes, null).Plan;

    // The plan of tiles, or what makes the executable of another way.
    private static (ContractionPlan? Plan, Func<Executable>? Other) Choose(
        ContractionSpec spec,
        int vectorBytes,
        ContractionEpilogue? epilogue
    )
    {
        if (Array.Exists(spec.Axes, axis => axis.Extent == 0))
        {
            bool anyOutput = Array.TrueForAll(spec.Axes, axis => axis.Extent != 0 || axis.Role == AxisRole.K);
            return (null, () => Finish(new EmptyContraction(spec), anyOutput ? epilogue : null));
        }

        spec = Undilation.Apply(spec);
        if (TurnedGroups.For(spec) is { } turned)
        {
            return (null, () => Finish(turned.With(Compile(turned.Spec, vectorBytes)), epilogue));
        }

        if (Phases.Split(spec) is { } phases)
        {
            int size = spec.Output.DType.Size;
            return (
                null,
                () =>
                    Finish(
                        PhasedContraction.Of([
                            .. phases.Select(phase => (Compile(phase.Spec, vectorBytes), phase.Offset * size)),
                        ]),
                        epilogue
                    )
            );
        }

        if (WinogradShape.For(spec) is { Gains: true } winograd)
        {
            return (
                null,
                winograd.IsGradient
                    ? () => Finish(new WinogradGradient(winograd, vectorBytes), epilogue)
                    : () => WinogradConvolution.For(winograd, vectorBytes, epilogue)
            );
        }

        var plan = new ContractionPlan(spec, vectorBytes);
        if (BatchVectors.For(plan, vectorBytes, epilogue) is { } vectors)
        {
            return (null, () => vectors);
        }

        if (
            SpreadGroups.For(spec) is { } spread
            && BatchVectors.For(new ContractionPlan(spread.Spec, vectorBytes), vectorBytes, epilogue)
                is { } spreadVectors
        )
        {
            return (null, () => spread.With(spreadVectors));
        }

        if (RowDots.For(plan) is { } dots)
        {
            return (null, () => Finish(dots, epilogue));
        }

        return PaddedOperand.For(plan) is { } padded
            ? (null, () => new PaddedContraction(padded, Compile(padded.Spec, vectorBytes, epilogue)))
            : (plan, null);
    }

    private static Executable Finish(Executable contraction, ContractionEpilogue? epilogue) =>
        epilogue is null ? contraction : new ContractionThenEpilogue(contraction, epilogue);
}
