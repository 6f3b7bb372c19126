using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Brings the kernel of a convolution to the products of Winograd's algorithm: rows of the planes are lines.</summary>
/// <param name="shape">The contraction.</param>
/// <param name="kernel">The memory of the kernel.</param>
internal readonly unsafe struct WinogradKernel(WinogradShape shape, nint kernel)
{
    private const int Width = WinogradTransforms.Width;
    private const int RowBytes = Width * sizeof(float);
    private const int Taps = WinogradAxis.Taps * WinogradAxis.Taps;

    private readonly nint stepY = (nint)shape.Taps.StepY * sizeof(float);
    private readonly nint stepX = (nint)shape.Taps.StepX * sizeof(float);

    /// <summary>Brings some lines and columns to the products.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="columns">The columns, which begin at a whole vector.</param>
    /// <param name="planes">How planes lie.</param>
    /// <param name="target">Where the first line begins, with the first column.</param>
    public void Spread((int Start, int End) lines, (int Start, int End) columns, WinogradPlanes planes, nint target)
    {
        for (int line = lines.Start; line < lines.End; )
        {
            int count = Math.Min(shape.Channels - (line % shape.Channels), lines.End - line);
            if (shape.ColumnStep == 1)
            {
                SpreadLines((line, count), columns, planes, target);
            }
            else
            {
                SpreadColumns((line, count), columns, planes, target);
            }

            target += count * planes.Lead;
            line += count;
        }
    }

    /// <summary>Has a part of some lines and columns fetched into the cache.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="part">The number of the part.</param>
    /// <param name="parts">How many there are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fetch((int Start, int End) lines, (int Start, int End) columns, int part, int parts)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        // Rows of memory are along what lies side by side.
        bool byLines = shape.ColumnStep == 1;
        var (rows, along) = byLines ? (lines, columns) : (columns, lines);
        int count = (rows.End - rows.Start) * Taps;
        int end = (int)((long)count * (part + 1) / parts);
        for (int i = (int)((long)count * part / parts); i < end; i++)
        {
            (int tap, int row) = Math.DivRem(i, rows.End - rows.Start);
            (int line, int column) = byLines ? (rows.Start + row, along.Start) : (along.Start, rows.Start + row);
            nint first = Address(line, column, tap);
            for (int c = 0; c < along.End - along.Start; c += Width)
            {
                Sse.Prefetch1((void*)(first + (c * sizeof(float))));
            }
        }
    }

    private nint Address(int line, int column, int tap = 0) =>
        kernel + ((nint)shape.KernelPlace(line, column, tap) * sizeof(float));

    private void SpreadLines(
        (int First, int Count) lines,
        (int Start, int End) columns,
        WinogradPlanes planes,
        nint target
    )
    {
        int count = columns.End - columns.Start;
        nint row = target;
        for (int i = 0; i < lines.Count; i++, row += planes.Lead)
        {
            nint first = Address(lines.First + i, columns.Start);
            shape.Transforms.Kernel(first, stepY, stepX, row, planes.Plane, count);
        }

        ClearEnds(lines.Count, count, planes, target);
    }

    // Channels lie side by side: the taps are turned, so that vectors are of columns.
    private void SpreadColumns(
        (int First, int Count) lines,
        (int Start, int End) columns,
        WinogradPlanes planes,
        nint target
    )
    {
        nint tapBytes = (lines.Count | 1) * RowBytes;
        byte* turned = Scratch.Current.Get(3, Taps * tapBytes);
        for (int column = columns.Start; column < columns.End; column += Width)
        {
            for (int tap = 0; tap < Taps; tap++)
            {
                Transposition.Run(
                    (byte*)Address(lines.First, column, tap),
                    (nint)shape.ColumnStep * sizeof(float),
                    turned + (tap * tapBytes),
                    RowBytes,
                    Math.Min(Width, columns.End - column),
                    lines.Count,
                    sizeof(float)
                );
            }

            // Rows are whole vectors, too.
            nint row = target + ((column - columns.Start) * sizeof(float));
            for (int i = 0; i < lines.Count; i++, row += planes.Lead)
            {
                nint taps = (nint)turned + (i * RowBytes);
                shape.Transforms.Kernel(taps, WinogradAxis.Taps * tapBytes, tapBytes, row, planes.Plane, Width);
            }
        }

        ClearEnds(lines.Count, columns.End - columns.Start, planes, target);
    }

    // Vectors of tiles are whole, whose last elements may be of no column.
    private void ClearEnds(int lines, int columns, WinogradPlanes planes, nint target)
    {
        nint used = columns * sizeof(float);
        uint rest = (uint)((columns + Width - 1) / Width * Width * sizeof(float) - used);
        for (int product = 0; rest > 0 && product < shape.Products; product++)
        {
            nint row = target + (product * planes.Plane);
            for (int i = 0; i < lines; i++, row += planes.Lead)
            {
                Unsafe.InitBlockUnaligned((void*)(row + used), 0, rest);
            }
        }
    }
}

/// <summary>Brings all of the kernel to the products.</summary>
/// <param name="shape">The contraction.</param>
/// <param name="planes">How planes lie.</param>
/// <param name="kernel">The memory of the kernel.</param>
/// <param name="target">The memory of the planes.</param>
internal readonly unsafe struct WinogradKernelTasks(
    WinogradShape shape,
    WinogradPlanes planes,
    nint kernel,
    nint target
) : IParallelWork
{
    // Lines are gone through as a whole where their columns lie side by side, and turned in blocks.
    private const int LinesPerTask = 16;
    private const int BlockSide = 64;

    private bool ByLines => shape.ColumnStep == 1;

    private int LinesOfTask => ByLines ? LinesPerTask : BlockSide;

    private int ColumnBlocks => ByLines ? 1 : ((shape.Columns - 1) / BlockSide) + 1;

    public int Chunks => ColumnBlocks * (((shape.Lines - 1) / LinesOfTask) + 1);

    public void Invoke(int chunk)
    {
        (int lineBlock, int columnBlock) = Math.DivRem(chunk, ColumnBlocks);
        (int line, int column) = (lineBlock * LinesOfTask, columnBlock * BlockSide);
        var lines = (line, Math.Min(line + LinesOfTask, shape.Lines));
        var columns = (column, ByLines ? shape.Columns : Math.Min(column + BlockSide, shape.Columns));
        nint start = target + (line * planes.Lead) + (column * sizeof(float));
        new WinogradKernel(shape, kernel).Spread(lines, columns, planes, start);
    }
}
