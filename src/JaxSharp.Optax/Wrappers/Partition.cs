using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Several transformations, each for the parameters with its label.</summary>
    /// <param name="transforms">A transformation for each label.</param>
    /// <param name="paramLabels">The labels of the parameters.</param>
    /// <exception cref="JaxArgumentException">At Init: a label has no transformation.</exception>
    /// <example><code>
    /// var tx = optax.Partition(
    ///     new Dictionary&lt;string, GradientTransformation&gt; { ["slow"] = optax.Sgd(0.1), ["fast"] = optax.Sgd(1.0) },
    ///     new Dictionary&lt;string, string&gt; { ["a"] = "slow", ["b"] = "fast" }
    /// );
    /// var p = new Dictionary&lt;string, NDArray&gt; { ["a"] = 1f, ["b"] = 1f };
    /// tx.Update(p, tx.Init(p)).Updates; // => {a: -0.1, b: -1.0}
    /// </code></example>
    public static GradientTransformation Partition(
        IReadOnlyDictionary<string, GradientTransformation> transforms,
        Labels paramLabels
    ) => new Partition(transforms, paramLabels);

    /// <inheritdoc cref="Partition"/>
    public static GradientTransformation MultiTransform(
        IReadOnlyDictionary<string, GradientTransformation> transforms,
        Labels paramLabels
    ) => Partition(transforms, paramLabels);
}

/// <summary>The state of <see cref="Optax.Partition"/>.</summary>
/// <param name="InnerStates">The state of the transformation of each label.</param>
public sealed record PartitionState(IReadOnlyDictionary<string, OptState> InnerStates) : OptState;

internal sealed class Partition(IReadOnlyDictionary<string, GradientTransformation> transforms, Labels labels)
    : GradientTransformation<PartitionState>
{
    protected override PartitionState InitState<T>(T @params)
    {
        string[] names = labels.Names(@params);
        if (Array.Find(names, name => !transforms.ContainsKey(name)) is { } unknown)
        {
            throw new JaxArgumentException(
                $"Partition has no transformation for the label '{unknown}'; it has {string.Join(", ", transforms.Keys.Order(StringComparer.Ordinal))}."
            );
        }

        return new PartitionState(
            transforms.ToDictionary(
                entry => entry.Key,
                entry => For(entry.Value, names, entry.Key).Init(@params),
                StringComparer.Ordinal
            )
        );
    }

    protected override (T Updates, PartitionState State) UpdateState<T>(
        T updates,
        PartitionState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        RequireNames(state.InnerStates, transforms.Keys);
        string[] names = labels.Names(updates);
        var next = new Dictionary<string, OptState>();
        foreach (var (label, transformation) in transforms)
        {
            (updates, next[label]) = For(transformation, names, label)
                .Update(updates, state.InnerStates[label], @params, extraArgs);
        }

        return (updates, new PartitionState(next));
    }

    private static Masked For(GradientTransformation transformation, string[] names, string label) =>
        new(transformation, Mask.Fixed(Array.ConvertAll(names, name => name == label)));
}
