namespace JaxSharp.Optax;

/// <summary>
/// Optimisers, the gradient transformations that they are made of, schedules and losses: Optax's, under Optax's names. Import it as
/// <c>using optax = JaxSharp.Optax.Optax;</c>.
/// </summary>
/// <example><code>
/// NDArray Loss(NDArray w) => jnp.Sum(jnp.Square(w - 3));
/// var optimizer = optax.Adam(0.5);
/// var step = Jit((NDArray w, OptState state) =>
/// {
///     var (updates, next) = optimizer.Update(Grad(Loss)(w), state, w);
///     return (optax.ApplyUpdates(w, updates), next);
/// });
/// NDArray w = jnp.Zeros(2);
/// OptState state = optimizer.Init(w);
/// for (int i = 0; i &lt; 100; i++)
/// {
///     (w, state) = step(w, state);
/// }
///
/// jnp.Round(w, 1); // => [3. 3.]
/// </code></example>
public static partial class Optax;
