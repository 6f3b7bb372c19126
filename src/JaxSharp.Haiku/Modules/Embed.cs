using System;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>A vector for each of a number of ids: rows of the parameter <c>embeddings</c>, an f32 matrix.</summary>
    /// <example><code>NDArray vectors = new hk.Embed(vocabSize: 1000, embedDim: 64).Call(rows);</code></example>
    public class Embed : Module<NDArray, NDArray>
    {
        /// <summary>Makes a table of vectors.</summary>
        /// <param name="vocabSize">The number of ids.</param>
        /// <param name="embedDim">The extent of the vectors.</param>
        /// <param name="embeddingMatrix">First values; then the sizes need not be given.</param>
        /// <param name="wInit">Makes the matrix; by default a normal distribution, cut at two deviations.</param>
        /// <param name="lookupStyle">How vectors are found.</param>
        /// <param name="name">The name of the module.</param>
        /// <exception cref="JaxArgumentException">There are neither both sizes nor a matrix, or the style is unknown.</exception>
        /// <exception cref="ShapeException">The sizes are not those of the matrix.</exception>
        public Embed(
            int? vocabSize = null,
            int? embedDim = null,
            NDArray? embeddingMatrix = null,
            Initializer? wInit = null,
            EmbedLookupStyle lookupStyle = EmbedLookupStyle.ArrayIndex,
            ScopeName? name = null
        )
            : base(name)
        {
            if (embeddingMatrix is null && (vocabSize is null or 0 || embedDim is null or 0))
            {
                throw new JaxArgumentException(
                    $"Embed needs vocabSize and embedDim above 0, or an embeddingMatrix; got vocabSize={vocabSize}, embedDim={embedDim}."
                );
            }

            if (
                embeddingMatrix is not null
                && (
                    embeddingMatrix.Ndim != 2
                    || (vocabSize ?? embeddingMatrix.Shape[0]) != embeddingMatrix.Shape[0]
                    || (embedDim ?? embeddingMatrix.Shape[1]) != embeddingMatrix.Shape[1]
                )
            )
            {
                throw new ShapeException(
                    $"Embed: embeddingMatrix is {embeddingMatrix.Type}, but must be a matrix of [vocabSize, embedDim]; got "
                        + $"vocabSize={vocabSize}, embedDim={embedDim}."
                );
            }

            if (!Enum.IsDefined(lookupStyle))
            {
                throw UnknownStyle(lookupStyle);
            }

            VocabSize = vocabSize;
            EmbedDim = embedDim;
            EmbeddingMatrix = embeddingMatrix;
            WInit = wInit;
            LookupStyle = lookupStyle;
        }

        /// <summary>The number of ids, as given.</summary>
        public int? VocabSize { get; }

        /// <summary>The extent of the vectors, as given.</summary>
        public int? EmbedDim { get; }

        /// <summary>First values, as given.</summary>
        public NDArray? EmbeddingMatrix { get; }

        /// <summary>Makes the matrix, as given.</summary>
        public Initializer? WInit { get; }

        /// <summary>How vectors are found.</summary>
        public EmbedLookupStyle LookupStyle { get; }

        /// <summary>The matrix of vectors.</summary>
        public NDArray Embeddings => Method(ValueTuple.Create(), _ => Matrix());

        /// <summary>The vectors of ids, found in another way than the module's own.</summary>
        /// <param name="ids">Integers of any shape.</param>
        /// <param name="lookupStyle">How vectors are found.</param>
        public NDArray Call(NDArray ids, EmbedLookupStyle lookupStyle) =>
            Method((ids, lookupStyle), a => Find(a.ids, a.lookupStyle));

        /// <inheritdoc/>
        protected override NDArray Forward(NDArray inputs) => Find(inputs, LookupStyle);

        private static JaxArgumentException UnknownStyle(EmbedLookupStyle style) =>
            new($"Embed looks vectors up by ArrayIndex or OneHot; got {style}.");

        private NDArray Find(NDArray ids, EmbedLookupStyle style)
        {
            ArgumentNullException.ThrowIfNull(ids);
            if (!ids.DType.IsInteger)
            {
                throw new DTypeException($"Embed {ModuleName} needs integer ids; got {ids.Type}.");
            }

            var matrix = Matrix();
            return style switch
            {
                EmbedLookupStyle.ArrayIndex => matrix[ids],
                EmbedLookupStyle.OneHot => Jnp.Dot(Nn.OneHot(ids, matrix.Shape[0], matrix.DType), matrix),
                _ => throw UnknownStyle(style),
            };
        }

        private NDArray Matrix() =>
            EmbeddingMatrix is { } matrix
                ? GetParameter("embeddings", matrix.Shape, init: (_, _) => matrix)
                : GetParameter(
                    "embeddings",
                    (VocabSize!.Value, EmbedDim!.Value),
                    init: WInit ?? Initializers.TruncatedNormal()
                );
    }
}
