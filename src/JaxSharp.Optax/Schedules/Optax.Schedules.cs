using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A schedule that keeps one value.</summary>
    /// <example><code>optax.ConstantSchedule(0.1)(100); // => 0.1</code></example>
    public static Func<NDArray, NDArray> ConstantSchedule(Hyperparameter value) => _ => value;

    /// <summary>From one value to another, (1 − t / steps)ᵖᵒʷᵉʳ of the way remaining.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="endValue">The value at the end.</param>
    /// <param name="power">1 for a straight line.</param>
    /// <param name="transitionSteps">The number of steps; not positive: the first value stays.</param>
    /// <param name="transitionBegin">The number of steps before it begins.</param>
    public static Func<NDArray, NDArray> PolynomialSchedule(
        Hyperparameter initValue,
        Hyperparameter endValue,
        NDArray power,
        int transitionSteps,
        int transitionBegin = 0
    )
    {
        if (transitionSteps <= 0)
        {
            return ConstantSchedule(initValue);
        }

        int begin = Math.Max(0, transitionBegin);
        return count =>
        {
            NDArray first = initValue;
            NDArray last = endValue;
            var remaining = 1 - Jnp.Clip(count - begin, 0, transitionSteps) / transitionSteps;
            return (first - last) * Jnp.Power(remaining, power) + last;
        };
    }

    /// <summary>A straight line from one value to another.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="endValue">The value at the end.</param>
    /// <param name="transitionSteps">The number of steps; not positive: the first value stays.</param>
    /// <param name="transitionBegin">The number of steps before it begins.</param>
    /// <example><code>
    /// var schedule = optax.LinearSchedule(1.0, 0.0, transitionSteps: 10);
    /// schedule(3);  // => 0.7
    /// schedule(20); // => 0.0
    /// </code></example>
    public static Func<NDArray, NDArray> LinearSchedule(
        Hyperparameter initValue,
        Hyperparameter endValue,
        int transitionSteps,
        int transitionBegin = 0
    ) => PolynomialSchedule(initValue, endValue, 1, transitionSteps, transitionBegin);

    /// <summary>A value multiplied by a factor at each of some steps.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="boundariesAndScales">From steps to factors.</param>
    /// <exception cref="JaxArgumentException">A factor is negative.</exception>
    public static Func<NDArray, NDArray> PiecewiseConstantSchedule(
        Hyperparameter initValue,
        IReadOnlyDictionary<int, double>? boundariesAndScales = null
    )
    {
        var boundaries = Boundaries(nameof(PiecewiseConstantSchedule), boundariesAndScales);
        return count =>
        {
            NDArray value = initValue;
            foreach (var (threshold, scale) in boundaries)
            {
                var before = Jnp.Maximum(0.0, Jnp.Sign(threshold - count));
                value = value * before + (1 - before) * scale * value;
            }

            return value;
        };
    }

    /// <summary>A value multiplied by decayRate in every transitionSteps steps, evenly.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="transitionSteps">The number of steps for one factor; not positive: the first value stays.</param>
    /// <param name="decayRate">The factor; 0: the first value stays.</param>
    /// <param name="transitionBegin">The number of steps before it begins.</param>
    /// <param name="staircase">Whether the value changes only after whole transitions.</param>
    /// <param name="endValue">Where it stops: a lower bound for factors below 1, otherwise an upper bound.</param>
    public static Func<NDArray, NDArray> ExponentialDecay(
        Hyperparameter initValue,
        int transitionSteps,
        double decayRate,
        int transitionBegin = 0,
        bool staircase = false,
        Hyperparameter? endValue = null
    )
    {
        if (transitionSteps <= 0 || decayRate == 0)
        {
            return ConstantSchedule(initValue);
        }

        int begin = Math.Max(0, transitionBegin);
        return count =>
        {
            var passed = count - begin;
            var exponent = passed / transitionSteps;
            exponent = staircase ? Jnp.Floor(exponent) : exponent;
            var value = Jnp.Where(passed <= 0, initValue, initValue * Jnp.Power(decayRate, exponent));
            return endValue is not { } end ? value
                : decayRate < 1 ? Jnp.Maximum(value, end)
                : Jnp.Minimum(value, end);
        };
    }

    /// <summary>Half a cosine wave, from the first value to alpha times it.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="decaySteps">The number of steps.</param>
    /// <param name="alpha">The fraction of the first value that remains; 0 by default.</param>
    /// <param name="exponent">The power of the wave; 1 by default.</param>
    /// <exception cref="JaxArgumentException">The number of steps is not positive.</exception>
    public static Func<NDArray, NDArray> CosineDecaySchedule(
        Hyperparameter initValue,
        int decaySteps,
        Hyperparameter? alpha = null,
        Hyperparameter? exponent = null
    )
    {
        RequirePositive(nameof(CosineDecaySchedule), nameof(decaySteps), decaySteps);
        var floor = alpha ?? 0;
        return count =>
        {
            var passed = Jnp.Minimum(count, (double)decaySteps);
            var wave = 0.5 * (1 + Jnp.Cos(Math.PI * passed / (double)decaySteps));
            return initValue * ((1 - floor) * Jnp.Power(wave, exponent ?? 1.0) + floor);
        };
    }

    /// <summary>Several schedules one after the other, each counting from its own beginning.</summary>
    /// <param name="schedules">The schedules.</param>
    /// <param name="boundaries">The steps at which the second, third, … begin.</param>
    /// <exception cref="JaxArgumentException">There are no schedules.</exception>
    public static Func<NDArray, NDArray> JoinSchedules(
        IReadOnlyList<Func<NDArray, NDArray>> schedules,
        IReadOnlyList<int> boundaries
    )
    {
        ArgumentNullException.ThrowIfNull(schedules);
        ArgumentNullException.ThrowIfNull(boundaries);
        if (schedules.Count == 0)
        {
            throw new JaxArgumentException(
                "JoinSchedules needs at least one schedule; got none. Use optax.ConstantSchedule for a value that stays."
            );
        }

        return step =>
        {
            var value = schedules[0](step);
            foreach (var (boundary, schedule) in boundaries.Zip(schedules.Skip(1)))
            {
                value = Jnp.Where(step < boundary, value, schedule(step - boundary));
            }

            return value;
        };
    }

    private static KeyValuePair<int, double>[] Boundaries(
        string caller,
        IReadOnlyDictionary<int, double>? boundariesAndScales
    )
    {
        KeyValuePair<int, double>[] sorted =
        [
            .. (boundariesAndScales ?? new Dictionary<int, double>()).OrderBy(b => b.Key),
        ];
        foreach (var (boundary, scale) in sorted)
        {
            if (scale < 0)
            {
                throw new JaxArgumentException(
                    $"{caller} needs factors that are not negative; got {scale} at step {boundary}."
                );
            }
        }

        return sorted;
    }

    private static void RequirePositive(string caller, string name, int value)
    {
        if (value <= 0)
        {
            throw new JaxArgumentException($"{caller} needs a positive {name}; got {value}.");
        }
    }
}
