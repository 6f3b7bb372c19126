using System;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Brings the kernel of a convolution to the products of Winograd's algorithm: rows of the planes are lines.</summary>
/// <param name="shape">The contraction.</param>
/// <param name="planes">How planes lie.</param>
/// <param name="kernel">The memory of the kernel.</param>
/// <param name="target">The memory of the planes.</param>
internal readonly unsafe struct WinogradKernel(WinogradShape shape, WinogradPlanes planes, nint kernel, nint target)
    : IParallelWork
{
    private const int Width = WinogradTransforms.Width;
    private const int RowBytes = Width * sizeof(float);
    private const int LinesPerTask = 16;

    private readonly nint stepY = (nint)shape.Taps.StepY * sizeof(float);
    private readonly nint stepX = (nint)shape.Taps.StepX * sizeof(float);

    public int Chunks =>
        ColumnsLieSideBySide ? ((shape.Lines - 1) / LinesPerTask) + 1 : ColumnBlocks * shape.OuterLines;

    private bool ColumnsLieSideBySide => shape.ColumnStep == 1;

    private int ColumnBlocks => ((shape.Columns - 1) / Width) + 1;

    public void Invoke(int chunk)
    {
        if (ColumnsLieSideBySide)
        {
            int end = Math.Min((chunk + 1) * LinesPerTask, shape.Lines);
            for (int line = chunk * LinesPerTask; line < end; line++)
            {
                SpreadLine(line);
            }
        }
        else
        {
            (int outer, int block) = Math.DivRem(chunk, ColumnBlocks);
            SpreadColumns(outer, block * Width, Math.Min(Width, shape.Columns - (block * Width)));
        }
    }

    private nint Address(int outer, int channel, int column)
    {
        long place = shape.Taps.Start(outer) + (channel * shape.ChannelStep) + (column * shape.ColumnStep);
        return kernel + ((nint)place * sizeof(float));
    }

    private void SpreadLine(int line)
    {
        (int outer, int channel) = Math.DivRem(line, shape.Channels);
        nint row = target + (line * planes.Lead);
        shape.Transforms.Kernel(Address(outer, channel, 0), stepY, stepX, row, planes.Plane, shape.Columns);
        ClearEnds(line, 1);
    }

    // Channels lie side by side: the taps are turned, so that vectors are of columns.
    private void SpreadColumns(int outer, int column, int count)
    {
        nint tapBytes = (shape.Channels | 1) * RowBytes;
        byte* turned = Scratch.Current.Get(3, WinogradAxis.Taps * WinogradAxis.Taps * tapBytes);
        nint first = Address(outer, 0, column);
        for (int tap = 0; tap < WinogradAxis.Taps * WinogradAxis.Taps; tap++)
        {
            (int y, int x) = Math.DivRem(tap, WinogradAxis.Taps);
            Transposition.Run(
                (byte*)(first + (y * stepY) + (x * stepX)),
                (nint)shape.ColumnStep * sizeof(float),
                turned + (tap * tapBytes),
                RowBytes,
                count,
                shape.Channels,
                sizeof(float)
            );
        }

        // Rows are whole vectors, too.
        int line = outer * shape.Channels;
        nint row = target + (line * planes.Lead) + (column * sizeof(float));
        for (int c = 0; c < shape.Channels; c++, row += planes.Lead)
        {
            nint taps = (nint)turned + (c * RowBytes);
            shape.Transforms.Kernel(taps, WinogradAxis.Taps * tapBytes, tapBytes, row, planes.Plane, Width);
        }

        if (column + count == shape.Columns)
        {
            ClearEnds(line, shape.Channels);
        }
    }

    // Vectors of tiles are whole, whose last elements may be of no column.
    private void ClearEnds(int line, int count)
    {
        nint used = shape.Columns * sizeof(float);
        uint rest = (uint)(planes.Lead - used);
        for (int product = 0; rest > 0 && product < shape.Products; product++)
        {
            nint row = target + (product * planes.Plane) + (line * planes.Lead);
            for (int i = 0; i < count; i++, row += planes.Lead)
            {
                Unsafe.InitBlockUnaligned((void*)(row + used), 0, rest);
            }
        }
    }
}
