namespace JaxSharp.Optax;

/// <summary>
/// Turns gradients into updates of parameters, and remembers what it needs from one step to the next in a state. Parameters, gradients
/// and updates are trees of one type and structure. A transformation itself holds no arrays that change: everything that does is in the
/// state, which is a tree too, so that both steps run under <c>Jit</c>, <c>Vmap</c>, <c>Lax.Scan</c> and <c>Grad</c>.
/// </summary>
/// <example><code>
/// GradientTransformation optimizer = optax.Sgd(0.1);
/// NDArray w = jnp.Array([1f, 2f]);
/// OptState state = optimizer.Init(w);
/// (NDArray updates, state) = optimizer.Update(2 * w, state);
/// optax.ApplyUpdates(w, updates); // => [0.8 1.6]
/// </code></example>
public abstract class GradientTransformation
{
    /// <summary>The state before the first step.</summary>
    /// <param name="params">The parameters; most transformations need only their shapes and element types.</param>
    public abstract OptState Init<T>(T @params);

    /// <summary>One step.</summary>
    /// <param name="updates">Gradients, or the updates that the transformation before this one made of them.</param>
    /// <param name="state">The state that <see cref="Init"/> or the step before gave.</param>
    /// <param name="params">The parameters, for transformations that need them, such as weight decay.</param>
    /// <param name="extraArgs">What some transformations need besides, such as the value of the loss.</param>
    /// <returns>Updates of the same structure, and the next state.</returns>
    /// <exception cref="TreeException">The structures of the trees differ, or the state belongs to another transformation.</exception>
    /// <exception cref="JaxArgumentException">The transformation needs parameters or an extra argument that were not given.</exception>
    public abstract (T Updates, OptState State) Update<T>(
        T updates,
        OptState state,
        T? @params = default,
        ExtraArgs? extraArgs = null
    );
}
