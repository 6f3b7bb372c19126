using System;
using System.Runtime.CompilerServices;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// Tells what a compiled function does: its kernels after fusion, each with its operations, bytes, the time it would take at the
    /// limits of this machine, the time it took, and what limits it. The function is called again and again for about a second;
    /// one that is not compiled yet is compiled by <c>Jit</c>. Donated arguments stay usable.
    /// </summary>
    /// <example><code>
    /// var explanation = Explain(x => jnp.Sum(jnp.Exp(x) * 2), jnp.Ones(1000));
    /// explanation.Kernels[0].Name; // => exp mul reduce_sum -> f32[]
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Explanation Explain(Func<NDArray, NDArray> fun, NDArray x) =>
        Explanation.Of(fun, f => Jit(f), f => f(x));

    /// <inheritdoc cref="Explain(Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static Explanation Explain<TResult>(Func<NDArray, TResult> fun, NDArray x) =>
        Explanation.Of(fun, f => Jit(f), f => f(x));

    /// <inheritdoc cref="Explain(Func{NDArray, NDArray}, NDArray)"/>
    public static Explanation Explain<T, TResult>(Func<T, TResult> fun, T x) =>
        Explanation.Of(fun, f => Jit(f), f => f(x));

    /// <inheritdoc cref="Explain(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Explanation Explain(Func<NDArray, NDArray2, NDArray> fun, NDArray x1, NDArray2 x2) =>
        Explanation.Of(fun, f => Jit(f), f => f(x1, x2));

    /// <inheritdoc cref="Explain(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Explanation Explain<TResult>(Func<NDArray, NDArray2, TResult> fun, NDArray x1, NDArray2 x2) =>
        Explanation.Of(fun, f => Jit(f), f => f(x1, x2));

    /// <inheritdoc cref="Explain(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static Explanation Explain<T1, T2, TResult>(Func<T1, T2, TResult> fun, T1 x1, T2 x2) =>
        Explanation.Of(fun, f => Jit(f), f => f(x1, x2));
}
