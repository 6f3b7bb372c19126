using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Arrays of coordinates and indices.
public static partial class Jnp
{
    /// <summary>The coordinates of a grid, one array per coordinate; "xy" indexing puts the second vector's axis first.</summary>
    public static NDArray[] MeshGrid(NDArray[] xi, bool copy = true, bool sparse = false, string indexing = "xy")
    {
        Argument.Given(xi);
        if (indexing is not ("xy" or "ij"))
        {
            throw new JaxArgumentException($"meshgrid got indexing \"{indexing}\"; it must be \"xy\" or \"ij\".");
        }

        if (xi.FirstOrDefault(x => x.Ndim != 1) is { } wrong)
        {
            throw new ShapeException($"meshgrid needs vectors; got {wrong.Type}.");
        }

        int rank = xi.Length;
        int[] axes = [.. Enumerable.Range(0, rank)];
        if (indexing == "xy" && rank >= 2)
        {
            (axes[0], axes[1]) = (1, 0);
        }

        int[] extents = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            extents[axes[i]] = xi[i].Shape[0];
        }

        return
        [
            .. xi.Select(
                (x, i) =>
                {
                    int[] shape = sparse ? [.. Enumerable.Repeat(1, rank)] : extents;
                    shape = [.. shape];
                    shape[axes[i]] = extents[axes[i]];
                    return new BroadcastInDim(shape, [axes[i]]).Bind(x);
                }
            ),
        ];
    }

    /// <inheritdoc cref="MeshGrid(NDArray[], bool, bool, string)"/>
    public static NDArray[] MeshGrid(params NDArray[] xi) => MeshGrid(Argument.Given(xi), true);

    /// <summary>The index of every element of a shape along each axis, stacked along a new first axis.</summary>
    public static NDArray Indices(Shape dimensions, DType? dtype = null)
    {
        Argument.Given(dimensions);
        var type = JaxConfig.Canonical(dtype ?? DType.I32);
        if (dimensions.Rank == 0)
        {
            return Zeros(0, type);
        }

        return Ops.Concatenate(
            [
                .. Enumerable
                    .Range(0, dimensions.Rank)
                    .Select(axis => Ops.ExpandDims(Ops.Iota(type, dimensions, axis), 0)),
            ],
            0
        );
    }

    /// <summary>The index along each axis, as arrays that broadcast to the shape.</summary>
    public static NDArray[] Indices(Shape dimensions, bool sparse, DType? dtype = null)
    {
        Argument.Given(dimensions);
        var type = JaxConfig.Canonical(dtype ?? DType.I32);
        return
        [
            .. Enumerable
                .Range(0, dimensions.Rank)
                .Select(axis =>
                {
                    if (!sparse)
                    {
                        return Ops.Iota(type, dimensions, axis);
                    }

                    int[] shape = [.. Enumerable.Repeat(1, dimensions.Rank)];
                    shape[axis] = dimensions[axis];
                    return Ops.Iota(type, shape, axis);
                }),
        ];
    }

    /// <summary>The value of a function of the indices along the one axis of a shape.</summary>
    public static NDArray FromFunction(Func<NDArray, NDArray> function, Shape shape, DType? dtype = null) =>
        function(Grid(shape, 1, dtype)[0]);

    /// <summary>The value of a function of the indices along the two axes of a shape.</summary>
    /// <example><code>jnp.FromFunction((i, j) => i + j, (2, 3)); // => [[0. 1. 2.] [1. 2. 3.]]</code></example>
    public static NDArray FromFunction(Func<NDArray, NDArray, NDArray> function, Shape shape, DType? dtype = null)
    {
        var grid = Grid(shape, 2, dtype);
        return function(grid[0], grid[1]);
    }

    /// <summary>The value of a function of the indices along the three axes of a shape.</summary>
    public static NDArray FromFunction(
        Func<NDArray, NDArray, NDArray, NDArray> function,
        Shape shape,
        DType? dtype = null
    )
    {
        var grid = Grid(shape, 3, dtype);
        return function(grid[0], grid[1], grid[2]);
    }

    private static NDArray[] Grid(Shape shape, int arguments, DType? dtype) =>
        Argument.Given(shape, caller: "FromFunction").Rank == arguments
            ? Indices(shape, false, dtype ?? DType.F32)
            : throw new ShapeException($"fromfunction got a function of {arguments} indices for the shape {shape}.");
}
