using System;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>Applies a function of doubles to the elements at the same place of dense floating-point operands.</summary>
/// <param name="dtype">The element type of operands and result.</param>
/// <param name="size">The number of elements.</param>
/// <param name="arity">The number of operands.</param>
/// <param name="function">The function, of one element of each operand.</param>
internal sealed unsafe class ElementwiseRoutine(DType dtype, long size, int arity, Func<double[], double> function)
    : Executable
{
    private const int ChunkSize = 128;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var state = new Work(this, inputs.ToArray(), outputs[0]);
        int chunks = checked((int)((size + ChunkSize - 1) / ChunkSize));
        WorkerPool.Run(chunks, state, static (work, chunk) => work.Owner.RunChunk(work, chunk));
    }

    private void RunChunk(Work work, int chunk)
    {
        var arguments = new double[arity];
        long end = Math.Min(size, (chunk + 1L) * ChunkSize);
        for (long i = (long)chunk * ChunkSize; i < end; i++)
        {
            for (int k = 0; k < arity; k++)
            {
                arguments[k] = Read(work.Inputs[k], i);
            }

            Write(work.Output, i, function(arguments));
        }
    }

    private double Read(nint at, long i) =>
        dtype.Code switch
        {
            DTypeCode.F16 => (double)((Half*)at)[i],
            DTypeCode.BF16 => ((BFloat16*)at)[i],
            DTypeCode.F32 => ((float*)at)[i],
            _ => ((double*)at)[i],
        };

    private void Write(nint at, long i, double value)
    {
        switch (dtype.Code)
        {
            case DTypeCode.F16:
                ((Half*)at)[i] = (Half)value;
                break;
            case DTypeCode.BF16:
                ((BFloat16*)at)[i] = (BFloat16)(float)value;
                break;
            case DTypeCode.F32:
                ((float*)at)[i] = (float)value;
                break;
            default:
                ((double*)at)[i] = value;
                break;
        }
    }

    private sealed record Work(ElementwiseRoutine Owner, nint[] Inputs, nint Output);
}

/// <summary>Copies memory.</summary>
internal sealed class CopyRoutine(long bytes) : Executable
{
    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs) =>
        LargeCopy.Run(inputs[0], outputs[0], bytes);
}
