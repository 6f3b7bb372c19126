using System;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

public static partial class Jnp
{
    private static readonly Add AddPrimitive = new();
    private static readonly Sub SubPrimitive = new();
    private static readonly Mul MulPrimitive = new();
    private static readonly Div DivPrimitive = new();

    /// <summary>x + y, elementwise; logical or for bools.</summary>
    public static NDArray Add(NDArray x, NDArray y) => Binary("add", AddPrimitive, new Or(), x, y);

    /// <summary>x − y, elementwise.</summary>
    /// <exception cref="DTypeException">Both are arrays of bools.</exception>
    public static NDArray Subtract(NDArray x, NDArray y) => Binary("subtract", SubPrimitive, null, x, y);

    /// <summary>x · y, elementwise; logical and for bools.</summary>
    public static NDArray Multiply(NDArray x, NDArray y) => Binary("multiply", MulPrimitive, new And(), x, y);

    /// <summary>x / y, elementwise; integers give floats.</summary>
    public static NDArray TrueDivide(NDArray x, NDArray y)
    {
        Argument.Given(x);
        Argument.Given(y);
        if (ReferenceEquals(x.DType, y.DType) && x.DType.IsInexact)
        {
            return Binary("true_divide", DivPrimitive, null, x, y);
        }

        var (a, b) = PairInexact("true_divide", x, y);
        return DivPrimitive.Bind(a, b);
    }

    /// <inheritdoc cref="TrueDivide"/>
    public static NDArray Divide(NDArray x, NDArray y) => TrueDivide(Argument.Given(x), Argument.Given(y));

    /// <summary>⌊x / y⌋, elementwise, of integers and floats.</summary>
    public static NDArray FloorDivide(NDArray x, NDArray y)
    {
        var (a, b) = Pair("floor_divide", x, y, boolToInt: true);
        if (a.DType.IsUnsigned)
        {
            return Ops.Div(a, b);
        }

        if (a.DType.IsSigned)
        {
            var quotient = Ops.Div(a, b);
            var adjust = Ops.And(Ops.Ne(Ops.Sign(a), Ops.Sign(b)), Ops.Ne(Ops.Rem(a, b), Ops.Like(b, 0)));
            return Ops.Select(adjust, Ops.Sub(quotient, Ops.Like(quotient, 1)), quotient);
        }

        RefuseComplex("floor_divide", a);
        return Fused.Call("floor_divide", "", args => FloatDivMod(args[0], args[1]).Quotient, a, b);
    }

    /// <summary>The remainder x − y·⌊x / y⌋, with the sign of the divisor y.</summary>
    public static NDArray Remainder(NDArray x, NDArray y)
    {
        var (a, b) = Pair("remainder", x, y, boolToInt: true);
        RefuseComplex("remainder", a);
        return Fused.Call("remainder", "", args => Remainders(args[0], args[1]), a, b);
    }

    /// <inheritdoc cref="Remainder"/>
    public static NDArray Mod(NDArray x, NDArray y) => Remainder(x, y);

    /// <summary>The remainder with the sign of the dividend x, as C#'s operator % on numbers.</summary>
    public static NDArray FMod(NDArray x, NDArray y)
    {
        var (a, b) = Pair("fmod", x, y, boolToInt: true);
        RefuseComplex("fmod", a);
        return RemainderOrZero(a, b);
    }

    /// <summary><see cref="FloorDivide"/> and <see cref="Remainder"/> together.</summary>
    public static (NDArray Quotient, NDArray Remainder) DivMod(NDArray x, NDArray y)
    {
        var (a, b) = Pair("divmod", x, y, boolToInt: true);
        RefuseComplex("divmod", a);
        return a.DType.IsInteger ? (FloorDivide(a, b), Remainder(a, b)) : FloatDivMod(a, b);
    }

    /// <summary>−x, elementwise; unsigned integers wrap.</summary>
    public static NDArray Negative(NDArray x)
    {
        RefuseBool("negative", x, "Use Jnp.LogicalNot or ~x.");
        return Ops.Neg(x);
    }

    /// <summary>x itself.</summary>
    public static NDArray Positive(NDArray x) => x;

    /// <summary>x².</summary>
    public static NDArray Square(NDArray x) => Ops.IntegerPow(BoolToInt(x), 2);

    /// <summary>1 / x; integers give floats.</summary>
    public static NDArray Reciprocal(NDArray x)
    {
        x = Promotion.ToInexact(x);
        return Ops.Div(Ops.Like(x, 1), x);
    }

    /// <summary>The absolute value; of complex numbers the modulus, a float. The derivative at 0 is 1.</summary>
    public static NDArray Abs(NDArray x) => Argument.Given(x).DType.IsBool || x.DType.IsUnsigned ? x : Ops.Abs(x);

    /// <inheritdoc cref="Abs"/>
    public static NDArray Absolute(NDArray x) => Abs(Argument.Given(x));

    /// <summary>The absolute value of real numbers, as floats.</summary>
    public static NDArray FAbs(NDArray x)
    {
        RefuseComplex("fabs", x);
        return Ops.Abs(Promotion.ToInexact(x));
    }

    /// <summary>−1, 0 or 1; of complex numbers x / |x|.</summary>
    public static NDArray Sign(NDArray x)
    {
        return Ops.Sign(BoolToInt(x));
    }

    /// <summary>1 where the sign bit of a real number is set.</summary>
    public static NDArray SignBit(NDArray x)
    {
        RefuseComplex("signbit", x);
        if (x.DType.IsFloating)
        {
            var bits = Bits(x);
            return Ops.Lt(
                Ops.Bitcast(bits, SignedOfSize(x.DType.Size)),
                Ops.Full(x.Shape, 0, SignedOfSize(x.DType.Size))
            );
        }

        return x.DType.IsSigned ? Ops.Lt(x, Ops.Like(x, 0)) : Ops.Full(x.Shape, 0, DType.Bool);
    }

    /// <summary>The magnitude of x with the sign of y, as floats.</summary>
    public static NDArray CopySign(NDArray x, NDArray y)
    {
        var (a, b) = PairInexact("copysign", x, y);
        RefuseComplex("copysign", a);
        var magnitude = Ops.Abs(a);
        return Ops.Select(SignBit(b), Ops.Neg(magnitude), magnitude);
    }

    /// <summary>x to the power of y. A C# integer as exponent is exact and differentiable at 0.</summary>
    /// <exception cref="JaxArgumentException">Integers are raised to a negative C# number.</exception>
    public static NDArray Power(NDArray x, NDArray y)
    {
        if (y is DeviceArray { Ndim: 0, WeakType: true } exponent && y.DType.IsInteger)
        {
            long n = exponent.ItemInt(0);
            if (!x.DType.IsInexact && n < 0)
            {
                throw new JaxArgumentException(
                    $"power of {x.Type} cannot take the negative integer {n}: integers have no such powers. Use Jnp.FloatPower or a "
                        + "float."
                );
            }

            if (n is >= int.MinValue and <= int.MaxValue)
            {
                var (dtype, weak) = Promotion.Result(BoolToInt(x), y);
                return Ops.IntegerPow(Promotion.Convert(x, dtype, weak), (int)n);
            }
        }

        var (a, b) = Pair("power", x, y, boolToInt: true);
        return a.DType.IsInteger
            ? Fused.Call("power", "", args => IntegerPower(args[0], args[1]), a, b)
            : Ops.Pow(a, b);
    }

    /// <inheritdoc cref="Power"/>
    public static NDArray Pow(NDArray x, NDArray y) => Power(x, y);

    /// <summary>x to the power of y, computed and given in floats.</summary>
    public static NDArray FloatPower(NDArray x, NDArray y)
    {
        var (a, b) = PairInexact("float_power", x, y);
        return Ops.Pow(a, b);
    }

    /// <summary>The larger element; NaN wins. At ties the derivative is shared equally.</summary>
    public static NDArray Maximum(NDArray x, NDArray y) => Binary("maximum", new Max(), new Or(), x, y);

    /// <summary>The smaller element; NaN wins. At ties the derivative is shared equally.</summary>
    public static NDArray Minimum(NDArray x, NDArray y) => Binary("minimum", new Min(), new And(), x, y);

    /// <summary>The larger element; a number wins over NaN.</summary>
    public static NDArray FMax(NDArray x, NDArray y)
    {
        var (a, b) = Pair("fmax", x, y);
        return Ops.Select(LogicalOr(Greater(a, b), IsNan(b)), a, b);
    }

    /// <summary>The smaller element; a number wins over NaN.</summary>
    public static NDArray FMin(NDArray x, NDArray y)
    {
        var (a, b) = Pair("fmin", x, y);
        return Ops.Select(LogicalOr(Less(a, b), IsNan(b)), a, b);
    }

    /// <summary>0 below 0, 1 above, and <paramref name="h0"/> at 0.</summary>
    public static NDArray Heaviside(NDArray x1, NDArray h0)
    {
        var (x, h) = PairInexact("heaviside", x1, h0);
        RefuseComplex("heaviside", x);
        var zero = Ops.Like(x, 0);
        return Ops.Select(
            Ops.Ne(x, x),
            x,
            Ops.Select(Ops.Lt(x, zero), zero, Ops.Select(Ops.Gt(x, zero), Ops.Like(x, 1), h))
        );
    }

    /// <summary>The angle of the point (x, y), in [−π, π].</summary>
    public static NDArray ArcTan2(NDArray y, NDArray x)
    {
        var (a, b) = PairInexact("arctan2", y, x);
        return Ops.Atan2(a, b);
    }

    /// <inheritdoc cref="ArcTan2"/>
    public static NDArray Atan2(NDArray y, NDArray x) => ArcTan2(y, x);

    /// <summary>√(x² + y²) without overflow.</summary>
    public static NDArray Hypot(NDArray x, NDArray y)
    {
        var (a, b) = PairInexact("hypot", x, y);
        RefuseComplex("hypot", a);
        return Fused.Call("hypot", "", args => Lengths(args[0], args[1]), a, b);
    }

    private static NDArray Lengths(NDArray a, NDArray b)
    {
        (a, b) = (Ops.Abs(a), Ops.Abs(b));
        var infinity = Ops.Like(a, double.PositiveInfinity);
        var isInfinite = Ops.Or(Ops.Eq(a, infinity), Ops.Eq(b, infinity));
        var (large, small) = (Ops.Max(a, b), Ops.Min(a, b));
        var isZero = Ops.Eq(large, Ops.Like(a, 0));
        var ratio = Ops.Div(small, Ops.Select(isZero, Ops.Like(a, 1), large));
        var length = Ops.Select(
            isZero,
            large,
            Ops.Mul(large, Ops.Sqrt(Ops.Add(Ops.Like(a, 1), Ops.IntegerPow(ratio, 2))))
        );
        return Ops.Select(isInfinite, infinity, length);
    }

    /// <summary>log(eˣ + eʸ) without overflow.</summary>
    public static NDArray LogAddExp(NDArray x1, NDArray x2)
    {
        var (x, y) = PairInexact("logaddexp", x1, x2);
        return Fused.Call("logaddexp", "", args => LogAddExp(args[0], args[1], 1), x, y);
    }

    /// <summary>log₂(2ˣ + 2ʸ) without overflow.</summary>
    public static NDArray LogAddExp2(NDArray x1, NDArray x2)
    {
        var (x, y) = PairInexact("logaddexp2", x1, x2);
        return Fused.Call("logaddexp2", "", args => LogAddExp(args[0], args[1], Math.Log(2)), x, y);
    }

    /// <summary>The binary logarithm.</summary>
    public static NDArray Log2(NDArray x) => ScaledLog(x, Math.Log(2));

    /// <summary>The decimal logarithm.</summary>
    public static NDArray Log10(NDArray x) => ScaledLog(x, Math.Log(10));

    /// <summary>sin(πx) / (πx), 1 at 0.</summary>
    public static NDArray Sinc(NDArray x)
    {
        x = Promotion.ToInexact(x);
        var zero = Ops.Like(x, 0);
        var isZero = Ops.Eq(x, zero);
        var angle = Ops.Mul(Ops.Like(x, Math.PI), Ops.Select(isZero, Ops.Like(x, 1), x));
        // The series has the right derivatives at 0.
        var square = Ops.IntegerPow(Ops.Mul(Ops.Like(x, Math.PI), x), 2);
        var series = Ops.Like(x, -1.0 / 5040);
        foreach (double coefficient in (ReadOnlySpan<double>)[1.0 / 120, -1.0 / 6, 1])
        {
            series = Ops.Add(Ops.Mul(series, square), Ops.Like(x, coefficient));
        }

        return Ops.Select(isZero, series, Ops.Div(Ops.Sin(angle), angle));
    }

    /// <summary>Degrees to radians.</summary>
    public static NDArray Deg2Rad(NDArray x)
    {
        x = Promotion.ToInexact(x);
        return Ops.Mul(x, Ops.Like(x, Math.PI / 180));
    }

    /// <summary>Radians to degrees.</summary>
    public static NDArray Rad2Deg(NDArray x)
    {
        x = Promotion.ToInexact(x);
        return Ops.Mul(x, Ops.Like(x, 180 / Math.PI));
    }

    /// <inheritdoc cref="Deg2Rad"/>
    public static NDArray Radians(NDArray x) => Deg2Rad(x);

    /// <inheritdoc cref="Rad2Deg"/>
    public static NDArray Degrees(NDArray x) => Rad2Deg(x);

    private static NDArray ScaledLog(NDArray x, double divisor)
    {
        x = Promotion.ToInexact(x);
        return Ops.Div(Ops.Log(x), Ops.Full(x.Shape, divisor, x.DType));
    }

    private static NDArray LogAddExp(NDArray x, NDArray y, double scale)
    {
        // Where both are equal each gets half of the derivative, through the difference.
        var isFirst = x.DType.IsComplex ? Ops.Ge(Ops.Real(x), Ops.Real(y)) : Ops.Ge(x, y);
        var largest = Ops.Select(isFirst, x, y);
        var gap = Ops.Select(isFirst, Ops.Sub(y, x), Ops.Sub(x, y));
        var rest =
            scale == 1
                ? Ops.Log1p(Ops.Exp(gap))
                : Ops.Div(Ops.Log1p(Ops.Exp(Ops.Mul(gap, Ops.Like(gap, scale)))), Ops.Like(gap, scale));
        // Of two infinities the sum is one; where both are negative the derivative is NaN, as the logarithm's of zeros is.
        var infinite = Ops.Add(x, y);
        if (!x.DType.IsComplex)
        {
            var low = Ops.Like(x, double.NegativeInfinity);
            var bothLow = Ops.And(Ops.Eq(x, low), Ops.Eq(y, low));
            var zero = Ops.Like(x, 0);
            var sum = Ops.Add(Ops.Exp(Ops.Select(bothLow, x, zero)), Ops.Exp(Ops.Select(bothLow, y, zero)));
            infinite = Ops.Select(bothLow, Ops.Log(sum), infinite);
        }

        return Ops.Select(Ops.Ne(gap, gap), infinite, Ops.Add(largest, rest));
    }

    private static NDArray IntegerPower(NDArray x, NDArray y)
    {
        // Square and multiply over six bits of the exponent: larger ones overflow but for the bases −1, 0 and 1.
        var zero = Ops.Like(y, 0);
        var one = Ops.Like(y, 1);
        var large = x.DType.IsSigned ? Ops.Gt(Ops.Abs(x), one) : Ops.Gt(x, one);
        var result = Ops.Select(Ops.And(Ops.Eq(x, zero), Ops.Ne(y, zero)), zero, one);
        for (int bit = 0; bit < 6; bit++)
        {
            var isSet = Ops.Ne(Ops.And(Ops.ShiftRightLogical(y, Ops.Like(y, bit)), one), zero);
            result = Ops.Select(isSet, Ops.Mul(result, x), result);
            x = Ops.Mul(x, x);
        }

        return y.DType.IsSigned ? Ops.Select(Ops.And(Ops.Lt(y, zero), large), zero, result) : result;
    }

    private static NDArray Remainders(NDArray a, NDArray b)
    {
        var remainder = RemainderOrZero(a, b);
        if (a.DType.IsUnsigned)
        {
            return remainder;
        }

        var zero = Ops.Like(a, 0);
        var nonzero = Ops.Ne(remainder, zero);
        var adjust = Ops.And(Ops.Ne(Ops.Lt(remainder, zero), Ops.Lt(b, zero)), nonzero);
        return Ops.Select(adjust, Ops.Add(remainder, b), remainder);
    }

    /// <summary>The remainder; 0 for integers divided by 0.</summary>
    private static NDArray RemainderOrZero(NDArray x, NDArray y)
    {
        var remainder = Ops.Rem(x, y);
        if (!x.DType.IsInteger)
        {
            return remainder;
        }

        var zero = Ops.Like(y, 0);
        return Ops.Select(Ops.Eq(y, zero), zero, remainder);
    }

    private static (NDArray Quotient, NDArray Remainder) FloatDivMod(NDArray x, NDArray y)
    {
        var zero = Ops.Like(x, 0);
        var remainder = Ops.Rem(x, y);
        var quotient = Ops.Div(Ops.Sub(x, remainder), y);
        var adjust = Ops.And(Ops.Ne(Ops.Sign(y), Ops.Sign(remainder)), Ops.Ne(remainder, zero));
        remainder = Ops.Select(adjust, Ops.Add(remainder, y), remainder);
        quotient = Ops.Select(adjust, Ops.Sub(quotient, Ops.Like(x, 1)), quotient);
        // Where the exact quotient is inf or NaN that of the remainder says nothing.
        return (Ops.RoundEven(quotient), remainder);
    }
}
