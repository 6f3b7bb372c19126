using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

// How operands are read, and blocks of K.
internal sealed partial class ContractionPlan
{
    // So many rows of memory are read side by side at least, and more where they have few bytes, as each block takes time to set up.
    private const int StreamSteps = 32;
    private const int StreamBytes = 256 << 10;

    // So many rows make it worth finding a step of K.
    private const int LeastPlaceRows = 16;

    private void ChooseAccess()
    {
        bool wholeVectors = Columns % Lanes == 0;
        DirectOutput =
            ReferenceEquals(OutputType, Type)
            && !Spec.Accumulation.IsBool
            && OutColumns.Length <= 1
            && OutColumns.All(a => a.Stride == 1)
            && (HasMasks || wholeVectors);
        LeftAccess = ChooseLeft();
        RightAccess = ChooseRight(HasMasks || wholeVectors);
        int depth = (Left.Inner.Length > 1 ? WindowBytes : LineBytes) / Type.Size;
        if (CopiesMost)
        {
            depth /= 4;
        }

        if (IsDeep)
        {
            // What a panel needs of the right operand stays in the first-level cache while all strips pass by.
            depth = DeepBlock * sizeof(float) / Type.Size;
        }

        if (StreamsRight)
        {
            depth = (int)Math.Max(StreamSteps, StreamBytes / Math.Max(RightStep, 1));
        }
        else if (RightAccess == RightAccess.Direct && Strips > 1)
        {
            depth = Math.Min(depth, RowsInCache);
        }

        if (AddsLanes)
        {
            int run = Left.Inner[^1].Extent;
            InnerBlocks = [new InnerBlock(0, Inner / run, run)];
        }
        else if (LeftAccess == LeftAccess.Direct && Left.Inner.Length > 1)
        {
            CutSegments(depth);
        }
        else
        {
            int blocks = Inner <= depth + (depth / 2) ? 1 : ((Inner - 1) / depth) + 1;
            int unit = 4 * Taps;
            int count = (((Inner - 1) / blocks / unit) + 1) * unit;
            InnerBlocks =
            [
                .. Enumerable
                    .Range(0, blocks)
                    .Where(b => b * count < Inner)
                    .Select(b => new InnerBlock(b * count, 1, Math.Min(count, Inner - (b * count)))),
            ];
        }
    }

    // Blocks of whole runs of the innermost axis, or pieces of one run.
    private void CutSegments(int depth)
    {
        int run = Left.Inner[^1].Extent;
        var blocks = new List<InnerBlock>();
        if (run > depth)
        {
            int pieces = ((run - 1) / depth) + 1;
            int piece = ((run - 1) / pieces) + 1;
            for (int start = 0; start < Inner; start += run)
            {
                for (int done = 0; done < run; done += piece)
                {
                    blocks.Add(new InnerBlock(start + done, 1, Math.Min(piece, run - done)));
                }
            }
        }
        else
        {
            int segments = Inner / run;
            int most = Math.Max(1, (depth + (depth / 4)) / run);
            int count = ((segments - 1) / most) + 1;
            int each = ((segments - 1) / count) + 1;
            for (int start = 0; start < segments; start += each)
            {
                blocks.Add(new InnerBlock(start * run, Math.Min(each, segments - start), run));
            }
        }

        InnerBlocks = [.. blocks];
    }

    private LeftAccess ChooseLeft()
    {
        if (AddsLanes)
        {
            return LeftAccess.Direct;
        }

        bool alongRows = Left.Rows.Length > 0 && Left.Rows[^1].Stride == Left.Scale;
        bool alongInner = Left.Inner.Length == 0 || Left.Inner[^1].Stride == Left.Scale;
        long innerRun = Left.Inner.Length == 0 ? 1 : Left.Inner[^1].Extent;
        bool conflicts = HasConflicts(alongRows && !alongInner);
        if (ReferenceEquals(Left.DType, Type) && Left.IsWhole && Left.Inner.Length > 1 && !conflicts && FitsTable())
        {
            return LeftAccess.Table;
        }

        bool direct =
            ReferenceEquals(Left.DType, Type)
            && Left.HasFreeInnerRun
            && (Left.Inner.Length <= 1 || innerRun >= 8)
            && (Left.IsWhole || Left.Inner.Length == 0 || innerRun * Math.Abs(Left.Inner[^1].Stride) < 1 << 20);
        if (direct && !conflicts)
        {
            return LeftAccess.Direct;
        }

        if (alongRows && ReadsPlaces && CutLines())
        {
            return LeftAccess.Places;
        }

        long rowRun = Left.Rows.Length == 0 ? 1 : Left.Rows[^1].Extent;
        return alongRows && (!alongInner || rowRun > innerRun) ? LeftAccess.Strips : LeftAccess.Rows;
    }

    // Neighbouring rows exist together, and a step of K side by side with the one before does so wherever nothing is in between.
    private bool ReadsPlaces =>
        ReferenceEquals(Left.DType, Type)
        && Left is { Scale: 1, IsWhole: false, Inner.Length: > 0 }
        && Left.Rows[^1] is { IsFree: true, Extent: >= LeastPlaceRows }
        && !IsComplex;

    // The table has 32-bit entries, and reading it must cost little beside reading the operand.
    private bool FitsTable()
    {
        long reach = Left.Inner.Sum(a => (a.Extent - 1) * Math.Abs(a.Stride));
        return Inner <= MostTableEntries && reach * Type.Size < int.MaxValue;
    }

    // Steps of a transposed operand displace each other if all of them fall on the same place of the first-level cache, or most of a
    // block do not stay in the second; so do rows if a strip has as many of them as the cache has ways.
    private bool HasConflicts(bool transposed)
    {
        if (Left.Rows.Length == 0 || Rows < 8 || ComesFromMemory || Columns < (transposed ? 64 : 192))
        {
            return false;
        }

        long step = transposed ? Left.Inner[^1].Stride : Left.Rows[^1].Stride;
        long bytes = Math.Abs(step / Left.Scale * Type.Size);
        return bytes != 0 && (transposed ? LosesSteps(bytes) : TileRows >= CacheModel.FirstLines(bytes));
    }

    private bool LosesSteps(long bytes) =>
        bytes % CacheModel.FirstWayBytes == 0
        || 2 * CacheModel.SecondLines(bytes) < Math.Min(Inner, LineBytes / Type.Size);

    // The bytes from one step of K to the next in a right operand that is read in place.
    private long RightStep => Right.Inner.Length == 0 ? 0 : Math.Abs(Right.Inner[0].Stride) * Type.Size;

    private long RightBytes => (long)Inner * Columns * Type.Size;

    private bool StaysInCache => RightBytes <= 2 * CacheModel.KeptBytes;

    // Whether so few rows read the right operand that getting it takes the time. One that fits into a cache by itself does not stay there
    // in a program that has several of its kind, as the layers of a network are.
    private bool ComesFromMemory => RightBytes >= CacheModel.KeptBytes && Rows <= VeryFewRows;

    // Copying a deep right operand that does not stay in cache takes as long as the products of few rows. Lines of memory are as long as
    // can be then, and blocks of K as much shorter.
    private bool CopiesMost =>
        RightAccess == RightAccess.Shared
        && !TakesPacked
        && !StaysInCache
        && Rows <= RowsAtOnce
        && Left.Inner.Length <= 1
        && Inner >= 2 * LineBytes / Type.Size;

    // A right operand that comes from memory is read as fast as that is where a few of its rows are gone through side by side from end to
    // end, as the processor fetches what follows then; sums are added to what a block before left in cache. Parts of columns would have
    // each processor fetch what the other one needs, since it goes on along the lines of memory.
    private bool StreamsRight => RightAccess == RightAccess.Direct && ComesFromMemory && Left.Inner.Length <= 1;

    // So many steps stay in cache until the next strip.
    private int RowsInCache => CacheModel.SecondLines(RightStep);

    // So seldom that reading the right operand in place costs less than copying it first.
    private bool IsReadFewTimes =>
        !StaysInCache
            ? ComesFromMemory || Rows <= FewestRows
            : Rows <= VeryFewRows || (Rows <= MostDirectRows && RowsInCache >= Math.Min(Inner, LeastDepth));

    // Steps within a page are fetched ahead. Fewer rows do where the left operand is packed, which each task does for itself then.
    private int MostDirectRows =>
        RightStep >= CacheModel.PageBytes ? FewRows
        : PacksLeft ? FewRowsPacked
        : FewRowsWithinPages;

    private RightAccess ChooseRight(bool anyColumns)
    {
        bool direct =
            anyColumns
            && !TakesPacked
            && !AddsLanes
            && !IsComplex
            && ReferenceEquals(Right.DType, Type)
            && Right.IsWhole
            && Right.Rows.Length <= 1
            && Right.Rows.All(a => a.Stride == 1)
            && Right.Inner.Length <= 1;
        if (direct)
        {
            long rowBytes = RightStep;
            if (IsReadFewTimes || rowBytes <= 512 || rowBytes * Inner <= 256 << 10)
            {
                return RightAccess.Direct;
            }
        }

        return RightAccess.Shared;
    }
}
