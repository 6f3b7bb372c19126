using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray> Grad(
        Func<NDArray, NDArray, NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            [argNums],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, (NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            [argNums.Item1, argNums.Item2],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (r.Gradients[0], r.Gradients[1]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, (NDArray, NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray, NDArray> fun,
        (int, int, int) argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            [argNums.Item1, argNums.Item2, argNums.Item3],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (r.Gradients[0], r.Gradients[1], r.Gradients[2]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray[]> Grad(
        Func<NDArray, NDArray, NDArray, NDArray> fun,
        int[] argNums,
        bool holomorphic = false
    )
    {
        var gradient = InnerGradient.OfArrays(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            argNums,
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1], a[2]),
            3,
            [argNums],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, ((NDArray, NDArray) Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        (int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1], a[2]),
            3,
            [argNums.Item1, argNums.Item2],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return ((r.Gradients[0], r.Gradients[1]), r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, ((NDArray, NDArray, NDArray) Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        (int, int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1], a[2]),
            3,
            [argNums.Item1, argNums.Item2, argNums.Item3],
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return ((r.Gradients[0], r.Gradients[1], r.Gradients[2]), r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, (NDArray[] Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var gradient = InnerGradient.OfArrays(
            a => fun(a[0], a[1], a[2]),
            3,
            argNums,
            Options("Hk.Grad", fun, holomorphic)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient([x1, x2, x3]);
            return (r.Gradients, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    public static Func<T1, T2, T3, T1> Grad<T1, T2, T3>(Func<T1, T2, T3, NDArray> fun, bool holomorphic = false)
    {
        var options = Options("Hk.Grad", fun, holomorphic);
        return (x1, x2, x3) =>
        {
            var r = InnerGradient.OfTree(a => (fun(a, x2, x3), default(ValueTuple)), x1, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool)"/>
    public static Func<T1, T2, T3, (T1 Grad, TAux Aux)> Grad<T1, T2, T3, TAux>(
        Func<T1, T2, T3, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false
    )
    {
        Jax.RequireAux(hasAux, "Hk.Grad");
        var options = Options("Hk.Grad", fun, holomorphic);
        return (x1, x2, x3) =>
        {
            var r = InnerGradient.OfTree(a => fun(a, x2, x3), x1, options);
            return (r.Gradient, r.Result.Aux);
        };
    }
}
