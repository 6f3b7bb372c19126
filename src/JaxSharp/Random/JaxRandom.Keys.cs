using System;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>
/// Random numbers as JAX draws them: every function takes a key and gives the same numbers for the same key, bit for bit those of
/// JAX wherever the result is made of integers or uniform numbers. Functions work under all transformations; mapping over keys
/// equals stacking the results.
/// </summary>
/// <example><code>
/// var key = JaxRandom.Key(42);
/// var (k1, k2) = JaxRandom.Split(key);
/// NDArray weights = JaxRandom.Normal(k1, 20);
/// NDArray order = JaxRandom.Permutation(k2, 500);
/// </code></example>
public static partial class JaxRandom
{
    private const string Implementation = "threefry2x32";

    /// <summary>The raw key of a seed: two u32 words.</summary>
    /// <param name="seed">Any integer; without 64-bit types only its low 32 bits count.</param>
    /// <param name="impl">The generator; only <c>"threefry2x32"</c> exists.</param>
    public static NDArray PRNGKey(long seed, string? impl = null)
    {
        CheckImplementation(impl);
        uint high = JaxConfig.EnableX64 ? (uint)((ulong)seed >> 32) : 0;
        return DeviceArray.FromSpan<uint>([high, (uint)seed], new ArrayType(DType.U32, 2));
    }

    /// <summary>The raw key of a seed held in a scalar array of integers, which may be traced.</summary>
    /// <param name="seed">An integer scalar.</param>
    /// <param name="impl">The generator; only <c>"threefry2x32"</c> exists.</param>
    /// <exception cref="DTypeException">The seed is no integer.</exception>
    /// <exception cref="ShapeException">The seed is no scalar.</exception>
    public static NDArray PRNGKey(NDArray seed, string? impl = null)
    {
        CheckImplementation(impl);
        if (Argument.Given(seed).Ndim != 0)
        {
            throw new ShapeException(
                $"A random key needs one seed; got {seed.Type}. Map over seeds with Vmap to make several keys."
            );
        }

        if (!seed.DType.IsInteger && !seed.DType.IsBool)
        {
            throw new DTypeException($"The seed of a random key must be an integer; got {seed.Type}.");
        }

        var low = Promotion.Convert(seed, DType.U32);
        var high =
            seed.DType.Bits == 64
                ? Promotion.Convert(Ops.ShiftRightLogical(seed, Ops.Like(seed, 32)), DType.U32)
                : Ops.Like(low, 0);
        return Ops.Concatenate([Ops.Reshape(high, 1), Ops.Reshape(low, 1)], 0);
    }

    /// <summary>The key of a seed.</summary>
    /// <param name="seed">Any integer; without 64-bit types only its low 32 bits count.</param>
    /// <param name="impl">The generator; only <c>"threefry2x32"</c> exists.</param>
    /// <example><code>JaxRandom.KeyData(JaxRandom.Key(42)); // => [ 0 42]</code></example>
    public static PrngKey Key(long seed, string? impl = null) => new(PRNGKey(seed, impl));

    /// <summary>The key of a seed held in a scalar array of integers, which may be traced.</summary>
    /// <inheritdoc cref="PRNGKey(NDArray, string?)"/>
    public static PrngKey Key(NDArray seed, string? impl = null) => new(PRNGKey(seed, impl));

    /// <summary>The words of keys: u32, with a last axis of extent 2.</summary>
    public static NDArray KeyData(PrngKey keys) => CheckKeys("key_data", keys);

    /// <summary>Keys made of words, the inverse of <see cref="KeyData"/>.</summary>
    /// <param name="keyBitsArray">A u32 array whose last axis has extent 2.</param>
    /// <param name="impl">The generator; only <c>"threefry2x32"</c> exists.</param>
    public static PrngKey WrapKeyData(NDArray keyBitsArray, string? impl = null)
    {
        Argument.Given(keyBitsArray);
        CheckImplementation(impl);
        return new PrngKey(CheckKeys("wrap_key_data", keyBitsArray));
    }

    /// <summary>The name of the generator of keys: <c>threefry2x32</c>.</summary>
    public static string KeyImpl(PrngKey keys)
    {
        CheckKeys("key_impl", keys);
        return Implementation;
    }

    /// <summary>The element type of keys: <c>key&lt;fry&gt;</c>.</summary>
    public static string KeyDType() => "key<fry>";

    /// <summary>The same key, to say that it is used again on purpose.</summary>
    public static PrngKey Clone(PrngKey key) => new(CheckKeys("clone", key));

    /// <summary>New keys of a key, independent of it and of each other.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="num">How many keys, or the shape of the array of keys; 2 by default.</param>
    /// <example><code>
    /// var (k1, k2) = JaxRandom.Split(JaxRandom.Key(0));
    /// JaxRandom.KeyData(k1); // => [1797259609 2579123966]
    /// var keys = JaxRandom.Split(k2, 10);
    /// </code></example>
    public static PrngKey Split(PrngKey key, Shape? num = null) => new(SplitWords(CheckKey("split", key), num ?? 2));

    /// <summary>New raw keys of a raw key: u32 of shape [num, 2].</summary>
    /// <inheritdoc cref="Split(PrngKey, Shape?)"/>
    public static NDArray Split(NDArray key, Shape? num = null) => SplitWords(CheckKey("split", key), num ?? 2);

    /// <summary>A new key of a key and a number, such as a step or the index of a layer.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="data">A number of 32 bits.</param>
    /// <exception cref="JaxArgumentException">The number is negative or too large.</exception>
    public static PrngKey FoldIn(PrngKey key, long data) => new(FoldInWords(CheckKey("fold_in", key), U32Scalar(data)));

    /// <summary>A new key of a key and an integer scalar, which may be traced.</summary>
    /// <param name="key">A single key.</param>
    /// <param name="data">A scalar; it is converted to u32.</param>
    public static PrngKey FoldIn(PrngKey key, NDArray data) => new(FoldInWords(CheckKey("fold_in", key), ToU32(data)));

    /// <summary>A new raw key of a raw key and a number.</summary>
    /// <inheritdoc cref="FoldIn(PrngKey, long)"/>
    public static NDArray FoldIn(NDArray key, long data) => FoldInWords(CheckKey("fold_in", key), U32Scalar(data));

    /// <summary>A new raw key of a raw key and an integer scalar.</summary>
    /// <inheritdoc cref="FoldIn(PrngKey, NDArray)"/>
    public static NDArray FoldIn(NDArray key, NDArray data) => FoldInWords(CheckKey("fold_in", key), ToU32(data));

    /// <summary>
    /// The Threefry-2x32 hash of counters: the array is cut into two halves whose elements are hashed in pairs.
    /// </summary>
    /// <param name="keypair">Two u32 words.</param>
    /// <param name="count">Counters: u32, any shape.</param>
    /// <returns>u32 with the shape of the counters.</returns>
    public static NDArray Threefry2x32(NDArray keypair, NDArray count)
    {
        Argument.Given(keypair);
        CheckKey("threefry_2x32", keypair);
        if (count.DType != DType.U32)
        {
            throw new DTypeException($"threefry_2x32 needs counters of type u32; got {count.Type}.");
        }

        int size = checked((int)count.Size);
        int half = (size + 1) / 2;
        var flat = Ops.Reshape(count, size);
        if (size % 2 != 0)
        {
            flat = Ops.Concatenate([flat, Ops.Full(1, 0, DType.U32)], 0);
        }

        var words = new Threefry2x32().BindAll(
            Ops.Broadcast(Ops.At(keypair, 0, 0), half),
            Ops.Broadcast(Ops.At(keypair, 0, 1), half),
            Ops.SliceAxis(flat, 0, 0, half),
            Ops.SliceAxis(flat, 0, half, 2 * half)
        );
        return Ops.Reshape(Ops.SliceAxis(Ops.Concatenate(words, 0), 0, 0, size), count.Shape);
    }

    private static NDArray SplitWords(NDArray key, Shape num) =>
        new RandomSplit(num, JaxConfig.LegacyRandomBits).Bind(key);

    private static (NDArray, NDArray) SplitInTwo(NDArray key)
    {
        var keys = SplitWords(key, 2);
        return (Ops.At(keys, 0, 0), Ops.At(keys, 0, 1));
    }

    private static NDArray FoldInWords(NDArray key, NDArray data) => new RandomFoldIn().Bind(key, data);

    private static NDArray U32Scalar(long data) =>
        data is >= 0 and <= uint.MaxValue
            ? DeviceArray.Scalar(data, DType.U32, weak: false)
            : throw new JaxArgumentException(
                $"fold_in needs a number in [0, {uint.MaxValue}]; got {data}. Pass an array to wrap other integers around."
            );

    private static NDArray ToU32(NDArray data)
    {
        if (data.Ndim != 0)
        {
            throw new ShapeException($"fold_in needs a scalar; got {data.Type}. Map over the numbers with Vmap.");
        }

        return Promotion.Convert(data, DType.U32);
    }

    /// <summary>The words of a single key.</summary>
    private static NDArray CheckKey(string caller, PrngKey key)
    {
        var data = CheckKeys(caller, key);
        return data.Ndim == 1
            ? data
            : throw new ShapeException(
                $"{caller} takes a single random key; got an array of keys of shape {data.Shape[..^1]}. Map over keys with Vmap."
            );
    }

    private static NDArray CheckKeys(string caller, PrngKey keys)
    {
        var data = Argument.Given(keys, "key", caller).Data;
        return data.DType == DType.U32 && data.Ndim > 0 && data.Shape[^1] == 2
            ? data
            : throw new DTypeException(
                $"{caller} needs a random key: two u32 words along the last axis; got {data.Type}. Make keys with JaxRandom.Key(seed)."
            );
    }

    private static void CheckImplementation(string? impl)
    {
        if (impl is not (null or Implementation or "fry"))
        {
            throw new JaxArgumentException(
                $"There is no random generator \"{impl}\"; JaxSharp has \"{Implementation}\"."
            );
        }
    }
}
