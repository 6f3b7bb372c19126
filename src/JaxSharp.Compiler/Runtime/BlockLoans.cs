using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace JaxSharp.Compiler.Runtime;

/// <summary>
/// Knows which blocks are on loan, by weak references, and takes back those of the dead after each collection: at once and on the
/// thread that asks for memory, where finalizers would run later and on a thread of their own. Blocks are in the order of their age,
/// so that a young collection has only the youngest looked at.
/// </summary>
internal static class BlockLoans
{
    private static readonly Lock Gate = new();

    private static Loan[] loans = new Loan[64];
    private static int count;

    // Blocks before this one survived a collection, so that young collections pass them over; those before the other survived two.
    private static int firstYoung;
    private static int firstMiddle;

    private static int seenYoung;
    private static int seenMiddle;
    private static int seenOld;

    /// <summary>Notes that a block is on loan.</summary>
    public static void Add(BufferPool.Block block)
    {
        lock (Gate)
        {
            if (count == loans.Length)
            {
                Array.Resize(ref loans, 2 * count);
            }

            block.Place = count;
            loans[count++] = new Loan
            {
                Holder = GCHandle.Alloc(block, GCHandleType.WeakTrackResurrection),
                Address = block.Address,
                SizeClass = block.SizeClass,
            };
        }
    }

    /// <summary>Ends a loan; false if that was done before.</summary>
    public static bool End(BufferPool.Block block)
    {
        lock (Gate)
        {
            if (block.Place < 0)
            {
                return false;
            }

            // The weak reference is let go of when the loans are looked through.
            loans[block.Place].Address = 0;
            block.Place = -1;
            return true;
        }
    }

    /// <summary>Takes back the blocks that the last collections found dead.</summary>
    public static void Reclaim()
    {
        if (GC.CollectionCount(0) == Volatile.Read(ref seenYoung))
        {
            return;
        }

        lock (Gate)
        {
            // Counted before looking: a collection meanwhile leads to another look.
            (int young, int middle, int old) = (GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2));
            int start =
                old != seenOld ? 0
                : middle != seenMiddle ? firstMiddle
                : firstYoung;
            int kept = start;
            int keptOlder = start;
            for (int i = start; i < count; i++)
            {
                var loan = loans[i];
                if (loan.Address != 0 && loan.Holder.Target is BufferPool.Block block)
                {
                    block.Place = kept;
                    loans[kept++] = loan;
                    keptOlder = i < firstYoung ? kept : keptOlder;
                    continue;
                }

                loan.Holder.Free();
                if (loan.Address != 0)
                {
                    BufferPool.Put(loan.Address, loan.SizeClass);
                }
            }

            if (middle != seenMiddle || old != seenOld)
            {
                firstMiddle = keptOlder;
            }

            (count, firstYoung) = (kept, kept);
            (seenMiddle, seenOld) = (middle, old);
            Volatile.Write(ref seenYoung, young);
        }
    }

    private struct Loan
    {
        public GCHandle Holder;
        public nint Address;
        public int SizeClass;
    }
}
