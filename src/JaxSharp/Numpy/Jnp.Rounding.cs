using System;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Rounding, parts of numbers, and functions on their bits.
public static partial class Jnp
{
    /// <summary>The largest integer not above x; integers stay as they are.</summary>
    public static NDArray Floor(NDArray x) => RoundReal("floor", x, Ops.Floor);

    /// <summary>The smallest integer not below x; integers stay as they are.</summary>
    public static NDArray Ceil(NDArray x) => RoundReal("ceil", x, Ops.Ceil);

    /// <summary>Rounds towards 0; integers stay as they are.</summary>
    public static NDArray Trunc(NDArray x) =>
        RoundReal("trunc", x, v => Ops.Select(Ops.Lt(v, Ops.Like(v, 0)), Ops.Ceil(v), Ops.Floor(v)));

    /// <inheritdoc cref="Trunc"/>
    public static NDArray Fix(NDArray x) => Trunc(x);

    /// <summary>Rounds to the nearest integer, ties to even; integers become floats.</summary>
    public static NDArray RInt(NDArray x)
    {
        x = Promotion.ToInexact(x);
        return ByParts(x, Ops.RoundEven);
    }

    /// <summary>Rounds to a number of decimals (negative ones: to tens, hundreds, …), ties to even.</summary>
    /// <exception cref="JaxArgumentException">Integers with negative decimals.</exception>
    public static NDArray Round(NDArray a, int decimals = 0)
    {
        Argument.Given(a);
        if (!a.DType.IsInexact)
        {
            return decimals >= 0
                ? a
                : throw new JaxArgumentException(
                    $"round of {a.Type} does not take negative decimals ({decimals}). Convert with AsType to a float first."
                );
        }

        return ByParts(a, x => RoundDecimals(x, decimals));
    }

    /// <inheritdoc cref="Round"/>
    public static NDArray Around(NDArray a, int decimals = 0) => Round(Argument.Given(a), decimals);

    /// <summary>The fractional and the integral part, each with the sign of x.</summary>
    public static (NDArray Fractional, NDArray Integral) ModF(NDArray x)
    {
        x = Promotion.ToInexact(x);
        var whole = Trunc(x);
        return (Ops.Sub(x, whole), whole);
    }

    /// <summary>The mantissa in (−1, −½] ∪ [½, 1) and the exponent with x = mantissa·2^exponent.</summary>
    public static (NDArray Mantissa, NDArray Exponent) FrExp(NDArray x)
    {
        RefuseComplex("frexp", x);
        x = Promotion.ToInexact(x);
        var wide = x.DType.Size == 2 ? Promotion.Convert(x, DType.F32) : x;
        var integer = SignedOfSize(wide.DType.Size);
        int mantissaBits = wide.DType.Size == 8 ? 52 : 23;
        int bias = wide.DType.Size == 8 ? 1022 : 126;
        // Denormal numbers are scaled up first.
        double scale = Math.Pow(2, mantissaBits + 2);
        var tiny = Ops.Lt(
            Ops.Abs(wide),
            Ops.Like(wide, wide.DType.Size == 8 ? 2.2250738585072014e-308 : 1.1754943508222875e-38)
        );
        var normal = Ops.Select(tiny, Ops.Mul(wide, Ops.Like(wide, scale)), wide);
        var bits = Ops.Bitcast(normal, integer);
        var field = Ops.Full(x.Shape, (1 << (wide.DType.Size == 8 ? 11 : 8)) - 1, integer);
        var shift = Ops.Full(x.Shape, mantissaBits, integer);
        var raw = Ops.And(Ops.ShiftRightLogical(bits, shift), field);
        var exponent = Ops.Sub(raw, Ops.Full(x.Shape, bias, integer));
        exponent = Ops.Select(tiny, Ops.Sub(exponent, Ops.Full(x.Shape, mantissaBits + 2, integer)), exponent);
        var cleared = Ops.And(bits, Ops.Not(Ops.ShiftLeft(field, shift)));
        var mantissa = Ops.Bitcast(Ops.Or(cleared, Ops.ShiftLeft(Ops.Full(x.Shape, bias, integer), shift)), wide.DType);
        var special = Ops.Or(Ops.Eq(wide, Ops.Like(wide, 0)), Ops.Not(Ops.IsFinite(wide)));
        return (
            Promotion.Convert(Ops.Select(special, wide, mantissa), x.DType, x.WeakType),
            Promotion.Convert(Ops.Select(special, Ops.Full(x.Shape, 0, integer), exponent), DType.I32)
        );
    }

    /// <summary>x1·2^x2.</summary>
    public static NDArray LdExp(NDArray x1, NDArray x2)
    {
        Argument.Given(x2);
        RefuseComplex("ldexp", x1);
        if (!x2.DType.IsInteger && !x2.DType.IsBool)
        {
            throw new DTypeException($"ldexp needs integers as exponent x2; got {x2.Type}.");
        }

        var x = Promotion.ToInexact(x1);
        var wide = Wide(x2);
        var limited = Ops.Min(wide, Ops.Like(wide, 3000));
        limited = wide.DType.IsSigned ? Ops.Max(limited, Ops.Like(wide, -3000)) : limited;
        var (a, n) = Broadcast("ldexp", x, Promotion.Convert(limited, DType.I32));
        // Three factors, so that neither intermediate overflows before the result does.
        var third = Ops.Div(n, Ops.Like(n, 3));
        var last = Ops.Sub(n, Ops.Add(third, third));
        var isFixed = Ops.Or(Ops.Eq(a, Ops.Like(a, 0)), Ops.Eq(Ops.Abs(a), Ops.Like(a, double.PositiveInfinity)));
        var result = a;
        var compute = a.DType.Size == 2 ? DType.F32 : a.DType;
        result = Promotion.Convert(result, compute, a.WeakType);
        foreach (var part in (NDArray[])[third, third, last])
        {
            result = Ops.Mul(result, new Exp2().Bind(Promotion.Convert(part, compute, a.WeakType)));
        }

        return Ops.Select(isFixed, a, Promotion.Convert(result, a.DType, a.WeakType));
    }

    /// <summary>The next representable number after x in the direction of y.</summary>
    public static NDArray NextAfter(NDArray x, NDArray y)
    {
        var (a, b) = PairInexact("nextafter", x, y);
        RefuseComplex("nextafter", a);
        return new Nextafter().Bind(a, b);
    }

    /// <summary>The distance to the next representable number.</summary>
    public static NDArray Spacing(NDArray x)
    {
        RefuseComplex("spacing", x);
        x = Promotion.ToInexact(x);
        var away = Ops.Select(SignBit(x), Ops.Like(x, double.NegativeInfinity), Ops.Like(x, double.PositiveInfinity));
        var gap = Ops.Sub(new Nextafter().Bind(x, away), x);
        return Ops.Select(Ops.IsFinite(x), gap, Ops.Like(x, double.NaN));
    }

    /// <summary>The real part; real arrays themselves.</summary>
    public static NDArray Real(NDArray val) => Ops.Real(Argument.Given(val));

    /// <summary>The imaginary part; zeros for real arrays.</summary>
    public static NDArray Imag(NDArray val) => Ops.Imag(Argument.Given(val));

    /// <summary>The complex conjugate; real arrays themselves.</summary>
    public static NDArray Conj(NDArray x) => Ops.Conj(Argument.Given(x));

    /// <inheritdoc cref="Conj"/>
    public static NDArray Conjugate(NDArray x) => Ops.Conj(Argument.Given(x));

    /// <summary>The argument of a complex number, in radians or degrees.</summary>
    public static NDArray Angle(NDArray z, bool deg = false)
    {
        z = Promotion.ToInexact(z);
        var angle = Ops.Atan2(Ops.Imag(z), Ops.Real(z));
        return deg ? Rad2Deg(angle) : angle;
    }

    /// <summary>Puts numbers in the places of NaN and infinities: 0 and the largest and smallest numbers by default.</summary>
    public static NDArray NanToNum(
        NDArray x,
        bool copy = true,
        NDArray? nan = null,
        NDArray? posInf = null,
        NDArray? negInf = null
    )
    {
        Argument.Given(x);
        if (!x.DType.IsInexact)
        {
            return x;
        }

        return ByParts(
            x,
            v =>
            {
                var limits = new FloatInfo(v.DType);
                v = Ops.Select(IsNan(v), Fill(nan, 0), v);
                v = Ops.Select(IsPosInf(v), Fill(posInf, limits.Max), v);
                return Ops.Select(IsNegInf(v), Fill(negInf, limits.Min), v);

                NDArray Fill(NDArray? value, double standard) =>
                    value is null
                        ? Ops.Like(v, standard)
                        : Broadcasting.To(Promotion.Convert(value, v.DType, v.WeakType), v.Shape, "nan_to_num");
            }
        );
    }

    /// <summary>The greatest common divisor of integers.</summary>
    public static NDArray Gcd(NDArray x1, NDArray x2)
    {
        var (a, b) = Pair("gcd", x1, x2);
        RequireInteger("gcd", a);
        (a, b) = (Abs(a), Abs(b));
        var zero = Ops.Like(a, 0);
        var one = Ops.Like(a, 1);
        return Lax.WhileLoop(
            pair => Any(Ops.Ne(pair.Item2, zero)),
            pair =>
            {
                var (x, y) = pair;
                var isDone = Ops.Eq(y, zero);
                var remainder = Ops.Rem(x, Ops.Select(isDone, one, y));
                return (Ops.Select(isDone, x, y), Ops.Select(isDone, zero, remainder));
            },
            (a, b)
        ).Item1;
    }

    /// <summary>The least common multiple of integers.</summary>
    public static NDArray Lcm(NDArray x1, NDArray x2)
    {
        var (a, b) = Pair("lcm", x1, x2);
        RequireInteger("lcm", a);
        (a, b) = (Abs(a), Abs(b));
        var divisor = Gcd(a, b);
        var isZero = Ops.Eq(divisor, Ops.Like(a, 0));
        var safe = Ops.Select(isZero, Ops.Like(a, 1), divisor);
        return Ops.Select(isZero, Ops.Like(a, 0), Ops.Mul(a, Ops.Div(b, safe)));
    }

    /// <summary>Packs eight truth values into each u8.</summary>
    public static NDArray PackBits(NDArray a, int? axis = null, string bitOrder = "big")
    {
        RequireBits("packbits", a);
        CheckBitOrder("packbits", bitOrder);
        var bits = Promotion.Convert(ToBool(a), DType.U8);
        if (axis is null)
        {
            bits = Ravel(bits);
        }

        int at = Axes.Normalize(axis ?? 0, bits.Ndim, "packbits");
        bits = MoveAxis(bits, at, -1);
        int length = bits.Shape[^1];
        int padded = (length + 7) / 8 * 8;
        int[] high = new int[bits.Ndim];
        high[^1] = padded - length;
        bits = Ops.Pad(bits, Ops.Full(JaxSharp.Shape.Scalar, 0, DType.U8), new int[bits.Ndim], high);
        bits = Ops.Reshape(bits, new Shape([.. bits.Shape.ToArray()[..^1], padded / 8, 8]));
        var shifts = Ops.Iota(DType.U8, bits.Shape, bits.Ndim - 1);
        if (bitOrder == "big")
        {
            shifts = Ops.Sub(Ops.Like(shifts, 7), shifts);
        }

        return MoveAxis(Ops.ReduceSum(Ops.ShiftLeft(bits, shifts), bits.Ndim - 1), -1, at);
    }

    /// <summary>Unpacks each u8 into eight zeros and ones.</summary>
    public static NDArray UnpackBits(NDArray a, int? axis = null, int? count = null, string bitOrder = "big")
    {
        Argument.Given(a);
        CheckBitOrder("unpackbits", bitOrder);
        if (a.DType.Code != DTypeCode.U8)
        {
            throw new DTypeException($"unpackbits needs u8; got {a.Type}.");
        }

        if (axis is null)
        {
            a = Ravel(a);
        }

        int at = Axes.Normalize(axis ?? 0, a.Ndim, "unpackbits");
        a = MoveAxis(a, at, -1);
        var shape = new Shape([.. a.Shape, 8]);
        var shifts = Ops.Iota(DType.U8, shape, a.Ndim);
        if (bitOrder == "big")
        {
            shifts = Ops.Sub(Ops.Like(shifts, 7), shifts);
        }

        var bytes = Broadcasting.To(Ops.Reshape(a, a.Shape.Insert(a.Ndim, 1)), shape, "unpackbits");
        var bits = Ops.And(Ops.ShiftRightLogical(bytes, shifts), Ops.Like(shifts, 1));
        int length = a.Shape[^1] * 8;
        bits = Ops.Reshape(bits, a.Shape.With(a.Ndim - 1, length));
        int wanted =
            count is not { } n ? length
            : n < 0 ? Math.Max(0, length + n)
            : n;
        if (wanted > length)
        {
            int[] high = new int[bits.Ndim];
            high[^1] = wanted - length;
            bits = Ops.Pad(bits, Ops.Full(JaxSharp.Shape.Scalar, 0, DType.U8), new int[bits.Ndim], high);
        }
        else
        {
            bits = Ops.SliceAxis(bits, bits.Ndim - 1, 0, wanted);
        }

        return MoveAxis(bits, -1, at);
    }

    /// <summary>The modified Bessel function of the first kind, order 0.</summary>
    public static NDArray I0(NDArray x)
    {
        RefuseComplex("i0", x);
        x = Promotion.ToInexact(x);
        // Not the absolute value, whose derivative at 0 is 1.
        var magnitude = Ops.Max(x, Ops.Neg(x));
        return Ops.Mul(Ops.Exp(magnitude), new BesselI0e().Bind(x));
    }

    private static void CheckBitOrder(string caller, string bitOrder)
    {
        if (bitOrder is not ("big" or "little"))
        {
            throw new JaxArgumentException($"{caller} got bitOrder \"{bitOrder}\"; it must be \"big\" or \"little\".");
        }
    }

    private static NDArray RoundReal(string caller, NDArray x, Func<NDArray, NDArray> round)
    {
        RefuseComplex(caller, x);
        return x.DType.IsFloating ? round(x) : x;
    }

    /// <summary>A function of real numbers on the real and imaginary parts of complex ones.</summary>
    private static NDArray ByParts(NDArray x, Func<NDArray, NDArray> function) =>
        x.DType.IsComplex ? Ops.Complex(function(Ops.Real(x)), function(Ops.Imag(x))) : function(x);

    private static NDArray RoundDecimals(NDArray x, int decimals)
    {
        if (decimals == 0)
        {
            return Ops.RoundEven(x);
        }

        var wide = x.DType.Code == DTypeCode.F16 ? Promotion.Convert(x, DType.F32, x.WeakType) : x;
        double scale = Math.Pow(10, Math.Abs((double)decimals));
        double most = new FloatInfo(wide.DType).Max;
        if (scale > most)
        {
            // No number has so many digits: all behind the point are kept, none before it.
            return decimals > 0 ? x : Ops.Select(Ops.IsFinite(x), Ops.Mul(Ops.Like(x, 0), x), x);
        }

        var factor = Ops.Like(wide, scale);
        if (decimals < 0)
        {
            var tens = Ops.Mul(Ops.RoundEven(Ops.Div(wide, factor)), factor);
            return Promotion.Convert(tens, x.DType, x.WeakType);
        }

        var rounded = Ops.Div(Ops.RoundEven(Ops.Mul(wide, factor)), factor);
        var safe = Ops.Le(Ops.Abs(wide), Ops.Like(wide, most / scale));
        return Promotion.Convert(Ops.Select(safe, rounded, wide), x.DType, x.WeakType);
    }
}
