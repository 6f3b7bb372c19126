using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Numpy;

// Joining, splitting, and diagonals.
public static partial class Jnp
{
    /// <summary>Arrays joined along an existing axis; null joins them flattened.</summary>
    /// <exception cref="ShapeException">They differ in another axis, or have none.</exception>
    /// <example><code>jnp.Concatenate([jnp.Array([1, 2]), jnp.Array([3])]); // => [1 2 3]</code></example>
    public static NDArray Concatenate(ArraySequence arrays, int? axis = 0, DType? dtype = null)
    {
        var items = Joined("concatenate", arrays.Items, dtype);
        if (axis is null)
        {
            items = System.Array.ConvertAll(items, x => Ravel(x));
        }

        if (items[0].Ndim == 0)
        {
            throw new ShapeException("concatenate cannot join arrays without axes. Use Jnp.Stack.");
        }

        int at = Axes.Normalize(axis ?? 0, items[0].Ndim, "concatenate");
        foreach (var item in items)
        {
            if (item.Ndim != items[0].Ndim || item.Shape.Without(at) != items[0].Shape.Without(at))
            {
                throw new ShapeException(
                    $"concatenate along axis {at} needs arrays that agree in all other axes; got {items[0].Type} and {item.Type}."
                );
            }
        }

        return Ops.Concatenate(items, at);
    }

    /// <inheritdoc cref="Concatenate"/>
    public static NDArray Concat(ArraySequence arrays, int? axis = 0) => Concatenate(arrays, axis);

    /// <summary>Arrays of one shape joined along a new axis.</summary>
    public static NDArray Stack(ArraySequence arrays, int axis = 0, DType? dtype = null)
    {
        var items = Joined("stack", arrays.Items, dtype);
        foreach (var item in items)
        {
            if (item.Shape != items[0].Shape)
            {
                throw new ShapeException($"stack needs arrays of one shape; got {items[0].Type} and {item.Type}.");
            }
        }

        int at = Axes.Normalize(axis, items[0].Ndim + 1, "stack");
        return Ops.Concatenate(System.Array.ConvertAll(items, x => Ops.ExpandDims(x, at)), at);
    }

    /// <summary>Arrays joined along the second axis, vectors along the first.</summary>
    public static NDArray HStack(ArraySequence tup, DType? dtype = null)
    {
        var items = System.Array.ConvertAll(tup.Items, AtLeast1D);
        return Concatenate(items, items.Length > 0 && items[0].Ndim == 1 ? 0 : 1, dtype);
    }

    /// <summary>Arrays joined as rows.</summary>
    public static NDArray VStack(ArraySequence tup, DType? dtype = null) =>
        Concatenate(System.Array.ConvertAll(tup.Items, AtLeast2D), 0, dtype);

    /// <summary>Arrays joined along the third axis.</summary>
    public static NDArray DStack(ArraySequence tup, DType? dtype = null) =>
        Concatenate(System.Array.ConvertAll(tup.Items, AtLeast3D), 2, dtype);

    /// <summary>Vectors and matrices joined as columns.</summary>
    public static NDArray ColumnStack(ArraySequence tup) =>
        Concatenate(System.Array.ConvertAll(tup.Items, x => x.Ndim >= 2 ? x : Ops.Reshape(x, ((int)x.Size, 1))), 1);

    /// <summary>The slices along an axis, which vanishes.</summary>
    public static NDArray[] Unstack(NDArray x, int axis = 0)
    {
        Argument.Given(x);
        int at = Axes.Normalize(axis, x.Ndim, "unstack");
        return [.. Enumerable.Range(0, x.Shape[at]).Select(place => Ops.At(x, at, place))];
    }

    /// <summary>Values put at the end of an array: along an axis, or flattened.</summary>
    public static NDArray Append(NDArray arr, NDArray values, int? axis = null) => Concatenate([arr, values], axis);

    /// <summary>Blocks of a nested list put together: the innermost lists along the last axis, the next along the one before, …</summary>
    public static NDArray Block(object arrays)
    {
        int depth = Depth(arrays);
        return Join(arrays, depth);

        static int Depth(object value) =>
            value is IEnumerable<object> list && value is not NDArray
                ? 1 + list.Select(Depth).DefaultIfEmpty(0).Max()
                : 0;

        static NDArray Join(object value, int depth)
        {
            if (depth == 0)
            {
                return AsArray(value);
            }

            if (value is not IEnumerable<object> list || !list.Any())
            {
                throw new JaxArgumentException("block needs nested lists of one depth, none of them empty.");
            }

            var parts = list.Select(part => Join(part, depth - 1)).ToArray();
            int rank = Math.Max(depth, parts.Max(part => part.Ndim));
            var padded = System.Array.ConvertAll(
                parts,
                part => Ops.Reshape(part, new Shape([.. Enumerable.Repeat(1, rank - part.Ndim), .. part.Shape]))
            );
            return Concatenate(padded, -depth);
        }
    }

    /// <summary>Equal parts along an axis.</summary>
    /// <exception cref="ShapeException">The extent cannot be divided.</exception>
    public static NDArray[] Split(NDArray ary, int indicesOrSections, int axis = 0)
    {
        Argument.Given(ary);
        int at = Axes.Normalize(axis, ary.Ndim, "split");
        if (indicesOrSections < 1 || ary.Shape[at] % indicesOrSections != 0)
        {
            throw new ShapeException(
                $"split cannot cut axis {at} of {ary.Type} into {indicesOrSections} equal parts. Use Jnp.ArraySplit for unequal ones."
            );
        }

        return ArraySplit(ary, indicesOrSections, axis);
    }

    /// <summary>Parts along an axis, cut at the given places.</summary>
    public static NDArray[] Split(NDArray ary, int[] indicesOrSections, int axis = 0)
    {
        Argument.Given(ary);
        Argument.Given(indicesOrSections);
        int at = Axes.Normalize(axis, ary.Ndim, "split");
        int[] cuts = [.. indicesOrSections.Select(cut => cut < 0 ? cut + ary.Shape[at] : cut)];
        int[] ends = [0, .. cuts, ary.Shape[at]];
        for (int i = 0; i < ends.Length - 1; i++)
        {
            if (ends[i] > ends[i + 1] || ends[i] < 0)
            {
                throw new JaxArgumentException(
                    $"split of {ary.Type} along axis {at} cannot cut at ({string.Join(", ", indicesOrSections)}): the places must be in order "
                        + "and within the axis."
                );
            }
        }

        return [.. Enumerable.Range(0, ends.Length - 1).Select(i => Ops.SliceAxis(ary, at, ends[i], ends[i + 1]))];
    }

    /// <summary>Parts along an axis, the first ones longer by one if the extent cannot be divided.</summary>
    public static NDArray[] ArraySplit(NDArray ary, int indicesOrSections, int axis = 0)
    {
        Argument.Given(ary);
        int at = Axes.Normalize(axis, ary.Ndim, "array_split");
        if (indicesOrSections < 1)
        {
            throw new JaxArgumentException($"array_split cannot make {indicesOrSections} parts.");
        }

        var (size, rest) = Math.DivRem(ary.Shape[at], indicesOrSections);
        var parts = new NDArray[indicesOrSections];
        for (int i = 0, start = 0; i < parts.Length; i++)
        {
            int next = start + size + (i < rest ? 1 : 0);
            parts[i] = Ops.SliceAxis(ary, at, start, next);
            start = next;
        }

        return parts;
    }

    /// <summary>Parts along an axis, cut at the given places, which <see cref="Split(NDArray, int[], int)"/> takes as well.</summary>
    public static NDArray[] ArraySplit(NDArray ary, int[] indicesOrSections, int axis = 0) =>
        Split(Argument.Given(ary), Argument.Given(indicesOrSections), axis);

    /// <summary>Equal parts along the first axis.</summary>
    public static NDArray[] VSplit(NDArray ary, int indicesOrSections) => Split(Argument.Given(ary), indicesOrSections);

    /// <summary>Parts along the first axis, cut at places.</summary>
    public static NDArray[] VSplit(NDArray ary, int[] indicesOrSections) =>
        Split(Argument.Given(ary), Argument.Given(indicesOrSections));

    /// <summary>Equal parts along the second axis, of vectors along the first.</summary>
    public static NDArray[] HSplit(NDArray ary, int indicesOrSections) =>
        Split(Argument.Given(ary), indicesOrSections, ary.Ndim == 1 ? 0 : 1);

    /// <summary>Parts along the second axis, of vectors along the first, cut at places.</summary>
    public static NDArray[] HSplit(NDArray ary, int[] indicesOrSections) =>
        Split(Argument.Given(ary), Argument.Given(indicesOrSections), ary.Ndim == 1 ? 0 : 1);

    /// <summary>Equal parts along the third axis.</summary>
    public static NDArray[] DSplit(NDArray ary, int indicesOrSections) =>
        Split(Argument.Given(ary), indicesOrSections, 2);

    /// <summary>Parts along the third axis, cut at places.</summary>
    public static NDArray[] DSplit(NDArray ary, int[] indicesOrSections) =>
        Split(Argument.Given(ary), Argument.Given(indicesOrSections), 2);

    /// <summary>The elements of a diagonal of two axes, along a new last axis.</summary>
    public static NDArray Diagonal(NDArray a, int offset = 0, int axis1 = 0, int axis2 = 1)
    {
        Argument.Given(a);
        if (a.Ndim < 2)
        {
            throw new ShapeException($"diagonal needs at least 2 axes; got {a.Type}.");
        }

        int first = Axes.Normalize(axis1, a.Ndim, "diagonal");
        int second = Axes.Normalize(axis2, a.Ndim, "diagonal");
        if (first == second)
        {
            throw new AxisException($"diagonal needs two different axes; got {axis1} and {axis2}.");
        }

        a = MoveAxis(a, new Dims(first, second), new Dims(-2, -1));
        var (rows, columns) = (a.Shape[^2], a.Shape[^1]);
        int count = Math.Max(0, Math.Min(rows + Math.Min(0, offset), columns - Math.Max(0, offset)));
        if (count == 0)
        {
            return Ops.Full(new Shape([.. a.Shape.ToArray()[..^2], 0]), 0, a.DType, a.WeakType);
        }

        int row = Math.Max(0, -offset);
        int column = Math.Max(0, offset);
        int rank = a.Ndim;
        a = Ops.SliceAxis(Ops.SliceAxis(a, rank - 2, row, row + count), rank - 1, column, column + count);
        // In flat order the diagonal is every (count + 1)-th element.
        int[] leading = a.Shape.ToArray()[..^2];
        var flat = Ops.Reshape(a, new Shape([.. leading, count * count]));
        return Ops.SliceAxis(flat, rank - 2, 0, count * count, count + 1);
    }

    /// <summary>A matrix with a vector as its diagonal k, or the diagonal k of a matrix.</summary>
    public static NDArray Diag(NDArray v, int k = 0)
    {
        Argument.Given(v);
        if (v.Ndim == 2)
        {
            return Diagonal(v, k);
        }

        if (v.Ndim != 1)
        {
            throw new ShapeException($"diag needs a vector or a matrix; got {v.Type}.");
        }

        int n = v.Shape[0] + Math.Abs(k);
        if (n == 0)
        {
            return Ops.Full((0, 0), 0, v.DType, v.WeakType);
        }

        // Rows of n + 1 zeros each starting with an element, read as rows of n, have the elements on the main diagonal.
        var zero = Ops.Full(JaxSharp.Shape.Scalar, 0, v.DType, v.WeakType);
        int length = v.Shape[0];
        var rows = Ops.Pad(Ops.Reshape(v, (length, 1)), zero, [0, 0], [0, n]);
        var flat = Ops.Reshape(rows, length * (n + 1));
        int before = k >= 0 ? k : -k * n;
        int after = (n * n) - before - (length * (n + 1));
        return Ops.Reshape(Ops.Pad(flat, zero, [before], [after]), (n, n));
    }

    /// <summary>A matrix with all elements of an array as its diagonal k.</summary>
    public static NDArray DiagFlat(NDArray v, int k = 0) => Diag(Ravel(v), k);

    /// <summary>The sum of the diagonal of two axes.</summary>
    public static NDArray Trace(NDArray a, int offset = 0, int axis1 = 0, int axis2 = 1, DType? dtype = null) =>
        Sum(Diagonal(Argument.Given(a), offset, axis1, axis2), -1, dtype);

    private static NDArray[] Joined(string caller, NDArray[] arrays, DType? dtype)
    {
        if (arrays.Length == 0)
        {
            throw new JaxArgumentException($"{caller} needs at least one array.");
        }

        if (dtype is not null)
        {
            return System.Array.ConvertAll(arrays, x => AsType(x, dtype));
        }

        return Promotion.Promote(arrays);
    }
}
