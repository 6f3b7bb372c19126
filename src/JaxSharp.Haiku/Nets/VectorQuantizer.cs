using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>
        /// Replaces each vector along the last axis by the nearest of a number of embeddings, which are learned: the layer of a VQ-VAE.
        /// Parameter: <c>embeddings</c>, one in each column.
        /// </summary>
        /// <param name="embeddingDim">The extent of the vectors.</param>
        /// <param name="numEmbeddings">The number of embeddings.</param>
        /// <param name="commitmentCost">How much the loss draws the inputs to their embeddings.</param>
        /// <param name="dtype">The element type of the embeddings, f32 by default.</param>
        /// <param name="name">The name of the module.</param>
        /// <param name="crossReplicaAxis">The name of a mapped axis over which the perplexity is taken.</param>
        public class VectorQuantizer(
            int embeddingDim,
            int numEmbeddings,
            double commitmentCost,
            DType? dtype = null,
            ScopeName? name = null,
            string? crossReplicaAxis = null
        ) : Module(name)
        {
            /// <summary>The extent of the vectors.</summary>
            public int EmbeddingDim { get; } = embeddingDim;

            /// <summary>The number of embeddings.</summary>
            public int NumEmbeddings { get; } = numEmbeddings;

            /// <summary>How much the loss draws the inputs to their embeddings.</summary>
            public double CommitmentCost { get; } = commitmentCost;

            /// <summary>The element type of the embeddings, as given.</summary>
            public DType? DType { get; } = dtype;

            /// <summary>The name of a mapped axis over which the perplexity is taken.</summary>
            public string? CrossReplicaAxis { get; } = crossReplicaAxis;

            /// <summary>The embeddings, one in each column.</summary>
            public NDArray Embeddings => Method(System.ValueTuple.Create(), _ => Matrix());

            /// <summary>Quantises vectors.</summary>
            /// <param name="inputs">Vectors along the last axis.</param>
            /// <param name="isTraining">Has no effect; here for <see cref="VectorQuantizerEMA"/>.</param>
            /// <exception cref="ShapeException">The vectors have another extent.</exception>
            public VectorQuantizerResult Call(NDArray inputs, bool isTraining) =>
                Method((inputs, isTraining), a => Quantized(a.inputs));

            /// <summary>The embeddings of indices.</summary>
            /// <param name="encodingIndices">Indices of any shape.</param>
            public NDArray Quantize(NDArray encodingIndices) =>
                Method(encodingIndices, indices => Quantization.Lookup(Matrix(), indices));

            private VectorQuantizerResult Quantized(NDArray inputs)
            {
                var found = Quantization.Of(ModuleName, inputs, Matrix());
                var codebookLoss = Jnp.Mean(Jnp.Square(found.Quantized - Lax.StopGradient(inputs)));
                return found.Result(inputs, codebookLoss + (CommitmentCost * found.CommitmentLoss), CrossReplicaAxis);
            }

            private NDArray Matrix() =>
                GetParameter(
                    "embeddings",
                    (EmbeddingDim, NumEmbeddings),
                    DType,
                    Initializers.VarianceScaling(distribution: "uniform")
                );
        }
    }
}
