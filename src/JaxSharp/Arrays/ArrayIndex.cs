using System;
using JaxSharp.Arrays;

namespace JaxSharp;

/// <summary>
/// One item of an index: an integer, a range, a slice with a step, an array of integers or bools, a new axis (null) or an
/// ellipsis. Made implicitly from each of these.
/// </summary>
/// <example><code>x[0]; x[^1]; x[1..3, ..]; x[(null, null, -1)]; x[Jnp.Ellipsis, 0]; x[rows, columns]; x[x &gt; 0];</code></example>
public sealed class ArrayIndex
{
    private ArrayIndex(IndexKind kind) => Kind = kind;

    /// <summary>Stands for as many whole axes as are missing.</summary>
    public static ArrayIndex Ellipsis { get; } = new(IndexKind.Ellipsis);

    /// <summary>A new axis of extent 1.</summary>
    public static ArrayIndex NewAxis { get; } = new(IndexKind.NewAxis);

    /// <summary>A whole axis.</summary>
    public static ArrayIndex All { get; } = new(IndexKind.Slice);

    internal IndexKind Kind { get; }

    internal int Place { get; private init; }

    internal int? Start { get; private init; }

    internal int? Stop { get; private init; }

    internal int? Step { get; private init; }

    internal NDArray? Array { get; private init; }

    /// <summary>One place; negative numbers count from the end.</summary>
    public static implicit operator ArrayIndex(int place) => new(IndexKind.Integer) { Place = place };

    /// <summary>One place, counted from either end.</summary>
    public static implicit operator ArrayIndex(Index place) =>
        place.IsFromEnd && place.Value == 0
            ? throw new ArrayIndexException("The index ^0 is behind the last element; the last one is ^1.")
            : new(IndexKind.Integer) { Place = place.IsFromEnd ? -place.Value : place.Value };

    /// <summary>The places from start up to, not including, stop; ranges beyond the end are cut.</summary>
    public static implicit operator ArrayIndex(Range range) =>
        new(IndexKind.Slice)
        {
            Start = Bound(range.Start),
            Stop = range.End.Equals(Index.End) ? null : Bound(range.End),
        };

    /// <summary>The places start, start + step, … before stop; null leaves a bound or the step open.</summary>
    public static implicit operator ArrayIndex((int? Start, int? Stop, int? Step) slice) =>
        Slice(slice.Start, slice.Stop, slice.Step);

    /// <summary>Places chosen by integers, or by bools; an array of no axes chooses one place.</summary>
    public static implicit operator ArrayIndex(NDArray array) => new(IndexKind.Array) { Array = array };

    /// <summary>Places chosen by integers.</summary>
    public static implicit operator ArrayIndex(int[] places) => Numpy.Jnp.Array(places);

    /// <summary>Places chosen by bools.</summary>
    public static implicit operator ArrayIndex(bool[] mask) => Numpy.Jnp.Array(mask);

    /// <summary>True adds an axis of extent 1, false one of extent 0.</summary>
    public static implicit operator ArrayIndex(bool flag) => new(IndexKind.Flag) { Place = flag ? 1 : 0 };

    /// <summary>The places start, start + step, … before stop, as Python's slices; null leaves a bound or the step open.</summary>
    /// <exception cref="ArrayIndexException">The step is 0.</exception>
    public static ArrayIndex Slice(int? start = null, int? stop = null, int? step = null) =>
        step == 0
            ? throw new ArrayIndexException("The step of a slice must not be 0.")
            : new ArrayIndex(IndexKind.Slice)
            {
                Start = start,
                Stop = stop,
                Step = step,
            };

    // From the end, 0 is a bound that lies behind the last place.
    private static int Bound(Index index) =>
        !index.IsFromEnd ? index.Value
        : index.Value == 0 ? int.MaxValue
        : -index.Value;
}
