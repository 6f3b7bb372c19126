using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The updates times a number.</summary>
    public static GradientTransformation Scale(Hyperparameter stepSize) =>
        new Leafwise(nameof(Scale), (g, _) => stepSize * g, needsParams: false);

    /// <summary>The updates times the value of a schedule, which counts the steps from 0.</summary>
    public static GradientTransformation ScaleBySchedule(Func<NDArray, NDArray> stepSizeFn) =>
        new ScaleBySchedule(stepSizeFn);

    /// <summary>The updates times a learning rate, with the sign turned so that steps go downhill.</summary>
    /// <param name="learningRate">A number or a schedule; null for no scaling at all, sign included.</param>
    /// <param name="flipSign">Whether to turn the sign.</param>
    public static GradientTransformation ScaleByLearningRate(ScalarOrSchedule? learningRate, bool flipSign = true)
    {
        return learningRate switch
        {
            null => Identity(),
            { Schedule: { } schedule } => ScaleBySchedule(flipSign ? count => -schedule(count) : schedule),
            { } rate => Scale(flipSign ? -rate.Value : rate.Value),
        };
    }

    /// <summary>The signs of the updates.</summary>
    public static GradientTransformation ScaleBySign() =>
        new Leafwise(nameof(ScaleBySign), (g, _) => Jnp.Sign(g), needsParams: false);
}

/// <summary>The state of <see cref="Optax.ScaleBySchedule"/>.</summary>
/// <param name="Count">The number of steps done.</param>
public sealed record ScaleByScheduleState(NDArray Count) : OptState;

internal sealed class ScaleBySchedule(Func<NDArray, NDArray> stepSize) : GradientTransformation<ScaleByScheduleState>
{
    protected override ScaleByScheduleState InitState<T>(T @params) => new(Numerics.Zero);

    protected override (T Updates, ScaleByScheduleState State) UpdateState<T>(
        T updates,
        ScaleByScheduleState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var size = stepSize(state.Count);
        return (
            Tree.Map(g => size.AsType(g.DType) * g, updates),
            new ScaleByScheduleState(Optax.SafeIncrement(state.Count))
        );
    }
}
