using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Arrays;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Arrays of indices, and elements put in or taken out.
public static partial class Jnp
{
    /// <summary>The places of the main diagonal of an array with ndim axes of extent n.</summary>
    public static NDArray[] DiagIndices(int n, int ndim = 2)
    {
        if (n < 0 || ndim < 0)
        {
            throw new JaxArgumentException($"diag_indices got n={n}, ndim={ndim}; neither may be negative.");
        }

        return [.. Enumerable.Repeat(Ops.Iota(Ops.IndexType, n), ndim)];
    }

    /// <summary>The places of the main diagonal of an array whose axes have one extent.</summary>
    public static NDArray[] DiagIndicesFrom(NDArray arr)
    {
        Argument.Given(arr);
        if (arr.Ndim < 2 || arr.Shape.Any(extent => extent != arr.Shape[0]))
        {
            throw new ShapeException($"diag_indices_from needs at least 2 axes of one extent; got {arr.Type}.");
        }

        return DiagIndices(arr.Shape[0], arr.Ndim);
    }

    /// <summary>The places on and below the diagonal k of an n×m matrix.</summary>
    public static NDArray[] TriLIndices(int n, int k = 0, int? m = null) => NonZero(Tri(n, m, k, Bool));

    /// <summary>The places on and above the diagonal k of an n×m matrix.</summary>
    public static NDArray[] TriUIndices(int n, int k = 0, int? m = null) => NonZero(LogicalNot(Tri(n, m, k - 1, Bool)));

    /// <summary>The places on and below the diagonal k of a matrix.</summary>
    public static NDArray[] TriLIndicesFrom(NDArray arr, int k = 0)
    {
        Argument.Given(arr);
        RequireTwoAxes("tril_indices_from", arr);
        return TriLIndices(arr.Shape[0], k, arr.Shape[1]);
    }

    /// <summary>The places on and above the diagonal k of a matrix.</summary>
    public static NDArray[] TriUIndicesFrom(NDArray arr, int k = 0)
    {
        Argument.Given(arr);
        RequireTwoAxes("triu_indices_from", arr);
        return TriUIndices(arr.Shape[0], k, arr.Shape[1]);
    }

    /// <summary>The places of an n×n matrix of ones that a function such as <see cref="TriU"/> keeps.</summary>
    public static NDArray[] MaskIndices(int n, Func<NDArray, int, NDArray> maskFunc, int k = 0, int? size = null) =>
        NonZero(Argument.Given(maskFunc)(Ones((n, n)), k), size);

    /// <summary>Vectors of indices shaped so that together they index a grid.</summary>
    public static NDArray[] Ix(params NDArray[] args)
    {
        Argument.Given(args);
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i].Ndim != 1)
            {
                throw new ShapeException($"ix_ needs vectors; got {args[i].Type}.");
            }

            if (args[i].DType.IsBool)
            {
                throw new DTypeException($"ix_ does not take bools; got {args[i].Type}. Use Jnp.FlatNonZero first.");
            }
        }

        return
        [
            .. args.Select(
                (arg, axis) => Ops.Reshape(arg, new Shape([.. args.Select((_, i) => i == axis ? arg.Shape[0] : 1)]))
            ),
        ];
    }

    /// <summary>The array with values put in before places of an axis; without an axis, flattened.</summary>
    /// <param name="arr">The array.</param>
    /// <param name="obj">One place, a slice or a vector of places; those out of range count as the nearest end.</param>
    /// <param name="values">
    /// What to put in, of the element type of the array: one slice for each place or for all; for a single place any number of slices.
    /// </param>
    /// <param name="axis">The axis.</param>
    /// <exception cref="DTypeException">The places are not integers.</exception>
    public static NDArray Insert(NDArray arr, ArrayIndex obj, NDArray values, int? axis = null)
    {
        Argument.Given(obj);
        Argument.Given(values);
        var x = axis is null ? Ravel(arr) : arr;
        int at = Axes.Normalize(axis ?? 0, x.Ndim, "insert");
        int n = x.Shape[at];
        var places = InsertPlaces(obj, n);
        var inserted = Promotion.Convert(values, arr.DType);
        if (inserted.Ndim < x.Ndim)
        {
            inserted = Ops.Reshape(
                inserted,
                new Shape([.. Enumerable.Repeat(1, x.Ndim - inserted.Ndim), .. inserted.Shape])
            );
        }
        else if (inserted.Ndim > x.Ndim)
        {
            throw new ShapeException($"insert cannot put {values.Type} into {x.Type}: it has too many axes.");
        }

        // A scalar place takes values whose first axis runs along the axis of the array.
        inserted = places.Ndim == 0 ? MoveAxis(inserted, 0, at) : inserted;
        if (places.Size == 1)
        {
            places = Broadcasting.To(Ops.Reshape(places, 1), inserted.Shape[at], "insert");
        }

        int count = places.Shape[0];
        inserted = Broadcasting.To(inserted, x.Shape.With(at, count), "insert");
        if (count == 0)
        {
            return x;
        }

        places = Where(Less(places, 0), Add(places, n), places);
        places = Promotion.Convert(Clip(places, 0, n), Ops.IndexType);
        var order = ArgSort(places);
        // A slice goes behind the slices of the array before its place and those put in before it.
        var ends = Ops.Add(Take(places, order, 0, "clip"), Ops.Iota(Ops.IndexType, count));
        var isOld = Ones(n + count, Bool).At[ends].Set(false);
        var numbers = Subtract(CumSum(isOld, dtype: Ops.IndexType), 1);
        var source = numbers.At[ends].Set(Add(order, n));
        return Take(Ops.Concatenate([x, inserted], at), source, at, "clip");
    }

    /// <summary>The array without the slices at places of an axis; without an axis, flattened.</summary>
    public static NDArray Delete(NDArray arr, ArrayIndex obj, int? axis = null, bool assumeUniqueIndices = false)
    {
        Argument.Given(obj);
        var x = axis is null ? Ravel(arr) : arr;
        int at = Axes.Normalize(axis ?? 0, x.Ndim, "delete");
        int n = x.Shape[at];
        var gone = Places("delete", obj, n).ToHashSet();
        int[] kept = [.. Enumerable.Range(0, n).Where(place => !gone.Contains(place))];
        return kept.Length == 0 ? Ops.SliceAxis(x, at, 0, 0) : TakeRuns(x, at, kept);
    }

    /// <summary>The array without zeros at its front ("f"), its back ("b") or both.</summary>
    public static NDArray TrimZeros(NDArray filt, string trim = "fb", Axes axis = default)
    {
        Argument.Given(trim);
        var nonzero = ToBool(filt);
        string ends = trim.ToLowerInvariant();
        int[] axes = axis.Resolve(filt.Ndim, "trim_zeros");
        foreach (int at in axes)
        {
            int[] others = [.. Enumerable.Range(0, filt.Ndim).Where(i => i != at)];
            var used = Ops.Concrete(
                Ops.ReduceOr(nonzero, others),
                "trim_zeros",
                "Its result's shape depends on values."
            );
            int n = filt.Shape[at];
            int start = 0;
            int stop = n;
            while (ends.Contains('f') && start < stop && used.ItemInt(start) == 0)
            {
                start++;
            }

            while (ends.Contains('b') && stop > start && used.ItemInt(stop - 1) == 0)
            {
                stop--;
            }

            filt = Ops.SliceAxis(filt, at, start, stop);
            nonzero = Ops.SliceAxis(nonzero, at, start, stop);
        }

        return filt;
    }

    /// <summary>A function that keeps axes applied to one axis after the other.</summary>
    public static NDArray ApplyOverAxes(Func<NDArray, int, NDArray> func, NDArray a, Dims axes)
    {
        foreach (int axis in axes)
        {
            var result = func(a, axis);
            a = result.Ndim == a.Ndim ? result : ExpandDims(result, axis);
        }

        return a;
    }

    /// <summary>Numbers from text, separated by a string.</summary>
    public static NDArray FromString(string text, DType? dtype = null, int count = -1, string sep = " ")
    {
        Argument.Given(text);
        const StringSplitOptions options = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        string[] words = string.IsNullOrWhiteSpace(sep) ? text.Split((char[]?)null, options) : text.Split(sep, options);
        double[] numbers =
        [
            .. words
                .Take(count < 0 ? words.Length : count)
                .Select(word =>
                    double.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out double number)
                        ? number
                        : throw new JaxArgumentException(
                            $"fromstring needs numbers separated by \"{sep}\"; got \"{word}\"."
                        )
                ),
        ];
        return Array(numbers, dtype ?? JaxConfig.Canonical(DType.F64));
    }

    private static void RequireTwoAxes(string caller, NDArray arr)
    {
        if (arr.Ndim != 2)
        {
            throw new ShapeException($"{caller} needs a matrix; got {arr.Type}.");
        }
    }

    /// <summary>The places before which <see cref="Insert"/> puts values.</summary>
    private static NDArray InsertPlaces(ArrayIndex index, int n)
    {
        switch (index.Kind)
        {
            case IndexKind.Integer:
                return Promotion.Convert(index.Place, Ops.IndexType);
            case IndexKind.Slice:
                return Array(SlicePlaces(index, n), Ops.IndexType);
            case IndexKind.Array:
                RequireIndices("insert", index.Array!);
                return index.Array!.Ndim <= 1
                    ? Wide(index.Array!)
                    : throw new ShapeException(
                        $"insert takes an integer, a slice or a vector of integers as places; got {index.Array!.Type}."
                    );
            default:
                throw new ArrayIndexException("insert takes an integer, a slice or a vector of integers as places.");
        }
    }

    private static int[] SlicePlaces(ArrayIndex index, int n)
    {
        var range = (AxisIndex.Range)IndexPlan.Create(new ArrayType(DType.F32, n), new ArrayIndex?[] { index }).Axes[0];
        return [.. Enumerable.Range(0, range.Count).Select(i => range.Start + (i * range.Step))];
    }

    /// <summary>The places that an index names along an axis, which must be known in advance.</summary>
    private static int[] Places(string caller, ArrayIndex index, int n)
    {
        switch (index.Kind)
        {
            case IndexKind.Integer:
                return [Place(index.Place)];
            case IndexKind.Slice:
                return SlicePlaces(index, n);
            case IndexKind.Array:
                var array = Ops.Concrete(index.Array!, caller, "Its result's shape depends on the places.");
                if (array.DType.IsBool)
                {
                    if (array.Size != n)
                    {
                        throw new ArrayIndexException($"{caller} got a mask {array.Type} for an axis of extent {n}.");
                    }

                    return [.. Enumerable.Range(0, n).Where(i => array.ItemInt(i) != 0)];
                }

                RequireIndices(caller, array);
                return [.. Enumerable.Range(0, (int)array.Size).Select(i => Place((int)array.ItemInt(i)))];
            default:
                throw new ArrayIndexException($"{caller} takes an integer, a slice or an array of integers as places.");
        }

        int Place(int place)
        {
            int fromFront = place < 0 ? place + n : place;
            return fromFront >= 0 && fromFront < n
                ? fromFront
                : throw new ArrayIndexException($"{caller} got the place {place}, outside of an axis of extent {n}.");
        }
    }
}
