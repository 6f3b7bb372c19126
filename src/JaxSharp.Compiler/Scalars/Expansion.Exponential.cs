using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Exponentials and logarithms. Polynomials were fitted at Chebyshev points, highest power first. Arguments are reduced by
// multiples of ln 2, which fused multiply-adds subtract in two parts.
internal sealed partial class Expansion
{
    // (eʳ − 1 − r) / r² on ±ln 2 / 2.
    private static readonly double[] ExpF32 =
    [
        0.0013926198007538915,
        0.008363190107047558,
        0.041666556149721146,
        0.16666576266288757,
        0.5,
    ];

    private static readonly double[] ExpF64 =
    [
        2.0914701283103285e-09,
        2.51052370507603e-08,
        2.7557273608709007e-07,
        2.7557255352032673e-06,
        2.4801587325574868e-05,
        0.00019841269874858612,
        0.0013888888888883742,
        0.008333333333326124,
        0.04166666666666667,
        0.1666666666666667,
        0.5,
    ];

    // (ln(1 + f) − f + f²/2) / f³ on [√½ − 1, √2 − 1].
    private static readonly double[] LogF32 =
    [
        0.06971611827611923,
        -0.11479733884334564,
        0.11685419827699661,
        -0.12425687164068222,
        0.14249058067798615,
        -0.1666780263185501,
        0.20000715553760529,
        -0.2499999701976776,
        0.3333333134651184,
    ];

    // (2 artanh √z − 2√z) / (z√z) on [0, 0.0295].
    private static readonly double[] LogF64 =
    [
        0.13087236196664342,
        0.13268714792347575,
        0.1538624188193862,
        0.1818179560006079,
        0.22222222392089008,
        0.28571428570801954,
        0.4000000000000088,
        0.6666666666666666,
    ];

    private const double TanhNear = 0.625;

    // (tanh a − a) / a³ in a², for a below that.
    private static readonly double[] TanhF32 =
    [
        -5.70498872745e-3,
        2.06390887954e-2,
        -5.37397155531e-2,
        1.33314422036e-1,
        -3.33332819422e-1,
    ];

    private static bool IsSingle(ScalarExpr x) => x.Type.Size == 4;

    // 1.5 · 2ⁿ with the fraction's bits behind the point: adding it rounds to an integer, which its low bits then hold.
    private static double Magic(ScalarExpr x) => IsSingle(x) ? 12582912.0 : 6755399441055744.0;

    private static ScalarExpr F(ScalarExpr like, double value) => Scalar.Const(like.Type, value);

    private static ScalarExpr Polynomial(ScalarExpr x, double[] coefficients)
    {
        var sum = F(x, coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
        {
            sum = Scalar.Fma(sum, x, F(x, coefficients[i]));
        }

        return sum;
    }

    // The limits let NaN through.
    private static ScalarExpr AtMost(ScalarExpr x, double limit) => Scalar.Select(F(x, limit) < x, F(x, limit), x);

    private static ScalarExpr AtLeast(ScalarExpr x, double limit) => Scalar.Select(F(x, limit) > x, F(x, limit), x);

    // x = n ln 2 + r, and q = eʳ − 1. A rest that x lacks is added to r.
    private static (ScalarExpr N, ScalarExpr Q) ExpParts(ScalarExpr x, ScalarExpr? rest = null)
    {
        bool single = IsSingle(x);
        var n = Scalar.Fma(x, F(x, 1.4426950408889634), F(x, Magic(x))) - Magic(x);
        var r = Scalar.Fma(n, F(x, single ? -0.6931471824645996 : -0.6931471805599453), x);
        r = Scalar.Fma(n, F(x, single ? 1.9046542121259336e-09 : -2.3190468138462996e-17), r);
        r = rest is null ? r : r + rest;
        return (n, Scalar.Fma(r * r, Polynomial(r, single ? ExpF32 : ExpF64), r));
    }

    private static ScalarExpr Exp(ScalarExpr x)
    {
        bool single = IsSingle(x);
        var (n, q) = ExpParts(AtLeast(AtMost(x, single ? 89 : 710), single ? -104 : -746));
        return Scale(q + 1, n);
    }

    private static ScalarExpr Exp2(ScalarExpr x)
    {
        bool single = IsSingle(x);
        x = AtLeast(AtMost(x, single ? 129 : 1025), single ? -151 : -1076);
        var n = x + Magic(x) - Magic(x);
        var f = x - n;
        var r = f * 0.6931471805599453;
        if (single)
        {
            // The part of ln 2 that rounding its constant to f32 loses.
            r = Scalar.Fma(f, F(x, -1.9046542121259336e-09), r);
        }

        return Scale(Scalar.Fma(r * r, Polynomial(r, single ? ExpF32 : ExpF64), r) + 1, n);
    }

    private static ScalarExpr Expm1(ScalarExpr x)
    {
        bool single = IsSingle(x);
        var (n, q) = ExpParts(AtLeast(AtMost(x, single ? 89 : 710), single ? -20 : -50));
        var result = Scale(q + (1 - Scale(F(x, 1), NegF(n))), n);
        return Scalar.Select(AbsF(x) < (single ? 1e-9 : 1e-18), x, result);
    }

    private static ScalarExpr Logistic(ScalarExpr x)
    {
        // Small results keep their precision down to the denormals.
        var e = Exp(NegF(AbsF(x)));
        return Scalar.Select(x < 0, e, F(x, 1)) / (1 + e);
    }

    private static ScalarExpr Tanh(ScalarExpr x)
    {
        // By t = e²ˣ − 1: tanh x = t / (t + 2).
        var (n, q) = ExpParts(AtMost(AbsF(x), IsSingle(x) ? 9.1 : 19.1) * 2);
        var scale = Scale(F(x, 1), n);
        var t = Scalar.Fma(scale, q, scale - 1);
        var result = t / (t + 2);
        if (IsSingle(x))
        {
            // Near 0 the quotient keeps the rounding errors of t; an odd polynomial (Cephes, S. Moshier) does not.
            var a = AbsF(x);
            result = Scalar.Select(a < TanhNear, NearTanh(a), result);
        }

        return Scalar.CopySign(result, x);
    }

    private static ScalarExpr NearTanh(ScalarExpr a)
    {
        var square = a * a;
        return Scalar.Fma(a * square, Polynomial(square, TanhF32), a);
    }

    // x · 2ⁿ for an x near 1.
    private static ScalarExpr Scale(ScalarExpr x, ScalarExpr n) => Scalar.Make(ScalarOp.Scale, x.Type, x, n);

    private static ScalarExpr Log(ScalarExpr x)
    {
        bool single = IsSingle(x);

        // Denormals are scaled first.
        var denormal = x < (single ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
        var scaled = Scalar.Select(denormal, x * (single ? 33554432.0 : 18014398509481984.0), x);
        var result = RegularLog(scaled, Scalar.Select(denormal, F(x, single ? 25 : 54), F(x, 0)));

        var regular = (x > 0) & (x < double.PositiveInfinity);
        var special = Scalar.Select(
            Scalar.Eq(x, F(x, 0)),
            F(x, double.NegativeInfinity),
            Scalar.Select(x > 0, x, F(x, double.NaN))
        );
        return Scalar.Select(regular, result, special);
    }

    // ln x − shift · ln 2 + term, for a positive, finite x that is not denormal and a small term.
    private static ScalarExpr RegularLog(ScalarExpr x, ScalarExpr shift, ScalarExpr? term = null)
    {
        bool single = IsSingle(x);
        var integer = BitsOf(x);
        ScalarExpr I(long value) => Scalar.Const(integer, value);

        // x = m · 2ᵉ with m in [√½, √2).
        var bits = Scalar.Bitcast(x, integer);
        var offset = bits - I(single ? 0x3f3504f3 : 0x3fe6a09e667f3bcd);
        var exponent = Scalar.ShiftRightArithmetic(offset, I(single ? 23 : 52));
        var m = Scalar.Bitcast(bits - Scalar.ShiftLeft(exponent, I(single ? 23 : 52)), x.Type);
        var e = Scalar.Convert(exponent, x.Type) - shift;
        var f = m - 1;
        if (single)
        {
            var square = f * f;
            var small = Scalar.Fma(square * f, Polynomial(f, LogF32), WithTerm(e * 1.4286068203094173e-06));
            small = Scalar.Fma(square, F(x, -0.5), small);
            return Scalar.Fma(e, F(x, 0.693145751953125), f + small);
        }

        var s = f / (f + 2);
        var z = s * s;
        var half = 0.5 * f * f;
        var rest = WithTerm(e * 2.8235290563031577e-13);
        var series = Scalar.Fma(s, Scalar.Fma(z, Polynomial(z, LogF64), half), rest);
        return Scalar.Fma(e, F(x, 0.693147180559663), f - (half - series));

        ScalarExpr WithTerm(ScalarExpr part) => term is null ? part : part + term;
    }

    private static ScalarExpr Log1p(ScalarExpr x)
    {
        // ln u for the rounded u = 1 + x, and a term for the rounding error.
        var u = 1 + x;
        var error = Scalar.Select(x > 1, 1 - (u - x), x - (u - 1));
        var log = Log(u);
        var regular = (u > 0) & (u < double.PositiveInfinity);
        var result = Scalar.Select(regular, log + error / u, log);
        return Scalar.Select(AbsF(x) < (IsSingle(x) ? 1e-9 : 1e-18), x, result);
    }
}
