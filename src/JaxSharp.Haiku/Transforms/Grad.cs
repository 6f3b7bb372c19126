using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The gradient of a function with a scalar result, like <c>Jax.Grad</c>, for functions that use parameters, state and keys of the
    /// running function. It is by the arguments, not by the parameters: for those apply <c>Jax.Grad</c> to <c>Apply</c>.
    /// </summary>
    /// <param name="fun">The function. It may return a pair (value, auxiliary results), which gives (gradient, auxiliary results).</param>
    /// <param name="argNums">The positions of the arguments to differentiate by.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <exception cref="DifferentiationException">The result is no real scalar, or an argument is an integer.</exception>
    /// <example><code>
    /// var slope = hk.Transform((NDArray x) => hk.Grad(x => x * x)(x));
    /// slope.Apply(null, null, 3.0); // => 6.0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Grad(Func<NDArray, NDArray> fun, int argNums = 0, bool holomorphic = false)
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            [argNums],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x) =>
        {
            var r = gradient([x]);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray[]> Grad(Func<NDArray, NDArray> fun, int[] argNums, bool holomorphic = false)
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            argNums,
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x) =>
        {
            var r = gradient([x]);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(a => fun(a[0]), 1, [argNums], Options("Hk.Grad", fun, holomorphic));
        return (x) =>
        {
            var r = gradient([x]);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray[] Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(a => fun(a[0]), 1, argNums, Options("Hk.Grad", fun, holomorphic));
        return (x) =>
        {
            var r = gradient([x]);
            return (r.Gradients, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    public static Func<T, T> Grad<T>(Func<T, NDArray> fun, bool holomorphic = false)
    {
        var options = Options("Hk.Grad", fun, holomorphic);
        return (x) =>
        {
            var r = InnerGradient.OfTree(a => (fun(a), default(ValueTuple)), x, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    public static Func<T, (T Grad, TAux Aux)> Grad<T, TAux>(
        Func<T, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var options = Options("Hk.Grad", fun, holomorphic);
        return (x) =>
        {
            var r = InnerGradient.OfTree(a => fun(a), x, options);
            return (r.Gradient, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            [argNums],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray, NDArray)> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            ArgumentNumbers.Of(argNums),
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return ArrayTuple.Pair(r.Gradients);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray[]> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        int[] argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            argNums,
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(a => fun(a[0], a[1]), 2, [argNums], Options("Hk.Grad", fun, holomorphic));
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, ((NDArray, NDArray) Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        (int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1]),
            2,
            ArgumentNumbers.Of(argNums),
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (ArrayTuple.Pair(r.Gradients), r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, (NDArray[] Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(a => fun(a[0], a[1]), 2, argNums, Options("Hk.Grad", fun, holomorphic));
        return (x1, x2) =>
        {
            var r = gradient([x1, x2]);
            return (r.Gradients, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, T1> Grad<T1, T2>(Func<T1, T2, NDArray> fun, bool holomorphic = false)
    {
        var options = Options("Hk.Grad", fun, holomorphic);
        return (x1, x2) =>
        {
            var r = InnerGradient.OfTree(a => (fun(a, x2), default(ValueTuple)), x1, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, (T1 Grad, TAux Aux)> Grad<T1, T2, TAux>(
        Func<T1, T2, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var options = Options("Hk.Grad", fun, holomorphic);
        return (x1, x2) =>
        {
            var r = InnerGradient.OfTree(a => fun(a, x2), x1, options);
            return (r.Gradient, r.Result.Aux);
        };
    }

    private static GradientOptions Options(string caller, Delegate fun, bool holomorphic)
    {
        ArgumentNullException.ThrowIfNull(fun);
        HaikuContext.Require(caller);
        return new GradientOptions(caller, FunctionName.Of(fun), holomorphic);
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray3, (NDArray, NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray3, NDArray> fun,
        (int, int, int) argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            ArgumentNumbers.Of(argNums),
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return ArrayTuple.Triple(r.Gradients);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray3, ((NDArray, NDArray, NDArray) Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray3, (NDArray Value, TAux Aux)> fun,
        (int, int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1], a[2]),
            3,
            ArgumentNumbers.Of(argNums),
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (ArrayTuple.Triple(r.Gradients), r.Result.Aux);
        };
    }
}
