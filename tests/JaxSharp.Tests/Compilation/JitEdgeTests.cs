using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using JaxSharp.TestKit;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Compilation;

/// <summary>Compiled functions in unusual places: many threads, deep nests, static arguments of any kind, donated arrays.</summary>
public class JitEdgeTests
{
    [Fact]
    public void EightThreadsShareOneFunction()
    {
        var function = Jit((NDArray x, NDArray y) => jnp.Sum(jnp.Tanh(jnp.MatMul(x, y)), axis: 0));
        var gradient = Jit(Grad((NDArray x) => jnp.Sum(function(x, x.T))));
        var inputs = Enumerable
            .Range(2, 6)
            .Select(n => jnp.Arange(n * 3).AsType(DType.F32).Reshape((n, 3)) / 10)
            .ToArray();
        double[][] expected = [.. inputs.Select(Both)];
        function = Jit((NDArray x, NDArray y) => jnp.Sum(jnp.Tanh(jnp.MatMul(x, y)), axis: 0));
        var errors = new List<Exception>();
        using var start = new Barrier(8);
        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() => Work(t))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(errors);

        double[] Both(NDArray x) => [.. HostArray.ReadReal(function(x, x.T)), .. HostArray.ReadReal(gradient(x))];

        void Work(int t)
        {
            try
            {
                start.SignalAndWait();
                for (int i = 0; i < 60; i++)
                {
                    int at = (i + t) % inputs.Length;
                    Assert.Equal(expected[at], Both(inputs[at]));
                }
            }
            catch (Exception e)
            {
                lock (errors)
                {
                    errors.Add(e);
                }
            }
        }
    }

    [Fact]
    public void NestsOfFiftyCompiledFunctions()
    {
        Func<NDArray, NDArray> function = x => x + 1;
        for (int i = 0; i < 50; i++)
        {
            var inner = function;
            function = Jit((NDArray x) => inner(x) * 1.0f + 1);
        }

        Assert.Equal(51.0, (double)function(0.0f));
        Assert.Equal(1.0, (double)Grad(function)(0.0f));
        Assert.Equal([51.0, 52.0], HostArray.ReadReal(Vmap(function)(jnp.Array([0.0f, 1.0f]))));
    }

    [Fact]
    public void ClosuresAsStaticArgumentsTraceOnceEach()
    {
        int traces = 0;
        NDArray Apply(NDArray x, Func<NDArray, NDArray> f)
        {
            traces++;
            return f(x);
        }

        var function = Jit<NDArray, Func<NDArray, NDArray>, NDArray>(Apply, staticArgNums: 1);
        Func<NDArray, NDArray> twice = x => x * 2;
        Assert.Equal(6.0, (double)function(3.0, twice));
        Assert.Equal(8.0, (double)function(4.0, twice));
        Assert.Equal(1, traces);
        Assert.Equal(16.0, (double)function(4.0, x => x * x));
        Assert.Equal(2, traces);
    }

    [Fact]
    public void StaticArgumentsOfArraysAreRefused()
    {
        Assert.Throws<JaxArgumentException>(() => Jit((NDArray x, NDArray y) => x + y, staticArgNums: 1));
        Assert.Throws<JaxArgumentException>(() => Jit((NDArray x, List<NDArray> y) => x + y[0], staticArgNums: 1));
        Assert.Throws<JaxArgumentException>(() => Jit((NDArray x) => x, staticArgNums: 3));
    }

    [Fact]
    public void DonatedArraysAreRefusedEverywhere()
    {
        var step = Jit((NDArray w) => w * 2, donateArgNums: 0);
        NDArray given = jnp.Zeros(100_000) + 1;
        step(given);
        Assert.Throws<JaxArgumentException>(() => step(given));
        Assert.Throws<JaxArgumentException>(() => jnp.Sum(given));
        Assert.Throws<JaxArgumentException>(() => given[3]);
        Assert.Throws<JaxArgumentException>(() => given.Reshape((100, 1000)));
        Assert.Throws<JaxArgumentException>(() => Grad((NDArray x) => jnp.Sum(x * given))(jnp.Ones(100_000)));
        Assert.Throws<JaxArgumentException>(() => Jit((NDArray x) => x + given)(1.0));
        Assert.Throws<JaxArgumentException>(() => Vmap((NDArray x) => x + 1)(given));
        Assert.Throws<JaxArgumentException>(() => Lax.Scan((c, x) => (c + x, x), (NDArray)0.0f, given));
        Assert.Equal(100_000, given.Size);
    }

    [Fact]
    public void AnArrayGivenTwiceIsDonatedOnce()
    {
        var add = Jit((NDArray a, NDArray b) => a + b, donateArgNums: 0);
        NDArray x = jnp.Zeros(100_000) + 1;
        Assert.Equal(2.0, (double)add(x, x)[7]);
        var both = Jit((NDArray a, NDArray b) => a * 3 + b, donateArgNums: (0, 1));
        NDArray y = jnp.Zeros(100_000) + 1;
        Assert.Equal(4.0, (double)both(y, y)[7]);
    }
}
