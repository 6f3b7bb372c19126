using System;
using System.Runtime.InteropServices;

namespace JaxSharp.Goldens;

/// <summary>Carries recorded arrays into JaxSharp and results back.</summary>
public static class ArrayBridge
{
    /// <summary>An element type by its short or long name; null where JaxSharp has none.</summary>
    public static DType? DTypeOf(string name) =>
        name switch
        {
            "float" => JaxConfig.EnableX64 ? DType.F64 : DType.F32,
            "int" => JaxConfig.EnableX64 ? DType.I64 : DType.I32,
            _ => DType.Parse(name),
        };

    public static unsafe NDArray FromValue(ArrayValue value)
    {
        value = Canonical(value);
        DType dtype =
            DTypeOf(value.DType) ?? throw new DTypeException($"There is no element type {value.DType} in JaxSharp.");
        DeviceArray array = DeviceArray.Allocate(new ArrayType(dtype, new Shape(value.Shape), value.Weak));
        value.Data.CopyTo(new Span<byte>((void*)array.Address, value.Data.Length));
        GC.KeepAlive(array);
        return array;
    }

    public static bool IsConcrete(NDArray array) => array is DeviceArray;

    public static ArrayValue ToValue(NDArray array)
    {
        DeviceArray concrete =
            array as DeviceArray
            ?? throw new InvalidOperationException($"a result was a {array.GetType().Name}, not an array with values");
        var value = new ArrayValue(
            concrete.DType.Name,
            concrete.Shape.ToArray(),
            concrete.Bytes().ToArray(),
            concrete.WeakType
        );
        GC.KeepAlive(concrete);
        return value;
    }

    /// <summary>Two copies, stacked along a new first axis.</summary>
    public static ArrayValue Stack(ArrayValue value) =>
        value with
        {
            Shape = [2, .. value.Shape],
            Data = [.. value.Data, .. value.Data],
        };

    /// <summary>One of the two slices along the first axis.</summary>
    public static ArrayValue Slice(ArrayValue value, int index)
    {
        int half = value.Data.Length / 2;
        return value with { Shape = value.Shape[1..], Data = value.Data.AsSpan(index * half, half).ToArray() };
    }

    /// <summary>A typed random key for a parameter; its words for one that takes arrays.</summary>
    public static bool TryKey(KeyValue key, ArgumentConverter converter, Type target, out object? result, out int cost)
    {
        cost = target == typeof(PrngKey) ? 0 : 5;
        result =
            target == typeof(PrngKey) ? (object)JaxRandom.WrapKeyData(converter.Array(key.Words)!)
            : target.IsAssignableFrom(typeof(NDArray)) ? (object)converter.Array(key.Words)
            : null;
        return result is not null;
    }

    // What JAX does to NumPy arrays while 64-bit types are off.
    private static ArrayValue Canonical(ArrayValue value)
    {
        if (JaxConfig.EnableX64)
        {
            return value;
        }

        return value.DType switch
        {
            "i64" or "u64" => Narrow<long, int>(value, value.DType[0] + "32", wide => unchecked((int)wide)),
            "f64" => Narrow<double, float>(value, "f32", wide => (float)wide),
            "c128" => Narrow<double, float>(value, "c64", wide => (float)wide),
            _ => value,
        };
    }

    private static ArrayValue Narrow<TWide, TNarrow>(ArrayValue value, string dtype, Func<TWide, TNarrow> convert)
        where TWide : unmanaged
        where TNarrow : unmanaged
    {
        TNarrow[] narrow = Array.ConvertAll(MemoryMarshal.Cast<byte, TWide>(value.Data).ToArray(), w => convert(w));
        return value with { DType = dtype, Data = MemoryMarshal.AsBytes(narrow.AsSpan()).ToArray() };
    }
}
