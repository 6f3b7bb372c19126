using System;
using System.Collections.Generic;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

/// <summary>
/// Rewrites expressions into basic operations on the register types: bool, i32, u32, i64, u64, f32 and f64. Integers below 32 bits
/// become i32 values in their range, f16 and bf16 become f32 values that the type can hold, and every operation on them computes in f32 and rounds.
/// Loads of narrow elements become loads of u8, i8, u16 or i16 under a conversion to i32.
/// </summary>
/// <param name="isSerial">Whether each value waits for the one before, so that branches pay.</param>
internal sealed partial class Expansion(bool isSerial = false)
{
    private readonly Dictionary<ScalarExpr, ScalarExpr> done = [];

    /// <summary>Expands one expression into a value of the register type of its type.</summary>
    public static ScalarExpr Expand(ScalarExpr expr) => new Expansion().Of(expr);

    /// <summary>Whether values of the type are computed in the type itself.</summary>
    public static bool IsRegister(DType type) => ReferenceEquals(RegisterOf(type), type);

    /// <summary>The type in which values of a type are computed.</summary>
    public static DType RegisterOf(DType type) =>
        type.Code switch
        {
            DTypeCode.I8 or DTypeCode.I16 or DTypeCode.U8 or DTypeCode.U16 => DType.I32,
            DTypeCode.F16 or DTypeCode.BF16 => DType.F32,
            DTypeCode.C64 or DTypeCode.C128 => throw new ArgumentException($"{type} must be taken apart first."),
            _ => type,
        };

    /// <summary>The element type by which expanded kernels read and write memory of a type.</summary>
    public static DType MemoryOf(DType type) =>
        type.Code switch
        {
            DTypeCode.Bool => DType.U8,
            DTypeCode.F16 or DTypeCode.BF16 => DType.U16,
            _ => type,
        };

    /// <summary>A register value of a type as an element of memory, of type <see cref="MemoryOf"/>.</summary>
    public static ScalarExpr ToMemory(ScalarExpr register, DType type) =>
        type.Code switch
        {
            DTypeCode.Bool => Scalar.Convert(Scalar.Select(register, I32(1), I32(0)), DType.U8),
            DTypeCode.F16 => Scalar.Convert(HalfBits(register), DType.U16),
            DTypeCode.BF16 => Scalar.Convert(
                Scalar.ShiftRightLogical(Scalar.Bitcast(register, DType.I32), I32(16)),
                DType.U16
            ),
            _ => Scalar.Convert(register, type),
        };

    /// <summary>A constant register value as a constant of the type itself.</summary>
    public static ScalarExpr FromRegister(ScalarExpr register, DType type) =>
        register is Const constant
            ? new Const(type, ScalarValue.Convert(register.Type, type, constant.Bits))
            : throw new ArgumentException("Folding gave no constant.");

    /// <summary>The expanded form of an expression; shared parts are expanded once.</summary>
    public ScalarExpr Of(ScalarExpr expr)
    {
        if (done.TryGetValue(expr, out var known))
        {
            return known;
        }

        var result = expr switch
        {
            Const constant => Scalar.ConstBits(
                RegisterOf(expr.Type),
                ScalarValue.Convert(expr.Type, RegisterOf(expr.Type), constant.Bits)
            ),
            Axis => expr,
            Reduced { Type.IsBool: true } reduced => Scalar.Ne(Scalar.Reduced(reduced.Stage, DType.I32), I32(0)),
            Reduced reduced => Rounded(
                Wrapped(Scalar.Reduced(reduced.Stage, RegisterOf(expr.Type)), expr.Type),
                expr.Type
            ),
            Load load => OfLoad(load),
            Op op => OfOp(op),
            _ => throw new ArgumentException($"A value of type {expr.Type} must be taken apart before it is computed."),
        };
        done[expr] = result;
        return result;
    }

    private static ScalarExpr I32(int value) => Scalar.Const(DType.I32, value);

    private ScalarExpr OfLoad(Load load)
    {
        var raw = Scalar.Load(load.Input, MemoryOf(load.Type), Of(load.Index));
        return load.Type.Code switch
        {
            DTypeCode.Bool => Scalar.Ne(Scalar.Convert(raw, DType.I32), I32(0)),
            DTypeCode.F16 => HalfValue(Scalar.Convert(raw, DType.I32)),
            DTypeCode.BF16 => Scalar.Bitcast(Scalar.ShiftLeft(Scalar.Convert(raw, DType.I32), I32(16)), DType.F32),
            _ => Scalar.Convert(raw, RegisterOf(load.Type)),
        };
    }

    private ScalarExpr OfOp(Op op)
    {
        var operands = new ScalarExpr[op.Operands.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = Of(op.Operands[i]);
        }

        var from = op.Operands[^1].Type;
        switch (op.Code)
        {
            case ScalarOp.Select:
                return Scalar.Select(operands[0], operands[1], operands[2]);
            case ScalarOp.Guard:
                return Scalar.Guard(operands[0], operands[1]);
            case ScalarOp.Convert:
                return Conversion(operands[0], from, op.Type);
            case ScalarOp.Bitcast:
                return Reinterpretation(operands[0], from, op.Type);
            case ScalarOp.Nextafter:
                return Next(operands[0], operands[1], op.Type);
        }

        if (op.Code is >= ScalarOp.Eq and <= ScalarOp.Ge)
        {
            return Scalar.Make(op.Code, DType.Bool, operands);
        }

        if (op.Type.IsFloating || from.IsFloating)
        {
            var result = Floating(op.Code, operands);
            result = isSerial ? WithShortcut(op.Code, operands[0], result) : result;
            return IsExact(op.Code) || IsRegister(op.Type) ? result : Rounded(result, op.Type);
        }

        if (op.Type.IsBool)
        {
            return Scalar.Make(op.Code, DType.Bool, operands);
        }

        return Wrapped(Integer(op.Code, operands, op.Type), op.Type);
    }

    // Operations whose result in f32 has no more bits than their operands.
    private static bool IsExact(ScalarOp op) =>
        op
            is ScalarOp.Neg
                or ScalarOp.Abs
                or ScalarOp.Sign
                or ScalarOp.Max
                or ScalarOp.Min
                or ScalarOp.Floor
                or ScalarOp.Ceil
                or ScalarOp.Trunc
                or ScalarOp.RoundHalfEven
                or ScalarOp.RoundHalfAway
                or ScalarOp.IsFinite;
}
