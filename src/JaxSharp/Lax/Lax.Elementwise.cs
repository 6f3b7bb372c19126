using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>
/// Operations close to the machine: no promotion of types and hardly any broadcasting. Binary operations take equal shapes, a
/// scalar, or equal ranks where an axis of extent 1 repeats; element types must agree, but for C# numbers, which take the type of
/// the array they meet.
/// </summary>
public static partial class Lax
{
    /// <summary>The absolute value; of complex numbers the modulus, which is real. The derivative at 0 is 1.</summary>
    /// <param name="x">Signed integers, floating-point or complex numbers. Unsigned integers are refused.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Abs(NDArray x) => new Abs().Bind(Argument.Given(x));

    /// <summary>−1, 0 or 1 as an element is negative, zero or positive; x/|x| for complex numbers. NaN stays NaN.</summary>
    /// <param name="x">Numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Sign(NDArray x) => new Sign().Bind(Argument.Given(x));

    /// <summary>The negative; integers wrap.</summary>
    /// <param name="x">Numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Neg(NDArray x) => new Neg().Bind(Argument.Given(x));

    /// <summary>x², elementwise.</summary>
    /// <param name="x">Numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Square(NDArray x) => new Square().Bind(Argument.Given(x));

    /// <summary>The square root; of complex numbers the one with nonnegative real part.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Sqrt(NDArray x) => new Sqrt().Bind(Argument.Given(x));

    /// <summary>1/√x; −∞ at −0.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Rsqrt(NDArray x) => new Rsqrt().Bind(Argument.Given(x));

    /// <summary>The real cube root.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Cbrt(NDArray x) => new Cbrt().Bind(Argument.Given(x));

    /// <summary>eˣ, elementwise.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Exp(NDArray x) => new Exp().Bind(Argument.Given(x));

    /// <summary>2ˣ, elementwise.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Exp2(NDArray x) => new Exp2().Bind(Argument.Given(x));

    /// <summary>eˣ − 1, exact for small x.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Expm1(NDArray x) => new Expm1().Bind(Argument.Given(x));

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Log(NDArray x) => new Log().Bind(Argument.Given(x));

    /// <summary>ln(1 + x), exact for small x.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Log1p(NDArray x) => new Log1p().Bind(Argument.Given(x));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Logistic(NDArray x) => new Logistic().Bind(Argument.Given(x));

    /// <summary>The sine.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Sin(NDArray x) => new Sin().Bind(Argument.Given(x));

    /// <summary>The cosine.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Cos(NDArray x) => new Cos().Bind(Argument.Given(x));

    /// <summary>The tangent.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Tan(NDArray x) => new Tan().Bind(Argument.Given(x));

    /// <summary>The arc sine, in [−π/2, π/2]; NaN outside of [−1, 1].</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Asin(NDArray x) => new Asin().Bind(Argument.Given(x));

    /// <summary>The arc cosine, in [0, π]; NaN outside of [−1, 1].</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Acos(NDArray x) => new Acos().Bind(Argument.Given(x));

    /// <summary>The arc tangent, in [−π/2, π/2].</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Atan(NDArray x) => new Atan().Bind(Argument.Given(x));

    /// <summary>The hyperbolic sine.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Sinh(NDArray x) => new Sinh().Bind(Argument.Given(x));

    /// <summary>The hyperbolic cosine.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Cosh(NDArray x) => new Cosh().Bind(Argument.Given(x));

    /// <summary>The hyperbolic tangent.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Tanh(NDArray x) => new Tanh().Bind(Argument.Given(x));

    /// <summary>The inverse hyperbolic sine.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Asinh(NDArray x) => new Asinh().Bind(Argument.Given(x));

    /// <summary>The inverse hyperbolic cosine; NaN below 1.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Acosh(NDArray x) => new Acosh().Bind(Argument.Given(x));

    /// <summary>The inverse hyperbolic tangent; NaN outside of [−1, 1].</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Atanh(NDArray x) => new Atanh().Bind(Argument.Given(x));

    /// <summary>The largest integer not above x, in the type of x.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Floor(NDArray x) => new Floor().Bind(Argument.Given(x));

    /// <summary>The smallest integer not below x, in the type of x.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Ceil(NDArray x) => new Ceil().Bind(Argument.Given(x));

    /// <summary>Whether each element is neither infinite nor NaN; bool.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray IsFinite(NDArray x) => new IsFinite().Bind(Argument.Given(x));

    /// <summary>The real part.</summary>
    /// <param name="x">Complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Real(NDArray x) => new Real().Bind(Argument.Given(x));

    /// <summary>The imaginary part.</summary>
    /// <param name="x">Complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Imag(NDArray x) => new Imag().Bind(Argument.Given(x));

    /// <summary>The complex conjugate; a real operand becomes complex.</summary>
    /// <param name="x">F32, f64 or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Conj(NDArray x) => new Conj().Bind(Argument.Given(x));

    /// <summary>The bitwise complement of integers, the negation of bool.</summary>
    /// <param name="x">Bool or integers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray BitwiseNot(NDArray x) => new Not().Bind(Argument.Given(x));

    /// <summary>The number of bits that are 1.</summary>
    /// <param name="x">Integers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray PopulationCount(NDArray x) => new PopulationCount().Bind(Argument.Given(x));

    /// <summary>The number of zero bits above the highest bit that is 1.</summary>
    /// <param name="x">Integers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Clz(NDArray x) => new Clz().Bind(Argument.Given(x));

    /// <summary>1/x.</summary>
    /// <param name="x">Floating-point or complex numbers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Reciprocal(NDArray x) => new IntegerPow(-1).Bind(Argument.Given(x));

    /// <summary>xⁿ for a fixed integer n, by repeated multiplication.</summary>
    /// <param name="x">Numbers.</param>
    /// <param name="y">The exponent n; not negative for integers <paramref name="x"/>.</param>
    /// <exception cref="DTypeException">Integers with a negative exponent, or bool.</exception>
    public static NDArray IntegerPow(NDArray x, int y) => new IntegerPow(y).Bind(Argument.Given(x));

    /// <summary>The nearest integer, in the type of x.</summary>
    /// <param name="x">Floating-point numbers.</param>
    /// <param name="roundingMethod">What to do halfway between two integers.</param>
    /// <exception cref="DTypeException"><paramref name="x"/> has another element type.</exception>
    public static NDArray Round(NDArray x, RoundingMethod roundingMethod = RoundingMethod.AwayFromZero) =>
        new Round(roundingMethod).Bind(Argument.Given(x));
}
