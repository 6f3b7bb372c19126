using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Transforms;

namespace JaxSharp.Numpy;

// Functions of small arrays applied to large ones.
public static partial class Jnp
{
    /// <summary>A function of vectors applied to all vectors along an axis; its results take the place of that axis.</summary>
    /// <example><code>Jnp.ApplyAlongAxis(row =&gt; row / Jnp.Sum(row), 1, x);</code></example>
    public static NDArray ApplyAlongAxis(Func<NDArray, NDArray> func1d, int axis, NDArray arr)
    {
        int at = Axes.Normalize(axis, arr.Ndim, "apply_along_axis");
        var rows = MoveAxis(arr, at, -1);
        int last = rows.Ndim - 1;
        var result = MapLeading(args => func1d(args[0]), [rows], [1], rows.Shape[..last]);
        int added = result.Ndim - last;
        return MoveAxis(result, Enumerable.Range(last, added).ToArray(), Enumerable.Range(at, added).ToArray());
    }

    /// <summary>
    /// A function of one array made to map over leading axes, which broadcast; the signature tells which last axes the function
    /// itself takes: <c>(n)-&gt;()</c>. Without one it takes scalars.
    /// </summary>
    /// <example><code>var norms = Jnp.Vectorize(row =&gt; Jnp.Sqrt(Jnp.Sum(row * row)), signature: "(n)-&gt;()");</code></example>
    public static Func<NDArray, NDArray> Vectorize(Func<NDArray, NDArray> pyfunc, string? signature = null)
    {
        var mapped = VectorizeMany(args => pyfunc(args[0]), 1, signature);
        return x => mapped([x]);
    }

    /// <summary>A function of two arrays made to map over leading axes, which broadcast.</summary>
    public static Func<NDArray, NDArray, NDArray> Vectorize(
        Func<NDArray, NDArray, NDArray> pyfunc,
        string? signature = null
    )
    {
        var mapped = VectorizeMany(args => pyfunc(args[0], args[1]), 2, signature);
        return (x, y) => mapped([x, y]);
    }

    /// <summary>A function of three arrays made to map over leading axes, which broadcast.</summary>
    public static Func<NDArray, NDArray, NDArray, NDArray> Vectorize(
        Func<NDArray, NDArray, NDArray, NDArray> pyfunc,
        string? signature = null
    )
    {
        var mapped = VectorizeMany(args => pyfunc(args[0], args[1], args[2]), 3, signature);
        return (x, y, z) => mapped([x, y, z]);
    }

    private static Func<NDArray[], NDArray> VectorizeMany(
        Func<NDArray[], NDArray> function,
        int count,
        string? signature
    )
    {
        string[][] core = [.. Enumerable.Repeat(System.Array.Empty<string>(), count)];
        if (signature is not null)
        {
            string text = signature.Replace(" ", "", StringComparison.Ordinal);
            int arrow = text.IndexOf("->", StringComparison.Ordinal);
            string[] inputs = arrow < 0 ? [] : text[..arrow].Split("),(");
            if (inputs.Length != count)
            {
                throw new JaxArgumentException(
                    $"vectorize got the signature \"{signature}\" for a function of {count} arrays; it must be like \"(n),(n)->()\"."
                );
            }

            core = System.Array.ConvertAll(
                inputs,
                input => input.Trim('(', ')').Split(',', StringSplitOptions.RemoveEmptyEntries)
            );
        }

        return args =>
        {
            var sizes = new Dictionary<string, int>();
            var leading = new Shape[count];
            for (int i = 0; i < count; i++)
            {
                int rank = args[i].Ndim - core[i].Length;
                if (rank < 0)
                {
                    throw new ShapeException(
                        $"vectorize with the signature \"{signature}\" needs at least {core[i].Length} axes of argument {i}; got "
                            + $"{args[i].Type}."
                    );
                }

                leading[i] = args[i].Shape[..rank];
                for (int k = 0; k < core[i].Length; k++)
                {
                    int extent = args[i].Shape[rank + k];
                    if (!sizes.TryAdd(core[i][k], extent) && sizes[core[i][k]] != extent)
                    {
                        throw new ShapeException(
                            $"vectorize with the signature \"{signature}\": the axis {core[i][k]} has extents {sizes[core[i][k]]} and {extent}."
                        );
                    }
                }
            }

            return MapLeading(
                function,
                args,
                System.Array.ConvertAll(core, names => names.Length),
                Broadcasting.Common("vectorize", leading)
            );
        };
    }

    /// <summary>Maps a function over all leading axes at once; each argument keeps its last axes, as many as given.</summary>
    private static NDArray MapLeading(Func<NDArray[], NDArray> function, NDArray[] args, int[] coreRanks, Shape leading)
    {
        if (leading.Rank == 0)
        {
            return function(args);
        }

        int size = (int)leading.Size;
        var flat = new NDArray[args.Length];
        for (int i = 0; i < args.Length; i++)
        {
            int[] core = args[i].Shape.ToArray()[(args[i].Ndim - coreRanks[i])..];
            var repeated = Broadcasting.To(args[i], new Shape([.. leading, .. core]), "vectorize");
            flat[i] = Ops.Reshape(repeated, new Shape([size, .. core]));
        }

        var (outputs, dims) = Vectorization.Batch(
            mapped => [function(mapped)],
            new BatchAxis(size, null),
            flat,
            [.. Enumerable.Repeat<int?>(0, flat.Length)]
        );
        var result = outputs[0];
        result = dims[0] is { } dim
            ? MoveAxis(result, dim, 0)
            : Broadcasting.To(Ops.ExpandDims(result, 0), result.Shape.Insert(0, size), "vectorize");
        return Ops.Reshape(result, new Shape([.. leading, .. result.Shape.ToArray()[1..]]));
    }
}
