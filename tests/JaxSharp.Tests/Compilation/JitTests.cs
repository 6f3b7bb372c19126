using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Compilation;

/// <summary>Compilation: when functions are traced, and what the cache says about it.</summary>
public sealed class JitTests
{
    [Fact]
    public void TracesOncePerTypeAndExplainsWhy()
    {
        int traces = 0;
        var f = Jit(x =>
        {
            traces++;
            return x * 2;
        });
        f(jnp.Zeros(8));
        f(jnp.Ones(8));
        f(jnp.Zeros(4));
        Assert.Equal(2, traces);
        var info = JitInfo.Of(f);
        Assert.Equal((1, 2), (info.Hits, info.Misses));
        Assert.Equal(["first call", "argument x: f32[8] → f32[4]"], info.Reasons);
    }

    [Fact]
    public void ThreadsThatCallFirstAtTheSameTimeAgree()
    {
        for (int size = 1; size <= 20; size++)
        {
            var x = jnp.Arange(size).AsType(DType.F32);
            var f = Jit((NDArray v) => jnp.CumSum(jnp.Sin(v) * 2 + 1));
            var results = new NDArray[4];
            using var start = new Barrier(results.Length);
            var threads = results
                .Select(
                    (_, i) =>
                        new Thread(() =>
                        {
                            start.SignalAndWait();
                            for (int call = 0; call < 5; call++)
                            {
                                results[i] = f(x);
                            }
                        })
                )
                .ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.All(results, y => Assert.True((bool)jnp.ArrayEqual(results[0], y)));
            var info = JitInfo.Of(f);
            Assert.Equal(20, info.Hits + info.Misses);
        }
    }

    [Fact]
    public void ManyShapesAreFoundAgain()
    {
        int traces = 0;
        var f = Jit(
            (NDArray x) =>
            {
                traces++;
                return x;
            }
        );
        for (int round = 0; round < 2; round++)
        {
            for (int size = 0; size < 300; size++)
            {
                Assert.Equal(size, f(jnp.Zeros(size)).Size);
            }
        }

        Assert.Equal(300, traces);
    }

    [Fact]
    public void TracedValuesOnAnotherThreadAreExplained()
    {
        Exception? failure = null;
        Jit(
            (NDArray x) =>
            {
                var thread = new Thread(() => failure = Record.Exception(() => x + 1));
                thread.Start();
                thread.Join();
                return x;
            }
        )(1f);
        Assert.Contains("on another thread", Assert.IsType<LeakedTracerException>(failure).Message);
    }

    [Fact]
    public void MissNamesTheLeafOfATree()
    {
        var f = Jit((Dictionary<string, NDArray> p, NDArray x) => p["w"] * x);
        f(new() { ["w"] = 1.0 }, jnp.Zeros(3));
        f(new() { ["w"] = jnp.Zeros(3) }, jnp.Zeros(3));
        Assert.Equal("argument p['w']: f32[] → f32[3]", JitInfo.Of(f).Reasons[1]);
    }

    [Fact]
    public void NumbersAreKnownWhileTracing()
    {
        var power = Jit((NDArray x, int n) => n > 2 ? jnp.Power(x, n) : x);
        Assert.Equal(8f, (float)power(2.0, 3));
        Assert.Equal(2f, (float)power(2.0, 1));
        Assert.Equal(2, JitInfo.Of(power).Misses);
    }

    [Fact]
    public void MethodGroupOfTrees()
    {
        var step = Jit(Step);
        var (w, b) = step((1.0, 2.0), 3.0);
        Assert.Equal((4f, 5f), ((float)w, (float)b));
        Assert.Equal("Step", JitInfo.Of(step).Name);
    }

    [Fact]
    public void CapturedTracersAreNotKept()
    {
        NDArray captured = 1.0;
        var f = Jit(x => x * captured);
        var g = Grad(y =>
        {
            captured = y;
            return f(3.0);
        });
        Assert.Equal(3f, (float)g(2.0));
        captured = 5.0;
        Assert.Equal(15f, (float)f(3.0));
    }

    [Fact]
    public void StaticArraysAreRefused()
    {
        var error = Assert.Throws<JaxArgumentException>(() => Jit((x, y) => x + y, staticArgNums: 1));
        Assert.Contains("argument y static", error.Message, StringComparison.Ordinal);
        Assert.Throws<JaxArgumentException>(() => Jit(x => x, staticArgNums: 3));
    }

    [Fact]
    public void ConcreteValuesOfTracersAreRefused()
    {
        var error = Assert.Throws<ConcretizationException>(() => Jit(x => (bool)(x > 0) ? x : -x)(1.0));
        Assert.Contains("inside of <lambda>, which is being traced", error.Message, StringComparison.Ordinal);
        Assert.Contains("Jnp.Where", error.Message, StringComparison.Ordinal);
        Assert.Throws<ConcretizationException>(() => Vmap(x => (float)x * x)(jnp.Zeros(3)));
    }

    [Fact]
    public void LeakedTracersAreRefused()
    {
        NDArray? leaked = null;
        Jit(x =>
        {
            leaked = x;
            return x;
        })(1.0);
        Assert.Throws<LeakedTracerException>(() => leaked! + 1);
    }

    [Fact]
    public void ControlFlowOnValuesWorksUnderGrad()
    {
        var f = Grad(x => (bool)(x > 0) ? x * x : x);
        Assert.Equal((6f, 1f), ((float)f(3.0), (float)f(-3.0)));
        Assert.Equal(3f, (float)Grad(x => x * (float)x)(3.0));
    }

    [Fact]
    public void PrintsAsJaxDoes()
    {
        Assert.Equal(
            """
            { lambda ; a:f32[]. let
                b:f32[] = sin a
                c:f32[] = mul b 2.0:f32[]
              in (c,) }
            """,
            MakeJaxpr(x => jnp.Sin(x) * 2)(1.0).ToString()
        );
    }

    private static (NDArray, NDArray) Step((NDArray W, NDArray B) p, NDArray x) => (p.W + x, p.B + x);

    [Fact]
    public void DonatedArgumentsGiveTheirMemoryBack()
    {
        var step = Jit((NDArray w, NDArray g) => w - 0.5 * g, donateArgNums: 0);
        NDArray gradient = jnp.Ones(100_000);
        NDArray first = jnp.Zeros(100_000) + 1;
        NDArray second = step(first, gradient);
        NDArray third = step(second, gradient);
        Assert.Equal(0.0, (double)third[7]);
        Assert.Equal(1.0, (double)gradient[7]);
        Assert.Contains("was donated", Assert.Throws<JaxArgumentException>(() => first + 1).Message);

        // A view of the same memory stays valid, and so does an argument that is a result.
        NDArray viewed = jnp.Zeros(100_000) + 3;
        NDArray view = viewed.Reshape((1000, 100));
        _ = step(viewed, gradient);
        Assert.Equal(3.0, (double)view[5, 5]);
        var same = Jit((NDArray x) => x, donateArgNums: 0);
        NDArray kept = jnp.Zeros(100_000) + 4;
        Assert.Equal(4.0, (double)same(kept)[9]);
    }
}
