using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal static partial class Scalar
{
    /// <summary>x = y, as bool.</summary>
    public static ScalarExpr Eq(ScalarExpr x, ScalarExpr y)
    {
        Same("eq", x, y);
        if (x is Pair || y is Pair)
        {
            return And(Eq(Real(x), Real(y)), Eq(Imag(x), Imag(y)));
        }

        return !x.Type.IsFloating && x.Equals(y) ? Const(true) : Make(ScalarOp.Eq, DType.Bool, x, y);
    }

    /// <summary>x ≠ y, as bool.</summary>
    public static ScalarExpr Ne(ScalarExpr x, ScalarExpr y)
    {
        Same("ne", x, y);
        if (x is Pair || y is Pair)
        {
            return Or(Ne(Real(x), Real(y)), Ne(Imag(x), Imag(y)));
        }

        if (x.Type.IsBool && y is Const constant)
        {
            return constant.Bits == 0 ? x : Not(x);
        }

        return !x.Type.IsFloating && x.Equals(y) ? Const(false) : Make(ScalarOp.Ne, DType.Bool, x, y);
    }

    /// <summary>x &lt; y, as bool; complex in lexicographic order.</summary>
    public static ScalarExpr Lt(ScalarExpr x, ScalarExpr y) => Compare(ScalarOp.Lt, x, y);

    /// <summary>x ≤ y, as bool; complex in lexicographic order.</summary>
    public static ScalarExpr Le(ScalarExpr x, ScalarExpr y) => Compare(ScalarOp.Le, x, y);

    /// <summary>x &gt; y, as bool; complex in lexicographic order.</summary>
    public static ScalarExpr Gt(ScalarExpr x, ScalarExpr y) => Compare(ScalarOp.Gt, x, y);

    /// <summary>x ≥ y, as bool; complex in lexicographic order.</summary>
    public static ScalarExpr Ge(ScalarExpr x, ScalarExpr y) => Compare(ScalarOp.Ge, x, y);

    /// <summary>x where the condition holds, else y. A load in the branch not taken touches no memory.</summary>
    public static ScalarExpr Select(ScalarExpr condition, ScalarExpr x, ScalarExpr y)
    {
        Same("select", x, y);
        Require(condition.Type.IsBool, "select on", condition);
        if (condition is Const constant)
        {
            return constant.Bits != 0 ? x : y;
        }

        if (x.Equals(y))
        {
            return x;
        }

        if (x is Pair || y is Pair)
        {
            return new Pair(Select(condition, Real(x), Real(y)), Select(condition, Imag(x), Imag(y)));
        }

        if (x.Type.IsBool && x is ScalarExpr.Const && y is ScalarExpr.Const)
        {
            return Is(x, 1) ? condition : Not(condition);
        }

        return new Op(ScalarOp.Select, x.Type, condition, x, y);
    }

    /// <summary>Bitwise and; on bool: logical.</summary>
    public static ScalarExpr And(ScalarExpr x, ScalarExpr y)
    {
        Bitwise("and", x, y);
        if (IsConst(x))
        {
            (x, y) = (y, x);
        }

        return x.Equals(y) || IsAllOnes(y) ? x
            : Is(y, 0) ? y
            : Make(ScalarOp.And, x.Type, x, y);
    }

    /// <summary>Bitwise or; on bool: logical.</summary>
    public static ScalarExpr Or(ScalarExpr x, ScalarExpr y)
    {
        Bitwise("or", x, y);
        if (IsConst(x))
        {
            (x, y) = (y, x);
        }

        return x.Equals(y) || Is(y, 0) ? x
            : IsAllOnes(y) ? y
            : Make(ScalarOp.Or, x.Type, x, y);
    }

    /// <summary>Bitwise exclusive or; on bool: logical.</summary>
    public static ScalarExpr Xor(ScalarExpr x, ScalarExpr y)
    {
        Bitwise("xor", x, y);
        if (IsConst(x))
        {
            (x, y) = (y, x);
        }

        return Is(y, 0) ? x : Make(ScalarOp.Xor, x.Type, x, y);
    }

    /// <summary>Bitwise complement; on bool: logical.</summary>
    public static ScalarExpr Not(ScalarExpr x)
    {
        Bitwise("not", x, x);
        return x is Op { Code: ScalarOp.Not } op ? op.Operands[0] : Make(ScalarOp.Not, x.Type, x);
    }

    /// <summary>x · 2ʸ; 0 if y is negative or at least the width.</summary>
    public static ScalarExpr ShiftLeft(ScalarExpr x, ScalarExpr y) => Shift(ScalarOp.ShiftLeft, x, y);

    /// <summary>Shift right filled with zeros; 0 if y is negative or at least the width.</summary>
    public static ScalarExpr ShiftRightLogical(ScalarExpr x, ScalarExpr y) => Shift(ScalarOp.ShiftRightLogical, x, y);

    /// <summary>Shift right filled with the sign bit; nothing but sign if y is negative or at least the width.</summary>
    public static ScalarExpr ShiftRightArithmetic(ScalarExpr x, ScalarExpr y) =>
        Shift(ScalarOp.ShiftRightArithmetic, x, y);

    /// <summary>The number of bits that are set.</summary>
    public static ScalarExpr PopulationCount(ScalarExpr x) => IntegerOp(ScalarOp.PopulationCount, x);

    /// <summary>The number of zero bits above the highest bit set.</summary>
    public static ScalarExpr CountLeadingZeros(ScalarExpr x) => IntegerOp(ScalarOp.CountLeadingZeros, x);

    /// <summary>The upper half of the product of two 32- or 64-bit integers.</summary>
    public static ScalarExpr MulHi(ScalarExpr x, ScalarExpr y)
    {
        Same("mul_hi", x, y);
        Require(x.Type.IsInteger, "mul_hi", x);
        return Make(ScalarOp.MulHi, x.Type, x, y);
    }

    /// <summary>Whether x is neither infinite nor NaN.</summary>
    public static ScalarExpr IsFinite(ScalarExpr x) =>
        x is Pair pair ? And(IsFinite(pair.Real), IsFinite(pair.Imaginary))
        : x.Type.IsFloating ? Make(ScalarOp.IsFinite, DType.Bool, x)
        : Const(true);

    /// <summary>Whether x is NaN.</summary>
    public static ScalarExpr IsNaN(ScalarExpr x) => Ne(x, x);

    /// <summary>The next representable number after x towards y.</summary>
    public static ScalarExpr Nextafter(ScalarExpr x, ScalarExpr y)
    {
        Same("nextafter", x, y);
        Require(x.Type.IsFloating, "nextafter", x);
        return Make(ScalarOp.Nextafter, x.Type, x, y);
    }

    private static ScalarExpr Compare(ScalarOp op, ScalarExpr x, ScalarExpr y)
    {
        Same(op.Name(), x, y);
        if (x is Pair || y is Pair)
        {
            var strict = op is ScalarOp.Lt or ScalarOp.Le ? ScalarOp.Lt : ScalarOp.Gt;
            return Or(Compare(strict, Real(x), Real(y)), And(Eq(Real(x), Real(y)), Compare(op, Imag(x), Imag(y))));
        }

        if (x.Type.IsBool)
        {
            return op switch
            {
                ScalarOp.Lt => And(Not(x), y),
                ScalarOp.Le => Or(Not(x), y),
                ScalarOp.Gt => And(x, Not(y)),
                _ => Or(x, Not(y)),
            };
        }

        return !x.Type.IsFloating && x.Equals(y) ? Const(op is ScalarOp.Le or ScalarOp.Ge) : Make(op, DType.Bool, x, y);
    }

    private static ScalarExpr Shift(ScalarOp op, ScalarExpr x, ScalarExpr y)
    {
        Same(op.Name(), x, y);
        Require(x.Type.IsInteger, op.Name(), x);
        return Is(y, 0) ? x : Make(op, x.Type, x, y);
    }

    private static ScalarExpr IntegerOp(ScalarOp op, ScalarExpr x)
    {
        Require(x.Type.IsInteger, op.Name(), x);
        return Make(op, x.Type, x);
    }

    private static void Bitwise(string name, ScalarExpr x, ScalarExpr y)
    {
        Same(name, x, y);
        Require(x.Type.IsInteger || x.Type.IsBool, name, x);
    }

    private static bool IsAllOnes(ScalarExpr x) =>
        x is Const constant && constant.Bits == (x.Type.IsBool ? 1 : ulong.MaxValue >> (64 - x.Type.Size * 8));
}
