using System;
using System.Buffers;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// The memory of an array. Small buffers are cut from a slab of the pool and cost what an object costs; large ones
/// come from <see cref="BufferPool"/> and return to it when the buffer is collected or <see cref="Release"/> is called. The
/// contents of a new buffer are undefined. Whoever uses <see cref="Address"/> keeps the buffer alive meanwhile
/// (<see cref="GC.KeepAlive"/>).
/// </summary>
internal sealed unsafe class Buffer
{
    /// <summary>Every buffer that was allocated here starts at a multiple of this.</summary>
    public const int Alignment = 64;

    /// <summary>Up to this size a buffer is cut from a slab.</summary>
    public const int SmallLimit = 2048;

    private const int SlabBytes = 64 * 1024;

    [ThreadStatic]
    private static Slab? slab;

    [ThreadStatic]
    private static nint slabNext;

    [ThreadStatic]
    private static nint slabEnd;

    // What keeps the memory alive: a slab, a block of the pool or a user's pinned memory.
    private object? owner;

    private Buffer(nint address, long byteLength, object? owner)
    {
        Address = address;
        ByteLength = byteLength;
        this.owner = owner;
    }

    /// <summary>Where the memory starts.</summary>
    public nint Address { get; }

    /// <summary>The number of bytes asked for.</summary>
    public long ByteLength { get; }

    /// <summary>Whether the memory belongs to the user and must not be reused.</summary>
    public bool IsWrapped => owner is PinnedMemory;

    /// <summary>Whether several arrays lie in this memory, so that none of them may give it back.</summary>
    public bool IsShared { get; set; }

    /// <summary>The bytes; for tests and small copies.</summary>
    public Span<byte> Bytes => new((void*)Address, checked((int)ByteLength));

    /// <summary>Makes a buffer with undefined contents.</summary>
    /// <exception cref="OutOfMemoryRequestException">There is not that much memory.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Buffer Allocate(long bytes)
    {
        if ((ulong)bytes <= SmallLimit)
        {
            nint address = slabNext;
            nint end = address + (nint)((bytes + (Alignment - 1)) & -Alignment);
            if (end <= slabEnd)
            {
                slabNext = end;
                return new Buffer(address, bytes, slab);
            }
        }

        return AllocateSlow(bytes);
    }

    /// <summary>Makes a buffer over a user's memory, which stays pinned as long as the buffer lives. Nothing is copied.</summary>
    public static Buffer Wrap<T>(Memory<T> memory)
        where T : unmanaged
    {
        var pinned = new PinnedMemory(memory.Pin());
        return new Buffer(pinned.Address, memory.Length * (long)sizeof(T), pinned);
    }

    /// <summary>Gives large memory back at once. The buffer, and whatever shares its memory, must not be used afterwards.</summary>
    public void Release()
    {
        if (owner is BufferPool.Block block)
        {
            owner = null;
            block.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Buffer AllocateSlow(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (bytes > SmallLimit)
        {
            var block = BufferPool.Rent(bytes);
            return new Buffer(block.Address, bytes, block);
        }

        var fresh = new Slab(BufferPool.Rent(SlabBytes));
        slabNext = fresh.Address;
        slabEnd = slabNext + SlabBytes;
        slab = fresh;
        return Allocate(bytes);
    }

    // A slab lives as long as any buffer cut from it; then its block returns to the pool.
    private sealed class Slab(BufferPool.Block block)
    {
        public nint Address => block.Address;
    }

    private sealed class PinnedMemory(MemoryHandle handle)
    {
        private MemoryHandle handle = handle;

        ~PinnedMemory() => handle.Dispose();

        public nint Address => (nint)handle.Pointer;
    }
}
