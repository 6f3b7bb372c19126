namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>What <see cref="VectorQuantizer"/> and <see cref="VectorQuantizerEMA"/> return.</summary>
        /// <param name="Quantize">The inputs, each replaced by the nearest embedding. Gradients go through to the inputs.</param>
        /// <param name="Loss">What to add to the loss of the network.</param>
        /// <param name="Perplexity">How many embeddings are in use, by the entropy of their mean use.</param>
        /// <param name="Encodings">For each input a row with a one at its embedding.</param>
        /// <param name="EncodingIndices">The index of the embedding of each input.</param>
        /// <param name="Distances">The squared distances of each input to all embeddings.</param>
        public sealed record VectorQuantizerResult(
            NDArray Quantize,
            NDArray Loss,
            NDArray Perplexity,
            NDArray Encodings,
            NDArray EncodingIndices,
            NDArray Distances
        );
    }
}
