using System;
using System.Collections.Generic;

namespace JaxSharp.Optax;

/// <summary>
/// Arguments of <see cref="GradientTransformation.Update"/> that only some transformations use: the value of the loss, the function
/// that is minimised, and any others by name. A transformation passes on what it does not know.
/// </summary>
/// <example><code>
/// var optimizer = optax.PolyakSgd(maxLearningRate: 1.0);
/// NDArray w = jnp.Array([1f, 2f]);
/// var (updates, _) = optimizer.Update(2 * w, optimizer.Init(w), w, new ExtraArgs { Value = jnp.Sum(w * w) });
/// updates; // => [-0.5 -1. ]
/// </code></example>
public sealed class ExtraArgs
{
    private readonly Dictionary<string, object?> values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>No arguments.</summary>
    public static ExtraArgs None { get; } = new();

    /// <summary>The value of the loss.</summary>
    public NDArray? Value
    {
        get => Get<NDArray>(nameof(Value));
        init => values[nameof(Value)] = value;
    }

    /// <summary>The gradient, a tree like the parameters.</summary>
    public object? Grad
    {
        get => Get<object>(nameof(Grad));
        init => values[nameof(Grad)] = value;
    }

    /// <summary>The function that is minimised: a <c>Func</c> from parameters to a scalar.</summary>
    public Delegate? ValueFn
    {
        get => Get<Delegate>(nameof(ValueFn));
        init => values[nameof(ValueFn)] = value;
    }

    /// <summary>An argument by name; null where it was not given.</summary>
    public object? this[string name]
    {
        get => values.GetValueOrDefault(name);
        init => values[name] = value;
    }

    /// <summary>An argument that a transformation cannot do without.</summary>
    /// <exception cref="JaxArgumentException">It was not given, or has another type.</exception>
    public T Required<T>(string name, string caller)
        where T : class =>
        Get<T>(name)
        ?? throw new JaxArgumentException(
            $"{caller} needs the extra argument {name}, a {typeof(T).Name}; "
                + (values.GetValueOrDefault(name) is { } other ? $"got a {other.GetType().Name}" : "it was left out")
                + $". Call Update(updates, state, parameters, new ExtraArgs {{ [\"{name}\"] = … }})."
        );

    private T? Get<T>(string name)
        where T : class => values.GetValueOrDefault(name) as T;
}
