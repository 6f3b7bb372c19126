using System;

namespace JaxSharp.Compiler.Runtime;

/// <summary>Copies memory, a lot of it by all threads.</summary>
internal static unsafe class LargeCopy
{
    private const long ChunkBytes = 1 << 18;

    /// <summary>Copies unless both are the same memory.</summary>
    public static void Run(nint from, nint to, long bytes)
    {
        if (from == to)
        {
            return;
        }

        WorkerPool.Run(
            checked((int)((bytes + ChunkBytes - 1) / ChunkBytes)),
            (from, to, bytes),
            static (copy, chunk) =>
            {
                long at = chunk * ChunkBytes;
                long length = Math.Min(ChunkBytes, copy.bytes - at);
                System.Buffer.MemoryCopy((void*)(copy.from + (nint)at), (void*)(copy.to + (nint)at), length, length);
            }
        );
    }
}
