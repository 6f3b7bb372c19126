using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Transformations one after the other: the updates that one gives are the gradients of the next.</summary>
    /// <exception cref="JaxArgumentException">There are none.</exception>
    /// <example><code>
    /// var tx = optax.Chain(optax.Clip(1.0), optax.Scale(-0.1));
    /// NDArray g = jnp.Array([5f, -0.5f]);
    /// tx.Update(g, tx.Init(g)).Updates; // => [-0.1   0.05]
    /// </code></example>
    public static GradientTransformation Chain(params GradientTransformation[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args.Length > 0
            ? new Chain(args)
            : throw new JaxArgumentException(
                "Chain needs at least one transformation. Use optax.Identity() to change nothing."
            );
    }

    /// <summary>Transformations one after the other, whose states are found under their names.</summary>
    /// <exception cref="JaxArgumentException">Two have one name.</exception>
    public static GradientTransformation NamedChain(
        params (string Name, GradientTransformation Transformation)[] transforms
    )
    {
        ArgumentNullException.ThrowIfNull(transforms);
        string[] names = [.. transforms.Select(t => t.Name)];
        return names.Distinct().Count() == names.Length
            ? new NamedChain(transforms)
            : throw new JaxArgumentException(
                $"NamedChain needs a name of its own for each transformation; got {string.Join(", ", names)}."
            );
    }
}

/// <summary>The states of the transformations of a chain, in order.</summary>
/// <param name="States">One for each transformation.</param>
public sealed record ChainState(IReadOnlyList<OptState> States) : OptState
{
    /// <summary>The state of one transformation.</summary>
    public OptState this[int index] => States[index];
}

/// <summary>The states of the transformations of a named chain.</summary>
/// <param name="States">One for each name.</param>
public sealed record NamedChainState(IReadOnlyDictionary<string, OptState> States) : OptState
{
    /// <summary>The state of one transformation.</summary>
    public OptState this[string name] => States[name];
}

internal sealed class Chain(GradientTransformation[] transforms) : GradientTransformation<ChainState>
{
    protected override ChainState InitState<T>(T @params) => new([.. transforms.Select(t => t.Init(@params))]);

    protected override (T Updates, ChainState State) UpdateState<T>(
        T updates,
        ChainState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        if (state.States.Count != transforms.Length)
        {
            throw new TreeException(
                $"A chain of {transforms.Length} transformations got {state.States.Count} states. Pass the state that its Init gave."
            );
        }

        var next = new List<OptState>(transforms.Length);
        for (int i = 0; i < transforms.Length; i++)
        {
            (updates, var own) = transforms[i].Update(updates, state.States[i], @params, extraArgs);
            next.Add(own);
        }

        return (updates, new ChainState(next));
    }
}

internal sealed class NamedChain((string Name, GradientTransformation Transformation)[] transforms)
    : GradientTransformation<NamedChainState>
{
    protected override NamedChainState InitState<T>(T @params) =>
        new(transforms.ToDictionary(t => t.Name, t => t.Transformation.Init(@params), StringComparer.Ordinal));

    protected override (T Updates, NamedChainState State) UpdateState<T>(
        T updates,
        NamedChainState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        RequireNames(state.States, transforms.Select(t => t.Name));
        var next = new Dictionary<string, OptState>();
        foreach (var (name, transformation) in transforms)
        {
            (updates, next[name]) = transformation.Update(updates, state.States[name], @params, extraArgs);
        }

        return (updates, new NamedChainState(next));
    }
}
