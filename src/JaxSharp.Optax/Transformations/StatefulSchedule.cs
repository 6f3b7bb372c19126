using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

/// <summary>
/// A schedule whose value depends on more than the number of steps, such as the values of the loss: it keeps a state, a tree of arrays.
/// For <see cref="Optax.InjectHyperparams"/>.
/// </summary>
public abstract class StatefulSchedule
{
    /// <summary>The state before the first step.</summary>
    public abstract object Init();

    /// <summary>The state after a step.</summary>
    public abstract object Update(object state, ExtraArgs extraArgs);

    /// <summary>The value in a step.</summary>
    public abstract NDArray Value(object state, ExtraArgs extraArgs);
}

/// <summary>The state of a schedule that counts steps.</summary>
/// <param name="Count">The number of steps done.</param>
public sealed record WrappedScheduleState(NDArray Count);

/// <summary>A function of the number of steps as a <see cref="StatefulSchedule"/>.</summary>
public sealed class WrappedSchedule(Func<NDArray, NDArray> scheduleFn) : StatefulSchedule
{
    /// <inheritdoc/>
    public override object Init() => new WrappedScheduleState(Jnp.Zeros(Shape.Scalar, DType.I32));

    /// <inheritdoc/>
    public override object Update(object state, ExtraArgs extraArgs) =>
        new WrappedScheduleState(Optax.SafeIncrement(((WrappedScheduleState)state).Count));

    /// <inheritdoc/>
    public override NDArray Value(object state, ExtraArgs extraArgs) => scheduleFn(((WrappedScheduleState)state).Count);
}

/// <summary>A hyperparameter that is kept in the state: a number, an array, or a schedule.</summary>
public readonly struct InjectedHyperparameter
{
    private readonly Hyperparameter value;

    private InjectedHyperparameter(Hyperparameter value, StatefulSchedule? schedule)
    {
        this.value = value;
        Schedule = schedule;
    }

    /// <summary>The schedule; null for a value.</summary>
    internal StatefulSchedule? Schedule { get; }

    /// <summary>The value, where there is no schedule.</summary>
    internal NDArray Value => value;

    /// <summary>A number.</summary>
    public static implicit operator InjectedHyperparameter(double value) => new(value, null);

    /// <summary>An integer.</summary>
    public static implicit operator InjectedHyperparameter(int value) => new(value, null);

    /// <summary>A scalar array.</summary>
    public static implicit operator InjectedHyperparameter(NDArray value) => new(value, null);

    /// <summary>A function of the number of steps done.</summary>
    public static implicit operator InjectedHyperparameter(Func<NDArray, NDArray> schedule) =>
        new(default, new WrappedSchedule(schedule));

    /// <summary>A schedule with a state.</summary>
    public static implicit operator InjectedHyperparameter(StatefulSchedule schedule) => new(default, schedule);
}
