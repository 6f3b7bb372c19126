using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>
    /// One of two functions applied to the operand, chosen by a scalar: both are traced, only the chosen one runs. Under <c>Vmap</c> with
    /// a predicate that differs between slices both run and the results are chosen.
    /// </summary>
    /// <param name="pred">A scalar: bool, or a number that counts as true unless it is zero.</param>
    /// <param name="trueFun">Applied if the predicate holds.</param>
    /// <param name="falseFun">Applied if it does not; returns the same structure, shapes and element types.</param>
    /// <param name="operand">What the functions take: an array or a tree of arrays.</param>
    /// <exception cref="TreeException">The functions return different structures.</exception>
    /// <exception cref="ShapeException">The functions return different shapes, or the predicate is no scalar.</exception>
    /// <exception cref="DTypeException">The functions return different element types.</exception>
    /// <example><code>
    /// NDArray x = -3.0;
    /// Lax.Cond(x &gt; 0, x => x * 2, x => -x, x); // => 3.0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray Cond(
        NDArray pred,
        Func<NDArray, NDArray> trueFun,
        Func<NDArray, NDArray> falseFun,
        NDArray operand
    ) => Cond<NDArray, NDArray>(pred, trueFun, falseFun, operand);

    /// <summary>
    /// One of several functions applied to the operand, chosen by a number, which is clamped into range.
    /// </summary>
    /// <param name="index">An integer scalar.</param>
    /// <param name="branches">The functions, which return the same structure, shapes and element types.</param>
    /// <param name="operand">What the functions take: an array or a tree of arrays.</param>
    /// <exception cref="TreeException">The functions return different structures.</exception>
    /// <exception cref="ShapeException">The functions return different shapes, or the index is no scalar.</exception>
    /// <exception cref="DTypeException">The functions return different element types.</exception>
    /// <example><code>Lax.Switch(1, [x => x, x => x * x, x => -x], 3.0); // => 9.0</code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray Switch(NDArray index, IReadOnlyList<Func<NDArray, NDArray>> branches, NDArray operand) =>
        Switch<NDArray, NDArray>(index, branches, operand);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Cond<TResult>(
        NDArray pred,
        Func<NDArray, TResult> trueFun,
        Func<NDArray, TResult> falseFun,
        NDArray operand
    ) => Cond<NDArray, TResult>(pred, trueFun, falseFun, operand);

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Switch<TResult>(
        NDArray index,
        IReadOnlyList<Func<NDArray, TResult>> branches,
        NDArray operand
    ) => Switch<NDArray, TResult>(index, branches, operand);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Cond<T, TResult>(
        NDArray pred,
        Func<T, TResult> trueFun,
        Func<T, TResult> falseFun,
        T operand
    ) =>
        LoopFunctions.Switch<T, TResult>(
            "Lax.Cond",
            LoopFunctions.Predicate(pred, trueFun, falseFun),
            [falseFun, trueFun],
            operand
        );

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    public static TResult Switch<T, TResult>(NDArray index, IReadOnlyList<Func<T, TResult>> branches, T operand) =>
        LoopFunctions.Switch<T, TResult>("Lax.Switch", index, branches, operand);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Cond(NDArray pred, Func<NDArray> trueFun, Func<NDArray> falseFun) =>
        Cond<NDArray>(pred, trueFun, falseFun);

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Switch(NDArray index, IReadOnlyList<Func<NDArray>> branches) =>
        Switch<NDArray>(index, branches);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Cond<TResult>(NDArray pred, Func<TResult> trueFun, Func<TResult> falseFun) =>
        LoopFunctions.Switch<ValueTuple, TResult>(
            "Lax.Cond",
            LoopFunctions.Predicate(pred, trueFun, falseFun),
            [_ => falseFun(), _ => trueFun()],
            default
        );

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Switch<TResult>(NDArray index, IReadOnlyList<Func<TResult>> branches) =>
        LoopFunctions.Switch<ValueTuple, TResult>(
            "Lax.Switch",
            index,
            [.. Argument.AllGiven(branches).Select(f => (Func<ValueTuple, TResult>)(_ => f()))],
            default
        );

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Cond(
        NDArray pred,
        Func<NDArray, NDArray, NDArray> trueFun,
        Func<NDArray, NDArray, NDArray> falseFun,
        NDArray operand1,
        NDArray operand2
    ) => Cond<NDArray, NDArray, NDArray>(pred, trueFun, falseFun, operand1, operand2);

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Switch(
        NDArray index,
        IReadOnlyList<Func<NDArray, NDArray, NDArray>> branches,
        NDArray operand1,
        NDArray operand2
    ) => Switch<NDArray, NDArray, NDArray>(index, branches, operand1, operand2);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Cond<TResult>(
        NDArray pred,
        Func<NDArray, NDArray, TResult> trueFun,
        Func<NDArray, NDArray, TResult> falseFun,
        NDArray operand1,
        NDArray operand2
    ) => Cond<NDArray, NDArray, TResult>(pred, trueFun, falseFun, operand1, operand2);

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Switch<TResult>(
        NDArray index,
        IReadOnlyList<Func<NDArray, NDArray, TResult>> branches,
        NDArray operand1,
        NDArray operand2
    ) => Switch<NDArray, NDArray, TResult>(index, branches, operand1, operand2);

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Cond<T1, T2, TResult>(
        NDArray pred,
        Func<T1, T2, TResult> trueFun,
        Func<T1, T2, TResult> falseFun,
        T1 operand1,
        T2 operand2
    ) =>
        LoopFunctions.Switch<(T1, T2), TResult>(
            "Lax.Cond",
            LoopFunctions.Predicate(pred, trueFun, falseFun),
            [a => falseFun(a.Item1, a.Item2), a => trueFun(a.Item1, a.Item2)],
            (operand1, operand2)
        );

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    public static TResult Switch<T1, T2, TResult>(
        NDArray index,
        IReadOnlyList<Func<T1, T2, TResult>> branches,
        T1 operand1,
        T2 operand2
    ) =>
        LoopFunctions.Switch<(T1, T2), TResult>(
            "Lax.Switch",
            index,
            [.. Argument.AllGiven(branches).Select(f => (Func<(T1, T2), TResult>)(a => f(a.Item1, a.Item2)))],
            (operand1, operand2)
        );

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Cond(
        NDArray pred,
        Func<NDArray, NDArray, NDArray, NDArray> trueFun,
        Func<NDArray, NDArray, NDArray, NDArray> falseFun,
        NDArray operand1,
        NDArray operand2,
        NDArray operand3
    ) =>
        LoopFunctions.Switch<(NDArray, NDArray, NDArray), NDArray>(
            "Lax.Cond",
            LoopFunctions.Predicate(pred, trueFun, falseFun),
            [a => falseFun(a.Item1, a.Item2, a.Item3), a => trueFun(a.Item1, a.Item2, a.Item3)],
            (operand1, operand2, operand3)
        );

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(2)]
    public static NDArray Switch(
        NDArray index,
        IReadOnlyList<Func<NDArray, NDArray, NDArray, NDArray>> branches,
        NDArray operand1,
        NDArray operand2,
        NDArray operand3
    ) =>
        LoopFunctions.Switch<(NDArray, NDArray, NDArray), NDArray>(
            "Lax.Switch",
            index,
            [
                .. Argument
                    .AllGiven(branches)
                    .Select(f => (Func<(NDArray, NDArray, NDArray), NDArray>)(a => f(a.Item1, a.Item2, a.Item3))),
            ],
            (operand1, operand2, operand3)
        );

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Cond<TResult>(
        NDArray pred,
        Func<NDArray, NDArray, NDArray, TResult> trueFun,
        Func<NDArray, NDArray, NDArray, TResult> falseFun,
        NDArray operand1,
        NDArray operand2,
        NDArray operand3
    ) =>
        LoopFunctions.Switch<(NDArray, NDArray, NDArray), TResult>(
            "Lax.Cond",
            LoopFunctions.Predicate(pred, trueFun, falseFun),
            [a => falseFun(a.Item1, a.Item2, a.Item3), a => trueFun(a.Item1, a.Item2, a.Item3)],
            (operand1, operand2, operand3)
        );

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static TResult Switch<TResult>(
        NDArray index,
        IReadOnlyList<Func<NDArray, NDArray, NDArray, TResult>> branches,
        NDArray operand1,
        NDArray operand2,
        NDArray operand3
    ) =>
        LoopFunctions.Switch<(NDArray, NDArray, NDArray), TResult>(
            "Lax.Switch",
            index,
            [
                .. Argument
                    .AllGiven(branches)
                    .Select(f => (Func<(NDArray, NDArray, NDArray), TResult>)(a => f(a.Item1, a.Item2, a.Item3))),
            ],
            (operand1, operand2, operand3)
        );

    /// <inheritdoc cref="Cond(NDArray, Func{NDArray, NDArray}, Func{NDArray, NDArray}, NDArray)"/>
    public static TResult Cond<T1, T2, T3, TResult>(
        NDArray pred,
        Func<T1, T2, T3, TResult> trueFun,
        Func<T1, T2, T3, TResult> falseFun,
        T1 operand1,
        T2 operand2,
        T3 operand3
    ) =>
        LoopFunctions.Switch<(T1, T2, T3), TResult>(
            "Lax.Cond",
            LoopFunctions.Predicate(pred, trueFun, falseFun),
            [a => falseFun(a.Item1, a.Item2, a.Item3), a => trueFun(a.Item1, a.Item2, a.Item3)],
            (operand1, operand2, operand3)
        );

    /// <inheritdoc cref="Switch(NDArray, IReadOnlyList{Func{NDArray, NDArray}}, NDArray)"/>
    public static TResult Switch<T1, T2, T3, TResult>(
        NDArray index,
        IReadOnlyList<Func<T1, T2, T3, TResult>> branches,
        T1 operand1,
        T2 operand2,
        T3 operand3
    ) =>
        LoopFunctions.Switch<(T1, T2, T3), TResult>(
            "Lax.Switch",
            index,
            [
                .. Argument
                    .AllGiven(branches)
                    .Select(f => (Func<(T1, T2, T3), TResult>)(a => f(a.Item1, a.Item2, a.Item3))),
            ],
            (operand1, operand2, operand3)
        );
}
