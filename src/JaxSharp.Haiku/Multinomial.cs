using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>Draws categories by their unnormalised log-probabilities.</summary>
    /// <param name="rng">A single key.</param>
    /// <param name="logits">Unnormalised log-probabilities along the last axis.</param>
    /// <param name="numSamples">The number of draws for each row of logits.</param>
    /// <returns>Categories; the last axis is that of the draws, the others are those of the logits.</returns>
    /// <exception cref="ShapeException">The logits are a scalar.</exception>
    public static NDArray Multinomial(PrngKey rng, NDArray logits, int numSamples)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.Ndim == 0)
        {
            throw new ShapeException($"Hk.Multinomial needs logits with an axis of categories; got {logits.Type}.");
        }

        var draws = JaxRandom.Categorical(rng, logits, shape: new Shape([numSamples, .. logits.Shape[..^1]]));
        return Jnp.MoveAxis(draws, 0, -1);
    }
}
