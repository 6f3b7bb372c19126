using System;
using System.Runtime.InteropServices;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Keeps a thread that is about to wake off the processor of the one that wakes it. Linux wakes a thread next to its waker where it
/// knows of no cache that processors share, as in many virtual machines; both then take turns on one processor while another one
/// idles, until its scheduler finds time to balance them: after a pause, products took twice the time for 20 ms and more.
/// Nothing is done on other systems, whose schedulers look for an idle processor.
/// </summary>
/// <remarks>For one thread, which is its <paramref name="thread"/>, by the number that the system knows it by.</remarks>
internal sealed unsafe partial class ProcessorChoice(int thread)
{
    // A mask of so many processors; where there are more, the system refuses it and nothing is done.
    private const int Words = 4096 / 64;
    private const nuint MaskBytes = Words * sizeof(ulong);

    private readonly ulong[] allowed = new ulong[Words];
    private bool isConfined;

    /// <summary>The choice for the calling thread.</summary>
    public static ProcessorChoice ForCurrentThread()
    {
        try
        {
            return new ProcessorChoice(OperatingSystem.IsLinux() ? ThreadNumber() : 0);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return new ProcessorChoice(0);
        }
    }

    /// <summary>Confines the thread, which is to wake, to other processors than the calling thread's, if it may run on any.</summary>
    public void KeepOff()
    {
        if (thread == 0)
        {
            return;
        }

        fixed (ulong* mask = allowed)
        {
            int own = CurrentProcessor();
            if (own < 0 || own >= Words * 64 || GetAffinity(thread, MaskBytes, mask) != 0)
            {
                return;
            }

            ulong before = mask[own / 64];
            mask[own / 64] &= ~(1UL << (own % 64));
            isConfined = allowed.AsSpan().ContainsAnyExcept(0UL) && SetAffinity(thread, MaskBytes, mask) == 0;
            mask[own / 64] = before;
        }
    }

    /// <summary>Lets the thread, which is the calling one, run again wherever it may.</summary>
    public void Release()
    {
        if (isConfined)
        {
            isConfined = false;
            fixed (ulong* mask = allowed)
            {
                _ = SetAffinity(0, MaskBytes, mask);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadNumber();

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
