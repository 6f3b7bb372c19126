using System;
using System.Diagnostics;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Decides when the collector runs for memory that it does not see. A loop's garbage is young and holds its results' blocks:
/// collected early, they are used again while they are still in the last level of cache, and no fresh pages are touched, each of which
/// costs more than filling it. Writing what no cache has takes some 60 µs more for each megabyte, a collection some 60 µs: one is due
/// after so much that it costs little beside that, if the last one took a small part of the time since.
/// </summary>
internal static class CollectionPace
{
    /// <summary>After so many bytes, net of what was given back, a young collection is due.</summary>
    public const long YoungBytes = 16L << 20;

    // Collections may take one part in so many of the time, as they might on a large heap. Their cost, some 100 µs at first, is taken
    // to double at most from one to the next: the first ones, which meet cold code, and one that another process held up, would defer
    // those that follow.
    private const long ShareOfTime = 5;

    // What is in use at two collections grows old and keeps its memory until all generations are collected. The first of them is not
    // enough: a loop's last result would be kept at each collection.
    private const int FullEvery = 256;

    private static long takenBytes;
    private static int seenCollections;
    private static int forcedCollections;
    private static long lastEnd;
    private static long lastTicks = Stopwatch.Frequency / 10_000;
    private static int collecting;

    /// <summary>Counts memory that is about to be handed out, and collects when that is due.</summary>
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

    /// <summary>Counts memory that its holder gave back.</summary>
    public static void GiveBack(long bytes) => Interlocked.Add(ref takenBytes, -bytes);

    private static void Collect()
    {
        bool full = ++forcedCollections % FullEvery == 0;
        long start = Stopwatch.GetTimestamp();
        GC.Collect(full ? 2 : 1, GCCollectionMode.Forced, blocking: !full);
        long end = Stopwatch.GetTimestamp();
        Volatile.Write(ref lastTicks, Math.Min(end - start, 2 * lastTicks));
        Volatile.Write(ref lastEnd, end);
    }
}
