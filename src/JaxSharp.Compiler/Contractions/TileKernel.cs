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
        int width =
            vectorBytes == 64 ? 2
            : vectorBytes == 32 ? 1
            : 0;
        int key = (((int)type.Code * 3) + width) * (MaxRows + 1);
        key = (((key + rows) * (MaxVectors + 1)) + vectors) * 4;
        ref var code = ref Cache[key + (masked ? 1 : 0) + (hasTable ? 2 : 0)];
        return code ??= new Emitter(type, vectorBytes, rows, vectors, masked, hasTable).Emit();
    }

    private sealed class Emitter
    {
        private readonly Type element;
        private readonly Type vector;
        private readonly Type operations;
        private readonly int vectorBytes;
        private readonly int rows;
        private readonly int vectors;
        private readonly bool masked;
        private readonly bool hasTable;
        private readonly DynamicMethod method;
        private readonly ILGenerator il;

        public Emitter(DType type, int vectorBytes, int rows, int vectors, bool masked, bool hasTable)
        {
            element = type.ClrType;
            (operations, var open) = vectorBytes switch
            {
                64 => (typeof(Vector512), typeof(Vector512<>)),
                32 => (typeof(Vector256), typeof(Vector256<>)),
                _ => (typeof(Vector128), typeof(Vector128<>)),
            };
            vector = open.MakeGenericType(element);
            this.vectorBytes = vectorBytes;
            this.rows = rows;
            this.vectors = vectors;
            this.masked = masked;
            this.hasTable = hasTable;
            method = new DynamicMethod(
                $"tile_{type}_{rows}x{vectors * vectorBytes / type.Size}",
                null,
                [typeof(object), typeof(TileArguments*)],
                typeof(TileKernel).Module,
                skipVisibility: true
            );
            il = method.GetILGenerator();
        }

        private Type MaskClass => vectorBytes == 64 ? typeof(Avx512F) : typeof(Avx512F.VL);

        public TileCode Emit()
        {
            var sums = new LocalBuilder[rows, vectors];
            for (int r = 0; r < rows; r++)
            {
                for (int v = 0; v < vectors; v++)
                {
                    sums[r, v] = il.DeclareLocal(vector);
                    il.Emit(OpCodes.Call, vector.GetProperty("Zero")!.GetMethod!);
                    il.Emit(OpCodes.Stloc, sums[r, v]);
                }
            }

            EmitPrefetch();
            EmitLoops(sums);
            EmitStores(sums);
            il.Emit(OpCodes.Ret);
            return method.CreateDelegate<TileCode>(new object());
        }

        // The output is on its way into the cache while K passes by.
        private void EmitPrefetch()
        {
            if (!Sse.IsSupported)
            {
                return;
            }

            var targets = LoadArgument(nameof(TileArguments.Targets));
            for (int r = 0; r < rows; r++)
            {
                for (int bytes = 0; bytes < vectors * vectorBytes; bytes += 64)
                {
                    EmitAddress(targets, r * sizeof(nint));
                    il.Emit(OpCodes.Ldind_I);
                    il.Emit(OpCodes.Ldc_I4, bytes);
                    il.Emit(OpCodes.Conv_I);
                    il.Emit(OpCodes.Add);
                    il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!);
                }
            }
        }

        private void EmitLoops(LocalBuilder[,] sums)
        {
            var table = LoadArgument(nameof(TileArguments.Rows));
            var segments = LoadArgument(nameof(TileArguments.Segments));
            var rowStep = LoadArgument(hasTable ? nameof(TileArguments.RowOffsets) : nameof(TileArguments.RowStep));
            var origin = LoadArgument(nameof(TileArguments.Columns));
            var offsets = LoadArgument(nameof(TileArguments.ColumnOffsets));
            var columns = il.DeclareLocal(typeof(nint));
            var columnStep = LoadArgument(nameof(TileArguments.ColumnStep));
            var mask = masked ? LoadMask() : null;
            var offset = il.DeclareLocal(typeof(nint));
            var left = il.DeclareLocal(typeof(nint));
            var pointers = new LocalBuilder[rows];
            var segment = il.DefineLabel();
            il.MarkLabel(segment);
            for (int r = 0; r < rows; r++)
            {
                pointers[r] = il.DeclareLocal(typeof(nint));
                EmitAddress(table, r * sizeof(nint));
                il.Emit(OpCodes.Ldind_I);
                il.Emit(OpCodes.Stloc, pointers[r]);
            }

            il.Emit(OpCodes.Ldloc, origin);
            il.Emit(OpCodes.Ldloc, offsets);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, columns);
            Step(offsets, () => il.Emit(OpCodes.Ldc_I4, sizeof(nint)), OpCodes.Add);
            Step(table, () => il.Emit(OpCodes.Ldc_I4, rows * sizeof(nint)), OpCodes.Add);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Stloc, offset);
            EmitArgument(nameof(TileArguments.Run));
            il.Emit(OpCodes.Stloc, left);

            // Two steps at a time halve what is not arithmetic.
            var pair = il.DefineLabel();
            var last = il.DefineLabel();
            var done = il.DefineLabel();
            Step(left, () => il.Emit(OpCodes.Ldc_I4_2), OpCodes.Sub);
            EmitBranch(left, OpCodes.Blt, last);
            il.MarkLabel(pair);
            EmitStep(sums, pointers, rowStep, offset, columns, columnStep, mask);
            EmitStep(sums, pointers, rowStep, offset, columns, columnStep, mask);
            Step(left, () => il.Emit(OpCodes.Ldc_I4_2), OpCodes.Sub);
            EmitBranch(left, OpCodes.Bge, pair);
            il.MarkLabel(last);
            Step(left, () => il.Emit(OpCodes.Ldc_I4_1), OpCodes.Add);
            EmitBranch(left, OpCodes.Blt, done);
            EmitStep(sums, pointers, rowStep, offset, columns, columnStep, mask);
            il.MarkLabel(done);
            Step(segments, () => il.Emit(OpCodes.Ldc_I4_1), OpCodes.Sub);
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
                il.Emit(OpCodes.Ldloc, rowStep);
                il.Emit(OpCodes.Ldind_I4);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Stloc, offset);
                Step(rowStep, () => il.Emit(OpCodes.Ldc_I4, sizeof(int)), OpCodes.Add);
            }

            var right = new LocalBuilder[vectors];
            for (int v = 0; v < vectors; v++)
            {
                right[v] = il.DeclareLocal(vector);
                EmitAddress(columns, v * vectorBytes);
                EmitLoad(v == vectors - 1 ? mask : null);
                il.Emit(OpCodes.Stloc, right[v]);
            }

            var left = il.DeclareLocal(vector);
            for (int r = 0; r < rows; r++)
            {
                il.Emit(OpCodes.Ldloc, pointers[r]);
                il.Emit(OpCodes.Ldloc, offset);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Ldobj, element);
                il.Emit(OpCodes.Call, operations.GetMethod("Create", [element])!);
                il.Emit(OpCodes.Stloc, left);
                for (int v = 0; v < vectors; v++)
                {
                    EmitMultiplyAdd(left, right[v], sums[r, v]);
                }
            }

            if (!hasTable)
            {
                Step(offset, () => il.Emit(OpCodes.Ldloc, rowStep), OpCodes.Add);
            }

            Step(columns, () => il.Emit(OpCodes.Ldloc, columnStep), OpCodes.Add);
        }

        private void EmitMultiplyAdd(LocalBuilder left, LocalBuilder right, LocalBuilder sum)
        {
            il.Emit(OpCodes.Ldloc, left);
            il.Emit(OpCodes.Ldloc, right);
            bool fused = element == typeof(float) || element == typeof(double);
            if (fused && (Fma.IsSupported || RuntimeInformation.ProcessArchitecture == Architecture.Arm64))
            {
                il.Emit(OpCodes.Ldloc, sum);
                il.Emit(OpCodes.Call, operations.GetMethod("FusedMultiplyAdd", [vector, vector, vector])!);
            }
            else
            {
                il.Emit(OpCodes.Call, Generic("Multiply", vector, vector));
                il.Emit(OpCodes.Ldloc, sum);
                il.Emit(OpCodes.Call, Generic("Add", vector, vector));
            }

            il.Emit(OpCodes.Stloc, sum);
        }

        private void EmitStores(LocalBuilder[,] sums)
        {
            var targets = LoadArgument(nameof(TileArguments.Targets));
            var mask = masked ? LoadMask() : null;
            var overwrite = il.DefineLabel();
            var end = il.DefineLabel();
            EmitArgument(nameof(TileArguments.Accumulate));
            il.Emit(OpCodes.Brfalse, overwrite);
            EmitStores(sums, targets, mask, accumulate: true);
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(overwrite);
            EmitStores(sums, targets, mask, accumulate: false);
            il.MarkLabel(end);
        }

        private void EmitStores(LocalBuilder[,] sums, LocalBuilder targets, LocalBuilder? mask, bool accumulate)
        {
            var target = il.DeclareLocal(typeof(nint));
            for (int r = 0; r < rows; r++)
            {
                EmitAddress(targets, r * sizeof(nint));
                il.Emit(OpCodes.Ldind_I);
                il.Emit(OpCodes.Stloc, target);
                for (int v = 0; v < vectors; v++)
                {
                    var lanes = v == vectors - 1 ? mask : null;
                    if (accumulate)
                    {
                        EmitAddress(target, v * vectorBytes);
                        EmitLoad(lanes);
                        il.Emit(OpCodes.Ldloc, sums[r, v]);
                        il.Emit(OpCodes.Call, Generic("Add", vector, vector));
                        il.Emit(OpCodes.Stloc, sums[r, v]);
                    }

                    EmitStore(target, v * vectorBytes, sums[r, v], lanes);
                }
            }
        }

        // Address on the stack, vector left there.
        private void EmitLoad(LocalBuilder? lanes)
        {
            if (lanes is null)
            {
                il.Emit(OpCodes.Call, Generic("Load", element.MakePointerType()));
                return;
            }

            il.Emit(OpCodes.Ldloc, lanes);
            il.Emit(OpCodes.Call, vector.GetProperty("Zero")!.GetMethod!);
            il.Emit(OpCodes.Call, MaskClass.GetMethod("MaskLoad", [element.MakePointerType(), vector, vector])!);
        }

        private void EmitStore(LocalBuilder target, int bytes, LocalBuilder value, LocalBuilder? lanes)
        {
            if (lanes is null)
            {
                il.Emit(OpCodes.Ldloc, value);
                EmitAddress(target, bytes);
                il.Emit(OpCodes.Call, Generic("Store", vector, element.MakePointerType()));
                return;
            }

            EmitAddress(target, bytes);
            il.Emit(OpCodes.Ldloc, lanes);
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Call, MaskClass.GetMethod("MaskStore", [element.MakePointerType(), vector, vector])!);
        }

        private LocalBuilder LoadArgument(string field)
        {
            var local = il.DeclareLocal(typeof(nint));
            EmitArgument(field);
            il.Emit(OpCodes.Stloc, local);
            return local;
        }

        private LocalBuilder LoadMask()
        {
            var mask = il.DeclareLocal(vector);
            EmitArgument(nameof(TileArguments.Mask));
            EmitLoad(null);
            il.Emit(OpCodes.Stloc, mask);
            return mask;
        }

        private void EmitArgument(string field)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, typeof(TileArguments).GetField(field)!);
        }

        private void EmitAddress(LocalBuilder pointer, int bytes)
        {
            il.Emit(OpCodes.Ldloc, pointer);
            if (bytes != 0)
            {
                il.Emit(OpCodes.Ldc_I4, bytes);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
            }
        }

        private void Step(LocalBuilder local, Action amount, OpCode operation)
        {
            il.Emit(OpCodes.Ldloc, local);
            amount();
            il.Emit(OpCodes.Conv_I);
            il.Emit(operation);
            il.Emit(OpCodes.Stloc, local);
        }

        // Branches on the comparison of a counter with zero.
        private void EmitBranch(LocalBuilder counter, OpCode comparison, Label label)
        {
            il.Emit(OpCodes.Ldloc, counter);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I);
            il.Emit(comparison, label);
        }

        private MethodInfo Generic(string name, params Type[] parameters)
        {
            foreach (var candidate in operations.GetMethods().Where(m => m.Name == name && m.IsGenericMethodDefinition))
            {
                if (candidate.GetGenericArguments().Length == 1)
                {
                    var closed = candidate.MakeGenericMethod(element);
                    if (closed.GetParameters().Select(p => p.ParameterType).SequenceEqual(parameters))
                    {
                        return closed;
                    }
                }
            }

            throw new MissingMethodException(operations.FullName, name);
        }
    }
}
