using System;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about derivatives where functions have kinks.</summary>
public sealed class KinkPrograms : ProgramTests
{
    [Fact]
    public void AbsAt0() => Check("kinks/abs at 0", (NDArray x) => Vmap(Grad(jnp.Abs))(x));

    [Fact]
    public void ClipAtItsBounds() =>
        Check("kinks/clip at its bounds", (NDArray x) => Vmap(Grad(x => jnp.Clip(x, -1, 1)))(x));

    [Fact]
    public void LeakyReluAt0() => Check("kinks/leaky_relu at 0", (NDArray x) => Vmap(Grad(x => Nn.LeakyRelu(x)))(x));

    [Fact]
    public void EluAt0() => Check("kinks/elu at 0", (NDArray x) => Vmap(Grad(x => Nn.Elu(x)))(x));

    [Fact]
    public void LogAt0() => Check("kinks/log at 0", (NDArray x) => Vmap(Grad(jnp.Log))(x));

    [Fact]
    public void XToThe0At0() => Check("kinks/x ** 0 at 0", (NDArray x) => Vmap(Grad(x => jnp.Power(x, 0)))(x));

    [Fact]
    public void XToThe20At0() => Check("kinks/x ** 2.0 at 0", (NDArray x) => Vmap(Grad(x => jnp.Power(x, 2.0)))(x));

    [Fact]
    public void XToThe1At0() => Check("kinks/x ** 1 at 0", (NDArray x) => Vmap(Grad(x => jnp.Power(x, 1)))(x));

    [Fact]
    public void XOverX() => Check("kinks/x / x", (NDArray x) => Vmap(Grad(x => x / x))(x));

    [Fact]
    public void SincAt0() => Check("kinks/sinc at 0", (NDArray x) => Vmap(Grad(jnp.Sinc))(x));

    [Fact]
    public void CbrtAt8() => Check("kinks/cbrt at 8", (NDArray x) => Vmap(Grad(jnp.Cbrt))(x));

    [Fact]
    public void RemainderOfTwo() => Check("kinks/remainder of two", (NDArray x) => Vmap(Grad(x => Lax.Rem(x, 3.0)))(x));

    [Fact]
    public void LogaddexpWithInf() =>
        Check(
            "kinks/logaddexp with -inf",
            (NDArray x) => Vmap(Grad(x => jnp.LogAddExp(x, -float.PositiveInfinity)))(x)
        );

    [Fact]
    public void LogSigmoidAtLarge() => Check("kinks/log_sigmoid at large", (NDArray x) => Vmap(Grad(Nn.LogSigmoid))(x));

    [Fact]
    public void SigmoidAtLarge() => Check("kinks/sigmoid at large", (NDArray x) => Vmap(Grad(Nn.Sigmoid))(x));

    [Fact]
    public void Log1pExpm1Near0() =>
        Check("kinks/log1p expm1 near 0", (NDArray x) => Vmap(Grad(x => jnp.Log1p(x) + jnp.Expm1(x)))(x));

    [Fact]
    public void MaxWithTies() => Check("kinks/max with ties", (NDArray x) => Grad(x => jnp.Max(x))(x));

    [Fact]
    public void MaxOverAxisWithTies() =>
        Check("kinks/max over axis with ties", (NDArray x) => Grad(x => jnp.Sum(jnp.Max(x, axis: 1)))(x));

    [Fact]
    public void MaximumOfEqualArguments() =>
        Check(
            "kinks/maximum of equal arguments",
            (NDArray x, NDArray y) => Grad((x, y) => jnp.Sum(jnp.Maximum(x, y)), argNums: (0, 1))(x, y)
        );

    [Fact]
    public void SortWithTies() =>
        Check(
            "kinks/sort with ties",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Sort(x) * jnp.Array(new[] { 1.0f, 10.0f, 100.0f })))(x)
        );

    [Fact]
    public void ProdWithOneZero() => Check("kinks/prod with one zero", (NDArray x) => Grad(x => jnp.Prod(x))(x));

    [Fact]
    public void ProdWithTwoZeros() => Check("kinks/prod with two zeros", (NDArray x) => Grad(x => jnp.Prod(x))(x));

    [Fact]
    public void CumprodWithAZero() =>
        Check("kinks/cumprod with a zero", (NDArray x) => Grad(x => jnp.Sum(jnp.CumProd(x)))(x));

    [Fact]
    public void CummaxWithTies() =>
        Check(
            "kinks/cummax with ties",
            (NDArray x) => Grad(x => jnp.Sum(Lax.CumMax(x) * jnp.Array(new[] { 1.0f, 10.0f, 100.0f })))(x)
        );

    [Fact]
    public void WhereHidesNanInValueButNotInGradient() =>
        Check(
            "kinks/where hides nan in value but not in gradient",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Where(x > 0, jnp.Sqrt(x), 0.0)))(x)
        );

    [Fact]
    public void DoubleWhereIsSafe() =>
        Check(
            "kinks/double where is safe",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Where(x > 0, jnp.Sqrt(jnp.Where(x > 0, x, 1.0)), 0.0)))(x)
        );

    [Fact]
    public void PowGradientInTheExponentAtBase0() =>
        Check(
            "kinks/pow gradient in the exponent at base 0",
            (NDArray x, NDArray y) => Grad((x, y) => jnp.Sum(jnp.Power(x, y)), argNums: (0, 1))(x, y)
        );
}
