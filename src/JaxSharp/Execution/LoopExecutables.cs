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
            : Recurrences.Compile(scan)
                ?? new ScanExecutable(ProgramCompiler.Compile(scan.Body, scan.ConstCount), scan);

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

/// <summary>
/// Runs the body of a scan over raw memory: slices are addresses within the operands; carried values go back and forth between the
/// results and a scratch copy, so that the last step writes the results. A carried value that is stacked too is read where it was
/// stacked, and one that never changes stays where it is.
/// </summary>
internal sealed class ScanExecutable : Executable, IRunsPrograms
{
    private readonly Program body;
    private readonly int length;
    private readonly bool reverse;
    private readonly int consts;
    private readonly int carries;
    private readonly long[] carryBytes;
    private readonly long[] sliceBytes;
    private readonly long[] stackedBytes;
    private readonly long[] scratchOffsets;
    private readonly long scratchBytes;

    // For each carried value the stacked one that is the same, or −1, and whether it is the operand itself.
    private readonly int[] stackedAs;
    private readonly bool[] isFixed;

    public ScanExecutable(Program body, Scan scan)
    {
        length = scan.Length;
        reverse = scan.Reverse;
        consts = scan.ConstCount;
        carries = scan.CarryCount;
        var inputs = scan.Body.InputTypes;
        carryBytes = [.. inputs[consts..(consts + carries)].Select(t => t.ByteLength)];
        sliceBytes = [.. inputs[(consts + carries)..].Select(t => t.ByteLength)];
        stackedBytes = [.. scan.Body.OutputTypes[carries..].Select(t => t.ByteLength)];
        stackedAs = new int[carries];
        Array.Fill(stackedAs, -1);
        this.body = body.WithoutCopies(
            (from, to) =>
            {
                var (carry, stacked) = (Math.Min(from, to), Math.Max(from, to) - carries);
                if (carry >= carries || stacked < 0 || stackedAs[carry] >= 0)
                {
                    return false;
                }

                stackedAs[carry] = stacked;
                return true;
            }
        );
        isFixed = [.. Enumerable.Range(0, carries).Select(i => body.OutputAliases[i] == consts + i)];
        (scratchOffsets, scratchBytes) = LoopExecutables.Place([
            .. carryBytes.Select((size, i) => stackedAs[i] >= 0 || isFixed[i] ? 0 : size),
        ]);
    }

    public IReadOnlyList<Program> Programs => [body];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        if (length == 0)
        {
            for (int i = 0; i < carries; i++)
            {
                LoopExecutables.Copy(inputs[consts + i], outputs[i], carryBytes[i]);
            }

            return;
        }

        var scratch = length > 1 && scratchBytes > 0 ? Buffer.Allocate(scratchBytes) : null;
        Span<nint> stepInputs = stackalloc nint[inputs.Length];
        Span<nint> stepOutputs = stackalloc nint[outputs.Length];
        inputs.CopyTo(stepInputs);
        int first = consts + carries;
        nint direction = reverse ? -1 : 1;
        nint start = reverse ? length - 1 : 0;
        for (int i = 0; i < sliceBytes.Length; i++)
        {
            stepInputs[first + i] += start * (nint)sliceBytes[i];
        }

        for (int i = 0; i < stackedBytes.Length; i++)
        {
            stepOutputs[carries + i] = outputs[carries + i] + (start * (nint)stackedBytes[i]);
        }

        using var prepared = body.Prepare(stepInputs);
        for (int step = 0; step < length; step++)
        {
            bool toResults = ((length - 1 - step) & 1) == 0;
            for (int i = 0; i < carries; i++)
            {
                stepOutputs[i] =
                    stackedAs[i] >= 0 ? stepOutputs[carries + stackedAs[i]]
                    : isFixed[i] ? inputs[consts + i]
                    : toResults ? outputs[i]
                    : scratch!.Address + (nint)scratchOffsets[i];
            }

            body.Run(stepInputs, stepOutputs, prepared);
            stepOutputs[..carries].CopyTo(stepInputs[consts..]);
            for (int i = 0; i < sliceBytes.Length; i++)
            {
                stepInputs[first + i] += direction * (nint)sliceBytes[i];
            }

            for (int i = 0; i < stackedBytes.Length; i++)
            {
                stepOutputs[carries + i] += direction * (nint)stackedBytes[i];
            }
        }

        for (int i = 0; i < carries; i++)
        {
            LoopExecutables.Copy(stepInputs[consts + i], outputs[i], carryBytes[i]);
        }

        GC.KeepAlive(scratch);
        scratch?.Release();
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
