using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Shapes: reshaping, reordering and repeating axes.
public static partial class Jnp
{
    /// <summary>The extents.</summary>
    public static Shape Shape(NDArray a) => Argument.Given(a).Shape;

    /// <summary>The number of axes.</summary>
    public static int Ndim(NDArray a) => Argument.Given(a).Ndim;

    /// <summary>The number of elements, or the extents of some axes multiplied.</summary>
    public static long Size(NDArray a, Axes axis = default) =>
        axis.IsNone
            ? Argument.Given(a).Size
            : axis.Resolve(a.Ndim, "size").Aggregate(1L, (size, at) => size * a.Shape[at]);

    /// <summary>The same elements under another shape; one extent may be −1, to be found from the others.</summary>
    /// <param name="a">The array.</param>
    /// <param name="shape">The new shape.</param>
    /// <param name="order">"C": the last axis runs fastest; "F": the first.</param>
    /// <param name="copy">Accepted for likeness.</param>
    /// <exception cref="ShapeException">The number of elements would change.</exception>
    public static NDArray Reshape(NDArray a, Dims shape, string order = "C", bool? copy = null)
    {
        var target = Infer(a, shape);
        return order switch
        {
            "C" => Ops.Reshape(a, target),
            "F" => ReverseAxes(Ops.Reshape(ReverseAxes(a), new Shape([.. target.Reverse()]))),
            _ => throw new JaxArgumentException($"reshape got order \"{order}\"; it must be \"C\" or \"F\"."),
        };
    }

    /// <summary>All elements in one axis.</summary>
    public static NDArray Ravel(NDArray a, string order = "C") => Reshape(a, -1, order == "K" ? "C" : order);

    /// <summary>Axes in another order; reversed by default.</summary>
    public static NDArray Transpose(NDArray a, Axes axes = default)
    {
        Argument.Given(a);
        if (axes.IsNone)
        {
            return ReverseAxes(a);
        }

        int[] order = axes.Resolve(a.Ndim, "transpose");
        return order.Length == a.Ndim
            ? Ops.Transpose(a, order)
            : throw new AxisException($"transpose of {a.Type} needs each of its {a.Ndim} axes once; got {axes}.");
    }

    /// <summary>Axes in another order, all counted from the front.</summary>
    public static NDArray PermuteDims(NDArray a, Dims axes)
    {
        Argument.Given(a);
        if (axes.Any(axis => axis < 0))
        {
            throw new AxisException($"permute_dims takes no negative axes; got {axes}. Use Jnp.Transpose.");
        }

        return Transpose(a, axes.ToArray());
    }

    /// <summary>The last two axes exchanged.</summary>
    public static NDArray MatrixTranspose(NDArray x)
    {
        Argument.Given(x);
        if (x.Ndim < 2)
        {
            throw new ShapeException($"matrix_transpose needs at least 2 axes; got {x.Type}.");
        }

        return SwapAxes(x, -1, -2);
    }

    /// <summary>Two axes exchanged.</summary>
    public static NDArray SwapAxes(NDArray a, int axis1, int axis2)
    {
        Argument.Given(a);
        int first = Axes.Normalize(axis1, a.Ndim, "swapaxes");
        int second = Axes.Normalize(axis2, a.Ndim, "swapaxes");
        int[] order = [.. Enumerable.Range(0, a.Ndim)];
        (order[first], order[second]) = (second, first);
        return Ops.Transpose(a, order);
    }

    /// <summary>Axes moved to other places; the rest keep their order.</summary>
    public static NDArray MoveAxis(NDArray a, Dims source, Dims destination)
    {
        Argument.Given(a);
        int[] from = ((Axes)source.ToArray()).Resolve(a.Ndim, "moveaxis");
        int[] to = ((Axes)destination.ToArray()).Resolve(a.Ndim, "moveaxis");
        if (from.Length != to.Length)
        {
            throw new AxisException($"moveaxis needs as many sources as destinations; got {source} and {destination}.");
        }

        var order = Enumerable.Range(0, a.Ndim).Where(axis => !from.Contains(axis)).ToList();
        foreach (var (target, axis) in to.Zip(from).OrderBy(pair => pair.First))
        {
            order.Insert(target, axis);
        }

        return Ops.Transpose(a, [.. order]);
    }

    /// <summary>An axis moved in front of the place <paramref name="start"/>.</summary>
    public static NDArray RollAxis(NDArray a, int axis, int start = 0)
    {
        Argument.Given(a);
        int from = Axes.Normalize(axis, a.Ndim, "rollaxis");
        if (start < -a.Ndim || start > a.Ndim)
        {
            throw new AxisException($"rollaxis got start {start}; it must be in [{-a.Ndim}, {a.Ndim}].");
        }

        int to = start < 0 ? start + a.Ndim : start;
        return MoveAxis(a, from, to > from ? to - 1 : to);
    }

    /// <summary>New axes of extent 1, at these places of the result.</summary>
    public static NDArray ExpandDims(NDArray a, Dims axis)
    {
        Argument.Given(a);
        int rank = a.Ndim + axis.Count;
        int[] places = ((Axes)axis.ToArray()).Resolve(rank, "expand_dims");
        int[] extents = new int[rank];
        for (int i = 0, next = 0; i < rank; i++)
        {
            extents[i] = places.Contains(i) ? 1 : a.Shape[next++];
        }

        return Ops.Reshape(a, extents);
    }

    /// <summary>Axes of extent 1 taken out: all of them, or those given.</summary>
    /// <exception cref="ShapeException">A given axis has another extent.</exception>
    public static NDArray Squeeze(NDArray a, Axes axis = default)
    {
        Argument.Given(a);
        int[] places = axis.IsNone
            ? [.. Enumerable.Range(0, a.Ndim).Where(i => a.Shape[i] == 1)]
            : axis.Resolve(a.Ndim, "squeeze");
        foreach (int place in places)
        {
            if (a.Shape[place] != 1)
            {
                throw new ShapeException($"squeeze cannot take out axis {place} of {a.Type}: its extent is not 1.");
            }
        }

        return Ops.Reshape(a, a.Shape.Without(places));
    }

    /// <summary>At least one axis.</summary>
    public static NDArray AtLeast1D(NDArray a) => Argument.Given(a).Ndim >= 1 ? a : Ops.Reshape(a, 1);

    /// <summary>At least two axes; new ones are put in front.</summary>
    public static NDArray AtLeast2D(NDArray a) =>
        Argument.Given(a).Ndim >= 2 ? a : Ops.Reshape(a, new Shape([.. Enumerable.Repeat(1, 2 - a.Ndim), .. a.Shape]));

    /// <summary>At least three axes.</summary>
    public static NDArray AtLeast3D(NDArray a) =>
        Argument.Given(a).Ndim switch
        {
            0 => Ops.Reshape(a, (1, 1, 1)),
            1 => Ops.Reshape(a, (1, a.Shape[0], 1)),
            2 => Ops.Reshape(a, (a.Shape[0], a.Shape[1], 1)),
            _ => a,
        };

    /// <inheritdoc cref="AtLeast1D(NDArray)"/>
    public static NDArray[] AtLeast1D(params NDArray[] arys) =>
        System.Array.ConvertAll(Argument.Given(arys), AtLeast1D);

    /// <inheritdoc cref="AtLeast2D(NDArray)"/>
    public static NDArray[] AtLeast2D(params NDArray[] arys) =>
        System.Array.ConvertAll(Argument.Given(arys), AtLeast2D);

    /// <inheritdoc cref="AtLeast3D(NDArray)"/>
    public static NDArray[] AtLeast3D(params NDArray[] arys) =>
        System.Array.ConvertAll(Argument.Given(arys), AtLeast3D);

    /// <summary>An array repeated along new and stretched axes.</summary>
    public static NDArray BroadcastTo(NDArray array, Shape shape) => Broadcasting.To(array, shape, "broadcast_to");

    /// <summary>The shape that shapes stretch to together.</summary>
    public static Shape BroadcastShapes(params Shape[] shapes) => Broadcasting.Common("broadcast_shapes", shapes);

    /// <summary>Arrays repeated to their common shape.</summary>
    public static NDArray[] BroadcastArrays(params NDArray[] args) => Broadcasting.All("broadcast_arrays", args);

    /// <summary>The order of elements along axes (all by default) reversed.</summary>
    public static NDArray Flip(NDArray m, Axes axis = default) =>
        Ops.Reverse(Argument.Given(m), axis.Resolve(m.Ndim, "flip"));

    /// <summary>The rows in reverse order.</summary>
    public static NDArray FlipUD(NDArray m) => Flip(Argument.Given(m), 0);

    /// <summary>The columns in reverse order.</summary>
    public static NDArray FlipLR(NDArray m) => Flip(Argument.Given(m), 1);

    /// <summary>Turned by k quarters, from the first of two axes towards the second.</summary>
    public static NDArray Rot90(NDArray m, int k = 1, (int, int)? axes = null)
    {
        Argument.Given(m);
        var (first, second) = axes ?? (0, 1);
        int a = Axes.Normalize(first, m.Ndim, "rot90");
        int b = Axes.Normalize(second, m.Ndim, "rot90");
        if (a == b)
        {
            throw new AxisException($"rot90 needs two different axes; got {first} and {second}.");
        }

        return (((k % 4) + 4) % 4) switch
        {
            0 => m,
            1 => SwapAxes(Ops.Reverse(m, b), a, b),
            2 => Ops.Reverse(m, a, b),
            _ => Ops.Reverse(SwapAxes(m, a, b), b),
        };
    }

    /// <summary>Elements shifted along axes, those that fall off coming back at the other end; without axes, in flat order.</summary>
    public static NDArray Roll(NDArray a, Dims shift, Axes axis = default)
    {
        if (axis.IsNone)
        {
            return shift.Count == 1
                ? Ops.Reshape(RollAxisBy(Ravel(a), 0, shift[0]), a.Shape)
                : Ops.Reshape(RollAxisBy(Ravel(a), 0, shift.Sum()), a.Shape);
        }

        int[] places = [.. axis.Values.Select(one => Axes.Normalize(one, a.Ndim, "roll"))];
        if (shift.Count != 1 && places.Length != 1 && shift.Count != places.Length)
        {
            throw new JaxArgumentException($"roll needs one shift per axis; got shift {shift} and axis {axis}.");
        }

        for (int i = 0; i < Math.Max(shift.Count, places.Length); i++)
        {
            a = RollAxisBy(a, places[places.Length == 1 ? 0 : i], shift[shift.Count == 1 ? 0 : i]);
        }

        return a;
    }

    /// <summary>The whole array repeated along axes.</summary>
    public static NDArray Tile(NDArray a, Dims reps)
    {
        Argument.Given(a);
        int rank = Math.Max(a.Ndim, reps.Count);
        int[] counts = [.. Enumerable.Repeat(1, rank - reps.Count), .. reps];
        int[] extents = [.. Enumerable.Repeat(1, rank - a.Ndim), .. a.Shape];
        if (counts.Any(count => count < 0))
        {
            throw new JaxArgumentException($"tile cannot repeat {reps} times.");
        }

        int[] pairs = new int[2 * rank];
        int[] result = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            (pairs[2 * i], pairs[(2 * i) + 1]) = (counts[i], extents[i]);
            result[i] = counts[i] * extents[i];
        }

        var broadcast = new BroadcastInDim(pairs, Enumerable.Range(0, rank).Select(i => (2 * i) + 1).ToArray());
        return Ops.Reshape(broadcast.Bind(Ops.Reshape(a, extents)), result);
    }

    /// <summary>Each element repeated, along an axis or in flat order.</summary>
    /// <param name="a">The array.</param>
    /// <param name="repeats">How often: one number, or one for each element of the axis.</param>
    /// <param name="axis">The axis; by default all elements in one axis.</param>
    /// <param name="totalRepeatLength">
    /// The length of the result, needed where <paramref name="repeats"/> is traced; cut, or padded with the last element.
    /// </param>
    public static NDArray Repeat(NDArray a, NDArray repeats, int? axis = null, int? totalRepeatLength = null)
    {
        if (axis is null)
        {
            a = Ravel(a);
        }

        if (a.Ndim == 0)
        {
            a = Ops.Reshape(a, 1);
        }

        int at = Axes.Normalize(axis ?? 0, a.Ndim, "repeat");
        int n = a.Shape[at];
        RequireInteger("repeat", BoolToInt(repeats));
        if (repeats.Ndim > 1 || (repeats.Ndim == 1 && repeats.Shape[0] != n && repeats.Shape[0] != 1 && n != 1))
        {
            throw new ShapeException(
                $"repeat of {a.Type} along axis {at} needs one number of repeats or {n}; got {repeats.Type}."
            );
        }

        if (totalRepeatLength is null && repeats is DeviceArray { Size: 1 } single)
        {
            int times = (int)single.ItemInt(0);
            if (times < 0)
            {
                throw new JaxArgumentException($"repeat cannot repeat {times} times.");
            }

            var stretched = new BroadcastInDim(
                a.Shape.Insert(at + 1, times),
                Enumerable.Range(0, a.Ndim).Select(i => i <= at ? i : i + 1).ToArray()
            );
            return Ops.Reshape(stretched.Bind(a), a.Shape.With(at, n * times));
        }

        if (n == 1 && repeats.Ndim == 1 && repeats.Shape[0] > 1)
        {
            n = repeats.Shape[0];
            a = Broadcasting.To(a, a.Shape.With(at, n), "repeat");
        }

        var counts = Broadcasting.To(Wide(AtLeast1D(repeats)), n, "repeat");
        if (totalRepeatLength is not { } total)
        {
            var concrete = Ops.Concrete(counts, "repeat", "Pass totalRepeatLength.");
            total = 0;
            for (int i = 0; i < n; i++)
            {
                total += (int)concrete.ItemInt(i);
            }
        }

        if (total == 0 || n == 0)
        {
            return Ops.SliceAxis(a, at, 0, 0);
        }

        // The source of a place of the result: how many ends of repeats lie at or before it.
        var ends = CumSum(counts, 0);
        var sources = SearchSorted(ends, Ops.Iota(ends.DType, total), "right");
        return Take(a, Minimum(sources, n - 1), at, mode: "clip");
    }

    /// <summary>The elements in flat order under another shape, repeated or cut to fill it.</summary>
    public static NDArray Resize(NDArray a, Dims newShape)
    {
        Argument.Given(a);
        if (newShape.Any(extent => extent < 0))
        {
            throw new ShapeException($"resize to {newShape}: extents must not be negative.");
        }

        Shape target = newShape.ToArray();
        if (a.Size == 0)
        {
            return Zeros(target, a.DType);
        }

        int repeats = (int)((target.Size + a.Size - 1) / a.Size);
        var flat = Tile(Ravel(a), repeats);
        return Ops.Reshape(Ops.SliceAxis(flat, 0, 0, (int)target.Size), target);
    }

    private static NDArray ReverseAxes(NDArray a) => Ops.Transpose(a, [.. Enumerable.Range(0, a.Ndim).Reverse()]);

    private static NDArray RollAxisBy(NDArray a, int axis, int shift)
    {
        int n = a.Shape[axis];
        if (n == 0)
        {
            return a;
        }

        int by = ((shift % n) + n) % n;
        return by == 0
            ? a
            : Ops.Concatenate([Ops.SliceAxis(a, axis, n - by, n), Ops.SliceAxis(a, axis, 0, n - by)], axis);
    }

    private static Shape Infer(NDArray a, Dims shape)
    {
        Argument.Given(a, caller: "reshape");
        int[] extents = shape.ToArray();
        int open = System.Array.IndexOf(extents, -1);
        long known = extents.Where((_, i) => i != open).Aggregate(1L, (size, extent) => size * extent);
        bool fits =
            extents.Where((_, i) => i != open).All(extent => extent >= 0)
            && (
                open < 0 ? known == a.Size
                : known > 0 ? a.Size % known == 0
                : known == 0 && a.Size == 0
            );
        if (!fits)
        {
            throw new ShapeException(
                $"reshape cannot turn {a.Type} ({a.Size} elements) into shape {shape}: the number of elements must stay the same, and "
                    + "only one extent may be −1."
            );
        }

        if (open >= 0)
        {
            extents[open] = known == 0 ? 0 : (int)(a.Size / known);
        }

        return extents;
    }
}
