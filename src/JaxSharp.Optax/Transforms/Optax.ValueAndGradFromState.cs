using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The loss and its gradient as the last line search left them in the state; they are computed only where it has none, as
    /// before the first step.
    /// </summary>
    /// <param name="valueFn">The loss.</param>
    /// <returns>A function of the parameters and the state.</returns>
    /// <exception cref="JaxArgumentException">The state has no place for them.</exception>
    /// <example><code>
    /// NDArray Loss(NDArray w) => jnp.Sum(w * w);
    /// var tx = optax.Chain(optax.Sgd(1.0), optax.ScaleByBacktrackingLinesearch(15, storeGrad: true));
    /// NDArray w = jnp.Array([3f]);
    /// var (value, grad) = optax.ValueAndGradFromState((NDArray w) => Loss(w))(w, tx.Init(w));
    /// (value, grad); // => (9.0, [6.])
    /// </code></example>
    public static Func<T, OptState, (NDArray Value, T Grad)> ValueAndGradFromState<T>(Func<T, NDArray> valueFn)
    {
        ArgumentNullException.ThrowIfNull(valueFn);
        return (@params, state) =>
            Tree.Get(state, "value") is NDArray value && Tree.Get(state, "grad") is T grad
                ? Lax.Cond(Jnp.IsFinite(value), () => (value, grad), () => Jax.ValueAndGrad(valueFn)(@params))
                : throw new JaxArgumentException(
                    $"ValueAndGradFromState found no loss and gradient in a {state.GetType().Name}. Use a line search, "
                        + "with storeGrad: true where it has that parameter."
                );
    }
}
