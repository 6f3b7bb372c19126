using System;
using System.Runtime.InteropServices;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Memory of the current thread for what lives no longer than one task; it grows on demand and is kept.</summary>
internal sealed unsafe class Scratch
{
    [ThreadStatic]
    private static Scratch? current;

    private readonly nint[] blocks = new nint[4];
    private readonly nint[] sizes = new nint[4];

    ~Scratch()
    {
        foreach (nint block in blocks)
        {
            NativeMemory.AlignedFree((void*)block);
        }
    }

    /// <summary>That of the current thread.</summary>
    public static Scratch Current => current ??= new Scratch();

    /// <summary>At least so many bytes with undefined contents. Each slot is one block.</summary>
    public byte* Get(int slot, nint bytes)
    {
        if (sizes[slot] < bytes)
        {
            NativeMemory.AlignedFree((void*)blocks[slot]);
            sizes[slot] = 0;
            blocks[slot] = (nint)NativeMemory.AlignedAlloc((nuint)bytes, 4096);
            sizes[slot] = bytes;
        }

        return (byte*)blocks[slot];
    }
}
