using System;
using System.Reflection.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    // A vector that is read backwards, or of every second element. All that is read lies between the first and the last element
    // that is wanted.
    private void PushShuffledLoad(ScalarExpr.Load load, Access access, DType register, int copy)
    {
        long lowest = Math.Min(access.Factor, 0) * (lanes - 1);
        PushWhole(lowest);
        if (Math.Abs(access.Factor) == 2)
        {
            PushWhole(lowest + lanes - 1);
            CallShuffle(nameof(VectorShuffles.Alternate), register, 2);
        }

        if (access.Factor < 0)
        {
            CallShuffle(nameof(VectorShuffles.Reverse), register, 1);
        }

        ReinterpretAs(Lanes(register), ClrElement(register), lanes * Width(register));

        void PushWhole(long offset)
        {
            PushAddress(inputs[load.Input], access, load.Type, copy);
            if (offset != 0)
            {
                il.Emit(OpCodes.Ldc_I8, offset * load.Type.Size);
                il.Emit(OpCodes.Conv_I);
                il.Emit(OpCodes.Add);
            }

            CallLoad(load.Type);
            ReinterpretAs(ClrElement(register), Lanes(register), lanes * Width(register));
        }
    }

    // Whether two stages store at every second place, the second one in between: the parts of complex numbers.
    private bool AreWoven(StageAnalysis first, StageAnalysis second) =>
        first is { Target: { IsShuffled: true, Factor: 2 } even, Stage: Stage.Store { Inner: [] } store }
        && second is { Target: { IsShuffled: true, Factor: 2 } odd, Stage: Stage.Store { Inner: [] } other }
        && store.Output == other.Output
        && kernel.Outputs[store.Output].Size >= 4
        && IsNext(Affine.Of(even.Rest!), Affine.Of(odd.Rest!));

    private static bool IsNext(Affine place, Affine next)
    {
        bool same = next.Constant == place.Constant + 1 && next.Terms.Count == place.Terms.Count;
        for (int i = 0; same && i < place.Terms.Count; i++)
        {
            same = next.Terms[i].Equals(place.Terms[i]);
        }

        return same;
    }

    // Both stages at once: what they store alternates in memory.
    private void StoreWoven(StageAnalysis first, StageAnalysis second, int copies)
    {
        var store = (Stage.Store)first.Stage;
        var (output, memory) = (outputs[store.Output], kernel.Outputs[store.Output]);
        var type = first.Value.Type;
        var values = new LocalBuilder[2, copies];
        Compute(0);
        stage = second;
        Hoist(2, copies);
        Compute(1);
        stage = first;
        for (int copy = 0; copy < copies; copy++)
        {
            for (int half = 0; half < 2; half++)
            {
                il.Emit(OpCodes.Ldloc, values[0, copy]);
                il.Emit(OpCodes.Ldloc, values[1, copy]);
                CallShuffle(half == 0 ? nameof(VectorShuffles.WeaveLower) : nameof(VectorShuffles.WeaveUpper), type, 2);
                ReinterpretAs(Lanes(type), ClrElement(type), lanes * Width(type));
                PushAddress(output, first.Target!, memory, copy);
                if (half == 1)
                {
                    il.Emit(OpCodes.Ldc_I4, lanes * memory.Size);
                    il.Emit(OpCodes.Conv_I);
                    il.Emit(OpCodes.Add);
                }

                CallPointer("Store", memory);
            }
        }

        void Compute(int part)
        {
            for (int copy = 0; copy < copies; copy++)
            {
                PushVector(stage.Value, copy);
                ReinterpretAs(ClrElement(type), Lanes(type), lanes * Width(type));
                values[part, copy] = il.DeclareLocal(VectorMethods.Vector(lanes * Width(type), Lanes(type)));
                il.Emit(OpCodes.Stloc, values[part, copy]);
            }
        }
    }

    // Reads a whole vector; elements of 8 and 16 bits become 32 bits wide.
    private void CallLoad(DType memory)
    {
        if (memory.Size >= 4)
        {
            CallPointer("Load", memory);
            return;
        }

        var pointer = memory.ClrType.MakePointerType();
        il.Emit(OpCodes.Call, typeof(VectorConversion).GetMethod($"Load{lanes}", [pointer])!);
    }

    private static Type Lanes(DType type) => Width(type) == 64 ? typeof(long) : typeof(int);

    private void CallShuffle(string name, DType type, int operands)
    {
        var vector = VectorMethods.Vector(lanes * Width(type), Lanes(type));
        var parameters = new Type[operands];
        Array.Fill(parameters, vector);
        il.Emit(OpCodes.Call, typeof(VectorShuffles).GetMethod(name, parameters)!);
    }
}
