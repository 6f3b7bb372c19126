using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// A function whose reverse-mode derivative is given by two rules: <paramref name="fwd"/> computes the result and what the other
    /// needs; <paramref name="bwd"/> takes that and the cotangent of the result, and returns the cotangent of the argument (a tuple for
    /// several arguments; null stands for zero). Forward mode is not available.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="fwd">The forward half of the rule.</param>
    /// <param name="bwd">The backward half of the rule.</param>
    /// <param name="nondiffArgNums">Arguments that are not differentiated by.</param>
    /// <example><code>
    /// var clipped = CustomVjp(x => x, x => (x, x), (NDArray x, NDArray ct) => jnp.Clip(ct, -1, 1));
    /// Grad(x => 10 * clipped(x))(2.0); // => 1.0
    /// </code></example>
    public static Func<NDArray, NDArray> CustomVjp<TResiduals>(
        Func<NDArray, NDArray> fun,
        Func<NDArray, (NDArray Primals, TResiduals Residuals)> fwd,
        Func<TResiduals, NDArray, NDArray> bwd,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(fwd);
        Argument.Given(bwd);
        return (x) =>
            CustomFunctions.Vjp<NDArray, NDArray, TResiduals>(
                name,
                a => fun(a),
                a => fwd(a),
                bwd,
                x,
                nondiffArgNums.ToArray(),
                1
            );
    }

    /// <inheritdoc cref="CustomVjp{TResiduals}(Func{NDArray, NDArray}, Func{NDArray, ValueTuple{NDArray, TResiduals}}, Func{TResiduals, NDArray, NDArray}, ArgNums)"/>
    public static Func<T, TResult> CustomVjp<T, TResult, TResiduals>(
        Func<T, TResult> fun,
        Func<T, (TResult Primals, TResiduals Residuals)> fwd,
        Func<TResiduals, TResult, T> bwd,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(fwd);
        Argument.Given(bwd);
        return (x) =>
            CustomFunctions.Vjp<T, TResult, TResiduals>(
                name,
                a => fun(a),
                a => fwd(a),
                bwd,
                x,
                nondiffArgNums.ToArray(),
                1
            );
    }

    /// <inheritdoc cref="CustomVjp{TResiduals}(Func{NDArray, NDArray}, Func{NDArray, ValueTuple{NDArray, TResiduals}}, Func{TResiduals, NDArray, NDArray}, ArgNums)"/>
    [RepeatForArities(3, 6)]
    public static Func<NDArray, NDArray2, NDArray> CustomVjp<TResiduals>(
        Func<NDArray, NDArray2, NDArray> fun,
        Func<NDArray, NDArray2, (NDArray Primals, TResiduals Residuals)> fwd,
        Func<TResiduals, NDArray, (NDArray, NDArray2)> bwd,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(fwd);
        Argument.Given(bwd);
        return (x1, x2) =>
            CustomFunctions.Vjp<(NDArray, NDArray2), NDArray, TResiduals>(
                name,
                a => fun(a.Item1, a.Item2),
                a => fwd(a.Item1, a.Item2),
                bwd,
                (x1, x2),
                nondiffArgNums.ToArray(),
                2
            );
    }

    /// <inheritdoc cref="CustomVjp{TResiduals}(Func{NDArray, NDArray}, Func{NDArray, ValueTuple{NDArray, TResiduals}}, Func{TResiduals, NDArray, NDArray}, ArgNums)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, TResult> CustomVjp<T1, T2, TResult, TResiduals>(
        Func<T1, T2, TResult> fun,
        Func<T1, T2, (TResult Primals, TResiduals Residuals)> fwd,
        Func<TResiduals, TResult, (T1, T2)> bwd,
        ArgNums nondiffArgNums = default
    )
    {
        string name = FunctionName.Of(fun);
        Argument.Given(fwd);
        Argument.Given(bwd);
        return (x1, x2) =>
            CustomFunctions.Vjp<(T1, T2), TResult, TResiduals>(
                name,
                a => fun(a.Item1, a.Item2),
                a => fwd(a.Item1, a.Item2),
                bwd,
                (x1, x2),
                nondiffArgNums.ToArray(),
                2
            );
    }
}
