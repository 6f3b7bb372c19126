using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Emit;

/// <summary>Loops over the rows and columns of a matrix, of which any block can be run by itself.</summary>
internal sealed unsafe class BlockKernel : BlockExecutable
{
    private readonly LoopBody? body;
    private readonly KernelInterpreter? interpreter;
    private readonly int rows;
    private readonly int columns;

    /// <summary>Compiles a plan whose vectors lie along the second of two grid axes; 0 bits interpret it.</summary>
    public BlockKernel(LoopPlan plan, int vectorBits)
    {
        (rows, columns) = (plan.Kernel.Grid[0], plan.Kernel.Grid[1]);
        body =
            vectorBits == 0
                ? null
                : LoopEmitter.Compile(
                    plan,
                    [.. plan.Kernel.Stages.Select(stage => new StageAnalysis(plan, stage))],
                    vectorBits
                );
        interpreter = body is null ? new KernelInterpreter(plan.Kernel, expanded: true) : null;
    }

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        Run(inputs, outputs, (0, rows), (0, columns));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(
        ReadOnlySpan<nint> inputs,
        ReadOnlySpan<nint> outputs,
        (long Start, long End) rows,
        (long Start, long End) columns
    )
    {
        if (body is null)
        {
            interpreter!.Run(inputs, outputs, [rows.Start, columns.Start], [rows.End, columns.End]);
            return;
        }

        fixed (nint* input = inputs)
        fixed (nint* output = outputs)
        {
            body(input, output, rows.Start, rows.End, columns.Start, columns.End);
        }
    }
}
