using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Emit;

/// <summary>What the processor can do.</summary>
internal static class Machine
{
    /// <summary>The width in bits of the vectors that emitted code uses.</summary>
    public static int VectorBits { get; } =
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : 128;
}
