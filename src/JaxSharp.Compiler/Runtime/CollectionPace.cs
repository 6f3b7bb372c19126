using System;
using System.Diagnostics;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Decides when the collector runs for memory that it does not see. A loop's garbage is young and holds its results' blocks:
/// collected early, they are used again while they are still in the cache, and no fresh pages are touched, each of which costs
/// more than filling it. A collection is due after a few megabytes, if the last ones took a small part of the time since.
/// </summary>
internal static class CollectionPace
{
    /// <summary>After so many bytes, net of what was given back, a young collection is due.</summary>
    public const long YoungBytes = 4L << 20;

    // Collections may take one part in so many of the time.
    private const long ShareOfTime = 50;

    // What was in use at a collection grows old and keeps its memory until an older generation is collected.
    private const int FirstGenerationEvery = 16;
    private const int SecondGenerationEvery = 256;

    private static long takenBytes;
    private static int seenCollections;
    private static int forcedCollections;
    private static long lastEnd;
    private static long lastTicks;
    private static int collecting;

    /// <summary>Counts memory that was handed out, and collects when that is due.</summary>
    public static void Take(long bytes)
    {
        int count = GC.CollectionCount(0);
        if (count != seenCollections)
        {
            seenCollections = count;
            Volatile.Write(ref takenBytes, bytes);
        }
        else if (
            Interlocked.Add(ref takenBytes, bytes) >= YoungBytes
            && Stopwatch.GetTimestamp() - Volatile.Read(ref lastEnd) >= ShareOfTime * Volatile.Read(ref lastTicks)
            && Interlocked.Exchange(ref collecting, 1) == 0
        )
        {
            Collect();
            Volatile.Write(ref collecting, 0);
        }
    }

    /// <summary>Counts memory that its user gave back.</summary>
    public static void GiveBack(long bytes) => Interlocked.Add(ref takenBytes, -bytes);

    private static void Collect()
    {
        forcedCollections++;
        int generation =
            forcedCollections % SecondGenerationEvery == 0 ? 2
            : forcedCollections % FirstGenerationEvery == 0 ? 1
            : 0;
        long start = Stopwatch.GetTimestamp();
        GC.Collect(generation, GCCollectionMode.Forced, blocking: generation < 2);
        long end = Stopwatch.GetTimestamp();
        Volatile.Write(ref lastTicks, end - start);
        Volatile.Write(ref lastEnd, end);
    }
}
