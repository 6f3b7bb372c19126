using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Emit;

/// <summary>A compiled <see cref="Recurrence"/>.</summary>
internal sealed unsafe class StepLoop : Executable
{
    private readonly LoopBody body;
    private readonly long steps;
    private readonly int outputs;

    /// <summary>Compiles a recurrence, given as the kernel of its steps.</summary>
    public StepLoop(Recurrence recurrence, Kernel kernel)
    {
        body = LoopEmitter.Compile(recurrence, kernel);
        steps = recurrence.Steps.Most ?? long.MaxValue;
        outputs = kernel.Outputs.Length;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        // The condition has a place among the outputs to which nothing is written.
        Span<nint> places = stackalloc nint[this.outputs];
        places.Clear();
        outputs.CopyTo(places);
        fixed (nint* input = inputs)
        fixed (nint* output = places)
        {
            body(input, output, 0, steps, 0, 1);
        }
    }
}
