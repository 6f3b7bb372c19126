using System;
using System.Runtime.CompilerServices;
using JaxSharp.ControlFlow;
using JaxSharp.Tracing;
using JaxSharp.Transforms;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// A function whose inner values are computed again in the backward pass instead of being kept: less memory for more work.
    /// </summary>
    /// <param name="fun">The function.</param>
    /// <param name="policy">Which values are kept all the same; by default none.</param>
    /// <example><code>
    /// Func&lt;NDArray, NDArray&gt; layer = x => jnp.Sin(jnp.Sin(x));
    /// Grad(Checkpoint(layer, CheckpointPolicy.DotsSaveable))(0.0); // => 1.0
    /// </code></example>
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray> Checkpoint(Func<NDArray, NDArray> fun, CheckpointPolicy? policy = null)
    {
        string name = FunctionName.Of(fun);
        return (x) => CustomFunctions.Checkpoint<NDArray, NDArray>(name, a => fun(a), x, policy);
    }

    /// <inheritdoc cref="Checkpoint(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    public static Func<NDArray, TResult> Checkpoint<TResult>(
        Func<NDArray, TResult> fun,
        CheckpointPolicy? policy = null
    )
    {
        string name = FunctionName.Of(fun);
        return (x) => CustomFunctions.Checkpoint<NDArray, TResult>(name, a => fun(a), x, policy);
    }

    /// <inheritdoc cref="Checkpoint(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    public static Func<T, TResult> Checkpoint<T, TResult>(Func<T, TResult> fun, CheckpointPolicy? policy = null)
    {
        string name = FunctionName.Of(fun);
        return (x) => CustomFunctions.Checkpoint<T, TResult>(name, a => fun(a), x, policy);
    }

    /// <inheritdoc cref="Checkpoint(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    [RepeatForArities(3, 6)]
    [OverloadResolutionPriority(2)]
    public static Func<NDArray, NDArray2, NDArray> Checkpoint(
        Func<NDArray, NDArray2, NDArray> fun,
        CheckpointPolicy? policy = null
    )
    {
        string name = FunctionName.Of(fun);
        return (x1, x2) =>
            CustomFunctions.Checkpoint<(NDArray, NDArray2), NDArray>(
                name,
                a => fun(a.Item1, a.Item2),
                (x1, x2),
                policy
            );
    }

    /// <inheritdoc cref="Checkpoint(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    [RepeatForArities(3, 6)]
    public static Func<NDArray, NDArray2, TResult> Checkpoint<TResult>(
        Func<NDArray, NDArray2, TResult> fun,
        CheckpointPolicy? policy = null
    )
    {
        string name = FunctionName.Of(fun);
        return (x1, x2) =>
            CustomFunctions.Checkpoint<(NDArray, NDArray2), TResult>(
                name,
                a => fun(a.Item1, a.Item2),
                (x1, x2),
                policy
            );
    }

    /// <inheritdoc cref="Checkpoint(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    [RepeatForArities(3, 6)]
    public static Func<T1, T2, TResult> Checkpoint<T1, T2, TResult>(
        Func<T1, T2, TResult> fun,
        CheckpointPolicy? policy = null
    )
    {
        string name = FunctionName.Of(fun);
        return (x1, x2) =>
            CustomFunctions.Checkpoint<(T1, T2), TResult>(name, a => fun(a.Item1, a.Item2), (x1, x2), policy);
    }

    /// <summary>A checkpointed function of any <c>Func</c> type: what a method group of a method with trees as arguments resolves to.</summary>
    /// <inheritdoc cref="Checkpoint(Func{NDArray, NDArray}, CheckpointPolicy)"/>
    public static TDelegate Checkpoint<TDelegate>(TDelegate fun, CheckpointPolicy? policy = null)
        where TDelegate : Delegate => DelegateOverloads.Call(nameof(Checkpoint), fun, [policy]);

    /// <summary>Names a value, so that <see cref="CheckpointPolicy.SaveOnlyTheseNames"/> can refer to it; the value itself is unchanged.</summary>
    public static NDArray CheckpointName(NDArray x, string name) => new CheckpointName(name).Bind(x);

    /// <summary>The same values, held constant by differentiation.</summary>
    /// <example><code>Grad(x => StopGradient(x) * x)(2.0); // => 2.0</code></example>
    public static T StopGradient<T>(T tree) => CustomFunctions.StopGradient(tree);
}
