using System;
using System.Numerics;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>Which side of a Fourier transform is real.</summary>
internal enum FourierKind
{
    /// <summary>Complex to complex.</summary>
    Complex,

    /// <summary>Real to the first half of the spectrum.</summary>
    FromReal,

    /// <summary>The first half of the spectrum to real.</summary>
    ToReal,
}

/// <summary>
/// Fourier transforms over the last axes of dense arrays, in double precision inside.
/// </summary>
/// <param name="kind">Which side is real.</param>
/// <param name="inverse">Whether the exponent is positive and the result divided by the number of elements.</param>
/// <param name="isDouble">Whether parts of elements are f64, else f32.</param>
/// <param name="batch">The number of transforms.</param>
/// <param name="lengths">The extents transformed over, of the real side where there is one.</param>
internal sealed unsafe class FourierRoutine(FourierKind kind, bool inverse, bool isDouble, long batch, int[] lengths)
    : Executable
{
    private const int ChunkElements = 4096;

    private int Last => lengths[^1];

    private int HalfLast => (Last / 2) + 1;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        int rows = 1;
        foreach (int length in lengths.AsSpan()[..^1])
        {
            rows *= length;
        }

        int width = kind == FourierKind.Complex ? Last : HalfLast;
        int scratch = FourierPlan.For(Last).ScratchLength;
        foreach (int length in lengths)
        {
            scratch = Math.Max(scratch, FourierPlan.For(length).ScratchLength);
        }

        var work = new Work(this, inputs[0], outputs[0], rows, width, scratch);
        int perChunk = Math.Max(1, ChunkElements / Math.Max(1, rows * width));
        int chunks = checked((int)((batch + perChunk - 1) / perChunk));
        WorkerPool.Run(
            chunks,
            (Work: work, PerChunk: perChunk),
            static (state, chunk) => state.Work.Owner.RunChunk(state.Work, (long)chunk * state.PerChunk, state.PerChunk)
        );
    }

    private void RunChunk(Work work, long first, int count)
    {
        var data = new Complex[work.Rows * work.Width];
        var line = new Complex[Math.Max(Last, work.Rows)];
        var scratch = new Complex[work.Scratch];
        for (long i = first; i < Math.Min(batch, first + count); i++)
        {
            Transform(work.From, work.To, i, work.Rows, work.Width, data, line, scratch);
        }
    }

    private void Transform(
        nint from,
        nint to,
        long i,
        int rows,
        int width,
        Complex[] data,
        Complex[] line,
        Complex[] work
    )
    {
        if (kind == FourierKind.FromReal)
        {
            var row = line.AsSpan(0, Last);
            for (int r = 0; r < rows; r++)
            {
                for (int k = 0; k < Last; k++)
                {
                    row[k] = Part(from, (((i * rows) + r) * Last) + k);
                }

                FourierPlan.For(Last).Run(row, work, inverse);
                row[..width].CopyTo(data.AsSpan(r * width));
            }
        }
        else
        {
            long first = i * rows * width;
            for (int k = 0; k < rows * width; k++)
            {
                data[k] = new Complex(Part(from, 2 * (first + k)), Part(from, (2 * (first + k)) + 1));
            }
        }

        int inner = width;
        for (int axis = lengths.Length - 2; axis >= 0; axis--)
        {
            Along(data, lengths[axis], inner, line, work);
            inner *= lengths[axis];
        }

        if (kind == FourierKind.ToReal)
        {
            WriteReal(to, i, rows, width, data, line, work);
            return;
        }

        if (kind == FourierKind.Complex)
        {
            for (int r = 0; r < rows; r++)
            {
                FourierPlan.For(Last).Run(data.AsSpan(r * width, width), work, inverse);
            }
        }

        long start = i * rows * width;
        for (int k = 0; k < rows * width; k++)
        {
            Write(to, 2 * (start + k), data[k].Real);
            Write(to, (2 * (start + k)) + 1, data[k].Imaginary);
        }
    }

    private void Along(Complex[] data, int length, int inner, Complex[] line, Complex[] work)
    {
        var plan = FourierPlan.For(length);
        var row = line.AsSpan(0, length);
        for (int block = 0; block < data.Length; block += length * inner)
        {
            for (int offset = block; offset < block + inner; offset++)
            {
                for (int k = 0; k < length; k++)
                {
                    row[k] = data[offset + (k * inner)];
                }

                plan.Run(row, work, inverse);
                for (int k = 0; k < length; k++)
                {
                    data[offset + (k * inner)] = row[k];
                }
            }
        }
    }

    // The second half of the spectrum is the conjugate of the first; parts that must be real are taken as real.
    private void WriteReal(nint to, long i, int rows, int width, Complex[] data, Complex[] line, Complex[] work)
    {
        var row = line.AsSpan(0, Last);
        for (int r = 0; r < rows; r++)
        {
            var half = data.AsSpan(r * width, width);
            row[0] = half[0].Real;
            for (int k = 1; k < width; k++)
            {
                row[k] = half[k];
                row[Last - k] = 2 * k == Last ? half[k].Real : Complex.Conjugate(half[k]);
            }

            FourierPlan.For(Last).Run(row, work, inverse);
            for (int k = 0; k < Last; k++)
            {
                Write(to, (((i * rows) + r) * Last) + k, row[k].Real);
            }
        }
    }

    private double Part(nint at, long index) => isDouble ? ((double*)at)[index] : ((float*)at)[index];

    private void Write(nint at, long index, double value)
    {
        if (isDouble)
        {
            ((double*)at)[index] = value;
        }
        else
        {
            ((float*)at)[index] = (float)value;
        }
    }

    private sealed record Work(FourierRoutine Owner, nint From, nint To, int Rows, int Width, int Scratch);
}
