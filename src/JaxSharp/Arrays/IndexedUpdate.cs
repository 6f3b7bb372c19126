using System;
using JaxSharp.Arrays;
using JaxSharp.Numpy;
using JaxSharp.Primitives;

namespace JaxSharp;

/// <summary>The places of an array that <c>x.At[…]</c> names, ready to be updated. Arrays are immutable: updates give new arrays.</summary>
public readonly struct ArrayPlaces
{
    private readonly NDArray array;

    internal ArrayPlaces(NDArray array) => this.array = array;

    /// <summary>The places that an index names.</summary>
    public IndexedUpdate this[params ReadOnlySpan<ArrayIndex?> index] =>
        new(array, NDArray.NullMeansNewAxis(index).ToArray());
}

/// <summary>
/// Updates of the places of an array. By default updates out of range are dropped; of several updates to one place
/// <see cref="Set"/> keeps the last, the others combine them all. Modes are "drop" ("fill"), "clip" and "promise_in_bounds".
/// </summary>
/// <example><code>
/// NDArray x = jnp.Array([1, 20, 3]);
/// x.At[0].Set(7);      // => [ 7 20  3]
/// x.At[x &gt; 9].Set(9);  // => [1 9 3]
/// x.At[1..].Add(1);    // => [ 1 21  4]
/// </code></example>
public sealed class IndexedUpdate
{
    private readonly NDArray array;
    private readonly ArrayIndex?[] index;

    internal IndexedUpdate(NDArray array, ArrayIndex?[] index)
    {
        this.array = array;
        this.index = index;
    }

    /// <summary>x with the places set to values, which broadcast and convert to the element type.</summary>
    public NDArray Set(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    ) =>
        Update(
            values,
            mode,
            wrapNegativeIndices,
            (n, m) => new Scatter(n, m, indicesAreSorted, uniqueIndices || IsUnique)
        );

    /// <summary>x with values added at the places.</summary>
    public NDArray Add(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    )
    {
        RefuseBool("add");
        return Update(
            values,
            mode,
            wrapNegativeIndices,
            (n, m) => new ScatterAdd(n, m, indicesAreSorted, uniqueIndices || IsUnique)
        );
    }

    /// <summary>x with values subtracted at the places.</summary>
    public NDArray Subtract(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    )
    {
        RefuseBool("subtract");
        return Update(
            Ops.Neg(Jnp.AsType(values, array.DType)),
            mode,
            wrapNegativeIndices,
            (n, m) => new ScatterAdd(n, m, indicesAreSorted, uniqueIndices || IsUnique)
        );
    }

    /// <summary>x with the places multiplied by values; differentiable for unique indices only.</summary>
    public NDArray Multiply(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    )
    {
        RefuseBool("multiply");
        return Update(
            values,
            mode,
            wrapNegativeIndices,
            (n, m) => new ScatterMul(n, m, indicesAreSorted, uniqueIndices || IsUnique)
        );
    }

    /// <inheritdoc cref="Multiply"/>
    public NDArray Mul(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    ) => Multiply(values, indicesAreSorted, uniqueIndices, mode, fillValue, wrapNegativeIndices);

    /// <summary>x with the places divided by values: what all values put there give as product.</summary>
    public NDArray Divide(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    )
    {
        var divisors = Ones()
            .At[index]
            .Multiply(values, indicesAreSorted, uniqueIndices, mode, null, wrapNegativeIndices);
        return Jnp.Divide(array, divisors);
    }

    /// <summary>x with the places raised to the powers of values.</summary>
    public NDArray Power(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    )
    {
        var exponents = Ones()
            .At[index]
            .Multiply(values, indicesAreSorted, uniqueIndices, mode, null, wrapNegativeIndices);
        return Jnp.Power(array, exponents);
    }

    /// <summary>x with the smaller of each place and the values put there.</summary>
    public NDArray Min(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    ) =>
        Update(
            values,
            mode,
            wrapNegativeIndices,
            (n, m) => new ScatterMin(n, m, indicesAreSorted, uniqueIndices || IsUnique)
        );

    /// <summary>x with the larger of each place and the values put there.</summary>
    public NDArray Max(
        NDArray values,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    ) =>
        Update(
            values,
            mode,
            wrapNegativeIndices,
            (n, m) => new ScatterMax(n, m, indicesAreSorted, uniqueIndices || IsUnique)
        );

    /// <summary>x with a function applied to the places (once for each time that an index names a place).</summary>
    public NDArray Apply(
        Func<NDArray, NDArray> func,
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    ) => Set(func(Get()), indicesAreSorted, uniqueIndices, mode, fillValue, wrapNegativeIndices);

    /// <summary>
    /// The elements at the places. Out of range, mode "fill" gives the fill value (by default NaN, the smallest signed or the largest
    /// unsigned integer, or true), "clip" (the default) the nearest place.
    /// </summary>
    public NDArray Get(
        bool indicesAreSorted = false,
        bool uniqueIndices = false,
        string? mode = null,
        NDArray? fillValue = null,
        bool wrapNegativeIndices = true
    )
    {
        double? fill = fillValue is null
            ? null
            : Ops.Concrete(fillValue, "At[…].Get", "Give the fill value as a number.").ItemComplex(0).Real;
        return Indexing.Get(array, index, Mode(mode, GatherScatterMode.PromiseInBounds), fill, wrapNegativeIndices);
    }

    // A single place or ranges name no place twice.
    private bool IsUnique => !Array.Exists(index, item => item?.Array is { Ndim: > 0, DType.IsBool: false });

    private NDArray Update(
        NDArray values,
        string? mode,
        bool wrapNegative,
        Func<ScatterDimensionNumbers, GatherScatterMode, ScatterPrimitive> primitive
    )
    {
        var converted = values.DType.IsComplex && !array.DType.IsComplex ? Ops.Real(values) : values;
        converted = array.DType.IsBool ? Jnp.ToBool(converted) : Promotion.Convert(converted, array.DType);
        var chosen = Mode(mode, GatherScatterMode.FillOrDrop);
        return Indexing.Scatter(array, index, converted, numbers => primitive(numbers, chosen), wrapNegative);
    }

    private NDArray Ones() => Ops.Like(array, 1);

    private static GatherScatterMode Mode(string? mode, GatherScatterMode standard) =>
        mode switch
        {
            null => standard,
            "drop" or "fill" => GatherScatterMode.FillOrDrop,
            "clip" => GatherScatterMode.Clip,
            "promise_in_bounds" => GatherScatterMode.PromiseInBounds,
            _ => throw new JaxArgumentException(
                $"At[…] does not know the mode \"{mode}\"; it is \"drop\", \"fill\", \"clip\" or \"promise_in_bounds\"."
            ),
        };

    private void RefuseBool(string operation)
    {
        if (array.DType.IsBool)
        {
            throw new DTypeException(
                $"At[…] cannot {operation} at places of {array.Type}. Use Set or convert with AsType."
            );
        }
    }
}
