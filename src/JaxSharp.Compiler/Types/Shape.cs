using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp;

/// <summary>
/// The extents of an array, outermost axis first: immutable, compared by value, made from an integer, a tuple or an array of
/// integers (<c>jnp.Zeros((3, 4))</c>, <c>jnp.Zeros([3, 4])</c>) and printed as <c>(3,4)</c>. The empty shape is that of a scalar.
/// </summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    /// <summary>The shape of a scalar: no axes, one element.</summary>
    public static readonly Shape Scalar = new([]);

    private readonly int[] extents;

    /// <summary>Makes a shape from extents, which are copied.</summary>
    /// <exception cref="ShapeException">An extent is negative, or the number of elements is not representable.</exception>
    public Shape(params ReadOnlySpan<int> extents)
    {
        long size = 1;
        foreach (int extent in extents)
        {
            if (extent < 0)
            {
                throw new ShapeException($"A shape got a negative extent: ({string.Join(",", extents.ToArray())}).");
            }

            size = size > 0 && extent > long.MaxValue / size ? throw TooLarge(extents) : size * extent;
        }

        this.extents = extents.ToArray();
        Size = size;
    }

    private static ShapeException TooLarge(ReadOnlySpan<int> extents) =>
        new($"A shape has more elements than can be counted: ({string.Join(",", extents.ToArray())}).");

    /// <summary>The number of axes.</summary>
    public int Rank => extents.Length;

    /// <summary>The number of elements: the product of the extents, 1 for a scalar.</summary>
    public long Size { get; }

    /// <summary>The number of axes.</summary>
    public int Count => extents.Length;

    /// <summary>The extents without a copy.</summary>
    public ReadOnlySpan<int> Extents => extents;

    /// <summary>The extent of an axis, counted from the front.</summary>
    public int this[int axis] => extents[axis];

    /// <summary>The extent of an axis, counted from either end (<c>shape[^1]</c>).</summary>
    public int this[Index axis] => extents[axis];

    /// <summary>A range of the axes (<c>shape[1..]</c>).</summary>
    public Shape this[Range axes] => new(extents[axes]);

    /// <summary>A shape of one axis.</summary>
    public static implicit operator Shape(int extent) => new(extent);

    /// <summary>A shape from an array of extents.</summary>
    public static implicit operator Shape(int[] extents) => new(extents);

    /// <summary>The scalar shape from the empty tuple.</summary>
    public static implicit operator Shape(ValueTuple extents) => Scalar;

    /// <summary>A shape of one axis.</summary>
    public static implicit operator Shape(ValueTuple<int> e) => new(e.Item1);

    /// <summary>A shape of two axes.</summary>
    public static implicit operator Shape((int, int) e) => new(e.Item1, e.Item2);

    /// <summary>A shape of three axes.</summary>
    public static implicit operator Shape((int, int, int) e) => new(e.Item1, e.Item2, e.Item3);

    /// <summary>A shape of four axes.</summary>
    public static implicit operator Shape((int, int, int, int) e) => new(e.Item1, e.Item2, e.Item3, e.Item4);

    /// <summary>A shape of five axes.</summary>
    public static implicit operator Shape((int, int, int, int, int) e) =>
        new(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5);

    /// <summary>A shape of six axes.</summary>
    public static implicit operator Shape((int, int, int, int, int, int) e) =>
        new(e.Item1, e.Item2, e.Item3, e.Item4, e.Item5, e.Item6);

    /// <summary>Whether two shapes have the same extents.</summary>
    public static bool operator ==(Shape? left, Shape? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape? left, Shape? right) => !(left == right);

    /// <summary>Makes a shape; called by collection expressions.</summary>
    public static Shape Create(ReadOnlySpan<int> extents) => new(extents);

    /// <summary>A copy of the extents.</summary>
    public int[] ToArray() => [.. extents];

    /// <inheritdoc/>
    public bool Equals(Shape? other) =>
        other is not null && (ReferenceEquals(this, other) || extents.AsSpan().SequenceEqual(other.extents));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = extents.Length;
        foreach (int extent in extents)
        {
            hash = (hash * 397) ^ extent;
        }

        return hash;
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)extents).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => extents.GetEnumerator();

    /// <summary>The extents in parentheses: <c>()</c>, <c>(3,)</c>, <c>(3,4)</c>.</summary>
    public override string ToString() => Rank == 1 ? $"({extents[0]},)" : $"({string.Join(",", extents)})";

    /// <summary>Row-major strides in elements.</summary>
    internal long[] Strides()
    {
        var strides = new long[Rank];
        long stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= extents[axis];
        }

        return strides;
    }

    /// <summary>This shape with one axis taken out.</summary>
    internal Shape Without(int axis) => new([.. extents.Where((_, i) => i != axis)]);

    /// <summary>This shape with the given axes taken out.</summary>
    internal Shape Without(IReadOnlyList<int> axes) => new([.. extents.Where((_, i) => !axes.Contains(i))]);

    /// <summary>This shape with an axis of the given extent put in.</summary>
    internal Shape Insert(int axis, int extent) => new([.. extents[..axis], extent, .. extents[axis..]]);

    /// <summary>This shape with the extent of one axis replaced.</summary>
    internal Shape With(int axis, int extent)
    {
        int[] copy = [.. extents];
        copy[axis] = extent;
        return new(copy);
    }
}
