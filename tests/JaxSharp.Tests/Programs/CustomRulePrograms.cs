using System;
using Xunit;
using static JaxSharp.Jax;
using Dict = System.Collections.Generic.Dictionary<string, JaxSharp.NDArray>;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Programs;

/// <summary>Recorded programs with custom derivative rules.</summary>
public sealed class CustomRulePrograms : ProgramTests
{
    // sin with ten times its derivative, so that a test sees which rule ran.
    private static readonly Func<NDArray, NDArray> WithJvp = CustomJvp(
        x => jnp.Sin(x),
        (x, dx) => (jnp.Sin(x), 10 * jnp.Cos(x) * dx)
    );

    private static readonly Func<NDArray, NDArray> WithVjp = CustomVjp(
        x => jnp.Sin(x),
        x => (jnp.Sin(x), jnp.Cos(x)),
        (NDArray c, NDArray ct) => 10 * c * ct
    );

    [Fact]
    public void JvpGrad() => Check("custom_jvp/grad", (NDArray x) => Grad(x => jnp.Sum(WithJvp(x)))(x));

    [Fact]
    public void JvpVmap() => Check("custom_jvp/vmap", (NDArray x) => Vmap(WithJvp)(x));

    [Fact]
    public void JvpGradOfVmap() =>
        Check("custom_jvp/grad of vmap", (NDArray x) => Grad(x => jnp.Sum(Vmap(WithJvp)(x)))(x));

    [Fact]
    public void JvpJitOfGrad() =>
        Check("custom_jvp/jit of grad", (NDArray x) => Jit(Grad(x => jnp.Sum(WithJvp(x))))(x));

    [Fact]
    public void JvpLinearize() => Check("custom_jvp/linearize", (NDArray x) => Linearize(WithJvp, x).Jvp(x));

    [Fact]
    public void JvpsWithNull() =>
        Check(
            "custom_jvp/defjvps with None",
            (NDArray x, NDArray y) =>
            {
                var g = CustomJvps((x, y) => x * y, null, (t, result, x, y) => 7 * t);
                return Grad(g, argNums: (0, 1))(x, y);
            }
        );

    [Fact]
    public void JvpNondifferentiableFunction() =>
        Check(
            "custom_jvp/nondiff_argnums",
            (NDArray x) =>
            {
                var apply = CustomJvp(
                    (Func<NDArray, NDArray> h, NDArray x) => h(x),
                    (primals, tangents) =>
                    {
                        var (h, x) = primals;
                        return (h(x), 2 * h(x) * tangents.Item2);
                    }
                );
                return Grad(x => apply(x => jnp.Sin(x), x))(x);
            }
        );

    [Fact]
    public void JvpTreeArguments() =>
        Check(
            "custom_jvp/tree arguments",
            (Dict p) =>
            {
                var g = CustomJvp(
                    (Dict p) => new Dict { ["y"] = p["a"] * p["b"] },
                    (p, t) => (new Dict { ["y"] = p["a"] * p["b"] }, new Dict { ["y"] = t["a"] + 5 * t["b"] })
                );
                return Grad((Dict p) => g(p)["y"])(p);
            }
        );

    [Fact]
    public void JvpStableLog1PExp() =>
        Check(
            "custom_jvp/stable log1pexp",
            (NDArray x) =>
            {
                var log1PExp = CustomJvp(
                    x => jnp.Log(1.0 + jnp.Exp(x)),
                    (x, dx) => (jnp.Log(1.0 + jnp.Exp(x)), (1 - 1 / (1 + jnp.Exp(x))) * dx)
                );
                return Vmap(Grad(log1PExp))(x);
            }
        );

    [Fact]
    public void VjpValue() => Check("custom_vjp/value", (NDArray x) => WithVjp(x));

    [Fact]
    public void VjpGrad() => Check("custom_vjp/grad", (NDArray x) => Grad(x => jnp.Sum(WithVjp(x)))(x));

    [Fact]
    public void VjpVmapOfGrad() => Check("custom_vjp/vmap of grad", (NDArray x) => Vmap(Grad(WithVjp))(x));

    [Fact]
    public void VjpSecondDerivative() =>
        Check("custom_vjp/second derivative", (NDArray x) => Vmap(Grad(Grad(WithVjp)))(x));

    [Fact]
    public void VjpJitOfGrad() =>
        Check("custom_vjp/jit of grad", (NDArray x) => Jit(Grad(x => jnp.Sum(WithVjp(x))))(x));

    [Fact]
    public void VjpInsideScan() =>
        Check(
            "custom_vjp/inside scan",
            (NDArray x) => Grad(x => jnp.Sum(Lax.Scan((c, _) => (WithVjp(c), null!), x, null, length: 3).Carry))(x)
        );

    [Fact]
    public void VjpInsideCond() =>
        Check("custom_vjp/inside cond", (NDArray x) => Grad(x => jnp.Sum(Lax.Cond(true, WithVjp, x => x, x)))(x));

    [Fact]
    public void VjpInsideCheckpoint() =>
        Check("custom_vjp/inside checkpoint", (NDArray x) => Grad(x => jnp.Sum(Checkpoint(WithVjp)(x)))(x));

    [Fact]
    public void VjpInsideJit() => Check("custom_vjp/inside jit", (NDArray x) => Grad(x => jnp.Sum(Jit(WithVjp)(x)))(x));

    [Fact]
    public void VjpTwoArguments() =>
        Check(
            "custom_vjp/two arguments",
            (NDArray x, NDArray y) =>
            {
                var g = CustomVjp(
                    (x, y) => jnp.Sin(x) * y,
                    (NDArray x, NDArray y) => (jnp.Sin(x) * y, (jnp.Cos(x), jnp.Sin(x), y)),
                    ((NDArray Cos, NDArray Sin, NDArray Y) r, NDArray ct) => (r.Cos * ct * r.Y, -r.Sin * ct)
                );
                return Grad(g, argNums: (0, 1))(x, y);
            }
        );

    [Fact]
    public void VjpNullCotangentMeansZero() =>
        Check(
            "custom_vjp/None cotangent means zero",
            (NDArray x, NDArray y) =>
            {
                var g = CustomVjp(
                    (x, y) => x * y,
                    (NDArray x, NDArray y) => (x * y, y),
                    (NDArray y, NDArray ct) => (y * ct, null!)
                );
                return Grad(g, argNums: (0, 1))(x, y);
            }
        );

    [Fact]
    public void VjpGradientClipping() =>
        Check(
            "custom_vjp/gradient clipping",
            (NDArray x) =>
            {
                var clipGradient = CustomVjp(
                    (lo, hi, x) => x,
                    (NDArray lo, NDArray hi, NDArray x) => (x, (lo, hi)),
                    ((NDArray Lo, NDArray Hi) r, NDArray g) => (null!, null!, jnp.Clip(g, r.Lo, r.Hi))
                );
                return (
                    Grad(x => jnp.Sum(jnp.Sin(clipGradient(-.75, .75, x)) * 3))(x),
                    Vmap(Grad(x => jnp.Sin(clipGradient(-.5, .5, x))))(x)
                );
            }
        );

    [Fact]
    public void VjpStraightThroughRounding() =>
        Check(
            "custom_vjp/straight-through rounding",
            (NDArray x) =>
            {
                var round = CustomVjp(
                    x => jnp.Round(x),
                    x => (jnp.Round(x), default(ValueTuple)),
                    (ValueTuple _, NDArray ct) => ct
                );
                return ValueAndGrad(x => jnp.Sum(jnp.Power(round(x), 2)))(x);
            }
        );

    [Fact]
    public void VjpTreeInAndOut() =>
        Check(
            "custom_vjp/tree in and out",
            (Dict p) =>
            {
                var g = CustomVjp(
                    (Dict p) => (p["a"] * p["b"], p["a"]),
                    (Dict p) => ((p["a"] * p["b"], p["a"]), p),
                    (Dict p, (NDArray, NDArray) ct) =>
                        new Dict { ["a"] = ct.Item1 * p["b"] + ct.Item2, ["b"] = 3 * ct.Item1 }
                );
                return Grad(
                    (Dict p) =>
                    {
                        var (a, b) = g(p);
                        return a + b;
                    }
                )(p);
            }
        );

    [Fact]
    public void SquareRootAsARoot() =>
        Check(
            "custom_root/square root and its derivative",
            (NDArray a) =>
            {
                NDArray root(NDArray a)
                {
                    NDArray newton(Func<NDArray, NDArray> g, NDArray x0) =>
                        Lax.ForiLoop(0, 30, (_, x) => x - g(x) / Grad(g)(x), x0);
                    return Lax.CustomRoot(x => jnp.Power(x, 2) - a, a, newton, (g, y) => y / g(1.0));
                }

                return (root(a), Grad(root)(a), Jvp(root, a, 1.0).Tangents);
            }
        );
}
