using System;
using System.Linq;

namespace JaxSharp.Data;

/// <summary>The elements of arrays as C# numbers.</summary>
internal static class HostValues
{
    /// <summary>The elements widened to double, in row-major order.</summary>
    public static double[] Doubles(NDArray x) =>
        x.DType.Code switch
        {
            DTypeCode.F64 => x.ToArray<double>(),
            DTypeCode.F32 => Widen(x.ToArray<float>(), v => v),
            DTypeCode.Bool => Widen(x.ToArray<bool>(), v => v ? 1 : 0),
            DTypeCode.I64 => Widen(x.ToArray<long>(), v => v),
            DTypeCode.U64 => Widen(x.ToArray<ulong>(), v => v),
            DTypeCode.U32 => Widen(x.ToArray<uint>(), v => v),
            DTypeCode.C64 or DTypeCode.C128 => throw new DTypeException($"Real elements are needed; got {x.DType}."),
            _ when x.DType.IsFloating => Widen(x.AsType(DType.F32).ToArray<float>(), v => v),
            _ => Widen(x.AsType(DType.I32).ToArray<int>(), v => v),
        };

    /// <summary>The elements of a vector.</summary>
    /// <exception cref="ShapeException">The array has another number of axes.</exception>
    public static double[] Vector(string caller, string name, NDArray x) =>
        x.Ndim == 1
            ? Doubles(x)
            : throw new ShapeException($"{caller} needs a vector as {name}; got an array of shape {x.Shape}.");

    private static double[] Widen<T>(T[] values, Func<T, double> widen) => [.. values.Select(widen)];
}
