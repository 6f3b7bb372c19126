using System;
using JaxSharp.Ir;
using JaxSharp.Primitives;

namespace JaxSharp.Numpy;

public static partial class Jnp
{
    /// <summary>The memory of the elements read as another element type; the last axis stretches or shrinks.</summary>
    internal static NDArray View(NDArray a, DType? dtype)
    {
        dtype = JaxConfig.Canonical(dtype ?? DType.F64);
        if (ReferenceEquals(dtype, Argument.Given(a).DType))
        {
            return a;
        }

        if (a.DType.IsBool || dtype.IsBool)
        {
            if (a.DType.Size != 1 || dtype.Size != 1)
            {
                throw new DTypeException($"view of {a.Type} as {dtype} is not possible: bools take one byte.");
            }

            return dtype.IsBool ? ToBool(a) : Ops.Bitcast(Promotion.Convert(a, DType.U8), dtype);
        }

        if (a.DType.IsComplex)
        {
            var parts = Stack([Ops.Real(a), Ops.Imag(a)], -1);
            var flat = a.Ndim == 0 ? parts : Ops.Reshape(parts, a.Shape.With(a.Ndim - 1, a.Shape[^1] * 2));
            return View(flat, dtype);
        }

        if (dtype.IsComplex)
        {
            var parts = View(a, dtype.RealType);
            int last = parts.Ndim - 1;
            if (last < 0 || parts.Shape[last] % 2 != 0)
            {
                throw ViewSize(a, dtype);
            }

            int length = parts.Shape[last];
            return Ops.Complex(Ops.SliceAxis(parts, last, 0, length, 2), Ops.SliceAxis(parts, last, 1, length, 2));
        }

        int from = a.DType.Size;
        int to = dtype.Size;
        if (from == to || to == 0 || from == 0)
        {
            return Ops.Bitcast(a, dtype);
        }

        if (a.Ndim == 0)
        {
            throw new ShapeException(
                $"view of {a.Type}, which has no axes, cannot change the element size to that of {dtype}."
            );
        }

        int axis = a.Ndim - 1;
        if (from > to)
        {
            return Ops.Reshape(Ops.Bitcast(a, dtype), a.Shape.With(axis, a.Shape[axis] * from / to));
        }

        int ratio = to / from;
        if (a.Shape[axis] % ratio != 0)
        {
            throw ViewSize(a, dtype);
        }

        return Ops.Bitcast(Ops.Reshape(a, a.Shape.With(axis, a.Shape[axis] / ratio).Insert(axis + 1, ratio)), dtype);
    }

    /// <summary>The elements with their bytes in reverse order; the parts of complex numbers each.</summary>
    internal static NDArray ByteSwap(NDArray a)
    {
        if (Argument.Given(a).DType.Size <= 1)
        {
            return a;
        }

        if (a.DType.IsComplex)
        {
            return Ops.Complex(ByteSwap(Ops.Real(a)), ByteSwap(Ops.Imag(a)));
        }

        var bytes = Ops.Bitcast(a, DType.U8);
        return Ops.Bitcast(Flip(bytes, bytes.Ndim - 1), a.DType);
    }

    private static ShapeException ViewSize(NDArray a, DType dtype) =>
        new($"view of {a.Type} as {dtype} needs a last axis whose bytes divide by {dtype.Size}.");
}
