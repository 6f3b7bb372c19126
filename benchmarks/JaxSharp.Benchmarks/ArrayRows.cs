using System;
using System.Collections.Generic;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>Work on large arrays that memory limits, or nearly so.</summary>
internal static class ArrayRows
{
    private const int Many = 10_000_000;
    private const double Rectangle = 4096 * 1024;

    public static IEnumerable<Benchmark> Rows =>
        [
            new("chain 1e7", 20e-3, () => Call(Chain, Many)) { Bytes = 8.0 * Many },
            new("x+1 1e7", 0, () => Call(x => x + 1, Many)) { Bytes = 8.0 * Many },
            new("sum 1e7", 0, () => Call(x => jnp.Sum(x), Many)) { Bytes = 4.0 * Many },
            new("softmax 4096x1024", 1.7e-3, () => Call(x => Nn.Softmax(x), 4096, 1024)) { Bytes = 8 * Rectangle },
            new("layer norm 4096x1024", 1.7e-3, () => Call(LayerNorm, 4096, 1024)) { Bytes = 8 * Rectangle },
            new("transpose 4096x1024", 2.2e-3, () => Call(x => Materialized(x.T), 4096, 1024))
            {
                Bytes = 8 * Rectangle,
            },
            new("sort rows 4096x1024", 60e-3, () => Call(x => jnp.Sort(x), 4096, 1024)),
            new("cumsum rows 4096x1024", 1.8e-3, () => Call(x => jnp.CumSum(x, axis: 1), 4096, 1024))
            {
                Bytes = 8 * Rectangle,
            },
            new("random normal 1e7", 25e-3, RandomNormal) { Bytes = 4.0 * Many },
        ];

    private static NDArray Chain(NDArray x) => jnp.Tanh(2 * x + 1) * jnp.Exp(-x * x) + Nn.Sigmoid(x);

    private static NDArray LayerNorm(NDArray x)
    {
        var mean = jnp.Mean(x, axis: 1, keepDims: true);
        var centred = x - mean;
        return centred * Lax.Rsqrt(jnp.Mean(centred * centred, axis: 1, keepDims: true) + 1e-5f);
    }

    // A result of its own, with the elements in their new order.
    private static NDArray Materialized(NDArray x) => x + 0;

    private static Workload RandomNormal()
    {
        var f = Jit((NDArray key) => JaxRandom.Normal(key, Many));
        var key = JaxRandom.PRNGKey(0);
        return Workload.Of([], () => f(key));
    }

    private static Workload Call(Func<NDArray, NDArray> function, params int[] shape)
    {
        var x = Sample.Normal(shape);
        var f = Jit(function);
        return Workload.Of([x], () => f(x));
    }
}
