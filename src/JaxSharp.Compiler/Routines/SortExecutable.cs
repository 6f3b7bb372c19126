using System;
using System.Buffers;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// Sorts dense arrays of one shape, seen as (outer, length, inner), along the middle axis by the first of them, ties by the
/// next. Elements that are equal in all keys stay in order.
/// </summary>
/// <param name="types">The element types of the arrays.</param>
/// <param name="keys">How many arrays are keys.</param>
/// <param name="outer">The extent before the axis.</param>
/// <param name="length">The extent of the axis.</param>
/// <param name="inner">The extent after the axis.</param>
internal sealed unsafe class SortExecutable(DType[] types, int keys, long outer, int length, long inner) : Executable
{
    private const long LinesTogether = 1 << 14;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        long lines = outer * inner;
        if (lines == 0 || length == 0)
        {
            return;
        }

        // Work is cut by size, so that the same lines go together for any number of threads.
        long perChunk = Math.Max(1, LinesTogether / length);
        int chunks = checked((int)((lines + perChunk - 1) / perChunk));
        nint[] from = inputs.ToArray();
        nint[] to = outputs.ToArray();
        WorkerPool.Run(
            chunks,
            (this, from, to, perChunk, lines),
            static (state, chunk) =>
            {
                long first = chunk * state.perChunk;
                state.Item1.Lines(state.from, state.to, first, Math.Min(first + state.perChunk, state.lines));
            }
        );
    }

    private void Lines(nint[] from, nint[] to, long first, long end)
    {
        ulong[] order = ArrayPool<ulong>.Shared.Rent(2 * length);
        int[] numbers = ArrayPool<int>.Shared.Rent(2 * length);
        try
        {
            var line = numbers.AsSpan(0, length);
            for (long i = first; i < end; i++)
            {
                long start = (i / inner * length * inner) + (i % inner);
                for (int n = 0; n < length; n++)
                {
                    line[n] = n;
                }

                Order(from, start, order, numbers);
                for (int a = 0; a < types.Length; a++)
                {
                    Permute(types[a].Size, from[a], to[a], start, line);
                }
            }
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(order);
            ArrayPool<int>.Shared.Return(numbers);
        }
    }

    // The last key first: each stable pass keeps the order of those before it among its ties.
    private void Order(nint[] from, long start, ulong[] order, int[] numbers)
    {
        var sorted = order.AsSpan(0, length);
        var buffer = order.AsSpan(length, length);
        var line = numbers.AsSpan(0, length);
        bool isFirst = true;
        for (int k = keys - 1; k >= 0; k--)
        {
            var type = types[k];
            for (int part = OrderKeys.PartsOf(type) - 1; part >= 0; part--)
            {
                nint address = from[k] + (nint)(start * type.Size);
                var filled = isFirst ? sorted : buffer;
                OrderKeys.Fill(type, part, address, (nint)(inner * type.Size), filled);
                if (!isFirst)
                {
                    for (int i = 0; i < length; i++)
                    {
                        sorted[i] = buffer[line[i]];
                    }
                }

                StableOrder.Sort(sorted, line, buffer, numbers.AsSpan(length, length), OrderKeys.BitsOf(type));
                isFirst = false;
            }
        }
    }

    private void Permute(int size, nint from, nint to, long start, ReadOnlySpan<int> line)
    {
        switch (size)
        {
            case 1:
                Permute((byte*)from + start, (byte*)to + start, line);
                break;
            case 2:
                Permute((ushort*)from + start, (ushort*)to + start, line);
                break;
            case 4:
                Permute((uint*)from + start, (uint*)to + start, line);
                break;
            case 8:
                Permute((ulong*)from + start, (ulong*)to + start, line);
                break;
            default:
                Permute((UInt128*)from + start, (UInt128*)to + start, line);
                break;
        }
    }

    private void Permute<T>(T* from, T* to, ReadOnlySpan<int> line)
        where T : unmanaged
    {
        for (int i = 0; i < line.Length; i++)
        {
            to[i * inner] = from[line[i] * inner];
        }
    }
}
