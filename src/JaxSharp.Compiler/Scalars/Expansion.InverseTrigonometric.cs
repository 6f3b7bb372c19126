using System;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Inverse trigonometric functions. Results are sums of a constant angle in two parts, an argument and a small odd polynomial of it,
// of which the last sum rounds alone in most places. Polynomials were fitted at Chebyshev points, highest power first.
internal sealed partial class Expansion
{
    // (atan √z − √z) / (z√z) on [0, 1] in f32 and on [0, ¼] in f64.
    private static readonly double[] AtanF32 =
    [
        -0.0023869972210377455,
        0.01350777130573988,
        -0.035871539264917374,
        0.0625016912817955,
        -0.08656880259513855,
        0.11033764481544495,
        -0.1427856832742691,
        0.19999739527702332,
        -0.3333333134651184,
    ];

    private static readonly double[] AtanF64 =
    [
        0.011152908092096216,
        -0.02895352123252625,
        0.04283578705573422,
        -0.05157516225552972,
        0.058664967492257074,
        -0.06665052856794013,
        0.07692198451257941,
        -0.09090904370311348,
        0.11111110990139533,
        -0.14285714284106285,
        0.199999999999916,
        -0.33333333333333326,
    ];

    // (asin √z − √z) / (z√z) on [0, ¼].
    private static readonly double[] AsinF32 =
    [
        0.03808502480387688,
        0.026554541662335396,
        0.045001380145549774,
        0.07498855143785477,
        0.16666673123836517,
    ];

    private static readonly double[] AsinF64 =
    [
        0.028757851367421566,
        -0.014851887071247204,
        0.01740087944269402,
        0.005457506718640358,
        0.01032281435018578,
        0.011479177415184906,
        0.013971212973552933,
        0.017352392720869973,
        0.02237217294214989,
        0.030381944138531247,
        0.04464285714635543,
        0.07499999999998433,
        0.16666666666666669,
    ];

    // What rounding leaves of π.
    private static double RestOfPi(ScalarExpr x) => IsSingle(x) ? -8.742277657347586e-08 : 1.2246467991473532e-16;

    private static ScalarExpr Asin(ScalarExpr x)
    {
        // Beyond ½: π/2 − 2 asin √((1 − a) / 2).
        var a = AbsF(x);
        var far = a > 0.5;
        var z = Scalar.Select(far, Scalar.Fma(a, F(x, -0.5), F(x, 0.5)), a * a);
        var v = Scalar.Select(far, -2 * Scalar.Sqrt(z), a);
        var start = Scalar.Select(far, F(x, Math.PI / 2), F(x, 0));
        var rest = Scalar.Select(far, F(x, RestOfPi(x) / 2), F(x, 0));
        return Scalar.CopySign(start + v + Scalar.Fma(v * z, AsinTail(z), rest), x);
    }

    private static ScalarExpr Acos(ScalarExpr x)
    {
        // π/2 − asin x, and 2 asin √((1 − a) / 2) or π less that beyond ½.
        var a = AbsF(x);
        var far = a > 0.5;
        var z = Scalar.Select(far, Scalar.Fma(a, F(x, -0.5), F(x, 0.5)), a * a);
        var v = Scalar.Select(far, Scalar.CopySign(2 * Scalar.Sqrt(z), x), NegF(x));
        var turn = Scalar.Select(far, Scalar.Select(x > 0, F(x, 0), F(x, 1)), F(x, 0.5));
        var tail = Scalar.Fma(v * z, AsinTail(z), turn * RestOfPi(x));
        return Scalar.Fma(turn, F(x, Math.PI), v + tail);
    }

    private static ScalarExpr AsinTail(ScalarExpr z) => Polynomial(z, IsSingle(z) ? AsinF32 : AsinF64);

    private static ScalarExpr Atan(ScalarExpr x)
    {
        var a = AbsF(x);
        ScalarExpr t;
        ScalarExpr turn;
        if (IsSingle(x))
        {
            var steep = a > 1;
            t = Scalar.Select(steep, F(x, -1), a) / Scalar.Select(steep, a, F(x, 1));
            turn = Scalar.Select(steep, F(x, 0.5), F(x, 0));
        }
        else
        {
            // By the angle from 0, π/4 or π/2, so that |t| ≤ ½.
            var steep = a > 2;
            var middle = a > 0.5;
            var upper = Scalar.Select(steep, F(x, -1), Scalar.Select(middle, a - 1, a));
            t = upper / Scalar.Select(steep, a, Scalar.Select(middle, a + 1, F(x, 1)));
            turn = Scalar.Select(steep, F(x, 0.5), Scalar.Select(middle, F(x, 0.25), F(x, 0)));
        }

        return Scalar.CopySign(AtanFrom(turn, t), x);
    }

    private static ScalarExpr Atan2(ScalarExpr y, ScalarExpr x)
    {
        var (a, b) = (AbsF(y), AbsF(x));
        ScalarExpr t;
        ScalarExpr turn;
        var isEqual = Scalar.Eq(a, b);
        if (IsSingle(x))
        {
            var steep = a > b;
            t = Scalar.Select(steep, NegF(b), a) / Scalar.Select(steep, a, b);

            // Equal numbers include two zeros, which give 0, and two infinities, which give half a right angle.
            t = Scalar.Select(isEqual, Scalar.Select(a > 0, F(x, 1), F(x, 0)), t);
            turn = Scalar.Select(steep, F(x, 0.5), F(x, 0));
        }
        else
        {
            // Doubled by sums, as halves of denormals would round.
            var steep = a - b > b;
            var middle = (a + a > b) | Scalar.Eq(a, F(x, double.PositiveInfinity));

            // Halves of large numbers are exact, and their sums finite.
            var unit = Scalar.Select(a > 1, F(x, 0.5), F(x, 1));
            var (above, beside) = (a * unit, b * unit);
            var upper = Scalar.Select(steep, NegF(b), Scalar.Select(middle, above - beside, a));
            t = upper / Scalar.Select(steep, a, Scalar.Select(middle, above + beside, b));
            t = Scalar.Select(isEqual, F(x, 0), t);
            turn = Scalar.Select(steep, F(x, 0.5), Scalar.Select(middle, F(x, 0.25), F(x, 0)));
        }

        // On the left: π less that.
        var bits = BitsOf(x);
        var left = Scalar.Bitcast(x, bits) < Scalar.Const(bits, 0L);
        t = Scalar.Select(left, NegF(t), t);
        turn = Scalar.Select(left, 1 - turn, turn);
        return Scalar.CopySign(AtanFrom(turn, t), y);
    }

    // turn · π + atan t for a t within the reach of the polynomial and a turn that is a multiple of ¼.
    private static ScalarExpr AtanFrom(ScalarExpr turn, ScalarExpr t)
    {
        var z = t * t;
        var tail = Scalar.Fma(t * z, Polynomial(z, IsSingle(t) ? AtanF32 : AtanF64), turn * RestOfPi(t));
        return Scalar.Fma(turn, F(t, Math.PI), t + tail);
    }
}
