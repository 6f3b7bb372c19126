using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// The program that a function stands for, as a function of arguments whose values do not matter. It prints in JAX's notation.
    /// </summary>
    /// <example><code>
    /// Console.WriteLine(MakeJaxpr(x => jnp.Sin(x) * 2)(1.0)); // => { lambda ; a:f32[]. let
    /// //        b:f32[] = sin a
    /// //        c:f32[] = mul b 2.0:f32[]
    /// //      in (c,) }
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, ClosedJaxpr> MakeJaxpr(Func<NDArray, NDArray> fun)
    {
        string name = FunctionName.Of(fun);
        return (x) => StagingCore.MakeJaxpr<NDArray, NDArray>(a => fun(a), name, x);
    }

    /// <inheritdoc cref="MakeJaxpr(Func{NDArray, NDArray})"/>
    public static Func<NDArray, ClosedJaxpr> MakeJaxpr<TResult>(Func<NDArray, TResult> fun)
    {
        string name = FunctionName.Of(fun);
        return (x) => StagingCore.MakeJaxpr<NDArray, TResult>(a => fun(a), name, x);
    }

    /// <inheritdoc cref="MakeJaxpr(Func{NDArray, NDArray})"/>
    public static Func<T, ClosedJaxpr> MakeJaxpr<T, TResult>(Func<T, TResult> fun)
    {
        string name = FunctionName.Of(fun);
        return (x) => StagingCore.MakeJaxpr<T, TResult>(a => fun(a), name, x);
    }

    /// <inheritdoc cref="MakeJaxpr(Func{NDArray, NDArray})"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, ClosedJaxpr> MakeJaxpr(Func<NDArray, NDArray2, NDArray> fun)
    {
        string name = FunctionName.Of(fun);
        return (x1, x2) =>
            StagingCore.MakeJaxpr<(NDArray, NDArray2), NDArray>(a => fun(a.Item1, a.Item2), name, (x1, x2));
    }

    /// <inheritdoc cref="MakeJaxpr(Func{NDArray, NDArray})"/>
    [RepeatForArities(3, 6)]
    public static Func<NDArray, NDArray2, ClosedJaxpr> MakeJaxpr<TResult>(Func<NDArray, NDArray2, TResult> fun)
    {
        string name = FunctionName.Of(fun);
        return (x1, x2) =>
            StagingCore.MakeJaxpr<(NDArray, NDArray2), TResult>(a => fun(a.Item1, a.Item2), name, (x1, x2));
    }

    /// <inheritdoc cref="MakeJaxpr(Func{NDArray, NDArray})"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, ClosedJaxpr> MakeJaxpr<T1, T2, TResult>(Func<T1, T2, TResult> fun)
    {
        string name = FunctionName.Of(fun);
        return (x1, x2) => StagingCore.MakeJaxpr<(T1, T2), TResult>(a => fun(a.Item1, a.Item2), name, (x1, x2));
    }
}
