using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp;

/// <summary>
/// A short list of integers: axes, sizes, strides or offsets, one per dimension. It is made from an integer, a tuple, an array, a
/// shape or a collection expression, and compared element by element.
/// </summary>
/// <example><code>
/// NDArray x = jnp.Ones((2, 3, 4));
/// Lax.Rev(x, 0); Lax.Rev(x, (0, 2)); Lax.Rev(x, [0, 1, 2]);
/// </code></example>
[CollectionBuilder(typeof(Dims), nameof(Create))]
public readonly struct Dims : IReadOnlyList<int>, IEquatable<Dims>
{
    private readonly int[]? items;

    /// <summary>Makes a list of integers, which are copied.</summary>
    public Dims(params ReadOnlySpan<int> items)
    {
        this.items = items.ToArray();
    }

    /// <summary>The number of integers.</summary>
    public int Count => items?.Length ?? 0;

    /// <summary>The integers without a copy.</summary>
    public ReadOnlySpan<int> Span => items;

    /// <summary>The integer at a place.</summary>
    public int this[int index] => items![index];

    /// <summary>A list of one integer.</summary>
    public static implicit operator Dims(int value) => new(value);

    /// <summary>A list from an array.</summary>
    public static implicit operator Dims(int[] values) => new(values);

    /// <summary>The extents of a shape.</summary>
    public static implicit operator Dims(Shape shape) => new(Argument.Given(shape, caller: nameof(Dims)).Extents);

    /// <summary>The empty list from the empty tuple.</summary>
    public static implicit operator Dims(ValueTuple values) => default;

    /// <summary>A list of one integer.</summary>
    public static implicit operator Dims(ValueTuple<int> v) => new(v.Item1);

    /// <summary>A list of two integers.</summary>
    public static implicit operator Dims((int, int) v) => new(v.Item1, v.Item2);

    /// <summary>A list of three integers.</summary>
    public static implicit operator Dims((int, int, int) v) => new(v.Item1, v.Item2, v.Item3);

    /// <summary>A list of four integers.</summary>
    public static implicit operator Dims((int, int, int, int) v) => new(v.Item1, v.Item2, v.Item3, v.Item4);

    /// <summary>A list of five integers.</summary>
    public static implicit operator Dims((int, int, int, int, int) v) =>
        new(v.Item1, v.Item2, v.Item3, v.Item4, v.Item5);

    /// <summary>A list of six integers.</summary>
    public static implicit operator Dims((int, int, int, int, int, int) v) =>
        new(v.Item1, v.Item2, v.Item3, v.Item4, v.Item5, v.Item6);

    /// <summary>Whether two lists have the same integers.</summary>
    public static bool operator ==(Dims left, Dims right) => left.Equals(right);

    /// <summary>Whether two lists differ.</summary>
    public static bool operator !=(Dims left, Dims right) => !left.Equals(right);

    /// <summary>Makes a list; called by collection expressions.</summary>
    public static Dims Create(ReadOnlySpan<int> items) => new(items);

    /// <summary>A copy as an array.</summary>
    public int[] ToArray() => Span.ToArray();

    /// <inheritdoc/>
    public bool Equals(Dims other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dims other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        int hash = Count;
        foreach (int item in Span)
        {
            hash = (hash * 397) ^ item;
        }

        return hash;
    }

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The integers in parentheses: <c>()</c>, <c>(3,)</c>, <c>(3,4)</c>.</summary>
    public override string ToString() => Count == 1 ? $"({items![0]},)" : $"({string.Join(",", items ?? [])})";

    /// <summary>The list with a number added to every integer.</summary>
    internal Dims Plus(int offset) => new([.. this.Select(i => i + offset)]);

    /// <summary>The list with another integer in front.</summary>
    internal Dims Prepend(int first) => new([first, .. Span]);

    /// <summary>The list with another integer at a place.</summary>
    internal Dims Insert(int at, int value) => new([.. Span[..at], value, .. Span[at..]]);

    /// <summary>The same integer a number of times.</summary>
    internal static Dims Repeat(int value, int count) => new([.. Enumerable.Repeat(value, count)]);

    /// <summary>0, 1, …, count − 1.</summary>
    internal static Dims Range(int count) => new([.. Enumerable.Range(0, count)]);
}
