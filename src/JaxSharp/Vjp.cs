using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// Reverse mode: the result of a function, and the function from cotangents of the result to cotangents of the arguments (one,
    /// or a tuple for several arguments). Trees are differentiated in all their floating-point and complex leaves.
    /// </summary>
    /// <example><code>
    /// var (y, pullback) = Vjp(x => x * x, 3.0);
    /// pullback(1.0); // => 6.0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static (NDArray Primals, Func<NDArray, NDArray> Vjp) Vjp(Func<NDArray, NDArray> fun, NDArray x) =>
        VjpCore.Run<NDArray, NDArray>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="Vjp(Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static (TResult Primals, Func<TResult, NDArray> Vjp) Vjp<TResult>(Func<NDArray, TResult> fun, NDArray x) =>
        VjpCore.Run<NDArray, TResult>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="Vjp(Func{NDArray, NDArray}, NDArray)"/>
    public static (TResult Primals, Func<TResult, T> Vjp) Vjp<T, TResult>(Func<T, TResult> fun, T x) =>
        VjpCore.Run<T, TResult>(a => fun(a), FunctionName.Of(fun), x);

    /// <summary>Like <c>Vjp</c> for a function that returns a pair (result, auxiliary results), of which only the first is differentiated.</summary>
    public static (TResult Primals, Func<TResult, T> Vjp, TAux Aux) Vjp<T, TResult, TAux>(
        Func<T, (TResult, TAux)> fun,
        T x,
        bool hasAux
    )
    {
        RequireAux(hasAux, "Vjp");
        return VjpCore.RunAux<T, TResult, TAux>(a => fun(a), FunctionName.Of(fun), x);
    }

    /// <inheritdoc cref="Vjp(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static (NDArray Primals, Func<NDArray, (NDArray, NDArray2)> Vjp) Vjp(
        Func<NDArray, NDArray2, NDArray> fun,
        NDArray x1,
        NDArray2 x2
    ) => VjpCore.Run<(NDArray, NDArray2), NDArray>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));

    /// <inheritdoc cref="Vjp(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static (TResult Primals, Func<TResult, (NDArray, NDArray2)> Vjp) Vjp<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        NDArray x1,
        NDArray2 x2
    ) => VjpCore.Run<(NDArray, NDArray2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));

    /// <inheritdoc cref="Vjp(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static (TResult Primals, Func<TResult, (T1, T2)> Vjp) Vjp<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        T1 x1,
        T2 x2
    ) => VjpCore.Run<(T1, T2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));

    /// <summary>Like <c>Vjp</c> for a function that returns a pair (result, auxiliary results), of which only the first is differentiated.</summary>
    [RepeatForArities(3, 6)]
    public static (TResult Primals, Func<TResult, (T1, T2)> Vjp, TAux Aux) Vjp<T1, T2, TResult, TAux>(
        Func<T1, T2, (TResult, TAux)> fun,
        T1 x1,
        T2 x2,
        bool hasAux
    )
    {
        RequireAux(hasAux, "Vjp");
        return VjpCore.RunAux<(T1, T2), TResult, TAux>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));
    }
}
