using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// A function whose inner values are computed again in the backward pass, like <c>Jax.Checkpoint</c>, for functions that use
    /// parameters, state and keys of the running function.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="policy">Which values are kept all the same; by default none.</param>
    /// <exception cref="ModuleException">No transformed function runs.</exception>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) => hk.Remat(x => new hk.Linear(2).Call(x))(x));
    /// network.Init(0, jnp.Ones((1, 3))).Keys; // => [linear]
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Remat(Func<NDArray, NDArray> fun, CheckpointPolicy? policy = null) =>
        Remat<NDArray, NDArray>(fun, policy);

    /// <inheritdoc cref="Remat(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    public static Func<T, TResult> Remat<T, TResult>(Func<T, TResult> fun, CheckpointPolicy? policy = null)
    {
        string name = RematName(fun);
        return x => Remat(name, fun, x, policy);
    }

    /// <inheritdoc cref="Remat(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Remat(
        Func<NDArray, NDArray2, NDArray> fun,
        CheckpointPolicy? policy = null
    ) => Remat<NDArray, NDArray2, NDArray>(fun, policy);

    /// <inheritdoc cref="Remat(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, TResult> Remat<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        CheckpointPolicy? policy = null
    )
    {
        string name = RematName(fun);
        return (x1, x2) => Remat(name, a => fun(a.x1, a.x2), (x1, x2), policy);
    }

    private static TResult Remat<T, TResult>(string name, Func<T, TResult> fun, T argument, CheckpointPolicy? policy)
    {
        var context = HaikuContext.RequireAccess("Hk.Remat");
        var (result, changes) = CustomFunctions.Checkpoint(
            name,
            (T a) => InnerRun.Captured(context, () => fun(a), sharesNames: true),
            argument,
            policy
        );
        context.Merge(changes);
        return result;
    }

    private static string RematName(Delegate fun)
    {
        ArgumentNullException.ThrowIfNull(fun);
        HaikuContext.Require("Hk.Remat");
        return FunctionName.Of(fun);
    }
}
