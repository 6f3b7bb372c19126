using System;
using System.Linq;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Passes;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler;

/// <summary>Turns kernels into executables.</summary>
internal static class KernelCompiler
{
    private static readonly KernelCache<Executable> Known = new(kernel => Compile(kernel, Machine.VectorBits));
    private static readonly KernelCache<BlockExecutable> KnownBlocks = new(kernel =>
        CompileBlocks(kernel, Machine.VectorBits)
    );

    /// <summary>Compiles a kernel; the executable may be run any number of times, on several threads.</summary>
    public static Executable Compile(Kernel kernel) => Known.GetOrCompile(kernel);

    /// <summary>Compiles an elementwise kernel over rows and columns, of which blocks can be run.</summary>
    public static BlockExecutable CompileBlocks(Kernel kernel) => KnownBlocks.GetOrCompile(kernel);

    /// <summary>Forgets all kernels, so that the time that a program takes without them can be measured.</summary>
    public static void Forget()
    {
        Known.Clear();
        KnownBlocks.Clear();
    }

    /// <summary>Compiles a recurrence; null where it must be run step by step.</summary>
    public static Executable? Compile(Recurrence recurrence)
    {
        if (recurrence.Steps.Most == 0 || Machine.VectorBits == 0)
        {
            return null;
        }

        var expanded = IndexSimplify.Run(KernelInterpreter.Prepare(recurrence.AsKernel(), isSerial: true));
        return CarryValues.Run(recurrence, expanded) is { } kernel ? new StepLoop(recurrence, kernel) : null;
    }

    /// <summary>Compiles a kernel for vectors of 512, 256 or 128 bits; 0 interprets it.</summary>
    internal static Executable Compile(
        Kernel kernel,
        int vectorBits,
        bool tiered = true,
        long streamedBytes = MachineLimits.StreamedBytes
    )
    {
        var (plans, temporaries) = Plan(kernel, streamedBytes);
        Executable[] steps = [.. plans.Select(plan => Compile(plan, vectorBits, tiered))];
        return steps.Length == 1 ? steps[0] : new SequenceExecutable(steps, temporaries);
    }

    /// <summary>Compiles an elementwise kernel over rows and columns for vectors of a width; 0 interprets it.</summary>
    internal static BlockExecutable CompileBlocks(Kernel kernel, int vectorBits)
    {
        var simple = IndexSimplify.Run(KernelInterpreter.Prepare(kernel));
        return new BlockKernel(Reduced(new LoopPlan(simple, VectorAxis: 1)), vectorBits);
    }

    /// <summary>The kernels as they are emitted: most often one.</summary>
    internal static (LoopPlan[] Plans, long[] Temporaries) Plan(
        Kernel kernel,
        long streamedBytes = MachineLimits.StreamedBytes
    )
    {
        var simple = CollapseAxes.Run(IndexSimplify.Run(KernelInterpreter.Prepare(kernel)));
        var plan = Schedule.Run(simple);
        return SplitReductions.Run(simple, plan.VectorAxis) is { } sequence
            ? ([.. sequence.Kernels.Select(part => Finish(Schedule.Run(CollapseAxes.Run(part))))], sequence.Temporaries)
            : ([Finish(plan)], []);

        LoopPlan Finish(LoopPlan plan) => StreamStores.Run(KeepRows.Run(TurnLoads.Run(Reduced(plan))), streamedBytes);
    }

    // Indices in narrower integers, divisions in cheaper operations.
    private static LoopPlan Reduced(LoopPlan plan) => DivideByReciprocals.Run(NarrowIndices.Run(plan));

    private static Executable Compile(LoopPlan plan, int vectorBits, bool tiered) =>
        (!tiered && vectorBits > 0 ? EmittedKernel.Compile(plan, vectorBits) : null)
        ?? (Executable)new TieredKernel(plan, vectorBits);
}
