using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// The structure, shapes and element types of what a function would return, without computing it: a tree of arrays that have a
    /// type but no values. The arguments may be such arrays too.
    /// </summary>
    /// <example><code>EvalShape(x => jnp.MatMul(x, x), jnp.Zeros((1000, 1000))).Shape; // => (1000,1000)</code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray EvalShape(Func<NDArray, NDArray> fun, NDArray x) =>
        StagingCore.EvalShape<NDArray, NDArray>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult EvalShape<TResult>(Func<NDArray, TResult> fun, NDArray x) =>
        StagingCore.EvalShape<NDArray, TResult>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    public static TResult EvalShape<T, TResult>(Func<T, TResult> fun, T x) =>
        StagingCore.EvalShape<T, TResult>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static NDArray EvalShape(Func<NDArray, NDArray2, NDArray> fun, NDArray x1, NDArray2 x2) =>
        StagingCore.EvalShape<(NDArray, NDArray2), NDArray>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static TResult EvalShape<TResult>(Func<NDArray, NDArray2, TResult> fun, NDArray x1, NDArray2 x2) =>
        StagingCore.EvalShape<(NDArray, NDArray2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static TResult EvalShape<T1, T2, TResult>(Func<T1, T2, TResult> fun, T1 x1, T2 x2) =>
        StagingCore.EvalShape<(T1, T2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));
}
