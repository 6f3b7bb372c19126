using System;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Powers, cube roots and remainders. Polynomials were fitted at Chebyshev points, highest power first.
internal sealed partial class Expansion
{
    // log₂(1 + f) / f on [√½ − 1, √2 − 1], for results in f32.
    private static readonly double[] PowerLog2 =
    [
        0.07553790398013412,
        -0.1414478821058739,
        0.14495052999815844,
        -0.14349039375280995,
        0.15878356832510718,
        -0.1802710257711494,
        0.20617283226751987,
        -0.24045433696411997,
        0.28853739437873954,
        -0.3606736553159396,
        0.4808983601762459,
        -0.7213475209631551,
        1.4426950408708794,
    ];

    // 2ᶠ on ±½, for results in f32.
    private static readonly double[] PowerExp2 =
    [
        1.5303700711365693e-05,
        0.00015469729214118296,
        0.0013333478473685416,
        0.009618025613318034,
        0.055504109063258665,
        0.24022651213498092,
        0.6931471805568324,
        0.9999999999595618,
    ];

    // (2 artanh √z − 2√z − ⅔z√z) / (z²√z) on [0, 0.0295].
    private static readonly double[] PowerLogF64 =
    [
        0.11725771221811145,
        0.11705988156500907,
        0.13334813971292003,
        0.15384594791762352,
        0.1818181833699257,
        0.2222222222164882,
        0.2857142857142938,
        0.4,
    ];

    // 1 / ∛m on [1, 2], to 19 bits.
    private static readonly double[] InverseCubeRoot =
    [
        0.010066718649569128,
        -0.10750263607045218,
        0.49117031566066666,
        -1.2521242275997846,
        1.9538182209261572,
        -1.9720591905396232,
        1.8766297241212762,
    ];

    private static ScalarExpr Power(ScalarExpr x, ScalarExpr y)
    {
        if (IsSingle(x))
        {
            // The exponents of f64 hold every result of f32: rounding it at the end is all that overflow and underflow need.
            return Scalar.Convert(
                Power(Scalar.Convert(x, DType.F64), Scalar.Convert(y, DType.F64), PowerForSingle),
                DType.F32
            );
        }

        return Power(x, y, PowerOfMagnitude);
    }

    private static ScalarExpr Power(ScalarExpr x, ScalarExpr y, Func<ScalarExpr, ScalarExpr, ScalarExpr> ofMagnitude)
    {
        // An infinite y counts as an even integer. With a finite one in its place 1 has its powers, and others still overflow.
        var value = ofMagnitude(AbsF(x), AtLeast(AtMost(y, 1e300), -1e300));
        var half = y * 0.5;
        var isInteger = Scalar.Eq(Scalar.Trunc(y), y);
        var isOdd = isInteger & Scalar.Ne(Scalar.Trunc(half), half);
        var isNegative = Scalar.Bitcast(x, DType.I64) < 0;
        value = Scalar.Select(isOdd & isNegative, NegF(value), value);
        var isUndefined = (x < 0) & (x > double.NegativeInfinity) & Scalar.Not(isInteger);
        value = Scalar.Select(isUndefined, F(x, double.NaN), value);
        return Scalar.Select(Scalar.Eq(x, F(x, 1)) | Scalar.Eq(y, F(y, 0)), F(x, 1), value);
    }

    // aʸ for a ≥ 0 by f64 values, with the precision of f32.
    private static ScalarExpr PowerForSingle(ScalarExpr a, ScalarExpr y)
    {
        var (m, e) = Fraction(a);
        var f = m - 1;
        var p = y * WithLimits(a, Scalar.Fma(f, Polynomial(f, PowerLog2), e));
        p = AtLeast(AtMost(p, 300), -300);
        var n = p + Magic(p) - Magic(p);
        return Scale(Polynomial(p - n, PowerExp2), n);
    }

    // aʸ for a ≥ 0. The logarithm is a sum of two numbers: y may be large, and an error of the exponent is a relative one of the
    // result.
    private static ScalarExpr PowerOfMagnitude(ScalarExpr a, ScalarExpr y)
    {
        var (high, low) = LogInTwo(a);
        high = WithLimits(a, high);
        var p = y * high;
        var rest = Scalar.Fma(y, low, Scalar.Fma(y, high, NegF(p)));

        // Beyond the limits the rest counts for nothing, and is not a number where p is infinite.
        return ExpOfSum(p, Scalar.Select(AbsF(p) < 1000, rest, F(p, 0)));
    }

    // e to the power of a sum, of which the second part is small.
    private static ScalarExpr ExpOfSum(ScalarExpr x, ScalarExpr rest)
    {
        var (n, q) = ExpParts(AtLeast(AtMost(x, 710), -746), rest);
        return Scale(q + 1, n);
    }

    // ln a for positive finite f64 values, to about 2⁻⁶⁵.
    private static (ScalarExpr High, ScalarExpr Low) LogInTwo(ScalarExpr a)
    {
        var denormal = a < 2.2250738585072014e-308;
        var (m, e) = Fraction(Scalar.Select(denormal, a * 18014398509481984.0, a));
        e -= Scalar.Select(denormal, F(a, 54), F(a, 0));

        // s = f / (f + 2), with the rest of the division.
        var f = m - 1;
        var divisor = f + 2;
        var inverse = 1 / divisor;
        var s = f * inverse;
        var remainder = Scalar.Fma(NegF(s), divisor, f);
        remainder = Scalar.Fma(NegF(s), f - (divisor - 2), remainder);
        var sRest = remainder * inverse;

        // 2 artanh s = s (2 + z (⅔ + z P(z))) for z = s².
        var z = s * s;
        var zRest = Scalar.Fma(s + s, sRest, Scalar.Fma(s, s, NegF(z)));
        var series = z * Polynomial(z, PowerLogF64);
        var third = series + 0.6666666666666666;
        var thirdRest = series - (third - 0.6666666666666666) + 3.700743415417188e-17;
        var term = z * third;
        var termRest = Scalar.Fma(z, third, NegF(term));
        termRest = Scalar.Fma(z, thirdRest, Scalar.Fma(zRest, third, termRest));
        var factor = term + 2;
        var factorRest = term - (factor - 2) + termRest;
        var log = s * factor;
        var logRest = Scalar.Fma(s, factor, NegF(log));
        logRest = Scalar.Fma(s, factorRest, Scalar.Fma(sRest, factor, logRest));

        // The upper part of ln 2 has so few bits that its multiples are exact.
        var whole = e * 0.693147180559663;
        var high = whole + log;
        var low = log - (high - whole) + Scalar.Fma(e, F(a, 2.8235290563031577e-13), logRest);
        return (high, low);
    }

    // a = m · 2ᵉ with m in [√½, √2), for positive normal f64 values.
    private static (ScalarExpr M, ScalarExpr E) Fraction(ScalarExpr a)
    {
        ScalarExpr I(long value) => Scalar.Const(DType.I64, value);
        var bits = Scalar.Bitcast(a, DType.I64);
        var exponent = Scalar.ShiftRightArithmetic(bits - I(0x3fe6a09e667f3bcd), I(52));
        var m = Scalar.Bitcast(bits - Scalar.ShiftLeft(exponent, I(52)), DType.F64);
        return (m, Scalar.Convert(exponent, DType.F64));
    }

    // The logarithm of a ≥ 0, given that of positive finite numbers.
    private static ScalarExpr WithLimits(ScalarExpr a, ScalarExpr log) =>
        Scalar.Select(a < double.PositiveInfinity, Scalar.Select(a > 0, log, F(a, double.NegativeInfinity)), a);

    private static ScalarExpr CubeRoot(ScalarExpr x)
    {
        bool single = IsSingle(x);
        var integer = BitsOf(x);
        int fraction = single ? 23 : 52;
        int bias = single ? 127 : 1023;
        ScalarExpr I(long value) => Scalar.Const(integer, value);

        // |x| = m · 2^3k with m in [1, 8); denormals are scaled first, by a cube.
        var a = AbsF(x);
        var denormal = a < (single ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
        var bits = Scalar.Bitcast(Scalar.Select(denormal, a * (single ? 16777216.0 : 18014398509481984.0), a), integer);
        var e = Scalar.Convert(Scalar.ShiftRightLogical(bits, I(fraction)) - I(bias), x.Type);
        var k = Scalar.Floor(Scalar.Fma(e, F(x, 1.0 / 3), F(x, 1.0 / 6)));
        var rest = Scalar.Fma(k, F(x, -3), e);
        var first = Scalar.Bitcast((bits & I((1L << fraction) - 1)) | I((long)bias << fraction), x.Type);
        ScalarExpr ByRest(double zero, double one, double two) =>
            Scalar.Select(rest < 0.5, F(x, zero), Scalar.Select(rest < 1.5, F(x, one), F(x, two)));
        var m = first * ByRest(1, 2, 4);

        // r = 1 / ∛m, then y = m r², and a step of Newton's with the exact error of y.
        var r = Polynomial(first, InverseCubeRoot) * ByRest(1, 0.7937005259840998, 0.6299605249474366);
        if (!single)
        {
            var error = Scalar.Fma(m * r, NegF(r * r), F(x, 1));
            r = Scalar.Fma(r * error, Scalar.Fma(error, F(x, 2.0 / 9), F(x, 1.0 / 3)), r);
        }

        var square = r * r;
        var y = m * square;
        var ySquare = y * y;
        var left = Scalar.Fma(NegF(ySquare), y, m) - Scalar.Fma(y, y, NegF(ySquare)) * y;
        y = Scalar.Fma(left, square * (1.0 / 3), y);
        var root = Scale(y, k - Scalar.Select(denormal, F(x, single ? 8 : 18), F(x, 0)));
        return Scalar.Select((a > 0) & (a < double.PositiveInfinity), Scalar.CopySign(root, x), x);
    }

    // C's fmod, which is exact. The rounded quotient is as large as the whole one or larger by 1; where it has no bits for that,
    // the function is called.
    private static ScalarExpr Remainder(ScalarExpr x, ScalarExpr y)
    {
        var a = AbsF(x);
        var b = AbsF(y);
        var quotient = a / b;
        var rest = Scalar.Fma(NegF(Scalar.Trunc(quotient)), b, a);
        rest = Scalar.Select(rest < 0, rest + b, rest);

        // Also where b is infinite, and its product with 0 is not a number.
        rest = Scalar.Select(a < b, a, rest);
        return Rarely(
            quotient >= (IsSingle(x) ? 8388608.0 : 4503599627370496.0),
            ScalarOp.Rem,
            Scalar.CopySign(rest, x),
            x,
            y
        );
    }
}
