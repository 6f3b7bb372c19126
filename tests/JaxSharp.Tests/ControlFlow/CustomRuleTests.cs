using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.ControlFlow;

/// <summary>Derivative rules that use arrays from outside, in functions inside of loops, branches and programs.</summary>
public sealed class CustomRuleTests
{
    private static readonly NDArray Scale = jnp.Array([0.5f, -1f, 2f]);

    private static readonly Func<NDArray, NDArray> Plain = x => jnp.Sin(x) * Scale;

    private static readonly Func<NDArray, NDArray> WithJvp = CustomJvp(
        Plain,
        (x, dx) => (jnp.Sin(x) * Scale, dx * jnp.Cos(x) * Scale)
    );

    private static readonly Func<NDArray, NDArray> WithVjp = CustomVjp(
        Plain,
        x => (jnp.Sin(x) * Scale, jnp.Cos(x)),
        (NDArray cos, NDArray ct) => ct * cos * Scale
    );

    private static readonly Dictionary<string, Func<Func<NDArray, NDArray>, Func<NDArray, NDArray>>> Wrappers = new()
    {
        ["scan"] = f => x => Lax.Scan((h, y) => (f(h) + y, h), x, jnp.Ones((4, 3))).Carry,
        ["cond"] = f => x => Lax.Cond(jnp.Sum(x) > 0, y => f(y), y => y, x),
        ["while"] = f => x => Lax.WhileLoop(y => jnp.Sum(y) < 5, y => f(y) + 1.5, x, maxSteps: 4),
        ["checkpoint"] = f => x => Checkpoint(f)(x),
        ["jit"] = f => x => Jit(f)(x),
        ["scan of checkpoint"] = f => x => Lax.Scan((h, y) => (Checkpoint(f)(h) + y, h), x, jnp.Ones((2, 3))).Carry,
        ["jit of cond"] = f => Jit((NDArray x) => Lax.Cond(jnp.Sum(x) > 0, y => f(f(y)), y => y, x)),
    };

    public static TheoryData<string> Names => [.. Wrappers.Keys];

    // Compiled operations are found again by what they compute, not by rules, which are new in each call.
    [Fact]
    public void EvaluationKeepsNoRule()
    {
        var captured = new List<WeakReference>();
        foreach (var wrap in Wrappers.Values.Append(f => f))
        {
            captured.Add(CallWithJvp(wrap));
            captured.Add(CallWithVjp(wrap));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.DoesNotContain(captured, reference => reference.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CallWithJvp(Func<Func<NDArray, NDArray>, Func<NDArray, NDArray>> wrap)
    {
        var captured = new object();
        var f = CustomJvp(
            (NDArray x) => jnp.Sin(x),
            (x, dx) =>
            {
                GC.KeepAlive(captured);
                return (jnp.Sin(x), dx * jnp.Cos(x));
            }
        );
        wrap(f)(jnp.Zeros(3));
        return new WeakReference(captured);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference CallWithVjp(Func<Func<NDArray, NDArray>, Func<NDArray, NDArray>> wrap)
    {
        var captured = new object();
        var f = CustomVjp(
            (NDArray x) => jnp.Sin(x),
            x =>
            {
                GC.KeepAlive(captured);
                return (jnp.Sin(x), jnp.Cos(x));
            },
            (NDArray cos, NDArray ct) => ct * cos
        );
        wrap(f)(jnp.Zeros(3));
        return new WeakReference(captured);
    }

    // The rules are new at each call; what runs is not, and is found again.
    [Theory]
    [InlineData("scan")]
    [InlineData("cond")]
    [InlineData("while")]
    [InlineData("checkpoint")]
    [InlineData("scan of checkpoint")]
    public void ASecondCallRunsWhatTheFirstCompiled(string name)
    {
        foreach (var function in new[] { WithJvp, WithVjp })
        {
            var (first, second) = (Outermost(function), Outermost(function));
            Assert.NotEqual(first, second);
            Assert.Equal(first.Evaluated, second.Evaluated);
            Assert.Equal(first.Evaluated.GetHashCode(), second.Evaluated.GetHashCode());
        }

        // Functions that differ in what they capture stay apart.
        Assert.NotEqual(Outermost(Times(2)).Evaluated, Outermost(Times(3)).Evaluated);

        Primitive Outermost(Func<NDArray, NDArray> f) =>
            MakeJaxpr(Wrappers[name](f))(jnp.Ones(3)).Jaxpr.Equations.Last(Holds).Primitive;

        static bool Holds(Equation equation) => equation.Primitive.Name is "scan" or "cond" or "while" or "remat2";

        static Func<NDArray, NDArray> Times(int factor) =>
            CustomJvp((NDArray x) => x * factor, (x, dx) => (x * factor, dx * factor));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RulesMayUseArraysFromOutside(string name)
    {
        var wrap = Wrappers[name];
        NDArray x = jnp.Array([1f, 2f, 0.5f]);
        NDArray xs = jnp.Stack([x, -x, x * 2]);
        Func<NDArray, NDArray> Slope(Func<NDArray, NDArray> f) => Grad((NDArray z) => jnp.Sum(jnp.Square(wrap(f)(z))));
        foreach (var function in new[] { WithJvp, WithVjp })
        {
            AssertClose(Slope(Plain)(x), Slope(function)(x));
            AssertClose(Slope(Plain)(x), Jit(Slope(function))(x));
            AssertClose(Vmap(Slope(Plain))(xs), Vmap(Slope(function))(xs));
        }

        AssertClose(JacFwd(wrap(Plain))(x), JacFwd(wrap(WithJvp))(x));
        AssertClose(JacFwd(Slope(Plain))(x), JacFwd(Slope(WithJvp))(x));
        AssertClose(JacRev(Slope(Plain))(x), JacRev(Slope(WithJvp))(x));
    }

    [Fact]
    public void CapturedArraysAreLiteralsThatReadBack()
    {
        var slope = Grad((NDArray x) => jnp.Sum(Checkpoint(WithJvp)(x)));
        string text = MakeJaxpr(slope)(jnp.Zeros(3)).ToString();
        Assert.Contains("[0.5,-1.0,2.0]:f32[3]", text, StringComparison.Ordinal);
        Assert.Equal(text, JaxprParser.Parse(text).ToString());
    }

    [Fact]
    public void TracedValuesFromOutsideAreRefusedWithAWayOut()
    {
        NDArray Outer(NDArray w)
        {
            var f = CustomJvp((NDArray x) => x * 2, (x, dx) => (x * 2, dx * w));
            return Jvp((NDArray x) => Lax.Cond(x > 0, y => f(y), y => y, x), 1.0, 1.0).Tangents;
        }

        var error = Assert.Throws<LeakedTracerException>(() => Jit(Outer)(jnp.Array(3f)));
        Assert.Contains("Make it an argument", error.Message, StringComparison.Ordinal);
    }

    private static void AssertClose(NDArray expected, NDArray got) =>
        Assert.True((bool)jnp.AllClose(expected, got, rtol: 1e-4, atol: 1e-5), $"expected {expected}, got {got}");
}
