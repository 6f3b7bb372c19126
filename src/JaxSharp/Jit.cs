using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// Compiles a function: at the first call, and whenever the structure, shapes or element types of the arguments differ from
    /// those of earlier calls, it is traced and compiled as one program; other calls run the program. Inside of the function
    /// values are known by type only: use <c>jnp.Where</c>, <c>Lax.Cond</c> and the like instead of <c>if</c>. Arguments of C# number
    /// types, text, enumerations and functions are known while tracing; other values compile again.
    /// </summary>
    /// <param name="fun">The function, which must not have side effects.</param>
    /// <param name="staticArgNums">Arguments known while tracing, compared by <c>Equals</c>; none of them may hold arrays.</param>
    /// <param name="donateArgNums">
    /// Arguments that the caller will not use again: large arrays among them give their memory back after the call, so that a
    /// loop of steps runs in the same memory. Using such an array later is an error.
    /// </param>
    /// <exception cref="JaxArgumentException">An argument number is out of range, or a static argument holds arrays.</exception>
    /// <example><code>
    /// NDArray Step(NDArray x) => jnp.Sin(x) * 2;
    /// var step = Jit(Step);
    /// step(0.5);         // => 0.9588511
    /// step(1.5);
    /// JitInfo.Of(step);  // => Step: 1 hits, 1 misses (first call)
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Jit(
        Func<NDArray, NDArray> fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    ) => new JittedArrayFunction(fun, a => fun(a[0]), 1, Options(fun, 1, staticArgNums, donateArgNums)).Call;

    /// <inheritdoc cref="Jit(Func{NDArray, NDArray}, ArgNums, ArgNums)"/>
    public static Func<NDArray, TResult> Jit<TResult>(
        Func<NDArray, TResult> fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    ) =>
        new JittedTreeFunction<NDArray, TResult>(
            fun,
            a => fun(a),
            Options<NDArray>(fun, 1, staticArgNums, donateArgNums)
        ).Call;

    /// <inheritdoc cref="Jit(Func{NDArray, NDArray}, ArgNums, ArgNums)"/>
    public static Func<T, TResult> Jit<T, TResult>(
        Func<T, TResult> fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    ) => new JittedTreeFunction<T, TResult>(fun, a => fun(a), Options<T>(fun, 1, staticArgNums, donateArgNums)).Call;

    /// <inheritdoc cref="Jit(Func{NDArray, NDArray}, ArgNums, ArgNums)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Jit(
        Func<NDArray, NDArray2, NDArray> fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    ) => new JittedArrayFunction(fun, a => fun(a[0], a[1]), 2, Options(fun, 2, staticArgNums, donateArgNums)).Call;

    /// <inheritdoc cref="Jit(Func{NDArray, NDArray}, ArgNums, ArgNums)"/>
    [RepeatForArities(3, 6)]
    public static Func<NDArray, NDArray2, TResult> Jit<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    ) =>
        new JittedTreeFunction<(NDArray, NDArray2), TResult>(
            fun,
            a => fun(a.Item1, a.Item2),
            Options<(NDArray, NDArray2)>(fun, 2, staticArgNums, donateArgNums)
        ).Call;

    /// <inheritdoc cref="Jit(Func{NDArray, NDArray}, ArgNums, ArgNums)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, TResult> Jit<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    ) =>
        new JittedTreeFunction<(T1, T2), TResult>(
            fun,
            a => fun(a.Item1, a.Item2),
            Options<(T1, T2)>(fun, 2, staticArgNums, donateArgNums)
        ).Call;

    /// <summary>
    /// Compiles a function of any <c>Func</c> type: what a method group of a method with trees as arguments resolves to.
    /// </summary>
    /// <inheritdoc cref="Jit(Func{NDArray, NDArray}, ArgNums, ArgNums)"/>
    public static TDelegate Jit<TDelegate>(
        TDelegate fun,
        ArgNums staticArgNums = default,
        ArgNums donateArgNums = default
    )
        where TDelegate : Delegate => DelegateOverloads.Call(nameof(Jit), fun, [staticArgNums, donateArgNums]);

    private static JitOptions Options<TArguments>(Delegate fun, int count, ArgNums staticArgNums, ArgNums donateArgNums)
    {
        var options = Options(fun, count, ArgNums.None, donateArgNums);
        int[] numbers = ArgumentNumbers.Normalize(
            "Jit",
            FunctionName.Of(fun, caller: nameof(Jit)),
            staticArgNums.ToArray(),
            count
        );
        Type[] types = count == 1 ? [typeof(TArguments)] : typeof(TArguments).GetGenericArguments();
        foreach (int number in numbers)
        {
            StaticArguments.Check(fun, number, types[number]);
        }

        return options;
    }

    private static JitOptions Options(Delegate fun, int count, ArgNums staticArgNums, ArgNums donateArgNums)
    {
        string name = FunctionName.Of(fun, caller: nameof(Jit));
        foreach (int number in ArgumentNumbers.Normalize("Jit", name, staticArgNums.ToArray(), count))
        {
            StaticArguments.Check(fun, number, typeof(NDArray));
        }

        return new JitOptions(ArgumentNumbers.Normalize("Jit", name, donateArgNums.ToArray(), count), count);
    }
}
