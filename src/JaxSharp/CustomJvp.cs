using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// A function whose derivative is given by a rule, for forward and reverse mode: from arguments and their tangents (tuples, if there
    /// are several arguments) to the result and its tangent. The rule must be linear in the tangents.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="jvp">The rule.</param>
    /// <param name="nondiffArgNums">Arguments that are not differentiated by.</param>
    /// <example><code>
    /// var log1pExp = CustomJvp(
    ///     x => jnp.Log(1 + jnp.Exp(x)),
    ///     (x, dx) => (jnp.LogAddExp(x, 0.0), (1 - 1 / (1 + jnp.Exp(x))) * dx)
    /// );
    /// Grad(log1pExp)(100.0); // => 1.0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> CustomJvp(
        Func<NDArray, NDArray> fun,
        Func<NDArray, NDArray, (NDArray Primals, NDArray Tangents)> jvp,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(jvp);
        return (x) => CustomFunctions.Jvp<NDArray, NDArray>(name, a => fun(a), jvp, x, nondiffArgNums.ToArray(), 1);
    }

    /// <inheritdoc cref="CustomJvp(Func{NDArray, NDArray}, Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, ArgNums)"/>
    public static Func<NDArray, TResult> CustomJvp<TResult>(
        Func<NDArray, TResult> fun,
        Func<NDArray, NDArray, (TResult Primals, TResult Tangents)> jvp,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(jvp);
        return (x) => CustomFunctions.Jvp<NDArray, TResult>(name, a => fun(a), jvp, x, nondiffArgNums.ToArray(), 1);
    }

    /// <inheritdoc cref="CustomJvp(Func{NDArray, NDArray}, Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, ArgNums)"/>
    public static Func<T, TResult> CustomJvp<T, TResult>(
        Func<T, TResult> fun,
        Func<T, T, (TResult Primals, TResult Tangents)> jvp,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(jvp);
        return (x) => CustomFunctions.Jvp<T, TResult>(name, a => fun(a), jvp, x, nondiffArgNums.ToArray(), 1);
    }

    /// <inheritdoc cref="CustomJvp(Func{NDArray, NDArray}, Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, ArgNums)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> CustomJvp(
        Func<NDArray, NDArray2, NDArray> fun,
        Func<(NDArray, NDArray2), (NDArray, NDArray2), (NDArray Primals, NDArray Tangents)> jvp,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(jvp);
        return (x1, x2) =>
            CustomFunctions.Jvp<(NDArray, NDArray2), NDArray>(
                name,
                a => fun(a.Item1, a.Item2),
                jvp,
                (x1, x2),
                nondiffArgNums.ToArray(),
                2
            );
    }

    /// <inheritdoc cref="CustomJvp(Func{NDArray, NDArray}, Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, ArgNums)"/>
    [RepeatForArities(3, 6)]
    public static Func<NDArray, NDArray2, TResult> CustomJvp<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        Func<(NDArray, NDArray2), (NDArray, NDArray2), (TResult Primals, TResult Tangents)> jvp,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(jvp);
        return (x1, x2) =>
            CustomFunctions.Jvp<(NDArray, NDArray2), TResult>(
                name,
                a => fun(a.Item1, a.Item2),
                jvp,
                (x1, x2),
                nondiffArgNums.ToArray(),
                2
            );
    }

    /// <inheritdoc cref="CustomJvp(Func{NDArray, NDArray}, Func{NDArray, NDArray, ValueTuple{NDArray, NDArray}}, ArgNums)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, TResult> CustomJvp<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        Func<(T1, T2), (T1, T2), (TResult Primals, TResult Tangents)> jvp,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(jvp);
        return (x1, x2) =>
            CustomFunctions.Jvp<(T1, T2), TResult>(
                name,
                a => fun(a.Item1, a.Item2),
                jvp,
                (x1, x2),
                nondiffArgNums.ToArray(),
                2
            );
    }

    /// <summary>
    /// A function with a derivative rule for each argument: from its tangent, the result and the arguments to its share in the tangent of
    /// the result; null for an argument that does not count.
    /// </summary>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> CustomJvps(
        Func<NDArray, NDArray> fun,
        Func<NDArray, NDArray, NDArray, NDArray>? jvp1
    ) =>
        CustomJvp(
            Argument.Given(fun),
            (x, t) =>
            {
                var y = fun(x);
                return (y, SumOfTangents(y, jvp1?.Invoke(t, y, x)));
            }
        );

    /// <summary>
    /// A function with a derivative rule for each argument: from its tangent, the result and the arguments to its share in the tangent of
    /// the result; null for an argument that does not count.
    /// </summary>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray> CustomJvps(
        Func<NDArray, NDArray, NDArray> fun,
        Func<NDArray, NDArray, NDArray, NDArray, NDArray>? jvp1,
        Func<NDArray, NDArray, NDArray, NDArray, NDArray>? jvp2
    ) =>
        CustomJvp(
            Argument.Given(fun),
            (x, t) =>
            {
                var y = fun(x.Item1, x.Item2);
                return (
                    y,
                    SumOfTangents(
                        y,
                        jvp1?.Invoke(t.Item1, y, x.Item1, x.Item2),
                        jvp2?.Invoke(t.Item2, y, x.Item1, x.Item2)
                    )
                );
            }
        );

    /// <summary>
    /// A function with a derivative rule for each argument: from its tangent, the result and the arguments to its share in the tangent of
    /// the result; null for an argument that does not count.
    /// </summary>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray> CustomJvps(
        Func<NDArray, NDArray, NDArray, NDArray> fun,
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray>? jvp1,
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray>? jvp2,
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray>? jvp3
    ) =>
        CustomJvp(
            Argument.Given(fun),
            (x, t) =>
            {
                var y = fun(x.Item1, x.Item2, x.Item3);
                return (
                    y,
                    SumOfTangents(
                        y,
                        jvp1?.Invoke(t.Item1, y, x.Item1, x.Item2, x.Item3),
                        jvp2?.Invoke(t.Item2, y, x.Item1, x.Item2, x.Item3),
                        jvp3?.Invoke(t.Item3, y, x.Item1, x.Item2, x.Item3)
                    )
                );
            }
        );

    private static NDArray SumOfTangents(NDArray result, params NDArray?[] terms)
    {
        NDArray? sum = null;
        foreach (var term in terms)
        {
            sum =
                sum is null ? term
                : term is null ? sum
                : new Primitives.Add().Bind(sum, term);
        }

        return sum ?? Primitives.Operators.Zeros(result.Type);
    }
}
