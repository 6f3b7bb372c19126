using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Optax;

/// <summary>
/// The base of transformations that keep a state of one type: derive from it to write your own. The type of the parameters is known only
/// in the methods, so a state holds trees as <c>object</c>; <see cref="Of{T}"/> gives them their type back.
/// </summary>
/// <typeparam name="TState">The type of the state, a record.</typeparam>
public abstract class GradientTransformation<TState> : GradientTransformation
    where TState : OptState
{
    /// <summary>The name that messages use: Optax's name of the function that makes the transformation.</summary>
    protected virtual string Name => GetType().Name;

    /// <inheritdoc/>
    public sealed override OptState Init<T>(T @params) => InitState(@params);

    /// <inheritdoc/>
    public sealed override (T Updates, OptState State) Update<T>(
        T updates,
        OptState state,
        T? @params = default,
        ExtraArgs? extraArgs = null
    )
        where T : default =>
        state is TState own
            ? UpdateState(updates, own, @params, extraArgs ?? ExtraArgs.None)
            : throw new TreeException(
                $"The update of {Name} needs a {typeof(TState).Name}; got {state?.GetType().Name ?? "null"}. "
                    + "Pass the state that the Init of the same transformation or its last Update gave."
            );

    /// <inheritdoc cref="GradientTransformation.Init"/>
    protected abstract TState InitState<T>(T @params);

    /// <inheritdoc cref="GradientTransformation.Update"/>
    protected abstract (T Updates, TState State) UpdateState<T>(
        T updates,
        TState state,
        T? @params,
        ExtraArgs extraArgs
    );

    /// <summary>The parameters, where a transformation cannot do without.</summary>
    /// <exception cref="JaxArgumentException">There are none.</exception>
    protected T Required<T>(T? @params, T updates) =>
        IsMissing(@params, updates)
            ? throw new JaxArgumentException(
                $"{Name} needs the parameters; the call of Update left them out. Call Update(updates, state, parameters)."
            )
            : @params!;

    /// <summary>Whether the parameters were left out: the default value of their type has no arrays, unlike the updates.</summary>
    protected static bool IsMissing<T>(T? @params, T updates) =>
        @params is null
        || (
            typeof(T).IsValueType
            && EqualityComparer<T>.Default.Equals(@params, default)
            && Tree.Leaves(updates).Length > 0
        );

    /// <summary>Demands that a state has a part for each of the transformations inside.</summary>
    /// <exception cref="TreeException">It has parts of other names.</exception>
    private protected void RequireNames(IReadOnlyDictionary<string, OptState> states, IEnumerable<string> names)
    {
        string[] expected = [.. names];
        if (states.Count != expected.Length || !expected.All(states.ContainsKey))
        {
            throw new TreeException(
                $"The update of {Name} needs states with the names [{string.Join(", ", expected)}]; got "
                    + $"[{string.Join(", ", states.Keys)}]. Pass the state that the Init of the same transformation or its last Update gave."
            );
        }
    }

    /// <summary>A tree of a state as the type of the updates.</summary>
    /// <exception cref="TreeException">The state was made for parameters of another type.</exception>
    protected T Of<T>(object? tree) =>
        tree switch
        {
            T typed => typed,
            null => default!,
            _ => throw new TreeException(
                $"The state of {Name} was made for parameters of type {tree.GetType().Name}, but the updates are {typeof(T).Name}."
            ),
        };
}
