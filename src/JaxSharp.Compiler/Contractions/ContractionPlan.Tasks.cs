using System;
using System.Linq;

namespace JaxSharp.Compiler.Contractions;

// How the work is cut into tasks.
internal sealed partial class ContractionPlan
{
    private const double LeastLargeTask = 1 << 22;
    private const double LargestTask = 1 << 27;

    // So many multiplications are enough for one thread to go on with. So many of vectors are done before another thread has begun.
    private const double EnoughMultiplies = 1 << 17;
    private const double AloneVectors = 4500;

    // So few rows go through a right operand together, block by block.
    private const int RowsAtOnce = 320;

    // What a task has of rows at most, and at least where they are copied with K outside.
    private const int MostTaskRows = 288;
    private const int LeastPackedRows = 72;

    // So many rows of a task make reading a right operand from memory worth it.
    private const int LeastStreamedRows = 96;

    // Panels of a task that stay in the second-level cache.
    private const int TaskPanelBytes = 512 << 10;

    // Right operands that come from memory are read by tasks that are parts of K, two for so many bytes up to so many pairs, as long as
    // their sums have so many bytes.
    private const int StreamPairs = 8;
    private const int StreamPairBytes = 1 << 20;
    private const int StreamSumBytes = 256 << 10;

    // Sums over so many positions are cut into parts of K and of the rows: so many tasks, whose sums stay in the second-level cache.
    private const int DeepSum = 8;
    private const int DeepBlock = 128;
    private const int DeepTasks = 16;
    private const int SumElements = 4096;
    private const int DeepBytes = 1 << 20;
    private const int DeepTaskBytes = 192 << 10;

    // Parts of K have sums of their own where there are fewer tasks; then there are at least so many.
    private const int FewTasks = 8;
    private const int EnoughTasks = 16;

    public int StripsPerTask { get; private set; }

    public int PanelsPerTask { get; private set; }

    /// <summary>How many tasks one thread does in a row.</summary>
    public int TasksPerChunk { get; private set; } = 1;

    /// <summary>The number of parts of K that are summed on their own; 1 if the output alone gives enough tasks.</summary>
    public int InnerParts { get; private set; } = 1;

    /// <summary>How many strips are added up at a time where parts of K have sums of their own.</summary>
    public int StripsPerSum => Math.Clamp(SumElements / (TileRows * Panels * Width), 1, StripsPerTask);

    public int TasksPerBatch => RowTasks * ColumnTasks * InnerParts;

    public int RowTasks => ((Strips - 1) / StripsPerTask) + 1;

    public int ColumnTasks => ((Panels - 1) / PanelsPerTask) + 1;

    // A sum over many positions, such as the gradient of a kernel: reading the operands once is worth more than finishing the output
    // piece by piece, if the sums stay in the second-level cache.
    // Not where rows have much of K side by side, so that only the right operand, copied for each part of the rows, would be read twice.
    private bool IsDeep =>
        Left.Inner.Length > 1
        && !AddsLanes
        && Batches == 1
        && Inner >= DeepTasks * DeepBlock
        && SumBytes <= (LeftAccess == LeftAccess.Direct ? DeepTaskBytes : DeepBytes)
        && (long)Inner * (Rows + Columns) >= (long)DeepSum * Rows * Columns;

    // Windows by a right operand that does not stay in cache: tasks of few rows would wait for it.
    private bool StreamsWindows => Left.Inner.Length > 1 && RightBytes > CacheModel.KeptBytes;

    private bool IsAlone => (double)Batches * Rows * (((Columns - 1) / Lanes) + 1) * Inner <= AloneVectors;

    private long SumBytes => (long)Rows * Panels * Width * Type.Size;

    /// <summary>The blocks of K in a part.</summary>
    public (int Start, int End) PartBlocks(int part)
    {
        int count = InnerBlocks.Length;
        return ((int)((long)count * part / InnerParts), (int)((long)count * (part + 1) / InnerParts));
    }

    private void ChooseTasks()
    {
        if (IsDeep)
        {
            int cut = (int)Math.Min(((SumBytes - 1) / DeepTaskBytes) + 1, Strips);
            PanelsPerTask = Panels;
            StripsPerTask = ((Strips - 1) / cut) + 1;
            InnerParts = Math.Min(InnerBlocks.Length, ((DeepTasks - 1) / cut) + 1);
            RightAccess = RightAccess == RightAccess.Direct ? RightAccess.Direct : RightAccess.Local;
        }
        else if (StreamsRight)
        {
            int columnTasks = (int)((SumBytes - 1) / StreamSumBytes) + 1;
            PanelsPerTask = ((Panels - 1) / columnTasks) + 1;
            StripsPerTask = Strips;
            int tasks = 2 * (int)Math.Clamp(RightBytes / StreamPairBytes, 1, StreamPairs);
            InnerParts = Math.Min(InnerBlocks.Length, ((tasks - 1) / (Batches * ColumnTasks)) + 1);
        }
        else
        {
            CutOutput();
            CutInner();
        }

        HasEvenRows &= InnerParts == 1;
    }

    private void CutOutput()
    {
        // The panels of a task and one block of K stay in the second-level cache; more of them where each task copies the strips that they
        // meet for itself.
        int block = InnerBlocks.Max(b => b.Count);
        bool copies = LeftAccess == LeftAccess.Strips && RightAccess == RightAccess.Direct;
        int bytes = copies ? 2 * TaskPanelBytes : TaskPanelBytes;
        int most = Math.Max(1, bytes / (block * Width * Type.Size));
        int tasks = Panels <= most + (most / 2) ? 1 : ((Panels - 1) / most) + 1;
        PanelsPerTask = ((Panels - 1) / tasks) + 1;

        // Large products get large tasks, whose panels are used by several strips while they are in cache.
        // Setting up a task takes as long as some ten thousand multiplications: small products make two.
        double smallest = IsAlone ? Multiplies : Math.Min(Multiplies / 1.75, 1 << 18);
        double target = Math.Clamp(Multiplies / 16, smallest, Math.Clamp(Multiplies / 32, LeastLargeTask, LargestTask));
        int strips = ChooseStrips(target);
        int rowTasks = ((Strips - 1) / strips) + 1;
        StripsPerTask = ((Strips - 1) / rowTasks) + 1;
        if (RowTasks == 1)
        {
            // Each panel is needed once, so panels are the tasks and pack for themselves.
            double perPanel = (double)Rows * Math.Min(Columns, Width) * Inner;
            int least = Math.Min(PanelsPerTask, Math.Clamp(Panels / (CopiesMost ? 4 : 16), 1, 8));
            int panels = (int)Math.Clamp(target / perPanel, least, PanelsPerTask);
            int columnTasks = ((Panels - 1) / panels) + 1;
            PanelsPerTask = ((Panels - 1) / columnTasks) + 1;
            RightAccess = RightAccess == RightAccess.Shared && !TakesPacked ? RightAccess.Local : RightAccess;
        }
    }

    // The strips of a task for so many multiplications.
    private int ChooseStrips(double target)
    {
        // A right operand that is packed, or does not stay in cache, is gone through once for all rows if these are few.
        bool once = RightAccess == RightAccess.Shared || RightBytes > CacheModel.KeptBytes;
        double perStrip = (double)Rows / Strips * Math.Min(Columns, PanelsPerTask * Width) * Inner;
        int strips =
            once && Rows <= RowsAtOnce && Panels * InnerBlocks.Length * TileVectors >= EnoughTasks
                ? Strips
                : (int)Math.Clamp(target / perStrip, 1, Math.Min(MostTaskRows / TileRows, Strips));
        int streamed = Math.Min(LeastStreamedRows / TileRows, Strips);
        if (StreamsWindows && strips < streamed)
        {
            int columnTasks = Math.Min(Panels, ((streamed - 1) / strips) + 1);
            PanelsPerTask = Math.Min(PanelsPerTask, ((Panels - 1) / columnTasks) + 1);
            strips = streamed;
        }

        // Short lines would make packing dear.
        return LeftAccess == LeftAccess.Strips
            ? Math.Max(strips, Math.Min(LeastPackedRows / TileRows, Strips))
            : strips;
    }

    private void CutInner()
    {
        int outputTasks = Batches * RowTasks * ColumnTasks;
        if (outputTasks < FewTasks && InnerBlocks.Length > 1 && !TakesPacked)
        {
            // Parts of K pack for themselves.
            InnerParts = Math.Min(InnerBlocks.Length, ((EnoughTasks - 1) / outputTasks) + 1);
            RightAccess = RightAccess == RightAccess.Shared ? RightAccess.Local : RightAccess;
        }

        double perTask = Multiplies / ((double)outputTasks * InnerParts);
        int most = IsAlone ? outputTasks : Math.Max(1, outputTasks / 2);
        TasksPerChunk = (int)Math.Clamp(EnoughMultiplies / Math.Max(perTask + 500, 1), 1, most);
    }
}
