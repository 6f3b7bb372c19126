using System;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Native memory for large buffers, from <see cref="NativePages"/>. A block returns when it is collected or disposed of. The collector
/// does not see this memory: <see cref="CollectionPace"/> asks for young collections, and the pool itself for full ones when what is
/// handed out has grown well beyond what survived the last of them.
/// </summary>
internal static class BufferPool
{
    private const long FirstPacingLimit = 192L << 20;

    private static readonly long Limit = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private static readonly long RetentionLimit = Math.Max(Limit / 4, 64L << 20);

    private static long liveBytes;
    private static long pacingLimit = FirstPacingLimit;

    /// <summary>The bytes handed out and not yet returned.</summary>
    public static long LiveBytes => Volatile.Read(ref liveBytes);

    /// <summary>Takes a block of at least the given size, which returns when its holder is collected.</summary>
    /// <exception cref="OutOfMemoryRequestException">There is not that much memory.</exception>
    public static Block Rent(long bytes)
    {
        int sizeClass = ClassOf(bytes);
        CollectionPace.Take(NativePages.ClassBytes(sizeClass));
        BlockLoans.Reclaim();
        var block = new Block(Take(bytes, sizeClass), sizeClass);
        BlockLoans.Add(block);
        return block;
    }

    /// <summary>Takes a block of at least the given size for the time until it is disposed of.</summary>
    /// <exception cref="OutOfMemoryRequestException">There is not that much memory.</exception>
    public static Lease Borrow(long bytes)
    {
        int sizeClass = ClassOf(bytes);
        return new Lease(Take(bytes, sizeClass), sizeClass);
    }

    /// <summary>Gives the memory of a block back.</summary>
    public static void Put(nint address, int sizeClass)
    {
        Interlocked.Add(ref liveBytes, -NativePages.ClassBytes(sizeClass));
        NativePages.Put(address, sizeClass, RetentionLimit);
    }

    private static int ClassOf(long bytes) =>
        bytes <= Limit ? NativePages.ClassOf(bytes) : throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);

    private static nint Take(long bytes, int sizeClass)
    {
        long size = NativePages.ClassBytes(sizeClass);
        if (LiveBytes + size > Volatile.Read(ref pacingLimit))
        {
            Pace(size);
        }

        nint address = NativePages.TakeRetained(sizeClass);
        if (address == 0)
        {
            if (LiveBytes + NativePages.RetainedBytes + size > Limit)
            {
                Collect(2);
                NativePages.Trim();
                if (LiveBytes + size > Limit)
                {
                    throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);
                }
            }

            try
            {
                address = NativePages.TakeFresh(sizeClass);
            }
            catch (OutOfMemoryException)
            {
                throw new OutOfMemoryRequestException(bytes, LiveBytes, Limit);
            }
        }

        Interlocked.Add(ref liveBytes, size);
        return address;
    }

    // Most garbage of an eager loop is young, so a cheap collection usually suffices; a full one follows only if it did not.
    private static void Pace(long size)
    {
        Collect(1);
        long lower = Math.Max(FirstPacingLimit, 2 * (LiveBytes + size));
        long limit = Volatile.Read(ref pacingLimit);

        // A quarter of the limit must be free, or the next request would collect again.
        if (LiveBytes + size > limit * 3 / 4)
        {
            Collect(2);
            limit = lower = Math.Max(FirstPacingLimit, 2 * (LiveBytes + size));
        }

        Volatile.Write(ref pacingLimit, Math.Min(limit, lower));
    }

    private static void Collect(int generation)
    {
        GC.Collect(generation, GCCollectionMode.Forced, blocking: true);
        BlockLoans.Reclaim();
    }

    /// <summary>A block for a while.</summary>
    internal readonly struct Lease(nint address, int sizeClass) : IDisposable
    {
        public nint Address => address;

        /// <summary>Returns the block; to be called once.</summary>
        public void Dispose() => Put(address, sizeClass);
    }

    /// <summary>A block on loan.</summary>
    internal sealed class Block(nint address, int sizeClass) : IDisposable
    {
        public nint Address => address;

        public int SizeClass => sizeClass;

        /// <summary>The place among the loans.</summary>
        public int Place { get; set; }

        /// <summary>Returns the block before it is collected.</summary>
        public void Dispose()
        {
            if (BlockLoans.End(this))
            {
                CollectionPace.GiveBack(NativePages.ClassBytes(sizeClass));
                Put(address, sizeClass);
            }
        }
    }
}
