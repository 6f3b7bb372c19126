using System;
using System.Linq;
using System.Numerics;

namespace JaxSharp.TestKit;

/// <summary>Plain reading and writing of arrays with values, independent of JaxSharp's operations: the oracle's side.</summary>
internal static class HostArray
{
    public static unsafe NDArray Make(DType dtype, Shape shape, Complex[] values)
    {
        DeviceArray result = DeviceArray.Allocate(new ArrayType(dtype, shape));
        for (int i = 0; i < values.Length; i++)
        {
            DeviceArray element = DeviceArray.Scalar(values[i], dtype, weak: false);
            element.Bytes().CopyTo(new Span<byte>((byte*)result.Address + i * dtype.Size, dtype.Size));
            GC.KeepAlive(element);
        }

        GC.KeepAlive(result);
        return result;
    }

    public static Complex[] Read(NDArray array) =>
        [.. Enumerable.Range(0, (int)array.Size).Select(i => ((DeviceArray)array).ItemComplex(i))];

    public static double[] ReadReal(NDArray array) => [.. Read(array).Select(value => value.Real)];

    /// <summary>Stacks arrays of equal shape along a new axis.</summary>
    public static NDArray Stack(NDArray[] arrays, int axis)
    {
        Shape shape = arrays[0].Shape;
        int inner = shape.Skip(axis).Aggregate(1, (size, extent) => size * extent);
        int outer = shape.Take(axis).Aggregate(1, (size, extent) => size * extent);
        Complex[][] values = [.. arrays.Select(Read)];
        Complex[] stacked =
        [
            .. from o in Enumerable.Range(0, outer)
            from array in values
            from i in Enumerable.Range(0, inner)
            select array[o * inner + i],
        ];
        return Make(arrays[0].DType, new Shape([.. shape.Take(axis), arrays.Length, .. shape.Skip(axis)]), stacked);
    }

    /// <summary>One slice along an axis, without the axis.</summary>
    public static NDArray Slice(NDArray array, int axis, int index)
    {
        int inner = array.Shape.Skip(axis + 1).Aggregate(1, (size, extent) => size * extent);
        int outer = array.Shape.Take(axis).Aggregate(1, (size, extent) => size * extent);
        Complex[] values = Read(array);
        Complex[] slice =
        [
            .. from o in Enumerable.Range(0, outer)
            from i in Enumerable.Range(0, inner)
            select values[(o * array.Shape[axis] + index) * inner + i],
        ];
        return Make(array.DType, new Shape([.. array.Shape.Take(axis), .. array.Shape.Skip(axis + 1)]), slice);
    }
}
