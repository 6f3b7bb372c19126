using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <content>Functions that make arrays, change shapes and put arrays together.</content>
public static partial class Lax
{
    /// <summary>The same elements in row-major order under another shape.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="newSizes">The new shape, of as many elements.</param>
    /// <param name="dimensions">The order in which axes are read, if not from the first to the last.</param>
    /// <exception cref="ShapeException">The number of elements differs, or an extent is negative.</exception>
    /// <exception cref="AxisException"><paramref name="dimensions"/> is no permutation of the axes.</exception>
    public static NDArray Reshape(NDArray operand, Dims newSizes, Dims? dimensions = null)
    {
        var shape = LaxAxes.ToShape("reshape", newSizes);
        var x = Argument.Given(operand);
        return new Reshape(shape).Bind(dimensions is { } order ? Transpose(x, order) : x);
    }

    /// <summary>Reorders axes: axis i of the result is axis <c>permutation[i]</c> of the operand.</summary>
    /// <exception cref="AxisException">It is no permutation of the axes; negative axes are not taken.</exception>
    /// <example><code>Lax.Transpose(jnp.Ones((2, 3)), (1, 0)).Shape; // => (3,2)</code></example>
    public static NDArray Transpose(NDArray operand, Dims permutation) =>
        new PermuteAxes(permutation.ToArray()).Bind(Argument.Given(operand));

    /// <summary>Reverses the order of the elements along axes.</summary>
    /// <exception cref="AxisException">An axis does not exist or is named twice.</exception>
    public static NDArray Rev(NDArray operand, Dims dimensions) => new Rev(dimensions).Bind(Argument.Given(operand));

    /// <summary>Repeats an array along new axes in front.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="sizes">The extents of the new axes.</param>
    /// <exception cref="ShapeException">An extent is negative.</exception>
    public static NDArray Broadcast(NDArray operand, Dims sizes)
    {
        var shape = LaxAxes.ToShape("broadcast", [.. sizes, .. Argument.Given(operand).Shape]);
        return new BroadcastInDim(shape, [.. Enumerable.Range(sizes.Count, operand.Ndim)]).Bind(operand);
    }

    /// <summary>Repeats an array along new axes or axes of extent 1.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="broadcastDimensions">The axis of the result that each axis of the operand becomes, in increasing order.</param>
    /// <exception cref="ShapeException">The axes do not correspond.</exception>
    public static NDArray BroadcastInDim(NDArray operand, Dims shape, Dims broadcastDimensions) =>
        new BroadcastInDim(LaxAxes.ToShape("broadcast_in_dim", shape), broadcastDimensions.ToArray()).Bind(
            Argument.Given(operand)
        );

    /// <summary>The shape that arrays of the given shapes broadcast to by NumPy's rules.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Shape BroadcastShapes(params Shape[] shapes)
    {
        int[] result = new int[Argument.Given(shapes).Length == 0 ? 0 : shapes.Max(s => s.Rank)];
        for (int i = 1; i <= result.Length; i++)
        {
            int[] extents = [.. shapes.Where(s => s.Rank >= i).Select(s => s[^i]).Where(e => e != 1).Distinct()];
            result[^i] = extents.Length switch
            {
                0 => 1,
                1 => extents[0],
                _ => throw new ShapeException(
                    $"lax.broadcast_shapes got {string.Join(", ", shapes.Select(s => s.ToString()))}: counted from the last axis, "
                        + "extents must be equal or 1."
                ),
            };
        }

        return new Shape(result);
    }

    /// <summary>Repeats an array to the shape of another, by NumPy's rules.</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static NDArray BroadcastLike(NDArray x, NDArray like)
    {
        var shape = Argument.Given(like).Shape;
        int added = shape.Rank - Argument.Given(x).Ndim;
        if (added < 0 || BroadcastShapes(x.Shape, shape) != shape)
        {
            throw new ShapeException($"lax.broadcast_like cannot repeat {x.Type} to the shape of {like.Type}.");
        }

        return new BroadcastInDim(shape, [.. Enumerable.Range(added, x.Ndim)]).Bind(x);
    }

    /// <summary>Adds axes of extent 1 in front until the array has the given rank.</summary>
    /// <exception cref="ShapeException">The array has a higher rank already.</exception>
    public static NDArray BroadcastToRank(NDArray x, int rank)
    {
        int added = rank - Argument.Given(x).Ndim;
        return added >= 0
            ? ExpandDims(x, Dims.Range(added))
            : throw new ShapeException($"lax.broadcast_to_rank cannot give {x.Type} the lower rank {rank}.");
    }

    /// <summary>0, 1, 2, … as a vector.</summary>
    /// <exception cref="DTypeException">The element type is bool.</exception>
    public static NDArray Iota(DType dtype, int size) => BroadcastedIota(Argument.Given(dtype), size, 0);

    /// <summary>0, 1, 2, … along one axis, the same along the others.</summary>
    /// <param name="dtype">The element type, a number type.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="dimension">The axis that is counted along.</param>
    /// <exception cref="DTypeException">The element type is bool.</exception>
    /// <exception cref="AxisException">There is no such axis; negative ones are not taken.</exception>
    public static NDArray BroadcastedIota(DType dtype, Dims shape, int dimension) =>
        new Iota(JaxConfig.Canonical(Argument.Given(dtype)), LaxAxes.ToShape("iota", shape), dimension).Bind();

    /// <summary>An array with one value in every element.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="fillValue">A scalar.</param>
    /// <param name="dtype">The element type; by default that of the value, weak if the value is.</param>
    /// <exception cref="ShapeException">An extent is negative, or the value is no scalar.</exception>
    public static NDArray Full(Dims shape, NDArray fillValue, DType? dtype = null)
    {
        var extents = LaxAxes.ToShape("full", shape);
        if (Argument.Given(fillValue).Ndim != 0)
        {
            throw new ShapeException(
                $"lax.full needs a scalar to fill with; got {fillValue.Type}. Use Jnp.Full or Lax.Broadcast."
            );
        }

        var value = dtype is null
            ? fillValue
            : new ConvertElementType(JaxConfig.Canonical(dtype), Weak: false).Bind(fillValue);
        return Operators.BroadcastScalar(value, extents);
    }

    /// <summary>An array like another with one value in every element.</summary>
    /// <param name="x">Gives the shape and element type where they are not given.</param>
    /// <param name="fillValue">A scalar.</param>
    /// <param name="dtype">Another element type.</param>
    /// <param name="shape">Another shape.</param>
    public static NDArray FullLike(NDArray x, NDArray fillValue, DType? dtype = null, Dims? shape = null)
    {
        bool weak = dtype is null && Argument.Given(x).WeakType;
        var type = new ArrayType(JaxConfig.Canonical(dtype ?? x.DType), Shape.Scalar, weak);
        return Full(shape ?? x.Shape, new ConvertElementType(type.DType, weak).Bind(fillValue));
    }

    /// <summary>An array of zeros; JAX leaves its elements undefined.</summary>
    public static NDArray Empty(Dims shape, DType? dtype = null) => Full(shape, 0, dtype ?? DType.F32);

    /// <summary>Drops axes of extent 1.</summary>
    /// <exception cref="AxisException">An axis does not exist or is named twice.</exception>
    /// <exception cref="ShapeException">An axis has another extent.</exception>
    public static NDArray Squeeze(NDArray array, Dims dimensions) =>
        new Squeeze(LaxAxes.Canonical("squeeze", dimensions, Argument.Given(array).Ndim)).Bind(array);

    /// <summary>Adds axes of extent 1.</summary>
    /// <param name="array">Any array.</param>
    /// <param name="dimensions">The places of the new axes in the result.</param>
    /// <exception cref="AxisException">A place does not exist or is named twice.</exception>
    public static NDArray ExpandDims(NDArray array, Dims dimensions)
    {
        if (dimensions.Count == 0)
        {
            return array;
        }

        int rank = Argument.Given(array).Ndim + dimensions.Count;
        var added = LaxAxes.Canonical("expand_dims", dimensions, rank);
        int[] kept = [.. Enumerable.Range(0, rank).Where(axis => !added.Contains(axis))];
        int[] extents = [.. Enumerable.Repeat(1, rank)];
        for (int i = 0; i < kept.Length; i++)
        {
            extents[kept[i]] = array.Shape[i];
        }

        return new BroadcastInDim(extents, kept).Bind(array);
    }

    /// <summary>Merges neighbouring axes, from a start up to a stop, into one.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="startDimension">The first axis merged.</param>
    /// <param name="stopDimension">The axis after the last; by default all. Equal to the start, an axis of extent 1 is put in.</param>
    /// <exception cref="AxisException">The range is none of the array's.</exception>
    public static NDArray Collapse(NDArray operand, int startDimension, int? stopDimension = null)
    {
        int rank = Argument.Given(operand).Ndim;
        int start = startDimension < 0 ? startDimension + rank : startDimension;
        int stop = stopDimension is { } s ? (s < 0 ? s + rank : s) : rank;
        if (start < 0 || start > stop || stop > rank)
        {
            throw new AxisException(
                $"lax.collapse of {operand.Type} cannot merge axes {startDimension} up to {stopDimension}: 0 <= start <= stop <= {rank}."
            );
        }

        var shape = operand.Shape;
        int merged = checked((int)shape[start..stop].Size);
        return Reshape(operand, new Shape([.. shape.Extents[..start], merged, .. shape.Extents[stop..]]));
    }

    /// <summary>Puts arrays one after the other along an axis.</summary>
    /// <param name="operands">At least one array; all extents but the axis's agree, and the element types.</param>
    /// <param name="dimension">The axis; negative ones are not taken.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or there is no array.</exception>
    /// <exception cref="DTypeException">The element types differ.</exception>
    public static NDArray Concatenate(IReadOnlyList<NDArray> operands, int dimension) =>
        new Concatenate(dimension).Bind([.. Argument.AllGiven(operands)]);

    /// <summary>Puts the parts of an array along its first axis one after the other along an axis of theirs.</summary>
    public static NDArray Concatenate(NDArray operands, int dimension) => Concatenate(Unstack(operands), dimension);

    /// <summary>Puts arrays of equal shape side by side along a new axis.</summary>
    /// <exception cref="ShapeException">The shapes differ, or there is no array.</exception>
    /// <exception cref="DTypeException">The element types differ.</exception>
    public static NDArray Stack(IReadOnlyList<NDArray> arrays, int axis = 0)
    {
        if (Argument.Given(arrays).Count == 0 || arrays.Any(x => Argument.Given(x).Shape != arrays[0].Shape))
        {
            throw new ShapeException(
                $"lax.stack needs at least one array, all of one shape; got ({Types.List([.. arrays.Select(x => x.Type)])})."
            );
        }

        int place = LaxAxes.Canonical("stack", axis, arrays[0].Ndim + 1);
        return Concatenate([.. arrays.Select(x => ExpandDims(x, place))], place);
    }

    /// <summary>The parts of an array along an axis, without that axis.</summary>
    /// <exception cref="AxisException">There is no such axis.</exception>
    public static NDArray[] Unstack(NDArray x, int axis = 0)
    {
        int dim = LaxAxes.Canonical("unstack", axis, Argument.Given(x).Ndim);
        return
        [
            .. Enumerable.Range(0, x.Shape[dim]).Select(i => Squeeze(Primitives.Slice.InDim(x, i, i + 1, dim), dim)),
        ];
    }

    /// <summary>Cuts an array into pieces along an axis.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="sizes">The extents of the pieces, which add up to that of the axis.</param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="ShapeException">A size is negative, or they do not add up.</exception>
    public static NDArray[] Split(NDArray operand, Dims sizes, int axis = 0)
    {
        int dim = LaxAxes.Canonical("split", axis, Argument.Given(operand).Ndim);
        if (sizes.Any(size => size < 0) || sizes.Sum() != operand.Shape[dim])
        {
            throw new ShapeException(
                $"lax.split of {operand.Type} along axis {dim} got sizes {sizes}: they must not be negative and add up to "
                    + $"{operand.Shape[dim]}."
            );
        }

        var pieces = new NDArray[sizes.Count];
        for (int i = 0, start = 0; i < pieces.Length; start += sizes[i], i++)
        {
            pieces[i] = Primitives.Slice.InDim(operand, start, start + sizes[i], dim);
        }

        return pieces;
    }

    /// <summary>Repeats an array along each of its axes.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="reps">How often, for each axis.</param>
    /// <exception cref="ShapeException">There is not one number for each axis, or one is negative.</exception>
    public static NDArray Tile(NDArray operand, Dims reps)
    {
        int rank = Argument.Given(operand).Ndim;
        if (reps.Count != rank || reps.Any(r => r < 0))
        {
            throw new ShapeException(
                $"lax.tile of {operand.Type} needs {rank} repetitions that are not negative; got {reps}. Jnp.Tile takes fewer."
            );
        }

        int[] outer = new int[2 * rank];
        int[] axes = new int[rank];
        int[] extents = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            (outer[2 * i], outer[(2 * i) + 1]) = (reps[i], operand.Shape[i]);
            axes[i] = (2 * i) + 1;
            extents[i] = reps[i] * operand.Shape[i];
        }

        return Reshape(new BroadcastInDim(outer, axes).Bind(operand), extents);
    }

    /// <summary>Surrounds and interleaves an array with a value.</summary>
    /// <param name="operand">Any array.</param>
    /// <param name="paddingValue">A scalar of its element type.</param>
    /// <param name="paddingConfig">
    /// For each axis how many elements are put before and after (negative: cut off) and between neighbours.
    /// </param>
    /// <exception cref="ShapeException">There is not one entry for each axis, or an extent would be negative.</exception>
    /// <exception cref="DTypeException">The element types differ.</exception>
    /// <example><code>Lax.Pad(jnp.Array([1, 2]), 0, [(1, 2, 1)]); // => [0 1 0 2 0 0]</code></example>
    public static NDArray Pad(NDArray operand, NDArray paddingValue, (int Low, int High, int Interior)[] paddingConfig)
    {
        var operands = LaxOperands.MatchWeak([Argument.Given(operand), Argument.Given(paddingValue)]);
        PadDimension[] config =
        [
            .. Argument.Given(paddingConfig).Select(p => new PadDimension(p.Low, p.High, p.Interior)),
        ];
        return new Pad(config).Bind(operands);
    }
}
