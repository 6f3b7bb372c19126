using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Trees;

namespace JaxSharp;

/// <summary>
/// A random key, or an array of keys, for the functions of <see cref="JaxRandom"/>. A key never changes: the same key gives the
/// same numbers, so use each key once and make new ones with <see cref="JaxRandom.Split(PrngKey, Shape?)"/> or
/// <see cref="JaxRandom.FoldIn(PrngKey, NDArray)"/>. Keys pass through transformations and control flow like arrays. A raw key (u32
/// words whose last axis has extent 2, from <see cref="JaxRandom.PRNGKey(long, string?)"/>) converts implicitly.
/// </summary>
/// <example><code>
/// var key = JaxRandom.Key(0);
/// var (k1, k2) = JaxRandom.Split(key);
/// NDArray x = JaxRandom.Normal(k1, (3, 4));
/// </code></example>
public sealed class PrngKey : IPyTreeNode<PrngKey>
{
    internal PrngKey(NDArray data)
    {
        Data = data;
    }

    /// <summary>The number of axes: 0 for a single key.</summary>
    public int Ndim => Data.Ndim - 1;

    /// <summary>The shape of the array of keys: <c>()</c> for a single key.</summary>
    public Shape Shape => Data.Shape[..^1];

    /// <summary>The number of keys.</summary>
    public long Size => Shape.Size;

    /// <summary>The name of the element type: <c>key&lt;fry&gt;</c>.</summary>
    public string DType => "key<fry>";

    static IReadOnlyList<string> IPyTreeNode<PrngKey>.PyTreeMembers { get; } = ["key_data"];

    /// <summary>The words: u32, with a last axis of extent 2.</summary>
    internal NDArray Data { get; }

    /// <summary>The key at a place of the first axis; negative numbers count from the end.</summary>
    /// <exception cref="ArrayIndexException">There is no such place.</exception>
    public PrngKey this[Index index]
    {
        get
        {
            int extent = Ndim > 0 ? Shape[0] : 0;
            int at = index.GetOffset(extent);
            if (at < 0 || at >= extent)
            {
                throw new ArrayIndexException(
                    $"Index {index} of {this} does not exist: "
                        + (Ndim == 0 ? "it is a single key." : $"use 0 to {extent - 1}.")
                );
            }

            return new PrngKey(Ops.At(Data, 0, at));
        }
    }

    /// <summary>The keys in a range of the first axis.</summary>
    public PrngKey this[Range range]
    {
        get
        {
            var (start, length) = range.GetOffsetAndLength(Ndim > 0 ? Shape[0] : 0);
            return new PrngKey(Ops.SliceAxis(Data, 0, start, start + length));
        }
    }

    /// <summary>The keys in another shape.</summary>
    /// <exception cref="ShapeException">The shape has another number of keys.</exception>
    /// <example><code>JaxRandom.Split(JaxRandom.Key(0), 4).Reshape((2, 2)).Shape; // => (2,2)</code></example>
    public PrngKey Reshape(Dims shape) => new(Jnp.Reshape(Data, new Dims([.. shape, Data.Shape[^1]])));

    /// <summary>A raw key, or an array of them.</summary>
    public static implicit operator PrngKey(NDArray data) => new(Argument.Given(data, caller: nameof(PrngKey)));

    /// <summary>Arrays of keys joined along their first axis.</summary>
    public static PrngKey Concatenate(params IReadOnlyList<PrngKey> keys) =>
        new(Ops.Concatenate([.. Argument.AllGiven(keys).Select(k => k.Data)], 0));

    /// <summary>Keys of equal shape as one array of keys, along a new first axis.</summary>
    public static PrngKey Stack(params IReadOnlyList<PrngKey> keys) =>
        new(Ops.Concatenate([.. Argument.AllGiven(keys).Select(k => Ops.ExpandDims(k.Data, 0))], 0));

    /// <summary>The same keys under another shape.</summary>
    /// <exception cref="ShapeException">The number of keys differs.</exception>
    public PrngKey Reshape(Shape shape) => new(Ops.Reshape(Data, new Shape([.. shape, 2])));

    /// <summary>Where keys are equal, broadcast against each other, as an array of bools.</summary>
    public NDArray EqualTo(PrngKey other) => Jnp.All(Jnp.Equal(Data, other.Data), axis: -1);

    /// <summary>Takes an array of two keys apart.</summary>
    public void Deconstruct(out PrngKey first, out PrngKey second)
    {
        Expect(2);
        (first, second) = (this[0], this[1]);
    }

    /// <summary>Takes an array of three keys apart.</summary>
    public void Deconstruct(out PrngKey first, out PrngKey second, out PrngKey third)
    {
        Expect(3);
        (first, second, third) = (this[0], this[1], this[2]);
    }

    /// <summary>Takes an array of four keys apart.</summary>
    public void Deconstruct(out PrngKey first, out PrngKey second, out PrngKey third, out PrngKey fourth)
    {
        Expect(4);
        (first, second, third, fourth) = (this[0], this[1], this[2], this[3]);
    }

    /// <summary>Type and shape: <c>key&lt;fry&gt;[3]</c>.</summary>
    public override string ToString() => $"{DType}[{string.Join(",", Shape)}]";

    static void IPyTreeNode<PrngKey>.WritePyTree(PrngKey value, PyTreeWriter writer) => writer.Write(value.Data);

    static PrngKey IPyTreeNode<PrngKey>.ReadPyTree(PyTreeReader reader) => new(reader.Read<NDArray>());

    private void Expect(int count)
    {
        if (Ndim != 1 || Shape[0] != count)
        {
            throw new ShapeException(
                $"{count} keys were taken out of {this}. Split gives as many keys as it is asked for: JaxRandom.Split(key, {count})."
            );
        }
    }
}
