using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// Fast parameters that an optimiser moves, and slow parameters that follow them: every few steps the slow ones go a part of the
    /// way to the fast ones, which go on from there. Parameters and gradients are <see cref="LookaheadParams{T}"/>; the loss depends
    /// on the fast ones.
    /// </summary>
    /// <param name="fastOptimizer">The optimiser.</param>
    /// <param name="syncPeriod">The number of steps after which the slow parameters follow.</param>
    /// <param name="slowStepSize">The part of the way that they go.</param>
    /// <param name="resetState">Whether the optimiser begins anew then.</param>
    /// <exception cref="JaxArgumentException">The period is not positive.</exception>
    /// <example><code>
    /// var optimizer = optax.Lookahead(optax.Sgd(0.1), syncPeriod: 2, slowStepSize: 0.5);
    /// var p = LookaheadParams&lt;NDArray&gt;.InitSynced(jnp.Ones(2));
    /// OptState state = optimizer.Init(p);
    /// for (int i = 0; i &lt; 2; i++)
    /// {
    ///     var gradient = Grad((LookaheadParams&lt;NDArray&gt; q) => jnp.Sum(q.Fast * q.Fast))(p);
    ///     (var updates, state) = optimizer.Update(gradient, state, p);
    ///     p = optax.ApplyUpdates(p, updates);
    /// }
    ///
    /// p.Slow; // => [0.82 0.82]
    /// </code></example>
    public static GradientTransformation Lookahead(
        GradientTransformation fastOptimizer,
        int syncPeriod,
        Hyperparameter slowStepSize,
        bool resetState = false
    ) =>
        syncPeriod >= 1
            ? new Lookahead(fastOptimizer, syncPeriod, slowStepSize, resetState)
            : throw new JaxArgumentException($"Lookahead needs a positive syncPeriod; got {syncPeriod}.");
}

/// <summary>Parameters for <see cref="Optax.Lookahead"/>.</summary>
/// <typeparam name="T">The type of the parameters.</typeparam>
/// <param name="Fast">Those that the optimiser moves and gradients are taken by.</param>
/// <param name="Slow">Those that follow, for use after training.</param>
public sealed record LookaheadParams<T>(T Fast, T Slow) : ILookaheadParams
{
    /// <summary>Both the same.</summary>
    public static LookaheadParams<T> InitSynced(T @params) => new(@params, @params);

    OptState ILookaheadParams.InitFast(GradientTransformation optimizer) => optimizer.Init(Fast);

    (object Updates, OptState State) ILookaheadParams.Step(
        GradientTransformation optimizer,
        object gradient,
        OptState state,
        NDArray sync,
        Hyperparameter slowStepSize,
        ExtraArgs extraArgs
    )
    {
        var (updates, next) = optimizer.Update(((LookaheadParams<T>)gradient).Fast, state, Fast, extraArgs);
        var difference = Tree.Map((f, u, s) => f + u - s, Fast, updates, Slow);
        return (
            new LookaheadParams<T>(
                Tree.Map((u, d) => u - sync * (1 - slowStepSize) * d, updates, difference),
                Tree.Map(d => slowStepSize * sync * d, difference)
            ),
            next
        );
    }
}

/// <summary>Lets <see cref="Lookahead"/> see the type of the parameters inside.</summary>
internal interface ILookaheadParams
{
    OptState InitFast(GradientTransformation optimizer);

    (object Updates, OptState State) Step(
        GradientTransformation optimizer,
        object gradient,
        OptState state,
        NDArray sync,
        Hyperparameter slowStepSize,
        ExtraArgs extraArgs
    );
}

/// <summary>The state of <see cref="Optax.Lookahead"/>.</summary>
/// <param name="FastState">The state of the optimiser.</param>
/// <param name="StepsSinceSync">The number of steps since the slow parameters followed.</param>
public sealed record LookaheadState(OptState FastState, NDArray StepsSinceSync) : OptState;

internal sealed class Lookahead(
    GradientTransformation optimizer,
    int syncPeriod,
    Hyperparameter slowStepSize,
    bool resetState
) : GradientTransformation<LookaheadState>
{
    protected override LookaheadState InitState<T>(T @params) =>
        new((@params as ILookaheadParams)?.InitFast(optimizer) ?? optimizer.Init(@params), Numerics.Zero);

    protected override (T Updates, LookaheadState State) UpdateState<T>(
        T updates,
        LookaheadState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        if (Required(@params, updates) is not ILookaheadParams pair || updates is not ILookaheadParams)
        {
            throw new TreeException(
                $"The update of Lookahead needs gradients and parameters of type LookaheadParams; got {typeof(T).Name}. "
                    + "Make them with LookaheadParams<T>.InitSynced."
            );
        }

        var sync = Jnp.Equal(state.StepsSinceSync, syncPeriod - 1);
        var (steps, next) = pair.Step(optimizer, updates, state.FastState, sync, slowStepSize, extraArgs);
        if (resetState)
        {
            next = Tree.Map(
                (current, initial) => (1 - sync.AsType(current.DType)) * current + sync * initial,
                next,
                pair.InitFast(optimizer)
            );
        }

        return ((T)steps, new LookaheadState(next, (state.StepsSinceSync + 1) % syncPeriod));
    }
}
