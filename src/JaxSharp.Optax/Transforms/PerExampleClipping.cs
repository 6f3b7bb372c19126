using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// Sums gradients of single examples, each clipped to a norm over all of its leaves.
    /// </summary>
    /// <param name="grads">Leaves whose first axis is that of the examples.</param>
    /// <param name="l2NormClip">The largest norm.</param>
    /// <returns>The sums, and the number of examples that were clipped.</returns>
    /// <exception cref="ShapeException">The leaves have no axis of examples of one length.</exception>
    public static (NDArray[] Sum, NDArray NumClipped) PerExampleGlobalNormClip(
        IReadOnlyList<NDArray> grads,
        Hyperparameter l2NormClip
    )
    {
        ArgumentNullException.ThrowIfNull(grads);
        PerExample.Check(grads);
        var norms = Jax.Vmap((NDArray[] leaves) => GlobalNorm(leaves))([.. grads]);
        var factors = Jnp.NanToNum(Jnp.Minimum(l2NormClip / norms, 1.0), nan: 1.0);
        return ([.. grads.Select(g => Jnp.TensorDot(factors, g, 1))], Jnp.Sum(Jnp.Less(factors, 1.0)));
    }

    /// <summary>Sums gradients of single examples, each leaf clipped to a norm of its own.</summary>
    /// <param name="grads">Leaves whose first axis is that of the examples.</param>
    /// <param name="globalL2NormClip">The largest norm over all leaves.</param>
    /// <param name="uniform">Whether all leaves have one bound; else it depends on their size.</param>
    /// <param name="eps">Added to the norms; 1e-8 by default.</param>
    /// <returns>The sums, and the number of examples that were clipped for each leaf.</returns>
    /// <exception cref="ShapeException">The leaves have no axis of examples of one length.</exception>
    public static (NDArray[] Sum, NDArray[] NumClipped) PerExampleLayerNormClip(
        IReadOnlyList<NDArray> grads,
        double globalL2NormClip,
        bool uniform = true,
        double eps = 1e-8
    )
    {
        ArgumentNullException.ThrowIfNull(grads);
        int examples = PerExample.Check(grads);
        double[] sizes = [.. grads.Select(g => (double)g.Size / examples)];
        double total = sizes.Sum();
        NDArray[] sums = new NDArray[grads.Count],
            counts = new NDArray[grads.Count];
        for (int i = 0; i < grads.Count; i++)
        {
            double bound = globalL2NormClip * Math.Sqrt(uniform ? 1.0 / grads.Count : sizes[i] / total);
            var norms = Jnp.Sqrt(Jnp.Sum(Jnp.Square(grads[i]), axis: Numerics.AllAxesBut(grads[i].Ndim, 0)));
            var factors = Jnp.Minimum(bound / (norms + eps), 1.0);
            sums[i] = Jnp.TensorDot(factors, grads[i], 1);
            counts[i] = Jnp.Sum(Jnp.Less(factors, 1.0));
        }

        return (sums, counts);
    }
}

/// <summary>Checks gradients of single examples.</summary>
internal static class PerExample
{
    /// <summary>The number of examples.</summary>
    public static int Check(IReadOnlyList<NDArray> grads)
    {
        if (grads.Count == 0 || grads.Any(g => g.Ndim == 0 || g.Shape[0] != grads[0].Shape[0]))
        {
            throw new ShapeException(
                "Gradients of single examples need a first axis of examples, as Vmap of Grad gives it; "
                    + $"got leaves of shapes {string.Join(", ", grads.Select(g => g.Shape))}."
            );
        }

        return (int)grads[0].Shape[0];
    }
}
