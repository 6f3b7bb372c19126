using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3]), default(ValueTuple)),
            4,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4) =>
        {
            var r = gradient.Run(x1, x2, x3, x4);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, (NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3]), default(ValueTuple)),
            4,
            [argNums.Item1, argNums.Item2],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4) =>
        {
            var r = gradient.Run(x1, x2, x3, x4);
            return (r.Gradients[0], r.Gradients[1]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, (NDArray, NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        (int, int, int) argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3]), default(ValueTuple)),
            4,
            [argNums.Item1, argNums.Item2, argNums.Item3],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4) =>
        {
            var r = gradient.Run(x1, x2, x3, x4);
            return (r.Gradients[0], r.Gradients[1], r.Gradients[2]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray[]> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        int[] argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3]), default(ValueTuple)),
            4,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4) =>
        {
            var r = gradient.Run(x1, x2, x3, x4);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, NDArray, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1], a[2], a[3]),
            4,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4) =>
        {
            var r = gradient.Run(x1, x2, x3, x4);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T1, T2, T3, T4, T1> Grad<T1, T2, T3, T4>(
        Func<T1, T2, T3, T4, NDArray> fun,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2, x3, x4) =>
        {
            var r = TreeGradient.Run(a => (fun(a, x2, x3, x4), default(ValueTuple)), x1, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T1, T2, T3, T4, (T1 Grad, TAux Aux)> Grad<T1, T2, T3, T4, TAux>(
        Func<T1, T2, T3, T4, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2, x3, x4) =>
        {
            var r = TreeGradient.Run(a => fun(a, x2, x3, x4), x1, options);
            return (r.Gradient, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3], a[4]), default(ValueTuple)),
            5,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, (NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3], a[4]), default(ValueTuple)),
            5,
            [argNums.Item1, argNums.Item2],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5);
            return (r.Gradients[0], r.Gradients[1]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray[]> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        int[] argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3], a[4]), default(ValueTuple)),
            5,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1], a[2], a[3], a[4]),
            5,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T1, T2, T3, T4, T5, T1> Grad<T1, T2, T3, T4, T5>(
        Func<T1, T2, T3, T4, T5, NDArray> fun,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2, x3, x4, x5) =>
        {
            var r = TreeGradient.Run(a => (fun(a, x2, x3, x4, x5), default(ValueTuple)), x1, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T1, T2, T3, T4, T5, (T1 Grad, TAux Aux)> Grad<T1, T2, T3, T4, T5, TAux>(
        Func<T1, T2, T3, T4, T5, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2, x3, x4, x5) =>
        {
            var r = TreeGradient.Run(a => fun(a, x2, x3, x4, x5), x1, options);
            return (r.Gradient, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3], a[4], a[5]), default(ValueTuple)),
            6,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5, x6) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5, x6);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, (NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3], a[4], a[5]), default(ValueTuple)),
            6,
            [argNums.Item1, argNums.Item2],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5, x6) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5, x6);
            return (r.Gradients[0], r.Gradients[1]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, NDArray[]> Grad(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, NDArray> fun,
        int[] argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2], a[3], a[4], a[5]), default(ValueTuple)),
            6,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5, x6) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5, x6);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray, NDArray, NDArray, NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1], a[2], a[3], a[4], a[5]),
            6,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3, x4, x5, x6) =>
        {
            var r = gradient.Run(x1, x2, x3, x4, x5, x6);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T1, T2, T3, T4, T5, T6, T1> Grad<T1, T2, T3, T4, T5, T6>(
        Func<T1, T2, T3, T4, T5, T6, NDArray> fun,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2, x3, x4, x5, x6) =>
        {
            var r = TreeGradient.Run(a => (fun(a, x2, x3, x4, x5, x6), default(ValueTuple)), x1, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T1, T2, T3, T4, T5, T6, (T1 Grad, TAux Aux)> Grad<T1, T2, T3, T4, T5, T6, TAux>(
        Func<T1, T2, T3, T4, T5, T6, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2, x3, x4, x5, x6) =>
        {
            var r = TreeGradient.Run(a => fun(a, x2, x3, x4, x5, x6), x1, options);
            return (r.Gradient, r.Result.Aux);
        };
    }
}
