using System;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Complex functions on their parts. Sources: W. Kahan, "Branch cuts for complex elementary functions" (1987) for the inverse
// functions and tanh; R. L. Smith, "Algorithm 116: complex division" (1962).
internal static partial class Scalar
{
    private static ScalarExpr ComplexMul(ScalarExpr x, ScalarExpr y)
    {
        var (a, b, c, d) = (Real(x), Imag(x), Real(y), Imag(y));
        return new Pair(a * c - b * d, a * d + b * c);
    }

    private static ScalarExpr ComplexDiv(ScalarExpr x, ScalarExpr y)
    {
        var (a, b, c, d) = (Real(x), Imag(x), Real(y), Imag(y));
        var zero = Const(c.Type, 0);
        var wide = Ge(Abs(c), Abs(d));
        var large = Select(wide, c, d);
        var small = Select(wide, d, c);
        var byZero = Eq(large, zero);
        var ratio = Select(byZero, zero, small / large);
        var denominator = large + small * ratio;
        var real = Select(wide, a + b * ratio, a * ratio + b);
        var imaginary = Select(wide, b - a * ratio, b * ratio - a);
        return new Pair(Select(byZero, a / c, real / denominator), Select(byZero, b / c, imaginary / denominator));
    }

    private static ScalarExpr Modulus(Pair z)
    {
        var (a, b) = (Abs(z.Real), Abs(z.Imaginary));
        var aLarger = Gt(a, b);
        var large = Select(aLarger, a, b);
        var small = Select(aLarger, b, a);
        var infinity = Const(a.Type, double.PositiveInfinity);
        var ratio = small / large;
        var scaled = large * Sqrt(1 + ratio * ratio);
        var plain = Select(Eq(small, Const(a.Type, 0)), large, scaled);
        var finite = Select(Or(Eq(a, infinity), Eq(b, infinity)), infinity, plain);
        return Select(IsNaN(a), a, Select(IsNaN(b), b, finite));
    }

    private static ScalarExpr ComplexSign(Pair z)
    {
        var modulus = Modulus(z);
        var isZero = Eq(modulus, Const(modulus.Type, 0));
        return new Pair(Select(isZero, z.Real, z.Real / modulus), Select(isZero, z.Imaginary, z.Imaginary / modulus));
    }

    private static ScalarExpr ComplexFirst(
        ScalarExpr x,
        ScalarExpr y,
        Func<ScalarExpr, ScalarExpr, ScalarExpr> before
    ) => Or(Or(IsNaN(Real(x)), IsNaN(Imag(x))), before(x, y));

    private static ScalarExpr ComplexSqrt(Pair z)
    {
        var (a, b) = (z.Real, z.Imaginary);
        var zero = Const(a.Type, 0);
        var infinity = Const(a.Type, double.PositiveInfinity);
        var t = Sqrt(Modulus(z) * 0.5 + Abs(a) * 0.5);
        var other = b / (2 * t);
        var right = Ge(a, zero);
        var isZero = And(Eq(a, zero), Eq(b, zero));
        var real = Select(isZero, zero, Select(right, t, Abs(other)));
        var imaginary = Select(isZero, b, Select(right, other, CopySign(t, b)));

        // Infinite parts, the imaginary one first. A NaN makes both parts NaN.
        var imaginaryInfinite = Eq(Abs(b), infinity);
        var realInfinite = Eq(Abs(a), infinity);
        real = Select(realInfinite, Select(right, infinity, zero), real);
        imaginary = Select(
            realInfinite,
            Select(right, CopySign(zero, b), Select(Lt(b, zero), Neg(infinity), infinity)),
            imaginary
        );
        var nan = Const(a.Type, double.NaN);
        var isNaN = Or(IsNaN(a), IsNaN(b));
        return new Pair(
            Select(isNaN, nan, Select(imaginaryInfinite, infinity, real)),
            Select(isNaN, nan, Select(imaginaryInfinite, b, imaginary))
        );
    }

    /// <summary>The magnitude of x with the sign of y.</summary>
    internal static ScalarExpr CopySign(ScalarExpr x, ScalarExpr y)
    {
        var bits = x.Type.Size switch
        {
            2 => DType.U16,
            4 => DType.U32,
            _ => DType.U64,
        };
        var sign = ConstBits(bits, 1ul << (x.Type.Size * 8 - 1));
        return Bitcast(Or(And(Bitcast(y, bits), sign), And(Bitcast(x, bits), Not(sign))), x.Type);
    }

    private static ScalarExpr Scale(Pair z, double factor) => new Pair(z.Real * factor, z.Imaginary * factor);

    private static Pair TimesI(Pair z) => new(Neg(z.Imaginary), z.Real);

    private static Pair TimesMinusI(Pair z) => new(z.Imaginary, Neg(z.Real));

    private static ScalarExpr ComplexExp(ScalarExpr z)
    {
        var (a, b) = (Real(z), Imag(z));
        var zero = Const(a.Type, 0);
        var modulus = Exp(a);
        var vanishes = Eq(modulus, zero);
        var real = Select(vanishes, zero, modulus * Cos(b));
        var imaginary = Select(vanishes, zero, modulus * Sin(b));
        var isReal = Eq(b, zero);
        return new Pair(Select(isReal, modulus, real), Select(isReal, b, imaginary));
    }

    private static ScalarExpr ComplexExpm1(Pair z)
    {
        var half = Sin(z.Imaginary * 0.5);
        var real = Expm1(z.Real) * Cos(z.Imaginary) - 2 * half * half;
        var isReal = Eq(z.Imaginary, Const(real.Type, 0));
        var imaginary = Exp(z.Real) * Sin(z.Imaginary);
        return new Pair(Select(isReal, Expm1(z.Real), real), Select(isReal, z.Imaginary, imaginary));
    }

    private static ScalarExpr ComplexLog(Pair z)
    {
        var (a, b) = (Abs(z.Real), Abs(z.Imaginary));
        var larger = Max(a, b);
        var smaller = Min(a, b);
        var modulus = Modulus(z);
        var nearOne = And(modulus > 0.5, modulus < 1.5);
        var close = 0.5 * Log1p(Fma(smaller, smaller, (larger - 1) * (larger + 1)));
        return new Pair(Select(nearOne, close, Log(modulus)), Atan2(z.Imaginary, z.Real));
    }

    private static ScalarExpr ComplexLog1p(Pair z)
    {
        var (a, b) = (z.Real, z.Imaginary);
        var small = And(Abs(a) < 0.5, Abs(b) < 0.5);
        var close = 0.5 * Log1p(Fma(b, b, a * (a + 2)));
        var far = (Pair)ComplexLog(new Pair(a + 1, b));
        return new Pair(Select(small, close, far.Real), far.Imaginary);
    }

    private static ScalarExpr ComplexLogistic(Pair z)
    {
        var e = (Pair)ComplexExp(Neg(z));
        return ComplexDiv(Const(z.Type, 1), new Pair(e.Real + 1, e.Imaginary));
    }

    // On the imaginary axis, sin z is imaginary and cos z real, for infinite and NaN z too.
    private static Pair ComplexSin(Pair z) =>
        new(
            Select(Eq(z.Real, Const(z.Real.Type, 0)), z.Real, Sin(z.Real) * Cosh(z.Imaginary)),
            Cos(z.Real) * Sinh(z.Imaginary)
        );

    private static Pair ComplexCos(Pair z) =>
        new(
            Cos(z.Real) * Cosh(z.Imaginary),
            Select(Eq(z.Real, Const(z.Real.Type, 0)), z.Real, Neg(Sin(z.Real) * Sinh(z.Imaginary)))
        );

    private static Pair ComplexSinh(Pair z) => TimesMinusI(ComplexSin(TimesI(z)));

    private static Pair ComplexCosh(Pair z) => ComplexCos(TimesI(z));

    private static Pair ComplexTan(Pair z) => TimesMinusI(ComplexTanh(TimesI(z)));

    private static Pair ComplexTanh(Pair z)
    {
        var (a, b) = (z.Real, z.Imaginary);
        var one = Const(a.Type, 1);
        var tangent = Tan(b);
        var sinh = Sinh(a);
        var beta = 1 + tangent * tangent;
        var denominator = 1 + beta * sinh * sinh;
        var real = beta * Sqrt(1 + sinh * sinh) * sinh / denominator;
        var imaginary = tangent / denominator;
        var far = Abs(a) > (a.Type.Size == 4 ? 9 : 20);
        var decayed = 4 * Sin(b) * Cos(b) * Exp(Abs(a) * -2);
        return new Pair(
            Select(far, CopySign(one, a), real),
            Select(far, Select(IsFinite(b), decayed, CopySign(Const(a.Type, 0), b)), imaginary)
        );
    }

    private static Pair ComplexAsin(Pair z)
    {
        var (below, above) = SqrtsAroundOne(z);
        var magnitude = InverseMagnitude(z, below, above);
        var angle = Atan2(z.Real, below.Real * above.Real - below.Imaginary * above.Imaginary);
        return new(
            Select(AnyInfinite(z), Atan2(z.Real, Abs(z.Imaginary)), angle),
            Select(Lt(z.Imaginary, Const(angle.Type, 0)), Neg(magnitude), magnitude)
        );
    }

    private static Pair ComplexAcos(Pair z)
    {
        var (angle, magnitude) = AngleAndMagnitude(z);
        return new(angle, OppositeSign(magnitude, z.Imaginary));
    }

    private static Pair ComplexAcosh(Pair z)
    {
        var (angle, magnitude) = AngleAndMagnitude(z);
        return new(magnitude, Select(Lt(z.Imaginary, Const(angle.Type, 0)), Neg(angle), angle));
    }

    // The parts of acos z, the second one without its sign.
    private static (ScalarExpr Angle, ScalarExpr Magnitude) AngleAndMagnitude(Pair z)
    {
        var (below, above) = SqrtsAroundOne(z);
        var angle = Select(AnyInfinite(z), Atan2(Abs(z.Imaginary), z.Real), 2 * Atan2(below.Real, above.Real));
        return (angle, InverseMagnitude(z, below, above));
    }

    private static ScalarExpr InverseMagnitude(Pair z, Pair below, Pair above)
    {
        var magnitude = Abs(Asinh(above.Real * below.Imaginary - above.Imaginary * below.Real));
        return Select(AnyInfinite(z), Const(magnitude.Type, double.PositiveInfinity), magnitude);
    }

    private static ScalarExpr AnyInfinite(Pair z)
    {
        var infinity = Const(z.Real.Type, double.PositiveInfinity);
        return Or(Eq(Abs(z.Real), infinity), Eq(Abs(z.Imaginary), infinity));
    }

    // The magnitude with a positive sign where y < 0, else with a negative one.
    private static ScalarExpr OppositeSign(ScalarExpr magnitude, ScalarExpr y) =>
        Select(Lt(y, Const(y.Type, 0)), magnitude, Neg(magnitude));

    private static Pair ComplexAsinh(Pair z) => TimesMinusI(ComplexAsin(TimesI(z)));

    private static Pair ComplexAtan(Pair z) => TimesMinusI(ComplexAtanh(TimesI(z)));

    private static Pair ComplexAtanh(Pair z)
    {
        var (a, b) = (z.Real, z.Imaginary);
        var distance = (1 - a) * (1 - a) + b * b;
        var real = 0.25 * Log1p(4 * a / distance);
        var imaginary = 0.5 * Atan2(2 * b, (1 - a) * (1 + a) - b * b);
        var isInfinite = AnyInfinite(z);
        var quarterTurn = CopySign(Const(b.Type, System.Math.PI / 2), b);
        return new(
            Select(isInfinite, CopySign(Const(a.Type, 0), a), real),
            Select(isInfinite, Select(IsNaN(b), b, quarterTurn), imaginary)
        );
    }

    // √(1 − z) and √(1 + z), with signs of zero kept for the branch cuts.
    private static (Pair Below, Pair Above) SqrtsAroundOne(Pair z) =>
        (
            (Pair)ComplexSqrt(new Pair(1 - z.Real, Neg(z.Imaginary))),
            (Pair)ComplexSqrt(new Pair(1 + z.Real, z.Imaginary))
        );

    private static ScalarExpr ComplexPow(ScalarExpr x, ScalarExpr y)
    {
        var zero = Const(x.Type, 0);
        var general = Exp(Mul(Log(x), y));
        return Select(Eq(y, zero), Const(x.Type, 1), Select(Eq(x, zero), zero, general));
    }
}
