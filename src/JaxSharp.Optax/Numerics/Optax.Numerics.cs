using System;
using JaxSharp.Numpy;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>A counter plus one; at the largest number of its type it stays there.</summary>
    /// <example><code>
    /// optax.SafeIncrement(jnp.Array([3, int.MaxValue])); // => [         4 2147483647]
    /// </code></example>
    public static NDArray SafeIncrement(NDArray count)
    {
        var next = count + Jnp.OnesLike(count);
        return Jnp.Where(next > count, next, count);
    }

    /// <summary><see cref="SafeIncrement"/> of counters of type i32.</summary>
    /// <exception cref="DTypeException">The counter has another type.</exception>
    public static NDArray SafeInt32Increment(NDArray count)
    {
        ArgumentNullException.ThrowIfNull(count);
        return count.DType == DType.I32
            ? SafeIncrement(count)
            : throw new DTypeException(
                $"SafeInt32Increment needs a counter of type i32; got {count.DType}. Use SafeIncrement."
            );
    }

    /// <summary>The norm of an array, <paramref name="minNorm"/> at least, with derivative 0 where it is at that bound.</summary>
    /// <param name="x">An array.</param>
    /// <param name="minNorm">The bound.</param>
    /// <param name="ord">1, 2 (the default) or infinity.</param>
    /// <param name="axis">The axes of the vectors; all by default.</param>
    /// <param name="keepDims">Whether these axes stay, with extent 1.</param>
    /// <exception cref="JaxArgumentException">Another order.</exception>
    /// <example><code>
    /// Grad(v => optax.SafeNorm(v, 0.0))(jnp.Zeros(2)); // => [0. 0.]
    /// </code></example>
    public static NDArray SafeNorm(
        NDArray x,
        Hyperparameter minNorm,
        double? ord = null,
        Axes axis = default,
        bool keepDims = false
    )
    {
        ArgumentNullException.ThrowIfNull(x);
        var norm = VectorNorm(x, ord, axis, keepDims: true);
        var isSmall = norm <= minNorm;
        var masked = VectorNorm(Jnp.Where(isSmall, Jnp.OnesLike(x), x), ord, axis, keepDims);
        return Jnp.Where(keepDims ? isSmall : Jnp.Squeeze(isSmall, axis), minNorm, masked);
    }

    /// <summary>
    /// The root mean square of an array, <paramref name="minRms"/> at least, with derivative 0 where it is at that bound.
    /// </summary>
    public static NDArray SafeRootMeanSquares(NDArray x, Hyperparameter minRms)
    {
        ArgumentNullException.ThrowIfNull(x);
        var isSmall = Jnp.Sqrt(Jnp.Mean(Numerics.AbsSq(x))) <= minRms;
        var safe = Jnp.Where(isSmall, Jnp.OnesLike(x), x);
        return Jnp.Where(isSmall, minRms, Jnp.Sqrt(Jnp.Mean(Numerics.AbsSq(safe))));
    }

    /// <summary>The array itself, whose gradient is multiplied by a number.</summary>
    /// <example><code>
    /// Grad(t => optax.ScaleGradient(t * t, 0.5))(3.0); // => 3.0
    /// </code></example>
    public static T ScaleGradient<T>(T inputs, double scale) =>
        scale == 0 ? JaxTree.Map(Lax.StopGradient, inputs)
        : scale == 1 ? inputs
        : Jax.CustomVjp(
            (T x) => x,
            (T x) => (x, default(ValueTuple)),
            (ValueTuple _, T ct) => JaxTree.Map(g => g * scale, ct)
        )(inputs);

    private static NDArray VectorNorm(NDArray x, double? ord, Axes axis, bool keepDims) =>
        ord switch
        {
            null or 2 => Jnp.Sqrt(Jnp.Sum(Numerics.AbsSq(x), axis, keepDims: keepDims)),
            1 => Jnp.Sum(Jnp.Abs(x), axis, keepDims: keepDims),
            double.PositiveInfinity => Jnp.Max(Jnp.Abs(x), axis, keepDims: keepDims),
            _ => throw new JaxArgumentException(
                $"SafeNorm takes the orders 1, 2 and double.PositiveInfinity; got {ord}."
            ),
        };
}
