using System;
using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>The error function.</summary>
internal sealed record Erf() : UnaryPrimitive("erf", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        dx * (new Exp().Bind(-(x * x)) * (2 / Math.Sqrt(Math.PI)));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Erf(x);
}

/// <summary>1 − erf(x), exact where that is small.</summary>
internal sealed record Erfc() : UnaryPrimitive("erfc", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        dx * (new Exp().Bind(-(x * x)) * (-2 / Math.Sqrt(Math.PI)));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Erfc(x);
}

/// <summary>The inverse of the error function.</summary>
internal sealed record ErfInv() : UnaryPrimitive("erf_inv", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        dx * (new Exp().Bind(y * y) * (Math.Sqrt(Math.PI) / 2));

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.ErfInv(x);
}

/// <summary>ln |Γ(x)|.</summary>
internal sealed record Lgamma() : UnaryPrimitive("lgamma", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) => dx * new Digamma().Bind(x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Lgamma(x);
}

/// <summary>The derivative of ln Γ(x).</summary>
internal sealed record Digamma() : UnaryPrimitive("digamma", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        dx * new Polygamma().Bind(Operators.FullLike(x, 1), x);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.Digamma(x);
}

/// <summary>e^−|x| I₀(x), the modified Bessel function of order 0, scaled.</summary>
internal sealed record BesselI0e() : UnaryPrimitive("bessel_i0e", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y) =>
        dx * (new BesselI1e().Bind(x) - new Sign().Bind(x) * y);

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.BesselI0e(x);
}

/// <summary>e^−|x| I₁(x), the modified Bessel function of order 1, scaled.</summary>
internal sealed record BesselI1e() : UnaryPrimitive("bessel_i1e", Domain.Floating)
{
    public override Tangent Jvp(NDArray x, Tangent dx, NDArray y)
    {
        // I₀ − I₁/x is 0 − 0/0 at 0, where the limit is ½.
        var epsilon = Operators.FullLike(x, MachineEpsilon.Of(x.DType));
        var isTiny = new Le().Bind(new Abs().Bind(x), epsilon);
        var safe = SelectN.Where(isTiny, epsilon, x);
        var slope = new BesselI0e().Bind(safe) - y * (new Sign().Bind(safe) + 1 / safe);
        return dx * SelectN.Where(isTiny, Operators.FullLike(x, 0.5), slope);
    }

    public override ScalarExpr Lower(ScalarExpr x) => Scalar.BesselI1e(x);
}

/// <summary>
/// An elementwise function of floating-point numbers with loops of its own, computed in double precision, element by element.
/// </summary>
internal abstract record IterativePrimitive(string PrimitiveName) : ElementwisePrimitive(PrimitiveName, Domain.Floating)
{
    /// <summary>The value of the function.</summary>
    protected abstract Func<double[], double> Function { get; }

    /// <summary>The tangent of the result; at least one of <paramref name="dx"/> is not zero.</summary>
    protected abstract Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y);

    public sealed override (NDArray[] Outputs, Tangent[] Tangents) Jvp(NDArray[] primals, Tangent[] tangents)
    {
        var y = this.Bind(primals);
        return ([y], [Jvp(primals, tangents, y)]);
    }

    public sealed override NDArray?[] Transpose(NDArray?[] cotangents, LinearOperand[] operands) =>
        throw Types.NotLinear(this);

    public sealed override Lowering Lower(ArrayType[] operands, ArrayType[] results)
    {
        var (dtype, size, arity, function) = (results[0].DType, results[0].Size, operands.Length, Function);
        return new Lowering.Routine(() => new ElementwiseRoutine(dtype, size, arity, function));
    }

    protected sealed override ScalarExpr LowerElement(ScalarExpr[] operands) =>
        throw new InternalException($"{Name} is no scalar expression.");

    /// <summary>Refuses a derivative in the given operands.</summary>
    protected void RequireConstant(Tangent[] dx, string why, params ReadOnlySpan<int> operands)
    {
        foreach (int operand in operands)
        {
            if (!dx[operand].IsZero)
            {
                throw Types.NotDifferentiable(this, why);
            }
        }
    }
}

/// <summary>The regularized lower incomplete gamma function P(a, x).</summary>
internal sealed record Igamma() : IterativePrimitive("igamma")
{
    protected override Func<double[], double> Function => x => IncompleteGamma.Lower(x[0], x[1]);

    /// <summary>∂P/∂x: the density of the gamma distribution.</summary>
    public static NDArray Density(NDArray a, NDArray x) =>
        new Exp().Bind((a - 1) * new Log().Bind(x) - x - new Lgamma().Bind(a));

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y)
    {
        var result = Tangent.Zero(y);
        if (!dx[0].IsZero)
        {
            result += dx[0] * new IgammaGradA().Bind(x);
        }

        return dx[1].IsZero ? result : result + dx[1] * Density(x[0], x[1]);
    }
}

/// <summary>The regularized upper incomplete gamma function Q(a, x) = 1 − P(a, x).</summary>
internal sealed record Igammac() : IterativePrimitive("igammac")
{
    protected override Func<double[], double> Function => x => IncompleteGamma.Upper(x[0], x[1]);

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y)
    {
        var result = Tangent.Zero(y);
        if (!dx[0].IsZero)
        {
            result -= dx[0] * new IgammaGradA().Bind(x);
        }

        return dx[1].IsZero ? result : result - dx[1] * Igamma.Density(x[0], x[1]);
    }
}

/// <summary>∂P(a, x)/∂a of the regularized lower incomplete gamma function.</summary>
internal sealed record IgammaGradA() : IterativePrimitive("igamma_grad_a")
{
    protected override Func<double[], double> Function => x => IncompleteGamma.LowerDerivative(x[0], x[1]);

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y) =>
        throw Types.NotDifferentiable(this, "igamma can be differentiated once in a");
}

/// <summary>The derivative, in the parameter a, of a sample x of the gamma distribution.</summary>
internal sealed record RandomGammaGrad() : IterativePrimitive("random_gamma_grad")
{
    protected override Func<double[], double> Function => x => IncompleteGamma.SampleDerivative(x[0], x[1]);

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y) =>
        throw Types.NotDifferentiable(this, "samples of the gamma distribution can be differentiated once");
}

/// <summary>The Hurwitz zeta function Σ (q + k)^−x.</summary>
internal sealed record Zeta() : IterativePrimitive("zeta")
{
    protected override Func<double[], double> Function => x => HurwitzZeta.Value(x[0], x[1]);

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y)
    {
        RequireConstant(dx, "only the derivative in q is known", 0);
        return dx[1] * (-x[0] * this.Bind(x[0] + 1, x[1]));
    }
}

/// <summary>The derivative of order m of the digamma function, for whole m ≥ 0.</summary>
internal sealed record Polygamma() : IterativePrimitive("polygamma")
{
    protected override Func<double[], double> Function => x => HurwitzZeta.Polygamma(x[0], x[1]);

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y)
    {
        RequireConstant(dx, "the order m is a whole number", 0);
        return dx[1] * this.Bind(x[0] + 1, x[1]);
    }
}

/// <summary>The regularized incomplete beta function I_x(a, b).</summary>
internal sealed record RegularizedIncompleteBeta() : IterativePrimitive("regularized_incomplete_beta")
{
    protected override Func<double[], double> Function => x => IncompleteBeta.Value(x[0], x[1], x[2]);

    protected override Tangent Jvp(NDArray[] x, Tangent[] dx, NDArray y)
    {
        RequireConstant(dx, "only the derivative in x is known", 0, 1);
        var lgamma = new Lgamma();
        var logBeta = lgamma.Bind(x[0]) + lgamma.Bind(x[1]) - lgamma.Bind(x[0] + x[1]);
        return dx[2]
            * new Exp().Bind((x[1] - 1) * new Log1p().Bind(-x[2]) + (x[0] - 1) * new Log().Bind(x[2]) - logBeta);
    }
}

/// <summary>The distance from 1 to the next number of a floating-point type.</summary>
internal static class MachineEpsilon
{
    public static double Of(DType dtype) =>
        dtype.RealType.Code switch
        {
            DTypeCode.F16 => Math.ScaleB(1, -10),
            DTypeCode.BF16 => Math.ScaleB(1, -7),
            DTypeCode.F32 => Math.ScaleB(1, -23),
            _ => Math.ScaleB(1, -52),
        };
}
