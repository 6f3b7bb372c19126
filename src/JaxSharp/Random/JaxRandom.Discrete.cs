using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

// Distributions over integers and categories.
public static partial class JaxRandom
{
    /// <summary>Poisson numbers.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="lam">The rate, at least 0.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="lam"/> by default.</param>
    /// <param name="dtype">An integer type; by default i32, or i64 with 64-bit types enabled.</param>
    public static NDArray Poisson(PrngKey key, NDArray lam, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("poisson", key);
        dtype = JaxConfig.Canonical(dtype ?? DType.I64);
        lam = Broadcasting.To(Promotion.Convert(lam, DType.F32), shape ?? lam.Shape, "poisson");
        return Promotion.Convert(new RandomPoisson(JaxConfig.LegacyRandomBits).Bind(words, lam), dtype);
    }

    /// <summary>Numbers of successes in <paramref name="n"/> trials, as floats; NaN for invalid parameters.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="n">The number of trials.</param>
    /// <param name="p">The probability of success.</param>
    /// <param name="shape">The shape of the result; that of the parameters by default.</param>
    /// <param name="dtype">A floating-point type; by default f32, or f64 with 64-bit types enabled.</param>
    public static NDArray Binomial(PrngKey key, NDArray n, NDArray p, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("binomial", key);
        dtype = FloatType("binomial", dtype);
        shape = ParameterShape("binomial", shape, n.Shape, p.Shape);
        return Promotion.Convert(BinomialOf(words, n, Promotion.ToInexact(p), shape), dtype);
    }

    /// <summary>How often each outcome occurs in <paramref name="n"/> trials.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="n">The number of trials; broadcasts to the batch shape.</param>
    /// <param name="p">Probabilities: [batch…, outcomes].</param>
    /// <param name="shape">The shape of the result; that of <paramref name="p"/> by default.</param>
    /// <param name="dtype">The element type; by default f32, or f64 with 64-bit types enabled.</param>
    /// <param name="unroll">Without effect here.</param>
    public static NDArray Multinomial(
        PrngKey key,
        NDArray n,
        NDArray p,
        Shape? shape = null,
        DType? dtype = null,
        int unroll = 1
    )
    {
        var words = CheckKey("multinomial", key);
        dtype = JaxConfig.Canonical(dtype ?? DType.F64);
        var parameters = Promotion.PromoteInexact(n, p);
        (n, p) = (parameters[0], parameters[1]);
        if (p.Ndim < 1)
        {
            throw new ShapeException($"multinomial needs probabilities of shape [batch…, outcomes]; got {p.Type}.");
        }

        shape ??= p.Shape;
        if (shape.Rank == 0)
        {
            throw new ShapeException(
                $"multinomial gives a count for each outcome, the last axis of its shape; got shape {shape} for p of type {p.Type}."
            );
        }

        var batch = shape[..^1];
        int outcomes = shape[^1];
        var remainder = Broadcasting.To(n, batch, "multinomial");
        p = Broadcasting.To(p, shape, "multinomial");
        var keys = SplitWords(words, outcomes);

        // Each outcome takes its binomial share of what the ones before have left.
        var counts = new NDArray[outcomes];
        var remaining = Jnp.Flip(Jnp.CumSum(Jnp.Flip(p, axis: -1), axis: -1), axis: -1);
        var ratios = Jnp.Clip(p / Jnp.Where(Jnp.Equal(remaining, 0), 1, remaining), 0, 1);
        for (int i = 0; i < outcomes; i++)
        {
            counts[i] = BinomialOf(Ops.At(keys, 0, i), remainder, Ops.At(ratios, batch.Rank, i), batch);
            remainder = remainder - counts[i];
        }

        return Promotion.Convert(
            Ops.Concatenate([.. counts.Select(c => Ops.ExpandDims(c, batch.Rank))], batch.Rank),
            dtype
        );
    }

    /// <summary>The number of trials up to the first success.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="p">The probability of success.</param>
    /// <param name="shape">The shape of the result; that of <paramref name="p"/> by default.</param>
    /// <param name="dtype">An integer type; by default i32, or i64 with 64-bit types enabled.</param>
    public static NDArray Geometric(PrngKey key, NDArray p, Shape? shape = null, DType? dtype = null)
    {
        var words = CheckKey("geometric", key);
        dtype = IntegerType("geometric", dtype);
        shape = ParameterShape("geometric", shape, p.Shape);
        p = Promotion.ToInexact(p);
        p = Promotion.Convert(p, p.DType);
        var u = UniformOf(words, shape, p.DType);
        var logComplement = Broadcasting.To(Ops.Log1p(Ops.Neg(p)), shape, "geometric");
        return Promotion.Convert(Ops.Floor(Ops.Div(Ops.Log(u), logComplement)) + 1, dtype);
    }

    /// <summary>Indices of categories, with probabilities proportional to exp(logits).</summary>
    /// <param name="key">A single key.</param>
    /// <param name="logits">Logarithms of the probabilities, up to a constant.</param>
    /// <param name="axis">The axis of the categories.</param>
    /// <param name="shape">
    /// The shape of the result, to whose last axes the other axes of <paramref name="logits"/> broadcast; those by default.
    /// </param>
    /// <param name="replace">Whether a category may be drawn more than once along the first axes of the shape.</param>
    /// <param name="mode">Passed to <see cref="Gumbel"/>.</param>
    /// <returns>i32, or i64 with 64-bit types enabled.</returns>
    /// <example><code>
    /// NDArray logits = jnp.Log(jnp.Array([0.1, 0.2, 0.7]));
    /// JaxRandom.Categorical(JaxRandom.Key(0), logits, shape: 5); // => [1 2 2 1 2]
    /// </code></example>
    public static NDArray Categorical(
        PrngKey key,
        NDArray logits,
        int axis = -1,
        Shape? shape = null,
        bool replace = true,
        string? mode = null
    )
    {
        CheckKey("categorical", key);
        int place = Axes.Normalize(axis, logits.Ndim, "categorical");
        var batch = logits.Shape.Without(place);
        shape = ParameterShape("categorical", shape, batch);
        var prefix = shape[..(shape.Rank - batch.Rank)];
        if (replace)
        {
            var full = shape[prefix.Rank..].Insert(place, logits.Shape[place]);
            var noise = Gumbel(key, new Shape([.. prefix, .. full]), logits.DType, mode);
            return Jnp.ArgMax(noise + logits, axis: prefix.Rank + place);
        }

        int count = checked((int)prefix.Size);
        if (count > logits.Shape[place])
        {
            throw new JaxArgumentException(
                $"categorical cannot draw {count} of {logits.Shape[place]} categories without replacement."
            );
        }

        var noisy = Jnp.MoveAxis(logits + Gumbel(key, logits.Shape, logits.DType, mode), place, -1);
        var indices = LargestFirst(noisy, count);
        return Ops.Reshape(Jnp.MoveAxis(indices, -1, 0), shape);
    }

    private static NDArray BinomialOf(NDArray words, NDArray n, NDArray p, Shape shape)
    {
        var dtype = p.DType;
        var working = dtype == DType.BF16 ? DType.F32 : dtype;
        n = Broadcasting.To(Promotion.Convert(n, working), shape, "binomial");
        p = Broadcasting.To(Promotion.Convert(p, working), shape, "binomial");
        return Promotion.Convert(new RandomBinomial(JaxConfig.LegacyRandomBits).Bind(words, n, p), dtype);
    }

    /// <summary>The places of the largest elements along the last axis, in descending order.</summary>
    private static NDArray LargestFirst(NDArray x, int count)
    {
        int axis = x.Ndim - 1;
        var places = Ops.Iota(Ops.IndexType, x.Shape, axis);
        return Ops.SliceAxis(new Sort(axis, true, 1).BindAll(Ops.Neg(x), places)[1], axis, 0, count);
    }
}
