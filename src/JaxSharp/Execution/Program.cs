using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;
using JaxSharp.Ir;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Execution;

/// <summary>
/// A compiled program: steps over a table of addresses (inputs, then outputs, then constants, then what is prepared once for
/// many runs, then temporaries in one arena).
/// </summary>
internal sealed class Program : Executable, IRunsPrograms
{
    private readonly Step[] steps;
    private readonly Preparation preparation;
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
    /// <param name="preparation">What runs before them, once for many runs.</param>
    public Program(
        ArrayType[] inputTypes,
        ArrayType[] outputTypes,
        int[] outputAliases,
        DeviceArray[] constants,
        long[] temporaries,
        long arenaBytes,
        Step[] steps,
        Preparation preparation
    )
    {
        this.inputTypes = inputTypes;
        this.outputTypes = outputTypes;
        this.outputAliases = outputAliases;
        this.constants = constants;
        this.temporaries = temporaries;
        this.arenaBytes = arenaBytes;
        this.steps = steps;
        this.preparation = preparation;
        foreach (var step in steps.Concat(preparation.Steps))
        {
            mostOperands = Math.Max(mostOperands, step.Inputs.Length + step.Outputs.Length);
        }

        isDirect =
            steps.Length == 1
            && temporaries.Length == 0
            && constants.Length == 0
            && preparation.Offsets.Length == 0
            && IsDirect(steps[0]);
    }

    /// <summary>All steps, those of the preparation first.</summary>
    public IReadOnlyList<Step> Steps => [.. preparation.Steps, .. steps];

    /// <summary>For each result the input that it is, or −1 where it is computed.</summary>
    public ReadOnlySpan<int> OutputAliases => outputAliases;

    IReadOnlyList<Program> IRunsPrograms.Programs => [this];

    /// <summary>
    /// The program without those copies of one result to another that <paramref name="isLeftOut"/> says, from the numbers of both:
    /// whoever runs it gives the two the same memory.
    /// </summary>
    public Program WithoutCopies(Func<int, int, bool> isLeftOut)
    {
        int first = inputTypes.Length;
        Step[] rest =
        [
            .. steps.Where(step =>
                step.Executable is not CopyExecutable
                || step.Inputs[0] < first
                || step.Inputs[0] >= first + outputTypes.Length
                || !isLeftOut(step.Inputs[0] - first, step.Outputs[0] - first)
            ),
        ];
        return rest.Length == steps.Length
            ? this
            : new Program(
                inputTypes,
                outputTypes,
                outputAliases,
                constants,
                temporaries,
                arenaBytes,
                rest,
                preparation
            );
    }

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

        using var prepared = Prepare(inputs);
        RunSteps(steps, inputs, outputs, prepared.Address);
        GC.KeepAlive(arguments);
        return results;
    }

    /// <summary>Runs on memory; results that are inputs are copied.</summary>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        using var prepared = Prepare(inputs);
        Run(inputs, outputs, prepared);
    }

    /// <summary>Runs the preparation, which reads only inputs that stay the same in the runs for which it is made.</summary>
    public Prepared Prepare(ReadOnlySpan<nint> inputs)
    {
        if (preparation.Offsets.Length == 0)
        {
            return default;
        }

        var memory = Buffer.Allocate(preparation.Bytes);
        Span<nint> outputs = stackalloc nint[outputTypes.Length];
        outputs.Clear();
        RunSteps(preparation.Steps, inputs, outputs, memory.Address);
        return new Prepared(memory);
    }

    /// <summary>Runs on memory after a preparation; results that are inputs are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs, Prepared prepared)
    {
        RunSteps(steps, inputs, outputs, prepared.Address);
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
    private void RunSteps(Step[] todo, ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs, nint prepared)
    {
        if (todo.Length == 0)
        {
            return;
        }

        var clock = StepClock.Current;
        clock?.Enter(this);
        if (isDirect)
        {
            Run(todo[0], inputs, outputs, clock);
            clock?.Leave();
            return;
        }

        int count =
            inputTypes.Length + outputTypes.Length + constants.Length + preparation.Offsets.Length + temporaries.Length;
        Span<nint> table = count <= 512 ? stackalloc nint[count] : new nint[count];
        inputs.CopyTo(table);
        outputs.CopyTo(table[inputs.Length..]);
        int next = inputs.Length + outputs.Length;
        foreach (var constant in constants)
        {
            table[next++] = constant.Address;
        }

        foreach (long offset in preparation.Offsets)
        {
            table[next++] = prepared + (nint)offset;
        }

        var arena = Arena.Rent(arenaBytes);
        try
        {
            foreach (long offset in temporaries)
            {
                table[next++] = arena.Address + (nint)offset;
            }

            Span<nint> operands = stackalloc nint[mostOperands];
            foreach (var step in todo)
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

/// <summary>Steps that run once for many runs of a program, and where they put their results.</summary>
/// <param name="Steps">The steps.</param>
/// <param name="Offsets">The places of their results, which are slots behind the constants.</param>
/// <param name="Bytes">The memory for them.</param>
internal sealed record Preparation(Step[] Steps, long[] Offsets, long Bytes);

/// <summary>What was prepared for runs of a program.</summary>
internal readonly struct Prepared(Buffer? memory) : IDisposable
{
    public nint Address => memory?.Address ?? 0;

    public void Dispose()
    {
        memory?.Release();
        GC.KeepAlive(memory);
    }
}

/// <summary>Scratch memory for temporaries, kept per thread between runs.</summary>
internal static class Arena
{
    [ThreadStatic]
    private static Buffer? spare;

    public static Buffer Rent(long bytes)
    {
        var cached = spare;
        if (cached is not null && cached.ByteLength >= bytes)
        {
            spare = null;
            return cached;
        }

        return Buffer.Allocate(Math.Max(bytes, 4096));
    }

    public static void Return(Buffer arena)
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
