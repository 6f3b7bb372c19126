using System;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about higher derivatives and transformations nested in each other.</summary>
public sealed class HigherOrderPrograms : ProgramTests
{
    [Fact]
    public void HigherDerivatives0To4OfExp() =>
        Check("higher/derivatives 0 to 4 of exp", (NDArray x) => Derivatives(x => jnp.Exp(x), x));

    [Fact]
    public void HigherDerivatives0To4OfSin() =>
        Check("higher/derivatives 0 to 4 of sin", (NDArray x) => Derivatives(x => jnp.Sin(x), x));

    [Fact]
    public void HigherDerivatives0To4OfXToThe5() =>
        Check("higher/derivatives 0 to 4 of x ** 5", (NDArray x) => Derivatives(x => jnp.Power(x, 5), x));

    [Fact]
    public void HigherDerivatives0To4OfXToThe3() =>
        Check("higher/derivatives 0 to 4 of x ** 3", (NDArray x) => Derivatives(x => jnp.Power(x, 3), x));

    [Fact]
    public void HigherDerivatives0To4OfSqrt() =>
        Check("higher/derivatives 0 to 4 of sqrt", (NDArray x) => Derivatives(x => jnp.Sqrt(x), x));

    [Fact]
    public void HigherDerivatives0To4OfGelu() =>
        Check("higher/derivatives 0 to 4 of gelu", (NDArray x) => Derivatives(x => Nn.Gelu(x), x));

    [Fact]
    public void HigherDerivatives0To4OfSoftplus() =>
        Check("higher/derivatives 0 to 4 of softplus", (NDArray x) => Derivatives(x => Nn.Softplus(x), x));

    [Fact]
    public void HigherDerivatives0To4OfXTimesSinX() =>
        Check("higher/derivatives 0 to 4 of x * sin(x)", (NDArray x) => Derivatives(x => x * jnp.Sin(x), x));

    [Fact]
    public void HigherDerivatives0To4OfExpXToThe2() =>
        Check("higher/derivatives 0 to 4 of exp(-x**2)", (NDArray x) => Derivatives(x => jnp.Exp(-jnp.Power(x, 2)), x));

    [Fact]
    public void HigherDerivatives0To4OfLogisticOfProduct() =>
        Check(
            "higher/derivatives 0 to 4 of logistic of product",
            (NDArray x) => Derivatives(x => jnp.Tanh(x * jnp.Exp(x)), x)
        );

    [Fact]
    public void HigherFourNestedJvpsOfSin() =>
        Check(
            "higher/four nested jvps of sin",
            (NDArray x) =>
            {
                Func<NDArray, NDArray> g = x => jnp.Sin(x);
                for (int i = 0; i < 4; i++)
                {
                    var h = g;
                    g = x => Jvp(h, x, 1.0).Tangents;
                }

                return g(x);
            }
        );

    [Fact]
    public void HigherFifthDerivativeOfXToThe7ByJacfwd() =>
        Check(
            "higher/fifth derivative of x ** 7 by jacfwd",
            (NDArray x) => JacFwd(JacFwd(JacFwd(JacFwd(JacFwd(x => jnp.Power(x, 7))))))(x)
        );

    [Fact]
    public void HigherGradOfJacfwd() =>
        Check(
            "higher/grad of jacfwd",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Power(JacFwd(x => jnp.Sin(x) * x[0])(x), 2)))(x)
        );

    [Fact]
    public void HigherThirdDerivativeTensor() =>
        Check(
            "higher/third derivative tensor",
            (NDArray x) => JacFwd(Hessian(x => jnp.Power(x[0], 2) * x[1] + jnp.Exp(x[0] * x[1])))(x)
        );

    [Fact]
    public void HigherGradThroughVjpCall() =>
        Check(
            "higher/grad through vjp call",
            (NDArray x) => Grad(x => jnp.Sum(Vjp(jnp.Sin, x).Item2(jnp.Power(x, 2))))(x)
        );

    [Fact]
    public void HigherGradThroughJvpCall() =>
        Check(
            "higher/grad through jvp call",
            (NDArray x) => Grad(x => jnp.Sum(Jvp(jnp.Sin, x, jnp.Power(x, 2)).Item2))(x)
        );

    [Fact]
    public void HigherGradientPenalty() =>
        Check(
            "higher/gradient penalty",
            (NDArray w, NDArray x) =>
                Grad(w => jnp.Sum(jnp.Power(Grad(x => jnp.Sum(jnp.Tanh(jnp.MatMul(w, x))))(x), 2)))(w)
        );

    [Fact]
    public void HigherLaplacianAsTheTraceOfTheHessian() =>
        Check(
            "higher/laplacian as the trace of the hessian",
            (NDArray x) =>
            {
                NDArray u(NDArray x) => jnp.Exp(-jnp.Sum(jnp.Power(x, 2))) * jnp.Sin(x[0]);
                return jnp.Trace(Hessian(u)(x));
            }
        );

    [Fact]
    public void HigherTaylorSeriesOfExpSinXAt0ByNestedGrad() =>
        Check(
            "higher/Taylor series of exp(sin(x)) at 0 by nested grad",
            (NDArray x) =>
            {
                Func<NDArray, NDArray> g = x => jnp.Exp(jnp.Sin(x));
                var coefficients = new NDArray[5];
                double factorial = 1;
                for (int n = 0; n < 5; n++)
                {
                    coefficients[n] = g(0.0) / factorial;
                    g = Grad(g);
                    factorial *= n + 1;
                }

                var series = jnp.Stack(coefficients);
                return (series, jnp.PolyVal(jnp.Flip(series), x));
            }
        );

    [Fact]
    public void ConfusionDXTimesDYXTimesY() =>
        Check("confusion/d x * d y (x * y)", (NDArray x) => Grad(x => x * Grad(y => x * y)(2.0))(x));

    [Fact]
    public void ConfusionJvpOfGradWithClosure() =>
        Check("confusion/jvp of grad with closure", (NDArray x) => Jvp(x => x * Grad(y => x * jnp.Sin(y))(x), x, 1.0));

    [Fact]
    public void ConfusionThreeLevels() =>
        Check(
            "confusion/three levels",
            (NDArray x) => Grad(x => Grad(y => Grad(z => x * y * jnp.Power(z, 2))(y))(x))(x)
        );

    [Fact]
    public void ConfusionSameVariableAtBothLevels() =>
        Check("confusion/same variable at both levels", (NDArray x) => Grad(x => Grad(y => x * jnp.Power(y, 2))(x))(x));

    [Fact]
    public void ConfusionVmapInsideGradClosingOverX() =>
        Check(
            "confusion/vmap inside grad closing over x",
            (NDArray x, NDArray y) => Grad(x => jnp.Sum(Vmap(y => x * jnp.Power(y, 2))(y)))(x)
        );

    [Fact]
    public void ConfusionGradInsideVmapClosingOverX() =>
        Check(
            "confusion/grad inside vmap closing over x",
            (NDArray x, NDArray y) => Vmap(y => Grad(x => jnp.Power(x, 2) * y)(x))(y)
        );

    [Fact]
    public void ConfusionJitInsideGradClosingOverX() =>
        Check("confusion/jit inside grad closing over x", (NDArray x) => Grad(x => x * Jit(y => x + y)(1.0))(x));

    // The function and its first four derivatives at each element.
    private static NDArray[] Derivatives(Func<NDArray, NDArray> g, NDArray x)
    {
        var result = new NDArray[5];
        for (int order = 0; order < result.Length; order++)
        {
            result[order] = Vmap(g)(x);
            g = Grad(g);
        }

        return result;
    }
}
