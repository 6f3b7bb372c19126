using System;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    private const int ScratchVector = 64;
    private int tailOffset;

    // Pushes the vector of a load whose elements become a register type.
    private void PushLoad(Load load, DType register, int copy)
    {
        var access = stage.Of(load);
        var memory = load.Type;
        if (access.Index is not null)
        {
            PushGather(load, access, register, copy);
            return;
        }

        if (access.Factor == 0 && access.Guard is null)
        {
            PushAddress(inputs[load.Input], access, memory, copy);
            LoadElement(memory);
            CallCreate(register);
            return;
        }

        if (access.IsShuffled && tail is null)
        {
            PushShuffledLoad(load, access, register, copy);
            return;
        }

        if (access.Factor != 1)
        {
            PushStridedLoad(load, access, register, copy);
            return;
        }

        int bits = lanes * Width(register);
        if (access.Guard is null && tail is null)
        {
            PushAddress(inputs[load.Input], access, memory, copy);
            CallLoad(memory);
            return;
        }

        if (memory.Size >= 4 && MaskedAccess(bits, memory, "MaskLoad") is { } masked)
        {
            var element = MaskElement(bits, memory);
            PushAddress(inputs[load.Input], access, memory, copy);
            PushAccessMask(access.Guard, copy, Width(memory));
            ReinterpretAs(Width(memory) == 64 ? typeof(long) : typeof(int), element, bits);
            if (bits == 512)
            {
                il.Emit(OpCodes.Call, VectorMethods.Vector(bits, element).GetProperty("Zero")!.GetMethod!);
            }

            il.Emit(OpCodes.Call, masked);
            ReinterpretAs(element, ClrElement(memory), bits);
            return;
        }

        if (access.Guard is not null)
        {
            StoreMaskScratch(access.Guard, copy);
            PushAddress(inputs[load.Input], access, memory, copy);
            PushMaskScratch();
            PushCount();
            PushScratch(1);
            il.Emit(OpCodes.Call, VectorMethods.Call("LoadMasked", memory.ClrType, ClrElement(register)));
            LoadScratch(1, register);
            return;
        }

        PushAddress(inputs[load.Input], access, memory, copy);
        PushCount();
        PushScratch(1);
        il.Emit(OpCodes.Call, VectorMethods.Call("Load", memory.ClrType, ClrElement(register)));
        LoadScratch(1, register);
    }

    private void PushStridedLoad(Load load, Access access, DType register, int copy)
    {
        if (access.Guard is not null)
        {
            StoreMaskScratch(access.Guard, copy);
        }

        PushAddress(inputs[load.Input], access, load.Type, copy);
        il.Emit(OpCodes.Ldc_I8, access.Factor);
        if (access.Guard is not null)
        {
            PushMaskScratch();
        }

        PushCount();
        PushScratch(1);
        string name = access.Guard is null ? "LoadStrided" : "LoadStridedMasked";
        il.Emit(OpCodes.Call, VectorMethods.Call(name, load.Type.ClrType, ClrElement(register)));
        LoadScratch(1, register);
    }

    private void PushGather(Load load, Access access, DType register, int copy)
    {
        // Scratch memory is filled last, as computing the index and the guard may use it.
        var index = access.Index!;
        PushVector(index, copy);
        if (access.Guard is not null)
        {
            StoreMaskScratch(access.Guard, copy);
        }

        StoreScratch(2, index.Type);

        il.Emit(OpCodes.Ldloc, inputs[load.Input]);
        PushScratch(2);
        if (access.Guard is not null)
        {
            PushMaskScratch();
        }

        PushCount();
        PushScratch(1);
        string name = access.Guard is null ? "Gather" : "GatherMasked";
        il.Emit(
            OpCodes.Call,
            VectorMethods.Call(name, load.Type.ClrType, ClrElement(register), ClrElement(index.Type))
        );
        LoadScratch(1, register);
    }

    // Stores the vector on the stack.
    private void StoreVector(Access access, LocalBuilder output, DType memory, DType register, int copy)
    {
        int bits = lanes * Width(register);
        if (access.Index is { } index)
        {
            var value = il.DeclareLocal(ClrVector(register));
            il.Emit(OpCodes.Stloc, value);
            PushVector(index, copy);
            StoreScratch(2, index.Type);
            il.Emit(OpCodes.Ldloc, value);
            StoreScratch(1, register);
            PushScratch(1);
            PushScratch(2);
            PushCount();
            il.Emit(OpCodes.Ldloc, output);
            il.Emit(
                OpCodes.Call,
                VectorMethods.Call("Scatter", ClrElement(register), memory.ClrType, ClrElement(index.Type))
            );
            return;
        }

        if (access.Factor == 0)
        {
            StoreSingle(access, output, memory, register, copy);
            return;
        }

        if (access.Factor == 1 && tail is null)
        {
            PushAddress(output, access, memory, copy);
            if (memory.Size >= 4)
            {
                CallPointer(Streams(access, memory) ? "StoreAlignedNonTemporal" : "Store", memory);
                return;
            }

            // Signed and unsigned elements are written alike.
            var pointer = (memory.Size == 1 ? typeof(byte) : typeof(ushort)).MakePointerType();
            il.Emit(
                OpCodes.Call,
                typeof(VectorConversion).GetMethod($"Store{lanes}", [ClrVector(DType.I32), pointer])!
            );
            return;
        }

        if (access.Factor == 1 && memory.Size >= 4 && MaskedAccess(bits, memory, "MaskStore") is { } masked)
        {
            var element = MaskElement(bits, memory);
            var value = il.DeclareLocal(ClrVector(register));
            il.Emit(OpCodes.Stloc, value);
            PushAddress(output, access, memory, copy);
            PushMaskOfTail(Width(memory));
            ReinterpretAs(Width(memory) == 64 ? typeof(long) : typeof(int), element, bits);
            il.Emit(OpCodes.Ldloc, value);
            ReinterpretAs(ClrElement(memory), element, bits);
            il.Emit(OpCodes.Call, masked);
            return;
        }

        StoreScratch(1, register);
        PushScratch(1);
        il.Emit(OpCodes.Ldc_I8, access.Factor);
        PushCount();
        PushAddress(output, access, memory, copy);
        il.Emit(OpCodes.Call, VectorMethods.Call("Store", ClrElement(register), memory.ClrType));
    }

    // A place that does not move has one lane that counts, the first. What reads it next need not wait for a vector to be written.
    private void StoreSingle(Access access, LocalBuilder output, DType memory, DType register, int copy)
    {
        var element = ClrElement(register);
        var holder = VectorMethods.Operations(lanes * Width(register));
        var value = il.DeclareLocal(element);
        il.Emit(OpCodes.Call, VectorMethods.Find(holder, "ToScalar", element, ClrVector(register)));
        il.Emit(OpCodes.Stloc, value);
        PushAddress(output, access, memory, copy);
        il.Emit(OpCodes.Ldloc, value);
        switch (memory.Size)
        {
            case 1:
                il.Emit(OpCodes.Stind_I1);
                break;
            case 2:
                il.Emit(OpCodes.Stind_I2);
                break;
            default:
                il.Emit(OpCodes.Stobj, element);
                break;
        }
    }

    // The scratch memory in which later stages find a value of this one; null if they do not need it.
    private LocalBuilder? Row(ScalarExpr expr)
    {
        var rows = plan.Kept?.Rows ?? [];
        int number = Array.FindIndex(
            rows,
            row => ReferenceEquals(stage.Stage, kernel.Stages[row.Stage]) && row.Value.Equals(expr)
        );
        return number < 0 ? null : inputs[inputs.Length - rows.Length + number];
    }

    private void KeepInRow(LocalBuilder row, ScalarExpr expr, LocalBuilder value, int copy)
    {
        il.Emit(OpCodes.Ldloc, value);
        PushAddress(row, new Access(1, Scalar.Const(DType.I64, 0L), null, null), expr.Type, copy);
        CallPointer("Store", expr.Type);
    }

    // base + (rest + factor · position) · size
    private void PushAddress(LocalBuilder memory, Access access, DType type, int copy)
    {
        il.Emit(OpCodes.Ldloc, KeepPointer(memory, access.Rest!, type.Size));
        if (access.Factor == 0)
        {
            return;
        }

        il.Emit(OpCodes.Ldloc, position);
        PushScaled(access.Factor * type.Size);
        il.Emit(OpCodes.Add);
        long offset = (Math.Max(copy, 0) * lanes + tailOffset) * access.Factor * type.Size;
        if (offset != 0)
        {
            il.Emit(OpCodes.Ldc_I8, offset);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }
    }

    private void LoadElement(DType type) =>
        il.Emit(
            type.Code switch
            {
                DTypeCode.I8 => OpCodes.Ldind_I1,
                DTypeCode.U8 => OpCodes.Ldind_U1,
                DTypeCode.I16 => OpCodes.Ldind_I2,
                DTypeCode.U16 => OpCodes.Ldind_U2,
                DTypeCode.I32 => OpCodes.Ldind_I4,
                DTypeCode.U32 => OpCodes.Ldind_U4,
                DTypeCode.F32 => OpCodes.Ldind_R4,
                DTypeCode.F64 => OpCodes.Ldind_R8,
                _ => OpCodes.Ldind_I8,
            }
        );

    // The number of lanes that count.
    private void PushCount()
    {
        if (tail is null)
        {
            il.Emit(OpCodes.Ldc_I8, (long)lanes);
        }
        else
        {
            il.Emit(OpCodes.Ldloc, tail.Count);
        }
    }

    private void PushAccessMask(ScalarExpr? guard, int copy, int width)
    {
        if (guard is not null)
        {
            PushMask(guard, copy, width);
        }

        if (tail is not null)
        {
            PushMaskOfTail(width);
            if (guard is not null)
            {
                CallMask("BitwiseAnd", width, 2);
            }
        }
    }

    private void PushMaskOfTail(int width)
    {
        var known = width == 64 ? tail!.Mask64 : tail!.Mask32;
        if (known is null)
        {
            var type = width == 64 ? DType.I64 : DType.I32;
            PushIndices(type);
            il.Emit(OpCodes.Ldloc, tail.Count);
            if (width == 32)
            {
                il.Emit(OpCodes.Conv_I4);
            }

            CallCreate(type);
            CallVector("LessThan", type, 2);
            known = il.DeclareLocal(MaskVector(width));
            il.Emit(OpCodes.Stloc, known);
            _ = width == 64 ? tail.Mask64 = known : tail.Mask32 = known;
        }

        il.Emit(OpCodes.Ldloc, known);
    }

    // The guard's mask in the first vector of the scratch memory.
    private void StoreMaskScratch(ScalarExpr guard, int copy)
    {
        int width = lanes * 32 >= 128 ? 32 : 64;
        PushMask(guard, copy, width);
        StoreScratch(0, width == 32 ? DType.I32 : DType.I64);
    }

    private void PushMaskScratch()
    {
        il.Emit(OpCodes.Ldloc, scratch);
        il.Emit(OpCodes.Ldc_I4, lanes * 32 >= 128 ? 1 : 2);
    }

    private void PushScratch(int vector)
    {
        il.Emit(OpCodes.Ldloc, scratch);
        if (vector > 0)
        {
            il.Emit(OpCodes.Ldc_I4, vector * ScratchVector);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
        }
    }

    private void StoreScratch(int vector, DType type)
    {
        PushScratch(vector);
        CallPointer("Store", type);
    }

    private void LoadScratch(int vector, DType type)
    {
        PushScratch(vector);
        CallPointer("Load", type);
    }

    // AVX2 has masked loads and stores of signed integers, AVX of floating-point numbers.
    private static Type MaskElement(int bits, DType memory) =>
        bits == 512 || memory.IsFloating ? ClrElement(memory)
        : memory.Size == 8 ? typeof(long)
        : typeof(int);

    private static System.Reflection.MethodInfo? MaskedAccess(int bits, DType memory, string name)
    {
        var element = MaskElement(bits, memory);
        var vector = VectorMethods.Vector(bits, element);
        var pointer = element.MakePointerType();
        if (bits == 512)
        {
            return Avx512F.IsSupported ? typeof(Avx512F).GetMethod(name, [pointer, vector, vector]) : null;
        }

        if (!Avx2.IsSupported)
        {
            return null;
        }

        var holder = memory.IsFloating ? typeof(Avx) : typeof(Avx2);
        return holder.GetMethod(name, name == "MaskLoad" ? [pointer, vector] : [pointer, vector, vector]);
    }
}
