using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// The Jacobian of a function by forward mode, one direction per element of the argument: cheap where the argument is smaller than
    /// the result. Its shape is that of the result followed by that of the argument.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="argNums">The argument to differentiate by, or several.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <exception cref="DifferentiationException">An argument or result is no floating-point array.</exception>
    /// <example><code>JacFwd(x => jnp.Stack([x[0] * x[1], jnp.Sin(x[0])]))(jnp.Array([0f, 2f])); // => [[2. 0.] [1. 0.]]</code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> JacFwd(Func<NDArray, NDArray> fun, int argNums = 0, bool holomorphic = false)
    {
        var options = new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic);
        return (x) =>
            JacobianCore.OfArrays(true, a => (fun(a[0]), default(ValueTuple)), [x], [argNums], options).Jacobians[0];
    }

    /// <inheritdoc cref="JacFwd(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> JacFwd(
        Func<NDArray, NDArray2, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    )
    {
        var options = new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic);
        return (x1, x2) =>
            JacobianCore
                .OfArrays(true, a => (fun(a[0], a[1]), default(ValueTuple)), [x1, x2], [argNums], options)
                .Jacobians[0];
    }

    /// <inheritdoc cref="JacFwd(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray, NDArray)> JacFwd(
        Func<NDArray, NDArray2, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false
    )
    {
        var options = new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic);
        return (x1, x2) =>
        {
            var r = JacobianCore
                .OfArrays(
                    true,
                    a => (fun(a[0], a[1]), default(ValueTuple)),
                    [x1, x2],
                    ArgumentNumbers.Of(argNums),
                    options
                )
                .Jacobians;
            return ArrayTuple.Pair(r);
        };
    }

    /// <inheritdoc cref="JacFwd(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray Jacobian, TAux Aux)> JacFwd<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        bool hasAux,
        bool holomorphic = false
    )
    {
        RequireAux(hasAux, "JacFwd");
        return x =>
        {
            var r = JacobianCore.OfArrays(
                true,
                a => fun(a[0]),
                [x],
                [0],
                new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic)
            );
            return (r.Jacobians[0], r.Aux);
        };
    }

    /// <summary>Like <c>JacFwd</c> of a function of a tree with one array as its result: the Jacobians have the structure of the tree.</summary>
    public static Func<T, T> JacFwd<T>(Func<T, NDArray> fun, bool holomorphic = false) =>
        x =>
            JacobianCore.OfTrees<T, NDArray, T>(
                true,
                fun,
                x,
                new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic)
            );

    /// <summary>Like <c>JacFwd</c> of a function of an array with a tree as its result: the Jacobians have the structure of the result.</summary>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, TResult> JacFwd<TResult>(Func<NDArray, TResult> fun, bool holomorphic = false) =>
        x =>
            JacobianCore.OfTrees<NDArray, TResult, TResult>(
                true,
                fun,
                x,
                new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic)
            );

    /// <summary>
    /// Like <c>JacFwd</c> of a function from a tree to a tree. The Jacobian has the structure of the result with that of the argument in
    /// the place of each leaf; <typeparamref name="TJacobian"/> is a type that can hold it.
    /// </summary>
    public static Func<T, TJacobian> JacFwd<T, TResult, TJacobian>(Func<T, TResult> fun, bool holomorphic = false) =>
        x =>
            JacobianCore.OfTrees<T, TResult, TJacobian>(
                true,
                fun,
                x,
                new GradientOptions("JacFwd", FunctionName.Of(fun), holomorphic)
            );

    /// <summary>
    /// The Jacobian of a function by reverse mode, one direction per element of the result: cheap where the result is smaller than the
    /// argument. Its shape is that of the result followed by that of the argument.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="argNums">The argument to differentiate by, or several.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <exception cref="DifferentiationException">An argument or result is no floating-point array.</exception>
    /// <example><code>JacRev(x => jnp.Stack([x[0] * x[1], jnp.Sin(x[0])]))(jnp.Array([0f, 2f])); // => [[2. 0.] [1. 0.]]</code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> JacRev(Func<NDArray, NDArray> fun, int argNums = 0, bool holomorphic = false)
    {
        var options = new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic);
        return (x) =>
            JacobianCore.OfArrays(false, a => (fun(a[0]), default(ValueTuple)), [x], [argNums], options).Jacobians[0];
    }

    /// <inheritdoc cref="JacRev(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> JacRev(
        Func<NDArray, NDArray2, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    )
    {
        var options = new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic);
        return (x1, x2) =>
            JacobianCore
                .OfArrays(false, a => (fun(a[0], a[1]), default(ValueTuple)), [x1, x2], [argNums], options)
                .Jacobians[0];
    }

    /// <inheritdoc cref="JacRev(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, (NDArray, NDArray)> JacRev(
        Func<NDArray, NDArray2, NDArray> fun,
        (int, int) argNums,
        bool holomorphic = false
    )
    {
        var options = new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic);
        return (x1, x2) =>
        {
            var r = JacobianCore
                .OfArrays(
                    false,
                    a => (fun(a[0], a[1]), default(ValueTuple)),
                    [x1, x2],
                    ArgumentNumbers.Of(argNums),
                    options
                )
                .Jacobians;
            return ArrayTuple.Pair(r);
        };
    }

    /// <inheritdoc cref="JacRev(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray Jacobian, TAux Aux)> JacRev<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        bool hasAux,
        bool holomorphic = false
    )
    {
        RequireAux(hasAux, "JacRev");
        return x =>
        {
            var r = JacobianCore.OfArrays(
                false,
                a => fun(a[0]),
                [x],
                [0],
                new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic)
            );
            return (r.Jacobians[0], r.Aux);
        };
    }

    /// <summary>Like <c>JacRev</c> of a function of a tree with one array as its result: the Jacobians have the structure of the tree.</summary>
    public static Func<T, T> JacRev<T>(Func<T, NDArray> fun, bool holomorphic = false) =>
        x =>
            JacobianCore.OfTrees<T, NDArray, T>(
                false,
                fun,
                x,
                new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic)
            );

    /// <summary>Like <c>JacRev</c> of a function of an array with a tree as its result: the Jacobians have the structure of the result.</summary>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, TResult> JacRev<TResult>(Func<NDArray, TResult> fun, bool holomorphic = false) =>
        x =>
            JacobianCore.OfTrees<NDArray, TResult, TResult>(
                false,
                fun,
                x,
                new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic)
            );

    /// <summary>
    /// Like <c>JacRev</c> of a function from a tree to a tree. The Jacobian has the structure of the result with that of the argument in
    /// the place of each leaf; <typeparamref name="TJacobian"/> is a type that can hold it.
    /// </summary>
    public static Func<T, TJacobian> JacRev<T, TResult, TJacobian>(Func<T, TResult> fun, bool holomorphic = false) =>
        x =>
            JacobianCore.OfTrees<T, TResult, TJacobian>(
                false,
                fun,
                x,
                new GradientOptions("JacRev", FunctionName.Of(fun), holomorphic)
            );

    /// <summary>The second derivatives of a function: the Jacobian by forward mode of its Jacobian by reverse mode.</summary>
    /// <param name="fun">The function.</param>
    /// <param name="argNums">The argument to differentiate by.</param>
    /// <param name="holomorphic">Whether the function is complex and holomorphic.</param>
    /// <exception cref="DifferentiationException">An argument or result is no floating-point array.</exception>
    /// <example><code>Hessian(x => jnp.Sum(x * x * x))(jnp.Array([1f, 2f])); // => [[ 6.  0.] [ 0. 12.]]</code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Hessian(
        Func<NDArray, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    ) => JacFwd(JacRev(Argument.Given(fun), argNums, holomorphic), argNums, holomorphic);

    /// <inheritdoc cref="Hessian(Func{NDArray, NDArray}, int, bool)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Hessian(
        Func<NDArray, NDArray2, NDArray> fun,
        int argNums = 0,
        bool holomorphic = false
    ) => JacFwd(JacRev(Argument.Given(fun), argNums, holomorphic), argNums, holomorphic);

    /// <inheritdoc cref="Hessian(Func{NDArray, NDArray}, int, bool)"/>
    [OverloadResolutionPriority(1)]
    public static Func<NDArray, (NDArray Hessian, TAux Aux)> Hessian<TAux>(
        Func<NDArray, (NDArray Value, TAux Aux)> fun,
        bool hasAux,
        bool holomorphic = false
    ) => JacFwd(JacRev(Argument.Given(fun), hasAux, holomorphic), hasAux, holomorphic);

    /// <summary>
    /// Like <c>Hessian</c> of a function of a tree. The second derivatives have the structure of the tree with the same structure in the
    /// place of each leaf; <typeparamref name="THessian"/> is a type that can hold it.
    /// </summary>
    public static Func<T, THessian> Hessian<T, THessian>(Func<T, NDArray> fun, bool holomorphic = false) =>
        JacFwd<T, T, THessian>(JacRev(Argument.Given(fun), holomorphic), holomorphic);
}
