using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal static partial class Scalar
{
    /// <summary>x + y; integers wrap; on bool: or.</summary>
    public static ScalarExpr Add(ScalarExpr x, ScalarExpr y)
    {
        Same("add", x, y);
        if (x is Pair || y is Pair)
        {
            return new Pair(Add(Real(x), Real(y)), Add(Imag(x), Imag(y)));
        }

        if (x.Type.IsBool)
        {
            return Or(x, y);
        }

        if (IsConst(x) && !IsConst(y))
        {
            (x, y) = (y, x);
        }

        if (IsNeutralForAdd(y))
        {
            return x;
        }

        // Integer sums keep their constant at the end, so that indices fold.
        if (
            x.Type.IsInteger
            && y is ScalarExpr.Const
            && x is Op { Code: ScalarOp.Add } sum
            && sum.Operands[1] is ScalarExpr.Const
        )
        {
            return Add(sum.Operands[0], Add(sum.Operands[1], y));
        }

        return Make(ScalarOp.Add, x.Type, x, y);
    }

    /// <summary>x − y; integers wrap.</summary>
    public static ScalarExpr Sub(ScalarExpr x, ScalarExpr y)
    {
        Same("sub", x, y);
        if (x is Pair || y is Pair)
        {
            return new Pair(Sub(Real(x), Real(y)), Sub(Imag(x), Imag(y)));
        }

        Require(!x.Type.IsBool, "sub", x);
        if (Is(y, 0) || (x.Type.IsInteger && x.Equals(y)))
        {
            return Is(y, 0) ? x : Const(x.Type, 0);
        }

        if (x.Type.IsInteger && y is ScalarExpr.Const && !IsConst(x))
        {
            return Add(x, Make(ScalarOp.Sub, x.Type, Const(x.Type, 0), y));
        }

        return Make(ScalarOp.Sub, x.Type, x, y);
    }

    /// <summary>x · y; integers wrap; on bool: and.</summary>
    public static ScalarExpr Mul(ScalarExpr x, ScalarExpr y)
    {
        Same("mul", x, y);
        if (x is Pair || y is Pair)
        {
            return ComplexMul(x, y);
        }

        if (x.Type.IsBool)
        {
            return And(x, y);
        }

        if (IsConst(x) && !IsConst(y))
        {
            (x, y) = (y, x);
        }

        if (Is(y, 1))
        {
            return x;
        }

        if (x.Type.IsInteger && Is(y, 0))
        {
            return y;
        }

        return Make(ScalarOp.Mul, x.Type, x, y);
    }

    /// <summary>x / y; integers divide towards zero, x / 0 = −1, and the smallest integer divided by −1 is itself.</summary>
    public static ScalarExpr Div(ScalarExpr x, ScalarExpr y)
    {
        Same("div", x, y);
        if (x is Pair || y is Pair)
        {
            return ComplexDiv(x, y);
        }

        Require(!x.Type.IsBool, "div", x);
        return Is(y, 1) ? x : Make(ScalarOp.Div, x.Type, x, y);
    }

    /// <summary>The remainder of division towards zero, with the sign of x; integers: x rem 0 = x.</summary>
    public static ScalarExpr Rem(ScalarExpr x, ScalarExpr y)
    {
        Same("rem", x, y);
        Require(!x.Type.IsBool && !x.Type.IsComplex, "rem", x);
        return x.Type.IsInteger && Is(y, 1) ? Const(x.Type, 0) : Make(ScalarOp.Rem, x.Type, x, y);
    }

    /// <summary>x · y + z with one rounding.</summary>
    public static ScalarExpr Fma(ScalarExpr x, ScalarExpr y, ScalarExpr z)
    {
        Same("fma", x, y);
        Same("fma", y, z);
        return x.Type.IsFloating ? Make(ScalarOp.Fma, x.Type, x, y, z) : Add(Mul(x, y), z);
    }

    /// <summary>−x; integers wrap.</summary>
    public static ScalarExpr Neg(ScalarExpr x)
    {
        if (x is Pair pair)
        {
            return new Pair(Neg(pair.Real), Neg(pair.Imaginary));
        }

        Require(!x.Type.IsBool, "neg", x);
        return x is Op { Code: ScalarOp.Neg } op ? op.Operands[0] : Make(ScalarOp.Neg, x.Type, x);
    }

    /// <summary>|x|; the smallest integer is its own; of a complex value: the real modulus.</summary>
    public static ScalarExpr Abs(ScalarExpr x) =>
        x is Pair pair ? Modulus(pair)
        : x.Type.IsUnsigned || x.Type.IsBool ? x
        : Make(ScalarOp.Abs, x.Type, x);

    /// <summary>−1, 0 or 1; floats keep −0 and NaN; complex: z/|z|.</summary>
    public static ScalarExpr Sign(ScalarExpr x) => x is Pair pair ? ComplexSign(pair) : Make(ScalarOp.Sign, x.Type, x);

    /// <summary>The larger one; a NaN wins; on bool: or; complex in lexicographic order.</summary>
    public static ScalarExpr Max(ScalarExpr x, ScalarExpr y)
    {
        Same("max", x, y);
        return x is Pair || y is Pair ? Select(ComplexFirst(x, y, Gt), x, y)
            : x.Type.IsBool ? Or(x, y)
            : x.Type.IsInteger && x.Equals(y) ? x
            : Make(ScalarOp.Max, x.Type, x, y);
    }

    /// <summary>The smaller one; a NaN wins; on bool: and; complex in lexicographic order.</summary>
    public static ScalarExpr Min(ScalarExpr x, ScalarExpr y)
    {
        Same("min", x, y);
        return x is Pair || y is Pair ? Select(ComplexFirst(x, y, Lt), x, y)
            : x.Type.IsBool ? And(x, y)
            : x.Type.IsInteger && x.Equals(y) ? x
            : Make(ScalarOp.Min, x.Type, x, y);
    }

    /// <summary>The square root.</summary>
    public static ScalarExpr Sqrt(ScalarExpr x) => x is Pair pair ? ComplexSqrt(pair) : Rich(ScalarOp.Sqrt, x);

    /// <summary>1/√x; −∞ at −0.</summary>
    public static ScalarExpr Rsqrt(ScalarExpr x) =>
        x is Pair ? Div(Const(x.Type, 1), Sqrt(x)) : Rich(ScalarOp.Rsqrt, x);

    /// <summary>The real cube root.</summary>
    public static ScalarExpr Cbrt(ScalarExpr x) => Rich(ScalarOp.Cbrt, x);

    /// <summary>The largest integer not above x; integers themselves.</summary>
    public static ScalarExpr Floor(ScalarExpr x) => Rounding(ScalarOp.Floor, x);

    /// <summary>The smallest integer not below x; integers themselves.</summary>
    public static ScalarExpr Ceil(ScalarExpr x) => Rounding(ScalarOp.Ceil, x);

    /// <summary>The nearest integer, ties to even; integers themselves.</summary>
    public static ScalarExpr RoundHalfEven(ScalarExpr x) => Rounding(ScalarOp.RoundHalfEven, x);

    /// <summary>The nearest integer, ties away from zero; integers themselves.</summary>
    public static ScalarExpr RoundHalfAway(ScalarExpr x) => Rounding(ScalarOp.RoundHalfAway, x);

    /// <summary>The nearest integer towards zero; integers themselves.</summary>
    public static ScalarExpr Trunc(ScalarExpr x) => Rounding(ScalarOp.Trunc, x);

    /// <summary>xʸ of floating-point or complex values.</summary>
    public static ScalarExpr Pow(ScalarExpr x, ScalarExpr y)
    {
        Same("pow", x, y);
        if (x is Pair || y is Pair)
        {
            return ComplexPow(x, y);
        }

        Require(x.Type.IsFloating, "pow", x);
        if (y is ScalarExpr.Const && (Is(y, 1) || Is(y, 2) || Is(y, -1)))
        {
            return Is(y, 1) ? x
                : Is(y, 2) ? Mul(x, x)
                : Div(Const(x.Type, 1), x);
        }

        return Make(ScalarOp.Pow, x.Type, x, y);
    }

    /// <summary>xⁿ by repeated multiplication; a negative n takes the reciprocal at the end.</summary>
    public static ScalarExpr IntegerPow(ScalarExpr x, int exponent)
    {
        if (exponent == 1)
        {
            return x;
        }

        if (exponent == 0)
        {
            return Const(x.Type, 1);
        }

        return x is Pair
            ? PowerByMultiplication(x, exponent)
            : Make(ScalarOp.IntegerPow, x.Type, x, Const(DType.I32, exponent));
    }

    /// <summary>xⁿ as a tree of products.</summary>
    internal static ScalarExpr PowerByMultiplication(ScalarExpr x, int exponent)
    {
        ScalarExpr? result = null;
        var square = x;
        for (long n = System.Math.Abs((long)exponent); n > 0; n >>= 1)
        {
            if ((n & 1) != 0)
            {
                result = result is null ? square : Mul(result, square);
            }

            if (n > 1)
            {
                square = Mul(square, square);
            }
        }

        result ??= Const(x.Type, 1);
        return exponent < 0 ? Div(Const(x.Type, 1), result) : result;
    }

    private static bool IsNeutralForAdd(ScalarExpr y) =>
        y is Const constant
        && (
            y.Type.IsFloating
                ? constant.Bits == 1ul << (y.Type.Size * 8 - 1) // −0
                : constant.Bits == 0
        );

    private static ScalarExpr Rich(ScalarOp op, ScalarExpr x)
    {
        Require(x.Type.IsFloating, op.Name(), x);
        return Make(op, x.Type, x);
    }

    private static ScalarExpr Rounding(ScalarOp op, ScalarExpr x)
    {
        Require(!x.Type.IsComplex, op.Name(), x);
        return x.Type.IsFloating ? Make(op, x.Type, x) : x;
    }
}
