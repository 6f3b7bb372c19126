using System;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Contractions;

// What happens to sums at the end, and how vectors are read and written.
internal sealed partial class StepTile
{
    // The output is on its way into the cache while K passes by: results are mostly memory that was not touched for a while.
    private void EmitPrefetch()
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        var targets = LoadArgument(nameof(TileArguments.Targets));
        var target = Il.DeclareLocal(typeof(nint));
        for (int r = 0; r < Rows; r++)
        {
            EmitTarget(targets, target, r);
            int length = AddsLanes ? Vectors * size : Vectors * VectorBytes;
            for (int bytes = 0; bytes < length; bytes += 64)
            {
                EmitAddress(target, bytes);
                Il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!);
            }
        }
    }

    private void EmitAddition(LocalBuilder[,] others)
    {
        for (int r = 0; r < Rows; r++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                Il.Emit(OpCodes.Ldloc, sums[r, v]);
                Il.Emit(OpCodes.Ldloc, others[r, v]);
                Il.Emit(OpCodes.Call, Generic("Add", Vector, Vector));
                Il.Emit(OpCodes.Stloc, sums[r, v]);
            }
        }
    }

    private void EmitStores(LocalBuilder targets, bool adds)
    {
        var target = Il.DeclareLocal(typeof(nint));
        for (int r = 0; r < Rows; r++)
        {
            EmitTarget(targets, target, r);
            for (int v = 0; v < Vectors; v++)
            {
                var lanes = v == Vectors - 1 ? mask : null;
                if (adds)
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

    private void EmitLaneSums(LocalBuilder targets)
    {
        var memory = LoadArgument(nameof(TileArguments.Sums));
        for (int r = 0; r < Rows; r++)
        {
            for (int v = 0; v < Vectors; v++)
            {
                EmitStore(memory, ((r * Vectors) + v) * VectorBytes, sums[r, v], null);
            }
        }

        Il.Emit(OpCodes.Ldloc, memory);
        Il.Emit(OpCodes.Ldloc, targets);
        Il.Emit(OpCodes.Ldc_I4, Rows);
        Il.Emit(OpCodes.Ldc_I4, Vectors);
        if (targetStep is null)
        {
            Il.Emit(OpCodes.Ldc_I4_0);
            Il.Emit(OpCodes.Conv_I);
        }
        else
        {
            Il.Emit(OpCodes.Ldloc, targetStep);
        }

        Il.Emit(OpCodes.Ldloc, accumulate);
        Il.Emit(OpCodes.Call, typeof(LaneSums).GetMethod(nameof(LaneSums.Store))!);
    }

    // Rows are asked for in order.
    private void EmitTarget(LocalBuilder targets, LocalBuilder target, int row)
    {
        if (row > 0 && targetStep is not null)
        {
            Add(target, () => Il.Emit(OpCodes.Ldloc, targetStep));
            return;
        }

        EmitAddress(targets, row * nint.Size);
        Il.Emit(OpCodes.Ldind_I);
        Il.Emit(OpCodes.Ldloc, shift);
        Il.Emit(OpCodes.Add);
        Il.Emit(OpCodes.Stloc, target);
    }

    // Address on the stack, vector left there.
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
        var lanes = Il.DeclareLocal(Vector);
        EmitArgument(nameof(TileArguments.Mask));
        EmitLoad(null);
        Il.Emit(OpCodes.Stloc, lanes);
        return lanes;
    }
}
