using System;
using System.Linq;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    // A stage for some vectors of grid points: inner axes are plain loops.
    private void GridVectorStage(int number, int copies)
    {
        var inner = stage.Stage.Inner;
        int first = kernel.Grid.Length;
        if (stage.Stage is not Stage.Reduce reduce)
        {
            InnerLoops(0, inner.Length, first, 3, copies, () => StoreVectors(copies));
            return;
        }

        var type = reduce.Accumulation;
        var totals = new Total[copies];
        var partials = new LocalBuilder[copies];
        for (int copy = 0; copy < copies; copy++)
        {
            totals[copy] = StartTotal(reduce);
            partials[copy] = il.DeclareLocal(ClrVector(type));
        }

        void Accumulate()
        {
            for (int copy = 0; copy < copies; copy++)
            {
                PushVector(stage.Value, copy);
                CombineInto(reduce.Monoid, type, partials[copy]);
            }
        }

        if (inner.Length == 0)
        {
            Array.ForEach(partials, partial => StartNeutral(reduce, partial));
            Accumulate();
            FinishPartials();
        }
        else
        {
            int last = inner.Length - 1;
            InnerLoops(
                0,
                last,
                first,
                3,
                copies,
                () =>
                    Blocks(
                        inner[last],
                        reduce.Order!.Block,
                        (start, pushEnd) =>
                        {
                            Array.ForEach(partials, partial => StartNeutral(reduce, partial));
                            var index = AxisLocal(first + last);
                            il.Emit(OpCodes.Ldloc, start);
                            il.Emit(OpCodes.Stloc, index);
                            Loop(
                                index,
                                pushEnd,
                                1,
                                OpCodes.Blt,
                                () =>
                                {
                                    Enter(3 + last, copies, []);
                                    Hoist(3 + last, copies);
                                    Accumulate();
                                    Leave();
                                }
                            );
                            FinishPartials();
                        }
                    )
            );
        }

        for (int copy = 0; copy < copies; copy++)
        {
            levels[^1].Values[new KeptValue(Scalar.Reduced(number, type), copy)] = totals[copy].Sum;
        }

        void FinishPartials()
        {
            for (int copy = 0; copy < copies; copy++)
            {
                il.Emit(OpCodes.Ldloc, partials[copy]);
                FinishBlock(reduce, totals[copy]);
            }
        }
    }

    // A stage at one grid point, with vectors along its last inner axis.
    private void InnerVectorStage(int number)
    {
        var inner = stage.Stage.Inner;
        int first = kernel.Grid.Length;
        int last = inner.Length - 1;
        if (stage.Stage is Stage.Reduce reduce)
        {
            var total = StartTotal(reduce);
            InnerLoops(
                0,
                Math.Max(last, 0),
                first,
                2,
                1,
                () =>
                    Blocks(
                        last < 0 ? 1 : inner[last],
                        reduce.Order!.Block,
                        (start, pushEnd) => ReduceBlock(reduce, start, pushEnd, total)
                    )
            );
            levels[^1].Values[new KeptValue(Scalar.Reduced(number, reduce.Accumulation), Shared)] = total.Sum;
            return;
        }

        InnerLoops(
            0,
            Math.Max(last, 0),
            first,
            2,
            1,
            () =>
            {
                var index = il.DeclareLocal(typeof(long));
                il.Emit(OpCodes.Ldc_I8, 0L);
                il.Emit(OpCodes.Stloc, index);
                int cost = CostModel.Of(stage);
                ChooseStreamed([stage], stage.InnermostLevel - 1);
                VectorLoop(
                    index,
                    () => il.Emit(OpCodes.Ldc_I8, last < 0 ? 1L : inner[last]),
                    cost <= 12 ? 4
                        : cost <= 40 ? 2
                        : 1,
                    copies =>
                        InnerVectors(
                            last,
                            copies,
                            () =>
                            {
                                FetchNextRows(number, copies);
                                StoreVectors(copies);
                            }
                        )
                );
            }
        );
    }

    private void InnerVectors(int last, int copies, Action body)
    {
        int level = 2 + Math.Max(last, 0);
        Enter(level, copies, []);
        Hoist(level, copies);
        body();
        Leave();
    }

    // Lanes of partial results are kept in several vectors; see ReductionOrder.
    private void ReduceBlock(Stage.Reduce reduce, LocalBuilder start, Action pushEnd, Total total)
    {
        var type = reduce.Accumulation;
        int last = reduce.Inner.Length - 1;
        int vectors = reduce.Order!.Lanes / lanes;
        int tailVectors = ReductionOrder.TailLanes / lanes;
        var partials = new LocalBuilder[vectors];
        for (int i = 0; i < vectors; i++)
        {
            partials[i] = il.DeclareLocal(ClrVector(type));
            StartNeutral(reduce, partials[i]);
        }

        var end = il.DeclareLocal(typeof(long));
        pushEnd();
        il.Emit(OpCodes.Ldc_I8, (long)reduce.Order.Lanes);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, end);
        position = start;
        Loop(
            start,
            () => il.Emit(OpCodes.Ldloc, end),
            reduce.Order.Lanes,
            OpCodes.Ble,
            () =>
                InnerVectors(
                    last,
                    vectors,
                    () =>
                    {
                        for (int i = 0; i < vectors; i++)
                        {
                            PushVector(stage.Value, stage.Varies(stage.Value) ? i : Shared);
                            CombineInto(reduce.Monoid, type, partials[i]);
                        }
                    }
                )
        );
        Loop(
            start,
            pushEnd,
            ReductionOrder.TailLanes,
            OpCodes.Blt,
            () =>
            {
                for (int i = 0; i < tailVectors; i++)
                {
                    int copy = i;
                    StartTail(start, pushEnd, copy * lanes);
                    tailOffset = copy * lanes;
                    InnerVectors(
                        last,
                        1,
                        () =>
                        {
                            PushMaskOfTail(type.Size >= 8 ? 64 : 32);
                            Reinterpret(lanes * Width(type), type);
                            il.Emit(OpCodes.Ldloc, partials[copy]);
                            PushVector(stage.Value, stage.Varies(stage.Value) ? 0 : Shared);
                            PushCombined(reduce.Monoid, type);
                            il.Emit(OpCodes.Ldloc, partials[copy]);
                            CallVector("ConditionalSelect", type, 3);
                            il.Emit(OpCodes.Stloc, partials[copy]);
                        }
                    );
                    tail = null;
                    tailOffset = 0;
                }
            }
        );
        for (int half = vectors / 2; half >= 1; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                il.Emit(OpCodes.Ldloc, partials[i + half]);
                CombineInto(reduce.Monoid, type, partials[i]);
            }
        }

        // The total so far, the lanes of one vector, then both combined in all lanes.
        il.Emit(OpCodes.Ldloc, partials[0]);
        CombineLanes(reduce.Monoid, type);
        CallCreate(type);
        FinishBlock(reduce, total);
    }

    // Combines the upper half of the lanes of the vector on the stack with the lower half until one is left, and leaves that.
    private void CombineLanes(Monoid monoid, DType type)
    {
        int all = lanes;
        var element = ClrElement(type);
        for (; lanes * Width(type) > 128; lanes /= 2)
        {
            int bits = lanes * Width(type);
            var whole = il.DeclareLocal(ClrVector(type));
            il.Emit(OpCodes.Stloc, whole);
            foreach (string half in new[] { "GetLower", "GetUpper" })
            {
                il.Emit(OpCodes.Ldloc, whole);
                il.Emit(
                    OpCodes.Call,
                    VectorMethods.Find(VectorMethods.Operations(bits), half, element, whole.LocalType)
                );
            }

            lanes /= 2;
            PushCombined(monoid, type);
            lanes *= 2;
        }

        for (int half = lanes / 2; half >= 1; half /= 2)
        {
            var vector = il.DeclareLocal(ClrVector(type));
            il.Emit(OpCodes.Stloc, vector);
            il.Emit(OpCodes.Ldloc, vector);
            il.Emit(OpCodes.Ldloc, vector);
            PushRotated(half, element);
            PushCombined(monoid, type);
        }

        il.Emit(OpCodes.Call, VectorMethods.Find(typeof(Vector128), "ToScalar", element, ClrVector(type)));
        lanes = all;
    }

    // Of a vector of 128 bits on the stack: lane i + half comes to lane i.
    private void PushRotated(int half, Type element)
    {
        var index = lanes == 2 ? typeof(long) : typeof(int);
        ReinterpretAs(element, index, 128);
        for (int lane = 0; lane < lanes; lane++)
        {
            if (lanes == 2)
            {
                il.Emit(OpCodes.Ldc_I8, (long)((lane + half) % lanes));
            }
            else
            {
                il.Emit(OpCodes.Ldc_I4, (lane + half) % lanes);
            }
        }

        var vector = VectorMethods.Vector(128, index);
        Type[] parameters = [.. Enumerable.Repeat(index, lanes)];
        il.Emit(OpCodes.Call, typeof(Vector128).GetMethod("Create", parameters)!);
        il.Emit(OpCodes.Call, typeof(Vector128).GetMethod("Shuffle", [vector, vector])!);
        ReinterpretAs(index, element, 128);
    }

    // Cuts an axis into blocks; the body gets the start in a local, which it may move, and pushes the end.
    private void Blocks(long extent, int block, Action<LocalBuilder, Action> body)
    {
        var start = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, start);
        if (extent <= block)
        {
            body(start, () => il.Emit(OpCodes.Ldc_I8, extent));
            return;
        }

        var next = il.DeclareLocal(typeof(long));
        var end = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, next);
        Loop(
            next,
            () => il.Emit(OpCodes.Ldc_I8, extent),
            block,
            OpCodes.Blt,
            () =>
            {
                il.Emit(OpCodes.Ldloc, next);
                il.Emit(OpCodes.Stloc, start);
                il.Emit(OpCodes.Ldloc, next);
                il.Emit(OpCodes.Ldc_I8, (long)block);
                il.Emit(OpCodes.Add);
                il.Emit(OpCodes.Ldc_I8, extent);
                il.Emit(OpCodes.Call, typeof(Math).GetMethod("Min", [typeof(long), typeof(long)])!);
                il.Emit(OpCodes.Stloc, end);
                body(start, () => il.Emit(OpCodes.Ldloc, end));
            }
        );
    }

    private void InnerLoops(int axis, int count, int firstAxis, int firstLevel, int copies, Action body)
    {
        if (axis == count)
        {
            body();
            return;
        }

        var index = AxisLocal(firstAxis + axis);
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, index);
        long extent = stage.Stage.Inner[axis];
        Loop(
            index,
            () => il.Emit(OpCodes.Ldc_I8, extent),
            1,
            OpCodes.Blt,
            () =>
            {
                Enter(firstLevel + axis, copies, []);
                Hoist(firstLevel + axis, copies);
                InnerLoops(axis + 1, count, firstAxis, firstLevel, copies, body);
                Leave();
            }
        );
    }

    private void StartNeutral(Stage.Reduce reduce, LocalBuilder local)
    {
        PushConstant((ScalarExpr.Const)reduce.Monoid.Neutral(reduce.Accumulation));
        il.Emit(OpCodes.Stloc, local);
    }

    // local = local combined with the vector on the stack.
    private void CombineInto(Monoid monoid, DType type, LocalBuilder local)
    {
        var value = il.DeclareLocal(ClrVector(type));
        il.Emit(OpCodes.Stloc, value);
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldloc, value);
        PushCombined(monoid, type);
        il.Emit(OpCodes.Stloc, local);
    }

    // Combines the two vectors on the stack.
    private void PushCombined(Monoid monoid, DType type)
    {
        switch (monoid)
        {
            case Monoid.Add:
                CallVector("Add", type, 2);
                return;
            case Monoid.Mul:
                CallVector("Multiply", type, 2);
                return;
            case Monoid.And:
                CallVector("BitwiseAnd", type, 2);
                return;
            case Monoid.Or:
                CallVector("BitwiseOr", type, 2);
                return;
            case Monoid.Xor:
                CallVector("Xor", type, 2);
                return;
        }

        if (!type.IsFloating)
        {
            CallVector(monoid == Monoid.Max ? "Max" : "Min", type, 2);
            return;
        }

        var y = il.DeclareLocal(ClrVector(type));
        var x = il.DeclareLocal(ClrVector(type));
        il.Emit(OpCodes.Stloc, y);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, x);
        CallVector("Equals", type, 2);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, y);
        PushFirstBeyond(monoid == Monoid.Max, type);
        il.Emit(OpCodes.Ldloc, x);
        CallVector("ConditionalSelect", type, 3);
    }

    private void StoreVectors(int copies)
    {
        var store = (Stage.Store)stage.Stage;
        for (int copy = 0; copy < copies; copy++)
        {
            PushVector(stage.Value, copy);
            StoreVector(stage.Target!, outputs[store.Output], kernel.Outputs[store.Output], stage.Value.Type, copy);
        }
    }
}
