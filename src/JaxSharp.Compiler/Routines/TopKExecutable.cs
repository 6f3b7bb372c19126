using System;
using System.Buffers;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// The largest elements along the middle axis of a dense array seen as (outer, length, inner), largest first, and their numbers
/// as i32; of equal elements the one with the smaller number comes first, NaN before everything else, 0 before −0.
/// </summary>
/// <param name="type">The element type, a real one.</param>
/// <param name="count">How many.</param>
/// <param name="outer">The extent before the axis.</param>
/// <param name="length">The extent of the axis.</param>
/// <param name="inner">The extent after the axis.</param>
internal sealed unsafe class TopKExecutable(DType type, int count, long outer, int length, long inner) : Executable
{
    private const long LinesTogether = 1 << 14;

    private const int FewElements = 1024;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        if (count == 0 || outer * inner == 0)
        {
            return;
        }

        long lines = outer * inner;
        long perChunk = Math.Max(1, LinesTogether / Math.Max(length, 1));
        WorkerPool.Run(
            checked((int)((lines + perChunk - 1) / perChunk)),
            (this, inputs[0], outputs[0], outputs[1], perChunk, lines),
            static (state, chunk) =>
            {
                var (self, from, values, indices, perChunk, lines) = state;
                self.Lines(from, values, indices, chunk * perChunk, Math.Min((chunk + 1) * perChunk, lines));
            }
        );
    }

    private void Lines(nint from, nint values, nint indices, long firstLine, long end)
    {
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(2 * length);
        int[] numbers = ArrayPool<int>.Shared.Rent(2 * length);
        for (long line = firstLine; line < end; line++)
        {
            long start = (line / inner * length * inner) + (line % inner);
            long target = (line / inner * count * inner) + (line % inner);
            nint first = from + (nint)(start * type.Size);
            var order = keys.AsSpan(0, length);
            OrderKeys.Fill(type, 0, first, (nint)(inner * type.Size), order, total: true);
            int bits = OrderKeys.BitsOf(type);
            ulong ones = ulong.MaxValue >> (64 - bits);
            foreach (ref ulong key in order)
            {
                key ^= ones;
            }

            var chosen = numbers.AsSpan(0, length);
            if (count <= FewElements && count < length / 4)
            {
                Select(order, keys.AsSpan(length, count), chosen[..count]);
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    chosen[i] = i;
                }

                StableOrder.Sort(order, chosen, keys.AsSpan(length, length), numbers.AsSpan(length, length), bits);
            }

            Write(from, values, indices, start, target, chosen);
        }

        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<int>.Shared.Return(numbers);
    }

    // Keeps the smallest keys seen so far in order; most elements fail the first comparison.
    private static void Select(ReadOnlySpan<ulong> keys, Span<ulong> best, Span<int> numbers)
    {
        int filled = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            ulong key = keys[i];
            if (filled == best.Length && key >= best[^1])
            {
                continue;
            }

            // The first place behind keys that are not larger, found by halving.
            int j = 0;
            for (int step = filled; j < step; )
            {
                int middle = (j + step) / 2;
                (j, step) = best[middle] > key ? (j, middle) : (middle + 1, step);
            }

            filled = Math.Min(filled + 1, best.Length);
            best[j..(filled - 1)].CopyTo(best[(j + 1)..]);
            numbers[j..(filled - 1)].CopyTo(numbers[(j + 1)..]);
            best[j] = key;
            numbers[j] = i;
        }
    }

    private void Write(nint from, nint values, nint indices, long start, long target, ReadOnlySpan<int> chosen)
    {
        int size = type.Size;
        for (int k = 0; k < count; k++)
        {
            long place = target + (k * inner);
            System.Buffer.MemoryCopy(
                (void*)(from + (nint)((start + (chosen[k] * inner)) * size)),
                (void*)(values + (nint)(place * size)),
                size,
                size
            );
            ((int*)indices)[place] = chosen[k];
        }
    }
}
