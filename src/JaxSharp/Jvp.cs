using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// Forward mode: the result of a function and its directional derivative along the tangents. Several arguments and their
    /// tangents are given as tuples; tangents have the structure and types of the arguments.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="primals">Where to evaluate it.</param>
    /// <param name="tangents">The direction.</param>
    /// <exception cref="TreeException">The tangents have another structure.</exception>
    /// <exception cref="DifferentiationException">A tangent has another type than its argument.</exception>
    /// <example><code>var (y, dy) = Jvp(x => x * x, 3.0, 1.0); // => (9.0, 6.0)</code></example>
    [OverloadResolutionPriority(2)]
    public static (NDArray Primals, NDArray Tangents) Jvp(
        Func<NDArray, NDArray> fun,
        NDArray primals,
        NDArray tangents
    ) => JvpCore.Run<NDArray, NDArray>(a => fun(a), FunctionName.Of(fun), primals, tangents);

    /// <inheritdoc cref="Jvp(Func{NDArray, NDArray}, NDArray, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static (TResult Primals, TResult Tangents) Jvp<TResult>(
        Func<NDArray, TResult> fun,
        NDArray primals,
        NDArray tangents
    ) => JvpCore.Run<NDArray, TResult>(a => fun(a), FunctionName.Of(fun), primals, tangents);

    /// <inheritdoc cref="Jvp(Func{NDArray, NDArray}, NDArray, NDArray)"/>
    public static (TResult Primals, TResult Tangents) Jvp<T, TResult>(Func<T, TResult> fun, T primals, T tangents) =>
        JvpCore.Run<T, TResult>(a => fun(a), FunctionName.Of(fun), primals, tangents);

    /// <inheritdoc cref="Jvp(Func{NDArray, NDArray}, NDArray, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static (NDArray Primals, NDArray Tangents) Jvp(
        Func<NDArray, NDArray2, NDArray> fun,
        (NDArray, NDArray2) primals,
        (NDArray, NDArray2) tangents
    ) => JvpCore.Run<(NDArray, NDArray2), NDArray>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), primals, tangents);

    /// <inheritdoc cref="Jvp(Func{NDArray, NDArray}, NDArray, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static (TResult Primals, TResult Tangents) Jvp<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        (NDArray, NDArray2) primals,
        (NDArray, NDArray2) tangents
    ) => JvpCore.Run<(NDArray, NDArray2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), primals, tangents);

    /// <inheritdoc cref="Jvp(Func{NDArray, NDArray}, NDArray, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static (TResult Primals, TResult Tangents) Jvp<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        (T1, T2) primals,
        (T1, T2) tangents
    ) => JvpCore.Run<(T1, T2), TResult>(a => fun(a.Item1, a.Item2), FunctionName.Of(fun), primals, tangents);

    /// <summary>Like <c>Jvp</c> for a function that returns a pair (result, auxiliary results), of which only the first is differentiated.</summary>
    public static (TResult Primals, TResult Tangents, TAux Aux) Jvp<T, TResult, TAux>(
        Func<T, (TResult, TAux)> fun,
        T primals,
        T tangents,
        bool hasAux
    )
    {
        RequireAux(hasAux, "Jvp");
        var ((value, aux), (tangent, _)) = JvpCore.Run<T, (TResult, TAux)>(
            a => fun(a),
            FunctionName.Of(fun),
            primals,
            tangents
        );
        return (value, tangent, aux);
    }

    /// <summary>Like <c>Jvp</c> for a function that returns a pair (result, auxiliary results), of which only the first is differentiated.</summary>
    [RepeatForArities(3, 6)]
    public static (TResult Primals, TResult Tangents, TAux Aux) Jvp<T1, T2, TResult, TAux>(
        Func<T1, T2, (TResult, TAux)> fun,
        (T1, T2) primals,
        (T1, T2) tangents,
        bool hasAux
    )
    {
        RequireAux(hasAux, "Jvp");
        var ((value, aux), (tangent, _)) = JvpCore.Run<(T1, T2), (TResult, TAux)>(
            a => fun(a.Item1, a.Item2),
            FunctionName.Of(fun),
            primals,
            tangents
        );
        return (value, tangent, aux);
    }
}
