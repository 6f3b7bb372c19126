using System;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    // What the vector loop that is being emitted stores past the caches: elements of a size, from a place of outputs on.
    private (StageAnalysis Stage, ScalarExpr Place, DType Memory, int Output)? streamed;

    // The first store of the loop that can stream. Others do if they keep step with it: outputs themselves are aligned.
    private void ChooseStreamed(ReadOnlySpan<StageAnalysis> candidates, int level)
    {
        streamed = null;
        if (!plan.Streams)
        {
            return;
        }

        foreach (var candidate in candidates)
        {
            if (
                candidate is { Target: { Factor: 1, Rest: { } place }, Stage: Stage.Store store }
                && kernel.Outputs[store.Output] is { Size: >= 4 } memory
                && candidate.Level(place) <= level
            )
            {
                streamed = (candidate, place, memory, store.Output);
                return;
            }
        }
    }

    private bool Streams(Access access, DType memory) =>
        streamed is { } lead && lead.Memory.Size == memory.Size && lead.Place.Equals(access.Rest);

    // A first vector of which only the lanes up to the next aligned place count.
    private void ReachAlignment(LocalBuilder index, Action pushEnd, Action body)
    {
        if (streamed is not { } lead || IsAligned(lead.Place))
        {
            return;
        }

        position = index;
        var count = il.DeclareLocal(typeof(long));
        var aligned = il.DefineLabel();
        int size = lead.Memory.Size;
        var (current, own) = (stage, lead.Stage);
        stage = own;
        il.Emit(OpCodes.Ldloc, KeepPointer(outputs[lead.Output], lead.Place, size));
        stage = current;
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ldc_I8, (long)size);
        il.Emit(OpCodes.Div);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Neg);
        il.Emit(OpCodes.Ldc_I8, lanes - 1L);
        il.Emit(OpCodes.And);
        pushEnd();
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Min", [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Stloc, count);
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Ble, aligned);
        tail = new Tail(count);
        body();
        tail = null;
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.MarkLabel(aligned);
    }

    // Whether a place is a multiple of the lanes wherever the loop is; parts of the vector axis start at such multiples too.
    private bool IsAligned(ScalarExpr place)
    {
        var affine = Affine.Of(place);
        bool aligned = affine.Constant % lanes == 0;
        foreach (var (_, factor) in affine.Terms)
        {
            aligned &= factor % lanes == 0;
        }

        return aligned;
    }

    // What goes past the caches may reach memory in any order, and must be there before another thread is told.
    private void FinishStreaming()
    {
        if (plan.Streams && Sse.IsSupported)
        {
            il.Emit(OpCodes.Call, typeof(Sse).GetMethod(nameof(Sse.StoreFence), [])!);
        }
    }
}
