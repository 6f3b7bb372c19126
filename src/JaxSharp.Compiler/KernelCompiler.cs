using System;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Passes;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler;

/// <summary>Turns kernels into executables.</summary>
internal static class KernelCompiler
{
    /// <summary>Compiles a kernel; the executable may be run any number of times, on several threads.</summary>
    public static Executable Compile(Kernel kernel) => Compile(kernel, Machine.VectorBits);

    /// <summary>Compiles a kernel for vectors of 512, 256 or 128 bits; 0 interprets it.</summary>
    internal static Executable Compile(Kernel kernel, int vectorBits)
    {
        var plan = Plan(kernel);
        return (vectorBits > 0 ? EmittedKernel.Compile(plan, vectorBits) : null)
            ?? (Executable)new Interpreted(new KernelInterpreter(plan.Kernel, expanded: true));
    }

    /// <summary>The kernel as it is emitted.</summary>
    internal static LoopPlan Plan(Kernel kernel) => Schedule.Run(KernelInterpreter.Prepare(kernel));

    private sealed class Interpreted(KernelInterpreter interpreter) : Executable
    {
        public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
            interpreter.Run(inputs, outputs);
    }
}
