using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

public static partial class Lax
{
    /// <summary>Random bits, and the state to draw the next ones from. <c>JaxRandom.Bits</c> has keys that can be split.</summary>
    /// <param name="key">The state, key and counter: u32[4], or u64[2].</param>
    /// <param name="shape">The shape of the bits.</param>
    /// <param name="dtype">The element type of the bits, an unsigned integer type; u32 if null.</param>
    /// <param name="algorithm">The generator.</param>
    /// <exception cref="DTypeException">The state or the bits are of another type.</exception>
    /// <exception cref="ShapeException">The state has another shape.</exception>
    public static (NDArray Key, NDArray Bits) RngBitGenerator(
        NDArray key,
        Shape shape,
        DType? dtype = null,
        RandomAlgorithm algorithm = RandomAlgorithm.RngDefault
    )
    {
        dtype = JaxConfig.Canonical(dtype ?? DType.U32);
        if (!dtype.IsUnsigned)
        {
            throw new DTypeException($"Lax.RngBitGenerator gives bits of an unsigned integer type; got dtype {dtype}.");
        }

        bool isWide = Argument.Given(key).DType == DType.U64;
        if (!isWide && key.DType != DType.U32 || key.Shape != new Shape(isWide ? 2 : 4))
        {
            throw new ShapeException($"Lax.RngBitGenerator needs a state u32[4] or u64[2]; got {key.Type}.");
        }

        var words = isWide ? new Reshape(4).Bind(new BitcastConvertType(DType.U32).Bind(key)) : key;
        var state = Enumerable
            .Range(0, 4)
            .Select(i => new Reshape(Shape.Scalar).Bind(SliceInDim(words, i, i + 1)))
            .ToArray();
        var (counter0, counter1, bits) =
            algorithm == RandomAlgorithm.RngThreeFry
                ? ThreefryBits(state, Argument.Given(shape), dtype)
                : PhiloxBits(state, Argument.Given(shape), dtype);
        var next = new Reshape(4).Bind(BitGenerator.Interleave([state[0], state[1], counter0, counter1]));
        if (isWide)
        {
            next = BitGenerator.Join(new Reshape((2, 2)).Bind(next));
        }

        return (next, bits.DType == dtype ? bits : ConvertElementType(bits, dtype));
    }

    private static (NDArray Counter0, NDArray Counter1, NDArray Bits) ThreefryBits(
        NDArray[] state,
        Shape shape,
        DType dtype
    )
    {
        if (dtype == DType.U64)
        {
            var wide = BitGenerator.Threefry(state, checked((int)shape.Size));
            return (
                wide.Counter0,
                wide.Counter1,
                new Reshape(shape).Bind(BitGenerator.Join(BitGenerator.Interleave(wide.Words)))
            );
        }

        // The two words of a hash are neighbours along the first axis of even extent, else along the longest.
        int split = Math.Max(0, Array.FindIndex(shape.ToArray(), extent => extent % 2 == 0));
        if (shape.All(extent => extent % 2 == 1))
        {
            split = shape.Rank == 0 ? 0 : Array.IndexOf(shape.ToArray(), shape.Max());
        }

        int[] extents = shape.Rank == 0 ? [1] : shape.ToArray();
        int[] outer = extents[..split];
        int[] inner = extents[(split + 1)..];
        int half = (extents[split] + 1) / 2;
        int[] paired = [.. outer, half, .. inner];
        var (counter0, counter1, words) = BitGenerator.Threefry(state, (int)new Shape(paired).Size);
        var pairs = BitGenerator.Interleave(Array.ConvertAll(words, word => new Reshape(paired).Bind(word)));
        int[] order = [.. Enumerable.Range(0, split + 1), paired.Length, .. Enumerable.Range(split + 1, inner.Length)];
        int[] joined = [.. outer, 2 * half, .. inner];
        var all = new Reshape(joined).Bind(new PermuteAxes(order).Bind(pairs));
        return (counter0, counter1, new Reshape(shape).Bind(SliceInDim(all, 0, extents[split], axis: split)));
    }

    private static (NDArray Counter0, NDArray Counter1, NDArray Bits) PhiloxBits(
        NDArray[] state,
        Shape shape,
        DType dtype
    )
    {
        int size = checked((int)shape.Size);
        int words = dtype == DType.U64 ? 2 * size : size;
        int hashes = (words + 3) / 4;
        var (counter0, counter1, four) = BitGenerator.Philox(state, hashes);
        var all = new Reshape(4 * hashes).Bind(BitGenerator.Interleave(four));
        var bits = SliceInDim(all, 0, words);
        if (dtype == DType.U64)
        {
            bits = BitGenerator.Join(new Reshape((size, 2)).Bind(bits));
        }

        return (counter0, counter1, new Reshape(shape).Bind(bits));
    }
}
