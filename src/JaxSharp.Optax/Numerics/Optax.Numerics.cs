using JaxSharp.Numpy;

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
    public static NDArray SafeInt32Increment(NDArray count) =>
        count.DType == DType.I32
            ? SafeIncrement(count)
            : throw new DTypeException(
                $"SafeInt32Increment needs a counter of type i32; got {count.DType}. Use SafeIncrement."
            );
}
