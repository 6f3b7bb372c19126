using System;
using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs about Jacobians, forward and reverse mode.</summary>
public sealed class JacobianPrograms : ProgramTests
{
    [Fact]
    public void JacobianJacfwd() =>
        Check(
            "jacobian/jacfwd",
            (NDArray x) => JacFwd(x => jnp.Stack([x[0] * x[1], jnp.Sin(x[2]), jnp.Power(x[0], 2) + x[2]]))(x)
        );

    [Fact]
    public void JacobianJacfwdNonSquare() =>
        Check("jacobian/jacfwd non-square", (NDArray w, NDArray x) => JacFwd(x => jnp.Tanh(jnp.MatMul(w, x)))(x));

    [Fact]
    public void JacobianJacfwdHasAux() =>
        Check("jacobian/jacfwd has_aux", (NDArray x) => JacFwd(x => (jnp.Power(x, 2), jnp.Sum(x)), hasAux: true)(x));

    [Fact]
    public void JacobianJacfwdOfDictToTuple() =>
        Check(
            "jacobian/jacfwd of dict to tuple",
            (Dict p) => JacFwd<Dict, (NDArray, NDArray), (Dict, Dict)>(p => (p["a"] * p["b"], jnp.Sum(p["b"])))(p)
        );

    [Fact]
    public void JacobianJacfwdScalarOutput() =>
        Check("jacobian/jacfwd scalar output", (NDArray x) => JacFwd(x => jnp.Sum(jnp.Power(x, 3)))(x));

    [Fact]
    public void JacobianJacfwdScalarInput() =>
        Check(
            "jacobian/jacfwd scalar input",
            (NDArray x) => JacFwd(x => jnp.Stack([x, jnp.Power(x, 2), jnp.Exp(x)]))(x)
        );

    [Fact]
    public void JacobianJacfwdMatrixToMatrix() =>
        Check("jacobian/jacfwd matrix to matrix", (NDArray x) => JacFwd(x => jnp.MatMul(x.T, x))(x));

    [Fact]
    public void JacobianJitOfJacfwd() =>
        Check(
            "jacobian/jit of jacfwd",
            (NDArray x) => Jit(JacFwd(x => jnp.Stack([x[0] * x[1], jnp.Sin(x[2]), jnp.Power(x[0], 2) + x[2]])))(x)
        );

    [Fact]
    public void JacobianJacrev() =>
        Check(
            "jacobian/jacrev",
            (NDArray x) => JacRev(x => jnp.Stack([x[0] * x[1], jnp.Sin(x[2]), jnp.Power(x[0], 2) + x[2]]))(x)
        );

    [Fact]
    public void JacobianJacrevNonSquare() =>
        Check("jacobian/jacrev non-square", (NDArray w, NDArray x) => JacRev(x => jnp.Tanh(jnp.MatMul(w, x)))(x));

    [Fact]
    public void JacobianVmapOfJacrev() =>
        Check(
            "jacobian/vmap of jacrev",
            (NDArray x) => Vmap(JacRev(x => jnp.Stack([x[0] * x[1], jnp.Sin(x[2]), jnp.Power(x[0], 2) + x[2]])))(x)
        );

    [Fact]
    public void JacobianHessian() =>
        Check("jacobian/hessian", (NDArray x) => Hessian(x => jnp.Power(x[0], 2) * x[1] + jnp.Sin(x[1]))(x));

    [Fact]
    public void JacobianHessianOfADict() =>
        Check(
            "jacobian/hessian of a dict",
            (Dict p) => Hessian<Dict, Dictionary<string, Dict>>(p => jnp.Sum(jnp.Power(p["a"], 2) * p["b"]))(p)
        );

    [Fact]
    public void JacobianHessianHasAux() =>
        Check(
            "jacobian/hessian has_aux",
            (NDArray x) => Hessian(x => (jnp.Sum(jnp.Power(x, 3)), x + 1), hasAux: true)(x)
        );

    [Fact]
    public void JacobianJacfwdOfJacfwd() =>
        Check("jacobian/jacfwd of jacfwd", (NDArray x) => JacFwd(JacFwd(x => jnp.Prod(x)))(x));

    [Fact]
    public void JacobianJacrevOfJacrev() =>
        Check("jacobian/jacrev of jacrev", (NDArray x) => JacRev(JacRev(x => jnp.Prod(jnp.Sin(x))))(x));

    [Fact]
    public void JacobianJacrevOfJacfwd() =>
        Check("jacobian/jacrev of jacfwd", (NDArray x) => JacRev(JacFwd(x => jnp.Power(jnp.Sum(x), 3)))(x));

    [Fact]
    public void JacobianHvpForwardOverReverse() =>
        Check(
            "jacobian/hvp forward over reverse",
            (NDArray x, NDArray v) => Jvp(Grad(x => jnp.Sum(jnp.Sin(x) * x[0])), x, v).Item2
        );

    [Fact]
    public void JvpSin() => Check("jvp/sin", (NDArray x, NDArray t) => Jvp(jnp.Sin, x, t));

    [Fact]
    public void JvpDict() =>
        Check("jvp/dict", (Dict p, Dict t) => Jvp((Dict p) => new Dict { ["out"] = p["a"] * p["b"] }, p, t));

    [Fact]
    public void JvpHasAux() =>
        Check(
            "jvp/has_aux",
            (NDArray x, NDArray t) => Jvp((NDArray x) => (jnp.Power(x, 2), x + 1), x, t, hasAux: true)
        );

    [Fact]
    public void JvpIntegerInputTakesAFloat0Tangent() =>
        Check(
            "jvp/integer input takes a float0 tangent",
            (NDArray x, NDArray n) =>
                Jvp((x, n) => jnp.Power(x, 2) * n, (x, n), (jnp.OnesLike(x), jnp.Zeros(n.Shape, DType.Float0)))
        );

    [Fact]
    public void JvpOutputWithoutDependence() =>
        Check("jvp/output without dependence", (NDArray x) => Jvp(x => (jnp.Ones(3), x * 2), x, x));

    [Fact]
    public void JvpMatmul() =>
        Check(
            "jvp/matmul",
            (NDArray a, NDArray b, NDArray da, NDArray db) => Jvp((a, b) => jnp.MatMul(a, b), (a, b), (da, db))
        );

    [Fact]
    public void VjpBasic() =>
        Check(
            "vjp/basic",
            (NDArray x, NDArray ct) =>
            {
                var (y, pull) = Vjp(jnp.Sin, x);
                return (y, ValueTuple.Create(pull(ct)));
            }
        );

    [Fact]
    public void VjpCalledTwice() =>
        Check(
            "vjp/called twice",
            (NDArray x) =>
            {
                var (y, pull) = Vjp(x => jnp.Exp(x) * x, x);
                return (ValueTuple.Create(pull(y)), ValueTuple.Create(pull(2 * y)));
            }
        );

    [Fact]
    public void VjpVmapOverCotangents() =>
        Check(
            "vjp/vmap over cotangents",
            (NDArray x) =>
            {
                var (_, pull) = Vjp(x => jnp.Stack([x[0] * x[1], jnp.Power(x[1], 2)]), x);
                return ValueTuple.Create(Vmap(pull)(jnp.Eye(2)));
            }
        );

    [Fact]
    public void VjpDictOutputs() =>
        Check(
            "vjp/dict outputs",
            (Dict p) =>
            {
                var (@out, pull) = Vjp((Dict p) => new Dict { ["s"] = p["a"] + p["b"], ["m"] = p["a"] * p["b"] }, p);
                return (@out, ValueTuple.Create(pull(new Dict { ["s"] = 1.0, ["m"] = 2.0 })));
            }
        );

    [Fact]
    public void LinearTransposeMatrix() =>
        Check(
            "linear_transpose/matrix",
            (NDArray a, NDArray ct) => ValueTuple.Create(LinearTranspose(x => jnp.MatMul(a, x), jnp.Zeros(3))(ct))
        );

    [Fact]
    public void LinearTransposeTwoArguments() =>
        Check(
            "linear_transpose/two arguments",
            (NDArray ct) => LinearTranspose((x, y) => 2 * x - jnp.Sum(y), jnp.Zeros(Shape.Scalar), jnp.Zeros(3))(ct)
        );

    [Fact]
    public void LinearTransposeConvolution() =>
        Check(
            "linear_transpose/convolution",
            (NDArray k, NDArray ct) =>
                ValueTuple.Create(LinearTranspose(x => Lax.Conv(x, k, (1, 1), "VALID"), jnp.Zeros((1, 1, 4, 4)))(ct))
        );

    [Fact]
    public void LinearTransposeOfTranspose() =>
        Check(
            "linear_transpose/of transpose",
            (NDArray a, NDArray x) =>
                ValueTuple.Create(
                    LinearTranspose(ct => LinearTranspose(x => jnp.MatMul(a, x), jnp.Zeros(3))(ct), jnp.Zeros(2))(x)
                )
        );

    [Fact]
    public void LinearizeCalledTwice() =>
        Check(
            "linearize/called twice",
            (NDArray x) =>
            {
                var (y, lin) = Linearize(x => jnp.Sin(x) * jnp.Sum(x), x);
                return (y, lin(jnp.OnesLike(x)), lin(x));
            }
        );

    [Fact]
    public void LinearizeTwoArguments() =>
        Check(
            "linearize/two arguments",
            (NDArray x, NDArray y) =>
            {
                var (@out, lin) = Linearize((x, y) => x * jnp.Power(y, 2), x, y);
                return (@out, lin(1.0, 0.5));
            }
        );

    [Fact]
    public void JvpVjpDotProductTest() =>
        Check(
            "jvp vjp/dot product test",
            (NDArray x, NDArray v, NDArray u) =>
            {
                NDArray g(NDArray x) => jnp.Tanh(x) * jnp.Roll(x, 1);
                var jv = Jvp(g, x, v).Item2;
                var uj = Vjp(g, x).Vjp(u);
                return (jnp.VDot(u, jv), jnp.VDot(uj, v));
            }
        );

    [Fact]
    public void EvalShapeSeveral() =>
        Check(
            "eval_shape/several",
            (NDArray x, NDArray _) =>
            {
                static string text(NDArray s) => $"{s.DType.LongName}[{string.Join(", ", s.Shape)}]";
                var (mask, half) = EvalShape(x => (x > 0, x.AsType(DType.BF16)), x);
                return new object[]
                {
                    text(EvalShape(x => jnp.Sum(x), x)),
                    text(EvalShape(x => jnp.MatMul(x, x.T), x)),
                    (text(mask), text(half)),
                    new Dictionary<string, string>
                    {
                        ["i"] = text(EvalShape(x => new Dict { ["i"] = jnp.ArgMax(x, 0) }, x)["i"]),
                    },
                    text(EvalShape(x => x[jnp.NewAxis, .., (null, null, 2)], x)),
                    text(EvalShape(Grad(x => jnp.Sum(jnp.Power(x, 2))), x)),
                    text(EvalShape(Hessian(x => jnp.Sum(jnp.Power(x, 3))), x)),
                };
            }
        );

    [Fact]
    public void ReduceCustomComputation() =>
        Check("reduce/custom computation", (NDArray x) => Lax.Reduce(x, jnp.Ones(Shape.Scalar), (a, b) => a * b, [0]));
}
