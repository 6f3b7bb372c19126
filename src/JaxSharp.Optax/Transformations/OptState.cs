namespace JaxSharp.Optax;

/// <summary>
/// What a transformation remembers from one step to the next: a record whose members are arrays, trees of arrays and other states. States
/// are trees: they pass through <c>Jit</c>, <c>Lax.Scan</c> and the functions of <see cref="Tree"/>, their type being known at run time.
/// </summary>
/// <example><code>
/// var state = (ScaleByAdamState)optax.ScaleByAdam().Init(jnp.Zeros(2));
/// state.Count;                  // => 0
/// state.Mu;                     // => [0. 0.]
/// Tree.Leaves((OptState)state).Length; // => 3
/// </code></example>
public abstract record OptState;

/// <summary>The state of a transformation that remembers nothing.</summary>
public sealed record EmptyState : OptState
{
    /// <summary>The only state of its kind.</summary>
    public static EmptyState Instance { get; } = new();
}
