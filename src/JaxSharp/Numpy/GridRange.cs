using System;

namespace JaxSharp.Numpy;

/// <summary>
/// The coordinates along one axis of <see cref="Jnp.MGrid"/>: a C# range of integers, a tuple of start, stop and step, or a number of
/// points from a start to a stop that belongs to them.
/// </summary>
public readonly struct GridRange
{
    private readonly NDArray? values;

    private GridRange(NDArray values) => this.values = values;

    internal NDArray Values => values ?? Jnp.Arange(0);

    /// <summary>The integers of a range, whose ends count from the start.</summary>
    /// <exception cref="JaxArgumentException">An end counts from the end, which a grid does not have.</exception>
    public static implicit operator GridRange(Range range) =>
        range.Start.IsFromEnd || range.End.IsFromEnd
            ? throw new JaxArgumentException(
                $"A grid has no end to count from; got {range}. Give both ends of the range as numbers, as in 0..4."
            )
            : new(Jnp.Arange(range.Start.Value, range.End.Value));

    /// <summary>The integers from a start up to a stop, by steps.</summary>
    public static implicit operator GridRange((int Start, int Stop, int Step) range) =>
        new(Jnp.Arange(range.Start, range.Stop, range.Step));

    /// <summary>The numbers from a start up to a stop, by steps.</summary>
    public static implicit operator GridRange((double Start, double Stop, double Step) range) =>
        new(Jnp.Arange(range.Start, range.Stop, range.Step));

    /// <summary>A number of points from a start to a stop, which is the last: what NumPy writes with an imaginary step.</summary>
    /// <example><code>jnp.MGrid[JaxSharp.Numpy.GridRange.Points(-1, 1, 3)]; // => [-1.  0.  1.]</code></example>
    public static GridRange Points(double start, double stop, int count) => new(Jnp.Linspace(start, stop, count));
}

/// <summary>Makes grids of coordinates by indexing.</summary>
public sealed class DenseGrid
{
    internal DenseGrid() { }

    /// <summary>The coordinates of all points along each axis, stacked along a new first axis; of one axis just its coordinates.</summary>
    public NDArray this[params GridRange[] axes] =>
        Argument.Given(axes) is [var only] ? only.Values : Jnp.Stack(OpenGrid.Coordinates(axes, sparse: false));
}

/// <summary>Makes open grids of coordinates by indexing.</summary>
public sealed class OpenGrid
{
    internal OpenGrid() { }

    /// <summary>The coordinates along each axis, with extent 1 along all others, so that they broadcast to the grid.</summary>
    public NDArray[] this[params GridRange[] axes] => Coordinates(Argument.Given(axes), sparse: true);

    internal static NDArray[] Coordinates(GridRange[] axes, bool sparse) =>
        axes.Length == 0
            ? throw new JaxArgumentException("A grid needs at least one axis, as in jnp.MGrid[0..3].")
            : Jnp.MeshGrid(
                Promotion.Promote(Array.ConvertAll(axes, axis => axis.Values)),
                copy: true,
                sparse,
                indexing: "ij"
            );
}

// Grids by indexing.
public static partial class Jnp
{
    /// <summary>A grid of coordinates, one for each axis: indexed by ranges, or by start, stop and step.</summary>
    /// <example><code>
    /// jnp.MGrid[0..2, 0..3];       // => [[[0 0 0] [1 1 1]] [[0 1 2] [0 1 2]]]
    /// jnp.MGrid[(0, 1, 0.25)];     // => [0.   0.25 0.5  0.75]
    /// </code></example>
    public static DenseGrid MGrid { get; } = new();

    /// <summary>The coordinates of a grid in arrays that broadcast to it.</summary>
    /// <example><code>
    /// var grid = jnp.OGrid[0..2, JaxSharp.Numpy.GridRange.Points(0, 1, 3)];
    /// (grid[0].Shape, grid[1].Shape); // => ((2,1), (1,3))
    /// </code></example>
    public static OpenGrid OGrid { get; } = new();
}
