using System;
using System.Linq;
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
    private const int InterpretedRuns = 2;
    private const long SmallWork = 20_000;

    private readonly LoopPlan plan;
    private readonly int vectorBits;
    private KernelInterpreter? interpreter;
    private EmittedKernel? emitted;
    private int runs;

    /// <summary>Prepares a plan for vectors of a width; 0 interprets it always.</summary>
    public TieredKernel(LoopPlan plan, int vectorBits)
    {
        this.plan = plan;
        this.vectorBits = vectorBits;
        if (vectorBits > 0 && !IsSmall(plan.Kernel))
        {
            emitted = EmittedKernel.Compile(plan, vectorBits);
        }

        interpreter = emitted is null ? new KernelInterpreter(plan.Kernel, expanded: true) : null;
        runs = emitted is null && !IsSmall(plan.Kernel) ? int.MinValue : 0;
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

        if (vectorBits == 0 || runs < InterpretedRuns)
        {
            runs += vectorBits == 0 || runs < 0 ? 0 : 1;
            interpreter!.Run(inputs, outputs);
            return;
        }

        emitted = EmittedKernel.Compile(plan, vectorBits);
        runs = emitted is null ? int.MinValue : runs;
        Run(inputs, outputs);
    }

    private static bool IsSmall(Kernel kernel) =>
        kernel.Stages.Sum(stage => kernel.GridSize * stage.InnerSize * KernelInterpreter.Size(stage)) <= SmallWork;
}
