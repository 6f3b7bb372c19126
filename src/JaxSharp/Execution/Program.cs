using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;

namespace JaxSharp.Execution;

/// <summary>
/// A compiled program: steps over a table of addresses (inputs, then outputs, then constants, then temporaries in one arena).
/// </summary>
internal sealed class Program : Executable, IRunsPrograms
{
    private readonly Step[] steps;
    private readonly DeviceArray[] constants;
    private readonly long[] temporaries;
    private readonly long arenaBytes;
    private readonly ArrayType[] inputTypes;
    private readonly ArrayType[] outputTypes;
    private readonly int[] outputAliases;
    private readonly int mostOperands;
    private readonly bool isDirect;

    /// <summary>Makes a program of steps.</summary>
    /// <param name="inputTypes">The types of the arguments.</param>
    /// <param name="outputTypes">The types of the results.</param>
    /// <param name="outputAliases">For each result the input that it is, or −1 where it is computed.</param>
    /// <param name="constants">Arrays with slots after the outputs.</param>
    /// <param name="temporaries">Offsets into the arena of the slots after the constants.</param>
    /// <param name="arenaBytes">The size of the arena.</param>
    /// <param name="steps">The steps in order.</param>
    public Program(
        ArrayType[] inputTypes,
        ArrayType[] outputTypes,
        int[] outputAliases,
        DeviceArray[] constants,
        long[] temporaries,
        long arenaBytes,
        Step[] steps
    )
    {
        this.inputTypes = inputTypes;
        this.outputTypes = outputTypes;
        this.outputAliases = outputAliases;
        this.constants = constants;
        this.temporaries = temporaries;
        this.arenaBytes = arenaBytes;
        this.steps = steps;
        foreach (var step in steps)
        {
            mostOperands = Math.Max(mostOperands, step.Inputs.Length + step.Outputs.Length);
        }

        isDirect = steps.Length == 1 && temporaries.Length == 0 && constants.Length == 0 && IsDirect(steps[0]);
    }

    public IReadOnlyList<Step> Steps => steps;

    IReadOnlyList<Program> IRunsPrograms.Programs => [this];

    /// <summary>Runs on arrays; allocates the results.</summary>
    public NDArray[] Run(NDArray[] arguments)
    {
        var results = new NDArray[outputTypes.Length];
        Span<nint> inputs = stackalloc nint[arguments.Length];
        Span<nint> outputs = stackalloc nint[results.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            inputs[i] = ((DeviceArray)arguments[i]).Address;
        }

        for (int i = 0; i < results.Length; i++)
        {
            if (outputAliases[i] >= 0)
            {
                var source = (DeviceArray)arguments[outputAliases[i]];
                results[i] = source.Type == outputTypes[i] ? source : source.WithType(outputTypes[i]);
                outputs[i] = source.Address;
                continue;
            }

            var result = DeviceArray.Allocate(outputTypes[i]);
            results[i] = result;
            outputs[i] = result.Address;
        }

        RunSteps(inputs, outputs);
        GC.KeepAlive(arguments);
        return results;
    }

    /// <summary>Runs on memory; results that are inputs are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        RunSteps(inputs, outputs);
        for (int i = 0; i < outputAliases.Length; i++)
        {
            if (outputAliases[i] >= 0 && outputs[i] != inputs[outputAliases[i]])
            {
                long bytes = outputTypes[i].ByteLength;
                System.Buffer.MemoryCopy((void*)inputs[outputAliases[i]], (void*)outputs[i], bytes, bytes);
            }
        }
    }

    // What runs in loops of small steps must not wait for tiered compilation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunSteps(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        if (steps.Length == 0)
        {
            return;
        }

        var clock = StepClock.Current;
        clock?.Enter(this);
        if (isDirect)
        {
            Run(steps[0], inputs, outputs, clock);
            clock?.Leave();
            return;
        }

        int count = inputTypes.Length + outputTypes.Length + constants.Length + temporaries.Length;
        Span<nint> table = count <= 512 ? stackalloc nint[count] : new nint[count];
        inputs.CopyTo(table);
        outputs.CopyTo(table[inputs.Length..]);
        int next = inputs.Length + outputs.Length;
        foreach (var constant in constants)
        {
            table[next++] = constant.Address;
        }

        var arena = Arena.Rent(arenaBytes);
        try
        {
            foreach (long offset in temporaries)
            {
                table[next++] = arena.Address + (nint)offset;
            }

            Span<nint> operands = stackalloc nint[mostOperands];
            foreach (var step in steps)
            {
                var stepInputs = operands[..step.Inputs.Length];
                var stepOutputs = operands.Slice(step.Inputs.Length, step.Outputs.Length);
                for (int i = 0; i < step.Inputs.Length; i++)
                {
                    stepInputs[i] = table[step.Inputs[i]];
                }

                for (int i = 0; i < step.Outputs.Length; i++)
                {
                    stepOutputs[i] = table[step.Outputs[i]];
                }

                Run(step, stepInputs, stepOutputs, clock);
            }
        }
        finally
        {
            Arena.Return(arena);
            clock?.Leave();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run(Step step, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs, StepClock? clock)
    {
        if (clock is null)
        {
            step.Executable.Run(inputs, outputs);
        }
        else
        {
            clock.Run(step, inputs, outputs);
        }
    }

    // The one step reads the inputs and writes the outputs in order.
    private bool IsDirect(Step step)
    {
        if (step.Inputs.Length != inputTypes.Length || step.Outputs.Length != outputTypes.Length)
        {
            return false;
        }

        for (int i = 0; i < step.Inputs.Length; i++)
        {
            if (step.Inputs[i] != i)
            {
                return false;
            }
        }

        for (int i = 0; i < step.Outputs.Length; i++)
        {
            if (step.Outputs[i] != inputTypes.Length + i)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Scratch memory for temporaries, kept per thread between runs.</summary>
internal static class Arena
{
    [ThreadStatic]
    private static JaxSharp.Compiler.Runtime.Buffer? spare;

    public static JaxSharp.Compiler.Runtime.Buffer Rent(long bytes)
    {
        var cached = spare;
        if (cached is not null && cached.ByteLength >= bytes)
        {
            spare = null;
            return cached;
        }

        return JaxSharp.Compiler.Runtime.Buffer.Allocate(Math.Max(bytes, 4096));
    }

    public static void Return(JaxSharp.Compiler.Runtime.Buffer arena)
    {
        if (spare is null || spare.ByteLength < arena.ByteLength)
        {
            spare?.Release();
            spare = arena;
        }
        else
        {
            arena.Release();
        }
    }
}
