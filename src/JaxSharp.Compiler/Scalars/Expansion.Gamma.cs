using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// The logarithm of the gamma function and its derivative, in f64. Polynomials were fitted at Chebyshev points, highest power first.
internal sealed partial class Expansion
{
    // Asymptotic series serve from here on.
    private const int GammaFar = 8;

    // ln Γ(2 + e) / e on ±½.
    private static readonly double[] LogGammaNear =
    [
        6.379047507619774e-08,
        -1.3412819758517287e-07,
        2.0304806751615227e-07,
        -4.303558760359961e-07,
        9.578663334114758e-07,
        -2.0449201467015115e-06,
        4.374374916915131e-06,
        -9.438458716242811e-06,
        2.050726741605779e-05,
        -4.4926351103833334e-05,
        9.945750909889392e-05,
        -0.00022315475074520367,
        0.0005096695248853096,
        -0.0011927539120010226,
        0.002890510330738737,
        -0.0073855510286681535,
        0.02058080842778457,
        -0.06735230105319814,
        0.3224670334241132,
        0.42278433509846713,
    ];

    // x (ln Γ(x) − (x − ½) ln x + x − ½ ln 2π) in 1/x² on [0, 1/64].
    private static readonly double[] LogGammaFar =
    [
        0.005065830821990134,
        -0.0018903792026145536,
        0.0008414700110573563,
        -0.0005952365838084739,
        0.0007936507897492187,
        -0.002777777777773982,
        0.08333333333333333,
    ];

    // x² (ln x − 1/2x − ψ(x)) in 1/x² on [0, 1/64].
    private static readonly double[] DigammaFar =
    [
        -0.29941807466089676,
        0.08002294633669073,
        -0.02105105084681238,
        0.007575459799959948,
        -0.004166665500744577,
        0.003968253965997157,
        -0.008333333333331661,
        0.08333333333333333,
    ];

    // sin(πf) / f in f² for |f| ≤ ½.
    private static readonly double[] SinPiF64 =
    [
        7.697826667799653e-07,
        -2.1903497063954985e-05,
        0.00046629981618517033,
        -0.007370430505915859,
        0.08214588657310275,
        -0.5992645293189447,
        2.5501640398773007,
        -5.167712780049969,
        3.141592653589793,
    ];

    private static ScalarExpr LogGamma(ScalarExpr x)
    {
        if (IsSingle(x))
        {
            return Scalar.Convert(LogGamma(Scalar.Convert(x, DType.F64)), DType.F32);
        }

        // Γ(x) Γ(1 − x) = π / sin(πx) leads from negative numbers to z > 0.
        var isNegative = x < 0;
        var z = Scalar.Select(isNegative, 1 - x, x);

        // Γ(z) = p Γ(2 + e) with |e| ≤ ½ in the middle, and Γ(2 + e) / p below that.
        var e = z - 2;
        var p = F(x, 1);
        for (int k = 1; k < GammaFar - 1; k++)
        {
            var isBeyond = z >= k + 1.5;
            e = Scalar.Select(isBeyond, z - (k + 2), e);
            p = Scalar.Select(isBeyond, p * (z - k), p);
        }

        var isNearOne = z < 1.5;
        var isNearZero = z < 0.5;
        e = Scalar.Select(isNearZero, z, Scalar.Select(isNearOne, z - 1, e));
        p = Scalar.Select(isNearZero, Scalar.Fma(z, z, z), Scalar.Select(isNearOne, z, p));

        var isFar = z >= GammaFar;
        var log = Log(Scalar.Select(isFar, z, p));
        var near = Scalar.Fma(e, Polynomial(e, LogGammaNear), Scalar.Select(isNearOne, NegF(log), log));
        var inverse = 1 / z;
        var series = Scalar.Fma(inverse, Polynomial(inverse * inverse, LogGammaFar), F(x, 0.4189385332046727));
        var value = Scalar.Select(isFar, Scalar.Fma(z - 0.5, log - 1, series), near);

        var f = AbsF(x - Scalar.RoundHalfEven(x));
        var sine = f * (Polynomial(f * f, SinPiF64) * 0.3183098861837907);
        value = Scalar.Select(isNegative, NegF(Log(sine) + value), value);
        var isPole = (isNegative & Scalar.Eq(f, F(x, 0))) | Scalar.Eq(AbsF(x), F(x, double.PositiveInfinity));
        return Scalar.Select(isPole, F(x, double.PositiveInfinity), value);
    }

    private static ScalarExpr Digamma(ScalarExpr x)
    {
        if (IsSingle(x))
        {
            return Scalar.Convert(Digamma(Scalar.Convert(x, DType.F64)), DType.F32);
        }

        // ψ(x) = ψ(1 − x) − π cot(πx) leads from negative numbers to z > 0.
        var isNegative = x < 0;
        var z = Scalar.Select(isNegative, 1 - x, x);

        // ψ(z) = ψ(z + 8) − 1/z − … − 1/(z + 7); all but the first as one fraction.
        var isFar = z >= GammaFar;
        var numerator = F(x, 1);
        var denominator = z + 1;
        for (int k = 2; k < GammaFar; k++)
        {
            var factor = z + k;
            numerator = Scalar.Fma(numerator, factor, denominator);
            denominator *= factor;
        }

        var shift = Scalar.Select(isFar, F(x, 0), numerator / denominator + 1 / z);
        var far = Scalar.Select(isFar, z, z + GammaFar);
        var inverse = 1 / far;
        var series = Scalar.Fma(inverse, Polynomial(inverse * inverse, DigammaFar), F(x, 0.5));
        var value = Log(far) - inverse * series - shift;

        var f = x - Scalar.RoundHalfEven(x);
        var rest = 0.5 - AbsF(f);
        var cosine = rest * Polynomial(rest * rest, SinPiF64);
        var sine = f * Polynomial(f * f, SinPiF64);
        value = Scalar.Select(isNegative, value - double.Pi * cosine / sine, value);
        var isPole = (x <= 0) & Scalar.Eq(x, Scalar.RoundHalfEven(x));
        return Scalar.Select(isPole, F(x, double.NaN), value);
    }
}
