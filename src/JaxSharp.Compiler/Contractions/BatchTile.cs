using System;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>What a <see cref="BatchTile"/> works on; all distances are in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BatchTileArguments
{
    /// <summary>Address of a table of row addresses in the operand that has rows.</summary>
    public nint Rows;

    /// <summary>Address of a table with two distances for every step: from the row addresses, and from <see cref="Other"/>.</summary>
    public nint Steps;

    /// <summary>How many steps there are; at least one.</summary>
    public nint Count;

    /// <summary>The operand that is the same for all rows.</summary>
    public nint Other;

    /// <summary>Address of a table of output addresses, one per row.</summary>
    public nint Targets;

    /// <summary>Whether to add to what is there (1) or to overwrite it (0).</summary>
    public nint Accumulate;
}

/// <summary>Runs a tile.</summary>
internal unsafe delegate void BatchTileCode(BatchTileArguments* arguments);

/// <summary>
/// The innermost loop of products whose vectors go along the batch: some rows of some vectors are held in registers while steps
/// pass by, each of which multiplies vectors of all rows by the same vectors of the other operand, lane by lane.
/// </summary>
internal static unsafe class BatchTile
{
    /// <summary>The largest number of rows of any tile.</summary>
    public const int MaxRows = 10;

    /// <summary>The largest number of vectors in a row of any tile.</summary>
    public const int MaxVectors = 8;

    private static readonly BatchTileCode?[] Cache = new BatchTileCode?[2 * 3 * (MaxRows + 1) * (MaxVectors + 1) * 2];

    /// <summary>The kernel for a shape of tile; those that stream write whole vectors at aligned addresses past the caches.</summary>
    public static BatchTileCode Get(DType type, int vectorBytes, int rows, int vectors, bool streams)
    {
        int width = TileEmitter.WidthNumber(vectorBytes);
        int key = ((ReferenceEquals(type, DType.F64) ? 3 : 0) + width) * (MaxRows + 1);
        key = (((key + rows) * (MaxVectors + 1)) + vectors) * 2;
        ref var code = ref Cache[key + (streams ? 1 : 0)];
        return code ??= new Emitter(type, vectorBytes, rows, vectors, streams).Emit();
    }

    private sealed class Emitter(DType type, int vectorBytes, int rows, int vectors, bool streams)
        : TileEmitter("batch", typeof(BatchTileArguments), type, vectorBytes, rows, vectors)
    {
        public BatchTileCode Emit()
        {
            var table = LoadArgument(nameof(BatchTileArguments.Rows));
            var pointers = new LocalBuilder[Rows];
            for (int r = 0; r < Rows; r++)
            {
                pointers[r] = Il.DeclareLocal(typeof(nint));
                EmitAddress(table, r * sizeof(nint));
                Il.Emit(OpCodes.Ldind_I);
                Il.Emit(OpCodes.Stloc, pointers[r]);
            }

            var sums = DeclareSums();
            EmitZeros(sums);
            EmitSteps(pointers, sums);
            var targets = LoadArgument(nameof(BatchTileArguments.Targets));
            EmitEither(LoadArgument(nameof(BatchTileArguments.Accumulate)), adds => EmitStores(sums, targets, adds));
            return Finish<BatchTileCode>();
        }

        private void EmitSteps(LocalBuilder[] pointers, LocalBuilder[,] sums)
        {
            var steps = LoadArgument(nameof(BatchTileArguments.Steps));
            var left = LoadArgument(nameof(BatchTileArguments.Count));
            var origin = LoadArgument(nameof(BatchTileArguments.Other));
            var distance = Il.DeclareLocal(typeof(nint));
            var other = Il.DeclareLocal(typeof(nint));
            var factor = Il.DeclareLocal(Vector);
            Repeat(
                left,
                () =>
                {
                    Il.Emit(OpCodes.Ldloc, steps);
                    Il.Emit(OpCodes.Ldind_I);
                    Il.Emit(OpCodes.Stloc, distance);
                    Il.Emit(OpCodes.Ldloc, origin);
                    EmitAddress(steps, sizeof(nint));
                    Il.Emit(OpCodes.Ldind_I);
                    Il.Emit(OpCodes.Add);
                    Il.Emit(OpCodes.Stloc, other);
                    EmitAddress(steps, 2 * sizeof(nint));
                    Il.Emit(OpCodes.Stloc, steps);
                    for (int v = 0; v < Vectors; v++)
                    {
                        EmitAddress(other, v * VectorBytes);
                        Il.Emit(OpCodes.Call, Generic("Load", Element.MakePointerType()));
                        Il.Emit(OpCodes.Stloc, factor);
                        for (int r = 0; r < Rows; r++)
                        {
                            Il.Emit(OpCodes.Ldloc, pointers[r]);
                            Il.Emit(OpCodes.Ldloc, distance);
                            Il.Emit(OpCodes.Add);
                            EmitOffset(v * VectorBytes);
                            Il.Emit(OpCodes.Call, Generic("Load", Element.MakePointerType()));
                            Il.Emit(OpCodes.Ldloc, factor);
                            EmitMultiplyAdd(sums[r, v]);
                        }
                    }
                }
            );
        }

        private void EmitStores(LocalBuilder[,] sums, LocalBuilder targets, bool accumulate)
        {
            string store = streams && !accumulate ? "StoreAlignedNonTemporal" : "Store";
            var target = Il.DeclareLocal(typeof(nint));
            for (int r = 0; r < Rows; r++)
            {
                EmitAddress(targets, r * sizeof(nint));
                Il.Emit(OpCodes.Ldind_I);
                Il.Emit(OpCodes.Stloc, target);
                for (int v = 0; v < Vectors; v++)
                {
                    Il.Emit(OpCodes.Ldloc, sums[r, v]);
                    if (accumulate)
                    {
                        EmitAddress(target, v * VectorBytes);
                        Il.Emit(OpCodes.Call, Generic("Load", Element.MakePointerType()));
                        Il.Emit(OpCodes.Call, Generic("Add", Vector, Vector));
                    }

                    EmitAddress(target, v * VectorBytes);
                    Il.Emit(OpCodes.Call, Generic(store, Vector, Element.MakePointerType()));
                }
            }
        }
    }
}

/// <summary>Neighbours along the batch: where they begin in memory and in sums, how long they are, all in bytes.</summary>
internal sealed class BatchBlock(int offset, int sum, int bytes, Func<int, bool, BatchTileCode> make)
{
    private readonly BatchTileCode?[] codes = new BatchTileCode?[2 * (BatchTile.MaxRows + 1)];

    public int Offset => offset;

    public int Sum => sum;

    public int Bytes => bytes;

    public BatchTileCode Code(int rows, bool streams) => codes[(rows * 2) + (streams ? 1 : 0)] ??= make(rows, streams);
}
