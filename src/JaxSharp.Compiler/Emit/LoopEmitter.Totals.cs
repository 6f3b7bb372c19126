using System;
using System.Reflection.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

/// <content>How the blocks of a reduction are combined; <see cref="ReductionOrder"/> fixes the order.</content>
internal sealed partial class LoopEmitter
{
    // What the blocks so far gave, and what rounding added to that; null where nothing is rounded, or there is one block.
    private readonly record struct Total(LocalBuilder Sum, LocalBuilder? Excess);

    private Total StartTotal(Stage.Reduce reduce)
    {
        bool single =
            reduce.InnerSize <= (reduce.Inner.Length == 0 ? 1 : Math.Min(reduce.Inner[^1], reduce.Order!.Block));
        bool rounds = ReductionOrder.Compensates(reduce.Monoid, reduce.Accumulation) && !single;
        return new Total(Neutral(), rounds ? Neutral() : null);

        LocalBuilder Neutral()
        {
            var local = il.DeclareLocal(ClrVector(reduce.Accumulation));
            StartNeutral(reduce, local);
            return local;
        }
    }

    // Combines the vector on the stack, which a block gave, with the total.
    private void FinishBlock(Stage.Reduce reduce, Total total)
    {
        var type = reduce.Accumulation;
        if (total.Excess is not { } excess)
        {
            CombineInto(reduce.Monoid, type, total.Sum);
            return;
        }

        var value = il.DeclareLocal(ClrVector(type));
        var sum = il.DeclareLocal(ClrVector(type));
        il.Emit(OpCodes.Ldloc, excess);
        CallVector("Subtract", type, 2);
        il.Emit(OpCodes.Stloc, value);
        il.Emit(OpCodes.Ldloc, total.Sum);
        il.Emit(OpCodes.Ldloc, value);
        CallVector("Add", type, 2);
        il.Emit(OpCodes.Stloc, sum);
        il.Emit(OpCodes.Ldloc, sum);
        il.Emit(OpCodes.Ldloc, total.Sum);
        CallVector("Subtract", type, 2);
        il.Emit(OpCodes.Ldloc, value);
        CallVector("Subtract", type, 2);
        il.Emit(OpCodes.Stloc, excess);

        // The difference of infinities is no number.
        il.Emit(OpCodes.Ldloc, excess);
        il.Emit(OpCodes.Ldloc, excess);
        CallVector("Equals", type, 2);
        il.Emit(OpCodes.Ldloc, excess);
        PushConstant((ScalarExpr.Const)reduce.Monoid.Neutral(type));
        CallVector("ConditionalSelect", type, 3);
        il.Emit(OpCodes.Stloc, excess);
        il.Emit(OpCodes.Ldloc, sum);
        il.Emit(OpCodes.Stloc, total.Sum);
    }
}
