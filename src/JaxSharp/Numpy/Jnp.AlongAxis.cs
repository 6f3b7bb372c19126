using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Transforms;

namespace JaxSharp.Numpy;

// Functions of vectors applied along axes.
public static partial class Jnp
{
    /// <summary>A function of vectors applied to all vectors along an axis; its results take the place of that axis.</summary>
    /// <example><code>jnp.ApplyAlongAxis(row => row / jnp.Sum(row), 1, jnp.Array([[1f, 3f], [1f, 1f]])); // => [[0.25 0.75] [0.5  0.5 ]]</code></example>
    public static NDArray ApplyAlongAxis(Func<NDArray, NDArray> func1d, int axis, NDArray arr)
    {
        Argument.Given(func1d);
        Argument.Given(arr);
        int at = Axes.Normalize(axis, arr.Ndim, "apply_along_axis");
        var rows = MoveAxis(arr, at, -1);
        int last = rows.Ndim - 1;
        var result = MapLeading(args => func1d(args[0]), [rows], [1], rows.Shape[..last]);
        int added = result.Ndim - last;
        return MoveAxis(result, Enumerable.Range(last, added).ToArray(), Enumerable.Range(at, added).ToArray());
    }

    /// <summary>A function of two arrays with the methods of NumPy's universal functions.</summary>
    /// <param name="func">The function; it applies to arrays element by element.</param>
    /// <param name="nin">The number of its arguments: 2.</param>
    /// <param name="nout">The number of its results: 1.</param>
    /// <param name="identity">What leaves the other argument as it is; for reductions over nothing.</param>
    public static Ufunc FromPyFunc(
        Func<NDArray, NDArray, NDArray> func,
        int nin = 2,
        int nout = 1,
        double? identity = null
    ) =>
        nin == 2 && nout == 1
            ? new Ufunc("frompyfunc", func, identity)
            : throw new JaxArgumentException(
                $"frompyfunc makes functions of two arrays with one result; got nin={nin}, nout={nout}."
            );

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
