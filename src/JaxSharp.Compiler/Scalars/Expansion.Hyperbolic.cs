using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Hyperbolic functions and their inverses. Polynomials were fitted at Chebyshev points, highest power first.
internal sealed partial class Expansion
{
    // (sinh √z − √z) / (z√z) on [0, 1].
    private static readonly double[] SinhF32 =
    [
        2.806280235745362e-06,
        0.00019838102161884308,
        0.008333339355885983,
        0.1666666716337204,
    ];

    private static readonly double[] SinhF64 =
    [
        7.746178593018827e-13,
        1.6057679623801638e-10,
        2.5052117695907823e-08,
        2.7557319191381816e-06,
        0.00019841269841324198,
        0.008333333333333299,
        0.16666666666666666,
    ];

    // (asinh √z − √z) / (z√z) on [0, 1] in f32 and on [0, ¼] in f64.
    private static readonly double[] AsinhF32 =
    [
        0.0008715299773029983,
        -0.004601466469466686,
        0.011618178337812424,
        -0.020132653415203094,
        0.02987024560570717,
        -0.044582825154066086,
        0.07499723136425018,
        -0.166666641831398,
    ];

    private static readonly double[] AsinhF64 =
    [
        0.0018854117655039003,
        -0.004992717198142511,
        0.007622309427481728,
        -0.009591452221673173,
        0.011526210169675569,
        -0.013962235682232349,
        0.01735258771519257,
        -0.022372151449922602,
        0.030381944248546365,
        -0.044642857140252436,
        0.0749999999999864,
        -0.16666666666666666,
    ];

    // ln((1 + √(1 + v)) / 2) / v on [0, 1].
    private static readonly double[] AsinhFarF32 =
    [
        -0.0009423537994734943,
        0.004991509485989809,
        -0.012678338214755058,
        0.022215912118554115,
        -0.03363236412405968,
        0.052019089460372925,
        -0.09374703466892242,
        0.2499999701976776,
    ];

    // (acosh(1 + y) / √(2y) − 1) / y on [0, 1] in f32 and on [0, ½] in f64.
    private static readonly double[] AcoshF32 =
    [
        9.573502757120878e-05,
        -0.0005437181680463254,
        0.0018269697902724147,
        -0.005564476363360882,
        0.018748676404356956,
        -0.08333331346511841,
    ];

    private static readonly double[] AcoshF64 =
    [
        4.6030560681247566e-07,
        -2.437850194405523e-06,
        7.443661550275125e-06,
        -1.8733305120455416e-05,
        4.502425847529519e-05,
        -0.00010907996626744022,
        0.0002711341830498839,
        -0.0006991297328100813,
        0.0018988715155341478,
        -0.0055803571425315545,
        0.0187499999999966,
        -0.08333333333333333,
    ];

    // ln((1 + √(1 − v)) / 2) / v on [0, ¼].
    private static readonly double[] AcoshFarF32 =
    [
        -0.04155901446938515,
        -0.030055511742830276,
        -0.05246947333216667,
        -0.09373766928911209,
        -0.2500000596046448,
    ];

    // (artanh √z − √z) / (z√z) on [0, ¼].
    private static readonly double[] AtanhF32 =
    [
        0.15751780569553375,
        0.06493489444255829,
        0.11469875276088715,
        0.14263980090618134,
        0.2000047266483307,
        0.3333333134651184,
    ];

    private static readonly double[] AtanhF64 =
    [
        0.19745426478533493,
        -0.10951650742612855,
        0.1145475451088902,
        0.026913545051501023,
        0.056599417377332484,
        0.058309531156912356,
        0.06671177979729383,
        0.07692044266759973,
        0.09090918911391244,
        0.11111110894155087,
        0.14285714288195786,
        0.19999999999988882,
        0.3333333333333334,
    ];

    private static ScalarExpr Sinh(ScalarExpr x)
    {
        bool single = IsSingle(x);
        var a = AbsF(x);
        var (power, q, inverse) = QuarterExp(a);
        var far = 2 * (power + Scalar.Fma(power, q, NegF(inverse)));
        var near = NearZero(a, single ? SinhF32 : SinhF64);
        return Scalar.CopySign(Scalar.Select(a < 1, near, far), x);
    }

    private static ScalarExpr Cosh(ScalarExpr x)
    {
        var (power, q, inverse) = QuarterExp(AbsF(x));
        return 2 * (power + Scalar.Fma(power, q, inverse));
    }

    // A power of 2 and q with eᵃ / 4 = power (1 + q), and e⁻ᵃ / 4. The limit is just beyond what makes results infinite.
    private static (ScalarExpr Power, ScalarExpr Q, ScalarExpr Inverse) QuarterExp(ScalarExpr a)
    {
        var (n, q) = ExpParts(AtMost(a, IsSingle(a) ? 89.5 : 710.6));
        var power = Scale(F(a, 1), n - 2);
        return (power, q, 0.0625 / Scalar.Fma(power, q, power));
    }

    private static ScalarExpr Asinh(ScalarExpr x)
    {
        var a = AbsF(x);
        ScalarExpr result;
        if (IsSingle(x))
        {
            // Beyond 1: ln 2a + ln((1 + √(1 + 1/a²)) / 2), in which no square is too large.
            var inverse = 1 / a;
            var v = inverse * inverse;
            var far = RegularLog(a, F(x, -1), v * Polynomial(v, AsinhFarF32));
            result = Scalar.Select(a < 1, NearZero(a, AsinhF32), far);
        }
        else
        {
            result = Scalar.Select(a < 0.5, NearZero(a, AsinhF64), LogOfSum(a, 1));
        }

        return Scalar.CopySign(Scalar.Select(a < double.PositiveInfinity, result, a), x);
    }

    private static ScalarExpr Acosh(ScalarExpr x)
    {
        // Numbers below 1 take the root of a negative number.
        bool single = IsSingle(x);
        var y = x - 1;
        var root = Scalar.Sqrt(2 * y);
        var near = Scalar.Fma(root * y, Polynomial(y, single ? AcoshF32 : AcoshF64), root);
        ScalarExpr far;
        if (single)
        {
            var inverse = 1 / x;
            var v = inverse * inverse;
            far = RegularLog(x, F(x, -1), v * Polynomial(v, AcoshFarF32));
        }
        else
        {
            far = LogOfSum(x, -1);
        }

        var result = Scalar.Select(x < (single ? 2 : 1.5), near, far);
        return Scalar.Select(x < double.PositiveInfinity, result, x);
    }

    private static ScalarExpr Atanh(ScalarExpr x)
    {
        // Beyond ½ the difference is exact.
        var a = AbsF(x);
        var log = RegularLog((1 + a) / (1 - a), F(x, 0));
        var beyond = Scalar.Select(Scalar.Eq(a, F(x, 1)), F(x, double.PositiveInfinity), F(x, double.NaN));
        var far = Scalar.Select(a < 1, 0.5 * log, beyond);
        return Scalar.CopySign(Scalar.Select(a < 0.5, NearZero(a, IsSingle(x) ? AtanhF32 : AtanhF64), far), x);
    }

    // a + a³ p(a²).
    private static ScalarExpr NearZero(ScalarExpr a, double[] coefficients)
    {
        var z = a * a;
        return Scalar.Fma(a * z, Polynomial(z, coefficients), a);
    }

    // ln(a + √(a² ± 1)) for an a above ½ or 1, with terms for the rounding errors; the logarithm of 2a where only that counts.
    private static ScalarExpr LogOfSum(ScalarExpr a, double one)
    {
        var square = a * a;
        var w = square + one;
        var kept = w - one;
        var error = Scalar.Fma(a, a, NegF(square)) + ((square - kept) + (one - (w - kept)));
        var root = Scalar.Sqrt(w);
        error = (Scalar.Fma(NegF(root), root, w) + error) / (2 * root);
        var u = a + root;
        var back = u - a;
        error = error + ((a - (u - back)) + (root - back));
        var large = a > 1e9;
        return RegularLog(
            Scalar.Select(large, a, u),
            Scalar.Select(large, F(a, -1), F(a, 0)),
            Scalar.Select(large, F(a, 0), error / u)
        );
    }
}
