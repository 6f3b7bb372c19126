using System;

namespace JaxSharp.Goldens;

/// <summary>The transformations for functions from arrays to arrays.</summary>
internal static class FlatTransforms
{
    public static NDArray[] Jit(Func<NDArray[], NDArray[]> function, NDArray[] inputs) =>
        Jax.Jit<NDArray[], NDArray[]>(function)(inputs);

    /// <summary>Pulls cotangents back to all inputs.</summary>
    public static NDArray[] Vjp(Func<NDArray[], NDArray[]> function, NDArray[] inputs, NDArray[] cotangents) =>
        Jax.Vjp<NDArray[], NDArray[]>(function, inputs).Vjp(cotangents);

    /// <summary>Pushes tangents of all inputs forward.</summary>
    public static NDArray[] Jvp(Func<NDArray[], NDArray[]> function, NDArray[] inputs, NDArray[] tangents) =>
        Jax.Jvp<NDArray[], NDArray[]>(function, inputs, tangents).Tangents;

    /// <summary>Maps over the first axis of all inputs; results are stacked along their first axis.</summary>
    public static NDArray[] Vmap(Func<NDArray[], NDArray[]> function, NDArray[] inputs) =>
        Jax.Vmap<NDArray[], NDArray[]>(function)(inputs);
}
