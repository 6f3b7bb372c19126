using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

/// <summary>Compiled loops over a part of a grid: the outer grid axes flattened, and the vector axis of the grid if there is one.</summary>
internal unsafe delegate void LoopBody(
    nint* inputs,
    nint* outputs,
    long outerStart,
    long outerEnd,
    long vectorStart,
    long vectorEnd
);

/// <summary>
/// Emits the loops of a kernel: over the flattened outer grid axes, then either the vector axis of the grid around the stages, or
/// the stages with vectors along their last inner axis. Values are computed in the outermost loop that allows it. Main loops take
/// several whole vectors at a time; the rest runs in vectors of which some lanes do not count.
/// </summary>
internal sealed partial class LoopEmitter
{
    private const int Shared = -1;

    private readonly LoopPlan plan;
    private readonly Kernel kernel;
    private readonly StageAnalysis[] stages;
    private readonly ILGenerator il;
    private readonly List<Level> levels = [];
    private readonly LocalBuilder[] inputs;
    private readonly LocalBuilder[] outputs;
    private readonly LocalBuilder scratch;
    private readonly Dictionary<int, LocalBuilder> axes = [];
    private StageAnalysis stage;
    private int lanes;
    private LocalBuilder position;
    private Tail? tail;

    private LoopEmitter(LoopPlan plan, StageAnalysis[] stages, int lanes, ILGenerator il)
    {
        this.plan = plan;
        this.stages = stages;
        this.lanes = lanes;
        this.il = il;
        kernel = plan.Emitted;
        stage = stages[0];
        inputs = [.. kernel.Inputs.Select(_ => il.DeclareLocal(typeof(nint)))];
        outputs = [.. kernel.Outputs.Select(_ => il.DeclareLocal(typeof(nint)))];
        scratch = il.DeclareLocal(typeof(nint));
        position = il.DeclareLocal(typeof(long));
    }

    /// <summary>Compiles a kernel for vectors of a width; null if they cannot hold its types.</summary>
    public static LoopBody? Compile(LoopPlan plan, StageAnalysis[] stages, int vectorBits)
    {
        bool wide = stages.Any(HasWideVectors);
        int lanes = vectorBits / (wide ? 64 : 32);
        if (lanes * 32 < 128 && stages.Any(HasNarrowValues))
        {
            return null;
        }

        var method = NewMethod();
        new LoopEmitter(plan, stages, lanes, method.GetILGenerator(4096)).Emit();

        // A delegate with a target is called directly; one without would move all arguments first. Machine code is made now, since
        // kernels are compiled side by side and run one by one.
        var body = method.CreateDelegate<LoopBody>(new object());
        RuntimeHelpers.PrepareDelegate(body);
        return body;
    }

    private static DynamicMethod NewMethod() =>
        new(
            "kernel",
            typeof(void),
            [typeof(object), typeof(nint*), typeof(nint*), typeof(long), typeof(long), typeof(long), typeof(long)],
            typeof(LoopEmitter).Module,
            skipVisibility: true
        )
        {
            InitLocals = false,
        };

    // Single values that are stored, or are operands of operations on vectors, are broadcast, so they count too.
    private static bool HasWideVectors(StageAnalysis stage) =>
        stage.Value.Type.Size == 8
        || stage.Order.Any(expr =>
            !stage.IsSingle(expr) && !stage.IsNarrowAxis(expr) && (expr.Type.Size == 8 || HasWideOperand(expr))
        );

    private static bool HasWideOperand(ScalarExpr expr)
    {
        if (expr is not ScalarExpr.Op op)
        {
            return false;
        }

        foreach (var operand in op.Operands)
        {
            if (operand.Type.Size == 8)
            {
                return true;
            }
        }

        return false;
    }

    // Whether vectors of 32-bit elements would be needed; masks of varying truth values can have any width.
    private static bool HasNarrowValues(StageAnalysis stage) =>
        stage.Order.Any(expr => expr.Type.Size < 8 && (!expr.Type.IsBool || stage.IsSingle(expr)));

    private void Emit()
    {
        EmitPrologue();
        Enter(0, 1, stages);
        var outer = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Stloc, outer);
        Loop(outer, () => il.Emit(OpCodes.Ldarg, 4), 1, OpCodes.Blt, () => GridPoints(outer));
        FinishStreaming();
        il.Emit(OpCodes.Ret);
    }

    private void EmitPrologue()
    {
        var rows = plan.Kept?.Rows ?? [];
        for (int i = 0; i < inputs.Length - rows.Length; i++)
        {
            LoadPointer(OpCodes.Ldarg_1, i, inputs[i]);
        }

        for (int i = 0; i < outputs.Length; i++)
        {
            LoadPointer(OpCodes.Ldarg_2, i, outputs[i]);
        }

        // Five vectors of scratch memory, and rows that are kept with room for the lanes behind their end.
        TakeStack(5 * ScratchVector, scratch);
        for (int i = 0; i < rows.Length; i++)
        {
            int lanesBehind = 4 * ReductionOrder.TailLanes;
            TakeStack(
                (rows[i].Extent + lanesBehind) * rows[i].Value.Type.Size,
                inputs[kernel.Inputs.Length - rows.Length + i]
            );
        }
    }

    // Memory of the stack that begins on a cache line.
    private void TakeStack(int bytes, LocalBuilder pointer)
    {
        il.Emit(OpCodes.Ldc_I4, bytes + 64);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Localloc);
        il.Emit(OpCodes.Ldc_I4, 63);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I4, -64);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Stloc, pointer);
    }

    private void LoadPointer(OpCode array, int index, LocalBuilder target)
    {
        il.Emit(array);
        il.Emit(OpCodes.Ldc_I4, index * 8);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
        il.Emit(OpCodes.Stloc, target);
    }

    private void GridPoints(LocalBuilder outer)
    {
        var rest = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Ldloc, outer);
        il.Emit(OpCodes.Stloc, rest);
        int[] outerAxes = [.. Enumerable.Range(0, kernel.Grid.Length).Where(axis => axis != plan.VectorAxis)];
        for (int i = outerAxes.Length - 1; i >= 0; i--)
        {
            var local = AxisLocal(outerAxes[i]);
            il.Emit(OpCodes.Ldloc, rest);
            if (i > 0)
            {
                il.Emit(OpCodes.Ldc_I8, (long)kernel.Grid[outerAxes[i]]);
                il.Emit(OpCodes.Rem);
            }

            il.Emit(OpCodes.Stloc, local);
            if (i > 0)
            {
                il.Emit(OpCodes.Ldloc, rest);
                il.Emit(OpCodes.Ldc_I8, (long)kernel.Grid[outerAxes[i]]);
                il.Emit(OpCodes.Div);
                il.Emit(OpCodes.Stloc, rest);
            }
        }

        if (plan.VectorAxis < 0)
        {
            Enter(1, 1, []);
            for (int i = 0; i < stages.Length; i++)
            {
                stage = stages[i];
                Hoist(1, 1);
                InnerVectorStage(i);
            }

            Leave();
            return;
        }

        Enter(1, 1, stages);
        il.Emit(OpCodes.Ldarg, 5);
        il.Emit(OpCodes.Stloc, position);
        int copies = Copies();
        ChooseStreamed(stages, 1);
        VectorLoop(
            position,
            () => il.Emit(OpCodes.Ldarg, 6),
            copies,
            count =>
            {
                Enter(2, count, []);
                for (int i = 0; i < stages.Length; i++)
                {
                    stage = stages[i];
                    Hoist(2, count);
                    if (tail is null && i + 1 < stages.Length && AreWoven(stages[i], stages[i + 1]))
                    {
                        StoreWoven(stages[i], stages[i + 1], count);
                        i++;
                        continue;
                    }

                    GridVectorStage(i, count);
                }

                Leave();
            }
        );
        Leave();
    }

    // Main loop over whole vectors, several at a time, then the rest by single vectors of which some lanes do not count.
    private void VectorLoop(LocalBuilder index, Action pushEnd, int copies, Action<int> body)
    {
        ReachAlignment(index, pushEnd, () => body(1));
        var last = il.DeclareLocal(typeof(long));
        pushEnd();
        il.Emit(OpCodes.Ldc_I8, (long)copies * lanes);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, last);
        position = index;
        Loop(index, () => il.Emit(OpCodes.Ldloc, last), (long)copies * lanes, OpCodes.Ble, () => body(copies));
        Loop(
            index,
            pushEnd,
            lanes,
            OpCodes.Blt,
            () =>
            {
                StartTail(index, pushEnd, 0);
                body(1);
                tail = null;
            }
        );
    }

    // From here on only the lanes before the end count.
    private void StartTail(LocalBuilder index, Action pushEnd, int offset)
    {
        var count = il.DeclareLocal(typeof(long));
        pushEnd();
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Sub);
        if (offset > 0)
        {
            il.Emit(OpCodes.Ldc_I8, (long)offset);
            il.Emit(OpCodes.Sub);
        }

        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Max", [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Ldc_I8, (long)lanes);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod("Min", [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Stloc, count);
        tail = new Tail(count);
    }

    private void Loop(LocalBuilder index, Action pushEnd, long step, OpCode goOn, Action body)
    {
        var top = il.DefineLabel();
        var check = il.DefineLabel();
        il.Emit(OpCodes.Br, check);
        il.MarkLabel(top);
        body();
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldc_I8, step);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.MarkLabel(check);
        il.Emit(OpCodes.Ldloc, index);
        pushEnd();
        il.Emit(goOn, top);
    }

    private LocalBuilder AxisLocal(int axis)
    {
        if (!axes.TryGetValue(axis, out var local))
        {
            local = il.DeclareLocal(typeof(long));
            axes.Add(axis, local);
        }

        return local;
    }

    // How many vectors a main loop takes at a time: more for small bodies, whose loop overhead counts.
    private int Copies()
    {
        int cost = stages.Sum(CostModel.Of);
        return cost <= 12 ? 4
            : cost <= 40 ? 2
            : 1;
    }

    private void Enter(int level, int copies, ReadOnlySpan<StageAnalysis> hoisted)
    {
        while (levels.Count <= level)
        {
            levels.Add(new Level());
        }

        foreach (var analysis in hoisted)
        {
            stage = analysis;
            Hoist(level, copies);
        }
    }

    private void Leave() => levels.RemoveAt(levels.Count - 1);

    // Computes what deeper loops of the stage need of this level.
    private void Hoist(int level, int copies)
    {
        foreach (var expr in stage.Order)
        {
            if (!stage.IsHoisted(expr, level))
            {
                continue;
            }

            for (int copy = 0; copy < (stage.Varies(expr) ? copies : 1); copy++)
            {
                Keep(expr, stage.Varies(expr) ? copy : Shared);
            }
        }

        foreach (var expr in stage.Order)
        {
            var load = LoadOf(expr);
            if (
                load is not null
                && !stage.IsSingle(load)
                && stage.Of(load).Rest is { } rest
                && stage.Level(rest) == level
            )
            {
                KeepPointer(inputs[load.Input], rest, load.Type.Size);
            }
        }

        if (stage.Target?.Rest is { } place && stage.Level(place) == level)
        {
            var store = (Stage.Store)stage.Stage;
            KeepPointer(outputs[store.Output], place, kernel.Outputs[store.Output].Size);
        }
    }

    private LocalBuilder KeepPointer(LocalBuilder memory, ScalarExpr place, int size)
    {
        foreach (var level in levels)
        {
            if (level.Pointers.TryGetValue(new MemoryPlace(memory.LocalIndex, place), out var known))
            {
                return known;
            }
        }

        var pointer = il.DeclareLocal(typeof(nint));
        il.Emit(OpCodes.Ldloc, memory);
        PushSingle(place);
        PushScaled(size);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, pointer);
        levels[^1].Pointers.Add(new MemoryPlace(memory.LocalIndex, place), pointer);
        return pointer;
    }

    // An i64 number of elements on the stack becomes a number of bytes.
    private void PushScaled(long size)
    {
        if (size != 1)
        {
            il.Emit(OpCodes.Ldc_I8, size);
            il.Emit(OpCodes.Mul);
        }

        il.Emit(OpCodes.Conv_I);
    }

    private void Keep(ScalarExpr expr, int copy)
    {
        if (Known(expr, copy) is not null)
        {
            return;
        }

        if (stage.IsSingle(expr))
        {
            PushSingle(expr);
        }
        else
        {
            Push(expr, copy);
        }

        // Pushing may have kept the value already.
        if (Known(expr, copy) is null)
        {
            StoreKept(expr, copy);
        }
        else
        {
            il.Emit(OpCodes.Pop);
        }
    }

    private LocalBuilder StoreKept(ScalarExpr expr, int copy)
    {
        var local = il.DeclareLocal(ClrType(expr));
        il.Emit(OpCodes.Stloc, local);
        levels[^1].Values[new KeptValue(expr, copy)] = local;
        return local;
    }

    private LocalBuilder? Known(ScalarExpr expr, int copy)
    {
        var key = new KeptValue(expr, copy);
        for (int i = levels.Count - 1; i >= 0; i--)
        {
            if (levels[i].Values.TryGetValue(key, out var local))
            {
                return local;
            }
        }

        return null;
    }

    /// <summary>Values and pointers that were computed in one iteration of a loop.</summary>
    private sealed class Level
    {
        public Dictionary<KeptValue, LocalBuilder> Values { get; } = [];

        public Dictionary<MemoryPlace, LocalBuilder> Pointers { get; } = [];
    }

    /// <summary>How many lanes count, and masks of them once they are needed.</summary>
    private sealed class Tail(LocalBuilder count)
    {
        public LocalBuilder Count { get; } = count;

        public LocalBuilder? Mask32 { get; set; }

        public LocalBuilder? Mask64 { get; set; }
    }

    // The value of an expression in a copy of the loop's body, and the place that a pointer points to.
    private sealed record KeptValue(ScalarExpr Expr, int Copy);

    private sealed record MemoryPlace(int Memory, ScalarExpr Place);
}
