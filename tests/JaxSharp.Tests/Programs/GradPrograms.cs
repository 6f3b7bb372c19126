using System;
using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about gradients.</summary>
public sealed class GradPrograms : ProgramTests
{
    [Fact]
    public void Polynomial() =>
        Check("grad/polynomial", (NDArray x) => Grad(x => 3 * jnp.Power(x, 3) - 2 * jnp.Power(x, 2) + x - 5)(x));

    [Fact]
    public void SumOfSquares() => Check("grad/sum of squares", (NDArray x) => Grad(x => jnp.Sum(jnp.Power(x, 2)))(x));

    [Fact]
    public void LogSumExpByHand() =>
        Check("grad/log sum exp by hand", (NDArray x) => Grad(x => jnp.Log(jnp.Sum(jnp.Exp(x))))(x));

    [Fact]
    public void Argnums1() =>
        Check(
            "grad/argnums=1",
            (NDArray x, NDArray y) => Grad((x, y) => jnp.Power(x, 2) * jnp.Power(y, 3), argNums: 1)(x, y)
        );

    [Fact]
    public void Argnums10() =>
        Check(
            "grad/argnums=(1, 0)",
            (NDArray x, NDArray y) => Grad((x, y) => jnp.Power(x, 2) * y, argNums: (1, 0))(x, y)
        );

    [Fact]
    public void Argnums0GivesATuple() =>
        Check(
            "grad/argnums=(0,) gives a tuple",
            (NDArray x, NDArray y) => Grad((x, y) => x * y, argNums: ValueTuple.Create(0))(x, y)
        );

    [Fact]
    public void UnusedArgument() =>
        Check("grad/unused argument", (NDArray x, NDArray y) => Grad((x, y) => jnp.Sum(y), argNums: (0, 1))(x, y));

    [Fact]
    public void ConstantFunction() => Check("grad/constant function", (NDArray x) => Grad(x => 3.0)(x));

    [Fact]
    public void HasAux() =>
        Check(
            "grad/has_aux",
            (NDArray x) =>
                Grad(
                    x =>
                        (
                            jnp.Sum(jnp.Power(x, 2)),
                            new Dictionary<string, object> { ["twice"] = 2 * x, ["n"] = x.Size }
                        ),
                    hasAux: true
                )(x)
        );

    [Fact]
    public void ValueToo() => Check("grad/value_and_grad", (NDArray x) => ValueAndGrad(x => jnp.Sum(jnp.Tanh(x)))(x));

    [Fact]
    public void ValueHasAux() =>
        Check(
            "grad/value_and_grad has_aux",
            (NDArray x) => ValueAndGrad(x => (jnp.Sum(jnp.Power(x, 3)), (x + 1, jnp.Max(x))), hasAux: true)(x)
        );

    [Fact]
    public void ValueArgnums02() =>
        Check(
            "grad/value_and_grad argnums=(0, 2)",
            (NDArray x, NDArray y, NDArray z) =>
                ValueAndGrad((x, y, z) => x * y + y * jnp.Power(z, 2), argNums: (0, 2))(x, y, z)
        );

    [Fact]
    public void ValueHasAuxArgnums1() =>
        Check(
            "grad/value_and_grad has_aux argnums=(1,)",
            (NDArray x, NDArray y) => ValueAndGrad((x, y) => (x * y, x + y), argNums: new[] { 1 }, hasAux: true)(x, y)
        );

    [Fact]
    public void DictOfParameters() =>
        Check(
            "grad/dict of parameters",
            (Dict p, NDArray x) =>
                Grad((Dict p, NDArray x) => jnp.Sum(jnp.Power(jnp.MatMul(x, p["w"]) + p["b"], 2)))(p, x)
        );

    [Fact]
    public void NoneLeaf() => Check("grad/None leaf", (Dict p) => Grad((Dict p) => jnp.Sum(jnp.Power(p["w"], 2)))(p));

    [Fact]
    public void TupleArgument() =>
        Check(
            "grad/tuple argument",
            ((NDArray, NDArray) p) => Grad(((NDArray, NDArray) p) => p.Item1 * jnp.Sum(p.Item2))(p)
        );

    [Fact]
    public void AllowIntMixedTree() =>
        Check(
            "grad/allow_int mixed tree",
            (NDArray x, NDArray n) =>
            {
                var g = Grad((Dict p) => jnp.Sum(p["x"] * p["n"]), allowInt: true)(new Dict { ["x"] = x, ["n"] = n });
                Assert.Equal(DType.Float0, g["n"].DType);
                return (g["x"], "[('float0', 'V')]", g["n"].Shape);
            }
        );

    [Fact]
    public void ThroughIntegerCastIsZero() =>
        Check(
            "grad/through integer cast is zero",
            (NDArray x) => Grad(x => jnp.Sum(x.AsType(DType.I32).AsType(DType.F32) * 2 + x))(x)
        );

    [Fact]
    public void ThroughComparison() =>
        Check("grad/through comparison", (NDArray x) => Grad(x => jnp.Sum((x > 0) * jnp.Power(x, 2)))(x));

    [Fact]
    public void Gather() => Check("grad/gather", (NDArray x, NDArray n) => Grad(x => jnp.Sum(jnp.Power(x[n], 2)))(x));

    [Fact]
    public void ScatterSet() =>
        Check(
            "grad/scatter set",
            (NDArray x, NDArray u) => Grad((x, u) => jnp.Sum(jnp.Power(x.At[1..3].Set(u), 2)), argNums: (0, 1))(x, u)
        );

    [Fact]
    public void SliceWithStrideAndReverse() =>
        Check(
            "grad/slice with stride and reverse",
            (NDArray x) => Grad(x => jnp.Sum(x[(null, null, -2)] * jnp.Array(new[] { 1.0f, 2.0f, 3.0f })))(x)
        );

    [Fact]
    public void Convolution() =>
        Check(
            "grad/convolution",
            (NDArray x, NDArray k) =>
                Grad((x, k) => jnp.Sum(jnp.Power(Lax.ConvGeneralDilated(x, k, (1, 1), "SAME"), 2)), argNums: (0, 1))(
                    x,
                    k
                )
        );

    [Fact]
    public void StridedConvolutionNHWC() =>
        Check(
            "grad/strided convolution NHWC",
            (NDArray x, NDArray k) =>
                Grad(
                    (x, k) =>
                        jnp.Sum(
                            jnp.Power(
                                Lax.ConvGeneralDilated(
                                    x,
                                    k,
                                    (2, 2),
                                    "VALID",
                                    dimensionNumbers: ("NHWC", "HWIO", "NHWC")
                                ),
                                2
                            )
                        ),
                    argNums: (0, 1)
                )(x, k)
        );

    [Fact]
    public void MaxPoolByReduceWindow() =>
        Check(
            "grad/max pool by reduce_window",
            (NDArray x) =>
                Grad(x =>
                    jnp.Sum(
                        jnp.Power(Lax.ReduceWindow(x, -float.PositiveInfinity, Lax.Max, (2, 2), (2, 2), "VALID"), 2)
                    )
                )(x)
        );

    [Fact]
    public void CumsumCumprod() =>
        Check("grad/cumsum cumprod", (NDArray x) => Grad(x => jnp.Sum(jnp.CumSum(x) * jnp.CumProd(x)))(x));

    [Fact]
    public void Sort() =>
        Check(
            "grad/sort",
            (NDArray x) => Grad(x => jnp.Sum(jnp.Sort(x) * jnp.Array(new[] { 1.0f, 10.0f, 100.0f, 1000.0f })))(x)
        );

    [Fact]
    public void TopK() =>
        Check(
            "grad/top_k",
            (NDArray x) => Grad(x => jnp.Sum(Lax.TopK(x, 2).Item1 * jnp.Array(new[] { 1.0f, 10.0f })))(x)
        );

    [Fact]
    public void VarAndStd() => Check("grad/var and std", (NDArray x) => Grad(x => jnp.Var(x) + jnp.Std(x))(x));

    [Fact]
    public void SizeZeroInput() => Check("grad/size zero input", (NDArray x) => Grad(x => jnp.Sum(jnp.Power(x, 2)))(x));
}
