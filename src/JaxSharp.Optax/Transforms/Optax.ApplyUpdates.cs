using JaxSharp.Numpy;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Parameters plus updates, in the element types of the parameters.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T ApplyUpdates<T>(T @params, T updates) =>
        JaxTree.Map((p, u) => (p + u).AsType(p.DType), @params, updates);

    /// <summary>A moving average of parameters: stepSize · new + (1 − stepSize) · old.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T IncrementalUpdate<T>(T newTensors, T oldTensors, Hyperparameter stepSize) =>
        JaxTree.Map((x, old) => stepSize * x + (1 - stepSize) * old, newTensors, oldTensors);

    /// <summary>New parameters in every <paramref name="updatePeriod"/>-th step, the old ones in between.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T PeriodicUpdate<T>(T newTensors, T oldTensors, NDArray steps, NDArray updatePeriod) =>
        Lax.Cond(Jnp.Equal(Jnp.Mod(steps, updatePeriod), 0), () => newTensors, () => oldTensors);

    /// <summary>The Euclidean norm of all elements of a tree together.</summary>
    /// <example><code>optax.GlobalNorm((jnp.Array([3f]), jnp.Array([4f]))); // => 5.0</code></example>
    public static NDArray GlobalNorm<T>(T updates) => Tree.Norm(updates);
}
