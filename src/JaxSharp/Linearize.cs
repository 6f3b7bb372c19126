using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// The result of a function and its derivative at the arguments, a linear function from tangents of the arguments to the tangent
    /// of the result that does not compute the function again.
    /// </summary>
    /// <example><code>
    /// var (y, derivative) = Linearize(x => x * x, 3.0);
    /// derivative(1.0); // => 6.0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static (NDArray Primals, Func<NDArray, NDArray> Jvp) Linearize(Func<NDArray, NDArray> fun, NDArray x)
    {
        var (primals, linear) = VjpCore.Linearize<NDArray, NDArray>(a => fun(a), FunctionName.Of(fun), x);
        return (primals, (t1) => linear(t1));
    }

    /// <inheritdoc cref="Linearize(Func{NDArray, NDArray}, NDArray)"/>
    [OverloadResolutionPriority(1)]
    public static (TResult Primals, Func<NDArray, TResult> Jvp) Linearize<TResult>(
        Func<NDArray, TResult> fun,
        NDArray x
    )
    {
        var (primals, linear) = VjpCore.Linearize<NDArray, TResult>(a => fun(a), FunctionName.Of(fun), x);
        return (primals, (t1) => linear(t1));
    }

    /// <inheritdoc cref="Linearize(Func{NDArray, NDArray}, NDArray)"/>
    public static (TResult Primals, Func<T, TResult> Jvp) Linearize<T, TResult>(Func<T, TResult> fun, T x)
    {
        var (primals, linear) = VjpCore.Linearize<T, TResult>(a => fun(a), FunctionName.Of(fun), x);
        return (primals, (t1) => linear(t1));
    }

    /// <inheritdoc cref="Linearize(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static (NDArray Primals, Func<NDArray, NDArray2, NDArray> Jvp) Linearize(
        Func<NDArray, NDArray2, NDArray> fun,
        NDArray x1,
        NDArray2 x2
    )
    {
        var (primals, linear) = VjpCore.Linearize<(NDArray, NDArray2), NDArray>(
            a => fun(a.Item1, a.Item2),
            FunctionName.Of(fun),
            (x1, x2)
        );
        return (primals, (t1, t2) => linear((t1, t2)));
    }

    /// <inheritdoc cref="Linearize(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static (TResult Primals, Func<NDArray, NDArray2, TResult> Jvp) Linearize<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        NDArray x1,
        NDArray2 x2
    )
    {
        var (primals, linear) = VjpCore.Linearize<(NDArray, NDArray2), TResult>(
            a => fun(a.Item1, a.Item2),
            FunctionName.Of(fun),
            (x1, x2)
        );
        return (primals, (t1, t2) => linear((t1, t2)));
    }

    /// <inheritdoc cref="Linearize(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static (TResult Primals, Func<T1, T2, TResult> Jvp) Linearize<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        T1 x1,
        T2 x2
    )
    {
        var (primals, linear) = VjpCore.Linearize<(T1, T2), TResult>(
            a => fun(a.Item1, a.Item2),
            FunctionName.Of(fun),
            (x1, x2)
        );
        return (primals, (t1, t2) => linear((t1, t2)));
    }
}
