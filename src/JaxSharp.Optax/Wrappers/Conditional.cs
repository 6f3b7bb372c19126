using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A transformation that acts in some steps only; in the others updates and state stay as they are.</summary>
    /// <param name="inner">The transformation.</param>
    /// <param name="shouldTransformFn">From the number of steps done and the extra arguments to a bool scalar.</param>
    /// <param name="forwardExtraArgs">Whether the function gets the extra arguments; otherwise it gets none.</param>
    public static GradientTransformation ConditionallyTransform(
        GradientTransformation inner,
        Func<NDArray, ExtraArgs, NDArray> shouldTransformFn,
        bool forwardExtraArgs = false
    ) => new ConditionallyTransform(inner, shouldTransformFn, forwardExtraArgs);

    /// <summary>A transformation that acts in some steps only; in the others the updates are 0 and the state stays.</summary>
    /// <param name="inner">The transformation.</param>
    /// <param name="shouldTransformFn">From the number of steps done and the extra arguments to a bool scalar.</param>
    /// <param name="forwardExtraArgs">Whether the function gets the extra arguments; otherwise it gets none.</param>
    public static GradientTransformation ConditionallyMask(
        GradientTransformation inner,
        Func<NDArray, ExtraArgs, NDArray> shouldTransformFn,
        bool forwardExtraArgs = false
    ) => new ConditionallyMask(inner, shouldTransformFn, forwardExtraArgs);

    /// <summary>
    /// A transformation that leaves out updates with infinities and NaN: zeros take their place, unless there were too many in a row.
    /// </summary>
    /// <param name="inner">The transformation.</param>
    /// <param name="maxConsecutiveErrors">How many are left out in a row.</param>
    public static GradientTransformation ApplyIfFinite(GradientTransformation inner, int maxConsecutiveErrors) =>
        new ApplyIfFinite(inner, maxConsecutiveErrors);
}

/// <summary>The state of <see cref="Optax.ConditionallyTransform"/>.</summary>
/// <param name="InnerState">The state of the transformation inside.</param>
/// <param name="Step">The number of steps done.</param>
public sealed record ConditionallyTransformState(OptState InnerState, NDArray Step) : OptState;

/// <summary>The state of <see cref="Optax.ConditionallyMask"/>.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="InnerState">The state of the transformation inside.</param>
public sealed record ConditionallyMaskState(NDArray Step, OptState InnerState) : OptState;

/// <summary>The state of <see cref="Optax.ApplyIfFinite"/>.</summary>
/// <param name="NotfiniteCount">The number of updates in a row that were not finite.</param>
/// <param name="LastFinite">Whether the last were finite.</param>
/// <param name="TotalNotfinite">The number of all updates that were not finite.</param>
/// <param name="InnerState">The state of the transformation inside.</param>
public sealed record ApplyIfFiniteState(
    NDArray NotfiniteCount,
    NDArray LastFinite,
    NDArray TotalNotfinite,
    OptState InnerState
) : OptState;

internal sealed class ConditionallyTransform(
    GradientTransformation inner,
    Func<NDArray, ExtraArgs, NDArray> condition,
    bool forwardExtraArgs
) : GradientTransformation<ConditionallyTransformState>
{
    protected override ConditionallyTransformState InitState<T>(T @params) => new(inner.Init(@params), Numerics.Zero);

    protected override (T Updates, ConditionallyTransformState State) UpdateState<T>(
        T updates,
        ConditionallyTransformState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var (result, next) = Lax.Cond(
            condition(state.Step, forwardExtraArgs ? extraArgs : ExtraArgs.None),
            () => inner.Update(updates, state.InnerState, @params, extraArgs),
            () => (updates, state.InnerState)
        );
        return (result, new ConditionallyTransformState(next, Optax.SafeIncrement(state.Step)));
    }
}

internal sealed class ConditionallyMask(
    GradientTransformation inner,
    Func<NDArray, ExtraArgs, NDArray> condition,
    bool forwardExtraArgs
) : GradientTransformation<ConditionallyMaskState>
{
    protected override ConditionallyMaskState InitState<T>(T @params) => new(Numerics.Zero, inner.Init(@params));

    protected override (T Updates, ConditionallyMaskState State) UpdateState<T>(
        T updates,
        ConditionallyMaskState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var (result, next) = Lax.Cond(
            condition(state.Step, forwardExtraArgs ? extraArgs : ExtraArgs.None),
            () => inner.Update(updates, state.InnerState, @params, extraArgs),
            () => (Optax.Tree.ZerosLike(updates), state.InnerState)
        );
        return (result, new ConditionallyMaskState(Optax.SafeIncrement(state.Step), next));
    }
}

internal sealed class ApplyIfFinite(GradientTransformation inner, int maxConsecutiveErrors)
    : GradientTransformation<ApplyIfFiniteState>
{
    protected override ApplyIfFiniteState InitState<T>(T @params) =>
        new(Numerics.Zero, Jnp.Array(true), Numerics.Zero, inner.Init(@params));

    protected override (T Updates, ApplyIfFiniteState State) UpdateState<T>(
        T updates,
        ApplyIfFiniteState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var isFinite = Tree.Leaves(updates)
            .Select(leaf => Jnp.All(Jnp.IsFinite(leaf)))
            .Aggregate(Jnp.Array(true), (a, b) => a & b);
        var inARow = Jnp.Where(isFinite, Numerics.Zero, Optax.SafeIncrement(state.NotfiniteCount));
        var (result, next) = Lax.Cond(
            isFinite | (inARow > maxConsecutiveErrors),
            () => inner.Update(updates, state.InnerState, @params, extraArgs),
            () => (Optax.Tree.ZerosLike(updates), state.InnerState)
        );
        return (
            result,
            new ApplyIfFiniteState(
                inARow,
                isFinite,
                Jnp.Where(isFinite, state.TotalNotfinite, Optax.SafeIncrement(state.TotalNotfinite)),
                next
            )
        );
    }
}
