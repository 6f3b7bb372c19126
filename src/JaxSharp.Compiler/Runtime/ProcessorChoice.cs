using System;
using System.IO;
using System.Runtime.InteropServices;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Where a thread runs that is to work beside another one. Linux lets a thread go on next to whoever wakes it, be it for a job or
/// after a collection, where it knows of no cache that processors share, as in many virtual machines: both then take turns on one
/// processor while another one idles, until the scheduler finds time to balance them. There, jobs after a pause or a collection took
/// twice the time for 20 ms and more. A thread is kept off the other one's processor here; elsewhere the scheduler looks for an idle
/// one by itself.
/// </summary>
internal sealed unsafe partial class ProcessorChoice
{
    // A mask of so many processors; where there are more, the system refuses it and nothing is done.
    private const int Words = 4096 / 64;
    private const nuint MaskBytes = Words * sizeof(ulong);

    private readonly int thread;
    private readonly ulong[] allowed = new ulong[Words];
    private int avoided = -1;

    private ProcessorChoice(int thread)
    {
        this.thread = thread;
        fixed (ulong* mask = allowed)
        {
            _ = GetAffinity(thread, MaskBytes, mask);
        }
    }

    /// <summary>Whether processors can be told apart and chosen.</summary>
    public static bool IsPossible { get; } = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && Answers();

    /// <summary>Whether the scheduler needs help, and can be helped.</summary>
    public static bool IsNeeded { get; } = IsPossible && !KnowsCaches();

    /// <summary>The number of the processor that the calling thread is on, where that is possible.</summary>
    public static int Current => CurrentProcessor();

    /// <summary>The choice for the calling thread, where that is possible.</summary>
    public static ProcessorChoice ForCurrentThread() => new(ThreadNumber());

    /// <summary>
    /// Confines the thread to where it could run at first, but for one processor, which takes the place of the one of the last call.
    /// </summary>
    public void KeepOff(int processor)
    {
        if (processor == avoided || processor is < 0 or >= Words * 64)
        {
            return;
        }

        avoided = processor;
        ulong* mask = stackalloc ulong[Words];
        var words = new Span<ulong>(mask, Words);
        allowed.CopyTo(words);
        mask[processor / 64] &= ~(1UL << (processor % 64));
        if (words.ContainsAnyExcept(0UL))
        {
            _ = SetAffinity(thread, MaskBytes, mask);
        }
    }

    // C libraries differ in what they have.
    private static bool Answers()
    {
        try
        {
            return CurrentProcessor() >= 0 && ThreadNumber() > 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // Whether the system knows of a cache that the first processor shares with others.
    private static bool KnowsCaches()
    {
        try
        {
            foreach (string cache in Directory.EnumerateDirectories("/sys/devices/system/cpu/cpu0/cache", "index*"))
            {
                if (File.ReadAllText(Path.Combine(cache, "shared_cpu_list")).Trim() != "0")
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return false;
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadNumber();

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int CurrentProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
