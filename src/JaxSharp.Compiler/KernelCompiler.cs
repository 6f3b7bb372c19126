using System;
using System.Collections.Concurrent;
using System.Linq;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Passes;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler;

/// <summary>Turns kernels into executables.</summary>
internal static class KernelCompiler
{
    // Beyond this many kernels all are forgotten: programs of ever new shapes must not fill the memory.
    private const int Capacity = 2048;

    private static readonly ConcurrentDictionary<KernelKey, Executable> Known = new();

    /// <summary>
    /// Compiles a kernel; the executable may be run any number of times, on several threads. Equal kernels, such as those of the
    /// layers of a network, are compiled once.
    /// </summary>
    public static Executable Compile(Kernel kernel)
    {
        var key = new KernelKey(kernel);
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        var executable = Compile(kernel, Machine.VectorBits);
        if (Known.Count >= Capacity)
        {
            Known.Clear();
        }

        Known[key] = executable;
        return executable;
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

        LoopPlan Finish(LoopPlan plan) =>
            StreamStores.Run(KeepRows.Run(TurnLoads.Run(NarrowIndices.Run(plan))), streamedBytes);
    }

    private static Executable Compile(LoopPlan plan, int vectorBits, bool tiered) =>
        (!tiered && vectorBits > 0 ? EmittedKernel.Compile(plan, vectorBits) : null)
        ?? (Executable)new TieredKernel(plan, vectorBits);
}
