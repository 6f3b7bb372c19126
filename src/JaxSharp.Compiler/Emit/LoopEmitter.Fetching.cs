using System;
using System.Collections.Generic;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    private const long LeastFetchedBytes = 1 << 20;
    private const int LeastRowBytes = 256;
    private const int MostRowBytes = 8192;
    private const int FetchedAhead = 4096;
    private const int CacheLine = 64;

    // The last of several stages along a row computes on what is cached; meanwhile memory fetches what the first stages of the
    // next rows read.
    private void FetchNextRows(int number, int copies)
    {
        if (
            number == 0
            || number != stages.Length - 1
            || tail is not null
            || !Sse.IsSupported
            || kernel.Grid.Length == 0
        )
        {
            return;
        }

        var current = stage;
        var fetched = new HashSet<MemoryPlace>();
        foreach (var other in stages)
        {
            stage = other;
            foreach (var expr in other.Order)
            {
                var load = LoadOf(expr);
                if (
                    load is null
                    || other.IsSingle(load)
                    || other.Of(load) is not { Factor: 1, Rest: { } place, Guard: null }
                    || other.Level(place) != 1
                    || RowStep(other, place, load.Type.Size) is not { } step
                    || !fetched.Add(new MemoryPlace(load.Input, place))
                )
                {
                    continue;
                }

                int distance = lanes * load.Type.Size;
                var pointer = KeepPointer(inputs[load.Input], place, load.Type.Size);
                for (int offset = 0; offset < copies * distance; offset += Math.Max(distance, CacheLine))
                {
                    il.Emit(OpCodes.Ldloc, pointer);
                    il.Emit(OpCodes.Ldloc, position);
                    PushScaled(load.Type.Size);
                    il.Emit(OpCodes.Add);
                    il.Emit(OpCodes.Ldc_I8, step + offset);
                    il.Emit(OpCodes.Conv_I);
                    il.Emit(OpCodes.Add);
                    il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.Prefetch0))!);
                }
            }
        }

        stage = current;
    }

    // The bytes from a row to one that is a few kilobytes ahead; null where nothing is to be fetched.
    private long? RowStep(StageAnalysis other, ScalarExpr place, int size)
    {
        int[] inner = other.Stage.Inner;
        if (inner.Length != 1 || !inner.AsSpan().SequenceEqual(stages[^1].Stage.Inner))
        {
            return null;
        }

        long row = (long)inner[0] * size;
        long step = Affine.Of(place).FactorOf(kernel.Grid.Length - 1) * size;
        return row is >= LeastRowBytes and <= MostRowBytes && step != 0 && kernel.GridSize * row >= LeastFetchedBytes
            ? step * Math.Max(1, FetchedAhead / row)
            : null;
    }

    private static ScalarExpr.Load? LoadOf(ScalarExpr expr) =>
        expr as ScalarExpr.Load
        ?? (expr is ScalarExpr.Op { Code: ScalarOp.Convert } convert ? convert.Operands[0] as ScalarExpr.Load : null);
}
