using System;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Memory of the current thread for what lives no longer than one task; it grows on demand and is kept.</summary>
internal sealed unsafe class Scratch
{
    [ThreadStatic]
    private static Scratch? current;

    // From the pool, because of its huge pages: panels in small ones displace each other from the second-level cache.
    private readonly BufferPool.Lease[] blocks = new BufferPool.Lease[4];
    private readonly nint[] sizes = new nint[4];

    ~Scratch()
    {
        for (int slot = 0; slot < blocks.Length; slot++)
        {
            Return(slot);
        }
    }

    /// <summary>That of the current thread.</summary>
    public static Scratch Current => current ??= new Scratch();

    /// <summary>At least so many bytes with undefined contents. Each slot is one block.</summary>
    public byte* Get(int slot, nint bytes)
    {
        if (sizes[slot] < bytes)
        {
            Return(slot);
            blocks[slot] = BufferPool.Borrow(bytes);
            sizes[slot] = bytes;
        }

        return (byte*)blocks[slot].Address;
    }

    private void Return(int slot)
    {
        if (sizes[slot] > 0)
        {
            sizes[slot] = 0;
            blocks[slot].Dispose();
        }
    }
}
