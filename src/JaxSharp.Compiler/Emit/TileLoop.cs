using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Emit;

/// <summary>Runs the loops of a kernel tile by tile, after turning the tiles of inputs that lie across the vector axis.</summary>
internal sealed unsafe class TileLoop
{
    private const int Cell = TurnedLoads.TileRows * TurnedLoads.TileStep;

    private readonly TurnedTile[] tiles;
    private readonly int inputs;
    private readonly int vectorAxis;
    private readonly int[] outerAxes;
    private readonly int[] grid;
    private readonly int bytes;

    public TileLoop(LoopPlan plan)
    {
        tiles = plan.Turned!.Tiles;
        inputs = plan.Kernel.Inputs.Length;
        grid = plan.Kernel.Grid;
        vectorAxis = plan.VectorAxis;
        outerAxes = [.. Enumerable.Range(0, grid.Length).Where(axis => axis != vectorAxis)];
        bytes = tiles.Sum(tile => Cell * tile.Size);
    }

    /// <summary>Runs a part of the grid: ranges of the flattened outer axes and of the vector axis.</summary>
    [SkipLocalsInit]
    public void Run(
        LoopBody body,
        nint* input,
        nint* output,
        (long Start, long End) outer,
        (long Start, long End) vector
    )
    {
        byte* memory = stackalloc byte[bytes + 64];
        byte* scratch = (byte*)(((nint)memory + 63) & ~63);
        nint* places = stackalloc nint[inputs + tiles.Length];
        new ReadOnlySpan<nint>(input, inputs).CopyTo(new Span<nint>(places, inputs));
        int extent = grid[outerAxes[^1]];
        long end;
        for (long row = outer.Start; row < outer.End; row = end)
        {
            // The rows of a tile are neighbours along the last outer axis.
            end = Math.Min(Math.Min(row + TurnedLoads.TileRows, outer.End), (row / extent * extent) + extent);
            for (long column = vector.Start; column < vector.End; column += TurnedLoads.TileColumns)
            {
                long columnEnd = Math.Min(column + TurnedLoads.TileColumns, vector.End);
                byte* tile = scratch;
                for (int i = 0; i < tiles.Length; i++)
                {
                    Turn(tiles[i], (byte*)input[tiles[i].Input], tile, (row, end), (column, columnEnd));
                    long start = (row % extent * TurnedLoads.TileStep) + column;
                    places[inputs + i] = (nint)tile - ((nint)start * tiles[i].Size);
                    tile += Cell * tiles[i].Size;
                }

                body(places, output, row, end, column, columnEnd);
            }
        }
    }

    private void Turn(
        TurnedTile tile,
        byte* source,
        byte* target,
        (long Start, long End) rows,
        (long Start, long End) columns
    )
    {
        long element = tile.Offset + (columns.Start * tile.Factors[vectorAxis]);
        long rest = rows.Start;
        for (int i = outerAxes.Length - 1; i >= 0; i--)
        {
            int axis = outerAxes[i];
            (rest, long index) = Math.DivRem(rest, grid[axis]);
            element += index * tile.Factors[axis];
        }

        Transposition.Run(
            source + (element * tile.Size),
            (nint)tile.Factors[vectorAxis] * tile.Size,
            target,
            TurnedLoads.TileStep * tile.Size,
            (int)(columns.End - columns.Start),
            (int)(rows.End - rows.Start),
            tile.Size
        );
    }
}
