using System;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A transformation without state, of a function that maps each leaf of the updates and the parameters.</summary>
    /// <param name="f">From an update and the parameter (null where no parameters are given) to an update.</param>
    /// <example><code>
    /// var halved = optax.StatelessWithTreeMap((g, p) => g / 2);
    /// halved.Update(jnp.Array([2f, 4f]), EmptyState.Instance).Updates; // => [1. 2.]
    /// </code></example>
    public static GradientTransformation StatelessWithTreeMap(Func<NDArray, NDArray?, NDArray> f) =>
        new Leafwise(nameof(StatelessWithTreeMap), f, needsParams: false);

    /// <summary>A transformation without state, of a function of the trees of updates and parameters.</summary>
    /// <typeparam name="TParams">The type of the parameters; trees of another type are refused.</typeparam>
    public static GradientTransformation Stateless<TParams>(Func<TParams, TParams?, TParams> f) =>
        new Stateless<TParams>(f);

    /// <summary>The updates as they are.</summary>
    public static GradientTransformation Identity() => new Leafwise(nameof(Identity), (g, _) => g, needsParams: false);

    /// <summary>Zeros in place of the updates: the parameters stay.</summary>
    public static GradientTransformation SetToZero() =>
        new Leafwise(nameof(SetToZero), (g, _) => Numpy.Jnp.ZerosLike(g), needsParams: false);

    /// <summary>The transformation itself: all take extra arguments.</summary>
    public static GradientTransformation WithExtraArgsSupport(GradientTransformation tx) => tx;

    /// <summary>The state of transformations without state.</summary>
    public static OptState InitEmptyState<T>(T @params) => EmptyState.Instance;
}

/// <summary>The base of transformations that remember nothing.</summary>
internal abstract class StatelessTransformation : GradientTransformation<EmptyState>
{
    protected abstract T Transform<T>(T updates, T? @params, ExtraArgs extraArgs);

    protected sealed override EmptyState InitState<T>(T @params) => EmptyState.Instance;

    protected sealed override (T Updates, EmptyState State) UpdateState<T>(
        T updates,
        EmptyState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default => (Transform(updates, @params, extraArgs), state);
}

/// <summary>One function of each leaf.</summary>
internal sealed class Leafwise(string name, Func<NDArray, NDArray?, NDArray> f, bool needsParams)
    : StatelessTransformation
{
    protected override string Name => name;

    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default =>
        !needsParams && IsMissing(@params, updates)
            ? Tree.Map(g => f(g, null), updates)
            : Tree.Map((g, p) => f(g, p), updates, Required(@params, updates));
}

/// <summary>A function of the trees, for parameters of one type.</summary>
internal sealed class Stateless<TParams>(Func<TParams, TParams?, TParams> f) : StatelessTransformation
{
    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default =>
        updates is TParams own
            ? (T)(object)f(own, @params is TParams given ? given : default)!
            : throw new TreeException(
                $"Stateless transforms trees of type {typeof(TParams).Name}; got {typeof(T).Name}."
            );
}
