using System;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

/// <summary>What a <see cref="TileKernel"/> works on; all steps are in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TileArguments
{
    /// <summary>Address of a table of row addresses in the left operand: one per row of the tile, for every segment.</summary>
    public nint Rows;

    /// <summary>How many segments of K there are; at least one.</summary>
    public nint Segments;

    /// <summary>How many steps of K a segment has; at least one.</summary>
    public nint Run;

    /// <summary>The distance of steps in a row of the left operand.</summary>
    public nint RowStep;

    /// <summary>The distance of the first step from the start of a row of the left operand.</summary>
    public nint FirstStep;

    /// <summary>Address of a table of 32-bit distances from the start of a row, one for every step of K; only for kernels with a table.</summary>
    public nint RowOffsets;

    /// <summary>Address of the right operand: a row of the tile's width for every step.</summary>
    public nint Columns;

    /// <summary>Address of a table of offsets from <see cref="Columns"/>, one for every segment.</summary>
    public nint ColumnOffsets;

    /// <summary>The distance of steps in the right operand.</summary>
    public nint ColumnStep;

    /// <summary>Address of a table of output addresses, one per row of the tile.</summary>
    public nint Targets;

    /// <summary>Whether the output is in cache (1) or has to be fetched (0).</summary>
    public nint IsFetched;

    /// <summary>Whether to add to what is there (1) or to overwrite it (0).</summary>
    public nint Accumulate;

    /// <summary>Address of the lane mask of the last vector of a row; only for masked kernels.</summary>
    public nint Mask;
}

/// <summary>Runs a tile.</summary>
internal unsafe delegate void TileCode(TileArguments* arguments);

/// <summary>
/// The innermost loops of a contraction: a tile of the output of so many rows and vectors is held in registers while K passes
/// by, one broadcast element of each row times one row of vectors at a time. The code is emitted for each shape of tile when
/// it is first needed.
/// </summary>
internal static unsafe class TileKernel
{
    /// <summary>The largest number of rows of any tile.</summary>
    public const int MaxRows = 12;

    /// <summary>The largest number of vectors in a row of any tile.</summary>
    public const int MaxVectors = 8;

    private static readonly TileCode?[] Cache = new TileCode?[16 * 3 * (MaxRows + 1) * (MaxVectors + 1) * 4];

    /// <summary>The widest vectors of this machine, in bytes.</summary>
    public static readonly int NativeBytes =
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? 64
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? 32
        : 16;

    /// <summary>Whether parts of vectors can be read and written.</summary>
    public static bool HasMasks => NativeBytes == 64 && Avx512F.VL.IsSupported;

    /// <summary>The number of vector registers.</summary>
    public static int Registers(int vectorBytes) =>
        vectorBytes == 64 || RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 32 : 16;

    /// <summary>How many accumulators fit into the registers beside the operands.</summary>
    public static int Accumulators(int vectorBytes) =>
        Registers(vectorBytes) == 32 ? 24
        : vectorBytes == 32 ? 12
        : 8;

    /// <summary>
    /// The kernel for a shape of tile; masked ones write and read only some lanes of the last vector, those with a table find the
    /// steps of K in it.
    /// </summary>
    public static TileCode Get(
        DType type,
        int vectorBytes,
        int rows,
        int vectors,
        bool masked = false,
        bool hasTable = false
    )
    {
        int width = TileEmitter.WidthNumber(vectorBytes);
        int key = (((int)type.Code * 3) + width) * (MaxRows + 1);
        key = (((key + rows) * (MaxVectors + 1)) + vectors) * 4;
        ref var code = ref Cache[key + (masked ? 1 : 0) + (hasTable ? 2 : 0)];
        return code ??= new Emitter(type, vectorBytes, rows, vectors, masked, hasTable).Emit();
    }

    private sealed class Emitter : TileEmitter
    {
        private readonly bool masked;
        private readonly bool hasTable;

        public Emitter(DType type, int vectorBytes, int rows, int vectors, bool masked, bool hasTable)
            : base("tile", typeof(TileArguments), type, vectorBytes, rows, vectors)
        {
            this.masked = masked;
            this.hasTable = hasTable;
        }

        private Type MaskClass => VectorBytes == 64 ? typeof(Avx512F) : typeof(Avx512F.VL);

        public TileCode Emit()
        {
            var sums = ZeroSums();
            EmitPrefetch();
            EmitLoops(sums);
            EmitStores(sums);
            return Finish<TileCode>();
        }

        // The output is on its way into the cache while K passes by.
        private void EmitPrefetch()
        {
            if (!Sse.IsSupported)
            {
                return;
            }

            var fetched = Il.DefineLabel();
            EmitArgument(nameof(TileArguments.IsFetched));
            Il.Emit(OpCodes.Brtrue, fetched);
            var targets = LoadArgument(nameof(TileArguments.Targets));
            for (int r = 0; r < Rows; r++)
            {
                for (int bytes = 0; bytes < Vectors * VectorBytes; bytes += 64)
                {
                    EmitAddress(targets, r * sizeof(nint));
                    Il.Emit(OpCodes.Ldind_I);
                    Il.Emit(OpCodes.Ldc_I4, bytes);
                    Il.Emit(OpCodes.Conv_I);
                    Il.Emit(OpCodes.Add);
                    Il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!);
                }
            }

            Il.MarkLabel(fetched);
        }

        private void EmitLoops(LocalBuilder[,] sums)
        {
            var table = LoadArgument(nameof(TileArguments.Rows));
            var segments = LoadArgument(nameof(TileArguments.Segments));
            var rowStep = LoadArgument(hasTable ? nameof(TileArguments.RowOffsets) : nameof(TileArguments.RowStep));
            var origin = LoadArgument(nameof(TileArguments.Columns));
            var offsets = LoadArgument(nameof(TileArguments.ColumnOffsets));
            var columns = Il.DeclareLocal(typeof(nint));
            var columnStep = LoadArgument(nameof(TileArguments.ColumnStep));
            var mask = masked ? LoadMask() : null;
            var offset = Il.DeclareLocal(typeof(nint));
            var left = Il.DeclareLocal(typeof(nint));
            var pointers = new LocalBuilder[Rows];
            var segment = Il.DefineLabel();
            Il.MarkLabel(segment);
            for (int r = 0; r < Rows; r++)
            {
                pointers[r] = Il.DeclareLocal(typeof(nint));
                EmitAddress(table, r * sizeof(nint));
                Il.Emit(OpCodes.Ldind_I);
                Il.Emit(OpCodes.Stloc, pointers[r]);
            }

            Il.Emit(OpCodes.Ldloc, origin);
            Il.Emit(OpCodes.Ldloc, offsets);
            Il.Emit(OpCodes.Ldind_I);
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Stloc, columns);
            Step(offsets, () => Il.Emit(OpCodes.Ldc_I4, sizeof(nint)), OpCodes.Add);
            Step(table, () => Il.Emit(OpCodes.Ldc_I4, Rows * sizeof(nint)), OpCodes.Add);
            EmitArgument(nameof(TileArguments.FirstStep));
            Il.Emit(OpCodes.Stloc, offset);
            EmitArgument(nameof(TileArguments.Run));
            Il.Emit(OpCodes.Stloc, left);

            // Two steps at a time halve what is not arithmetic.
            var pair = Il.DefineLabel();
            var last = Il.DefineLabel();
            var done = Il.DefineLabel();
            Step(left, () => Il.Emit(OpCodes.Ldc_I4_2), OpCodes.Sub);
            EmitBranch(left, OpCodes.Blt, last);
            Il.MarkLabel(pair);
            EmitStep(sums, pointers, rowStep, offset, columns, columnStep, mask);
            EmitStep(sums, pointers, rowStep, offset, columns, columnStep, mask);
            Step(left, () => Il.Emit(OpCodes.Ldc_I4_2), OpCodes.Sub);
            EmitBranch(left, OpCodes.Bge, pair);
            Il.MarkLabel(last);
            Step(left, () => Il.Emit(OpCodes.Ldc_I4_1), OpCodes.Add);
            EmitBranch(left, OpCodes.Blt, done);
            EmitStep(sums, pointers, rowStep, offset, columns, columnStep, mask);
            Il.MarkLabel(done);
            Step(segments, () => Il.Emit(OpCodes.Ldc_I4_1), OpCodes.Sub);
            EmitBranch(segments, OpCodes.Bgt, segment);
        }

        private void EmitStep(
            LocalBuilder[,] sums,
            LocalBuilder[] pointers,
            LocalBuilder rowStep,
            LocalBuilder offset,
            LocalBuilder columns,
            LocalBuilder columnStep,
            LocalBuilder? mask
        )
        {
            if (hasTable)
            {
                Il.Emit(OpCodes.Ldloc, rowStep);
                Il.Emit(OpCodes.Ldind_I4);
                Il.Emit(OpCodes.Conv_I);
                Il.Emit(OpCodes.Stloc, offset);
                Step(rowStep, () => Il.Emit(OpCodes.Ldc_I4, sizeof(int)), OpCodes.Add);
            }

            var right = new LocalBuilder[Vectors];
            for (int v = 0; v < Vectors; v++)
            {
                right[v] = Il.DeclareLocal(Vector);
                EmitAddress(columns, v * VectorBytes);
                EmitLoad(v == Vectors - 1 ? mask : null);
                Il.Emit(OpCodes.Stloc, right[v]);
            }

            var left = Il.DeclareLocal(Vector);
            for (int r = 0; r < Rows; r++)
            {
                Il.Emit(OpCodes.Ldloc, pointers[r]);
                Il.Emit(OpCodes.Ldloc, offset);
                Il.Emit(OpCodes.Add);
                Il.Emit(OpCodes.Ldobj, Element);
                Il.Emit(OpCodes.Call, Operations.GetMethod("Create", [Element])!);
                Il.Emit(OpCodes.Stloc, left);
                for (int v = 0; v < Vectors; v++)
                {
                    Il.Emit(OpCodes.Ldloc, left);
                    Il.Emit(OpCodes.Ldloc, right[v]);
                    EmitMultiplyAdd(sums[r, v]);
                }
            }

            if (!hasTable)
            {
                Step(offset, () => Il.Emit(OpCodes.Ldloc, rowStep), OpCodes.Add);
            }

            Step(columns, () => Il.Emit(OpCodes.Ldloc, columnStep), OpCodes.Add);
        }

        private void EmitStores(LocalBuilder[,] sums)
        {
            var targets = LoadArgument(nameof(TileArguments.Targets));
            var mask = masked ? LoadMask() : null;
            EmitEither(nameof(TileArguments.Accumulate), accumulate => EmitStores(sums, targets, mask, accumulate));
        }

        private void EmitStores(LocalBuilder[,] sums, LocalBuilder targets, LocalBuilder? mask, bool accumulate)
        {
            var target = Il.DeclareLocal(typeof(nint));
            for (int r = 0; r < Rows; r++)
            {
                EmitAddress(targets, r * sizeof(nint));
                Il.Emit(OpCodes.Ldind_I);
                Il.Emit(OpCodes.Stloc, target);
                for (int v = 0; v < Vectors; v++)
                {
                    var lanes = v == Vectors - 1 ? mask : null;
                    if (accumulate)
                    {
                        EmitAddress(target, v * VectorBytes);
                        EmitLoad(lanes);
                        Il.Emit(OpCodes.Ldloc, sums[r, v]);
                        Il.Emit(OpCodes.Call, Generic("Add", Vector, Vector));
                        Il.Emit(OpCodes.Stloc, sums[r, v]);
                    }

                    EmitStore(target, v * VectorBytes, sums[r, v], lanes);
                }
            }
        }

        // Address on the stack, Vector left there.
        private void EmitLoad(LocalBuilder? lanes)
        {
            if (lanes is null)
            {
                Il.Emit(OpCodes.Call, Generic("Load", Element.MakePointerType()));
                return;
            }

            Il.Emit(OpCodes.Ldloc, lanes);
            Il.Emit(OpCodes.Call, Vector.GetProperty("Zero")!.GetMethod!);
            Il.Emit(OpCodes.Call, MaskClass.GetMethod("MaskLoad", [Element.MakePointerType(), Vector, Vector])!);
        }

        private void EmitStore(LocalBuilder target, int bytes, LocalBuilder value, LocalBuilder? lanes)
        {
            if (lanes is null)
            {
                Il.Emit(OpCodes.Ldloc, value);
                EmitAddress(target, bytes);
                Il.Emit(OpCodes.Call, Generic("Store", Vector, Element.MakePointerType()));
                return;
            }

            EmitAddress(target, bytes);
            Il.Emit(OpCodes.Ldloc, lanes);
            Il.Emit(OpCodes.Ldloc, value);
            Il.Emit(OpCodes.Call, MaskClass.GetMethod("MaskStore", [Element.MakePointerType(), Vector, Vector])!);
        }

        private LocalBuilder LoadMask()
        {
            var mask = Il.DeclareLocal(Vector);
            EmitArgument(nameof(TileArguments.Mask));
            EmitLoad(null);
            Il.Emit(OpCodes.Stloc, mask);
            return mask;
        }

        private void Step(LocalBuilder local, Action amount, OpCode operation)
        {
            Il.Emit(OpCodes.Ldloc, local);
            amount();
            Il.Emit(OpCodes.Conv_I);
            Il.Emit(operation);
            Il.Emit(OpCodes.Stloc, local);
        }

        // Branches on the comparison of a counter with zero.
        private void EmitBranch(LocalBuilder counter, OpCode comparison, Label label)
        {
            Il.Emit(OpCodes.Ldloc, counter);
            Il.Emit(OpCodes.Ldc_I4_0);
            Il.Emit(OpCodes.Conv_I);
            Il.Emit(comparison, label);
        }
    }
}
