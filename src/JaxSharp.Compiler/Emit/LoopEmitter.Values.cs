using System;
using System.Reflection.Emit;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Emit;

internal sealed partial class LoopEmitter
{
    private static int Width(DType type) => type.Size >= 8 ? 64 : 32;

    private static Type ClrElement(DType type) =>
        type.Code switch
        {
            DTypeCode.Bool => typeof(int),
            _ => type.ClrType,
        };

    private Type ClrVector(DType type) => VectorMethods.Vector(lanes * Width(type), ClrElement(type));

    private Type MaskVector(int width) => VectorMethods.Vector(lanes * width, width == 64 ? typeof(long) : typeof(int));

    private Type ClrType(ScalarExpr expr) =>
        stage.IsSingle(expr) ? (expr.Type.Size >= 8 ? typeof(long) : typeof(int))
        : expr.Type.IsBool ? MaskVector(MaskWidth(expr))
        : ClrVector(expr.Type);

    // The element width of the mask that stands for a truth value.
    private int MaskWidth(ScalarExpr expr) =>
        expr switch
        {
            _ when stage.IsSingle(expr) => 32,
            Op { Code: >= ScalarOp.Eq and <= ScalarOp.Ge } op when !op.Operands[0].Type.IsBool => Width(
                op.Operands[0].Type
            ),
            Op { Code: ScalarOp.Select } op => MaskWidth(op.Operands[1]),
            Op op when op.Operands[0].Type.IsBool => MaskWidth(op.Operands[0]),
            _ => 32,
        };

    // Pushes a value as a vector, a truth value as a mask of its own width.
    private void PushVector(ScalarExpr expr, int copy)
    {
        if (expr is Const constant && !expr.Type.IsBool)
        {
            PushConstant(constant);
        }
        else if (stage.IsSingle(expr))
        {
            PushSingle(expr);
            Broadcast(expr.Type);
        }
        else
        {
            Push(expr, copy);
        }
    }

    private void PushMask(ScalarExpr expr, int copy, int width)
    {
        PushVector(expr, copy);
        ConvertMask(MaskWidth(expr), width);
    }

    private void ConvertMask(int from, int to)
    {
        if (from == to)
        {
            return;
        }

        string name = from < to ? "Widen" : "Narrow";
        il.Emit(OpCodes.Call, typeof(VectorConversion).GetMethod(name, [MaskVector(from)])!);
    }

    private void Broadcast(DType type)
    {
        if (!type.IsBool)
        {
            CallCreate(type);
            return;
        }

        il.Emit(OpCodes.Neg);
        CallCreate(DType.I32);
    }

    private void Push(ScalarExpr expr, int copy)
    {
        copy = stage.Varies(expr) ? copy : Shared;
        if (Known(expr, copy) is { } known)
        {
            il.Emit(OpCodes.Ldloc, known);
            return;
        }

        switch (expr)
        {
            case Const constant:
                PushConstant(constant);
                return;
            case Axis:
                PushAxis(copy);
                break;
            case Load load:
                PushLoad(load, load.Type, copy);
                break;
            case Op op:
                PushOperation(op, copy);
                break;
            default:
                throw new NotSupportedException($"{expr} in emitted code.");
        }

        if (Row(expr) is { } row)
        {
            var value = StoreKept(expr, copy);
            KeepInRow(row, expr, value, copy);
            il.Emit(OpCodes.Ldloc, value);
        }
        else if (stage.Uses(expr) > 1)
        {
            il.Emit(OpCodes.Ldloc, StoreKept(expr, copy));
        }
    }

    private void PushConstant(Const constant)
    {
        switch (constant.Type.Code)
        {
            case DTypeCode.F32:
                il.Emit(OpCodes.Ldc_R4, BitConverter.UInt32BitsToSingle((uint)constant.Bits));
                break;
            case DTypeCode.F64:
                il.Emit(OpCodes.Ldc_R8, BitConverter.UInt64BitsToDouble(constant.Bits));
                break;
            case DTypeCode.I64 or DTypeCode.U64:
                il.Emit(OpCodes.Ldc_I8, (long)constant.Bits);
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, (int)constant.Bits);
                break;
        }

        Broadcast(constant.Type);
    }

    private void PushPosition(int copy)
    {
        il.Emit(OpCodes.Ldloc, position);
        int offset = Math.Max(copy, 0) * lanes + tailOffset;
        if (offset != 0)
        {
            il.Emit(OpCodes.Ldc_I8, (long)offset);
            il.Emit(OpCodes.Add);
        }
    }

    private void PushAxis(int copy)
    {
        PushPosition(copy);
        CallCreate(DType.I64);
        PushIndices(DType.I64);
        CallVector("Add", DType.I64, 2);
    }

    private void PushNarrowAxis(int copy)
    {
        PushPosition(copy);
        il.Emit(OpCodes.Conv_I4);
        CallCreate(DType.I32);
        PushIndices(DType.I32);
        CallVector("Add", DType.I32, 2);
    }

    private void PushIndices(DType type)
    {
        var vector = ClrVector(type);
        il.Emit(OpCodes.Call, vector.GetProperty("Indices")!.GetMethod!);
    }

    private void PushOperation(Op op, int copy)
    {
        var type = op.Type;
        var from = op.Operands[^1].Type;
        switch (op.Code)
        {
            case ScalarOp.Add:
                PushPlain("Add", op, copy);
                break;
            case ScalarOp.Sub:
                PushPlain("Subtract", op, copy);
                break;
            case ScalarOp.Mul:
                PushPlain("Multiply", op, copy);
                break;
            case ScalarOp.Div when type.IsFloating:
                PushPlain("Divide", op, copy);
                break;
            case ScalarOp.Div or ScalarOp.Rem when !type.IsFloating:
                PushIntegerCall(op, copy);
                break;
            case ScalarOp.Fma:
                PushPlain("FusedMultiplyAdd", op, copy);
                break;
            case ScalarOp.Sqrt:
                PushPlain("Sqrt", op, copy);
                break;
            case ScalarOp.Floor:
                PushPlain("Floor", op, copy);
                break;
            case ScalarOp.Ceil:
                PushPlain("Ceiling", op, copy);
                break;
            case ScalarOp.RoundHalfEven:
                PushPlain("Round", op, copy);
                break;
            case ScalarOp.Trunc:
                PushPlain("Truncate", op, copy);
                break;
            case ScalarOp.Scale:
                PushScale(op, copy);
                break;
            case ScalarOp.Quotient:
                PushQuotient(op, copy);
                break;
            case >= ScalarOp.Eq and <= ScalarOp.Ge:
                PushComparison(op, copy);
                break;
            case ScalarOp.Branch when !stage.Varies(op.Operands[0]):
                PushBranch(op, copy);
                break;
            case ScalarOp.Select or ScalarOp.Guard or ScalarOp.Branch:
                PushSelect(op, copy);
                break;
            case ScalarOp.Rarely:
                PushRarely(op, copy);
                break;
            case ScalarOp.And:
                PushBitwise("BitwiseAnd", op, copy);
                break;
            case ScalarOp.Or when RotationOf(op) is { } count:
                PushRotation((Op)op.Operands[0], count, copy);
                break;
            case ScalarOp.Or:
                PushBitwise("BitwiseOr", op, copy);
                break;
            case ScalarOp.Xor:
                PushBitwise("Xor", op, copy);
                break;
            case ScalarOp.Not:
                PushBitwise("OnesComplement", op, copy);
                break;
            case ScalarOp.ShiftLeft or ScalarOp.ShiftRightLogical or ScalarOp.ShiftRightArithmetic:
                PushShift(op, copy);
                break;
            case ScalarOp.Convert when op.Operands[0] is Load { Type.Size: < 4 } load:
                PushLoad(load, type, copy);
                break;
            case ScalarOp.Convert when op.Operands[0] is Axis && type.Code == DTypeCode.I32:
                PushNarrowAxis(copy);
                break;
            case ScalarOp.Convert:
                PushVector(op.Operands[0], copy);
                Convert(from, type);
                break;
            case ScalarOp.Bitcast:
                PushVector(op.Operands[0], copy);
                Reinterpret(from, type);
                break;
            default:
                PushCall(op.Code, op.Operands, copy);
                break;
        }
    }

    private void PushPlain(string method, Op op, int copy)
    {
        foreach (var operand in op.Operands)
        {
            PushVector(operand, copy);
        }

        CallVector(method, op.Type, op.Operands.Length);
    }

    private void PushComparison(Op op, int copy)
    {
        var (x, y) = (op.Operands[0], op.Operands[1]);
        if (x.Type.IsBool)
        {
            int width = MaskWidth(op);
            PushMask(x, copy, width);
            PushMask(y, copy, width);
            CallMask("Xor", width, 2);
            if (op.Code == ScalarOp.Eq)
            {
                CallMask("OnesComplement", width, 1);
            }

            return;
        }

        PushVector(x, copy);
        PushVector(y, copy);
        string name = op.Code switch
        {
            ScalarOp.Lt => "LessThan",
            ScalarOp.Le => "LessThanOrEqual",
            ScalarOp.Gt => "GreaterThan",
            ScalarOp.Ge => "GreaterThanOrEqual",
            _ => "Equals",
        };
        CallVector(name, x.Type, 2);
        ReinterpretAs(ClrElement(x.Type), Width(x.Type) == 64 ? typeof(long) : typeof(int), lanes * Width(x.Type));
        if (op.Code == ScalarOp.Ne)
        {
            CallMask("OnesComplement", Width(x.Type), 1);
        }
    }

    private void PushSelect(Op op, int copy)
    {
        var (condition, x) = (op.Operands[0], op.Operands[1]);
        var y = op.Code == ScalarOp.Guard ? Scalar.Const(DType.I64, 0L) : op.Operands[2];
        if (op.Type.IsBool)
        {
            int width = MaskWidth(op);
            PushMask(condition, copy, width);
            PushMask(x, copy, width);
            PushMask(y, copy, width);
            CallMask("ConditionalSelect", width, 3);
            return;
        }

        // x > y ? x : y is one instruction on x86, and so is x < y ? x : y.
        if (
            condition is Op { Code: ScalarOp.Gt or ScalarOp.Lt } comparison
            && op.Type.IsFloating
            && comparison.Operands[0].Equals(x)
            && comparison.Operands[1].Equals(y)
        )
        {
            PushVector(x, copy);
            PushVector(y, copy);
            PushFirstBeyond(comparison.Code == ScalarOp.Gt, op.Type);
            return;
        }

        PushMask(condition, copy, Width(op.Type));
        Reinterpret(lanes * Width(op.Type), op.Type);
        PushVector(x, copy);
        PushVector(y, copy);
        CallVector("ConditionalSelect", op.Type, 3);
    }

    // Of two floating-point vectors on the stack x, y: x > y ? x : y, or x < y ? x : y.
    private void PushFirstBeyond(bool above, DType type)
    {
        int bits = lanes * Width(type);
        string name = above ? "Max" : "Min";
        var vector = ClrVector(type);
        var holder =
            bits == 512 && Avx512F.IsSupported ? typeof(Avx512F)
            : bits == 256 && Avx.IsSupported ? typeof(Avx)
            : bits == 128 && Sse2.IsSupported ? (type.Size == 4 ? typeof(Sse) : typeof(Sse2))
            : null;
        if (holder is not null)
        {
            il.Emit(OpCodes.Call, holder.GetMethod(name, [vector, vector])!);
            return;
        }

        var y = il.DeclareLocal(vector);
        var x = il.DeclareLocal(vector);
        il.Emit(OpCodes.Stloc, y);
        il.Emit(OpCodes.Stloc, x);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, y);
        CallVector(above ? "GreaterThan" : "LessThan", type, 2);
        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ldloc, y);
        CallVector("ConditionalSelect", type, 3);
    }

    private void PushBitwise(string method, Op op, int copy)
    {
        if (!op.Type.IsBool)
        {
            PushPlain(method, op, copy);
            return;
        }

        int width = MaskWidth(op);
        foreach (var operand in op.Operands)
        {
            PushMask(operand, copy, width);
        }

        CallMask(method, width, op.Operands.Length);
    }
}
