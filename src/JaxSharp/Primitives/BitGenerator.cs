using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Tracing;

namespace JaxSharp.Primitives;

/// <summary>
/// Random bits from a state of four u32 words: a key and a counter of 64 bits each, low words first, as XLA's generators lay them
/// out.
/// </summary>
internal static class BitGenerator
{
    /// <summary>Threefry: the two words of a hash lie side by side along one axis. The counter grows by the number of hashes.</summary>
    public static (NDArray Counter0, NDArray Counter1, NDArray[] Words) Threefry(NDArray[] state, int hashes)
    {
        var (low, high) = Counters(state, hashes);
        var words = new Threefry2x32().BindAll(Repeat(state[0], hashes), Repeat(state[1], hashes), low, high);
        var (next0, next1) = Advance(state, hashes);
        return (next0, next1, words);
    }

    /// <summary>Philox-4x32 with ten rounds; the key is the upper half of the counter too.</summary>
    public static (NDArray Counter0, NDArray Counter1, NDArray[] Words) Philox(NDArray[] state, int hashes)
    {
        var (low, high) = Counters(state, hashes);
        NDArray[] words = [low, high, Repeat(state[0], hashes), Repeat(state[1], hashes)];
        var (key0, key1) = (words[2], words[3]);
        for (int round = 0; round < 10; round++)
        {
            var (high0, low0) = Product(words[0], 0xD2511F53);
            var (high1, low1) = Product(words[2], 0xCD9E8D57);
            words = [Mix(high1, words[1], key0), low1, Mix(high0, words[3], key1), low0];
            key0 = key0 + Word(key0, 0x9E3779B9);
            key1 = key1 + Word(key1, 0xBB67AE85);
        }

        var (next0, next1) = Advance(state, hashes);
        return (next0, next1, words);
    }

    /// <summary>Joins words of equal shape along a new last axis.</summary>
    public static NDArray Interleave(NDArray[] words)
    {
        var shape = words[0].Shape.Insert(words[0].Ndim, 1);
        return new Concatenate(shape.Rank - 1).Bind([.. words.Select(word => new Reshape(shape).Bind(word))]);
    }

    /// <summary>Pairs of words as u64, low word first, along a last axis of two.</summary>
    public static NDArray Join(NDArray pairs) => new BitcastConvertType(DType.U64).Bind(pairs);

    private static (NDArray Low, NDArray High) Counters(NDArray[] state, int count)
    {
        var places = new Iota(DType.U32, count, 0).Bind();
        return Sum(Repeat(state[2], count), Repeat(state[3], count), places);
    }

    private static (NDArray Low, NDArray High) Advance(NDArray[] state, int count) =>
        Sum(state[2], state[3], Word(state[2], (uint)count));

    private static (NDArray Low, NDArray High) Sum(NDArray low, NDArray high, NDArray increment)
    {
        var sum = low + increment;
        var carry = new ConvertElementType(DType.U32, false).Bind(new Lt().Bind(sum, low));
        return (sum, high + carry);
    }

    private static (NDArray High, NDArray Low) Product(NDArray x, uint factor)
    {
        var y = Word(x, factor);
        return (new MulHi().Bind(x, y), x * y);
    }

    private static NDArray Mix(NDArray x, NDArray y, NDArray key) => new Xor().Bind(new Xor().Bind(x, y), key);

    private static NDArray Repeat(NDArray word, int count) => Operators.BroadcastScalar(word, count);

    private static NDArray Word(NDArray like, uint value) =>
        Operators.BroadcastScalar(DeviceArray.Scalar((long)value, DType.U32, weak: false), like.Shape);
}
