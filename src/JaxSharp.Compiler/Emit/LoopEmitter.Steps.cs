using System;
using System.Linq;
using System.Reflection.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

// Loops whose steps follow each other: carried values stay in registers, in the narrowest vectors, all of whose lanes are equal.
internal sealed partial class LoopEmitter
{
    /// <summary>Compiles a recurrence, given as the kernel of its steps. It is run over its steps.</summary>
    public static LoopBody Compile(Recurrence recurrence, Kernel kernel)
    {
        Stage.Store[] stores = [.. kernel.Stages.Cast<Stage.Store>()];
        var plan = new LoopPlan(kernel, -1);
        var analysis = StageAnalysis.OfSteps(
            plan,
            stores,
            [.. recurrence.Carried.Select(input => Recurrence.Initial(kernel.Inputs[input], input))]
        );
        int bits = HasWideVectors(analysis) && HasNarrowValues(analysis) ? 256 : 128;
        int lanes = bits / (HasWideVectors(analysis) ? 64 : 32);
        var method = NewMethod();
        var emitter = new LoopEmitter(plan, [analysis], lanes, method.GetILGenerator(4096));
        emitter.EmitSteps(
            recurrence,
            stores,
            [.. recurrence.Carried.Select((input, k) => Recurrence.Leaf(kernel.Inputs[input], k))]
        );
        return method.CreateDelegate<LoopBody>(new object());
    }

    private void EmitSteps(Recurrence recurrence, Stage.Store[] stores, ScalarExpr[] leaves)
    {
        EmitPrologue();
        Enter(0, 1, stages);
        var values = new LocalBuilder[leaves.Length];
        for (int k = 0; k < leaves.Length; k++)
        {
            values[k] = il.DeclareLocal(ClrType(leaves[k]));
            PushAs(Recurrence.Initial(kernel.Inputs[recurrence.Carried[k]], recurrence.Carried[k]), leaves[k]);
            il.Emit(OpCodes.Stloc, values[k]);
        }

        var step = il.DeclareLocal(typeof(long));
        var done = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Stloc, step);
        Loop(
            step,
            () => il.Emit(OpCodes.Ldarg, 4),
            1,
            OpCodes.Blt,
            () =>
            {
                if (recurrence.Steps.Reverse)
                {
                    il.Emit(OpCodes.Ldc_I8, recurrence.Steps.Most!.Value - 1L);
                    il.Emit(OpCodes.Ldloc, step);
                    il.Emit(OpCodes.Sub);
                }
                else
                {
                    il.Emit(OpCodes.Ldloc, step);
                }

                il.Emit(OpCodes.Stloc, AxisLocal(0));
                Enter(1, 1, []);
                for (int k = 0; k < leaves.Length; k++)
                {
                    levels[^1].Values[new KeptValue(leaves[k], Shared)] = values[k];
                }

                if (recurrence.Condition is not null)
                {
                    PushElement(StageAnalysis.Unwrapped(stores[^1].Value));
                    il.Emit(OpCodes.Brfalse, done);
                }

                Hoist(1, 1);
                Step(stores, recurrence.Stores.Length, leaves, values);
                Leave();
            }
        );
        il.MarkLabel(done);
        for (int k = 0; k < leaves.Length; k++)
        {
            il.Emit(OpCodes.Ldloc, outputs[k]);
            il.Emit(OpCodes.Ldloc, values[k]);
            if (!stage.IsSingle(leaves[k]))
            {
                CallToScalar(leaves[k].Type);
            }

            StoreElement(kernel.Outputs[k], leaves[k].Type);
        }

        il.Emit(OpCodes.Ret);
    }

    // All values of the step before are read before any is replaced.
    private void Step(Stage.Store[] stores, int stored, ScalarExpr[] leaves, LocalBuilder[] values)
    {
        var next = new LocalBuilder[leaves.Length];
        for (int k = 0; k < leaves.Length; k++)
        {
            next[k] = il.DeclareLocal(values[k].LocalType);
            PushAs(StageAnalysis.Unwrapped(stores[k].Value), leaves[k]);
            il.Emit(OpCodes.Stloc, next[k]);
        }

        foreach (var store in stores.AsSpan(leaves.Length, stored))
        {
            var memory = kernel.Outputs[store.Output];
            var value = StageAnalysis.Unwrapped(store.Value);
            il.Emit(OpCodes.Ldloc, outputs[store.Output]);
            PushSingle(store.Index);
            PushScaled(memory.Size);
            il.Emit(OpCodes.Add);
            PushElement(value);
            StoreElement(memory, value.Type);
        }

        for (int k = 0; k < leaves.Length; k++)
        {
            il.Emit(OpCodes.Ldloc, next[k]);
            il.Emit(OpCodes.Stloc, values[k]);
        }
    }

    // Pushes a value in the form of a carried one: a single integer or a vector.
    private void PushAs(ScalarExpr value, ScalarExpr leaf)
    {
        if (stage.IsSingle(leaf))
        {
            PushElement(value);
        }
        else
        {
            PushVector(value, Shared);
        }
    }

    private void PushElement(ScalarExpr value)
    {
        if (stage.IsSingle(value))
        {
            PushSingle(value);
        }
        else
        {
            PushVector(value, Shared);
            CallToScalar(value.Type);
        }
    }

    private void CallToScalar(DType type) =>
        il.Emit(
            OpCodes.Call,
            VectorMethods.Find(
                VectorMethods.Operations(lanes * Width(type)),
                "ToScalar",
                ClrElement(type),
                ClrVector(type)
            )
        );

    private void StoreElement(DType memory, DType register)
    {
        switch (memory.Size)
        {
            case 1:
                il.Emit(OpCodes.Stind_I1);
                break;
            case 2:
                il.Emit(OpCodes.Stind_I2);
                break;
            default:
                il.Emit(OpCodes.Stobj, ClrElement(register));
                break;
        }
    }
}
