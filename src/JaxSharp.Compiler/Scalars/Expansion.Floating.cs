using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal sealed partial class Expansion
{
    // An operation on f32 or f64 values.
    private static ScalarExpr Floating(ScalarOp op, ScalarExpr[] x)
    {
        var type = x[0].Type;
        var zero = Scalar.Const(type, 0L);
        switch (op)
        {
            case ScalarOp.Neg:
                return NegF(x[0]);
            case ScalarOp.Abs:
                return AbsF(x[0]);
            case ScalarOp.Sign:
                return Scalar.Select(
                    x[0] > zero,
                    Scalar.Const(type, 1L),
                    Scalar.Select(x[0] < zero, Scalar.Const(type, -1L), x[0])
                );
            case ScalarOp.Max:
                return Scalar.Select(Scalar.IsNaN(x[0]), x[0], Scalar.Select(x[0] > x[1], x[0], x[1]));
            case ScalarOp.Min:
                return Scalar.Select(Scalar.IsNaN(x[0]), x[0], Scalar.Select(x[0] < x[1], x[0], x[1]));
            case ScalarOp.RoundHalfAway:
                // The largest number below ½ keeps numbers just under a half from being rounded up by the addition.
                var half = Scalar.Const(type, type.Size == 4 ? 0.49999997 : 0.49999999999999994);
                return Scalar.Trunc(x[0] + Scalar.CopySign(half, x[0]));
            case ScalarOp.IsFinite:
                return AbsF(x[0]) < double.PositiveInfinity;
            case ScalarOp.IntegerPow:
                return Scalar.PowerByMultiplication(x[0], Constant(x[1]));
            case ScalarOp.Rsqrt:
                return 1 / Scalar.Sqrt(x[0]);
            case ScalarOp.ReducePrecision:
                return ReducedPrecision(x[0], Constant(x[1]), Constant(x[2]));
            case ScalarOp.Pow:
                return Power(x[0], x[1]);
            case ScalarOp.Cbrt:
                return CubeRoot(x[0]);
            case ScalarOp.Rem:
                return Remainder(x[0], x[1]);
            case ScalarOp.Lgamma:
                return LogGamma(x[0]);
            case ScalarOp.Digamma:
                return Digamma(x[0]);
            case ScalarOp.Exp:
                return Exp(x[0]);
            case ScalarOp.Exp2:
                return Exp2(x[0]);
            case ScalarOp.Expm1:
                return Expm1(x[0]);
            case ScalarOp.Log:
                return Log(x[0]);
            case ScalarOp.Log1p:
                return Log1p(x[0]);
            case ScalarOp.Logistic:
                return Logistic(x[0]);
            case ScalarOp.Tanh:
                return Tanh(x[0]);
            case ScalarOp.Sin:
                return Sin(x[0]);
            case ScalarOp.Cos:
                return Cos(x[0]);
            case ScalarOp.Tan:
                return Tan(x[0]);
            case ScalarOp.Asin:
                return Asin(x[0]);
            case ScalarOp.Acos:
                return Acos(x[0]);
            case ScalarOp.Atan:
                return Atan(x[0]);
            case ScalarOp.Atan2:
                return Atan2(x[0], x[1]);
            case ScalarOp.Sinh:
                return Sinh(x[0]);
            case ScalarOp.Cosh:
                return Cosh(x[0]);
            case ScalarOp.Asinh:
                return Asinh(x[0]);
            case ScalarOp.Acosh:
                return Acosh(x[0]);
            case ScalarOp.Atanh:
                return Atanh(x[0]);
            case ScalarOp.Erf when IsSingle(x[0]):
                return Erf(x[0]);
            case ScalarOp.ErfInv when IsSingle(x[0]):
                return ErfInv(x[0]);
            default:
                return op.IsCalled(type) ? Call(op, x) : Scalar.Make(op, type, x);
        }
    }

    private static DType BitsOf(ScalarExpr x) => x.Type.Size == 4 ? DType.I32 : DType.I64;

    private static ScalarExpr AbsF(ScalarExpr x)
    {
        var bits = BitsOf(x);
        var mask = Scalar.Const(bits, bits.Size == 4 ? int.MaxValue : long.MaxValue);
        return Scalar.Bitcast(Scalar.Bitcast(x, bits) & mask, x.Type);
    }

    private static ScalarExpr NegF(ScalarExpr x)
    {
        var bits = BitsOf(x);
        var sign = Scalar.Const(bits, bits.Size == 4 ? int.MinValue : long.MinValue);
        return Scalar.Bitcast(Scalar.Bitcast(x, bits) ^ sign, x.Type);
    }

    private static ScalarExpr ReducedPrecision(ScalarExpr x, int exponentBits, int mantissaBits)
    {
        var type = BitsOf(x);
        int fraction = type.Size == 4 ? 23 : 52;
        int exponent = type.Size == 4 ? 8 : 11;
        ScalarExpr C(long value) => Scalar.Const(type, value);
        var bits = Scalar.Bitcast(x, type);
        if (mantissaBits < fraction)
        {
            int dropped = fraction - mantissaBits;
            var odd = Scalar.ShiftRightLogical(bits, C(dropped)) & C(1);
            bits = (bits + odd + C((1L << (dropped - 1)) - 1)) & C(-1L << dropped);
        }

        if (exponentBits < exponent)
        {
            var sign = bits & C(type.Size == 4 ? int.MinValue : long.MinValue);
            long bias = (1L << (exponent - 1)) - 1;
            long range = (1L << (exponentBits - 1)) - 1;
            var field = bits & C(((1L << exponent) - 1) << fraction);
            var overflows = field > C((bias + range) << fraction);
            var underflows = field <= C((bias - range) << fraction);
            var infinity = sign | C(((1L << exponent) - 1) << fraction);
            bits = Scalar.Select(overflows, infinity, Scalar.Select(underflows, sign, bits));
        }

        return Scalar.Select(Scalar.IsNaN(x), x, Scalar.Bitcast(bits, x.Type));
    }
}
