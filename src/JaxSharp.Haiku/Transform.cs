using System;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <inheritdoc cref="Transform{T1, TOut}(Func{T1, TOut})"/>
    public static Transformed<TOut> Transform<TOut>(Func<TOut> f) => new(FunctionRun.Check(f));

    /// <summary>
    /// Turns a function that uses modules, parameters and random keys into a pair of pure functions, to which all transformations
    /// of <c>Jax</c> apply. The function may be called any number of times, on one thread at a time each.
    /// </summary>
    /// <param name="f">The function. It makes its modules itself and keeps none of them for later.</param>
    /// <exception cref="ModuleException">The function is jitted already; jit what comes out instead.</exception>
    /// <example><code>
    /// var network = hk.Transform((NDArray x) => new hk.Linear(10).Call(x));
    /// var parameters = network.Init(42, jnp.Ones((1, 4)));
    /// network.Apply(parameters, null, jnp.Ones((2, 4))).Shape; // => (2,10)
    /// </code></example>
    public static Transformed<T1, TOut> Transform<T1, TOut>(Func<T1, TOut> f) => new(FunctionRun.Check(f));

    /// <inheritdoc cref="Transform{T1, TOut}(Func{T1, TOut})"/>
    public static Transformed<T1, T2, TOut> Transform<T1, T2, TOut>(Func<T1, T2, TOut> f) => new(FunctionRun.Check(f));

    /// <inheritdoc cref="Transform{T1, TOut}(Func{T1, TOut})"/>
    public static Transformed<T1, T2, T3, TOut> Transform<T1, T2, T3, TOut>(Func<T1, T2, T3, TOut> f) =>
        new(FunctionRun.Check(f));

    /// <inheritdoc cref="Transform{T1, TOut}(Func{T1, TOut})"/>
    public static Transformed<T1, T2, T3, T4, TOut> Transform<T1, T2, T3, T4, TOut>(Func<T1, T2, T3, T4, TOut> f) =>
        new(FunctionRun.Check(f));

    /// <inheritdoc cref="TransformWithState{T1, TOut}(Func{T1, TOut})"/>
    public static TransformedWithState<TOut> TransformWithState<TOut>(Func<TOut> f) => new(FunctionRun.Check(f));

    /// <summary>Like <c>Transform</c>, for functions that also keep state from one call to the next, such as averages over batches.</summary>
    /// <param name="f">The function.</param>
    /// <exception cref="ModuleException">The function is jitted already; jit what comes out instead.</exception>
    /// <example><code>
    /// var network = hk.TransformWithState((NDArray x) =>
    /// {
    ///     var count = hk.GetState("count", init: jnp.Zeros);
    ///     hk.SetState("count", count + 1);
    ///     return x + count;
    /// });
    /// var (parameters, state) = network.Init(null, 1.0);
    /// var (y, next) = network.Apply(parameters, state, null, 1.0);
    /// next["~"]["count"]; // => 1.0
    /// </code></example>
    public static TransformedWithState<T1, TOut> TransformWithState<T1, TOut>(Func<T1, TOut> f) =>
        new(FunctionRun.Check(f));

    /// <inheritdoc cref="TransformWithState{T1, TOut}(Func{T1, TOut})"/>
    public static TransformedWithState<T1, T2, TOut> TransformWithState<T1, T2, TOut>(Func<T1, T2, TOut> f) =>
        new(FunctionRun.Check(f));

    /// <inheritdoc cref="TransformWithState{T1, TOut}(Func{T1, TOut})"/>
    public static TransformedWithState<T1, T2, T3, TOut> TransformWithState<T1, T2, T3, TOut>(
        Func<T1, T2, T3, TOut> f
    ) => new(FunctionRun.Check(f));

    /// <inheritdoc cref="TransformWithState{T1, TOut}(Func{T1, TOut})"/>
    public static TransformedWithState<T1, T2, T3, T4, TOut> TransformWithState<T1, T2, T3, T4, TOut>(
        Func<T1, T2, T3, T4, TOut> f
    ) => new(FunctionRun.Check(f));

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithoutRng<TOut> WithoutApplyRng<TOut>(Transformed<TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithStateWithoutRng<TOut> WithoutApplyRng<TOut>(TransformedWithState<TOut> f) =>
        new(Argument.Given(f).Function);

    /// <summary>The same pair, whose <c>Apply</c> takes no random key; the function may use none but in <c>Init</c>.</summary>
    public static TransformedWithoutRng<T1, TOut> WithoutApplyRng<T1, TOut>(Transformed<T1, TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithStateWithoutRng<T1, TOut> WithoutApplyRng<T1, TOut>(
        TransformedWithState<T1, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithoutRng<T1, T2, TOut> WithoutApplyRng<T1, T2, TOut>(Transformed<T1, T2, TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithStateWithoutRng<T1, T2, TOut> WithoutApplyRng<T1, T2, TOut>(
        TransformedWithState<T1, T2, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithoutRng<T1, T2, T3, TOut> WithoutApplyRng<T1, T2, T3, TOut>(
        Transformed<T1, T2, T3, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithStateWithoutRng<T1, T2, T3, TOut> WithoutApplyRng<T1, T2, T3, TOut>(
        TransformedWithState<T1, T2, T3, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithoutRng<T1, T2, T3, T4, TOut> WithoutApplyRng<T1, T2, T3, T4, TOut>(
        Transformed<T1, T2, T3, T4, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutApplyRng{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithStateWithoutRng<T1, T2, T3, T4, TOut> WithoutApplyRng<T1, T2, T3, T4, TOut>(
        TransformedWithState<T1, T2, T3, T4, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutState{T1, TOut}(TransformedWithState{T1, TOut})"/>
    public static Transformed<TOut> WithoutState<TOut>(TransformedWithState<TOut> f) => new(Argument.Given(f).Function);

    /// <summary>The same pair without state.</summary>
    /// <exception cref="NonEmptyStateException">Thrown by <c>Init</c> and <c>Apply</c> if the function has state after all.</exception>
    public static Transformed<T1, TOut> WithoutState<T1, TOut>(TransformedWithState<T1, TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutState{T1, TOut}(TransformedWithState{T1, TOut})"/>
    public static Transformed<T1, T2, TOut> WithoutState<T1, T2, TOut>(TransformedWithState<T1, T2, TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutState{T1, TOut}(TransformedWithState{T1, TOut})"/>
    public static Transformed<T1, T2, T3, TOut> WithoutState<T1, T2, T3, TOut>(
        TransformedWithState<T1, T2, T3, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithoutState{T1, TOut}(TransformedWithState{T1, TOut})"/>
    public static Transformed<T1, T2, T3, T4, TOut> WithoutState<T1, T2, T3, T4, TOut>(
        TransformedWithState<T1, T2, T3, T4, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithEmptyState{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithState<TOut> WithEmptyState<TOut>(Transformed<TOut> f) =>
        new(Argument.Given(f).Function);

    /// <summary>The same pair with an empty state, for code that expects one.</summary>
    public static TransformedWithState<T1, TOut> WithEmptyState<T1, TOut>(Transformed<T1, TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithEmptyState{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithState<T1, T2, TOut> WithEmptyState<T1, T2, TOut>(Transformed<T1, T2, TOut> f) =>
        new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithEmptyState{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithState<T1, T2, T3, TOut> WithEmptyState<T1, T2, T3, TOut>(
        Transformed<T1, T2, T3, TOut> f
    ) => new(Argument.Given(f).Function);

    /// <inheritdoc cref="WithEmptyState{T1, TOut}(Transformed{T1, TOut})"/>
    public static TransformedWithState<T1, T2, T3, T4, TOut> WithEmptyState<T1, T2, T3, T4, TOut>(
        Transformed<T1, T2, T3, T4, TOut> f
    ) => new(Argument.Given(f).Function);
}
