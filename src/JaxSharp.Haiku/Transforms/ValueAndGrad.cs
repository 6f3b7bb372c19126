using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The value of a function with a scalar result and its gradient, like <c>Jax.ValueAndGrad</c>, for functions that use parameters, state
    /// and keys. A function that returns a pair (value, auxiliary results) gives ((value, auxiliary results), gradient).
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="argNums">The positions of the arguments to differentiate by.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <exception cref="DifferentiationException">The result is no real scalar, or an argument is an integer.</exception>
    /// <example><code>
    /// var square = hk.Transform((NDArray x) => hk.ValueAndGrad(x => x * x)(x));
    /// square.Apply(null, null, 3.0); // => (9.0, 6.0)
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, (NDArray Value, NDArray Grad)> ValueAndGrad(
        Func<NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            [argNums],
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x) =>
        {
            var r = gradient([x]);
            return (r.Result.Value, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, (NDArray Value, NDArray[] Grad)> ValueAndGrad(
        Func<NDArray, NDArray> fun,
        int[] argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            argNums,
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x) =>
        {
            var r = gradient([x]);
            return (r.Result.Value, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, ((NDArray Value, TAux Aux) Value, NDArray Grad)> ValueAndGrad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0]),
            1,
            [argNums],
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x) =>
        {
            var r = gradient([x]);
            return (r.Result, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, ((NDArray Value, TAux Aux) Value, NDArray[] Grad)> ValueAndGrad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var gradient = InnerGradient.OfArrays(a => fun(a[0]), 1, argNums, Options("Hk.ValueAndGrad", fun, holomorphic));
        return (x) =>
        {
            var r = gradient([x]);
            return (r.Result, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    public static Func<T, (NDArray Value, T Grad)> ValueAndGrad<T>(Func<T, NDArray> fun, bool holomorphic = false)
    {
        var options = Options("Hk.ValueAndGrad", fun, holomorphic);
        return (x) =>
        {
            var r = InnerGradient.OfTree(a => (fun(a), default(ValueTuple)), x, options);
            return (r.Result.Value, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    public static Func<T, ((NDArray Value, TAux Aux) Value, T Grad)> ValueAndGrad<T, TAux>(
        Func<T, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var options = Options("Hk.ValueAndGrad", fun, holomorphic);
        return (x) =>
        {
            var r = InnerGradient.OfTree(a => fun(a), x, options);
            return (r.Result, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, NDArray Grad)> ValueAndGrad(
        Func<NDArray, NDArray2, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            [argNums],
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Result.Value, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, (NDArray, NDArray) Grad)> ValueAndGrad(
        Func<NDArray, NDArray2, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            ArgumentNumbers.Of(argNums),
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Result.Value, ArrayTuple.Pair(r.Gradients));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, NDArray[] Grad)> ValueAndGrad(
        Func<NDArray, NDArray2, NDArray> fun,
        int[] argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            argNums,
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Result.Value, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, ((NDArray Value, TAux Aux) Value, NDArray Grad)> ValueAndGrad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1]),
            2,
            [argNums],
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Result, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<
        NDArray,
        NDArray2,
        ((NDArray Value, TAux Aux) Value, (NDArray, NDArray) Grad)
    > ValueAndGrad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        (int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1]),
            2,
            ArgumentNumbers.Of(argNums),
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Result, ArrayTuple.Pair(r.Gradients));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, ((NDArray Value, TAux Aux) Value, NDArray[] Grad)> ValueAndGrad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1]),
            2,
            argNums,
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Result, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, (NDArray Value, T1 Grad)> ValueAndGrad<T1, T2>(
        Func<T1, T2, NDArray> fun,
        bool holomorphic = false
    )
    {
        var options = Options("Hk.ValueAndGrad", fun, holomorphic);
        return (x1, x2) =>
        {
            var r = InnerGradient.OfTree(a => (fun(a, x2), default(ValueTuple)), x1, options);
            return (r.Result.Value, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, ((NDArray Value, TAux Aux) Value, T1 Grad)> ValueAndGrad<T1, T2, TAux>(
        Func<T1, T2, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var options = Options("Hk.ValueAndGrad", fun, holomorphic);
        return (x1, x2) =>
        {
            var r = InnerGradient.OfTree(a => fun(a, x2), x1, options);
            return (r.Result, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray3, (NDArray Value, (NDArray, NDArray, NDArray) Grad)> ValueAndGrad(
        Func<NDArray, NDArray, NDArray3, NDArray> fun,
        (int, int, int) argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            ArgumentNumbers.Of(argNums),
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (r.Result.Value, ArrayTuple.Triple(r.Gradients));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<
        NDArray,
        NDArray,
        NDArray3,
        ((NDArray Value, TAux Aux) Value, (NDArray, NDArray, NDArray) Grad)
    > ValueAndGrad<TAux>(
        Func<NDArray, NDArray, NDArray3, (NDArray Value, TAux Aux)> fun,
        (int, int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.ValueAndGrad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1], a[2]),
            3,
            ArgumentNumbers.Of(argNums),
            Options("Hk.ValueAndGrad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (r.Result, ArrayTuple.Triple(r.Gradients));
        };
    }
}
