using System;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Comparisons, truth and bits.
public static partial class Jnp
{
    private static readonly Lt LtPrimitive = new();
    private static readonly Gt GtPrimitive = new();

    /// <summary>Where x equals y; NaN equals nothing.</summary>
    public static NDArray Equal(NDArray x, NDArray y) => Compare("equal", new Eq(), x, y);

    /// <summary>Where x differs from y.</summary>
    public static NDArray NotEqual(NDArray x, NDArray y) => Compare("not_equal", new Ne(), x, y);

    /// <summary>Where x is less than y; complex numbers compare by real, then imaginary part.</summary>
    public static NDArray Less(NDArray x, NDArray y) => Order("less", LtPrimitive, LtPrimitive, x, y);

    /// <summary>Where x is at most y; complex numbers compare by real, then imaginary part.</summary>
    public static NDArray LessEqual(NDArray x, NDArray y) => Order("less_equal", new Le(), LtPrimitive, x, y);

    /// <summary>Where x is greater than y; complex numbers compare by real, then imaginary part.</summary>
    public static NDArray Greater(NDArray x, NDArray y) => Order("greater", GtPrimitive, GtPrimitive, x, y);

    /// <summary>Where x is at least y; complex numbers compare by real, then imaginary part.</summary>
    public static NDArray GreaterEqual(NDArray x, NDArray y) => Order("greater_equal", new Ge(), GtPrimitive, x, y);

    /// <summary>Where both are nonzero.</summary>
    public static NDArray LogicalAnd(NDArray x, NDArray y) => Logical("logical_and", new And(), x, y);

    /// <summary>Where one is nonzero.</summary>
    public static NDArray LogicalOr(NDArray x, NDArray y) => Logical("logical_or", new Or(), x, y);

    /// <summary>Where exactly one is nonzero.</summary>
    public static NDArray LogicalXor(NDArray x, NDArray y) => Logical("logical_xor", new Xor(), x, y);

    /// <summary>Where x is zero.</summary>
    public static NDArray LogicalNot(NDArray x) => Ops.Not(ToBool(x));

    /// <summary>Bitwise and of integers; logical and of bools.</summary>
    public static NDArray BitwiseAnd(NDArray x, NDArray y) => Bitwise("bitwise_and", new And(), x, y);

    /// <summary>Bitwise or of integers; logical or of bools.</summary>
    public static NDArray BitwiseOr(NDArray x, NDArray y) => Bitwise("bitwise_or", new Or(), x, y);

    /// <summary>Bitwise exclusive or of integers; logical exclusive or of bools.</summary>
    public static NDArray BitwiseXor(NDArray x, NDArray y) => Bitwise("bitwise_xor", new Xor(), x, y);

    /// <summary>Every bit inverted; logical not of bools.</summary>
    public static NDArray BitwiseNot(NDArray x)
    {
        RequireBits("bitwise_not", x);
        return Ops.Not(x);
    }

    /// <inheritdoc cref="BitwiseNot"/>
    public static NDArray BitwiseInvert(NDArray x) => BitwiseNot(x);

    /// <inheritdoc cref="BitwiseNot"/>
    public static NDArray Invert(NDArray x) => BitwiseNot(x);

    /// <summary>Bits shifted to the left; 0 for counts beyond the width.</summary>
    public static NDArray LeftShift(NDArray x, NDArray y) => Shift("left_shift", new ShiftLeft(), x, y);

    /// <summary>Bits shifted to the right, filled with the sign of signed integers.</summary>
    public static NDArray RightShift(NDArray x, NDArray y)
    {
        var (a, b) = Pair("right_shift", x, y, boolToInt: true);
        RequireInteger("right_shift", a);
        return a.DType.IsUnsigned ? Ops.ShiftRightLogical(a, b) : Ops.ShiftRightArithmetic(a, b);
    }

    /// <inheritdoc cref="LeftShift"/>
    public static NDArray BitwiseLeftShift(NDArray x, NDArray y) => LeftShift(x, y);

    /// <inheritdoc cref="RightShift"/>
    public static NDArray BitwiseRightShift(NDArray x, NDArray y) => RightShift(x, y);

    /// <summary>The number of bits set in the absolute value, as u8.</summary>
    public static NDArray BitwiseCount(NDArray x)
    {
        RequireBits("bitwise_count", x);
        if (x.DType.IsBool)
        {
            return Promotion.Convert(x, DType.U8);
        }

        return Promotion.Convert(new PopulationCount().Bind(Abs(x)), DType.U8);
    }

    /// <summary>Where x is NaN.</summary>
    public static NDArray IsNan(NDArray x) => Ops.Ne(x, x);

    /// <summary>Where x is infinite.</summary>
    public static NDArray IsInf(NDArray x)
    {
        Argument.Given(x);
        if (x.DType.IsComplex)
        {
            return Ops.Or(IsInf(Ops.Real(x)), IsInf(Ops.Imag(x)));
        }

        return x.DType.IsFloating
            ? Ops.Eq(Ops.Abs(x), Ops.Like(x, double.PositiveInfinity))
            : Ops.Full(x.Shape, 0, DType.Bool);
    }

    /// <summary>Where x is positive infinity.</summary>
    public static NDArray IsPosInf(NDArray x) => IsOneInfinity("isposinf", x, double.PositiveInfinity);

    /// <summary>Where x is negative infinity.</summary>
    public static NDArray IsNegInf(NDArray x) => IsOneInfinity("isneginf", x, double.NegativeInfinity);

    /// <summary>Where x is neither infinite nor NaN.</summary>
    public static NDArray IsFinite(NDArray x)
    {
        Argument.Given(x);
        if (x.DType.IsComplex)
        {
            return Ops.And(Ops.IsFinite(Ops.Real(x)), Ops.IsFinite(Ops.Imag(x)));
        }

        return x.DType.IsFloating ? Ops.IsFinite(x) : Ops.Full(x.Shape, 1, DType.Bool);
    }

    /// <summary>Where the imaginary part is 0.</summary>
    public static NDArray IsReal(NDArray x)
    {
        Argument.Given(x);
        if (!x.DType.IsComplex)
        {
            return Ops.Full(x.Shape, 1, DType.Bool);
        }

        var imaginary = Ops.Imag(x);
        return Ops.Eq(imaginary, Ops.Like(imaginary, 0));
    }

    /// <summary>Where the imaginary part is not 0.</summary>
    public static NDArray IsComplex(NDArray x) => Ops.Not(IsReal(Argument.Given(x)));

    /// <summary>Whether the element type is complex.</summary>
    public static bool IsComplexObj(NDArray x) => Argument.Given(x).DType.IsComplex;

    /// <summary>Whether the element type is real.</summary>
    public static bool IsRealObj(NDArray x) => !Argument.Given(x).DType.IsComplex;

    /// <summary>Whether this is a number or an array without axes.</summary>
    public static bool IsScalar(object? element) =>
        element is NDArray array
            ? array.Ndim == 0
            : element is bool or IConvertible and not string or System.Numerics.Complex;

    /// <summary>Where |a − b| ≤ atol + rtol·|b|; infinities of one sign are close.</summary>
    public static NDArray IsClose(
        NDArray a,
        NDArray b,
        NDArray? rtol = null,
        NDArray? atol = null,
        bool equalNan = false
    )
    {
        var (x, y) = Pair("isclose", a, b);
        if (!x.DType.IsInexact)
        {
            (x, y) = (Promotion.ToInexact(x), Promotion.ToInexact(y));
        }

        var real = x.DType.RealType;
        return Fused.Call(
            "isclose",
            equalNan ? "equal_nan" : "",
            args => Close(args[0], args[1], args[2], args[3], equalNan),
            x,
            y,
            AsTolerance(rtol ?? 1e-5),
            AsTolerance(atol ?? 1e-8)
        );

        NDArray AsTolerance(NDArray tolerance) =>
            Broadcasting.To(Promotion.Convert(tolerance, real), x.Shape, "isclose");
    }

    private static NDArray Close(NDArray x, NDArray y, NDArray relative, NDArray absolute, bool equalNan)
    {
        var gap = Ops.Abs(Ops.Sub(x, y));
        var limit = Ops.Add(absolute, Ops.Mul(relative, Ops.Abs(y)));
        var close = Ops.And(Ops.Le(gap, limit), Ops.And(IsFinite(x), IsFinite(y)));
        close = Ops.Or(close, Ops.And(Ops.Eq(x, y), Ops.Not(Ops.Or(IsNan(x), IsNan(y)))));
        return equalNan ? Ops.Or(close, Ops.And(IsNan(x), IsNan(y))) : close;
    }

    /// <summary>Whether all elements are close (see <see cref="IsClose"/>), as a bool scalar.</summary>
    public static NDArray AllClose(
        NDArray a,
        NDArray b,
        NDArray? rtol = null,
        NDArray? atol = null,
        bool equalNan = false
    ) => All(IsClose(a, b, rtol, atol, equalNan));

    /// <summary>Whether shapes and all elements are equal, as a bool scalar.</summary>
    public static NDArray ArrayEqual(NDArray a1, NDArray a2, bool equalNan = false)
    {
        Argument.Given(a1);
        Argument.Given(a2);
        if (a1.Shape != a2.Shape)
        {
            return false;
        }

        var equal = Equal(a1, a2);
        return All(equalNan ? Ops.Or(equal, Ops.And(IsNan(a1), IsNan(a2))) : equal);
    }

    /// <summary>Whether all elements of two arrays, which broadcast, are equal, as a bool scalar.</summary>
    public static NDArray ArrayEquiv(NDArray a1, NDArray a2)
    {
        return All(Equal(a1, a2));
    }

    internal static NDArray ToBool(
        NDArray x,
        [CallerArgumentExpression(nameof(x))] string name = "",
        [CallerMemberName] string caller = ""
    ) => Argument.Given(x, name, caller).DType.IsBool ? x : Ops.Ne(x, Ops.Like(x, 0));

    private static NDArray Compare(string caller, Primitive primitive, NDArray x, NDArray y)
    {
        Argument.Given(x, nameof(x), caller);
        Argument.Given(y, nameof(y), caller);
        if (ReferenceEquals(x.DType, y.DType) && x.Shape == y.Shape)
        {
            return primitive.Bind(x, y);
        }

        var (a, b) = Pair(caller, x, y);
        return primitive.Bind(a, b);
    }

    private static NDArray Order(string caller, Primitive primitive, Primitive strict, NDArray x, NDArray y)
    {
        Argument.Given(x, nameof(x), caller);
        Argument.Given(y, nameof(y), caller);
        if (!x.DType.IsComplex && !y.DType.IsComplex)
        {
            return Compare(caller, primitive, x, y);
        }

        var (a, b) = Pair(caller, x, y);
        var (re, im) = (Ops.Real(a), Ops.Imag(a));
        var (reOther, imOther) = (Ops.Real(b), Ops.Imag(b));
        return Ops.Select(Ops.Eq(re, reOther), primitive.Bind(im, imOther), strict.Bind(re, reOther));
    }

    private static NDArray Logical(string caller, Primitive primitive, NDArray x, NDArray y)
    {
        var (a, b) = Broadcast(caller, ToBool(x, nameof(x), caller), ToBool(y, nameof(y), caller));
        return primitive.Bind(a, b);
    }

    private static NDArray Bitwise(string caller, Primitive primitive, NDArray x, NDArray y)
    {
        var (a, b) = Pair(caller, x, y);
        RequireBits(caller, a);
        return primitive.Bind(a, b);
    }

    private static NDArray Shift(string caller, Primitive primitive, NDArray x, NDArray y)
    {
        var (a, b) = Pair(caller, x, y, boolToInt: true);
        RequireInteger(caller, a);
        return primitive.Bind(a, b);
    }

    private static void RequireBits(string caller, NDArray x)
    {
        if (Argument.Given(x, nameof(x), caller).DType.IsInexact)
        {
            throw new DTypeException($"{caller} needs integers or bools; got {x.Type}. Convert with AsType.");
        }
    }

    private static NDArray IsOneInfinity(string caller, NDArray x, double infinity)
    {
        RefuseComplex(caller, x);
        return x.DType.IsFloating ? Ops.Eq(x, Ops.Like(x, infinity)) : Ops.Full(x.Shape, 0, DType.Bool);
    }
}
