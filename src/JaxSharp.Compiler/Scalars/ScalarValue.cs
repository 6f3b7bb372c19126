using System;
using System.Numerics;

namespace JaxSharp.Compiler.Scalars;

/// <summary>
/// The meaning of the basic operations on values in 64-bit slots, which hold the bits of an element zero-extended. Operations
/// other than conversions take the register types only: bool, i32, u32, i64, u64, f32 and f64.
/// </summary>
internal static class ScalarValue
{
    /// <summary>The bits of a number in an element type: rounded, saturated towards integers, wrapped between integers.</summary>
    public static ulong FromDouble(DType type, double value) =>
        type.Code switch
        {
            DTypeCode.Bool => value != 0 ? 1ul : 0,
            DTypeCode.I8 => (byte)(sbyte)Math.Clamp(ToI64(value), sbyte.MinValue, sbyte.MaxValue),
            DTypeCode.I16 => (ushort)(short)Math.Clamp(ToI64(value), short.MinValue, short.MaxValue),
            DTypeCode.I32 => (uint)(int)Math.Clamp(ToI64(value), int.MinValue, int.MaxValue),
            DTypeCode.I64 => (ulong)ToI64(value),
            DTypeCode.U8 => (byte)Math.Clamp(ToI64(value), 0, byte.MaxValue),
            DTypeCode.U16 => (ushort)Math.Clamp(ToI64(value), 0, ushort.MaxValue),
            DTypeCode.U32 => (uint)Math.Clamp(ToI64(value), 0, uint.MaxValue),
            DTypeCode.U64 => ToU64(value),
            DTypeCode.F16 => BitConverter.HalfToUInt16Bits((Half)value),
            DTypeCode.BF16 => ((BFloat16)(float)value).Bits,
            DTypeCode.F32 => Of((float)value),
            DTypeCode.F64 => Of(value),
            _ => throw new ArgumentException($"{type} is no real type."),
        };

    /// <summary>The bits of an integer in an element type: wrapped, or rounded.</summary>
    public static ulong FromInteger(DType type, long value) =>
        type.Code switch
        {
            DTypeCode.Bool => value != 0 ? 1ul : 0,
            DTypeCode.I8 or DTypeCode.U8 => (byte)value,
            DTypeCode.I16 or DTypeCode.U16 => (ushort)value,
            DTypeCode.I32 or DTypeCode.U32 => (uint)value,
            DTypeCode.I64 or DTypeCode.U64 => (ulong)value,
            DTypeCode.F32 => Of((float)value),
            DTypeCode.F64 => Of((double)value),
            DTypeCode.F16 => BitConverter.HalfToUInt16Bits((Half)(float)value),
            DTypeCode.BF16 => ((BFloat16)(float)value).Bits,
            _ => throw new ArgumentException($"{type} is no real type."),
        };

    /// <summary>The bits of an integer without sign in an element type: wrapped, or rounded.</summary>
    public static ulong FromInteger(DType type, ulong value) =>
        type.Code switch
        {
            DTypeCode.F32 => Of((float)value),
            DTypeCode.F64 => Of((double)value),
            DTypeCode.F16 => BitConverter.HalfToUInt16Bits((Half)(float)value),
            DTypeCode.BF16 => ((BFloat16)(float)value).Bits,
            _ => FromInteger(type, (long)value),
        };

    /// <summary>The number that the bits of a floating-point type stand for.</summary>
    public static double ToDouble(DType type, ulong bits) =>
        type.Code switch
        {
            DTypeCode.F16 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
            DTypeCode.BF16 => new BFloat16((ushort)bits),
            DTypeCode.F32 => F32(bits),
            DTypeCode.F64 => F64(bits),
            DTypeCode.U64 => bits,
            _ => ToI64(type, bits),
        };

    /// <summary>The number that the bits of an integer type or bool stand for; u64 wraps.</summary>
    public static long ToI64(DType type, ulong bits) =>
        type.Code switch
        {
            DTypeCode.I8 => (sbyte)bits,
            DTypeCode.I16 => (short)bits,
            DTypeCode.I32 => (int)bits,
            _ => (long)bits,
        };

    /// <summary>Converts between any two real types.</summary>
    public static ulong Convert(DType from, DType to, ulong bits)
    {
        if (!from.IsFloating)
        {
            // Through f32 as the register operations do: exact where the narrow type can hold the result at all.
            return from.Code == DTypeCode.U64 ? FromInteger(to, bits) : FromInteger(to, ToI64(from, bits));
        }

        // To bf16 by way of f32, as XLA does.
        if (from.Code == DTypeCode.F64 && to.Code == DTypeCode.BF16)
        {
            return FromDouble(to, (float)F64(bits));
        }

        return FromDouble(to, ToDouble(from, bits));
    }

    /// <summary>Applies a basic operation other than a conversion.</summary>
    /// <param name="op">The operation.</param>
    /// <param name="type">The register type of the last operand.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand, if any.</param>
    /// <param name="c">The third operand, if any.</param>
    public static ulong Apply(ScalarOp op, DTypeCode type, ulong a, ulong b, ulong c)
    {
        if (op is ScalarOp.Select or ScalarOp.Rarely or ScalarOp.Branch)
        {
            return a != 0 ? b : c;
        }

        if (op == ScalarOp.Guard)
        {
            return a != 0 ? b : 0;
        }

        return type switch
        {
            DTypeCode.F32 => ApplyF32(op, F32(a), F32(b), F32(c)),
            DTypeCode.F64 => ApplyF64(op, F64(a), F64(b), F64(c)),
            DTypeCode.I32 => ApplyI32(op, (int)a, (int)b),
            DTypeCode.U32 => ApplyU32(op, (uint)a, (uint)b),
            DTypeCode.I64 => ApplyI64(op, (long)a, (long)b),
            DTypeCode.U64 => ApplyU64(op, a, b),
            DTypeCode.Bool => ApplyBool(op, a, b),
            _ => throw Unknown(op),
        };
    }

    private static ulong ApplyF32(ScalarOp op, float a, float b, float c) =>
        op switch
        {
            ScalarOp.Add => Of(a + b),
            ScalarOp.Sub => Of(a - b),
            ScalarOp.Mul => Of(a * b),
            ScalarOp.Div or ScalarOp.Quotient => Of(a / b),
            ScalarOp.Fma => Of(MathF.FusedMultiplyAdd(a, b, c)),
            ScalarOp.Sqrt => Of(MathF.Sqrt(a)),
            ScalarOp.Floor => Of(MathF.Floor(a)),
            ScalarOp.Ceil => Of(MathF.Ceiling(a)),
            ScalarOp.RoundHalfEven => Of(MathF.Round(a, MidpointRounding.ToEven)),
            ScalarOp.Trunc => Of(MathF.Truncate(a)),
            ScalarOp.Eq => Of(a == b),
            ScalarOp.Ne => Of(a != b),
            ScalarOp.Lt => Of(a < b),
            ScalarOp.Le => Of(a <= b),
            ScalarOp.Gt => Of(a > b),
            ScalarOp.Ge => Of(a >= b),
            ScalarOp.Rem => Of(a % b),
            ScalarOp.Scale => Of((float)(a * Math.ScaleB(1, (int)Math.Clamp(b, -400, 400)))),
            _ => Of((float)SpecialFunctions.Apply(op, a, b)),
        };

    private static ulong ApplyF64(ScalarOp op, double a, double b, double c) =>
        op switch
        {
            ScalarOp.Add => Of(a + b),
            ScalarOp.Sub => Of(a - b),
            ScalarOp.Mul => Of(a * b),
            ScalarOp.Div => Of(a / b),
            ScalarOp.Fma => Of(Math.FusedMultiplyAdd(a, b, c)),
            ScalarOp.Sqrt => Of(Math.Sqrt(a)),
            ScalarOp.Floor => Of(Math.Floor(a)),
            ScalarOp.Ceil => Of(Math.Ceiling(a)),
            ScalarOp.RoundHalfEven => Of(Math.Round(a, MidpointRounding.ToEven)),
            ScalarOp.Trunc => Of(Math.Truncate(a)),
            ScalarOp.Eq => Of(a == b),
            ScalarOp.Ne => Of(a != b),
            ScalarOp.Lt => Of(a < b),
            ScalarOp.Le => Of(a <= b),
            ScalarOp.Gt => Of(a > b),
            ScalarOp.Ge => Of(a >= b),
            ScalarOp.Rem => Of(a % b),
            ScalarOp.Scale => Of(Scaled(a, b)),
            _ => Of(SpecialFunctions.Apply(op, a, b)),
        };

    private static ulong ApplyI32(ScalarOp op, int a, int b) =>
        op switch
        {
            ScalarOp.Add => (uint)(a + b),
            ScalarOp.Sub => (uint)(a - b),
            ScalarOp.Mul => (uint)(a * b),
            ScalarOp.Div => (uint)(
                b == 0 ? -1
                : b == -1 ? -a
                : a / b
            ),
            ScalarOp.Rem => (uint)(
                b == 0 ? a
                : b == -1 ? 0
                : a % b
            ),
            ScalarOp.ShiftRightArithmetic => (uint)(a >> ((uint)b > 31 ? 31 : b)),
            ScalarOp.Lt => Of(a < b),
            ScalarOp.Le => Of(a <= b),
            ScalarOp.Gt => Of(a > b),
            ScalarOp.Ge => Of(a >= b),
            _ => ApplyU32(op, (uint)a, (uint)b),
        };

    private static ulong ApplyU32(ScalarOp op, uint a, uint b) =>
        op switch
        {
            ScalarOp.Add => a + b,
            ScalarOp.Sub => a - b,
            ScalarOp.Mul => a * b,
            ScalarOp.Div => b == 0 ? uint.MaxValue : a / b,
            ScalarOp.Rem => b == 0 ? a : a % b,
            ScalarOp.ShiftLeft => b > 31 ? 0 : a << (int)b,
            ScalarOp.ShiftRightLogical => b > 31 ? 0 : a >> (int)b,
            ScalarOp.ShiftRightArithmetic => (uint)((int)a >> (b > 31 ? 31 : (int)b)),
            ScalarOp.And => a & b,
            ScalarOp.Or => a | b,
            ScalarOp.Xor => a ^ b,
            ScalarOp.Not => ~a,
            ScalarOp.Eq => Of(a == b),
            ScalarOp.Ne => Of(a != b),
            ScalarOp.Lt => Of(a < b),
            ScalarOp.Le => Of(a <= b),
            ScalarOp.Gt => Of(a > b),
            ScalarOp.Ge => Of(a >= b),
            _ => throw Unknown(op),
        };

    private static ulong ApplyI64(ScalarOp op, long a, long b) =>
        op switch
        {
            ScalarOp.Add => (ulong)(a + b),
            ScalarOp.Sub => (ulong)(a - b),
            ScalarOp.Mul => (ulong)(a * b),
            ScalarOp.Div => (ulong)(
                b == 0 ? -1
                : b == -1 ? -a
                : a / b
            ),
            ScalarOp.Rem => (ulong)(
                b == 0 ? a
                : b == -1 ? 0
                : a % b
            ),
            ScalarOp.ShiftRightArithmetic => (ulong)(a >> ((ulong)b > 63 ? 63 : (int)b)),
            ScalarOp.Lt => Of(a < b),
            ScalarOp.Le => Of(a <= b),
            ScalarOp.Gt => Of(a > b),
            ScalarOp.Ge => Of(a >= b),
            _ => ApplyU64(op, (ulong)a, (ulong)b),
        };

    private static ulong ApplyU64(ScalarOp op, ulong a, ulong b) =>
        op switch
        {
            ScalarOp.Add => a + b,
            ScalarOp.Sub => a - b,
            ScalarOp.Mul => a * b,
            ScalarOp.Div => b == 0 ? ulong.MaxValue : a / b,
            ScalarOp.Rem => b == 0 ? a : a % b,
            ScalarOp.ShiftLeft => b > 63 ? 0 : a << (int)b,
            ScalarOp.ShiftRightLogical => b > 63 ? 0 : a >> (int)b,
            ScalarOp.ShiftRightArithmetic => (ulong)((long)a >> (b > 63 ? 63 : (int)b)),
            ScalarOp.And => a & b,
            ScalarOp.Or => a | b,
            ScalarOp.Xor => a ^ b,
            ScalarOp.Not => ~a,
            ScalarOp.Eq => Of(a == b),
            ScalarOp.Ne => Of(a != b),
            ScalarOp.Lt => Of(a < b),
            ScalarOp.Le => Of(a <= b),
            ScalarOp.Gt => Of(a > b),
            ScalarOp.Ge => Of(a >= b),
            _ => throw Unknown(op),
        };

    private static ulong ApplyBool(ScalarOp op, ulong a, ulong b) =>
        op switch
        {
            ScalarOp.And => a & b,
            ScalarOp.Or => a | b,
            ScalarOp.Xor or ScalarOp.Ne => a ^ b,
            ScalarOp.Not => a ^ 1,
            ScalarOp.Eq => (a ^ b) ^ 1,
            _ => throw Unknown(op),
        };

    // In two steps, the first of which is exact.
    private static double Scaled(double x, double n)
    {
        if (double.IsNaN(n))
        {
            return n;
        }

        int exponent = (int)Math.Clamp(n, -2000, 2000);
        int half = exponent >> 1;
        return x * Math.ScaleB(1, half) * Math.ScaleB(1, exponent - half);
    }

    private static ArgumentException Unknown(ScalarOp op) => new($"{op.Name()} is no basic operation of this type.");

    private static long ToI64(double value) =>
        double.IsNaN(value) ? 0
        : value >= 9223372036854775808.0 ? long.MaxValue
        : value < -9223372036854775808.0 ? long.MinValue
        : (long)value;

    private static ulong ToU64(double value) =>
        !(value > 0) ? 0
        : value >= 18446744073709551616.0 ? ulong.MaxValue
        : (ulong)value;

    private static float F32(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static double F64(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static ulong Of(float value) => BitConverter.SingleToUInt32Bits(value);

    private static ulong Of(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static ulong Of(bool value) => value ? 1ul : 0;
}
