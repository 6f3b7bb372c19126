using System;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// How functions of two arrays bring their operands together.
public static partial class Jnp
{
    private static NDArray Binary(string caller, Primitive primitive, Primitive? onBools, NDArray x, NDArray y)
    {
        ArrayType a = Argument.Given(x, nameof(x), caller).Type;
        ArrayType b = Argument.Given(y, nameof(y), caller).Type;
        if (ReferenceEquals(a.DType, b.DType) && a.Shape == b.Shape && a.DType.Code != DTypeCode.Bool)
        {
            return primitive.Bind(x, y);
        }

        (x, y) = Pair(caller, x, y);
        if (!x.DType.IsBool)
        {
            return primitive.Bind(x, y);
        }

        return onBools is null
            ? throw new DTypeException(
                $"{caller} does not take two arrays of bools; got {x.Type} and {y.Type}. Use Jnp.LogicalXor, or AsType for numbers."
            )
            : onBools.Bind(x, y);
    }

    /// <summary>Both operands with their common element type and shape.</summary>
    private static (NDArray X, NDArray Y) Pair(string caller, NDArray x, NDArray y, bool boolToInt = false)
    {
        Argument.Given(x, nameof(x), caller);
        Argument.Given(y, nameof(y), caller);
        if (!ReferenceEquals(x.DType, y.DType) || x.WeakType != y.WeakType)
        {
            var (dtype, weak) = Promotion.Result(x, y);
            x = Promotion.Convert(x, dtype, weak);
            y = Promotion.Convert(y, dtype, weak);
        }

        if (boolToInt && x.DType.IsBool)
        {
            x = Promotion.Convert(x, DType.I32);
            y = Promotion.Convert(y, DType.I32);
        }

        return Broadcast(caller, x, y);
    }

    /// <summary>Both operands with their common inexact element type and their common shape.</summary>
    private static (NDArray X, NDArray Y) PairInexact(string caller, NDArray x, NDArray y)
    {
        var (dtype, weak) = Promotion.Result(
            Argument.Given(x, nameof(x), caller),
            Argument.Given(y, nameof(y), caller)
        );
        dtype = Promotion.Inexact(dtype);
        return Broadcast(caller, Promotion.Convert(x, dtype, weak), Promotion.Convert(y, dtype, weak));
    }

    private static (NDArray X, NDArray Y) Broadcast(string caller, NDArray x, NDArray y)
    {
        if (x.Shape == y.Shape)
        {
            return (x, y);
        }

        var shape =
            x.Ndim == 0 ? y.Shape
            : y.Ndim == 0 ? x.Shape
            : Broadcasting.Common(caller, x.Shape, y.Shape);
        return (Broadcasting.To(x, shape, caller), Broadcasting.To(y, shape, caller));
    }

    private static NDArray BoolToInt(
        NDArray x,
        [CallerArgumentExpression(nameof(x))] string name = "",
        [CallerMemberName] string caller = ""
    ) => Argument.Given(x, name, caller).DType.IsBool ? Promotion.Convert(x, DType.I32) : x;

    // Places as integers that hold every place of an axis, which bools and narrow integers do not.
    private static NDArray Wide(
        NDArray places,
        [CallerArgumentExpression(nameof(places))] string name = "",
        [CallerMemberName] string caller = ""
    ) => Argument.Given(places, name, caller).DType.Size < 4 ? Promotion.Convert(places, DType.I32) : places;

    private static void RefuseComplex(string caller, NDArray x)
    {
        if (Argument.Given(x, nameof(x), caller).DType.IsComplex)
        {
            throw new DTypeException(
                $"{caller} does not take complex numbers; got {x.Type}. Use Jnp.Real, Jnp.Imag or Jnp.Abs."
            );
        }
    }

    private static void RefuseBool(string caller, NDArray x, string wayOut)
    {
        if (Argument.Given(x, nameof(x), caller).DType.IsBool)
        {
            throw new DTypeException($"{caller} does not take bools; got {x.Type}. {wayOut}");
        }
    }

    private static void RequireInteger(string caller, NDArray x)
    {
        if (!Argument.Given(x, nameof(x), caller).DType.IsInteger)
        {
            throw new DTypeException($"{caller} needs integers; got {x.Type}. Convert with AsType.");
        }
    }

    private static DType SignedOfSize(int bytes) =>
        bytes switch
        {
            1 => DType.I8,
            2 => DType.I16,
            4 => DType.I32,
            _ => DType.I64,
        };

    private static DType UnsignedOfSize(int bytes) =>
        bytes switch
        {
            1 => DType.U8,
            2 => DType.U16,
            4 => DType.U32,
            _ => DType.U64,
        };

    private static NDArray Bits(NDArray x) => Ops.Bitcast(x, UnsignedOfSize(x.DType.Size));
}
