using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// The value of a function with a scalar result and its gradient, computed together; otherwise like <c>Grad</c>. A function that
    /// returns a pair (value, auxiliary results) gives ((value, auxiliary results), gradient).
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="argNums">The positions of the arguments to differentiate by.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <param name="allowInt">Whether integer arguments get a gradient of type float0, which has no values, instead of an error.</param>
    /// <exception cref="DifferentiationException">The result is no real scalar, or an argument is an integer.</exception>
    /// <exception cref="JaxArgumentException">An argument number is out of range.</exception>
    /// <example><code>var (loss, gradient) = ValueAndGrad(w => jnp.Sum(w * w))(jnp.Array([1f, 2f])); // => (5.0, [2. 4.])</code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, (NDArray Value, NDArray Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Result.Value, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, (NDArray Value, ValueTuple<NDArray> Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Result.Value, ValueTuple.Create(r.Gradients[0]));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, (NDArray Value, NDArray[] Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Result.Value, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, ((NDArray Value, TAux Aux) Value, NDArray Grad)> ValueAndGrad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0]),
            1,
            [argNums],
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Result, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, ((NDArray Value, TAux Aux) Value, NDArray[] Grad)> ValueAndGrad<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0]),
            1,
            argNums,
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x) =>
        {
            var r = gradient.Run(x);
            return (r.Result, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T, (NDArray Value, T Grad)> ValueAndGrad<T>(
        Func<T, NDArray> fun,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var options = new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x) =>
        {
            var r = TreeGradient.Run(a => (fun(a), default(ValueTuple)), x, options);
            return (r.Result.Value, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    public static Func<T, ((NDArray Value, TAux Aux) Value, T Grad)> ValueAndGrad<T, TAux>(
        Func<T, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var options = new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x) =>
        {
            var r = TreeGradient.Run(a => fun(a), x, options);
            return (r.Result, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, NDArray Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result.Value, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, ValueTuple<NDArray> Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result.Value, ValueTuple.Create(r.Gradients[0]));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, (NDArray, NDArray) Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result.Value, ArrayTuple.Pair(r.Gradients));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray Value, NDArray[] Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result.Value, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, ((NDArray Value, TAux Aux) Value, NDArray Grad)> ValueAndGrad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int argNums = 0,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1]),
            2,
            [argNums],
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result, r.Gradients[0]);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, NDArray2, ((NDArray Value, TAux Aux) Value, NDArray[] Grad)> ValueAndGrad<TAux>(
        Func<NDArray, NDArray2, (NDArray Value, TAux Aux)> fun,
        int[] argNums,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1]),
            2,
            argNums,
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result, r.Gradients);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, (NDArray Value, T1 Grad)> ValueAndGrad<T1, T2>(
        Func<T1, T2, NDArray> fun,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        var options = new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2) =>
        {
            var r = TreeGradient.Run(a => (fun(a, x2), default(ValueTuple)), x1, options);
            return (r.Result.Value, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, ((NDArray Value, TAux Aux) Value, T1 Grad)> ValueAndGrad<T1, T2, TAux>(
        Func<T1, T2, (NDArray Value, TAux Aux)> fun,
        bool hasAux = true,
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var options = new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt);
        return (x1, x2) =>
        {
            var r = TreeGradient.Run(a => fun(a, x2), x1, options);
            return (r.Result, r.Gradient);
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
    [RepeatForArities(4, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray, NDArray3, (NDArray Value, (NDArray, NDArray, NDArray) Grad)> ValueAndGrad(
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
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient.Run(x1, x2, x3);
            return (r.Result.Value, ArrayTuple.Triple(r.Gradients));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
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
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1]),
            2,
            ArgumentNumbers.Of(argNums),
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2) =>
        {
            var r = gradient.Run(x1, x2);
            return (r.Result, ArrayTuple.Pair(r.Gradients));
        };
    }

    /// <inheritdoc cref="ValueAndGrad(Func{NDArray, NDArray}, int, bool, bool)"/>
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
        bool holomorphic = false,
        bool allowInt = false
    )
    {
        RequireAux(hasAux, "ValueAndGrad");
        var gradient = new ArrayGradient<TAux>(
            a => fun(a[0], a[1], a[2]),
            3,
            ArgumentNumbers.Of(argNums),
            new GradientOptions("ValueAndGrad", FunctionName.Of(fun), holomorphic, allowInt)
        );
        return (x1, x2, x3) =>
        {
            var r = gradient.Run(x1, x2, x3);
            return (r.Result, ArrayTuple.Triple(r.Gradients));
        };
    }
}
