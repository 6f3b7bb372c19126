using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

/// <summary>Transformations of functions: gradients, compilation, mapping, …</summary>
public static partial class Jax
{
    /// <summary>
    /// The gradient of a function with a scalar result, as a function of the same arguments: by the first argument, or by those that
    /// <paramref name="argNums"/> names (a tuple or an array of numbers gives a tuple or an array of gradients). Where arguments are
    /// trees (tuples, dictionaries, records, …) the gradient is by the first and has its structure. A function that returns a pair
    /// (value, auxiliary results) gives the pair (gradient, auxiliary results).
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="argNums">The positions of the arguments to differentiate by.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <param name="allowInt">Whether integer arguments get a gradient of type float0, which has no values, instead of an error.</param>
    /// <exception cref="DifferentiationException">The result is no real scalar, or an argument is an integer.</exception>
    /// <exception cref="JaxArgumentException">An argument number is out of range.</exception>
    /// <example><code>
    /// NDArray Sigmoid(NDArray x) => 1 / (1 + jnp.Exp(-x));
    /// Grad(Sigmoid)(0.0);                                       // => 0.25
    /// Grad((w, x) => jnp.Sum(w * x), argNums: (0, 1))(2.0, 3.0); // => (3.0, 2.0)
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Grad(
        Func<NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, ValueTuple<NDArray>> Grad(
        Func<NDArray, NDArray> fun,
        ValueTuple<int> argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            [argNums.Item1],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return ValueTuple.Create(r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray[]> Grad(
        Func<NDArray, NDArray> fun,
        int[] argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0]), default(ValueTuple)),
            1,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0]),
            1,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray[] Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0]),
            1,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Gradients, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T, T> Grad<T>(Func<T, NDArray> fun, bool holomorphic = false, bool allowInt = false)
    {
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x) =>
        {
            var r = TreeGradient.Run(a => (fun(a), default(ValueTuple)), x, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T, (T Grad, TAux Aux)> Grad<T, TAux>(
        Func<T, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x) =>
        {
            var r = TreeGradient.Run(a => fun(a), x, options);
            return (r.Gradient, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return r.Gradients[0];
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, ValueTuple<NDArray>> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        ValueTuple<int> argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            [argNums.Item1],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return ValueTuple.Create(r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray, NDArray)> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            ArgumentNumbers.Of(argNums),
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return ArrayTuple.Pair(r.Gradients);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray[]> Grad(
        Func<NDArray, NDArray2, NDArray> fun,
        int[] argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1]), default(ValueTuple)),
            2,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return r.Gradients;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, (NDArray Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1]),
            2,
            [argNums],
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Gradients[0], r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, (NDArray[] Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1]),
            2,
            argNums,
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Gradients, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, T1> Grad<T1, T2>(
        Func<T1, T2, NDArray> fun,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2) =>
        {
            var r = TreeGradient.Run(a => (fun(a, x2), default(ValueTuple)), x1, options);
            return r.Gradient;
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, (T1 Grad, TAux Aux)> Grad<T1, T2, TAux>(
        Func<T1, T2, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var options = new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2) =>
        {
            var r = TreeGradient.Run(a => fun(a, x2), x1, options);
            return (r.Gradient, r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray3, (NDArray, NDArray, NDArray)> Grad(
        Func<NDArray, NDArray, NDArray3, NDArray> fun,
        (int, int, int) argNums,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var gradient = new ArrayGradient<ValueTuple>(
            a => (fun(a[0], a[1], a[2]), default(ValueTuple)),
            3,
            ArgumentNumbers.Of(argNums),
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient.Run(x1, x2, x3);
            return ArrayTuple.Triple(r.Gradients);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, ((NDArray, NDArray) Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        (int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1]),
            2,
            ArgumentNumbers.Of(argNums),
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (ArrayTuple.Pair(r.Gradients), r.Result.Aux);
        };
    }

    /// <inheritdoc cref="Grad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray, NDArray3, ((NDArray, NDArray, NDArray) Grad, TAux Aux)> Grad<TAux>(
        Func<NDArray, NDArray, NDArray3, (NDArray Value, TAux Aux)> fun,
        (int, int, int) argNums,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "Grad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1], a[2]),
            3,
            ArgumentNumbers.Of(argNums),
            new GradientOptions("Grad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient.Run(x1, x2, x3);
            return (ArrayTuple.Triple(r.Gradients), r.Result.Aux);
        };
    }

    internal static void RequireAux(bool hasAux, string caller)
    {
        if (!hasAux)
        {
            throw new JaxArgumentException(
                $"{caller} of a function that returns a pair needs hasAux: true, or a function that returns a scalar."
            );
        }
    }
}
