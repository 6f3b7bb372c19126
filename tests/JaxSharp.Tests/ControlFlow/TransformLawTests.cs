using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.ControlFlow;

/// <summary>
/// What must hold for every function whatever transformations do to it: derivatives are limits of differences, forward and reverse
/// mode are transposes, mapping is stacking, compiling changes nothing; in any nesting. The functions take and return vectors.
/// </summary>
public sealed class TransformLawTests
{
    private static readonly NDArray Matrix = jnp.Sin(jnp.Arange(9.0)).Reshape((3, 3));

    private static readonly Func<NDArray, NDArray> Swish = CustomJvp(
        x => x * jnp.Tanh(x),
        (x, dx) =>
        {
            var t = jnp.Tanh(x);
            return (x * t, (t + x * (1 - t * t)) * dx);
        }
    );

    private static readonly Dictionary<string, Func<NDArray, NDArray>> Functions = new()
    {
        ["scan"] = x => Lax.Scan((h, s) => (jnp.Tanh(jnp.MatMul(Matrix, h) + s), h), x, jnp.Stack([x, x * 2])).Ys[^1],
        ["scan by closure"] = x => Lax.Scan((h, s) => (jnp.Sin(h * x) + s, h), jnp.Ones(3), Matrix).Carry,
        ["scan backwards"] = x => Lax.Scan((h, s) => (h * jnp.Cos(s) + x, h * s), x, Matrix, reverse: true).Ys[0],
        ["scan with a counter"] = x =>
            Lax.Scan(
                ((NDArray I, NDArray H) c, NDArray s) => ((c.I + 1, c.H * s + c.I), c.H),
                (0, x),
                Matrix
            ).Carry.Item2,
        ["nested scan"] = x =>
            Lax.Scan((h, r) => (Lax.Scan((g, s) => (jnp.Sin(g + s * x), null), h, r).Carry, null), x, Matrix).Carry,
        ["fori_loop"] = x => Lax.ForiLoop(0, 4, (i, h) => jnp.Sin(h) + h * i, x),
        ["fori_loop with indexed update"] = x => Lax.ForiLoop(1, 3, (i, h) => h.At[i].Set(h[i - 1] * h[i] + i), x),
        ["while_loop"] = x =>
            Lax.WhileLoop(c => c.Item2 < 4, c => (jnp.Sin(c.Item1) * x, c.Item2 + 1), (x, 0), maxSteps: 6).Item1,
        ["while_loop by values"] = x =>
            Lax.WhileLoop(h => jnp.Sum(h * h) < 50, h => h * 1.5 + jnp.Cos(x), x, maxSteps: 20),
        ["cond"] = x => Lax.Cond(x[0] > 0.2, y => jnp.Sin(y) * x, y => y * y * y, x),
        ["cond in scan"] = x =>
            Lax.Scan((h, s) => (Lax.Cond(s[0] > 0, h => h * jnp.Cos(x), h => jnp.Exp(-h), h), h), x, Matrix).Carry,
        ["switch"] = x => Lax.Switch((x[1] * 3).AsType(DType.I32), [y => y * 2, y => jnp.Sin(y), y => y * y], x),
        ["map"] = x => jnp.Sum(Lax.Map(r => jnp.Sin(r * x), Matrix), 0),
        ["associative_scan"] = x => Lax.AssociativeScan((a, b) => a * b, jnp.Cos(x)),
        ["jit"] = x => Jit(y => jnp.Sin(y) * jnp.Sum(x))(x * 2),
        ["jit in jit"] = Jit(x => Jit(y => y * jnp.Exp(-y))(x) + x),
        ["checkpoint"] = Checkpoint(x => jnp.Sin(jnp.Sin(x) * x)),
        ["checkpoint of dots"] = Checkpoint(
            x => jnp.Tanh(jnp.MatMul(Matrix, jnp.Tanh(jnp.MatMul(Matrix, x)))),
            CheckpointPolicy.DotsSaveable
        ),
        ["checkpoint in scan"] = x => Lax.Scan((h, s) => (Checkpoint(y => jnp.Sin(y * s))(h), null), x, Matrix).Carry,
        ["custom_jvp"] = x => Swish(x) + Vmap(Swish)(2 * x),
        ["custom_jvp in scan"] = x => Lax.Scan((h, s) => (Swish(h + s), null), x, Matrix).Carry,
        ["custom_root"] = a =>
            Vmap(a =>
                Lax.CustomRoot(
                    x => x * x * x + x - a,
                    a,
                    (g, x) => Lax.ForiLoop(0, 30, (_, x) => x - g(x) / Grad(g)(x), x),
                    (g, y) => y / g(1.0)
                )
            )(a),
        ["custom_linear_solve"] = x =>
            Lax.CustomLinearSolve(
                y => jnp.MatMul(Matrix * 0.3, y) + (2 + x * x) * y,
                jnp.Cos(x),
                (a, b) => Lax.ForiLoop(0, 60, (_, y) => y + (b - a(y)) / (2 + x * x), b),
                (a, b) => Lax.ForiLoop(0, 90, (_, y) => y + 0.3 * (b - a(y)), b)
            ),
        ["custom_linear_solve of a symmetric matrix"] = x =>
            Vmap(
                (scale, b) =>
                    Lax.CustomLinearSolve(
                        y => (y.Item1 * scale + y.Item2, y.Item1 + 3 * y.Item2),
                        (b, scale),
                        (a, b) =>
                            Lax.ForiLoop(
                                0,
                                80,
                                (_, y) =>
                                {
                                    var (first, second) = a(y);
                                    return (y.Item1 + 0.3 * (b.Item1 - first), y.Item2 + 0.3 * (b.Item2 - second));
                                },
                                b
                            ),
                        symmetric: true
                    ).Item1,
                inAxes: (0, null)
            )(2 + x * x, x[1]),
        ["collectives"] = x =>
            Vmap(
                y =>
                    y * Lax.PSum(jnp.Sin(y), "i")
                    + jnp.Sum(Lax.AllGather(y * y, "i"))
                    + Lax.PPermute(y, "i", [(0, 1), (2, 0)]),
                axisName: "i"
            )(x),
        ["all_to_all"] = x =>
            jnp.Sum(Vmap(r => Lax.AllToAll(r * x, "i", 0, 0) * Lax.PSumScatter(r * r, "i"), axisName: "i")(Matrix), 0),
        ["vectorize"] = x => jnp.Vectorize((m, v) => jnp.Sin(jnp.MatMul(m, v)), "(n,m),(m)->(n)")(Matrix, x),
        ["vmap"] = x => Vmap((a, b) => jnp.Sum(a * jnp.Sin(b)), inAxes: (1, null))(Matrix, x),
        ["jacobian"] = x => jnp.Sum(JacFwd(y => jnp.Sin(y) * jnp.Sum(y))(x), 0),
        ["vjp"] = x => Vjp(y => jnp.Sin(y) * y[0], x).Vjp(x),
        ["linearize"] = x => Linearize(y => jnp.Sin(y) * y[0], x).Jvp(jnp.Cos(x)),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    private static NDArray Point => jnp.Array(new[] { 0.3, 0.7, -0.4 });

    private static NDArray Direction => jnp.Array(new[] { 0.5, -0.2, 0.9 });

    [Theory]
    [MemberData(nameof(Names))]
    public void DerivativesAreLimitsOfDifferences(string name)
    {
        using var scope = JaxConfig.X64();
        var f = Functions[name];
        AssertClose(Difference(f, Point), Jvp(f, Point, Direction).Tangents, 1e-7, "jvp");
        AssertClose(Difference(f, Point), Linearize(f, Point).Jvp(Direction), 1e-7, "linearize");
        AssertClose(Difference(f, Point), Jit(x => Jvp(f, x, Direction).Tangents)(Point), 1e-7, "jit of jvp");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ReverseModeIsTheTransposeOfForwardMode(string name)
    {
        using var scope = JaxConfig.X64();
        var f = Functions[name];
        var cotangent = jnp.Cos(Direction);
        double forward = (double)jnp.Sum(cotangent * Jvp(f, Point, Direction).Tangents);
        Assert.Equal(forward, (double)jnp.Sum(Direction * Vjp(f, Point).Vjp(cotangent)), 10);
        Assert.Equal(forward, (double)jnp.Sum(Direction * Jit(x => Vjp(f, x).Vjp(cotangent))(Point)), 10);
        Assert.Equal(forward, (double)jnp.Sum(Direction * Vjp(Jit(f), Point).Vjp(cotangent)), 10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SecondDerivativesAreLimitsOfDifferences(string name)
    {
        using var scope = JaxConfig.X64();
        var f = Functions[name];
        var gradient = Grad(x => jnp.Sum(jnp.Sin(f(x))));
        var expected = Difference(gradient, Point);
        AssertClose(expected, Jvp(gradient, Point, Direction).Tangents, 1e-6, "jvp of grad");
        AssertClose(expected, Grad(x => jnp.Sum(gradient(x) * Direction))(Point), 1e-6, "grad of grad");
        AssertClose(expected, Jit(Grad(x => jnp.Sum(gradient(x) * Direction)))(Point), 1e-6, "jit of grad of grad");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MappingIsStacking(string name)
    {
        using var scope = JaxConfig.X64();
        var f = Functions[name];
        var gradient = Grad(x => jnp.Sum(f(x) * Direction));
        NDArray[] points = [Point, -Point, Point * 0.1 + 0.6];
        var stack = jnp.Stack(points);
        AssertClose(jnp.Stack([.. points.Select(f)]), Vmap(f)(stack), 1e-12, "vmap");
        AssertClose(
            jnp.Stack([.. points.Select(f)], 1),
            Vmap(f, inAxes: 1, outAxes: 1)(stack.T),
            1e-12,
            "vmap on axis 1"
        );
        AssertClose(jnp.Stack([.. points.Select(f)]), Jit(Vmap(Jit(f)))(stack), 1e-12, "jit of vmap of jit");
        AssertClose(jnp.Stack([.. points.Select(gradient)]), Vmap(gradient)(stack), 1e-10, "vmap of grad");
        AssertClose(
            jnp.Stack([.. points.Select(gradient)]),
            Grad(s => jnp.Sum(Vmap(f)(s) * Direction))(stack),
            1e-10,
            "grad of vmap"
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CompilingChangesNothing(string name)
    {
        var f = Functions[name];
        var x = Point;
        AssertClose(f(x), Jit(f)(x), 1e-5, "jit");
        Assert.Equal(EvalShape(f, x).Shape, f(x).Shape);
    }

    private static NDArray Difference(Func<NDArray, NDArray> f, NDArray x) =>
        (f(x + Direction * 1e-6) - f(x - Direction * 1e-6)) / 2e-6;

    private static void AssertClose(NDArray expected, NDArray got, double tolerance, string what)
    {
        Assert.Equal(expected.Shape, got.Shape);
        double error = (double)jnp.Max(jnp.Abs(expected - got));
        Assert.True(
            error <= tolerance * (1 + (double)jnp.Max(jnp.Abs(expected))),
            $"{what}: {expected} expected, {got} got"
        );
    }
}
