using System;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Turns a contraction into code. Inputs of the executable: left and right operand.</summary>
internal static class ContractionCompiler
{
    /// <summary>Compiles a contraction for vectors of a given width in bytes; 0 means the widest of this machine.</summary>
    public static Executable Compile(ContractionSpec spec, int vectorBytes = 0)
    {
        foreach (var axis in spec.Axes)
        {
            if (axis.Extent == 0 && axis.Role != AxisRole.K)
            {
                return new EmptyContraction();
            }
        }

        var plan = new ContractionPlan(spec, vectorBytes == 0 ? TileKernel.NativeBytes : vectorBytes);
        return (Executable?)BatchVectors.For(plan) ?? (Executable?)RowDots.For(plan) ?? new BlockedContraction(plan);
    }

    private sealed class EmptyContraction : Executable
    {
        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) { }
    }
}
