using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Leaves the updates as they are and keeps a measurement of them in its state.</summary>
    /// <typeparam name="TUpdates">The type of the updates.</typeparam>
    /// <param name="measureName">The name of the measurement.</param>
    /// <param name="measure">From the updates to the measurement.</param>
    public static GradientTransformation Snapshot<TUpdates>(string measureName, Func<TUpdates, NDArray> measure) =>
        new Snapshot<TUpdates>(measureName, measure);

    /// <summary>Leaves the updates as they are and keeps measurements of them in its state.</summary>
    /// <typeparam name="TUpdates">The type of the updates.</typeparam>
    /// <param name="measures">The measurements by name; see <see cref="Measure{TUpdates}"/>.</param>
    /// <example><code>
    /// var tx = optax.Monitor(new Dictionary&lt;string, Measure&lt;NDArray&gt;&gt;
    /// {
    ///     ["norm"] = Measure.Of((NDArray g) => optax.GlobalNorm(g)),
    ///     ["average"] = optax.MeasureWithEma((NDArray g) => jnp.Sum(g), 0.9),
    /// });
    /// NDArray g = jnp.Array([3f, 4f]);
    /// var (_, state) = tx.Update(g, tx.Init(g));
    /// ((MonitorState)state).Measurements["norm"];    // => 5.0
    /// ((MonitorState)state).Measurements["average"]; // => 7.0
    /// </code></example>
    public static GradientTransformation Monitor<TUpdates>(IReadOnlyDictionary<string, Measure<TUpdates>> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        return new Monitor<TUpdates>([.. measures]);
    }

    /// <summary>An exponential moving average of a measurement, for <see cref="Monitor"/>.</summary>
    /// <typeparam name="TUpdates">The type of the updates.</typeparam>
    /// <param name="measure">From the updates to the measurement.</param>
    /// <param name="decay">The decay of the average.</param>
    /// <param name="debias">Whether the average is divided by the sum of its weights.</param>
    /// <param name="accumulatorDtype">The element type of the average; that of the measurement by default.</param>
    public static Measure<TUpdates> MeasureWithEma<TUpdates>(
        Func<TUpdates, NDArray> measure,
        Hyperparameter decay,
        bool debias = true,
        DType? accumulatorDtype = null
    ) => new(measure, Ema(decay, debias, accumulatorDtype));
}

/// <summary>A measurement of updates, which a transformation may smooth.</summary>
/// <typeparam name="TUpdates">The type of the updates.</typeparam>
public sealed class Measure<TUpdates>
{
    internal Measure(Func<TUpdates, NDArray> function, GradientTransformation smoothing)
    {
        Function = function;
        Smoothing = smoothing;
    }

    internal Func<TUpdates, NDArray> Function { get; }

    internal GradientTransformation Smoothing { get; }
}

/// <summary>Makes a <see cref="Measure{TUpdates}"/>.</summary>
public static class Measure
{
    /// <summary>The measurement that a function makes.</summary>
    public static Measure<TUpdates> Of<TUpdates>(Func<TUpdates, NDArray> function) => new(function, Optax.Identity());
}

/// <summary>The state of <see cref="Optax.Snapshot"/>.</summary>
/// <param name="Measurement">The measurement by its name.</param>
public sealed record SnapshotState(IReadOnlyDictionary<string, NDArray> Measurement) : OptState;

/// <summary>The state of <see cref="Optax.Monitor"/>.</summary>
/// <param name="Measurements">The measurements by name; none before the first step.</param>
/// <param name="MeasureStates">The state of each measurement.</param>
public sealed record MonitorState(
    IReadOnlyDictionary<string, NDArray> Measurements,
    IReadOnlyList<OptState> MeasureStates
) : OptState;

internal sealed class Snapshot<TUpdates>(string name, Func<TUpdates, NDArray> measure)
    : GradientTransformation<SnapshotState>
{
    protected override string Name => nameof(Optax.Snapshot);

    protected override SnapshotState InitState<T>(T @params) => Take(@params);

    protected override (T Updates, SnapshotState State) UpdateState<T>(
        T updates,
        SnapshotState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default => (updates, Take(updates));

    private SnapshotState Take<T>(T updates) =>
        new(new Dictionary<string, NDArray> { [name] = measure(Of<TUpdates>(updates)) });
}

internal sealed class Monitor<TUpdates>(KeyValuePair<string, Measure<TUpdates>>[] measures)
    : GradientTransformation<MonitorState>
{
    protected override string Name => nameof(Optax.Monitor);

    protected override MonitorState InitState<T>(T @params) =>
        new(
            new Dictionary<string, NDArray>(),
            [.. measures.Select(m => m.Value.Smoothing.Init(m.Value.Function(Of<TUpdates>(@params))))]
        );

    protected override (T Updates, MonitorState State) UpdateState<T>(
        T updates,
        MonitorState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var measurements = new Dictionary<string, NDArray>();
        var states = new List<OptState>();
        foreach (var ((name, measure), before) in measures.Zip(state.MeasureStates))
        {
            (measurements[name], var after) = measure.Smoothing.Update(measure.Function(Of<TUpdates>(updates)), before);
            states.Add(after);
        }

        return (updates, new MonitorState(measurements, states));
    }
}
