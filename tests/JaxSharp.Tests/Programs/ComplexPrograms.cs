using System;
using System.Numerics;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about complex numbers.</summary>
public sealed class ComplexPrograms : ProgramTests
{
    [Fact]
    public void HolomorphicGradOfSinAndExp() =>
        Check(
            "complex/holomorphic grad of sin and exp",
            (NDArray z) => Grad(z => jnp.Sin(z) * jnp.Exp(z), holomorphic: true)(z)
        );

    [Fact]
    public void HolomorphicSecondDerivative() =>
        Check(
            "complex/holomorphic second derivative",
            (NDArray z) => Grad(Grad(z => jnp.Log(z), holomorphic: true), holomorphic: true)(z)
        );

    [Fact]
    public void GradOfAbsSquared() =>
        Check("complex/grad of abs squared", (NDArray z) => Grad(z => jnp.Power(jnp.Abs(z), 2))(z));

    [Fact]
    public void GradOfTheRealPartOfAProduct() =>
        Check(
            "complex/grad of the real part of a product",
            (NDArray z) => Grad(z => jnp.Real(z * (2 + new Complex(0.0, 3.0))))(z)
        );

    [Fact]
    public void GradOfAngle() => Check("complex/grad of angle", (NDArray z) => Grad(z => jnp.Angle(z))(z));

    [Fact]
    public void JvpOfConj() => Check("complex/jvp of conj", (NDArray z) => Jvp(jnp.Conj, z, z * new Complex(0.0, 1.0)));

    [Fact]
    public void VjpOfConj() =>
        Check("complex/vjp of conj", (NDArray z) => ValueTuple.Create(Vjp(jnp.Conj, z).Vjp(new Complex(1, 2))));

    [Fact]
    public void VjpOfMultiplicationHasNoConjugate() =>
        Check(
            "complex/vjp of multiplication has no conjugate",
            (NDArray z) => ValueTuple.Create(Vjp(z => z * new Complex(2, 3), z).Vjp(new Complex(1, 1)))
        );

    [Fact]
    public void JacfwdHolomorphic() =>
        Check("complex/jacfwd holomorphic", (NDArray z) => JacFwd(z => jnp.Power(z, 2) * z[0], holomorphic: true)(z));

    [Fact]
    public void JacrevHolomorphic() =>
        Check("complex/jacrev holomorphic", (NDArray z) => JacRev(z => jnp.Power(z, 2) * z[0], holomorphic: true)(z));

    [Fact]
    public void RealToComplexToReal() =>
        Check(
            "complex/real to complex to real",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Power(jnp.Abs(jnp.Exp(new Complex(0.0, 1.0) * x) + x), 2)))(x)
        );

    [Fact]
    public void RealParametersThroughLaxComplex() =>
        Check(
            "complex/real parameters through lax.complex",
            (NDArray x, NDArray y) => Grad((x, y) => jnp.Real(jnp.Power(Lax.Complex(x, y), 3)), argNums: (0, 1))(x, y)
        );

    [Fact]
    public void GradientDescentNeedsTheConjugate() =>
        Check(
            "complex/gradient descent needs the conjugate",
            (NDArray z) =>
                Lax.ForiLoop(
                    0,
                    50,
                    (_, z) => z - 0.1 * jnp.Conj(Grad(z => jnp.Power(jnp.Abs(z - (1 + new Complex(0.0, 2.0))), 2))(z)),
                    z
                )
        );

    [Fact]
    public void SqrtAndPower() =>
        Check(
            "complex/sqrt and power",
            (NDArray z) => Grad(z => jnp.Sqrt(z) * jnp.Power(z, 0.5 + new Complex(0.0, 1.0)), holomorphic: true)(z)
        );
}
