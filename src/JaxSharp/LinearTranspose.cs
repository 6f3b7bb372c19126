using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// The transpose of a function that is linear in its arguments, whose values do not matter: from cotangents of the result to
    /// cotangents of the arguments.
    /// </summary>
    /// <exception cref="DifferentiationException">The function is not linear.</exception>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> LinearTranspose(Func<NDArray, NDArray> fun, NDArray x) =>
        VjpCore.LinearTranspose<NDArray, NDArray>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="LinearTranspose(Func{NDArray, NDArray}, NDArray)"/>
    public static Func<TResult, NDArray> LinearTranspose<TResult>(Func<NDArray, TResult> fun, NDArray x) =>
        VjpCore.LinearTranspose<NDArray, TResult>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="LinearTranspose(Func{NDArray, NDArray}, NDArray)"/>
    public static Func<TResult, T> LinearTranspose<T, TResult>(Func<T, TResult> fun, T x) =>
        VjpCore.LinearTranspose<T, TResult>(a => fun(a), FunctionName.Of(fun), x);

    /// <inheritdoc cref="LinearTranspose(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, (NDArray, NDArray2)> LinearTranspose(
        Func<NDArray, NDArray2, NDArray> fun,
        NDArray x1,
        NDArray2 x2
    ) =>
        VjpCore.LinearTranspose<(NDArray, NDArray2), NDArray>(
            a => fun(a.Item1, a.Item2),
            FunctionName.Of(fun),
            (x1, x2)
        );

    /// <inheritdoc cref="LinearTranspose(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<TResult, (NDArray, NDArray2)> LinearTranspose<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        NDArray x1,
        NDArray2 x2
    ) =>
        VjpCore.LinearTranspose<(NDArray, NDArray2), TResult>(
            a => fun(a.Item1, a.Item2),
            FunctionName.Of(fun),
            (x1, x2)
        );

    /// <inheritdoc cref="LinearTranspose(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static Func<TResult, (T1, T2)> LinearTranspose<T1, T2, TResult>(Func<T1, T2, TResult> fun, T1 x1, T2 x2) =>
        VjpCore.LinearTranspose<(T1, T2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), (x1, x2));
}
