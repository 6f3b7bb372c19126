using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    public static partial class Nets
    {
        /// <summary>
        /// A <see cref="VectorQuantizer"/> whose embeddings follow the means of the inputs that are nearest to them by moving averages
        /// instead of gradients. State: <c>embeddings</c>, one in each column.
        /// </summary>
        public class VectorQuantizerEMA : Module
        {
            private readonly ExponentialMovingAverage clusterSize;
            private readonly ExponentialMovingAverage clusterSum;

            /// <summary>Makes a quantiser.</summary>
            /// <param name="embeddingDim">The extent of the vectors.</param>
            /// <param name="numEmbeddings">The number of embeddings.</param>
            /// <param name="commitmentCost">How much the loss draws the inputs to their embeddings.</param>
            /// <param name="decay">How much of the averages stays at each call, in [0, 1].</param>
            /// <param name="epsilon">Keeps embeddings without inputs from a division by zero.</param>
            /// <param name="dtype">The element type of the embeddings, f32 by default.</param>
            /// <param name="crossReplicaAxis">The name of a mapped axis over which averages and perplexity are taken.</param>
            /// <param name="name">The name of the module.</param>
            /// <exception cref="JaxArgumentException">The decay is not in [0, 1].</exception>
            public VectorQuantizerEMA(
                int embeddingDim,
                int numEmbeddings,
                double commitmentCost,
                double decay,
                double epsilon = 1e-5,
                DType? dtype = null,
                string? crossReplicaAxis = null,
                ScopeName? name = null
            )
                : base(name)
            {
                if (!(decay >= 0 && decay <= 1))
                {
                    throw new JaxArgumentException($"VectorQuantizerEMA needs a decay in [0, 1]; got {decay}.");
                }

                EmbeddingDim = embeddingDim;
                NumEmbeddings = numEmbeddings;
                CommitmentCost = commitmentCost;
                Decay = decay;
                Epsilon = epsilon;
                DType = dtype;
                CrossReplicaAxis = crossReplicaAxis;
                clusterSize = new ExponentialMovingAverage(decay, name: "ema_cluster_size");
                clusterSum = new ExponentialMovingAverage(decay, name: "ema_dw");
            }

            /// <summary>The extent of the vectors.</summary>
            public int EmbeddingDim { get; }

            /// <summary>The number of embeddings.</summary>
            public int NumEmbeddings { get; }

            /// <summary>How much the loss draws the inputs to their embeddings.</summary>
            public double CommitmentCost { get; }

            /// <summary>How much of the averages stays at each call.</summary>
            public double Decay { get; }

            /// <summary>Keeps embeddings without inputs from a division by zero.</summary>
            public double Epsilon { get; }

            /// <summary>The element type of the embeddings, as given.</summary>
            public DType? DType { get; }

            /// <summary>The name of a mapped axis over which averages and perplexity are taken.</summary>
            public string? CrossReplicaAxis { get; }

            /// <summary>The embeddings, one in each column.</summary>
            public NDArray Embeddings => Method(System.ValueTuple.Create(), _ => GetState("embeddings"));

            /// <summary>Quantises vectors.</summary>
            /// <param name="inputs">Vectors along the last axis.</param>
            /// <param name="isTraining">Whether the embeddings follow the inputs.</param>
            /// <exception cref="ShapeException">The vectors have another extent.</exception>
            public VectorQuantizerResult Call(NDArray inputs, bool isTraining) =>
                Method((inputs, isTraining), a => Quantized(a.inputs, a.isTraining));

            /// <summary>The embeddings of indices.</summary>
            /// <param name="encodingIndices">Indices of any shape.</param>
            public NDArray Quantize(NDArray encodingIndices) =>
                Method(encodingIndices, indices => Quantization.Lookup(GetState("embeddings"), indices));

            /// <inheritdoc/>
            protected override void Setup()
            {
                GetState(
                    "embeddings",
                    (EmbeddingDim, NumEmbeddings),
                    DType,
                    Initializers.VarianceScaling(distribution: "uniform")
                );
                clusterSize.Initialize(NumEmbeddings, DType);
                clusterSum.Initialize((EmbeddingDim, NumEmbeddings), DType);
            }

            private VectorQuantizerResult Quantized(NDArray inputs, bool isTraining)
            {
                var found = Quantization.Of(ModuleName, inputs, GetState("embeddings"));
                if (isTraining)
                {
                    Follow(found);
                }

                return found.Result(inputs, CommitmentCost * found.CommitmentLoss, CrossReplicaAxis);
            }

            private void Follow(Quantization found)
            {
                var counts = Jnp.Sum(found.Encodings, 0);
                var sums = Jnp.MatMul(Jnp.Transpose(found.Flat), found.Encodings);
                if (CrossReplicaAxis is { } replicas)
                {
                    counts = Lax.PSum(counts, replicas);
                    sums = Lax.PSum(sums, replicas);
                }

                var sizes = clusterSize.Call(counts);
                var total = Jnp.Sum(sizes);
                var smoothed = (sizes + Epsilon) / (total + (NumEmbeddings * Epsilon)) * total;
                SetState("embeddings", clusterSum.Call(sums) / Jnp.Reshape(smoothed, (1, -1)));
            }
        }
    }
}
