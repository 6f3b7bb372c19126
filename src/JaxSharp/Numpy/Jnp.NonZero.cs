using System;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Places of nonzero elements.
public static partial class Jnp
{
    /// <summary>
    /// The places of nonzero elements, one array of indices per axis. Their number depends on values: under a transformation give
    /// <paramref name="size"/>, which cuts them or pads them with <paramref name="fillValue"/> (0).
    /// </summary>
    public static NDArray[] NonZero(NDArray a, int? size = null, NDArray? fillValue = null)
    {
        Argument.Given(a);
        if (a.Ndim == 0)
        {
            throw new ShapeException($"nonzero needs at least one axis; got {a.Type}. Use Jnp.AtLeast1D.");
        }

        var mask = ToBool(a);
        NDArray flat;
        NDArray? isPlace = null;
        if (size is { } wanted)
        {
            var ranks = Ops.CumSum(Promotion.Convert(Ravel(mask), DType.I32), 0);
            var numbers = Ops.Iota(DType.I32, wanted);
            if (a.Size == 0)
            {
                (flat, isPlace) = (numbers, Ops.Full(wanted, 0, DType.Bool));
            }
            else
            {
                flat = SearchSorted(ranks, Ops.Add(numbers, Ops.Like(numbers, 1)));
                isPlace = Less(numbers, Ops.At(ranks, 0, (int)a.Size - 1));
            }
        }
        else
        {
            flat = NonzeroPlaces(
                Ops.Concrete(
                    mask,
                    "nonzero",
                    "Its result's shape would depend on values: give size, or use Jnp.Where(condition, x, y)."
                )
            );
        }

        var places = Unravel(flat, a.Shape);
        if (isPlace is null)
        {
            return places;
        }

        var fill = Promotion.Convert(fillValue ?? 0, Ops.IndexType);
        return System.Array.ConvertAll(
            places,
            place => Ops.Select(isPlace, place, Broadcasting.To(fill, place.Shape, "nonzero"))
        );
    }

    /// <summary>The flat places of nonzero elements.</summary>
    public static NDArray FlatNonZero(NDArray a, int? size = null, NDArray? fillValue = null) =>
        NonZero(Ravel(a), size, fillValue)[0];

    /// <summary>The places of nonzero elements, one row of indices each.</summary>
    public static NDArray ArgWhere(NDArray a, int? size = null, NDArray? fillValue = null)
    {
        Argument.Given(a);
        if (a.Ndim == 0)
        {
            var places = NonZero(AtLeast1D(a), size, fillValue)[0];
            return Ops.Full((places.Shape[0], 0), 0, Ops.IndexType);
        }

        return Stack(NonZero(a, size, fillValue), -1);
    }

    private static DeviceArray NonzeroPlaces(DeviceArray mask)
    {
        var bytes = mask.Bytes();
        int count = 0;
        foreach (byte one in bytes)
        {
            count += one;
        }

        var type = Ops.IndexType;
        if (type.Code == DTypeCode.I64)
        {
            long[] wide = new long[count];
            Fill(bytes, place => wide[place.At] = place.Index);
            GC.KeepAlive(mask);
            return DeviceArray.FromSpan<long>(wide, new ArrayType(type, count));
        }

        int[] places = new int[count];
        Fill(bytes, place => places[place.At] = place.Index);
        GC.KeepAlive(mask);
        return DeviceArray.FromSpan<int>(places, new ArrayType(type, count));

        static void Fill(ReadOnlySpan<byte> bytes, Action<(int At, int Index)> set)
        {
            for (int i = 0, at = 0; i < bytes.Length; i++)
            {
                if (bytes[i] != 0)
                {
                    set((at++, i));
                }
            }
        }
    }

    /// <summary>Flat places as one array of indices per axis.</summary>
    private static NDArray[] Unravel(NDArray flat, Shape shape)
    {
        var result = new NDArray[shape.Rank];
        for (int axis = shape.Rank - 1; axis > 0; axis--)
        {
            var extent = Ops.Like(flat, Math.Max(1, shape[axis]));
            result[axis] = Promotion.Convert(Ops.Rem(flat, extent), Ops.IndexType);
            flat = Ops.Div(flat, extent);
        }

        result[0] = Promotion.Convert(flat, Ops.IndexType);
        return result;
    }
}
