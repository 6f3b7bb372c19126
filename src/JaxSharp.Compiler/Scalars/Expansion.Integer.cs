using System;

namespace JaxSharp.Compiler.Scalars;

internal sealed partial class Expansion
{
    // Brings an i32 value back into the range of a narrow type.
    private static ScalarExpr Wrapped(ScalarExpr x, DType type) =>
        type.Code switch
        {
            DTypeCode.I8 or DTypeCode.I16 => SignExtended(x, type),
            DTypeCode.U8 or DTypeCode.U16 => Scalar.And(x, I32(type.Code == DTypeCode.U8 ? 0xff : 0xffff)),
            _ => x,
        };

    private static ScalarExpr SignExtended(ScalarExpr x, DType type)
    {
        var unused = I32(32 - type.Bits);
        return Scalar.ShiftRightArithmetic(Scalar.ShiftLeft(x, unused), unused);
    }

    private static ScalarExpr ZeroExtended(ScalarExpr x, DType type) =>
        IsRegister(type) ? x : Scalar.And(x, I32((int)(uint.MaxValue >> (32 - type.Bits))));

    private static ScalarExpr Integer(ScalarOp op, ScalarExpr[] x, DType type)
    {
        var register = x[0].Type;
        var zero = Scalar.Const(register, 0L);
        switch (op)
        {
            case ScalarOp.Neg:
                return Scalar.Sub(zero, x[0]);
            case ScalarOp.Abs:
                return Scalar.Select(x[0] < zero, zero - x[0], x[0]);
            case ScalarOp.Sign:
                var one = Scalar.Const(register, 1L);
                var positive = Scalar.Select(x[0] > zero, one, zero);
                return type.IsSigned ? Scalar.Select(x[0] < zero, Scalar.Const(register, -1L), positive) : positive;
            case ScalarOp.Max:
                return Scalar.Select(x[0] > x[1], x[0], x[1]);
            case ScalarOp.Min:
                return Scalar.Select(x[0] < x[1], x[0], x[1]);
            case ScalarOp.IntegerPow:
                return Scalar.PowerByMultiplication(x[0], Constant(x[1]));
            case ScalarOp.ShiftRightLogical:
                return Scalar.ShiftRightLogical(ZeroExtended(x[0], type), x[1]);
            case ScalarOp.ShiftRightArithmetic when !IsRegister(type):
                return Scalar.ShiftRightArithmetic(SignExtended(x[0], type), x[1]);
            case ScalarOp.PopulationCount:
                return PopulationCount(ZeroExtended(x[0], type));
            case ScalarOp.CountLeadingZeros:
                var zeros = LeadingZeros(ZeroExtended(x[0], type));
                return IsRegister(type) ? zeros : Scalar.Sub(zeros, I32(32 - type.Bits));
            case ScalarOp.MulHi:
                return MulHi(x[0], x[1], type);
            case ScalarOp.Threefry0:
                return Threefry(x).A;
            case ScalarOp.Threefry1:
                return Threefry(x).B;
            default:
                return Scalar.Make(op, register, x);
        }
    }

    private static int Constant(ScalarExpr x) =>
        x is ScalarExpr.Const constant
            ? (int)constant.Bits
            : throw new ArgumentException("The exponent must be a constant.");

    private static ScalarExpr PopulationCount(ScalarExpr x)
    {
        ScalarExpr C(ulong pattern) => Scalar.Const(x.Type, (long)pattern);
        ScalarExpr Shr(ScalarExpr y, int count) => Scalar.ShiftRightLogical(y, Scalar.Const(x.Type, count));
        x = x - (Shr(x, 1) & C(0x5555555555555555));
        x = (x & C(0x3333333333333333)) + (Shr(x, 2) & C(0x3333333333333333));
        x = (x + Shr(x, 4)) & C(0x0f0f0f0f0f0f0f0f);
        return Shr(x * C(0x0101010101010101), x.Type.Bits - 8);
    }

    private static ScalarExpr LeadingZeros(ScalarExpr x)
    {
        for (int shift = 1; shift < x.Type.Bits; shift *= 2)
        {
            x |= Scalar.ShiftRightLogical(x, Scalar.Const(x.Type, shift));
        }

        return PopulationCount(~x);
    }

    private static ScalarExpr MulHi(ScalarExpr x, ScalarExpr y, DType type)
    {
        if (!IsRegister(type))
        {
            return Scalar.ShiftRightArithmetic(x * y, I32(type.Bits));
        }

        // Schoolbook multiplication by halves, for unsigned operands.
        int half = type.Bits / 2;
        var mask = Scalar.Const(type, (1L << half) - 1);
        ScalarExpr High(ScalarExpr z) => Scalar.ShiftRightLogical(z, Scalar.Const(type, half));
        var (xl, xh, yl, yh) = (x & mask, High(x), y & mask, High(y));
        var middle = (xh * yl) + High(xl * yl);
        var carry = High((xl * yh) + (middle & mask));
        var high = (xh * yh) + High(middle) + carry;
        if (type.IsUnsigned)
        {
            return high;
        }

        // A negative operand was taken for itself plus 2ⁿ.
        var zero = Scalar.Const(type, 0L);
        return high - Scalar.Select(x < zero, y, zero) - Scalar.Select(y < zero, x, zero);
    }

    // J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011): 20 rounds of Threefry-2x32.
    private static (ScalarExpr A, ScalarExpr B) Threefry(ScalarExpr[] x)
    {
        ScalarExpr C(long value) => Scalar.Const(DType.U32, value);
        var (key0, key1) = (x[0], x[1]);
        ScalarExpr[] keys = [key0, key1, key0 ^ key1 ^ C(0x1bd11bda)];
        int[] rotations = [13, 15, 26, 6, 17, 29, 16, 24];
        var (a, b) = (x[2] + keys[0], x[3] + keys[1]);
        for (int group = 0; group < 5; group++)
        {
            for (int round = 0; round < 4; round++)
            {
                int count = rotations[(group % 2) * 4 + round];
                a += b;
                b = Scalar.ShiftLeft(b, C(count)) | Scalar.ShiftRightLogical(b, C(32 - count));
                b ^= a;
            }

            a += keys[(group + 1) % 3];
            b = b + keys[(group + 2) % 3] + C(group + 1);
        }

        return (a, b);
    }
}
