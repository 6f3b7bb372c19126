using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Native memory for large buffers. Sizes are rounded up to four classes per power of two and freed blocks are kept for the
/// next request of their class, because fresh pages cost several times what using them costs. Blocks of 2 MiB and more are
/// aligned for huge pages. The collector does not see this memory, so the pool itself asks for a collection when what is handed
/// out has grown well beyond what survived the last full collection.
/// </summary>
internal static unsafe partial class BufferPool
{
    private const long HugePage = 2L << 20;
    private const long FirstPacingLimit = 192L << 20;

    private static readonly Lock Gate = new();
    private static readonly Stack<nint>[] Free = new Stack<nint>[4 * 64];
    private static readonly long Limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private static readonly long RetentionLimit = Math.Max(Limit / 4, 64L << 20);

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
            address = AllocateFresh(bytes, size);
        }

        Interlocked.Add(ref liveBytes, size);
        return new Block(address, size, sizeClass);
    }

    /// <summary>Frees everything that is kept for reuse.</summary>
    public static void Trim()
    {
        lock (Gate)
        {
            for (int i = 0; i < Free.Length; i++)
            {
                while (Free[i] is { Count: > 0 } stack)
                {
                    NativeMemory.AlignedFree((void*)stack.Pop());
                }
            }

            retainedBytes = 0;
        }
    }

    // Classes are 4, 5, 6 and 7 times a power of two.
    private static int ClassOf(long bytes)
    {
        ulong units = (ulong)Math.Max(bytes, 256) - 1;
        int exponent = BitOperations.Log2(units) - 2;
        return (exponent * 4) + (int)(units >> exponent) - 4 + 1;
    }

    private static long ClassBytes(int sizeClass) => (4L + (sizeClass & 3)) << (sizeClass >> 2);

    private static nint Take(int sizeClass, long size)
    {
        lock (Gate)
        {
            if (Free[sizeClass] is { Count: > 0 } stack)
            {
                retainedBytes -= size;
                return stack.Pop();
            }
        }

        return 0;
    }

    private static void Put(nint address, long size, int sizeClass)
    {
        Interlocked.Add(ref liveBytes, -size);
        lock (Gate)
        {
            if (retainedBytes + size <= RetentionLimit)
            {
                retainedBytes += size;
                (Free[sizeClass] ??= new Stack<nint>()).Push(address);
                return;
            }
        }

        NativeMemory.AlignedFree((void*)address);
    }

    private static nint AllocateFresh(long bytes, long size)
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
            bool huge = size >= HugePage;
            nint address = (nint)NativeMemory.AlignedAlloc((nuint)size, (nuint)(huge ? HugePage : 4096));
            if (huge)
            {
                AdviseHugePages(address, size);
            }

            return address;
        }
        catch (OutOfMemoryException)
        {
            throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);
        }
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
            ReturnOnce();
            GC.SuppressFinalize(this);
        }

        private void ReturnOnce()
        {
            if (Interlocked.Exchange(ref returned, 1) == 0)
            {
                Put(address, size, sizeClass);
            }
        }
    }
}
