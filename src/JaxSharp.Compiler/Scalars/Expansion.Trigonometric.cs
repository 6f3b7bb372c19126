using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

// Trigonometric and error functions. Arguments are reduced by multiples of π/2 in three parts; beyond the reach of that the
// functions are called for the vectors that need it.
internal sealed partial class Expansion
{
    // (sin √z − √z) / (z√z) and (cos √z − 1 + z/2) / z² on [0, π²/16].
    private static readonly double[] SinF32 =
    [
        2.7249848244537134e-06,
        -0.00019840085587929934,
        0.008333331905305386,
        -0.1666666716337204,
    ];
    private static readonly double[] CosF32 =
    [
        -2.730089363467414e-07,
        2.480059993104078e-05,
        -0.00138888880610466,
        0.0416666679084301,
    ];

    private static readonly double[] SinF64 =
    [
        1.5918093561437771e-10,
        -2.5051131348960252e-08,
        2.755731610017207e-06,
        -0.00019841269836753985,
        0.008333333333330946,
        -0.16666666666666666,
    ];

    private static readonly double[] CosF64 =
    [
        -1.138261007099831e-11,
        2.087614595808494e-09,
        -2.755731727024068e-07,
        2.4801587298762816e-05,
        -0.0013888888888887395,
        0.041666666666666664,
    ];

    // erf(√z) / √z − 1 on [0, 1].
    private static readonly double[] ErfF32 =
    [
        -9.667044650996104e-06,
        0.00011265958892181516,
        -0.0008484080317430198,
        0.005221031606197357,
        -0.026865430176258087,
        0.11283782124519348,
        -0.37612637877464294,
        0.12837916612625122,
    ];

    // ln erfc(x) on [1, 4].
    private static readonly double[] LogErfcF32 =
    [
        1.6371513993362896e-06,
        -4.605804133461788e-05,
        0.0005968056502752006,
        -0.004759596195071936,
        0.026421135291457176,
        -0.11008008569478989,
        -0.6318260431289673,
        -1.1302334070205688,
        0.0003201380604878068,
    ];

    // M. Giles, "Approximating the erfinv function" (2010).
    private static readonly double[] ErfInvCentral =
    [
        2.81022636e-08,
        3.43273939e-07,
        -3.5233877e-06,
        -4.39150654e-06,
        0.00021858087,
        -0.00125372503,
        -0.00417768164,
        0.246640727,
        1.50140941,
    ];

    private static readonly double[] ErfInvOuter =
    [
        -0.000200214257,
        0.000100950558,
        0.00134934322,
        -0.00367342844,
        0.00573950773,
        -0.0076224613,
        0.00943887047,
        1.00167406,
        2.83297682,
    ];

    private static ScalarExpr Sin(ScalarExpr x)
    {
        var (quadrant, sin, cos) = SinAndCos(x);
        var value = Scalar.Select(HasBit(quadrant, 0), cos, sin);
        value = WithSignOf(value, quadrant);
        return Rarely(IsFar(x), ScalarOp.Sin, x, Scalar.Select(Scalar.Eq(x, F(x, 0)), x, value));
    }

    private static ScalarExpr Cos(ScalarExpr x)
    {
        var (quadrant, sin, cos) = SinAndCos(x);
        var value = Scalar.Select(HasBit(quadrant, 0), sin, cos);
        value = WithSignOf(value, quadrant + Scalar.Const(quadrant.Type, 1));
        return Rarely(IsFar(x), ScalarOp.Cos, x, value);
    }

    private static ScalarExpr Tan(ScalarExpr x)
    {
        if (IsSingle(x))
        {
            return Scalar.Convert(Tan(Scalar.Convert(x, DType.F64)), DType.F32);
        }

        var (quadrant, sin, cos) = SinAndCos(x);
        var odd = HasBit(quadrant, 0);
        var value = Scalar.Select(odd, NegF(cos), sin) / Scalar.Select(odd, sin, cos);
        return Rarely(IsFar(x), ScalarOp.Tan, x, Scalar.Select(Scalar.Eq(x, F(x, 0)), x, value));
    }

    private static ScalarExpr IsFar(ScalarExpr x) => AbsF(x) >= (IsSingle(x) ? 8192 : 500000);

    // The number of the quadrant in the low bits, and sine and cosine of the angle from its middle.
    private static (ScalarExpr Quadrant, ScalarExpr Sin, ScalarExpr Cos) SinAndCos(ScalarExpr x)
    {
        bool single = IsSingle(x);
        var shifted = Scalar.Fma(x, F(x, 0.6366197723675814), F(x, Magic(x)));
        var n = shifted - Magic(x);
        var r = Scalar.Fma(n, F(x, single ? -1.5707963705062866 : -1.5707963267948966), x);
        r = Scalar.Fma(n, F(x, single ? 4.371138828673793e-08 : -6.123233995736766e-17), r);

        // The third part shows next to multiples of π/2 only, where the polynomials count for nothing: they don't wait for it.
        var rest = Scalar.Fma(n, F(x, single ? 1.7151245100058819e-15 : 1.4973849048591698e-33), r);
        return (Scalar.Bitcast(shifted, BitsOf(x)), ReducedSin(r, rest), ReducedCos(r));
    }

    // Of an angle up to π/4; the sine's has a last part that counts for little.
    private static ScalarExpr ReducedSin(ScalarExpr r, ScalarExpr rest)
    {
        var z = r * r;
        return Scalar.Fma(z * r, IsSingle(r) ? Cubic(z, SinF32) : Polynomial(z, SinF64), rest);
    }

    private static ScalarExpr ReducedCos(ScalarExpr r)
    {
        var z = r * r;
        return Scalar.Fma(
            z * z,
            IsSingle(r) ? Cubic(z, CosF32) : Polynomial(z, CosF64),
            Scalar.Fma(z, F(r, -0.5), F(r, 1))
        );
    }

    // With z · z at hand no step more than Horner's scheme, and a third less to wait for.
    private static ScalarExpr Cubic(ScalarExpr z, double[] c) =>
        Scalar.Fma(Scalar.Fma(z, F(z, c[0]), F(z, c[1])), z * z, Scalar.Fma(z, F(z, c[2]), F(z, c[3])));

    private static ScalarExpr HasBit(ScalarExpr x, int bit) =>
        Scalar.Ne(x & Scalar.Const(x.Type, 1L << bit), Scalar.Const(x.Type, 0L));

    // Flips the sign where bit 1 of the quadrant is set.
    private static ScalarExpr WithSignOf(ScalarExpr value, ScalarExpr quadrant)
    {
        var sign = Scalar.ShiftLeft(
            quadrant & Scalar.Const(quadrant.Type, 2),
            Scalar.Const(quadrant.Type, quadrant.Type.Bits - 2)
        );
        return Scalar.Bitcast(Scalar.Bitcast(value, quadrant.Type) ^ sign, value.Type);
    }

    // The value of a called operation where a condition holds that is rare; emitted code skips the call otherwise.
    private static ScalarExpr Rarely(ScalarExpr condition, ScalarOp called, ScalarExpr x, ScalarExpr value) =>
        Rarely(condition, called, value, [x]);

    private static ScalarExpr Rarely(
        ScalarExpr condition,
        ScalarOp called,
        ScalarExpr value,
        params ScalarExpr[] operands
    ) =>
        condition is ScalarExpr.Const constant
            ? constant.Bits != 0
                ? Call(called, operands)
                : value
            : new Op(ScalarOp.Rarely, value.Type, condition, Call(called, operands), value);

    private static ScalarExpr Call(ScalarOp op, params ScalarExpr[] x)
    {
        foreach (var operand in x)
        {
            if (operand is not ScalarExpr.Const)
            {
                return new Op(op, x[0].Type, x);
            }
        }

        ulong second = x.Length > 1 ? ((ScalarExpr.Const)x[1]).Bits : 0;
        return Scalar.ConstBits(
            x[0].Type,
            ScalarValue.Apply(op, x[0].Type.Code, ((ScalarExpr.Const)x[0]).Bits, second, 0)
        );
    }

    private static ScalarExpr Erf(ScalarExpr x)
    {
        var near = Scalar.Fma(x, Polynomial(x * x, ErfF32), x);
        var a = AbsF(x);
        var (n, q) = ExpParts(Polynomial(AtMost(a, 4), LogErfcF32));
        var far = 1 - Scale(q + 1, n);
        return Scalar.Select(a < 1, near, Scalar.CopySign(far, x));
    }

    private static ScalarExpr ErfInv(ScalarExpr x)
    {
        var w = NegF(Log1p(NegF(x) * x));
        var central = w < 5;
        var sum = Scalar.Select(
            central,
            Polynomial(w - 2.5, ErfInvCentral),
            Polynomial(Scalar.Sqrt(w) - 3, ErfInvOuter)
        );
        return Scalar.Select(Scalar.Eq(AbsF(x), F(x, 1)), x * double.PositiveInfinity, sum * x);
    }
}
