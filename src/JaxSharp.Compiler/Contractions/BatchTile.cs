using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>What a <see cref="BatchTile"/> works on; all distances are in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchTileArguments
{
    /// <summary>The address in the image of the first position and the first tap, which need not exist.</summary>
    public nint Image;

    /// <summary>The operand with elements for taps, or for positions if the sums are over those.</summary>
    public nint Other;

    /// <summary>The first of the sums: one for each position, or for each tap if they are over positions.</summary>
    public nint Target;

    /// <summary>The distance from one sum to the next.</summary>
    public nint TargetStep;

    /// <summary>
    /// Address of a table with two distances for every line of taps: from <see cref="Image"/>, and from <see cref="Other"/>, or from
    /// <see cref="Target"/> if the sums are over positions.
    /// </summary>
    public nint Lines;

    /// <summary>How many lines of taps there are; at least one. Not for sums over positions, whose kernels know.</summary>
    public nint Count;

    /// <summary>How many tiles lie side by side along the batch; at least one.</summary>
    public nint Tiles;

    /// <summary>Address of what will be needed next, in lines of the cache that lie side by side; only for kernels that ask for it.</summary>
    public nint Ahead;

    /// <summary>Whether to go on from the sums that are there (1) or to begin with zero (0).</summary>
    public nint Accumulate;
}

/// <summary>Runs a tile.</summary>
internal unsafe delegate void BatchTileCode(BatchTileArguments* arguments);

/// <summary>The positions along a line and the taps around each of them that a tile takes together.</summary>
/// <param name="Positions">The number of positions.</param>
/// <param name="Taps">The number of taps.</param>
/// <param name="PositionStep">How far neighbouring positions are apart in the image, in units.</param>
/// <param name="TapStep">How far neighbouring taps are apart in the image, in units.</param>
/// <param name="Unit">The bytes of a unit.</param>
internal readonly record struct BatchWindow(int Positions, int Taps, int PositionStep, int TapStep, int Unit)
{
    /// <summary>The places in the image that are read, in units from the first position's first tap on, in order.</summary>
    public int[] Places()
    {
        var window = this;
        return
        [
            .. Enumerable
                .Range(0, Positions)
                .SelectMany(p => Enumerable.Range(0, window.Taps).Select(t => window.Place(p, t)))
                .Distinct()
                .Order(),
        ];
    }

    /// <summary>The place of a tap of a position.</summary>
    public int Place(int position, int tap) => (position * PositionStep) + (tap * TapStep);
}

/// <summary>The kinds of tiles.</summary>
/// <param name="Vectors">How many vectors lie side by side.</param>
/// <param name="Window">What it reads of a line of the image.</param>
/// <param name="Low">How many of the first places do not exist.</param>
/// <param name="High">How many of the last places do not exist.</param>
/// <param name="OtherStep">How far elements of the other operand are apart, in bytes.</param>
/// <param name="Lines">How many lines of taps have sums over positions; 0 if the sums are over taps.</param>
/// <param name="Streams">Whether results are written past the caches, as whole vectors at aligned addresses.</param>
/// <param name="Ahead">How many lines of the cache are asked for ahead with each tile of a row.</param>
internal readonly record struct BatchForm(
    int Vectors,
    BatchWindow Window,
    int Low,
    int High,
    int OtherStep,
    int Lines = 0,
    bool Streams = false,
    int Ahead = 0
);

/// <summary>
/// The innermost loop of products whose vectors go along the batch. Neighbouring positions of a line share what they read of the
/// image: each vector of it is loaded once for a line of taps, and multiplied by all of the other operand's that meet it, which are in
/// registers as the sums are.
/// </summary>
internal static class BatchTile
{
    /// <summary>The largest number of positions of any tile.</summary>
    public const int MaxPositions = 16;

    /// <summary>The largest number of vectors side by side in any tile.</summary>
    public const int MaxVectors = 4;

    private const int LeastPositions = 4;

    /// <summary>The bytes of a line of the cache.</summary>
    public const int CacheLine = 64;

    private static readonly ConcurrentDictionary<(DTypeCode, int, BatchForm), BatchTileCode> Cache = new();

    /// <summary>The largest number of taps that are taken together.</summary>
    public static int MaxTaps(int vectorBytes) => TileKernel.Registers(vectorBytes) / 4;

    /// <summary>
    /// The vectors, positions and lines of taps of the largest tile. Vectors that lie side by side are read and written together, which
    /// memory is faster at; positions share what they read.
    /// </summary>
    /// <param name="vectorBytes">The width of vectors.</param>
    /// <param name="vectors">How many vectors there are.</param>
    /// <param name="taps">How many taps are taken together.</param>
    /// <param name="lines">How many lines of taps have sums over positions; 0 if sums are over taps.</param>
    public static (int Vectors, int Positions, int Lines) Largest(int vectorBytes, int vectors, int taps, int lines)
    {
        // One register holds what is read of the image, and one is left over.
        int registers = TileKernel.Registers(vectorBytes) - 2;
        for (int width = lines == 0 ? MaxVectors : MaxVectors / 2; ; width /= 2)
        {
            int most = registers / width;
            int together = Math.Max(1, Math.Min(lines, (most - LeastPositions) / taps));
            int positions = most - (together * taps);
            if ((positions >= LeastPositions && width <= vectors) || width == 1)
            {
                return (width, Math.Clamp(positions, 1, MaxPositions), together);
            }
        }
    }

    /// <summary>The kernel of a form.</summary>
    public static BatchTileCode Get(DType type, int vectorBytes, BatchForm form)
    {
        var key = (type.Code, vectorBytes, form);
        return Cache.TryGetValue(key, out var code)
            ? code
            : Cache.GetOrAdd(key, new Emitter(type, vectorBytes, form).Emit());
    }

    private sealed class Emitter(DType type, int vectorBytes, BatchForm form)
        : TileEmitter(
            "batch",
            typeof(BatchTileArguments),
            type,
            vectorBytes,
            form.Lines == 0 ? form.Window.Positions : form.Lines * form.Window.Taps,
            form.Vectors
        )
    {
        private readonly int[] places = form.Window.Places()[form.Low..^form.High];

        public BatchTileCode Emit()
        {
            var image = LoadArgument(nameof(BatchTileArguments.Image));
            var other = LoadArgument(nameof(BatchTileArguments.Other));
            var target = LoadArgument(nameof(BatchTileArguments.Target));
            var step = LoadArgument(nameof(BatchTileArguments.TargetStep));
            var lines = LoadArgument(nameof(BatchTileArguments.Lines));
            var tiles = LoadArgument(nameof(BatchTileArguments.Tiles));
            var ahead = LoadArgument(nameof(BatchTileArguments.Ahead));
            var sums = DeclareSums();
            Repeat(
                tiles,
                () =>
                {
                    EmitPrefetches(ahead);
                    if (form.Lines == 0)
                    {
                        EmitSumsOverTaps(image, other, lines, sums, target, step);
                    }
                    else
                    {
                        EmitSumsOverPositions(image, other, lines, sums, target, step);
                    }

                    Add(image, Vectors * VectorBytes);
                    Add(other, Vectors * VectorBytes);
                    Add(target, Vectors * VectorBytes);
                }
            );
            return Finish<BatchTileCode>();
        }

        private void EmitPrefetches(LocalBuilder ahead)
        {
            for (int l = 0; l < form.Ahead; l++)
            {
                EmitAddress(ahead, l * CacheLine);
                Il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.Prefetch1))!);
            }

            Add(ahead, form.Ahead * CacheLine);
        }

        private void EmitSumsOverTaps(
            LocalBuilder image,
            LocalBuilder other,
            LocalBuilder lines,
            LocalBuilder[,] sums,
            LocalBuilder target,
            LocalBuilder step
        )
        {
            EmitEither(
                LoadArgument(nameof(BatchTileArguments.Accumulate)),
                adds =>
                {
                    if (adds)
                    {
                        EmitTargets(target, step, 0, Rows, (at, row) => EmitLoads(at, 0, sums, row));
                    }
                    else
                    {
                        EmitZeros(sums);
                    }
                }
            );
            var left = LoadArgument(nameof(BatchTileArguments.Count));
            var place = Il.DeclareLocal(typeof(nint));
            var line = Il.DeclareLocal(typeof(nint));
            var partner = Il.DeclareLocal(typeof(nint));
            var factors = DeclareVectors(form.Window.Taps);
            Copy(lines, place);
            Repeat(
                left,
                () =>
                {
                    EmitSum(image, place, 0, line);
                    EmitSum(other, place, nint.Size, partner);
                    Add(place, 2 * nint.Size);
                    for (int t = 0; t < form.Window.Taps; t++)
                    {
                        if (Products().Any(product => product.Tap == t))
                        {
                            EmitLoads(partner, t * form.OtherStep, factors, t);
                        }
                    }

                    EmitProducts(line, (position, tap, v) => (sums[position, v], factors[tap, v]));
                }
            );
            string store = form.Streams ? "StoreAlignedNonTemporal" : "Store";
            EmitTargets(target, step, 0, Rows, (at, row) => EmitStores(store, sums, row, at));
        }

        private void EmitSumsOverPositions(
            LocalBuilder image,
            LocalBuilder other,
            LocalBuilder lines,
            LocalBuilder[,] sums,
            LocalBuilder target,
            LocalBuilder step
        )
        {
            int taps = form.Window.Taps;
            var first = Il.DeclareLocal(typeof(nint));
            var line = Il.DeclareLocal(typeof(nint));
            var factors = DeclareVectors(form.Window.Positions);
            for (int p = 0; p < form.Window.Positions; p++)
            {
                if (Products().Any(product => product.Position == p))
                {
                    EmitLoads(other, p * form.OtherStep, factors, p);
                }
            }

            for (int l = 0; l < form.Lines; l++)
            {
                int start = l * taps;
                EmitSum(target, lines, ((2 * l) + 1) * nint.Size, first);
                EmitTargets(first, step, start, taps, (at, row) => EmitLoads(at, 0, sums, row));
            }

            for (int l = 0; l < form.Lines; l++)
            {
                int start = l * taps;
                EmitSum(image, lines, 2 * l * nint.Size, line);
                EmitProducts(line, (position, tap, v) => (sums[start + tap, v], factors[position, v]));
            }

            for (int l = 0; l < form.Lines; l++)
            {
                EmitSum(target, lines, ((2 * l) + 1) * nint.Size, first);
                EmitTargets(first, step, l * taps, taps, (at, row) => EmitStores("Store", sums, row, at));
            }
        }

        // Taps, or positions, are added to a sum in order.
        private void EmitProducts(
            LocalBuilder line,
            Func<int, int, int, (LocalBuilder Sum, LocalBuilder Factor)> operands
        )
        {
            var value = Il.DeclareLocal(Vector);
            bool descends = (form.Lines == 0 ? form.Window.TapStep : form.Window.PositionStep) < 0;
            foreach (int place in descends ? places.Reverse() : places)
            {
                for (int v = 0; v < Vectors; v++)
                {
                    EmitLoad(line, (place * form.Window.Unit) + (v * VectorBytes), value);
                    foreach (var product in Products().Where(product => product.Place == place))
                    {
                        var (sum, factor) = operands(product.Position, product.Tap, v);
                        Il.Emit(OpCodes.Ldloc, value);
                        Il.Emit(OpCodes.Ldloc, factor);
                        EmitMultiplyAdd(sum);
                    }
                }
            }
        }

        // What is read of the image and exists.
        private IEnumerable<(int Position, int Tap, int Place)> Products()
        {
            var window = form.Window;
            return Enumerable
                .Range(0, window.Positions * window.Taps)
                .Select(i => (i / window.Taps, i % window.Taps, window.Place(i / window.Taps, i % window.Taps)))
                .Where(product => Array.BinarySearch(places, product.Item3) >= 0);
        }

        // An address plus a distance in a table.
        private void EmitSum(LocalBuilder address, LocalBuilder table, int entry, LocalBuilder sum)
        {
            Il.Emit(OpCodes.Ldloc, address);
            EmitAddress(table, entry);
            Il.Emit(OpCodes.Ldind_I);
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Stloc, sum);
        }

        private void EmitTargets(
            LocalBuilder first,
            LocalBuilder step,
            int start,
            int count,
            Action<LocalBuilder, int> emit
        )
        {
            var at = Il.DeclareLocal(typeof(nint));
            Copy(first, at);
            for (int i = 0; i < count; i++)
            {
                emit(at, start + i);
                Add(at, () => Il.Emit(OpCodes.Ldloc, step));
            }
        }

        private void EmitLoad(LocalBuilder address, int bytes, LocalBuilder vector)
        {
            EmitAddress(address, bytes);
            Il.Emit(OpCodes.Call, Generic("Load", Element.MakePointerType()));
            Il.Emit(OpCodes.Stloc, vector);
        }

        private void EmitLoads(LocalBuilder address, int bytes, LocalBuilder[,] vectors, int row)
        {
            for (int v = 0; v < Vectors; v++)
            {
                EmitLoad(address, bytes + (v * VectorBytes), vectors[row, v]);
            }
        }

        private void EmitStores(string store, LocalBuilder[,] vectors, int row, LocalBuilder address)
        {
            for (int v = 0; v < Vectors; v++)
            {
                Il.Emit(OpCodes.Ldloc, vectors[row, v]);
                EmitAddress(address, v * VectorBytes);
                Il.Emit(OpCodes.Call, Generic(store, Vector, Element.MakePointerType()));
            }
        }
    }
}
