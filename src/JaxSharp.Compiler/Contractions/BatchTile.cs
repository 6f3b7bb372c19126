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

    private static readonly BatchTileCode?[] Cache = new BatchTileCode?[2 * 3 * (MaxRows + 1) * (MaxVectors + 1)];

    /// <summary>The kernel for a shape of tile.</summary>
    public static BatchTileCode Get(DType type, int vectorBytes, int rows, int vectors)
    {
        int width =
            vectorBytes == 64 ? 2
            : vectorBytes == 32 ? 1
            : 0;
        int key = ((ReferenceEquals(type, DType.F64) ? 3 : 0) + width) * (MaxRows + 1);
        ref var code = ref Cache[((key + rows) * (MaxVectors + 1)) + vectors];
        return code ??= new Emitter(type, vectorBytes, rows, vectors).Emit();
    }

    private sealed class Emitter
    {
        private readonly Type element;
        private readonly Type vector;
        private readonly Type operations;
        private readonly int vectorBytes;
        private readonly int vectors;
        private readonly DynamicMethod method;
        private readonly ILGenerator il;
        private readonly LocalBuilder[,] sums;
        private readonly LocalBuilder[] rows;

        public Emitter(DType type, int vectorBytes, int rowCount, int vectors)
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
            this.vectors = vectors;
            method = new DynamicMethod(
                $"batch_{type}_{rowCount}x{vectors * vectorBytes / type.Size}",
                null,
                [typeof(object), typeof(BatchTileArguments*)],
                typeof(BatchTile).Module,
                skipVisibility: true
            );
            il = method.GetILGenerator();
            sums = new LocalBuilder[rowCount, vectors];
            rows = new LocalBuilder[rowCount];
        }

        public BatchTileCode Emit()
        {
            var table = Argument(nameof(BatchTileArguments.Rows));
            for (int r = 0; r < rows.Length; r++)
            {
                rows[r] = il.DeclareLocal(typeof(nint));
                Address(table, r * sizeof(nint));
                il.Emit(OpCodes.Ldind_I);
                il.Emit(OpCodes.Stloc, rows[r]);
                for (int v = 0; v < vectors; v++)
                {
                    sums[r, v] = il.DeclareLocal(vector);
                    il.Emit(OpCodes.Call, vector.GetProperty("Zero")!.GetMethod!);
                    il.Emit(OpCodes.Stloc, sums[r, v]);
                }
            }

            EmitSteps();
            EmitStores();
            il.Emit(OpCodes.Ret);
            return method.CreateDelegate<BatchTileCode>(new object());
        }

        private void EmitSteps()
        {
            var steps = Argument(nameof(BatchTileArguments.Steps));
            var left = Argument(nameof(BatchTileArguments.Count));
            var origin = Argument(nameof(BatchTileArguments.Other));
            var distance = il.DeclareLocal(typeof(nint));
            var other = il.DeclareLocal(typeof(nint));
            var factor = il.DeclareLocal(vector);
            var step = il.DefineLabel();
            il.MarkLabel(step);
            il.Emit(OpCodes.Ldloc, steps);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, distance);
            il.Emit(OpCodes.Ldloc, origin);
            Address(steps, sizeof(nint));
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, other);
            Address(steps, 2 * sizeof(nint));
            il.Emit(OpCodes.Stloc, steps);
            for (int v = 0; v < vectors; v++)
            {
                Address(other, v * vectorBytes);
                il.Emit(OpCodes.Call, Generic("Load", element.MakePointerType()));
                il.Emit(OpCodes.Stloc, factor);
                for (int r = 0; r < rows.Length; r++)
                {
                    il.Emit(OpCodes.Ldloc, rows[r]);
                    il.Emit(OpCodes.Ldloc, distance);
                    il.Emit(OpCodes.Add);
                    Add(v * vectorBytes);
                    il.Emit(OpCodes.Call, Generic("Load", element.MakePointerType()));
                    il.Emit(OpCodes.Ldloc, factor);
                    EmitMultiplyAdd(sums[r, v]);
                }
            }

            Address(left, -1);
            il.Emit(OpCodes.Stloc, left);
            il.Emit(OpCodes.Ldloc, left);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Bgt, step);
        }

        // Two vectors on the stack, their product is added to a third.
        private void EmitMultiplyAdd(LocalBuilder sum)
        {
            if (Fma.IsSupported || RuntimeInformation.ProcessArchitecture == Architecture.Arm64)
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

        private void EmitStores()
        {
            var table = Argument(nameof(BatchTileArguments.Targets));
            var overwrite = il.DefineLabel();
            var end = il.DefineLabel();
            Field(nameof(BatchTileArguments.Accumulate));
            il.Emit(OpCodes.Brfalse, overwrite);
            EmitStores(table, accumulate: true);
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(overwrite);
            EmitStores(table, accumulate: false);
            il.MarkLabel(end);
        }

        private void EmitStores(LocalBuilder table, bool accumulate)
        {
            var target = il.DeclareLocal(typeof(nint));
            for (int r = 0; r < rows.Length; r++)
            {
                Address(table, r * sizeof(nint));
                il.Emit(OpCodes.Ldind_I);
                il.Emit(OpCodes.Stloc, target);
                for (int v = 0; v < vectors; v++)
                {
                    il.Emit(OpCodes.Ldloc, sums[r, v]);
                    if (accumulate)
                    {
                        Address(target, v * vectorBytes);
                        il.Emit(OpCodes.Call, Generic("Load", element.MakePointerType()));
                        il.Emit(OpCodes.Call, Generic("Add", vector, vector));
                    }

                    Address(target, v * vectorBytes);
                    il.Emit(OpCodes.Call, Generic("Store", vector, element.MakePointerType()));
                }
            }
        }

        private LocalBuilder Argument(string field)
        {
            var local = il.DeclareLocal(typeof(nint));
            Field(field);
            il.Emit(OpCodes.Stloc, local);
            return local;
        }

        private void Field(string field)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, typeof(BatchTileArguments).GetField(field)!);
        }

        private void Address(LocalBuilder pointer, int bytes)
        {
            il.Emit(OpCodes.Ldloc, pointer);
            Add(bytes);
        }

        private void Add(int bytes)
        {
            if (bytes != 0)
            {
                il.Emit(OpCodes.Ldc_I4, bytes);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
            }
        }

        private MethodInfo Generic(string name, params Type[] parameters) =>
            operations
                .GetMethods()
                .Where(m => m.Name == name && m.IsGenericMethodDefinition && m.GetGenericArguments().Length == 1)
                .Select(m => m.MakeGenericMethod(element))
                .First(m => m.GetParameters().Select(p => p.ParameterType).SequenceEqual(parameters));
    }
}
