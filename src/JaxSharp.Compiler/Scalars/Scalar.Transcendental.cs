using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Scalars;

internal static partial class Scalar
{
    /// <summary>eˣ.</summary>
    public static ScalarExpr Exp(ScalarExpr x) => x is Pair z ? ComplexExp(z) : Rich(ScalarOp.Exp, x);

    /// <summary>2ˣ.</summary>
    public static ScalarExpr Exp2(ScalarExpr x) =>
        x is Pair z ? ComplexExp(Scale(z, System.Math.Log(2))) : Rich(ScalarOp.Exp2, x);

    /// <summary>eˣ − 1, exact near 0.</summary>
    public static ScalarExpr Expm1(ScalarExpr x) => x is Pair z ? ComplexExpm1(z) : Rich(ScalarOp.Expm1, x);

    /// <summary>The natural logarithm.</summary>
    public static ScalarExpr Log(ScalarExpr x) => x is Pair z ? ComplexLog(z) : Rich(ScalarOp.Log, x);

    /// <summary>ln(1 + x), exact near 0.</summary>
    public static ScalarExpr Log1p(ScalarExpr x) => x is Pair z ? ComplexLog1p(z) : Rich(ScalarOp.Log1p, x);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static ScalarExpr Logistic(ScalarExpr x) => x is Pair z ? ComplexLogistic(z) : Rich(ScalarOp.Logistic, x);

    /// <summary>The sine.</summary>
    public static ScalarExpr Sin(ScalarExpr x) => x is Pair z ? ComplexSin(z) : Rich(ScalarOp.Sin, x);

    /// <summary>The cosine.</summary>
    public static ScalarExpr Cos(ScalarExpr x) => x is Pair z ? ComplexCos(z) : Rich(ScalarOp.Cos, x);

    /// <summary>The tangent.</summary>
    public static ScalarExpr Tan(ScalarExpr x) => x is Pair z ? ComplexTan(z) : Rich(ScalarOp.Tan, x);

    /// <summary>The arc sine.</summary>
    public static ScalarExpr Asin(ScalarExpr x) => x is Pair z ? ComplexAsin(z) : Rich(ScalarOp.Asin, x);

    /// <summary>The arc cosine.</summary>
    public static ScalarExpr Acos(ScalarExpr x) => x is Pair z ? ComplexAcos(z) : Rich(ScalarOp.Acos, x);

    /// <summary>The arc tangent.</summary>
    public static ScalarExpr Atan(ScalarExpr x) => x is Pair z ? ComplexAtan(z) : Rich(ScalarOp.Atan, x);

    /// <summary>The hyperbolic sine.</summary>
    public static ScalarExpr Sinh(ScalarExpr x) => x is Pair z ? ComplexSinh(z) : Rich(ScalarOp.Sinh, x);

    /// <summary>The hyperbolic cosine.</summary>
    public static ScalarExpr Cosh(ScalarExpr x) => x is Pair z ? ComplexCosh(z) : Rich(ScalarOp.Cosh, x);

    /// <summary>The hyperbolic tangent.</summary>
    public static ScalarExpr Tanh(ScalarExpr x) => x is Pair z ? ComplexTanh(z) : Rich(ScalarOp.Tanh, x);

    /// <summary>The inverse hyperbolic sine.</summary>
    public static ScalarExpr Asinh(ScalarExpr x) => x is Pair z ? ComplexAsinh(z) : Rich(ScalarOp.Asinh, x);

    /// <summary>The inverse hyperbolic cosine.</summary>
    public static ScalarExpr Acosh(ScalarExpr x) => x is Pair z ? ComplexAcosh(z) : Rich(ScalarOp.Acosh, x);

    /// <summary>The inverse hyperbolic tangent.</summary>
    public static ScalarExpr Atanh(ScalarExpr x) => x is Pair z ? ComplexAtanh(z) : Rich(ScalarOp.Atanh, x);

    /// <summary>The error function.</summary>
    public static ScalarExpr Erf(ScalarExpr x) => Rich(ScalarOp.Erf, x);

    /// <summary>1 − erf(x), exact where that is small.</summary>
    public static ScalarExpr Erfc(ScalarExpr x) => Rich(ScalarOp.Erfc, x);

    /// <summary>The inverse of the error function.</summary>
    public static ScalarExpr ErfInv(ScalarExpr x) => Rich(ScalarOp.ErfInv, x);

    /// <summary>ln |Γ(x)|.</summary>
    public static ScalarExpr Lgamma(ScalarExpr x) => Rich(ScalarOp.Lgamma, x);

    /// <summary>The derivative of ln Γ(x).</summary>
    public static ScalarExpr Digamma(ScalarExpr x) => Rich(ScalarOp.Digamma, x);

    /// <summary>e^−|x| I₀(x), the modified Bessel function of order 0.</summary>
    public static ScalarExpr BesselI0e(ScalarExpr x) => Rich(ScalarOp.BesselI0e, x);

    /// <summary>e^−|x| I₁(x), the modified Bessel function of order 1.</summary>
    public static ScalarExpr BesselI1e(ScalarExpr x) => Rich(ScalarOp.BesselI1e, x);

    /// <summary>The angle of the point (x, y), in (−π, π].</summary>
    public static ScalarExpr Atan2(ScalarExpr y, ScalarExpr x)
    {
        Same("atan2", y, x);
        Require(x.Type.IsFloating, "atan2", x);
        return Make(ScalarOp.Atan2, x.Type, y, x);
    }
}
