using System;
using System.Runtime.CompilerServices;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// The shapes and element types of what a function would return, like <c>Jax.EvalShape</c>, for functions that use parameters, state and
    /// keys of the running function. What the function makes or changes is forgotten.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="x">The argument: an array or a tree of arrays.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) => jnp.Zeros(hk.EvalShape(x => new hk.Linear(2).Call(x), x).Shape));
    /// network.Init(0, jnp.Ones((1, 3))).Count; // => 0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static NDArray EvalShape(Func<NDArray, NDArray> fun, NDArray x) => InnerShape(fun, fun, x);

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    public static TResult EvalShape<T, TResult>(Func<T, TResult> fun, T x) => InnerShape(fun, fun, x);

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static NDArray EvalShape(Func<NDArray, NDArray2, NDArray> fun, NDArray x1, NDArray2 x2) =>
        InnerShape(fun, a => fun(a.x1, a.x2), (x1, x2));

    /// <inheritdoc cref="EvalShape(Func{NDArray, NDArray}, NDArray)"/>
    [RepeatForArities(3, 6)]
    public static TResult EvalShape<T1, T2, TResult>(Func<T1, T2, TResult> fun, T1 x1, T2 x2) =>
        InnerShape(fun, a => fun(a.x1, a.x2), (x1, x2));

    private static TResult InnerShape<T, TResult>(Delegate named, Func<T, TResult> fun, T argument)
    {
        Argument.Given(named, "fun", nameof(EvalShape));
        var context = HaikuContext.RequireAccess("Hk.EvalShape");
        return StagingCore.EvalShape<T, TResult>(
            a => InnerRun.Captured(context, () => fun(a)).Result,
            FunctionName.Of(named),
            argument
        );
    }
}
