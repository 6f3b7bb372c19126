using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>Arguments for the last layer of a <see cref="ResNet"/>; see <see cref="Linear"/>.</summary>
        /// <param name="WithBias">Whether there is a bias.</param>
        /// <param name="WInit">Makes the matrix; zeros by default.</param>
        /// <param name="BInit">Makes the bias; zeros by default.</param>
        /// <param name="Name">The name of the layer.</param>
        public sealed record LogitsConfig(
            bool WithBias = true,
            Initializer? WInit = null,
            Initializer? BInit = null,
            string Name = "logits"
        )
        {
            internal Linear Make(int numClasses) => new(numClasses, WithBias, WInit ?? Jnp.Zeros, BInit, Name);
        }
    }
}
