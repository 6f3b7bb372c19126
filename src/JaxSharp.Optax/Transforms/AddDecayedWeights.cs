using System;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adds the parameters times a number to the updates: weight decay.</summary>
    /// <param name="weightDecay">A number or a schedule; 0 by default.</param>
    /// <param name="mask">Which parameters decay; all by default.</param>
    public static GradientTransformation AddDecayedWeights(ScalarOrSchedule? weightDecay = null, Mask? mask = null)
    {
        ScalarOrSchedule decay = weightDecay ?? 0;
        GradientTransformation transformation = decay.Schedule is { } schedule
            ? new AddDecayedWeights(schedule)
            : new Leafwise(nameof(AddDecayedWeights), (g, p) => g + decay.Value * p!, needsParams: true);
        return mask is null ? transformation : Masked(transformation, mask);
    }
}

/// <summary>The state of <see cref="Optax.AddDecayedWeights"/> with a schedule.</summary>
/// <param name="Count">The number of steps done.</param>
public sealed record WeightDecaySchedule(NDArray Count) : OptState;

internal sealed class AddDecayedWeights(Func<NDArray, NDArray> schedule) : GradientTransformation<WeightDecaySchedule>
{
    protected override WeightDecaySchedule InitState<T>(T @params) => new(Numerics.Zero);

    protected override (T Updates, WeightDecaySchedule State) UpdateState<T>(
        T updates,
        WeightDecaySchedule state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var decay = schedule(state.Count);
        return (
            Tree.Map((g, p) => g + decay * p, updates, Required(@params, updates)),
            new WeightDecaySchedule(Optax.SafeIncrement(state.Count))
        );
    }
}
