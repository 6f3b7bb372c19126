using System;
using System.Linq;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Emit;

/// <summary>Executables that run one after the other and share temporaries, which are inputs and outputs of each.</summary>
/// <param name="steps">The executables.</param>
/// <param name="temporaries">The bytes of the temporaries.</param>
internal sealed unsafe class SequenceExecutable(Executable[] steps, long[] temporaries) : Executable
{
    private const int OnStack = 16384;

    private readonly long total = temporaries.Sum(size => (size + 63) / 64 * 64) + 64;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        byte* allocated = total > OnStack ? (byte*)NativeMemory.Alloc((nuint)total) : null;
        try
        {
            byte* onStack = stackalloc byte[allocated is null ? (int)total : 0];
            nint memory = ((nint)(allocated is null ? onStack : allocated) + 63) & ~63;
            Span<nint> allInputs = stackalloc nint[inputs.Length + temporaries.Length];
            Span<nint> allOutputs = stackalloc nint[outputs.Length + temporaries.Length];
            inputs.CopyTo(allInputs);
            outputs.CopyTo(allOutputs);
            for (int i = 0; i < temporaries.Length; i++)
            {
                allInputs[inputs.Length + i] = memory;
                allOutputs[outputs.Length + i] = memory;
                memory += (nint)((temporaries[i] + 63) / 64 * 64);
            }

            foreach (var step in steps)
            {
                step.Run(allInputs, allOutputs);
            }
        }
        finally
        {
            NativeMemory.Free(allocated);
        }
    }
}
