using System;
using System.Linq;

namespace JaxSharp.Numpy;

/// <summary>
/// A pair of integers for each axis, before and after: one number for all, a pair for all, or a pair for each axis.
/// </summary>
/// <example><code>
/// jnp.Pad(jnp.Array([1, 2]), 1);      // => [0 1 2 0]
/// jnp.Pad(jnp.Array([1, 2]), (0, 2)); // => [1 2 0 0]
/// </code></example>
public readonly struct PadWidths
{
    private readonly int[][]? pairs;

    private PadWidths(int[][] pairs) => this.pairs = pairs;

    /// <summary>The same before and after every axis.</summary>
    public static implicit operator PadWidths(int width) =>
        new([
            [width],
        ]);

    /// <summary>The same pair for every axis.</summary>
    public static implicit operator PadWidths((int Before, int After) widths) =>
        new([
            [widths.Before, widths.After],
        ]);

    /// <summary>A pair for each axis.</summary>
    public static implicit operator PadWidths((int Before, int After)[] widths) =>
        new([.. Argument.Given(widths, caller: nameof(PadWidths)).Select(pair => new[] { pair.Before, pair.After })]);

    /// <summary>Pairs from nested arrays.</summary>
    public static implicit operator PadWidths(int[][] widths) => new(widths);

    /// <summary>One number or a pair for every axis.</summary>
    public static implicit operator PadWidths(int[] widths) => new([widths]);

    /// <summary>The pairs of an array of integers.</summary>
    public static implicit operator PadWidths(NDArray widths)
    {
        var concrete = Ops.Concrete(widths, "pad", "Its result's shape depends on pad_width: give C# numbers.");
        int columns = concrete.Ndim == 0 ? 1 : concrete.Shape[^1];
        int rows = columns == 0 ? 0 : (int)(concrete.Size / columns);
        return new([
            .. Enumerable
                .Range(0, rows)
                .Select(row =>
                    Enumerable.Range(0, columns).Select(i => (int)concrete.ItemInt((row * columns) + i)).ToArray()
                ),
        ]);
    }

    internal (int Before, int After)[] Resolve(int rank, string caller)
    {
        var given =
            pairs
            ??
            [
                [0],
            ];
        bool fits =
            given.Length > 0
            && given.All(pair => pair.Length is 1 or 2)
            && (given.Length == 1 || (given.Length == rank && given.All(pair => pair.Length == 2)));
        if (!fits)
        {
            throw new JaxArgumentException(
                $"{caller} needs one number, one pair, or one pair for each of {rank} axes; got "
                    + $"({string.Join(", ", given.Select(pair => $"({string.Join(", ", pair)})"))})."
            );
        }

        var result = new (int, int)[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int[] pair = given[given.Length == 1 ? 0 : axis];
            result[axis] = (pair[0], pair[^1]);
            if (pair[0] < 0 || pair[^1] < 0)
            {
                throw new JaxArgumentException($"{caller} got a negative width ({pair[0]}, {pair[^1]}).");
            }
        }

        return result;
    }
}
