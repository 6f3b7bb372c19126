using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;
using JaxSharp.ControlFlow;
using JaxSharp.Ir;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Execution;

/// <summary>Compiles the programs inside of control flow and the loops around them.</summary>
internal sealed class LoopExecutables : ILoopCompiler
{
    public Executable Compile(Scan scan) =>
        scan.Length == 1 && scan.CarryCount == scan.Body.Outputs.Length
            ? ProgramCompiler.Compile(scan.Body)
            : Recurrences.Compile(scan) ?? new ScanExecutable(LoopParts.Of(scan, WorkerPool.Threads), scan);

    public Executable Compile(WhileLoop loop) =>
        Recurrences.Compile(loop)
        ?? new WhileExecutable(
            ProgramCompiler.Compile(loop.Cond, loop.CondConsts),
            ProgramCompiler.Compile(loop.Body, loop.BodyConsts),
            loop
        );

    public Executable Compile(Cond cond) =>
        new CondExecutable([.. cond.Branches.Select(branch => ProgramCompiler.Compile(branch))]);

    /// <summary>Offsets of values placed one after the other.</summary>
    public static (long[] Offsets, long Bytes) Place(ReadOnlySpan<long> sizes)
    {
        var offsets = new long[sizes.Length];
        long next = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            offsets[i] = next;
            next += (sizes[i] + Buffer.Alignment - 1) / Buffer.Alignment * Buffer.Alignment;
        }

        return (offsets, next);
    }

    public static unsafe void Copy(nint from, nint to, long bytes)
    {
        if (from != to)
        {
            System.Buffer.MemoryCopy((void*)from, (void*)to, bytes, bytes);
        }
    }
}

/// <summary>Runs a condition and a body over raw memory; carried values go back and forth between two places.</summary>
internal sealed class WhileExecutable : Executable, IRunsPrograms
{
    private readonly Program cond;
    private readonly Program body;
    private readonly int condConsts;
    private readonly int bodyConsts;
    private readonly int maxSteps;
    private readonly long[] carryBytes;
    private readonly long[] scratchOffsets;
    private readonly long scratchBytes;

    public WhileExecutable(Program cond, Program body, WhileLoop loop)
    {
        this.cond = cond;
        this.body = body;
        condConsts = loop.CondConsts;
        bodyConsts = loop.BodyConsts;
        maxSteps = loop.MaxSteps ?? int.MaxValue;
        carryBytes = [.. loop.Body.InputTypes[bodyConsts..].Select(t => t.ByteLength)];
        (scratchOffsets, scratchBytes) = LoopExecutables.Place(carryBytes);
    }

    public IReadOnlyList<Program> Programs => [cond, body];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        int carries = carryBytes.Length;
        var scratch = Buffer.Allocate(scratchBytes);
        Span<nint> condInputs = stackalloc nint[condConsts + carries];
        Span<nint> bodyInputs = stackalloc nint[bodyConsts + carries];
        Span<nint> next = stackalloc nint[carries];
        byte flag = 0;
        Span<nint> condOutput = [(nint)(&flag)];
        inputs[..condConsts].CopyTo(condInputs);
        inputs.Slice(condConsts, bodyConsts).CopyTo(bodyInputs);
        inputs[(condConsts + bodyConsts)..].CopyTo(condInputs[condConsts..]);
        var current = condInputs[condConsts..];
        using var condPrepared = cond.Prepare(condInputs);
        using var bodyPrepared = body.Prepare(bodyInputs);
        for (int step = 0; maxSteps == int.MaxValue || step < maxSteps; step++)
        {
            cond.Run(condInputs, condOutput, condPrepared);
            if (flag == 0)
            {
                break;
            }

            current.CopyTo(bodyInputs[bodyConsts..]);
            for (int i = 0; i < carries; i++)
            {
                next[i] = (step & 1) == 0 ? outputs[i] : scratch.Address + (nint)scratchOffsets[i];
            }

            body.Run(bodyInputs, next, bodyPrepared);
            next.CopyTo(current);
        }

        for (int i = 0; i < carries; i++)
        {
            LoopExecutables.Copy(current[i], outputs[i], carryBytes[i]);
        }

        GC.KeepAlive(scratch);
        scratch.Release();
    }
}

/// <summary>Runs the program whose number the first operand gives.</summary>
internal sealed class CondExecutable(Program[] branches) : Executable, IRunsPrograms
{
    public IReadOnlyList<Program> Programs => branches;

    public override unsafe void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        branches[Math.Clamp(*(int*)inputs[0], 0, branches.Length - 1)].Run(inputs[1..], outputs);
}
