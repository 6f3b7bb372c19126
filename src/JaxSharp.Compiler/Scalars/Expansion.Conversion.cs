using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal sealed partial class Expansion
{
    private static ScalarExpr Conversion(ScalarExpr x, DType from, DType to)
    {
        var register = RegisterOf(to);
        if (from.IsBool)
        {
            return Scalar.Select(x, Scalar.Const(register, 1L), Scalar.Const(register, 0L));
        }

        if (!from.IsFloating)
        {
            var converted = Scalar.Convert(x, register);
            return to.IsFloating ? Rounded(converted, to) : Wrapped(converted, to);
        }

        if (to.IsFloating)
        {
            var single =
                from.Code == DTypeCode.F64 && to.Code == DTypeCode.F16 ? RoundedToOdd(x) : Scalar.Convert(x, register);
            return Rounded(single, to);
        }

        if (IsRegister(to))
        {
            return Scalar.Convert(x, to);
        }

        // Conversion to i32 saturates, then the narrow range does.
        long lowest = to.IsSigned ? -(1L << (to.Bits - 1)) : 0;
        long highest = (1L << (to.IsSigned ? to.Bits - 1 : to.Bits)) - 1;
        var wide = Scalar.Convert(x, DType.I32);
        wide = Scalar.Select(wide < lowest, I32((int)lowest), wide);
        return Scalar.Select(wide > highest, I32((int)highest), wide);
    }

    private static ScalarExpr Reinterpretation(ScalarExpr x, DType from, DType to)
    {
        if (IsRegister(from) && IsRegister(to))
        {
            return Scalar.Bitcast(x, to);
        }

        // 8 and 16 bits: by way of the bits in an i32.
        var bits = from.Code switch
        {
            DTypeCode.F16 => HalfBits(x),
            DTypeCode.BF16 => Scalar.ShiftRightLogical(Scalar.Bitcast(x, DType.I32), I32(16)),
            _ => ZeroExtended(x, from),
        };
        return FromBits(bits, to);
    }

    private static ScalarExpr FromBits(ScalarExpr bits, DType type) =>
        type.Code switch
        {
            DTypeCode.F16 => HalfValue(bits),
            DTypeCode.BF16 => Scalar.Bitcast(Scalar.ShiftLeft(bits, I32(16)), DType.F32),
            _ => Wrapped(bits, type),
        };

    // An f64 value in f32 that rounds on as the value itself does: what lies between two numbers becomes the odd one, so that it
    // cannot look like the middle between two numbers of fewer bits.
    private static ScalarExpr RoundedToOdd(ScalarExpr x)
    {
        var nearest = Scalar.Convert(x, DType.F32);
        var back = Scalar.Convert(nearest, DType.F64);
        var bits = Scalar.Bitcast(nearest, DType.I32);
        var below = bits - Scalar.Select(AbsF(back) > AbsF(x), I32(1), I32(0));
        var odd = Scalar.Bitcast(below | I32(1), DType.F32);
        return Scalar.Select(Scalar.Eq(back, x) | Scalar.IsNaN(x), nearest, odd);
    }

    // Rounds an f32 value to one that f16 or bf16 can hold.
    private static ScalarExpr Rounded(ScalarExpr x, DType type) =>
        type.Code switch
        {
            DTypeCode.F16 => RoundedToHalf(x),
            DTypeCode.BF16 => RoundedBits(x, 16),
            _ => x,
        };

    // Rounds away the lower bits of an f32 value, ties to even; a carry runs into the exponent, up to infinity.
    private static ScalarExpr RoundedBits(ScalarExpr x, int dropped)
    {
        var bits = Scalar.Bitcast(x, DType.I32);
        var odd = Scalar.ShiftRightLogical(bits, I32(dropped)) & I32(1);
        var rounded = (bits + odd + I32((1 << (dropped - 1)) - 1)) & I32(-1 << dropped);
        return Scalar.Select(Scalar.IsNaN(x), Scalar.Const(DType.F32, double.NaN), Scalar.Bitcast(rounded, DType.F32));
    }

    private static ScalarExpr RoundedToHalf(ScalarExpr x)
    {
        var normal = RoundedBits(x, 13);
        var magnitude = AbsF(x);

        // Below 2⁻¹⁴ the numbers of f16 have the distance 2⁻²⁴, which is that of f32 at ½.
        var small = Scalar.CopySign(magnitude + 0.5 - 0.5, x);
        var infinite = Scalar.CopySign(Scalar.Const(DType.F32, double.PositiveInfinity), x);
        var large = Scalar.Select(magnitude >= 65520, infinite, normal);
        return Scalar.Select(magnitude < 6.103515625e-05, small, large);
    }

    // The f32 value of the bits of an f16, given zero-extended.
    private static ScalarExpr HalfValue(ScalarExpr bits)
    {
        var sign = Scalar.ShiftLeft(bits & I32(0x8000), I32(16));
        var rest = Scalar.ShiftLeft(bits & I32(0x7fff), I32(13));
        var finite = Scalar.Bitcast(rest, DType.F32) * 5.192296858534828e33; // 2¹¹²
        var special = Scalar.Bitcast(rest | I32(0x7f800000), DType.F32);
        var magnitude = Scalar.Select(rest >= I32(0x7c00 << 13), special, finite);
        return Scalar.Bitcast(Scalar.Bitcast(magnitude, DType.I32) | sign, DType.F32);
    }

    // The bits of an f32 value that f16 can hold.
    private static ScalarExpr HalfBits(ScalarExpr x)
    {
        var bits = Scalar.Bitcast(x, DType.I32);
        var sign = Scalar.ShiftRightLogical(bits, I32(16)) & I32(0x8000);
        var magnitude = AbsF(x);
        var finite = Scalar.ShiftRightLogical(
            Scalar.Bitcast(magnitude * 1.925929944387236e-34, DType.I32), // 2⁻¹¹²
            I32(13)
        );
        var infinite = Scalar.Select(magnitude >= 65536, I32(0x7c00), finite);
        return Scalar.Select(Scalar.IsNaN(x), I32(0x7e00), infinite) | sign;
    }

    // Steps the bits: numbers of one sign are ordered as their bits are.
    private static ScalarExpr Next(ScalarExpr x, ScalarExpr y, DType type)
    {
        bool wide = type.Code == DTypeCode.F64;
        var integer = wide ? DType.I64 : DType.I32;
        ScalarExpr Bits(ScalarExpr z) =>
            wide ? Scalar.Bitcast(z, DType.I64) : Reinterpretation(z, type, SameSizeInteger(type));
        ScalarExpr C(long value) => Scalar.Const(integer, value);
        ScalarExpr Back(ScalarExpr bits) =>
            wide ? Scalar.Bitcast(bits, type)
            : IsRegister(type) ? Scalar.Bitcast(bits, type)
            : FromBits(bits, type);

        long sign =
            wide ? long.MinValue
            : type.Code == DTypeCode.F32 ? int.MinValue
            : 0x8000;
        var bits = Bits(x);
        var zero = Scalar.Const(x.Type, 0L);
        var awayFromZero = Scalar.Eq(x > zero, y > x);
        var stepped = Scalar.Select(awayFromZero, bits + C(1), bits - C(1));
        var fromZero = Scalar.Select(y > zero, C(1), C(sign | 1));
        var result = Back(Scalar.Select(Scalar.Eq(x, zero), fromZero, stepped));
        result = Scalar.Select(Scalar.Eq(x, y), y, result);
        return Scalar.Select(Scalar.IsNaN(x) | Scalar.IsNaN(y), Scalar.Const(x.Type, double.NaN), result);
    }

    private static DType SameSizeInteger(DType type) => type.Size == 2 ? DType.U16 : DType.I32;
}
