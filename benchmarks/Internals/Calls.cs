using System;
using BenchmarkDotNet.Attributes;
using JaxSharp.Compiler.Runtime;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Internals;

/// <summary>What a call costs beside the work on the elements.</summary>
public class Calls
{
    private static readonly Func<NDArray, NDArray> Compiled = Jit((NDArray x) => x * 2 + 1);

    private readonly NDArray x = jnp.Arange(8.0);
    private readonly NDArray y = jnp.Ones(8);

    [Benchmark]
    public NDArray JittedCall() => Compiled(x);

    [Benchmark]
    public NDArray EagerMultiply() => x * y;

    [Benchmark]
    public NDArray EagerGrad() => Grad((NDArray t) => jnp.Sum(jnp.Tanh(t)))(x);

    [Benchmark]
    public object Trace() => MakeJaxpr((NDArray t) => jnp.Sum(jnp.Tanh(t * 2 + 1)))(x);

    [Benchmark]
    public object TraceGradient() => MakeJaxpr(Grad((NDArray t) => jnp.Sum(jnp.Tanh(t * 2 + 1))))(x);

    /// <summary>Starting and awaiting the threads of the pool, which have nothing to do.</summary>
    [Benchmark]
    public void StartThreads() => WorkerPool.Run(WorkerPool.Threads, 0, static (_, _) => { });
}
