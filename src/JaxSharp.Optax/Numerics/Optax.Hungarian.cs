using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The assignment of rows to columns of least cost, each row and column used at most once.</summary>
    /// <param name="costs">A matrix; as many are assigned as its shorter side has.</param>
    /// <returns>The rows and the columns that belong together.</returns>
    /// <exception cref="ShapeException">The costs are not a matrix.</exception>
    /// <example><code>
    /// var (rows, columns) = optax.BaseHungarianAlgorithm(jnp.Array(new[,] { { 4f, 1f }, { 2f, 3f } }));
    /// columns; // => [1 0]
    /// </code></example>
    public static (NDArray Rows, NDArray Columns) BaseHungarianAlgorithm(NDArray costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        if (costs.Ndim != 2)
        {
            throw new ShapeException($"The assignment needs a matrix of costs; got the shape {costs.Shape}.");
        }

        if (costs.Shape[0] > costs.Shape[1])
        {
            var (columns, rows) = BaseHungarianAlgorithm(costs.T);
            var order = Jnp.ArgSort(rows);
            return (rows[order], columns[order]);
        }

        return (Jnp.Arange((int)costs.Shape[0]), Assignment.Columns(costs));
    }

    /// <summary>
    /// The assignment of rows to columns of least cost, each row and column used at most once. Pairs come in the order of columns for a
    /// square matrix, otherwise from the last to the first place of the shorter side.
    /// </summary>
    /// <param name="costs">A matrix; as many are assigned as its shorter side has.</param>
    /// <returns>The rows and the columns that belong together.</returns>
    /// <exception cref="ShapeException">The costs are not a matrix.</exception>
    /// <example><code>
    /// var (rows, columns) = optax.HungarianAlgorithm(jnp.Array(new[,] { { 4f, 1f }, { 2f, 3f } }));
    /// rows; // => [1 0]
    /// </code></example>
    public static (NDArray Rows, NDArray Columns) HungarianAlgorithm(NDArray costs)
    {
        var (rows, columns) = BaseHungarianAlgorithm(costs);
        var order =
            costs.Shape[0] == costs.Shape[1] ? Jnp.ArgSort(columns)
            : costs.Shape[0] < costs.Shape[1] ? Jnp.Flip(Jnp.ArgSort(rows))
            : Jnp.Flip(Jnp.ArgSort(columns));
        return (rows[order].AsType(DType.I32), columns[order].AsType(DType.I32));
    }
}

/// <summary>
/// Shortest augmenting paths: rows are assigned one after the other, and potentials keep all reduced costs at least zero. Column 0 is
/// a place for the row that is being assigned, so that rows and columns count from one and zero means none.
/// </summary>
internal static class Assignment
{
    /// <summary>The column of each row, for a matrix with no more rows than columns.</summary>
    public static NDArray Columns(NDArray costs)
    {
        int rows = (int)costs.Shape[0],
            columns = (int)costs.Shape[1];
        if (rows == 0)
        {
            return Jnp.Zeros(0, DType.I32);
        }

        costs = costs.DType.IsFloating ? costs : costs.AsType(DType.F32);
        var rowOf = Lax.ForiLoop(
            1,
            rows + 1,
            (row, s) => Assign(costs, row, s.U, s.V, s.RowOf, columns),
            (
                U: Jnp.Zeros(rows + 1, costs.DType),
                V: Jnp.Zeros(columns + 1, costs.DType),
                RowOf: Jnp.Zeros(columns + 1, DType.I32)
            )
        ).RowOf;

        // A full array of a number is weakly typed, as Optax's result is.
        var result = Jnp.Full(rows, -1);
        var matches = Jnp.Equal(
            Jnp.ExpandDims(rowOf[1..], 0),
            Jnp.ExpandDims(Jnp.Arange(1, rows + 1, dtype: DType.I32), 1)
        );
        return result.At[Jnp.Arange(rows)].Set(Jnp.ArgMax(matches, axis: 1).AsType(DType.I32));
    }

    private static (NDArray U, NDArray V, NDArray RowOf) Assign(
        NDArray costs,
        NDArray row,
        NDArray u,
        NDArray v,
        NDArray rowOf,
        int columns
    )
    {
        var infinite = Jnp.FullLike(v, double.PositiveInfinity);
        var place = Jnp.Arange(columns + 1, dtype: DType.I32);
        rowOf = Jnp.Where(Jnp.Equal(place, 0), row.AsType(DType.I32), rowOf);
        var search = Lax.WhileLoop(
            s => Jnp.NotEqual(s.RowOf[s.S.Column], 0),
            s => (Extend(costs, s.S, s.RowOf, place), s.RowOf),
            (
                S: new Search(
                    Numerics.Zero,
                    infinite,
                    Jnp.ZerosLike(place),
                    Jnp.ZerosLike(place).AsType(DType.Bool),
                    u,
                    v
                ),
                RowOf: rowOf
            )
        ).S;

        // Back along the path: each column takes the row of the column before.
        var (_, assigned) = Lax.WhileLoop(
            s => Jnp.NotEqual(s.Column, 0),
            s =>
            {
                var before = search.Way[s.Column];
                return (before, Jnp.Where(Jnp.Equal(place, s.Column), s.RowOf[before], s.RowOf));
            },
            (search.Column, RowOf: rowOf)
        );
        return (search.U, search.V, assigned);
    }

    private static Search Extend(NDArray costs, Search s, NDArray rowOf, NDArray place)
    {
        var used = Jnp.LogicalOr(s.Used, Jnp.Equal(place, s.Column));
        var row = rowOf[s.Column];
        var infinity = Jnp.Full(1, double.PositiveInfinity, costs.DType);
        var reduced = Jnp.Concatenate([infinity, costs[row - 1]]) - s.U[row] - s.V;
        var isShorter = Jnp.LogicalAnd(Jnp.LogicalNot(used), Jnp.Less(reduced, s.Least));
        var least = Jnp.Where(isShorter, reduced, s.Least);
        var way = Jnp.Where(isShorter, s.Column, s.Way);
        var open = Jnp.Where(used, double.PositiveInfinity, least);
        var column = Jnp.ArgMin(open).AsType(DType.I32);
        var delta = open[column];

        // Potentials of the rows on the path rise, those of their columns fall.
        var onPath = Jnp.Any(
            Jnp.LogicalAnd(
                Jnp.ExpandDims(used, 0),
                Jnp.Equal(Jnp.ExpandDims(rowOf, 0), Jnp.ExpandDims(Jnp.Arange((int)s.U.Shape[0], dtype: DType.I32), 1))
            ),
            axis: 1
        );
        return new Search(
            column,
            Jnp.Where(used, least, least - delta),
            way,
            used,
            Jnp.Where(onPath, s.U + delta, s.U),
            Jnp.Where(used, s.V - delta, s.V)
        );
    }

    // Column is the last of the path so far, Least the least reduced cost of each column, Way the column before it.
    private sealed record Search(NDArray Column, NDArray Least, NDArray Way, NDArray Used, NDArray U, NDArray V);
}
