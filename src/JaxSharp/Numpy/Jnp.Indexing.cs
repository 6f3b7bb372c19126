using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Arrays;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Choosing elements by conditions and places.
public static partial class Jnp
{
    /// <summary>A new axis of extent 1, in an index.</summary>
    public static ArrayIndex NewAxis => ArrayIndex.NewAxis;

    /// <summary>As many whole axes as are missing, in an index.</summary>
    public static ArrayIndex Ellipsis => ArrayIndex.Ellipsis;

    /// <summary>Element by element x where the condition holds, else y; all broadcast. The gradient passes to the chosen one.</summary>
    /// <example><code>
    /// NDArray x = jnp.Array([-1f, 2f]);
    /// jnp.Where(x &gt; 0, x, 0); // => [0. 2.]
    /// </code></example>
    [OverloadResolutionPriority(1)] // Where(c, 0, 1) is this function, not one that asks for sizes.
    public static NDArray Where(NDArray condition, NDArray x, NDArray y)
    {
        var mask = ToBool(condition);
        var (dtype, weak) = Promotion.Result(x, y);
        x = Promotion.Convert(x, dtype, weak);
        y = Promotion.Convert(y, dtype, weak);
        if (mask.Shape != x.Shape || x.Shape != y.Shape)
        {
            var shape = Broadcasting.Common("where", mask.Shape, x.Shape, y.Shape);
            mask = Broadcasting.To(mask, shape, "where");
            x = Broadcasting.To(x, shape, "where");
            y = Broadcasting.To(y, shape, "where");
        }

        return Ops.Select(mask, x, y);
    }

    /// <summary>The places where a condition holds, one array of indices per axis (see <see cref="NonZero"/>).</summary>
    public static NDArray[] Where(NDArray condition, int? size = null, NDArray? fillValue = null) =>
        NonZero(Argument.Given(condition), size, fillValue);

    /// <summary>Elements moved between bounds; at a bound the derivative is ½.</summary>
    /// <exception cref="DTypeException">Complex numbers.</exception>
    public static NDArray Clip(NDArray arr, NDArray? min = null, NDArray? max = null)
    {
        Argument.Given(arr);
        if (arr.DType.IsComplex || min is { DType.IsComplex: true } || max is { DType.IsComplex: true })
        {
            throw new DTypeException(
                $"clip does not take complex numbers; got {arr.Type}. Clip real and imaginary parts apart."
            );
        }

        if (min is not null)
        {
            arr = Maximum(min, arr);
        }

        return max is null ? arr : Minimum(max, arr);
    }

    /// <summary>Slices at places along an axis, in flat order without one.</summary>
    /// <param name="a">The array.</param>
    /// <param name="indices">The places; negative ones count from the end.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="mode">"fill" (the default: NaN, the smallest integer, … outside), "clip", "wrap".</param>
    /// <param name="uniqueIndices">A promise that no place is named twice.</param>
    /// <param name="indicesAreSorted">A promise that places ascend.</param>
    /// <param name="fillValue">What stands outside.</param>
    /// <example><code>jnp.Take(jnp.Array([10, 20, 30]), jnp.Array([2, 0])); // => [30 10]</code></example>
    public static NDArray Take(
        NDArray a,
        NDArray indices,
        int? axis = null,
        string? mode = null,
        bool uniqueIndices = false,
        bool indicesAreSorted = false,
        NDArray? fillValue = null
    )
    {
        Argument.Given(indices);
        if (!indices.DType.IsInteger && !indices.DType.IsBool)
        {
            throw new DTypeException($"take needs integers as indices; got {indices.Type}.");
        }

        if (axis is null)
        {
            a = Ravel(a);
        }

        int at = Axes.Normalize(axis ?? 0, a.Ndim, "take");
        int n = a.Shape[at];
        if (n == 0 && indices.Size > 0)
        {
            throw new ArrayIndexException($"take cannot read from axis {at} of {a.Type}, which is empty.");
        }

        indices = Wide(indices);
        if (mode == "wrap")
        {
            indices = Remainder(indices, n);
        }

        var index = Enumerable.Repeat(ArrayIndex.All, at).Append(indices).Cast<ArrayIndex?>().ToArray();
        double? fill = fillValue is null
            ? null
            : Ops.Concrete(fillValue, "take", "Give fillValue as a number.").ItemComplex(0).Real;
        return Indexing.Get(a, index, TakeMode("take", mode), fill, wrapNegative: mode != "clip");
    }

    /// <summary>Elements at places along an axis: indices have the shape of the array but for that axis, and broadcast.</summary>
    public static NDArray TakeAlongAxis(
        NDArray arr,
        NDArray indices,
        int? axis = -1,
        string? mode = null,
        NDArray? fillValue = null
    )
    {
        RequireIndices("take_along_axis", indices);
        if (mode == "wrap")
        {
            throw new JaxArgumentException(
                "take_along_axis knows the modes \"fill\", \"clip\" and \"promise_in_bounds\"; got \"wrap\". Take the remainder of "
                    + "the indices instead."
            );
        }

        if (axis is null)
        {
            if (indices.Ndim != 1)
            {
                throw new ShapeException(
                    $"take_along_axis without an axis needs a vector of indices; got {indices.Type}."
                );
            }

            arr = Ravel(arr);
        }

        var (x, places, at) = Aligned("take_along_axis", arr, indices, axis ?? 0);
        double? fill = fillValue is null
            ? null
            : Ops.Concrete(fillValue, "take_along_axis", "Give fillValue as a number.").ItemComplex(0).Real;
        return Indexing.Get(
            x,
            GridIndex(places, at),
            TakeMode("take_along_axis", mode),
            fill,
            wrapNegative: mode != "promise_in_bounds"
        );
    }

    /// <summary>The array with elements at places along an axis replaced.</summary>
    public static NDArray PutAlongAxis(NDArray arr, NDArray indices, NDArray values, int? axis, string? mode = null)
    {
        RequireIndices("put_along_axis", indices);
        var shape = arr.Shape;
        if (axis is null)
        {
            arr = Ravel(arr);
        }

        var (x, places, at) = Aligned("put_along_axis", arr, indices, axis ?? 0);
        if (x.Shape != arr.Shape)
        {
            throw new ShapeException(
                $"put_along_axis of {arr.Type} cannot take indices {indices.Type}: they must fit but for axis {at}."
            );
        }

        return Ops.Reshape(x.At[GridIndex(places, at)].Set(values, mode: mode), shape);
    }

    /// <summary>The array with elements at flat places replaced; values repeat as needed.</summary>
    public static NDArray Put(NDArray a, NDArray ind, NDArray v, string? mode = null)
    {
        RequireIndices("put", ind);
        var places = Wide(Ravel(ind));
        if (places.Size == 0 || v.Size == 0)
        {
            return a;
        }

        if (mode == "wrap")
        {
            places = Remainder(places, (int)a.Size);
        }
        else if (mode is null or "clip")
        {
            int n = (int)a.Size;
            places = Clip(Where(Less(places, 0), Add(places, n), places), 0, n - 1);
        }
        else
        {
            throw new JaxArgumentException($"put got mode \"{mode}\"; it must be \"clip\" or \"wrap\".");
        }

        var values = Resize(Ravel(v), (int)places.Size);
        return Ops.Reshape(Ravel(a).At[places].Set(values), a.Shape);
    }

    /// <summary>The array with elements where a mask holds replaced by values in order, repeated as needed.</summary>
    public static NDArray Place(NDArray arr, NDArray mask, NDArray vals)
    {
        Argument.Given(arr);
        Argument.Given(mask);
        Argument.Given(vals);
        if (arr.Size != mask.Size)
        {
            throw new ShapeException($"place needs a mask as large as the array; got {arr.Type} and {mask.Type}.");
        }

        if (vals.Size == 0)
        {
            throw new JaxArgumentException("place needs at least one value.");
        }

        var flat = Ravel(ToBool(mask));
        var order = Ops.Sub(Ops.CumSum(Promotion.Convert(flat, DType.I32), 0), Ops.Full(flat.Shape, 1, DType.I32));
        var values = Take(Ravel(vals), Remainder(order, (int)vals.Size), 0, "clip");
        return Ops.Reshape(Ops.Select(flat, Promotion.Convert(values, arr.DType), Ravel(arr)), arr.Shape);
    }

    /// <summary>The array with its main diagonal replaced by a value, or by the elements of a vector in turn.</summary>
    public static NDArray FillDiagonal(NDArray a, NDArray val, bool wrap = false)
    {
        Argument.Given(a);
        Argument.Given(val);
        if (wrap)
        {
            throw new JaxArgumentException("fill_diagonal does not support wrap.");
        }

        if (a.Ndim < 2 || (a.Ndim > 2 && a.Shape.Any(extent => extent != a.Shape[0])))
        {
            throw new ShapeException($"fill_diagonal needs a matrix, or more axes of one extent; got {a.Type}.");
        }

        int n = a.Shape.Min();
        var values = val.Ndim == 0 ? val : Resize(Ravel(val), n);
        var places = Ops.Iota(DType.I32, n);
        return a.At[[.. Enumerable.Repeat((ArrayIndex?)places, a.Ndim)]].Set(values);
    }

    /// <summary>Each element from the array that the first argument numbers.</summary>
    public static NDArray Choose(NDArray a, ArraySequence choices, string mode = "raise")
    {
        RequireIndices("choose", a);
        var items = Promotion.Promote(choices.Items);
        if (items.Length == 0)
        {
            throw new JaxArgumentException("choose needs at least one array to choose from.");
        }

        var all = Broadcasting.All("choose", [Wide(a), .. items]);
        var which = all[0];
        switch (mode)
        {
            case "raise":
                var concrete = Ops.Concrete(which, "choose", "Use mode \"clip\" or \"wrap\".");
                for (long i = 0; i < concrete.Size; i++)
                {
                    if (concrete.ItemInt(i) < 0 || concrete.ItemInt(i) >= items.Length)
                    {
                        throw new ArrayIndexException(
                            $"choose got the number {concrete.ItemInt(i)}, but there are {items.Length} arrays to choose from."
                        );
                    }
                }

                break;
            case "clip":
                which = Clip(which, 0, items.Length - 1);
                break;
            case "wrap":
                which = Remainder(which, items.Length);
                break;
            default:
                throw new JaxArgumentException(
                    $"choose got mode \"{mode}\"; it must be \"raise\", \"clip\" or \"wrap\"."
                );
        }

        return new SelectN().Bind([Promotion.Convert(which, DType.I32), .. all[1..]]);
    }

    /// <summary>Each element from the array of the first condition that holds, or the default.</summary>
    public static NDArray Select(ArraySequence condlist, ArraySequence choicelist, NDArray? @default = null)
    {
        var (conditions, choices) = (condlist.Items, choicelist.Items);
        if (conditions.Length == 0 || conditions.Length != choices.Length)
        {
            throw new JaxArgumentException(
                $"select needs as many conditions as arrays, at least one; got {conditions.Length} and {choices.Length}."
            );
        }

        var (dtype, weak) = Promotion.Result([.. choices, @default ?? 0]);
        var result = Promotion.Convert(@default ?? 0, dtype, weak);
        for (int i = choices.Length - 1; i >= 0; i--)
        {
            result = Where(conditions[i], Promotion.Convert(choices[i], dtype, weak), result);
        }

        return result;
    }

    /// <summary>The slices along an axis for which a condition holds.</summary>
    public static NDArray Compress(
        NDArray condition,
        NDArray a,
        int? axis = null,
        int? size = null,
        NDArray? fillValue = null
    )
    {
        Argument.Given(condition);
        if (condition.Ndim != 1)
        {
            throw new ShapeException($"compress needs a vector as condition; got {condition.Type}.");
        }

        if (axis is null)
        {
            a = Ravel(a);
        }

        int at = Axes.Normalize(axis ?? 0, a.Ndim, "compress");
        int n = a.Shape[at];
        var mask = ToBool(condition);
        if (mask.Shape[0] > n)
        {
            var beyond = Ops.Concrete(mask, "compress", "Make the condition as long as the axis.");
            for (int i = n; i < mask.Shape[0]; i++)
            {
                if (beyond.ItemInt(i) != 0)
                {
                    throw new ArrayIndexException(
                        $"compress got a condition that holds at {i}, outside of axis {at} of {a.Type}."
                    );
                }
            }

            mask = Ops.SliceAxis(mask, 0, 0, n);
        }

        if (size > n)
        {
            throw new JaxArgumentException($"compress cannot give {size} slices of {a.Type} along axis {at}.");
        }

        var places = NonZero(mask, size, n)[0];
        return Take(a, places, at, "fill", fillValue: fillValue ?? 0);
    }

    /// <summary>The elements for which a condition holds, in flat order.</summary>
    public static NDArray Extract(NDArray condition, NDArray arr, int? size = null, NDArray? fillValue = null) =>
        Compress(Ravel(condition), Ravel(arr), null, size, fillValue);

    /// <summary>A function or a value per condition: the last condition that holds decides.</summary>
    /// <param name="x">The array.</param>
    /// <param name="condlist">The conditions.</param>
    /// <param name="funclist">Functions of x or values; one more than conditions is for where none holds (else 0).</param>
    public static NDArray Piecewise(NDArray x, ArraySequence condlist, params PiecewisePart[] funclist)
    {
        Argument.Given(x);
        Argument.Given(funclist);
        var conditions = System.Array.ConvertAll(condlist.Items, c => ToBool(c));
        if (funclist.Length != conditions.Length && funclist.Length != conditions.Length + 1)
        {
            throw new JaxArgumentException(
                $"piecewise needs one function per condition and perhaps one more; got {conditions.Length} conditions and "
                    + $"{funclist.Length} functions."
            );
        }

        var result = funclist.Length > conditions.Length ? Value(funclist[^1]) : Ops.Like(x, 0);
        for (int i = 0; i < conditions.Length; i++)
        {
            result = Where(conditions[i], Value(funclist[i]), result);
        }

        return result;

        NDArray Value(PiecewisePart part) => Promotion.Convert(AsType(part.Of(x), x.DType), x.DType, x.WeakType);
    }

    private static void RequireIndices(string caller, NDArray indices)
    {
        if (!Argument.Given(indices, nameof(indices), caller).DType.IsInteger)
        {
            throw new DTypeException($"{caller} needs integers as indices; got {indices.Type}. Use AsType(Jnp.Int32).");
        }
    }

    private static GatherScatterMode TakeMode(string caller, string? mode) =>
        mode switch
        {
            null or "fill" => GatherScatterMode.FillOrDrop,
            "clip" => GatherScatterMode.Clip,
            "wrap" or "promise_in_bounds" => GatherScatterMode.PromiseInBounds,
            _ => throw new JaxArgumentException(
                $"{caller} got mode \"{mode}\"; it must be \"fill\", \"clip\", \"wrap\" or \"promise_in_bounds\"."
            ),
        };

    private static (NDArray X, NDArray Places, int Axis) Aligned(string caller, NDArray x, NDArray indices, int axis)
    {
        if (x.Ndim != indices.Ndim)
        {
            throw new ShapeException(
                $"{caller} needs indices with as many axes as the array; got {x.Type} and {indices.Type}."
            );
        }

        int at = Axes.Normalize(axis, x.Ndim, caller);
        var common = Broadcasting.Common(caller, x.Shape.With(at, 1), indices.Shape.With(at, 1));
        return (
            Broadcasting.To(x, common.With(at, x.Shape[at]), caller),
            Broadcasting.To(indices, common.With(at, indices.Shape[at]), caller),
            at
        );
    }

    /// <summary>Index arrays that name, for every place, the same place but along one axis that which is given.</summary>
    private static ArrayIndex?[] GridIndex(NDArray places, int axis)
    {
        var index = new ArrayIndex?[places.Ndim];
        for (int i = 0; i < index.Length; i++)
        {
            index[i] = i == axis ? places : Ops.Iota(DType.I32, places.Shape, i);
        }

        return index;
    }
}
