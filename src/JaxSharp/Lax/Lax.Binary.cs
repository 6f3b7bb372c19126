using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>x + y; integers wrap.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Add(NDArray x, NDArray y) => LaxOperands.Apply(new Add(), x, y);

    /// <summary>x − y; integers wrap.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Sub(NDArray x, NDArray y) => LaxOperands.Apply(new Sub(), x, y);

    /// <summary>x / y. Integers divide towards zero; x / 0 is −1 and the smallest integer divided by −1 itself.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Div(NDArray x, NDArray y) => LaxOperands.Apply(new Div(), x, y);

    /// <summary>The remainder of the division towards zero, with the sign of x; for integers x rem 0 is x.</summary>
    /// <param name="x">Integers or floating-point numbers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Rem(NDArray x, NDArray y) => LaxOperands.Apply(new Rem(), x, y);

    /// <summary>The larger one. A NaN wins; complex numbers compare lexicographically. At a tie both operands get half of the derivative.</summary>
    /// <param name="x">Any type.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Max(NDArray x, NDArray y) => LaxOperands.Apply(new Max(), x, y);

    /// <summary>The smaller one. A NaN wins; complex numbers compare lexicographically. At a tie both operands get half of the derivative.</summary>
    /// <param name="x">Any type.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Min(NDArray x, NDArray y) => LaxOperands.Apply(new Min(), x, y);

    /// <summary>The angle of the point with ordinate x and abscissa y, in [−π, π].</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Atan2(NDArray x, NDArray y) => LaxOperands.Apply(new Atan2(), x, y);

    /// <summary>The upper half of the product of twice the width.</summary>
    /// <param name="x">Integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Mulhi(NDArray x, NDArray y) => LaxOperands.Apply(new MulHi(), x, y);

    /// <summary>x · y; integers wrap.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <param name="outDType">The element type to multiply in; null for that of the operands.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Mul(NDArray x, NDArray y, DType? outDType = null) =>
        outDType is null
            ? LaxOperands.Apply(new Mul(), x, y)
            : LaxOperands.Apply(new Mul(), ConvertElementType(x, outDType), ConvertElementType(y, outDType));

    /// <summary>xʸ.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <param name="y">The same type or integers; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The base is an integer, or the exponent of another type.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Pow(NDArray x, NDArray y)
    {
        var operands = new[] { Argument.Given(x), Argument.Given(y) };
        if (!y.DType.IsInteger)
        {
            operands = LaxOperands.MatchWeak(operands);
        }

        return new Pow().Bind(LaxOperands.Broadcast("pow", operands));
    }

    /// <summary>The next representable number after x1 in the direction of x2.</summary>
    /// <param name="x1">Floating-point numbers.</param>
    /// <param name="x2">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Nextafter(NDArray x1, NDArray x2) => LaxOperands.Apply(new Nextafter(), x1, x2);

    /// <summary>The complex number with real part x and imaginary part y.</summary>
    /// <param name="x">f32 or f64.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Complex(NDArray x, NDArray y) => LaxOperands.Apply(new MakeComplex(), x, y);

    /// <summary>Whether x = y, elementwise. The result is bool.</summary>
    /// <param name="x">Any type.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Eq(NDArray x, NDArray y) => LaxOperands.Apply(new Eq(), x, y);

    /// <summary>Whether x ≠ y, elementwise. The result is bool.</summary>
    /// <param name="x">Any type.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Ne(NDArray x, NDArray y) => LaxOperands.Apply(new Ne(), x, y);

    /// <summary>Whether x &lt; y, elementwise. The result is bool.</summary>
    /// <param name="x">Bool or real numbers; complex numbers are refused.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Lt(NDArray x, NDArray y) => LaxOperands.Apply(new Lt(), x, y);

    /// <summary>Whether x ≤ y, elementwise. The result is bool.</summary>
    /// <param name="x">Bool or real numbers; complex numbers are refused.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Le(NDArray x, NDArray y) => LaxOperands.Apply(new Le(), x, y);

    /// <summary>Whether x &gt; y, elementwise. The result is bool.</summary>
    /// <param name="x">Bool or real numbers; complex numbers are refused.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Gt(NDArray x, NDArray y) => LaxOperands.Apply(new Gt(), x, y);

    /// <summary>Whether x ≥ y, elementwise. The result is bool.</summary>
    /// <param name="x">Bool or real numbers; complex numbers are refused.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray Ge(NDArray x, NDArray y) => LaxOperands.Apply(new Ge(), x, y);

    /// <summary>Bitwise and of integers, logical and of bool.</summary>
    /// <param name="x">Bool or integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray BitwiseAnd(NDArray x, NDArray y) => LaxOperands.Apply(new And(), x, y);

    /// <summary>Bitwise or of integers, logical or of bool.</summary>
    /// <param name="x">Bool or integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray BitwiseOr(NDArray x, NDArray y) => LaxOperands.Apply(new Or(), x, y);

    /// <summary>Bitwise exclusive or of integers, inequality of bool.</summary>
    /// <param name="x">Bool or integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray BitwiseXor(NDArray x, NDArray y) => LaxOperands.Apply(new Xor(), x, y);

    /// <summary>x shifted left by y bits; 0 where y is negative or at least the width.</summary>
    /// <param name="x">Integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray ShiftLeft(NDArray x, NDArray y) => LaxOperands.Apply(new ShiftLeft(), x, y);

    /// <summary>x shifted right by y bits, filled with the sign; all sign where y is negative or at least the width.</summary>
    /// <param name="x">Integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray ShiftRightArithmetic(NDArray x, NDArray y) =>
        LaxOperands.Apply(new ShiftRightArithmetic(), x, y);

    /// <summary>x shifted right by y bits, filled with zeros; 0 where y is negative or at least the width.</summary>
    /// <param name="x">Integers.</param>
    /// <param name="y">The same type; an equal shape, a scalar, or equal rank with axes of extent 1 to repeat.</param>
    /// <exception cref="DTypeException">The element types differ or are not taken.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray ShiftRightLogical(NDArray x, NDArray y) => LaxOperands.Apply(new ShiftRightLogical(), x, y);
}
