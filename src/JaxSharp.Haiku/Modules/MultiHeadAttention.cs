using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Haiku;

public static partial class Hk
{
    /// <summary>
    /// Attention with several heads: each compares queries with keys and gives the mean of the values, weighted by how well they fit.
    /// Parameters: those of the linear maps <c>query</c>, <c>key</c>, <c>value</c> and <c>linear</c>, which joins the heads.
    /// </summary>
    /// <example><code>
    /// var attention = hk.Transform((NDArray x) =>
    ///     new hk.MultiHeadAttention(numHeads: 2, keySize: 4, wInit: hk.Initializers.VarianceScaling(2)).Call(x, x, x));
    /// NDArray x = jnp.Ones((1, 5, 8)); // batch, time, features
    /// attention.Apply(attention.Init(42, x), null, x).Shape; // => (1,5,8)
    /// </code></example>
    public class MultiHeadAttention : Module
    {
        /// <summary>Makes an attention.</summary>
        /// <param name="numHeads">The number of heads.</param>
        /// <param name="keySize">The extent of queries and keys of a head.</param>
        /// <param name="wInitScale">The scale of variance scaling, if there is no <paramref name="wInit"/>.</param>
        /// <param name="wInit">Makes the matrices.</param>
        /// <param name="withBias">Whether the maps have biases.</param>
        /// <param name="bInit">Makes the biases; zeros by default.</param>
        /// <param name="valueSize">The extent of the values of a head; that of the keys by default.</param>
        /// <param name="modelSize">The extent of the result; that of the keys of all heads by default.</param>
        /// <param name="name">The name of the module.</param>
        /// <exception cref="JaxArgumentException">There is neither a scale nor an initialiser, or there are both.</exception>
        public MultiHeadAttention(
            int numHeads,
            int keySize,
            double? wInitScale = null,
            Initializer? wInit = null,
            bool withBias = true,
            Initializer? bInit = null,
            int? valueSize = null,
            int? modelSize = null,
            ScopeName? name = null
        )
            : base(name)
        {
            if (wInit is null == wInitScale is null)
            {
                throw new JaxArgumentException(
                    "MultiHeadAttention needs wInit, which makes its matrices, such as Hk.Initializers.VarianceScaling(), or wInitScale, "
                        + $"the scale of variance scaling; got {(wInit is null ? "neither" : "both")}."
                );
            }

            NumHeads = numHeads;
            KeySize = keySize;
            WInitScale = wInitScale;
            WInit = wInit;
            WithBias = withBias;
            BInit = bInit;
            ValueSize = valueSize;
            ModelSize = modelSize;
        }

        /// <summary>The number of heads.</summary>
        public int NumHeads { get; }

        /// <summary>The extent of queries and keys of a head.</summary>
        public int KeySize { get; }

        /// <summary>The scale of variance scaling, as given.</summary>
        public double? WInitScale { get; }

        /// <summary>Makes the matrices, as given.</summary>
        public Initializer? WInit { get; }

        /// <summary>Whether the maps have biases.</summary>
        public bool WithBias { get; }

        /// <summary>Makes the biases, as given.</summary>
        public Initializer? BInit { get; }

        /// <summary>The extent of the values of a head, as given.</summary>
        public int? ValueSize { get; }

        /// <summary>The extent of the result, as given.</summary>
        public int? ModelSize { get; }

        /// <summary>The attention of each query.</summary>
        /// <param name="query">Queries: [..., queries, features].</param>
        /// <param name="key">Keys: [..., values, features].</param>
        /// <param name="value">Values: [..., values, features].</param>
        /// <param name="mask">Where queries see values: broadcasts to [..., heads, queries, values]. Zero and false hide.</param>
        /// <exception cref="ShapeException">The mask has another number of axes.</exception>
        public NDArray Call(NDArray query, NDArray key, NDArray value, NDArray? mask = null) =>
            Method((query, key, value, mask), a => Forward(a.query, a.key, a.value, a.mask));

        private NDArray Forward(NDArray query, NDArray key, NDArray value, NDArray? mask)
        {
            var queries = Heads(query, KeySize, "query");
            var keys = Heads(key, KeySize, "key");
            var values = Heads(value, ValueSize ?? KeySize, "value");
            var logits = Jnp.Einsum("...thd,...Thd->...htT", queries, keys);
            logits /= Jnp.AsArray(Math.Sqrt(KeySize), key.DType);
            if (mask is not null)
            {
                if (mask.Ndim != logits.Ndim)
                {
                    throw new ShapeException(
                        $"MultiHeadAttention {ModuleName}: the mask is {mask.Type}, but must have {logits.Ndim} axes, as many as the "
                            + $"weights {logits.Type}: those of the batch, heads, queries and values."
                    );
                }

                logits = Jnp.Where(mask, logits, -1e30);
            }

            var weights = Nn.Softmax(logits);
            var heads = Jnp.Einsum("...htT,...Thd->...thd", weights, values);
            int width = heads.Shape[^2] * heads.Shape[^1];
            var joined = Jnp.Reshape(heads, new Shape([.. query.Shape.SkipLast(1), width]));
            return Map(ModelSize ?? KeySize * NumHeads, null).Call(joined);
        }

        private NDArray Heads(NDArray x, int size, string map)
        {
            var y = Map(NumHeads * size, map).Call(x);
            return Jnp.Reshape(y, new Shape([.. x.Shape.SkipLast(1), NumHeads, size]));
        }

        private Linear Map(int outputs, string? map) =>
            new(outputs, WithBias, WInit ?? Initializers.VarianceScaling(WInitScale!.Value), BInit, map);
    }
}
