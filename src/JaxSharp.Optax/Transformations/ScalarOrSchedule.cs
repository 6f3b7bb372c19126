using System;

namespace JaxSharp.Optax;

/// <summary>
/// A hyperparameter that may change with time, such as a learning rate: a number, a scalar array, or a schedule, a function from the
/// number of steps done to the value.
/// </summary>
/// <example><code>
/// ScalarOrSchedule fixedRate = 0.1;
/// ScalarOrSchedule falling = optax.ExponentialDecay(initValue: 0.1, transitionSteps: 10, decayRate: 0.5);
/// falling.At(10); // => 0.05
/// </code></example>
public readonly struct ScalarOrSchedule
{
    private readonly Hyperparameter value;

    private ScalarOrSchedule(Hyperparameter value, Func<NDArray, NDArray>? schedule)
    {
        this.value = value;
        Schedule = schedule;
    }

    /// <summary>The schedule; null for a value that stays.</summary>
    public Func<NDArray, NDArray>? Schedule { get; }

    /// <summary>The value, where there is no schedule.</summary>
    public Hyperparameter Value =>
        Schedule is null
            ? value
            : throw new JaxArgumentException("A schedule has no single value; call At with the number of steps.");

    /// <summary>An integer that stays.</summary>
    public static implicit operator ScalarOrSchedule(int value) => new(value, null);

    /// <summary>A number that stays.</summary>
    public static implicit operator ScalarOrSchedule(double value) => new(value, null);

    /// <summary>A scalar array.</summary>
    public static implicit operator ScalarOrSchedule(NDArray value) => new(value, null);

    /// <summary>A value that stays.</summary>
    public static implicit operator ScalarOrSchedule(Hyperparameter value) => new(value, null);

    /// <summary>A function from the number of steps done to the value.</summary>
    public static implicit operator ScalarOrSchedule(Func<NDArray, NDArray> schedule)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return new(default, schedule);
    }

    /// <summary>The value after a number of steps.</summary>
    public Hyperparameter At(NDArray count) => Schedule is { } schedule ? schedule(count) : value;
}
