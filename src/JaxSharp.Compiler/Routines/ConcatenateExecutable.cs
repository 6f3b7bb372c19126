using System;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>Puts dense arrays one after the other along an axis: copies blocks of memory in turn.</summary>
/// <param name="outer">The extent before the axis.</param>
/// <param name="blocks">For each array the bytes it has from the axis on.</param>
internal sealed unsafe class ConcatenateExecutable(long outer, long[] blocks) : Executable
{
    private const long BytesTogether = 1 << 18;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        long row = 0;
        foreach (long block in blocks)
        {
            row += block;
        }

        if (row == 0 || outer == 0)
        {
            return;
        }

        long rows = Math.Clamp(BytesTogether / row, 1, outer);
        int chunks = checked((int)((outer + rows - 1) / rows));
        if (chunks == 1)
        {
            Copy(inputs, outputs[0], row, 0, outer);
            return;
        }

        WorkerPool.Run(
            chunks,
            (this, inputs.ToArray(), outputs[0], row, rows),
            static (state, chunk) =>
            {
                var (self, from, to, row, rows) = state;
                self.Copy(from, to, row, chunk * rows, Math.Min((chunk + 1) * rows, self.Outer));
            }
        );
    }

    private long Outer => outer;

    private void Copy(ReadOnlySpan<nint> from, nint to, long row, long first, long end)
    {
        long start = 0;
        for (int i = 0; i < blocks.Length; i++)
        {
            long bytes = blocks[i];
            for (long r = first; r < end; r++)
            {
                System.Buffer.MemoryCopy(
                    (void*)(from[i] + (nint)(r * bytes)),
                    (void*)(to + (nint)((r * row) + start)),
                    bytes,
                    bytes
                );
            }

            start += bytes;
        }
    }
}
