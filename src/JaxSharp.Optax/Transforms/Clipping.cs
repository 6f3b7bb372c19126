using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Each element between −maxDelta and maxDelta.</summary>
    public static GradientTransformation Clip(Hyperparameter maxDelta) =>
        new Leafwise(nameof(Clip), (g, _) => Jnp.Clip(g, -maxDelta, maxDelta), needsParams: false);

    /// <summary>Each leaf scaled down to a root mean square of at most the threshold.</summary>
    public static GradientTransformation ClipByBlockRms(Hyperparameter threshold) =>
        new Leafwise(
            nameof(ClipByBlockRms),
            (g, _) => g / Jnp.Maximum(1.0, Jnp.Sqrt(Jnp.Mean(Numerics.AbsSq(g))) / threshold),
            needsParams: false
        );

    /// <summary>All leaves scaled down by one factor to a common norm of at most <paramref name="maxNorm"/>.</summary>
    /// <example><code>
    /// var clip = optax.ClipByGlobalNorm(1.0);
    /// NDArray g = jnp.Array([3f, 4f]);
    /// clip.Update(g, clip.Init(g)).Updates; // => [0.6 0.8]
    /// </code></example>
    public static GradientTransformation ClipByGlobalNorm(Hyperparameter maxNorm) => new ClipByGlobalNorm(maxNorm);

    /// <summary>
    /// Each unit (a vector, a column of a matrix, a filter of a convolution) scaled down to a norm of at most
    /// <paramref name="clipping"/> times that of its parameters.
    /// </summary>
    /// <param name="clipping">The largest ratio of the norms.</param>
    /// <param name="eps">The least norm of parameters that counts; 1e-3 by default.</param>
    /// <param name="axis">The axes of a unit; by default those that <see cref="UnitwiseNorm"/> tells.</param>
    public static GradientTransformation AdaptiveGradClip(
        Hyperparameter clipping,
        Hyperparameter? eps = null,
        Axes axis = default
    ) =>
        new Leafwise(
            nameof(AdaptiveGradClip),
            (g, p) =>
                UnitwiseClip(UnitwiseNorm(g, axis), clipping * Jnp.Maximum(UnitwiseNorm(p!, axis), eps ?? 1e-3), g),
            needsParams: true
        );

    /// <summary>The norm of each unit, repeated in the shape of the array.</summary>
    /// <param name="x">An array.</param>
    /// <param name="axis">
    /// The axes of a unit. By default all of a vector, the first axis of an array with two or three axes, and the first three of one
    /// with four.
    /// </param>
    /// <exception cref="JaxArgumentException">The array has more than four axes and none were given.</exception>
    public static NDArray UnitwiseNorm(NDArray x, Axes axis = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        bool isVector = x.Shape.Count(extent => extent != 1) <= 1;
        Axes unit =
            !axis.IsNone ? axis
            : isVector ? default(Axes)
            : x.Ndim switch
            {
                2 or 3 => 0,
                4 => (0, 1, 2),
                _ => throw new JaxArgumentException(
                    $"UnitwiseNorm knows the units of arrays with up to four axes; got {x.DType}{x.Shape}. Give the axes."
                ),
            };
        return Jnp.BroadcastTo(Jnp.Sqrt(Jnp.Sum(Numerics.AbsSq(x), unit, keepDims: true)), x.Shape);
    }

    /// <summary>Gradients scaled down where their norm is larger than another.</summary>
    /// <param name="gNorm">The norms of the gradients, in their shape.</param>
    /// <param name="maxNorm">The largest norms, in the same shape.</param>
    /// <param name="grad">The gradients.</param>
    /// <param name="divEps">The least norm that is divided by; 1e-6 by default.</param>
    public static NDArray UnitwiseClip(NDArray gNorm, NDArray maxNorm, NDArray grad, Hyperparameter? divEps = null) =>
        Jnp.Where(gNorm < maxNorm, grad, grad * (maxNorm / Jnp.Maximum(gNorm, divEps ?? 1e-6)));
}

internal sealed class ClipByGlobalNorm(Hyperparameter maxNorm) : StatelessTransformation
{
    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default
    {
        var norm = Optax.GlobalNorm(updates);
        var isSmall = norm < maxNorm;
        return Tree.Map(g => Jnp.Where(isSmall, g, g / norm.AsType(g.DType) * maxNorm), updates);
    }
}
