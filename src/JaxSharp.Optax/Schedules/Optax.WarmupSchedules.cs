using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A straight line to a peak, which stays.</summary>
    public static Func<NDArray, NDArray> WarmupConstantSchedule(
        Hyperparameter initValue,
        Hyperparameter peakValue,
        int warmupSteps
    ) => LinearSchedule(initValue, peakValue, warmupSteps);

    /// <summary>A straight line to a peak, then half a cosine wave down.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="peakValue">The value after the warm-up.</param>
    /// <param name="warmupSteps">The number of steps of the warm-up.</param>
    /// <param name="decaySteps">The number of all steps, those of the warm-up included.</param>
    /// <param name="endValue">The value at the end; 0 by default.</param>
    /// <param name="exponent">The power of the wave; 1 by default.</param>
    /// <exception cref="JaxArgumentException">No steps are left after the warm-up.</exception>
    /// <example><code>
    /// var schedule = optax.WarmupCosineDecaySchedule(0.0, 1.0, warmupSteps: 2, decaySteps: 6);
    /// jnp.Stack([schedule(0), schedule(1), schedule(2), schedule(4), schedule(6)]); // => [0.  0.5 1.  0.5 0. ]
    /// </code></example>
    public static Func<NDArray, NDArray> WarmupCosineDecaySchedule(
        Hyperparameter initValue,
        Hyperparameter peakValue,
        int warmupSteps,
        int decaySteps,
        Hyperparameter? endValue = null,
        Hyperparameter? exponent = null
    )
    {
        Hyperparameter alpha = peakValue.Is(0) ? 0 : (endValue ?? 0) / peakValue;
        return JoinSchedules(
            [
                LinearSchedule(initValue, peakValue, warmupSteps),
                CosineDecaySchedule(peakValue, decaySteps - warmupSteps, alpha, exponent),
            ],
            [warmupSteps]
        );
    }

    /// <summary>A straight line to a peak, then <see cref="ExponentialDecay"/>.</summary>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="peakValue">The value after the warm-up.</param>
    /// <param name="warmupSteps">The number of steps of the warm-up.</param>
    /// <param name="transitionSteps">The number of steps for one factor.</param>
    /// <param name="decayRate">The factor.</param>
    /// <param name="transitionBegin">The number of steps after the warm-up before the decay begins.</param>
    /// <param name="staircase">Whether the value changes only after whole transitions.</param>
    /// <param name="endValue">Where it stops.</param>
    public static Func<NDArray, NDArray> WarmupExponentialDecaySchedule(
        Hyperparameter initValue,
        Hyperparameter peakValue,
        int warmupSteps,
        int transitionSteps,
        double decayRate,
        int transitionBegin = 0,
        bool staircase = false,
        Hyperparameter? endValue = null
    ) =>
        JoinSchedules(
            [
                LinearSchedule(initValue, peakValue, warmupSteps),
                ExponentialDecay(peakValue, transitionSteps, decayRate, transitionBegin, staircase, endValue),
            ],
            [warmupSteps]
        );

    /// <summary>Cycles of warm-up and cosine decay, one after the other: warm restarts.</summary>
    /// <example><code>
    /// var schedule = optax.SgdrSchedule([new CosineCycle(0, 1, 2, 8), new CosineCycle(0, 0.5, 1, 6)]);
    /// jnp.Stack([schedule(2), schedule(8), schedule(9)]); // => [1.  0.  0.5]
    /// </code></example>
    public static Func<NDArray, NDArray> SgdrSchedule(IReadOnlyList<CosineCycle> cosineKwargs)
    {
        ArgumentNullException.ThrowIfNull(cosineKwargs);
        var boundaries = new List<int>();
        int step = 0;
        foreach (var cycle in cosineKwargs.SkipLast(1))
        {
            boundaries.Add(step += cycle.DecaySteps);
        }

        return JoinSchedules(
            [
                .. cosineKwargs.Select(cycle =>
                    WarmupCosineDecaySchedule(
                        cycle.InitValue,
                        cycle.PeakValue,
                        cycle.WarmupSteps,
                        cycle.DecaySteps,
                        cycle.EndValue,
                        cycle.Exponent
                    )
                ),
            ],
            boundaries
        );
    }

    /// <summary>A value multiplied by a factor at each of some steps, and in between interpolated.</summary>
    /// <param name="interpolateType"><c>linear</c> or <c>cosine</c>.</param>
    /// <param name="initValue">The value at the beginning.</param>
    /// <param name="boundariesAndScales">From steps to factors.</param>
    /// <exception cref="JaxArgumentException">A factor is negative, or the interpolation is another.</exception>
    public static Func<NDArray, NDArray> PiecewiseInterpolateSchedule(
        string interpolateType,
        Hyperparameter initValue,
        IReadOnlyDictionary<int, double>? boundariesAndScales = null
    )
    {
        Func<NDArray, NDArray, NDArray, NDArray> interpolate = interpolateType switch
        {
            "linear" => (start, end, part) => (end - start) * part + start,
            "cosine" => (start, end, part) => end + (start - end) / 2.0 * (Jnp.Cos(Math.PI * part) + 1),
            _ => throw new JaxArgumentException(
                $"PiecewiseInterpolateSchedule interpolates by 'linear' or 'cosine'; got '{interpolateType}'."
            ),
        };
        var sorted = Boundaries(nameof(PiecewiseInterpolateSchedule), boundariesAndScales);
        int[] steps = [0, .. sorted.Select(b => b.Key)];
        return count =>
        {
            var bounds = Jnp.Array(steps);
            var values = Jnp.CumProd(Jnp.Stack([(NDArray)initValue, .. sorted.Select(b => (NDArray)b.Value)]));
            NDArray starts = bounds[..^1];
            NDArray ends = bounds[1..];
            var inside = (starts <= count) & (count < ends);
            var part = (count - starts) / Jnp.Maximum(ends - starts, 1);
            return Jnp.Dot(inside, interpolate(values[..^1], values[1..], part)) + (bounds[-1] <= count) * values[-1];
        };
    }

    /// <summary>Three straight lines: up to a peak, back down, and on to the end.</summary>
    /// <param name="transitionSteps">The number of steps.</param>
    /// <param name="peakValue">The largest value.</param>
    /// <param name="pctStart">The part of the steps after which the peak is reached.</param>
    /// <param name="pctFinal">The part of the steps after which the first value is reached again.</param>
    /// <param name="divFactor">The peak divided by the first value.</param>
    /// <param name="finalDivFactor">The first value divided by the last.</param>
    /// <exception cref="JaxArgumentException">The number of steps is not positive.</exception>
    public static Func<NDArray, NDArray> LinearOnecycleSchedule(
        int transitionSteps,
        double peakValue,
        double pctStart = 0.3,
        double pctFinal = 0.85,
        double divFactor = 25.0,
        double finalDivFactor = 1e4
    )
    {
        RequirePositive(nameof(LinearOnecycleSchedule), nameof(transitionSteps), transitionSteps);
        return PiecewiseInterpolateSchedule(
            "linear",
            peakValue / divFactor,
            new Dictionary<int, double>
            {
                [(int)(pctStart * transitionSteps)] = divFactor,
                [(int)(pctFinal * transitionSteps)] = 1 / divFactor,
                [transitionSteps] = 1 / finalDivFactor,
            }
        );
    }

    /// <summary>Two half cosine waves: up to a peak, and down to the end.</summary>
    /// <param name="transitionSteps">The number of steps.</param>
    /// <param name="peakValue">The largest value.</param>
    /// <param name="pctStart">The part of the steps after which the peak is reached.</param>
    /// <param name="divFactor">The peak divided by the first value.</param>
    /// <param name="finalDivFactor">The first value divided by the last.</param>
    /// <exception cref="JaxArgumentException">The number of steps is not positive.</exception>
    public static Func<NDArray, NDArray> CosineOnecycleSchedule(
        int transitionSteps,
        double peakValue,
        double pctStart = 0.3,
        double divFactor = 25.0,
        double finalDivFactor = 1e4
    )
    {
        RequirePositive(nameof(CosineOnecycleSchedule), nameof(transitionSteps), transitionSteps);
        return PiecewiseInterpolateSchedule(
            "cosine",
            peakValue / divFactor,
            new Dictionary<int, double>
            {
                [(int)(pctStart * transitionSteps)] = divFactor,
                [transitionSteps] = 1 / (divFactor * finalDivFactor),
            }
        );
    }
}

/// <summary>One cycle of <see cref="Optax.SgdrSchedule"/>.</summary>
/// <param name="InitValue">The value at the beginning.</param>
/// <param name="PeakValue">The value after the warm-up.</param>
/// <param name="WarmupSteps">The number of steps of the warm-up.</param>
/// <param name="DecaySteps">The number of all steps, those of the warm-up included.</param>
/// <param name="EndValue">The value at the end.</param>
/// <param name="Exponent">The power of the wave.</param>
public sealed record CosineCycle(
    double InitValue,
    double PeakValue,
    int WarmupSteps,
    int DecaySteps,
    double EndValue = 0,
    double Exponent = 1
);
