using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Emit;

/// <summary>
/// Interprets small kernels for their first runs, which takes less time than compiling them and gives the same bits; compiles those
/// that come again.
/// </summary>
internal sealed class TieredKernel : Executable
{
    // Operations that are interpreted before a kernel is compiled, which takes about as long.
    private const long InterpretedWork = 40_000;
    private const long SmallWork = 20_000;

    // A run costs so many operations at least: what is run some dozens of times is no one-off.
    private const long LeastWork = 2_000;

    private readonly LoopPlan plan;
    private readonly int vectorBits;
    private readonly long work;
    private KernelInterpreter? interpreter;
    private EmittedKernel? emitted;
    private long left;

    /// <summary>Prepares a plan for vectors of a width; 0 interprets it always.</summary>
    public TieredKernel(LoopPlan plan, int vectorBits)
    {
        this.plan = plan;
        this.vectorBits = vectorBits;
        work = Work(plan.Kernel);
        if (vectorBits > 0 && work > SmallWork)
        {
            emitted = EmittedKernel.Compile(plan, vectorBits);
        }

        interpreter = emitted is null ? new KernelInterpreter(plan.Kernel, expanded: true) : null;
        left = vectorBits > 0 && work <= SmallWork ? InterpretedWork : long.MaxValue;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        if (emitted is { } fast)
        {
            fast.Run(inputs, outputs);
            return;
        }

        if (left > 0)
        {
            left -= left == long.MaxValue ? 0 : Math.Max(work, LeastWork);
            interpreter!.Run(inputs, outputs);
            return;
        }

        emitted = EmittedKernel.Compile(plan, vectorBits);
        left = emitted is null ? long.MaxValue : 0;
        Run(inputs, outputs);
    }

    private static long Work(Kernel kernel)
    {
        long work = 0;
        foreach (var stage in kernel.Stages)
        {
            work += kernel.GridSize * stage.InnerSize * KernelInterpreter.Size(stage);
        }

        return work;
    }
}
