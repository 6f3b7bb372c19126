using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Native memory for large buffers. Sizes are rounded up to four classes per power of two and freed blocks are kept for the
/// next request of their class, because fresh pages cost several times what using them costs. All memory lies in huge pages:
/// blocks of 2 MiB and more are aligned for them, smaller ones are cut from chunks of that size. The collector does not see
/// this memory: <see cref="CollectionPace"/> asks for young collections, and the pool itself for full ones when what is handed
/// out has grown well beyond what survived the last of them.
/// </summary>
internal static unsafe partial class BufferPool
{
    private const long HugePage = 2L << 20;
    private const long SmallestCut = 4096;
    private const long FirstPacingLimit = 192L << 20;

    private static readonly Lock Gate = new();
    private static readonly Stack<nint>?[] Free = new Stack<nint>?[4 * 64];

    // The number of pieces on loan from each chunk, by its address.
    private static readonly Dictionary<nint, int> Loans = [];
    private static readonly long Limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private static readonly long RetentionLimit = Math.Max(Limit / 4, 64L << 20);

    private static nint lastChunk;
    private static long rest;
    private static long liveBytes;
    private static long retainedBytes;
    private static long pacingLimit = FirstPacingLimit;
    private static bool adviseHugePages = OperatingSystem.IsLinux();

    /// <summary>The bytes handed out and not yet returned.</summary>
    public static long LiveBytes => Volatile.Read(ref liveBytes);

    /// <summary>The bytes kept for reuse.</summary>
    public static long RetainedBytes => Volatile.Read(ref retainedBytes);

    /// <summary>Takes a block of at least the given size.</summary>
    /// <exception cref="OutOfMemoryRequestException">There is not that much memory.</exception>
    public static Block Rent(long bytes)
    {
        if (bytes > Limit)
        {
            throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);
        }

        int sizeClass = ClassOf(bytes);
        long size = ClassBytes(sizeClass);
        if (LiveBytes + size > Volatile.Read(ref pacingLimit))
        {
            Pace(size);
        }

        nint address = Take(sizeClass, size);
        if (address == 0)
        {
            address = AllocateFresh(bytes, sizeClass, size);
        }

        Interlocked.Add(ref liveBytes, size);
        CollectionPace.Take(size);
        return new Block(address, size, sizeClass);
    }

    /// <summary>Frees what is kept for reuse, but for pieces of chunks of which other pieces are in use.</summary>
    public static void Trim()
    {
        lock (Gate)
        {
            for (int i = 0; i < Free.Length; i++)
            {
                if (Free[i] is { Count: > 0 } stack)
                {
                    Free[i] = IsCut(ClassBytes(i)) ? new(stack.Reverse().Where(HasLoans)) : null;
                    retainedBytes -= (stack.Count - (Free[i]?.Count ?? 0)) * ClassBytes(i);
                    foreach (nint address in Free[i] is null ? stack : [])
                    {
                        NativeMemory.AlignedFree((void*)address);
                    }
                }
            }

            foreach (nint chunk in Loans.Keys.Where(chunk => !HasLoans(chunk)).ToArray())
            {
                Loans.Remove(chunk);
                rest = chunk == lastChunk ? 0 : rest;
                NativeMemory.AlignedFree((void*)chunk);
            }
        }

        static bool HasLoans(nint address) => Loans[ChunkOf(address)] > 0;
    }

    // Classes are 4, 5, 6 and 7 times a power of two.
    private static int ClassOf(long bytes)
    {
        ulong units = (ulong)Math.Max(bytes, 256) - 1;
        int exponent = BitOperations.Log2(units) - 2;
        return (exponent * 4) + (int)(units >> exponent) - 4 + 1;
    }

    private static long ClassBytes(int sizeClass) => (4L + (sizeClass & 3)) << (sizeClass >> 2);

    // Blocks below the size of a huge page are pieces of a chunk of that size.
    private static bool IsCut(long size) => size < HugePage;

    private static nint ChunkOf(nint address) => address & ~(nint)(HugePage - 1);

    private static nint Take(int sizeClass, long size)
    {
        lock (Gate)
        {
            if (Free[sizeClass] is { Count: > 0 } stack)
            {
                retainedBytes -= size;
                nint address = stack.Pop();
                if (IsCut(size))
                {
                    Loans[ChunkOf(address)]++;
                }

                return address;
            }
        }

        return 0;
    }

    private static void Put(nint address, long size, int sizeClass)
    {
        Interlocked.Add(ref liveBytes, -size);
        lock (Gate)
        {
            if (IsCut(size))
            {
                Loans[ChunkOf(address)]--;
                Keep(address, sizeClass);
                return;
            }

            if (retainedBytes + size <= RetentionLimit)
            {
                Keep(address, sizeClass);
                return;
            }
        }

        NativeMemory.AlignedFree((void*)address);
    }

    private static void Keep(nint address, int sizeClass)
    {
        retainedBytes += ClassBytes(sizeClass);
        (Free[sizeClass] ??= new Stack<nint>()).Push(address);
    }

    private static nint AllocateFresh(long bytes, int sizeClass, long size)
    {
        if (LiveBytes + RetainedBytes + size > Limit)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Trim();
            if (LiveBytes + size > Limit)
            {
                throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);
            }
        }

        try
        {
            if (!IsCut(size))
            {
                return AllocatePages(size);
            }

            lock (Gate)
            {
                return CutFresh(sizeClass, size);
            }
        }
        catch (OutOfMemoryException)
        {
            throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);
        }
    }

    // The piece is cut from the last chunk. What is left of that, if it is too small, serves smaller requests.
    private static nint CutFresh(int sizeClass, long size)
    {
        if (rest < size)
        {
            nint chunk = AllocatePages(HugePage);
            while (rest >= SmallestCut)
            {
                int smaller = ClassOf(rest);
                smaller -= ClassBytes(smaller) > rest ? 1 : 0;
                Keep(CutRest(ClassBytes(smaller)), smaller);
            }

            Loans[chunk] = 0;
            lastChunk = chunk;
            rest = HugePage;
        }

        Loans[lastChunk]++;
        return CutRest(size);
    }

    private static nint CutRest(long size)
    {
        nint address = lastChunk + (nint)(HugePage - rest);
        rest -= size;
        return address;
    }

    private static nint AllocatePages(long size)
    {
        nint address = (nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)HugePage);
        AdviseHugePages(address, size);
        return address;
    }

    // Most garbage of an eager loop is young, so a cheap collection usually suffices; a full one follows only if it did not.
    private static void Pace(long size)
    {
        for (int generation = 0; generation <= 2; generation++)
        {
            GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
            long deadline = Environment.TickCount64 + 2;
            var spin = new SpinWait();
            while (Exceeded() && Environment.TickCount64 < deadline)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }

            if (!Exceeded())
            {
                long lower = Math.Max(FirstPacingLimit, 2 * (LiveBytes + size));
                Volatile.Write(ref pacingLimit, Math.Min(Volatile.Read(ref pacingLimit), lower));
                return;
            }
        }

        Volatile.Write(ref pacingLimit, Math.Max(FirstPacingLimit, 2 * (LiveBytes + size)));

        // A quarter of the limit must be free, or the next request would collect again.
        bool Exceeded() => LiveBytes + size > Volatile.Read(ref pacingLimit) * 3 / 4;
    }

    private static void AdviseHugePages(nint address, long size)
    {
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
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);

    /// <summary>A block on loan. It returns to the pool when it is collected.</summary>
    internal sealed class Block(nint address, long size, int sizeClass) : IDisposable
    {
        private int returned;

        ~Block() => ReturnOnce();

        public nint Address => address;

        /// <summary>Returns the block before it is collected.</summary>
        public void Dispose()
        {
            if (ReturnOnce())
            {
                CollectionPace.GiveBack(size);
            }

            GC.SuppressFinalize(this);
        }

        private bool ReturnOnce()
        {
            bool isFirst = Interlocked.Exchange(ref returned, 1) == 0;
            if (isFirst)
            {
                Put(address, size, sizeClass);
            }

            return isFirst;
        }
    }
}
