using System;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler;

/// <summary>Turns kernels into executables.</summary>
internal static class KernelCompiler
{
    /// <summary>Compiles a kernel; the executable may be run any number of times, on several threads.</summary>
    public static Executable Compile(Kernel kernel) => new Interpreted(new KernelInterpreter(kernel));

    private sealed class Interpreted(KernelInterpreter interpreter) : Executable
    {
        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
            interpreter.Run(inputs, outputs);
    }
}
