using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Native memory in huge pages. Sizes are rounded up to four classes per power of two, and what is given back is kept for the next
/// request of its class, because fresh pages cost several times what using them costs. Blocks of 2 MiB and more are aligned for huge
/// pages, smaller ones are pieces of chunks of that size.
/// </summary>
internal static unsafe partial class NativePages
{
    private const long HugePage = 2L << 20;
    private const long SmallestPiece = 4096;

    private static readonly Lock Gate = new();
    private static readonly Stack<nint>?[] Free = new Stack<nint>?[4 * 64];

    // The number of pieces in use of each chunk, by its address.
    private static readonly Dictionary<nint, int> PiecesInUse = [];

    private static nint lastChunk;
    private static long rest;
    private static long retainedBytes;
    private static bool adviseHugePages = OperatingSystem.IsLinux();

    /// <summary>The bytes kept for reuse.</summary>
    public static long RetainedBytes => Volatile.Read(ref retainedBytes);

    /// <summary>The class of a size: blocks of a class are 4, 5, 6 or 7 times a power of two long.</summary>
    public static int ClassOf(long bytes)
    {
        ulong units = (ulong)Math.Max(bytes, 256) - 1;
        int exponent = BitOperations.Log2(units) - 2;
        return (exponent * 4) + (int)(units >> exponent) - 4 + 1;
    }

    /// <summary>The size of the blocks of a class.</summary>
    public static long ClassBytes(int sizeClass) => (4L + (sizeClass & 3)) << (sizeClass >> 2);

    /// <summary>Takes a block that was used before; 0 if there is none.</summary>
    public static nint TakeRetained(int sizeClass)
    {
        lock (Gate)
        {
            if (Free[sizeClass] is { Count: > 0 } stack)
            {
                nint address = stack.Pop();
                retainedBytes -= ClassBytes(sizeClass);
                if (IsPiece(sizeClass))
                {
                    PiecesInUse[ChunkOf(address)]++;
                }

                return address;
            }
        }

        return 0;
    }

    /// <summary>Takes memory that was not used before.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public static nint TakeFresh(int sizeClass)
    {
        if (!IsPiece(sizeClass))
        {
            return Allocate(ClassBytes(sizeClass));
        }

        lock (Gate)
        {
            return CutFresh(sizeClass);
        }
    }

    /// <summary>Gives a block back, which is kept if no more than so many bytes are kept with it.</summary>
    public static void Put(nint address, int sizeClass, long retentionLimit)
    {
        lock (Gate)
        {
            if (IsPiece(sizeClass))
            {
                PiecesInUse[ChunkOf(address)]--;
                Keep(address, sizeClass);
                return;
            }

            if (retainedBytes + ClassBytes(sizeClass) <= retentionLimit)
            {
                Keep(address, sizeClass);
                return;
            }
        }

        NativeMemory.AlignedFree((void*)address);
    }

    /// <summary>Frees what is kept for reuse, but for pieces of chunks of which other pieces are in use.</summary>
    public static void Trim()
    {
        lock (Gate)
        {
            for (int i = 0; i < Free.Length; i++)
            {
                if (Free[i] is not { Count: > 0 } stack)
                {
                    continue;
                }

                if (IsPiece(i))
                {
                    Free[i] = new Stack<nint>(stack.Reverse().Where(HasPiecesInUse));
                }
                else
                {
                    Free[i] = null;
                    foreach (nint address in stack)
                    {
                        NativeMemory.AlignedFree((void*)address);
                    }
                }

                retainedBytes -= (stack.Count - (Free[i]?.Count ?? 0)) * ClassBytes(i);
            }

            foreach (nint chunk in PiecesInUse.Keys.Where(chunk => !HasPiecesInUse(chunk)).ToArray())
            {
                PiecesInUse.Remove(chunk);
                rest = chunk == lastChunk ? 0 : rest;
                NativeMemory.AlignedFree((void*)chunk);
            }
        }

        static bool HasPiecesInUse(nint address) => PiecesInUse[ChunkOf(address)] > 0;
    }

    private static bool IsPiece(int sizeClass) => ClassBytes(sizeClass) < HugePage;

    private static nint ChunkOf(nint address) => address & ~(nint)(HugePage - 1);

    private static void Keep(nint address, int sizeClass)
    {
        retainedBytes += ClassBytes(sizeClass);
        (Free[sizeClass] ??= new Stack<nint>()).Push(address);
    }

    // The piece is cut from the last chunk. What is left of that, if it is too small, serves smaller requests.
    private static nint CutFresh(int sizeClass)
    {
        if (rest < ClassBytes(sizeClass))
        {
            nint chunk = Allocate(HugePage);
            while (rest >= SmallestPiece)
            {
                int smaller = ClassOf(rest);
                smaller -= ClassBytes(smaller) > rest ? 1 : 0;
                Keep(CutRest(smaller), smaller);
            }

            PiecesInUse[chunk] = 0;
            lastChunk = chunk;
            rest = HugePage;
        }

        PiecesInUse[lastChunk]++;
        return CutRest(sizeClass);
    }

    private static nint CutRest(int sizeClass)
    {
        nint address = lastChunk + (nint)(HugePage - rest);
        rest -= ClassBytes(sizeClass);
        return address;
    }

    private static nint Allocate(long size)
    {
        nint address = (nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)HugePage);
        if (adviseHugePages)
        {
            try
            {
                _ = MemoryAdvise((void*)address, (nuint)size, advice: 14);
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
            {
                adviseHugePages = false;
            }
        }

        return address;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);
}
