using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

public static partial class Jnp
{
    /// <summary>The array with elements put before and after its axes.</summary>
    /// <param name="array">The array.</param>
    /// <param name="padWidth">How many: one number, a pair, or a pair for each axis.</param>
    /// <param name="mode">
    /// "constant", "empty" (zeros), "edge", "reflect", "symmetric", "wrap", "linear_ramp", "maximum", "minimum", "mean", "median".
    /// </param>
    /// <param name="constantValues">For "constant": a number, a pair, or a pair for each axis.</param>
    /// <param name="endValues">For "linear_ramp": what the ramp ends with.</param>
    /// <param name="statLength">For "maximum" and its kind: how many elements at the edge count.</param>
    /// <param name="reflectType">For "reflect" and "symmetric": "even", or "odd" for a reflection about the edge value.</param>
    public static NDArray Pad(
        NDArray array,
        PadWidths padWidth,
        string mode = "constant",
        PadValues constantValues = default,
        PadValues endValues = default,
        PadWidths? statLength = null,
        string reflectType = "even"
    )
    {
        Argument.Given(array);
        var widths = padWidth.Resolve(array.Ndim, "pad");
        switch (mode)
        {
            case "constant":
                return PadConstant(array, widths, constantValues.Array);
            case "empty":
                return PadConstant(array, widths, 0);
            case "edge" or "reflect" or "symmetric" or "wrap" or "linear_ramp":
            case "maximum" or "minimum" or "mean" or "median":
                break;
            default:
                throw new JaxArgumentException($"pad does not know the mode \"{mode}\".");
        }

        var lengths = statLength?.Resolve(array.Ndim, "pad");
        for (int axis = 0; axis < array.Ndim; axis++)
        {
            var (before, after) = widths[axis];
            if (before == 0 && after == 0)
            {
                continue;
            }

            if (array.Shape[axis] == 0)
            {
                throw new ShapeException(
                    $"pad with mode \"{mode}\" cannot extend axis {axis} of {array.Type}, which is empty."
                );
            }

            array = mode switch
            {
                "edge" => PadWith(array, axis, before, after, Edge),
                "wrap" => PadWrap(array, axis, before, after),
                "reflect" => PadMirror(array, axis, before, after, 1, reflectType == "odd"),
                "symmetric" => PadMirror(array, axis, before, after, 0, reflectType == "odd"),
                "linear_ramp" => PadRamp(array, axis, before, after, PairValues(endValues.Array, axis, array)),
                _ => PadStatistic(array, axis, before, after, mode, lengths?[axis]),
            };
        }

        return array;
    }

    /// <summary>The array with elements put before and after its axes, which a function fills.</summary>
    /// <param name="array">The array.</param>
    /// <param name="padWidth">How many: one number, a pair, or a pair for each axis.</param>
    /// <param name="mode">What fills the vectors along each axis, one axis after the other, the first axis first.</param>
    /// <example><code>
    /// jnp.Pad(jnp.Array([1, 2]), (0, 2), (row, width, axis) => row.At[^width.After..].Set(9)); // => [1 2 9 9]
    /// </code></example>
    public static NDArray Pad(NDArray array, PadWidths padWidth, PadFunction mode)
    {
        Argument.Given(array);
        Argument.Given(mode);
        var widths = padWidth.Resolve(array.Ndim, "pad");
        array = PadConstant(array, widths, 0);
        for (int axis = 0; axis < array.Ndim; axis++)
        {
            int at = axis;
            array = ApplyAlongAxis(row => mode(row, widths[at], at), axis, array);
        }

        return array;
    }

    private static NDArray PadConstant(NDArray x, (int Before, int After)[] widths, NDArray values)
    {
        if (values.Ndim == 0)
        {
            return Ops.Pad(
                x,
                Promotion.Convert(AsType(values, x.DType), x.DType, x.WeakType),
                [.. widths.Select(w => w.Before)],
                [.. widths.Select(w => w.After)]
            );
        }

        for (int axis = 0; axis < x.Ndim; axis++)
        {
            var (before, after) = PairValues(values, axis, x);
            int[] low = new int[x.Ndim];
            int[] high = new int[x.Ndim];
            low[axis] = widths[axis].Before;
            x = Ops.Pad(x, before, low, high);
            (low[axis], high[axis]) = (0, widths[axis].After);
            x = Ops.Pad(x, after, low, high);
        }

        return x;
    }

    /// <summary>The values before and after an axis: one for all, a pair for all, or a pair for each axis.</summary>
    private static (NDArray Before, NDArray After) PairValues(NDArray values, int axis, NDArray like)
    {
        var pairs = Broadcasting.To(values, (like.Ndim, 2), "pad");
        pairs = Promotion.Convert(AsType(pairs, like.DType), like.DType, like.WeakType);
        var pair = Ops.At(pairs, 0, axis);
        return (Ops.At(pair, 0, 0), Ops.At(pair, 0, 1));
    }

    private static NDArray PadWith(
        NDArray x,
        int axis,
        int before,
        int after,
        Func<NDArray, int, bool, int, NDArray> make
    )
    {
        var parts = new List<NDArray>();
        if (before > 0)
        {
            parts.Add(make(x, axis, false, before));
        }

        parts.Add(x);
        if (after > 0)
        {
            parts.Add(make(x, axis, true, after));
        }

        return Ops.Concatenate(parts, axis);
    }

    private static NDArray Edge(NDArray x, int axis, bool atEnd, int width)
    {
        int n = x.Shape[axis];
        var edge = atEnd ? Ops.SliceAxis(x, axis, n - 1, n) : Ops.SliceAxis(x, axis, 0, 1);
        return Broadcasting.To(edge, x.Shape.With(axis, width), "pad");
    }

    private static NDArray PadWrap(NDArray x, int axis, int before, int after)
    {
        int n = x.Shape[axis];
        var places = Enumerable.Range(-before, before + n + after).Select(i => ((i % n) + n) % n);
        return TakeRuns(x, axis, [.. places]);
    }

    /// <summary>Mirror images, repeated while there is room; an odd mirror also turns values about the edge.</summary>
    private static NDArray PadMirror(NDArray x, int axis, int before, int after, int offset, bool odd)
    {
        int n = x.Shape[axis];
        if (n == 1 && offset == 1)
        {
            return PadWith(x, axis, before, after, Edge);
        }

        for (int side = 0; side < 2; side++)
        {
            int left = side == 0 ? before : after;
            while (left > 0)
            {
                int m = x.Shape[axis];
                // What is there already grows with every turn, but a mirror image is of the original extent.
                int width = Math.Min(left, n - offset);
                var (start, edge) = side == 0 ? (offset, 0) : (m - offset - width, m - 1);
                var image = Ops.Reverse(Ops.SliceAxis(x, axis, start, start + width), axis);
                if (odd)
                {
                    var pivot = Broadcasting.To(Ops.SliceAxis(x, axis, edge, edge + 1), image.Shape, "pad");
                    image = Ops.Sub(Ops.Mul(pivot, Ops.Like(pivot, 2)), image);
                }

                x = Ops.Concatenate(side == 0 ? [image, x] : [x, image], axis);
                left -= width;
            }
        }

        return x;
    }

    private static NDArray PadRamp(NDArray x, int axis, int before, int after, (NDArray Before, NDArray After) ends)
    {
        return PadWith(x, axis, before, after, Ramp);

        NDArray Ramp(NDArray array, int at, bool atEnd, int width)
        {
            int n = array.Shape[at];
            var edge = Ops.At(array, at, atEnd ? n - 1 : 0);
            var end = Broadcasting.To(atEnd ? ends.After : ends.Before, edge.Shape, "pad");
            var compute = Promotion.Inexact(array.DType);
            var ramp = Linspace(
                Promotion.Convert(end, compute),
                Promotion.Convert(edge, compute),
                width,
                endpoint: false,
                dtype: array.DType,
                axis: at
            );
            return atEnd ? Ops.Reverse(ramp, at) : ramp;
        }
    }

    private static NDArray PadStatistic(NDArray x, int axis, int before, int after, string mode, (int, int)? lengths)
    {
        int n = x.Shape[axis];
        return PadWith(x, axis, before, after, Statistic);

        NDArray Statistic(NDArray array, int at, bool atEnd, int width)
        {
            int length = n;
            if (lengths is var (first, last))
            {
                length = Math.Min(n, atEnd ? last : first);
            }

            if (length < 1)
            {
                throw new JaxArgumentException($"pad with mode \"{mode}\" needs a positive statLength.");
            }

            var edge = atEnd ? Ops.SliceAxis(array, at, n - length, n) : Ops.SliceAxis(array, at, 0, length);
            var value = mode switch
            {
                "maximum" => Max(edge, at, true),
                "minimum" => Min(edge, at, true),
                "mean" => Mean(edge, at, keepDims: true),
                _ => Median(edge, at, keepDims: true),
            };
            if (!array.DType.IsInexact && value.DType.IsInexact)
            {
                value = Ops.RoundEven(value);
            }

            value = Promotion.Convert(value, array.DType, array.WeakType);
            return Broadcasting.To(value, array.Shape.With(at, width), "pad");
        }
    }

    /// <summary>Places of an axis known in advance, cut into runs that are slices.</summary>
    private static NDArray TakeRuns(NDArray x, int axis, int[] places)
    {
        var parts = new List<NDArray>();
        for (int i = 0; i < places.Length; )
        {
            int end = i + 1;
            while (end < places.Length && places[end] == places[end - 1] + 1)
            {
                end++;
            }

            parts.Add(Ops.SliceAxis(x, axis, places[i], places[end - 1] + 1));
            i = end;
        }

        return Ops.Concatenate(parts, axis);
    }
}
