using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;
using JaxSharp.ControlFlow;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Execution;

/// <summary>
/// Runs the body of a scan over raw memory: slices are addresses within the operands; carried values go back and forth between the
/// results and a scratch copy, so that the last step writes the results. A carried value that is stacked too is read where it was
/// stacked, and one that never changes stays where it is. Parts of the rows run all steps side by side; each has carried values of its
/// own that do not depend on rows, of which those of the first part are the results.
/// </summary>
internal sealed class ScanExecutable : Executable, IRunsPrograms
{
    private readonly Program[] programs;
    private readonly int[] rows;
    private readonly int length;
    private readonly bool reverse;
    private readonly int consts;
    private readonly int carries;
    private readonly long[] sliceBytes;
    private readonly long[] stackedBytes;
    private readonly long[] inputRowBytes;
    private readonly long[] outputRowBytes;

    // Where copies of carried values lie in scratch memory, and those that each part but the first has of its own.
    private readonly long[] carryBytes;
    private readonly long[] scratchOffsets;
    private readonly long scratchBytes;
    private readonly long[] ownOffsets;
    private readonly long ownBytes;

    // For each carried value the stacked one that is the same, or −1, and whether it is the operand itself.
    private readonly int[] stackedAs;
    private readonly bool[] isFixed;

    public ScanExecutable(LoopParts parts, Scan scan)
    {
        rows = parts.Rows;
        length = scan.Length;
        reverse = scan.Reverse;
        consts = scan.ConstCount;
        carries = scan.CarryCount;
        long[] inputs = Array.ConvertAll(scan.Body.InputTypes, t => t.ByteLength);
        long[] outputs = Array.ConvertAll(scan.Body.OutputTypes, t => t.ByteLength);
        sliceBytes = inputs[(consts + carries)..];
        stackedBytes = outputs[carries..];
        inputRowBytes = [.. inputs.Select((size, i) => parts.CutInputs[i] ? size / rows[^1] : 0)];
        outputRowBytes = [.. outputs.Select((size, i) => parts.CutOutputs[i] ? size / rows[^1] : 0)];
        carryBytes = outputs[..carries];
        stackedAs = new int[carries];
        Array.Fill(stackedAs, -1);
        var known = parts.Programs.Distinct().ToDictionary(p => p, p => p.WithoutCopies(IsStackedToo));
        programs = Array.ConvertAll(parts.Programs, p => known[p]);
        isFixed = [.. Enumerable.Range(0, carries).Select(i => programs[0].OutputAliases[i] == consts + i)];
        (scratchOffsets, scratchBytes) = LoopExecutables.Place([
            .. carryBytes.Select((size, i) => stackedAs[i] >= 0 || isFixed[i] ? 0 : size),
        ]);
        (ownOffsets, ownBytes) = LoopExecutables.Place([
            .. carryBytes.Select((size, i) => outputRowBytes[i] > 0 || isFixed[i] ? 0 : size),
        ]);

        bool IsStackedToo(int from, int to)
        {
            var (carry, stacked) = (Math.Min(from, to), Math.Max(from, to) - carries);
            if (carry >= carries || stacked < 0 || (stackedAs[carry] >= 0 && stackedAs[carry] != stacked))
            {
                return false;
            }

            stackedAs[carry] = stacked;
            return true;
        }
    }

    public IReadOnlyList<Program> Programs => [.. programs.Distinct()];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        if (length == 0)
        {
            for (int i = 0; i < carries; i++)
            {
                LoopExecutables.Copy(inputs[consts + i], outputs[i], carryBytes[i]);
            }

            return;
        }

        long bytes = scratchBytes + ((programs.Length - 1) * 2 * ownBytes);
        var scratch = length > 1 && bytes > 0 ? Buffer.Allocate(bytes) : null;
        var prepared = new Prepared[programs.Length];
        for (int i = 0; i < programs.Length; i++)
        {
            int same = Array.IndexOf(programs, programs[i]);
            prepared[i] = same < i ? prepared[same] : programs[i].Prepare(inputs);
        }

        fixed (nint* input = inputs)
        fixed (nint* output = outputs)
        {
            var steps = new LoopSchedule(programs.Length, length);
            var parts = new Parts(this, input, output, scratch?.Address ?? 0, prepared, steps, StepClock.Current);
            WorkerPool.Run(Math.Min(programs.Length, WorkerPool.Threads), ref parts);
        }

        for (int i = 0; i < programs.Length; i++)
        {
            if (Array.IndexOf(programs, programs[i]) == i)
            {
                prepared[i].Dispose();
            }
        }

        GC.KeepAlive(scratch);
        scratch?.Release();
    }

    // Some steps of one part.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(
        in LoopTurn turn,
        ReadOnlySpan<nint> inputs,
        ReadOnlySpan<nint> outputs,
        nint scratch,
        Prepared prepared
    )
    {
        int part = turn.Part;
        nint row = rows[part];
        Span<nint> stepInputs = stackalloc nint[inputs.Length];
        Span<nint> stepOutputs = stackalloc nint[outputs.Length];
        int first = consts + carries;
        nint direction = reverse ? -1 : 1;
        nint start = reverse ? length - 1 - turn.First : turn.First;
        for (int i = 0; i < inputs.Length; i++)
        {
            stepInputs[i] = inputs[i] + (row * (nint)inputRowBytes[i]);
        }

        for (int i = 0; i < sliceBytes.Length; i++)
        {
            stepInputs[first + i] += start * (nint)sliceBytes[i];
        }

        for (int i = 0; i < stackedBytes.Length; i++)
        {
            stepOutputs[carries + i] =
                outputs[carries + i] + (start * (nint)stackedBytes[i]) + (row * (nint)outputRowBytes[carries + i]);
        }

        for (int i = 0; i < carries && turn.First > 0; i++)
        {
            if (!isFixed[i])
            {
                stepInputs[consts + i] =
                    stackedAs[i] >= 0
                        ? stepOutputs[carries + stackedAs[i]] - (direction * (nint)stackedBytes[stackedAs[i]])
                        : Moved(i, part, turn.First - 1, outputs, scratch);
            }
        }

        for (int step = turn.First; step < turn.End; step++)
        {
            for (int i = 0; i < carries; i++)
            {
                stepOutputs[i] =
                    stackedAs[i] >= 0 ? stepOutputs[carries + stackedAs[i]]
                    : isFixed[i] ? stepInputs[consts + i]
                    : Moved(i, part, step, outputs, scratch);
            }

            programs[part].Run(stepInputs, stepOutputs, prepared);
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

        for (int i = 0; i < carries && turn.End == length; i++)
        {
            bool isCut = outputRowBytes[i] > 0;
            if (isCut || part == 0)
            {
                long bytes = isCut ? (rows[part + 1] - row) * outputRowBytes[i] : carryBytes[i];
                LoopExecutables.Copy(stepInputs[consts + i], outputs[i] + (row * (nint)outputRowBytes[i]), bytes);
            }
        }
    }

    // Where a step puts a carried value, so that the last one puts it to the results.
    private nint Moved(int carry, int part, int step, ReadOnlySpan<nint> outputs, nint scratch)
    {
        bool toResults = ((length - 1 - step) & 1) == 0;
        if (part > 0 && outputRowBytes[carry] == 0)
        {
            long own = scratchBytes + ((part - 1) * 2 * ownBytes) + (toResults ? ownBytes : 0);
            return scratch + (nint)(own + ownOffsets[carry]);
        }

        return (toResults ? outputs[carry] : scratch + (nint)scratchOffsets[carry])
            + (rows[part] * (nint)outputRowBytes[carry]);
    }

    private readonly unsafe struct Parts(
        ScanExecutable scan,
        nint* inputs,
        nint* outputs,
        nint scratch,
        Prepared[] prepared,
        LoopSchedule schedule,
        StepClock? clock
    ) : IParallelWork
    {
        public void Invoke(int chunk)
        {
            using var own = clock?.OfPart(Math.Min(WorkerPool.Threads, prepared.Length));
            while (schedule.Next() is { } turn)
            {
                scan.Run(
                    turn,
                    new ReadOnlySpan<nint>(inputs, scan.inputRowBytes.Length),
                    new ReadOnlySpan<nint>(outputs, scan.outputRowBytes.Length),
                    scratch,
                    prepared[turn.Part]
                );
                schedule.Finish(turn);
            }
        }
    }
}
