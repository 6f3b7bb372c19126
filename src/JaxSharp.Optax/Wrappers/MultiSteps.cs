using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Gradients that are collected over several steps, as if the batch were larger; zeros in between.</summary>
    /// <param name="opt">What their mean is given to.</param>
    /// <param name="everyKSchedule">The number of steps: an integer, or a function of the number of updates done.</param>
    /// <param name="useGradMean">Whether the mean is given; otherwise the sum.</param>
    /// <param name="shouldSkipUpdateFn">Which gradients do not count, such as <see cref="ShouldSkipUpdate.NotFinite"/>.</param>
    /// <param name="accumulatorDtype">The element type of the mean; f32 by default.</param>
    /// <example><code>
    /// var optimizer = optax.MultiSteps(optax.Sgd(1.0), 2);
    /// NDArray g = jnp.Array([4f]);
    /// var state = optimizer.Init(g);
    /// (_, state) = optimizer.Update(g, state);
    /// optimizer.HasUpdated(state);          // => False
    /// optimizer.Update(2 * g, state).Updates; // => [-6.]
    /// </code></example>
    public static MultiSteps MultiSteps(
        GradientTransformation opt,
        ScalarOrSchedule everyKSchedule,
        bool useGradMean = true,
        ShouldSkipUpdate? shouldSkipUpdateFn = null,
        DType? accumulatorDtype = null
    ) => new(opt, everyKSchedule, useGradMean, shouldSkipUpdateFn, accumulatorDtype ?? DType.F32);

    /// <summary>Whether a tree has an infinity or NaN: what <see cref="ShouldSkipUpdate.NotFinite"/> tells.</summary>
    public static (NDArray ShouldSkip, SkipNotFiniteState State) SkipNotFinite<T>(
        T updates,
        NDArray gradientStep,
        T? @params = default
    )
    {
        NDArray count = 0;
        foreach (var leaf in JaxSharp.Tree.Leaves(updates))
        {
            count += Jnp.Sum(!Jnp.IsFinite(leaf));
        }

        var skip = count > 0;
        return (skip, new SkipNotFiniteState(count, skip));
    }

    /// <summary>Whether the squared norm of a tree is a number or more: what <see cref="ShouldSkipUpdate.Large"/> tells.</summary>
    public static (NDArray ShouldSkip, SkipLargeUpdatesState State) SkipLargeUpdates<T>(
        T updates,
        NDArray gradientStep,
        T? @params,
        Hyperparameter maxSquaredNorm
    )
    {
        var squaredNorm = Tree.Norm(updates, squared: true);
        var skip = !(squaredNorm < maxSquaredNorm);
        return (skip, new SkipLargeUpdatesState(squaredNorm, skip));
    }
}

/// <summary>What <see cref="Optax.SkipNotFinite"/> found.</summary>
/// <param name="NumNotFinite">How many there are.</param>
/// <param name="ShouldSkip">Whether there are any.</param>
public sealed record SkipNotFiniteState(NDArray NumNotFinite, NDArray ShouldSkip) : OptState;

/// <summary>What <see cref="Optax.SkipLargeUpdates"/> found.</summary>
/// <param name="NormSquared">The square of the norm.</param>
/// <param name="ShouldSkip">Whether it is too large.</param>
public sealed record SkipLargeUpdatesState(NDArray NormSquared, NDArray ShouldSkip) : OptState;

/// <summary>Tells which gradients <see cref="MultiSteps"/> leaves out.</summary>
public abstract class ShouldSkipUpdate
{
    /// <summary>Those that are not finite.</summary>
    public static ShouldSkipUpdate NotFinite { get; } = new NotFiniteRule();

    /// <summary>Those whose squared norm is <paramref name="maxSquaredNorm"/> or more.</summary>
    public static ShouldSkipUpdate Large(Hyperparameter maxSquaredNorm) => new LargeRule(maxSquaredNorm);

    /// <summary>Whether to leave out gradients, a bool scalar, and what is kept of the decision in the state.</summary>
    public abstract (NDArray ShouldSkip, OptState State) Decide<T>(T updates, NDArray gradientStep, T? @params);

    private sealed class NotFiniteRule : ShouldSkipUpdate
    {
        public override (NDArray ShouldSkip, OptState State) Decide<T>(T updates, NDArray gradientStep, T? @params)
            where T : default => Optax.SkipNotFinite(updates, gradientStep, @params);
    }

    private sealed class LargeRule(Hyperparameter maxSquaredNorm) : ShouldSkipUpdate
    {
        public override (NDArray ShouldSkip, OptState State) Decide<T>(T updates, NDArray gradientStep, T? @params)
            where T : default => Optax.SkipLargeUpdates(updates, gradientStep, @params, maxSquaredNorm);
    }
}

/// <summary>The state of <see cref="MultiSteps"/>.</summary>
/// <param name="MiniStep">The number of gradients collected.</param>
/// <param name="GradientStep">The number of updates done.</param>
/// <param name="InnerOptState">The state of the transformation inside.</param>
/// <param name="AccGrads">The gradients collected, a tree like the parameters.</param>
/// <param name="SkipState">What was last decided about leaving out gradients; null where all count.</param>
public sealed record MultiStepsState(
    NDArray MiniStep,
    NDArray GradientStep,
    OptState InnerOptState,
    object? AccGrads,
    OptState? SkipState
) : OptState;

/// <summary>A transformation of gradients that are collected over several steps; see <see cref="Optax.MultiSteps"/>.</summary>
public sealed class MultiSteps : GradientTransformation<MultiStepsState>
{
    private readonly ScalarOrSchedule period;
    private readonly bool useMean;
    private readonly ShouldSkipUpdate? shouldSkip;
    private readonly DType accumulatorDtype;

    internal MultiSteps(
        GradientTransformation inner,
        ScalarOrSchedule period,
        bool useMean,
        ShouldSkipUpdate? shouldSkip,
        DType accumulatorDtype
    )
    {
        InnerOpt = inner;
        this.period = period;
        this.useMean = useMean;
        this.shouldSkip = shouldSkip;
        this.accumulatorDtype = accumulatorDtype;
    }

    /// <summary>The transformation inside.</summary>
    public GradientTransformation InnerOpt { get; }

    /// <summary>Whether the last step gave an update that is not zero.</summary>
    public NDArray HasUpdated(OptState state) =>
        state is MultiStepsState own
            ? Jnp.Equal(own.MiniStep, 0) & (own.GradientStep > 0)
            : throw new TreeException($"HasUpdated needs a MultiStepsState; got {state?.GetType().Name ?? "null"}.");

    /// <summary>The transformation itself.</summary>
    public GradientTransformation GradientTransformation() => this;

    /// <inheritdoc/>
    protected override MultiStepsState InitState<T>(T @params) =>
        new(
            Numerics.Zero,
            Numerics.Zero,
            InnerOpt.Init(@params),
            Optax.Tree.ZerosLike(@params, accumulatorDtype),
            shouldSkip?.Decide(Optax.Tree.ZerosLike(@params), Numerics.Zero, @params).State
        );

    /// <inheritdoc/>
    protected override (T Updates, MultiStepsState State) UpdateState<T>(
        T updates,
        MultiStepsState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        if (shouldSkip is null)
        {
            return Collect(updates, state, @params, extraArgs);
        }

        var (skip, decision) = shouldSkip.Decide(updates, state.GradientStep, @params);
        var decided = state with { SkipState = decision };
        return Lax.Cond(
            skip,
            () => (Optax.Tree.ZerosLike(updates), decided),
            () => Collect(updates, decided, @params, extraArgs)
        );
    }

    private (T Updates, MultiStepsState State) Collect<T>(
        T updates,
        MultiStepsState state,
        T? @params,
        ExtraArgs extraArgs
    )
    {
        NDArray steps = period.At(state.GradientStep);
        var collected = Tree.Map(
            (g, sum) => useMean ? sum + (g - sum) / (state.MiniStep + 1) : g + sum,
            updates,
            Of<T>(state.AccGrads)
        );
        var (final, inner) = InnerOpt.Update(
            Optax.Tree.CastLike(collected, updates),
            state.InnerOptState,
            @params,
            extraArgs
        );
        var emit = Jnp.Equal(state.MiniStep, steps - 1);
        return (
            Tree.Map(u => Jnp.Where(emit, u, Jnp.ZerosLike(u)), final),
            new MultiStepsState(
                Optax.SafeIncrement(state.MiniStep) % steps,
                Jnp.Where(emit, Optax.SafeIncrement(state.GradientStep), state.GradientStep),
                Tree.Map(
                    (before, after) => Jnp.Where(emit, after, before).AsType(before.DType),
                    state.InnerOptState,
                    inner
                ),
                Tree.Map(sum => Jnp.Where(emit, Jnp.ZerosLike(sum), sum).AsType(accumulatorDtype), collected),
                state.SkipState
            )
        );
    }
}
