using System;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    private void PushScale(Op op, int copy)
    {
        int bits = lanes * Width(op.Type);
        if (bits == 512 ? Avx512F.IsSupported : Avx512F.VL.IsSupported)
        {
            PushVector(op.Operands[0], copy);
            PushVector(op.Operands[1], copy);
            var vector = ClrVector(op.Type);
            var holder = bits == 512 ? typeof(Avx512F) : typeof(Avx512F.VL);
            il.Emit(OpCodes.Call, holder.GetMethod("Scale", [vector, vector])!);
            return;
        }

        // x · 2ᵃ · 2ᵇ with a + b = n: the first product is exact. The powers are made in the exponent's bits.
        var integer = op.Type.Size == 4 ? DType.I32 : DType.I64;
        int fraction = op.Type.Size == 4 ? 23 : 52;
        var n = op.Operands[1];
        double limit = op.Type.Size == 4 ? 250 : 2000;
        n = Scalar.Select(Scalar.Const(n.Type, limit) < n, Scalar.Const(n.Type, limit), n);
        n = Scalar.Select(Scalar.Const(n.Type, -limit) > n, Scalar.Const(n.Type, -limit), n);
        var whole = Scalar.Convert(n, integer);
        var half = Scalar.ShiftRightArithmetic(whole, Scalar.Const(integer, 1));
        ScalarExpr Power(ScalarExpr e) =>
            Scalar.Bitcast(
                Scalar.ShiftLeft(
                    e + Scalar.Const(integer, op.Type.Size == 4 ? 127 : 1023),
                    Scalar.Const(integer, fraction)
                ),
                op.Type
            );
        PushVector(op.Operands[0] * Power(half) * Power(whole - half), copy);
    }

    private void PushRarely(Op op, int copy)
    {
        var called = (Op)op.Operands[1];
        int width = Width(op.Type);
        var result = il.DeclareLocal(ClrVector(op.Type));
        var mask = il.DeclareLocal(MaskVector(width));
        var arguments = new LocalBuilder[called.Operands.Length];
        PushVector(op.Operands[2], copy);
        il.Emit(OpCodes.Stloc, result);
        PushMask(op.Operands[0], copy, width);
        il.Emit(OpCodes.Stloc, mask);
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = il.DeclareLocal(ClrVector(called.Operands[i].Type));
            PushVector(called.Operands[i], copy);
            il.Emit(OpCodes.Stloc, arguments[i]);
        }

        var common = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(OpCodes.Ldloc, mask);
        CallMask("Xor", width, 2);
        il.Emit(OpCodes.Ldloc, mask);
        il.Emit(
            OpCodes.Call,
            VectorMethods.Find(
                VectorMethods.Operations(lanes * width),
                "EqualsAll",
                width == 64 ? typeof(long) : typeof(int),
                MaskVector(width),
                MaskVector(width)
            )
        );
        il.Emit(OpCodes.Brtrue, common);

        // No register survives a call: what does not live across it need not be in memory where there is no call.
        il.Emit(OpCodes.Ldloc, result);
        StoreScratch(3, op.Type);
        il.Emit(OpCodes.Ldloc, mask);
        StoreScratch(4, width == 64 ? DType.I64 : DType.I32);
        for (int i = 0; i < arguments.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, arguments[i]);
        }

        CallLanes(called.Code, op.Type, arguments.Length);
        var found = il.DeclareLocal(result.LocalType);
        il.Emit(OpCodes.Stloc, found);
        LoadScratch(4, width == 64 ? DType.I64 : DType.I32);
        Reinterpret(lanes * width, op.Type);
        il.Emit(OpCodes.Ldloc, found);
        LoadScratch(3, op.Type);
        CallVector("ConditionalSelect", op.Type, 3);
        il.Emit(OpCodes.Stloc, result);
        il.MarkLabel(common);
        il.Emit(OpCodes.Ldloc, result);
    }

    // Computes one of two values. What is kept on the way to it is known there only.
    private void PushBranch(Op op, int copy)
    {
        var result = il.DeclareLocal(ClrVector(op.Type));
        var otherwise = il.DefineLabel();
        var done = il.DefineLabel();
        PushTruth(op.Operands[0]);
        il.Emit(OpCodes.Brfalse, otherwise);
        Side(op.Operands[1]);
        il.Emit(OpCodes.Br, done);
        il.MarkLabel(otherwise);
        Side(op.Operands[2]);
        il.MarkLabel(done);
        il.Emit(OpCodes.Ldloc, result);

        void Side(ScalarExpr value)
        {
            levels.Add(new Level());
            PushVector(value, copy);
            il.Emit(OpCodes.Stloc, result);
            Leave();
        }
    }

    // Pushes a truth value of which all lanes are equal as a single one.
    private void PushTruth(ScalarExpr condition)
    {
        if (stage.IsSingle(condition))
        {
            PushSingle(condition);
            return;
        }

        int width = MaskWidth(condition);
        PushVector(condition, Shared);
        CallToScalar(width == 64 ? DType.I64 : DType.I32);
        il.Emit(OpCodes.Conv_I4);
    }

    private void PushShift(Op op, int copy)
    {
        PushVector(op.Operands[0], copy);
        string name = op.Code.ToString();
        int width = Width(op.Type);
        if (op.Operands[1] is Const constant)
        {
            bool beyond = constant.Bits >= (ulong)width;
            if (beyond && op.Code != ScalarOp.ShiftRightArithmetic)
            {
                il.Emit(OpCodes.Pop);
                PushConstant((Const)Scalar.Const(op.Type, 0L));
                return;
            }

            var signed = width == 64 ? DType.I64 : DType.I32;
            Reinterpret(op.Type, signed);
            il.Emit(OpCodes.Ldc_I4, beyond ? width - 1 : (int)constant.Bits);
            var vector = ClrVector(signed);
            var method = VectorMethods.Find(
                VectorMethods.Operations(lanes * width),
                name,
                ClrElement(signed),
                vector,
                typeof(int)
            );
            il.Emit(OpCodes.Call, method);
            Reinterpret(signed, op.Type);
            return;
        }

        PushVector(op.Operands[1], copy);
        CallInteger(op.Code, op.Type);
    }

    // By how many bits x << n | x >> (32 − n) turns its operand to the left, where that is one instruction; null for all else.
    private byte? RotationOf(Op op)
    {
        int width = Width(op.Type);
        bool fits = lanes * width == 512 ? Avx512F.IsSupported : Avx512F.VL.IsSupported;
        return
            fits
            && op.Type.IsInteger
            && op.Operands[0] is Op { Code: ScalarOp.ShiftLeft } left
            && op.Operands[1] is Op { Code: ScalarOp.ShiftRightLogical } right
            && left.Operands[0].Equals(right.Operands[0])
            && left.Operands[1] is Const { Bits: > 0 } up
            && right.Operands[1] is Const { Bits: > 0 } down
            && up.Bits + down.Bits == (ulong)width
            ? (byte)up.Bits
            : null;
    }

    private void PushRotation(Op left, byte count, int copy)
    {
        PushVector(left.Operands[0], copy);
        il.Emit(OpCodes.Ldc_I4, (int)count);
        var vector = ClrVector(left.Type);
        var holder = lanes * Width(left.Type) == 512 ? typeof(Avx512F) : typeof(Avx512F.VL);
        il.Emit(OpCodes.Call, holder.GetMethod("RotateLeft", [vector, typeof(byte)])!);
    }

    private void PushIntegerCall(Op op, int copy)
    {
        PushVector(op.Operands[0], copy);
        PushVector(op.Operands[1], copy);
        CallInteger(op.Code, op.Type);
    }

    private void PushCall(ScalarOp op, ReadOnlySpan<ScalarExpr> operands, int copy)
    {
        foreach (var operand in operands)
        {
            PushVector(operand, copy);
        }

        CallLanes(op, operands[0].Type, operands.Length);
    }
}
