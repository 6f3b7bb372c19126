using System;
using System.Reflection.Emit;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    // An operation on vectors of one type.
    private void CallVector(string name, DType type, int operands)
    {
        var vector = ClrVector(type);
        var parameters = new Type[operands];
        Array.Fill(parameters, vector);
        var holder = VectorMethods.Operations(lanes * Width(type));
        il.Emit(OpCodes.Call, VectorMethods.Find(holder, name, ClrElement(type), parameters));
    }

    private void CallMask(string name, int width, int operands) =>
        CallVector(name, width == 64 ? DType.I64 : DType.I32, operands);

    // Makes a vector of equal lanes.
    private void CallCreate(DType type)
    {
        var element = ClrElement(type);
        var holder = VectorMethods.Operations(lanes * Width(type));
        il.Emit(OpCodes.Call, VectorMethods.Find(holder, "Create", element, element));
    }

    // Load takes an address, Store a vector and an address.
    private void CallPointer(string name, DType type)
    {
        var element = ClrElement(type);
        var pointer = element.MakePointerType();
        var holder = VectorMethods.Operations(lanes * Width(type));
        Type[] parameters = name == "Load" ? [pointer] : [ClrVector(type), pointer];
        il.Emit(OpCodes.Call, VectorMethods.Find(holder, name, element, parameters));
    }

    // Reads a mask of a width in bits as a vector of a type.
    private void Reinterpret(int bits, DType type) =>
        ReinterpretAs(Width(type) == 64 ? typeof(long) : typeof(int), ClrElement(type), bits);

    private void Reinterpret(DType from, DType to) =>
        ReinterpretAs(ClrElement(from), ClrElement(to), lanes * Width(to));

    private void ReinterpretAs(Type from, Type to, int bits)
    {
        if (from == to)
        {
            return;
        }

        string name = "As" + to.Name;
        il.Emit(
            OpCodes.Call,
            VectorMethods.Find(VectorMethods.Operations(bits), name, from, VectorMethods.Vector(bits, from))
        );
    }

    // Calls an operation for each lane; the operands are on the stack.
    private void CallLanes(ScalarOp op, DType type, int operands)
    {
        if (operands > 1)
        {
            StoreScratch(1, type);
        }

        StoreScratch(0, type);
        il.Emit(OpCodes.Ldc_I4, (int)op);
        PushScratch(0);
        PushScratch(1);
        PushScratch(2);
        il.Emit(OpCodes.Ldc_I4, lanes);
        string name = type.Code == DTypeCode.F32 ? nameof(LaneCalls.CallF32) : nameof(LaneCalls.CallF64);
        il.Emit(OpCodes.Call, typeof(LaneCalls).GetMethod(name)!);
        LoadScratch(2, type);
    }

    private void CallInteger(ScalarOp op, DType type)
    {
        StoreScratch(1, type);
        StoreScratch(0, type);
        il.Emit(OpCodes.Ldc_I4, (int)op);
        PushScratch(0);
        PushScratch(1);
        PushScratch(2);
        il.Emit(OpCodes.Ldc_I4, lanes);
        il.Emit(OpCodes.Call, VectorMethods.Call(nameof(LaneCalls.Integer), ClrElement(type)));
        LoadScratch(2, type);
    }

    // Converts the vector on the stack between register types.
    private void Convert(DType from, DType to)
    {
        var key = (from.Code, to.Code);
        switch (key)
        {
            case (DTypeCode.I32, DTypeCode.U32) or (DTypeCode.U32, DTypeCode.I32):
            case (DTypeCode.I64, DTypeCode.U64) or (DTypeCode.U64, DTypeCode.I64):
                Reinterpret(from, to);
                return;
            case (DTypeCode.I32 or DTypeCode.U32, DTypeCode.I64 or DTypeCode.U64):
                CallConversion("Widen", from);
                Reinterpret(from.IsSigned ? DType.I64 : DType.U64, to);
                return;
            case (DTypeCode.I64 or DTypeCode.U64, DTypeCode.I32 or DTypeCode.U32):
                Reinterpret(from, DType.I64);
                CallConversion("Narrow", DType.I64);
                Reinterpret(DType.I32, to);
                return;
            case (DTypeCode.I32 or DTypeCode.U32, DTypeCode.F32):
                CallOverload("ConvertToSingle", from);
                return;
            case (DTypeCode.I64 or DTypeCode.U64, DTypeCode.F64):
                CallOverload("ConvertToDouble", from);
                return;
            case (DTypeCode.I32 or DTypeCode.U32, DTypeCode.F64):
                var wide = from.IsSigned ? DType.I64 : DType.U64;
                CallConversion("Widen", from);
                CallOverload("ConvertToDouble", wide);
                return;
            case (DTypeCode.F32, DTypeCode.F64):
                CallConversion("ToDouble", from);
                return;
            case (DTypeCode.F64, DTypeCode.F32):
                CallConversion("ToSingle", from);
                return;
            case (DTypeCode.F32, DTypeCode.I32 or DTypeCode.U32):
            case (DTypeCode.F64, DTypeCode.I64 or DTypeCode.U64):
                CallOverload("ConvertTo" + ClrElement(to).Name, from);
                return;
            case (DTypeCode.F32, DTypeCode.I64 or DTypeCode.U64):
                CallConversion("ToDouble", from);
                CallOverload("ConvertTo" + ClrElement(to).Name, DType.F64);
                return;
            default:
                StoreScratch(0, from);
                PushScratch(0);
                PushScratch(1);
                il.Emit(OpCodes.Ldc_I4, lanes);
                il.Emit(OpCodes.Call, VectorMethods.Call(nameof(LaneCalls.Convert), ClrElement(from), ClrElement(to)));
                LoadScratch(1, to);
                return;
        }
    }

    private void CallConversion(string name, DType from) =>
        il.Emit(OpCodes.Call, typeof(VectorConversion).GetMethod(name, [ClrVector(from)])!);

    private void CallOverload(string name, DType from) =>
        il.Emit(
            OpCodes.Call,
            VectorMethods.Find(VectorMethods.Operations(lanes * Width(from)), name, ClrElement(from), ClrVector(from))
        );

    // Pushes a single integer: i64 as a long, 32 bits as an int, truth values as 0 or 1.
    private void PushSingle(ScalarExpr expr)
    {
        if (Known(expr, Shared) is { } known)
        {
            il.Emit(OpCodes.Ldloc, known);
            return;
        }

        switch (expr)
        {
            case Const { Type.Size: 8 } constant:
                il.Emit(OpCodes.Ldc_I8, (long)constant.Bits);
                break;
            case Const constant:
                il.Emit(OpCodes.Ldc_I4, (int)constant.Bits);
                break;
            case Axis axis:
                il.Emit(OpCodes.Ldloc, AxisLocal(axis.Number));
                break;
            case Load load:
                il.Emit(OpCodes.Ldloc, inputs[load.Input]);
                PushSingle(stage.Of(load).Rest!);
                PushScaled(load.Type.Size);
                il.Emit(OpCodes.Add);
                LoadElement(load.Type);
                break;
            case Op op:
                PushSingleOperation(op);
                break;
        }
    }

    private void PushSingleOperation(Op op)
    {
        if (op.Code is ScalarOp.Select or ScalarOp.Guard)
        {
            PushSingleSelect(op);
            return;
        }

        foreach (var operand in op.Operands)
        {
            PushSingle(operand);
        }

        switch (op.Code)
        {
            case ScalarOp.Add:
                il.Emit(OpCodes.Add);
                break;
            case ScalarOp.Sub:
                il.Emit(OpCodes.Sub);
                break;
            case ScalarOp.Mul:
                il.Emit(OpCodes.Mul);
                break;
            case ScalarOp.And:
                il.Emit(OpCodes.And);
                break;
            case ScalarOp.Or:
                il.Emit(OpCodes.Or);
                break;
            case ScalarOp.Xor:
                il.Emit(OpCodes.Xor);
                break;
            case ScalarOp.Not when op.Type.IsBool:
                il.Emit(OpCodes.Ldc_I4_1);
                il.Emit(OpCodes.Xor);
                break;
            case ScalarOp.Not:
                il.Emit(OpCodes.Not);
                break;
            case ScalarOp.Div
            or ScalarOp.Rem when op.Operands[1] is Const constant && ScalarValue.ToI64(op.Type, constant.Bits) > 0:
                il.Emit(op.Code == ScalarOp.Div ? OpCodes.Div : OpCodes.Rem);
                break;
            case ScalarOp.Div or ScalarOp.Rem:
                var type = op.Type.Size == 8 ? typeof(long) : typeof(int);
                il.Emit(OpCodes.Call, typeof(LaneCalls).GetMethod(op.Code.ToString(), [type, type])!);
                break;
            case ScalarOp.Convert:
                ConvertSingle(op.Operands[0].Type, op.Type);
                break;
            default:
                PushSingleComparison(op.Code);
                break;
        }
    }

    private void ConvertSingle(DType from, DType to)
    {
        if (to.Size == 8)
        {
            if (from.Size < 8)
            {
                il.Emit(from.Code == DTypeCode.U32 ? OpCodes.Conv_U8 : OpCodes.Conv_I8);
            }
        }
        else if (from.Size == 8)
        {
            il.Emit(OpCodes.Conv_I4);
        }
    }

    private void PushSingleComparison(ScalarOp op)
    {
        switch (op)
        {
            case ScalarOp.Eq:
                il.Emit(OpCodes.Ceq);
                return;
            case ScalarOp.Lt:
                il.Emit(OpCodes.Clt);
                return;
            case ScalarOp.Gt:
                il.Emit(OpCodes.Cgt);
                return;
            case ScalarOp.Ne:
                il.Emit(OpCodes.Ceq);
                break;
            case ScalarOp.Le:
                il.Emit(OpCodes.Cgt);
                break;
            case ScalarOp.Ge:
                il.Emit(OpCodes.Clt);
                break;
            default:
                throw new NotSupportedException($"{op.Name()} of single integers.");
        }

        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    private void PushSingleSelect(Op op)
    {
        var local = il.DeclareLocal(op.Type.Size == 8 ? typeof(long) : typeof(int));
        var otherwise = il.DeclareLocal(local.LocalType);
        var done = il.DefineLabel();
        PushSingle(op.Operands[1]);
        il.Emit(OpCodes.Stloc, local);
        PushSingle(op.Code == ScalarOp.Guard ? Scalar.Const(DType.I64, 0L) : op.Operands[2]);
        il.Emit(OpCodes.Stloc, otherwise);
        PushSingle(op.Operands[0]);
        il.Emit(OpCodes.Brtrue, done);
        il.Emit(OpCodes.Ldloc, otherwise);
        il.Emit(OpCodes.Stloc, local);
        il.MarkLabel(done);
        il.Emit(OpCodes.Ldloc, local);
    }
}
