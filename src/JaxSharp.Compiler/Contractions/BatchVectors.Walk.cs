using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Compiler.Contractions;

// How a task goes through its positions.
internal sealed unsafe partial class BatchVectors
{
    private const int MostKinds = 128;

    // The tiles of lines met so far, which are of a few kinds.
    private volatile LineTiles[] known = [];

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Walk(in Origin origin, int start, int end)
    {
        int checks = image.Checks.Length;
        var coordinates = stackalloc int[checks];
        var table = stackalloc Distances[line.Count];
        int extent = positions.Length == 0 ? 1 : positions[^1].Extent;
        int alongExtent = along.Length == 0 ? 1 : along[^1].Extent;
        LineTiles? tiles = null;
        for (int position = start; position < end; )
        {
            int length = Math.Min(extent - (position % extent), alongExtent - (position % alongExtent));
            length = line.IsAlone ? 1 : Math.Min(length, end - position);
            nint address = (nint)OperandLayout.Locate(positions, position, new Span<int>(coordinates, checks));
            var place = new LinePlace
            {
                Table = table,
                Image = origin.Image + (address * size),
                Along = origin.Along + ((nint)OperandLayout.Locate(along, position, []) * size),
                Partner = origin.Partner,
            };
            for (int c = 0; c < checks; c++)
            {
                coordinates[c] += origin.Coordinates[c];
            }

            place.Lines = FindLines(coordinates, table);
            var kind = new LineKind(length, sumsPositions ? place.Lines : 0, origin.Streams);
            if (place.Lines == 0)
            {
                Clear(place.Along, sumsPositions ? 0 : length, run * size);
            }
            else
            {
                if (tiles is null || !tiles.AreFor(kind, line.Units, coordinates))
                {
                    tiles = Find(kind, coordinates);
                }

                for (int b = 0; b < blocks.Length; b++)
                {
                    RunLine(place, tiles.OfBlocks[b], blocks[b]);
                }
            }

            position += length;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunLine(in LinePlace place, Tile[] tiles, in BatchBlock block)
    {
        BatchTileArguments arguments = default;
        arguments.Count = place.Lines;
        arguments.Tiles = block.Count;
        arguments.TargetStep = sumsPositions ? SumBytes : alongStep;
        nint along = place.Along + block.Offset;
        nint partner = place.Partner + (sumsPositions ? block.Sum : block.Offset);
        nint ahead = place.Image + aheadOffset + (aheadBytes * block.Offset / (run * size));
        foreach (ref readonly var tile in tiles.AsSpan())
        {
            arguments.Image = place.Image + block.Offset + tile.Image;
            arguments.Other = sumsPositions ? along + tile.Along : partner + tile.Partner;
            arguments.Target = sumsPositions ? partner + tile.Partner : along + tile.Along;
            arguments.Lines = (nint)(place.Table + tile.Line);
            arguments.Ahead = ahead + tile.Ahead;
            arguments.Accumulate = tile.Adds ? 1 : 0;
            if (tile.Code is { } code)
            {
                code(&arguments);
            }
            else
            {
                Clear(arguments.Target, tile.Count, block.Count * block.Vectors * vectorBytes);
            }
        }
    }

    // The lines of taps that a line of positions meets.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindLines(int* coordinates, Distances* table)
    {
        int found = 0;
        for (int l = 0; l < line.Count; l++)
        {
            var more = line.Coordinates(l);
            bool exists = true;
            for (int c = 0; c < more.Length; c++)
            {
                exists &= line.Units[c] != 0 || image.Checks[c].Holds(coordinates[c] + more[c]);
            }

            if (exists)
            {
                var first = line.First(l);
                nint other = sumsPositions ? l * line.Together * (nint)SumBytes : first.Partner;
                table[found++] = new Distances(first.Image, other);
            }
        }

        return found;
    }

    private LineTiles Find(LineKind kind, int* coordinates)
    {
        var all = known;
        foreach (var tiles in all)
        {
            if (tiles.AreFor(kind, line.Units, coordinates))
            {
                return tiles;
            }
        }

        var ofBlocks = new Tile[blocks.Length][];
        var codes = new Dictionary<BatchForm, BatchTileCode>();
        for (int b = 0; b < blocks.Length; b++)
        {
            ofBlocks[b] = Arrange(kind, coordinates, blocks[b], codes);
        }

        var at = new ReadOnlySpan<int>(coordinates, image.Checks.Length).ToArray();
        var found = new LineTiles(kind, at, ofBlocks);
        known = [found, .. all.Take(MostKinds - 1)];
        return found;
    }

    private Tile[] Arrange(
        LineKind kind,
        int* coordinates,
        BatchBlock block,
        Dictionary<BatchForm, BatchTileCode> codes
    )
    {
        var arranged = new List<Tile>();
        var placesOf = new Dictionary<BatchWindow, int[]>();
        for (int from = 0, count; from < kind.Length; from += count)
        {
            int tiles = ((kind.Length - from - 1) / mostPositions) + 1;
            count = ((kind.Length - from - 1) / tiles) + 1;
            var tile = new Tile { Count = count, Along = from * alongStep };
            int before = arranged.Count;
            foreach (var part in line.Parts)
            {
                var window = part.Window with { Positions = count };
                if (!placesOf.TryGetValue(window, out int[]? places))
                {
                    places = window.Places();
                    placesOf.Add(window, places);
                }

                var (low, high) = Missing(part, places, from, coordinates);
                if (low + high >= places.Length)
                {
                    continue;
                }

                tile.Image = (from * positionStep) + (part.Start * tapStep);
                tile.Partner = part.Start * (nint)(sumsPositions ? SumBytes : otherStep);
                var form = new BatchForm(block.Vectors, window, low, high, otherStep, 0, kind.Streams);
                if (!sumsPositions)
                {
                    tile.Ahead =
                        aheadBytes * block.Count * block.Vectors * vectorBytes / (run * size) * from / kind.Length;
                    int lines = arranged.Count > before ? 0 : Ahead(count, block);
                    tile.Code = Code(form with { Ahead = lines });
                    arranged.Add(tile);
                    tile.Adds = true;
                    continue;
                }

                tile.Adds = true;
                for (tile.Line = 0; tile.Line < kind.Lines; )
                {
                    int groups = ((kind.Lines - tile.Line - 1) / mostLines) + 1;
                    int lines = ((kind.Lines - tile.Line - 1) / groups) + 1;
                    tile.Code = Code(form with { Lines = lines });
                    arranged.Add(tile);
                    tile.Line += lines;
                }
            }

            if (arranged.Count == before && !sumsPositions)
            {
                arranged.Add(tile);
            }
        }

        return [.. arranged];

        BatchTileCode Code(BatchForm form)
        {
            if (!codes.TryGetValue(form, out var code))
            {
                code = BatchTile.Get(plan.Type, vectorBytes, form);
                codes.Add(form, code);
            }

            return code;
        }
    }

    // How many lines of the cache of what the next line needs are asked for with each vector of a tile.
    private int Ahead(int count, BatchBlock block)
    {
        double bytes = (double)aheadBytes * count / Math.Max(1, positions.Length == 0 ? 1 : positions[^1].Extent);
        return (int)Math.Ceiling(bytes * block.Vectors * vectorBytes / (run * size) / BatchTile.CacheLine);
    }

    // How many places at both ends of a tile do not exist.
    private (int Low, int High) Missing(BatchPart part, int[] places, int from, int* coordinates)
    {
        int first = int.MinValue;
        int last = int.MaxValue;
        for (int c = 0; c < line.Units.Length; c++)
        {
            int unit = line.Units[c];
            if (unit == 0)
            {
                continue;
            }

            // The distances to both ends of the dimension, in the direction of the line.
            int moved = (from * part.Window.PositionStep) + (part.Start * part.Window.TapStep);
            int below = coordinates[c] + (moved * unit);
            int above = image.Checks[c].Extent - 1 - below;
            if (unit < 0)
            {
                (below, above, unit) = (above, below, -unit);
            }

            first = Math.Max(first, -FloorDivide(below, unit));
            last = Math.Min(last, FloorDivide(above, unit));
        }

        return (
            places.TakeWhile(place => place < first).Count(),
            places.Reverse().TakeWhile(place => place > last).Count()
        );

        static int FloorDivide(int value, int divisor) =>
            value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);
    }

    private void Clear(nint target, int count, int bytes)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.InitBlockUnaligned((void*)target, 0, (uint)bytes);
            target += alongStep;
        }
    }

    /// <summary>A line of taps of a tile.</summary>
    private readonly record struct Distances(nint Image, nint Other);

    /// <summary>What tiles of a line depend on, beside its coordinates: its length, its lines of taps where these have sums, and how it is stored.</summary>
    private readonly record struct LineKind(int Length, int Lines, bool Streams);

    private struct LinePlace
    {
        public Distances* Table;
        public int Lines;
        public nint Image;
        public nint Along;
        public nint Partner;
    }

    /// <summary>A tile: its code, or none where it is zero, with distances from the start of the line.</summary>
    private struct Tile
    {
        public BatchTileCode? Code;
        public int Count;
        public int Line;
        public nint Image;
        public nint Along;
        public nint Partner;
        public nint Ahead;
        public bool Adds;
    }

    /// <summary>The tiles of a line, for every block.</summary>
    private sealed class LineTiles(LineKind kind, int[] at, Tile[][] ofBlocks)
    {
        public Tile[][] OfBlocks => ofBlocks;

        public bool AreFor(LineKind other, int[] units, int* coordinates)
        {
            bool same = kind == other;
            for (int c = 0; c < units.Length; c++)
            {
                same &= units[c] == 0 || at[c] == coordinates[c];
            }

            return same;
        }
    }

    private readonly ref struct Origin(nint image, nint along, nint partner, bool streams, Span<int> coordinates)
    {
        public bool Streams => streams;

        public nint Image => image;

        public nint Along => along;

        public nint Partner => partner;

        public Span<int> Coordinates { get; } = coordinates;
    }
}
