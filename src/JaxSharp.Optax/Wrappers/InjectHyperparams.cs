using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// A transformation whose hyperparameters are arrays in its state: they can be read and changed between steps, also of a compiled
    /// step, and any of them may follow a schedule.
    /// </summary>
    /// <param name="innerFactory">Makes the transformation of the present values.</param>
    /// <param name="hyperparams">The values, or schedules, by name.</param>
    /// <param name="hyperparamDtype">The element type of the values; the highest of the parameters by default.</param>
    /// <example><code>
    /// var optimizer = optax.InjectHyperparams(h => optax.Sgd(h["rate"]), new Dictionary&lt;string, InjectedHyperparameter&gt; { ["rate"] = 0.1 });
    /// NDArray g = jnp.Array([1f]);
    /// var state = (InjectStatefulHyperparamsState)optimizer.Init(g);
    /// state = state.With("rate", 0.5);
    /// optimizer.Update(g, state, g).Updates; // => [-0.5]
    /// </code></example>
    public static GradientTransformation InjectHyperparams(
        Func<IReadOnlyDictionary<string, Hyperparameter>, GradientTransformation> innerFactory,
        IReadOnlyDictionary<string, InjectedHyperparameter> hyperparams,
        DType? hyperparamDtype = null
    ) => new InjectHyperparams(innerFactory, hyperparams, hyperparamDtype);

    /// <inheritdoc cref="InjectHyperparams"/>
    public static GradientTransformation InjectStatefulHyperparams(
        Func<IReadOnlyDictionary<string, Hyperparameter>, GradientTransformation> innerFactory,
        IReadOnlyDictionary<string, InjectedHyperparameter> hyperparams,
        DType? hyperparamDtype = null
    ) => InjectHyperparams(innerFactory, hyperparams, hyperparamDtype);
}

/// <summary>The state of <see cref="Optax.InjectHyperparams"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Hyperparams">The values in the last step, by name.</param>
/// <param name="HyperparamsStates">The states of the schedules, by name.</param>
/// <param name="InnerState">The state of the transformation inside.</param>
public sealed record InjectStatefulHyperparamsState(
    NDArray Count,
    IReadOnlyDictionary<string, NDArray> Hyperparams,
    IReadOnlyDictionary<string, object?> HyperparamsStates,
    OptState InnerState
) : OptState
{
    /// <summary>The state with another value of a hyperparameter, in its element type.</summary>
    /// <exception cref="JaxArgumentException">There is no such hyperparameter.</exception>
    public InjectStatefulHyperparamsState With(string name, NDArray value)
    {
        if (!Hyperparams.TryGetValue(name, out var old))
        {
            throw new JaxArgumentException(
                $"There is no hyperparameter '{name}'; there are {string.Join(", ", Hyperparams.Keys)}."
            );
        }

        return this with
        {
            Hyperparams = new Dictionary<string, NDArray>(Hyperparams) { [name] = value.AsType(old.DType) },
        };
    }
}

internal sealed class InjectHyperparams(
    Func<IReadOnlyDictionary<string, Hyperparameter>, GradientTransformation> factory,
    IReadOnlyDictionary<string, InjectedHyperparameter> hyperparams,
    DType? dtype
) : GradientTransformation<InjectStatefulHyperparamsState>
{
    protected override InjectStatefulHyperparamsState InitState<T>(T @params)
    {
        var states = new Dictionary<string, object?>();
        var values = new Dictionary<string, NDArray>();
        var type = dtype ?? Optax.Tree.Dtype(@params, "highest");
        foreach (var (name, hyperparameter) in hyperparams)
        {
            if (hyperparameter.Schedule is { } schedule)
            {
                object state = schedule.Init();
                states[name] = state;
                values[name] = Converted(schedule.Value(state, ExtraArgs.None), type);
            }
            else
            {
                values[name] = Converted(hyperparameter.Value, type);
            }
        }

        return new(Numerics.Zero, values, states, Make(values).Init(@params));
    }

    protected override (T Updates, InjectStatefulHyperparamsState State) UpdateState<T>(
        T updates,
        InjectStatefulHyperparamsState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var type = dtype ?? Optax.Tree.Dtype(IsMissing(@params, updates) ? updates : @params, "highest");
        var states = new Dictionary<string, object?>();
        var values = state.Hyperparams.ToDictionary(entry => entry.Key, entry => Converted(entry.Value, type));
        foreach (var (name, hyperparameter) in hyperparams)
        {
            if (hyperparameter.Schedule is { } schedule)
            {
                object before = state.HyperparamsStates[name]!;
                values[name] = Converted(schedule.Value(before, extraArgs), type);
                states[name] = schedule.Update(before, extraArgs);
            }
        }

        var (result, inner) = Make(values).Update(updates, state.InnerState, @params, extraArgs);
        return (result, new InjectStatefulHyperparamsState(Optax.SafeIncrement(state.Count), values, states, inner));
    }

    private GradientTransformation Make(Dictionary<string, NDArray> values) =>
        factory(values.ToDictionary(entry => entry.Key, entry => (Hyperparameter)entry.Value));

    // Numbers take the type of the parameters; arrays of a type of their own keep it.
    private static NDArray Converted(NDArray value, DType type) =>
        value.WeakType && value.DType.IsFloating ? value.AsType(type) : value;
}
