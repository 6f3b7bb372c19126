using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

/// <summary>Inputs and the embeddings that are nearest to them.</summary>
/// <param name="Flat">The inputs as rows.</param>
/// <param name="Distances">The squared distances of each row to all embeddings.</param>
/// <param name="Encodings">For each row a one at its embedding.</param>
/// <param name="Indices">The index of the embedding of each input.</param>
/// <param name="Quantized">The embedding of each input.</param>
/// <param name="CommitmentLoss">The mean squared distance of the inputs to their embeddings, as a function of the inputs.</param>
internal sealed record Quantization(
    NDArray Flat,
    NDArray Distances,
    NDArray Encodings,
    NDArray Indices,
    NDArray Quantized,
    NDArray CommitmentLoss
)
{
    /// <summary>Finds the nearest columns of a matrix.</summary>
    public static Quantization Of(string module, NDArray inputs, NDArray embeddings)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (size, count) = (embeddings.Shape[0], embeddings.Shape[1]);
        if (inputs.Ndim == 0 || inputs.Shape[^1] != size)
        {
            throw new ShapeException(
                $"{module} quantises vectors of embeddingDim={size} elements along the last axis; got {inputs.Type}."
            );
        }

        var flat = Jnp.Reshape(inputs, (-1, size));
        var distances =
            Jnp.Sum(Jnp.Square(flat), 1, keepDims: true)
            - (2 * Jnp.MatMul(flat, embeddings))
            + Jnp.Sum(Jnp.Square(embeddings), 0, keepDims: true);
        var nearest = Jnp.ArgMax(-distances, 1);
        var indices = Jnp.Reshape(nearest, inputs.Shape[..^1]);
        var quantized = Lookup(embeddings, indices);
        return new(
            flat,
            distances,
            Nn.OneHot(nearest, count, distances.DType),
            indices,
            quantized,
            Jnp.Mean(Jnp.Square(Lax.StopGradient(quantized) - inputs))
        );
    }

    public static NDArray Lookup(NDArray embeddings, NDArray indices) => Jnp.Transpose(embeddings)[indices];

    public Hk.Nets.VectorQuantizerResult Result(NDArray inputs, NDArray loss, string? crossReplicaAxis)
    {
        var use = Jnp.Mean(Encodings, 0);
        use = crossReplicaAxis is null ? use : Lax.PMean(use, crossReplicaAxis);
        return new(
            inputs + Lax.StopGradient(Quantized - inputs),
            loss,
            Jnp.Exp(-Jnp.Sum(use * Jnp.Log(use + 1e-10))),
            Encodings,
            Indices,
            Distances
        );
    }
}
