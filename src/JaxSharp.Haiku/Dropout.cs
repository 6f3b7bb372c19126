using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Sets elements to zero at random, and scales the others so that the expected values stay.</summary>
    /// <param name="rng">A single key.</param>
    /// <param name="rate">The probability of a zero, in [0, 1).</param>
    /// <param name="x">The array.</param>
    /// <param name="broadcastDims">Axes along which all elements share their fate.</param>
    /// <exception cref="JaxArgumentException">The rate is not in [0, 1).</exception>
    /// <exception cref="AxisException">There is no such axis.</exception>
    /// <example><code>
    /// hk.Dropout(JaxRandom.Key(1), 0.5, jnp.Ones(6)).ToString(); // => [2. 0. 2. 2. 0. 0.]
    /// </code></example>
    public static NDArray Dropout(PrngKey rng, double rate, NDArray x, Dims broadcastDims = default)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!(rate >= 0 && rate < 1))
        {
            throw new JaxArgumentException(
                $"Hk.Dropout needs a rate in [0, 1), the probability of a zero; got {rate}."
            );
        }

        return rate == 0 ? x : Dropout(rng, (NDArray)rate, x, broadcastDims);
    }

    /// <summary>The same with a rate that may be traced, which is not checked.</summary>
    /// <inheritdoc cref="Dropout(PrngKey, double, NDArray, Dims)"/>
    public static NDArray Dropout(PrngKey rng, NDArray rate, NDArray x, Dims broadcastDims = default)
    {
        ArgumentNullException.ThrowIfNull(rate);
        ArgumentNullException.ThrowIfNull(x);
        var shared = new HashSet<int>();
        foreach (int axis in broadcastDims)
        {
            if (axis < -x.Ndim || axis >= x.Ndim)
            {
                throw new AxisException($"Hk.Dropout: broadcastDims={broadcastDims}, but {x.Type} has {x.Ndim} axes.");
            }

            shared.Add(axis < 0 ? axis + x.Ndim : axis);
        }

        var kept = 1.0 - rate;
        var shape = new Shape([.. x.Shape.Select((extent, axis) => shared.Contains(axis) ? 1 : extent)]);
        return JaxRandom.Bernoulli(rng, kept, shape) * x / kept;
    }
}
