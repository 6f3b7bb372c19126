using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>
        /// Sharpness-aware minimisation: some steps up the loss around the parameters, then one step down from the parameters by the
        /// gradient found there.
        /// </summary>
        /// <param name="optimizer">The optimiser of the parameters.</param>
        /// <param name="advOptimizer">The optimiser of the steps up.</param>
        /// <param name="syncPeriod">The number of steps in a cycle, of which the last goes down.</param>
        /// <param name="resetState">Whether the optimiser of the steps up begins anew in each cycle.</param>
        /// <param name="opaqueMode">
        /// Whether one update does a whole cycle. It needs the extra argument <c>grad_fn</c>, a function from the parameters and the
        /// index of the step to gradients of the same type.
        /// </param>
        /// <exception cref="JaxArgumentException">The period is not positive.</exception>
        public static GradientTransformation Sam(
            GradientTransformation optimizer,
            GradientTransformation advOptimizer,
            int syncPeriod = 2,
            bool resetState = true,
            bool opaqueMode = false
        ) =>
            syncPeriod >= 1
                ? new Sam(optimizer, advOptimizer, syncPeriod, resetState, opaqueMode)
                : throw new JaxArgumentException($"Sam needs a positive syncPeriod; got {syncPeriod}.");
    }
}

/// <summary>The state of <see cref="Optax.Contrib.Sam"/>.</summary>
/// <param name="StepsSinceSync">The number of steps in this cycle.</param>
/// <param name="OptState">The state of the optimiser of the parameters.</param>
/// <param name="AdvState">The state of the optimiser of the steps up.</param>
/// <param name="Cache">The parameters at the start of the cycle; none in opaque mode.</param>
public sealed record SAMState(NDArray StepsSinceSync, OptState OptState, OptState AdvState, object? Cache) : OptState;

internal sealed class Sam(
    GradientTransformation optimizer,
    GradientTransformation ascent,
    int syncPeriod,
    bool resetState,
    bool opaque
) : GradientTransformation<SAMState>
{
    protected override SAMState InitState<T>(T @params) =>
        new(Numerics.Zero, optimizer.Init(@params), ascent.Init(@params), opaque ? null : @params);

    protected override (T Updates, SAMState State) UpdateState<T>(
        T updates,
        SAMState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default =>
        opaque
            ? Cycle(updates, state, Required(@params, updates), extraArgs)
            : Step(updates, state, Required(@params, updates), extraArgs);

    private (T Updates, SAMState State) Step<T>(T updates, SAMState state, T @params, ExtraArgs extraArgs)
    {
        var isFirst = Jnp.Equal(state.StepsSinceSync, 0);
        var isLast = Jnp.Equal(state.StepsSinceSync, syncPeriod - 1);
        var (up, nextAscent) = ascent.Update(updates, state.AdvState, @params, extraArgs);
        up = Tree.Map(x => -x, up);
        var cache = Of<T>(state.Cache);
        var (down, nextState) = optimizer.Update(updates, state.OptState, cache, extraArgs);
        var back = Tree.Map((c, p, u) => c - p + u, cache, @params, down);
        cache = Blend(isFirst, @params, cache);
        var result = Blend(isLast, back, up);
        nextAscent = resetState
            ? Blend(isLast, ascent.Init(@params), nextAscent)
            : Blend(isLast, state.AdvState, nextAscent);
        return (
            result,
            new SAMState(
                (state.StepsSinceSync + 1) % syncPeriod,
                Blend(isLast, nextState, state.OptState),
                nextAscent,
                cache
            )
        );
    }

    private (T Updates, SAMState State) Cycle<T>(T updates, SAMState state, T @params, ExtraArgs extraArgs)
    {
        var gradient = extraArgs["grad_fn"] switch
        {
            Func<T, int, T> f => f,
            Func<T, T> f => (p, _) => f(p),
            var other => throw new JaxArgumentException(
                $"Sam in opaque mode needs the extra argument grad_fn, a Func from {typeof(T).Name} to gradients; "
                    + $"got {other?.GetType().Name ?? "none"}."
            ),
        };
        var start = resetState ? ascent.Init(@params) : state.AdvState;
        var (moved, climbed) = (@params, start);
        for (int i = 0; i < syncPeriod - 1; i++)
        {
            (var up, climbed) = ascent.Update(updates, climbed, moved, extraArgs);
            moved = Optax.ApplyUpdates(moved, Tree.Map(x => -x, up));
            updates = gradient(moved, i);
        }

        var (down, next) = optimizer.Update(updates, state.OptState, @params, extraArgs);
        return (down, new SAMState(state.StepsSinceSync, next, climbed, null));
    }

    private static TTree Blend<TTree>(NDArray condition, TTree x, TTree y) =>
        Tree.Map((a, b) => Jnp.Where(condition, a, b), x, y);
}
