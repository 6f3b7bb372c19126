using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp;

public static partial class Jax
{
    /// <summary>
    /// All elements of the leaves of a tree as one vector, and the function that makes a tree of such a vector. Leaves of different
    /// element types are promoted; the function converts back.
    /// </summary>
    /// <example><code>
    /// var parameters = (W: jnp.Ones((2, 2)), B: jnp.Zeros(2));
    /// var (flat, unravel) = RavelPytree(parameters);
    /// flat;                // => [1. 1. 1. 1. 0. 0.]
    /// unravel(flat * 2).W; // => [[2. 2.] [2. 2.]]
    /// </code></example>
    public static (NDArray Flat, Func<NDArray, T> Unravel) RavelPytree<T>(T pytree)
    {
        var (leaves, structure) = Tree.Flatten(pytree);
        var types = Array.ConvertAll(leaves, x => x.Type);
        var flat =
            leaves.Length == 0 ? Jnp.Zeros(0) : Jnp.Concatenate(Array.ConvertAll(leaves, x => Jnp.Reshape(x, -1)));
        return (flat, Unravel);

        T Unravel(NDArray vector)
        {
            long size = types.Sum(type => type.Size);
            if (vector.Ndim != 1 || vector.Size != size)
            {
                throw new ShapeException(
                    $"The tree has {size} elements; a vector of as many is needed, not {vector.Type}."
                );
            }

            int next = 0;
            return Tree.Unflatten<T>(
                structure,
                Array.ConvertAll(
                    types,
                    type =>
                    {
                        int start = next;
                        next += checked((int)type.Size);
                        return Jnp.Reshape(vector[start..next], type.Shape).AsType(type.DType);
                    }
                )
            );
        }
    }
}
