using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp;

/// <summary>
/// The axes that an operation works along: none given (<c>null</c>, usually meaning all), one, or several. Made implicitly from
/// an integer, a tuple or an array of integers; negative numbers count from the last axis.
/// </summary>
/// <example><code>
/// NDArray x = jnp.Ones((2, 3, 4));
/// jnp.Sum(x);                      // => 24.0
/// jnp.Sum(x, axis: -1).Shape;      // => (2,3)
/// jnp.Sum(x, axis: (0, 2)).Shape;  // => (3,)
/// </code></example>
public readonly struct Axes
{
    private readonly int[]? values;

    private Axes(int[]? values, bool isSingle)
    {
        this.values = values;
        IsSingle = isSingle;
    }

    /// <summary>Whether no axes were given.</summary>
    public bool IsNone => values is null;

    /// <summary>Whether one axis was given as an integer.</summary>
    public bool IsSingle { get; }

    /// <summary>The axes as they were given.</summary>
    public IReadOnlyList<int> Values => values ?? [];

    /// <summary>One axis.</summary>
    public static implicit operator Axes(int axis) => new([axis], true);

    /// <summary>One axis, or none for null.</summary>
    public static implicit operator Axes(int? axis) => axis is { } one ? new([one], true) : default;

    /// <summary>No axes at all: the operation leaves every axis alone.</summary>
    public static implicit operator Axes(ValueTuple axes) => new([], false);

    /// <summary>Two axes.</summary>
    public static implicit operator Axes((int, int) axes) => new([axes.Item1, axes.Item2], false);

    /// <summary>Three axes.</summary>
    public static implicit operator Axes((int, int, int) axes) => new([axes.Item1, axes.Item2, axes.Item3], false);

    /// <summary>Four axes.</summary>
    public static implicit operator Axes((int, int, int, int) axes) =>
        new([axes.Item1, axes.Item2, axes.Item3, axes.Item4], false);

    /// <summary>Several axes; null for none given.</summary>
    public static implicit operator Axes(int[]? axes) => new(axes is null ? null : [.. axes], false);

    /// <summary>The axes counted from the front, all of them if none were given.</summary>
    /// <exception cref="AxisException">An axis does not exist or is named twice.</exception>
    internal int[] Resolve(int rank, string caller)
    {
        if (values is null)
        {
            return [.. Enumerable.Range(0, rank)];
        }

        int[] result = Array.ConvertAll(values, axis => Normalize(axis, rank, caller));
        if (result.Distinct().Count() != result.Length)
        {
            throw new AxisException(
                $"{caller} got axis {this}, which names an axis twice (the array has {rank} axes)."
            );
        }

        return result;
    }

    /// <summary>One axis counted from the front.</summary>
    /// <exception cref="AxisException">The axis does not exist.</exception>
    internal static int Normalize(int axis, int rank, string caller)
    {
        if (axis < -rank || axis >= rank)
        {
            throw new AxisException(
                $"{caller} got axis {axis}, but the array has {rank} axes: axis must be in [{-rank}, {rank})."
            );
        }

        return axis < 0 ? axis + rank : axis;
    }

    /// <summary>The axes in parentheses.</summary>
    public override string ToString() =>
        values is null ? "None"
        : IsSingle ? values[0].ToString(System.Globalization.CultureInfo.InvariantCulture)
        : $"({string.Join(", ", values)})";
}
