using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

/// <summary>
/// Primitives as functions, for compositions: operands already have equal types (a scalar <see cref="Like"/> makes one), axes
/// are counted from the front, and what would change nothing is left out.
/// </summary>
internal static class Ops
{
    /// <summary>A number as an array with the element type and shape of another.</summary>
    public static NDArray Like(NDArray x, double value) => Full(x.Shape, value, x.DType, x.WeakType);

    /// <summary>A number repeated to a shape.</summary>
    public static NDArray Full(Shape shape, double value, DType dtype, bool weak = false) =>
        Broadcast(DeviceArray.Scalar(value, dtype, weak), shape);

    /// <summary>A scalar repeated to a shape.</summary>
    public static NDArray Broadcast(NDArray scalar, Shape shape) =>
        Argument.Given(shape).Rank == 0 ? scalar : new BroadcastInDim(shape, []).Bind(scalar);

    /// <summary>0, 1, 2, … along an axis.</summary>
    public static NDArray Iota(DType dtype, Shape shape, int axis) => new Iota(dtype, shape, axis).Bind();

    /// <summary>0, 1, 2, …, n − 1.</summary>
    public static NDArray Iota(DType dtype, int n) => Iota(dtype, n, 0);

    public static NDArray Add(NDArray x, NDArray y) => new Add().Bind(x, y);

    public static NDArray Sub(NDArray x, NDArray y) => new Sub().Bind(x, y);

    public static NDArray Mul(NDArray x, NDArray y) => new Mul().Bind(x, y);

    public static NDArray Div(NDArray x, NDArray y) => new Div().Bind(x, y);

    public static NDArray Rem(NDArray x, NDArray y) => new Rem().Bind(x, y);

    public static NDArray Neg(NDArray x) => new Neg().Bind(x);

    public static NDArray Max(NDArray x, NDArray y) => new Max().Bind(x, y);

    public static NDArray Min(NDArray x, NDArray y) => new Min().Bind(x, y);

    public static NDArray And(NDArray x, NDArray y) => new And().Bind(x, y);

    public static NDArray Or(NDArray x, NDArray y) => new Or().Bind(x, y);

    public static NDArray Xor(NDArray x, NDArray y) => new Xor().Bind(x, y);

    public static NDArray Not(NDArray x) => new Not().Bind(x);

    public static NDArray Eq(NDArray x, NDArray y) => new Eq().Bind(x, y);

    public static NDArray Ne(NDArray x, NDArray y) => new Ne().Bind(x, y);

    public static NDArray Lt(NDArray x, NDArray y) => new Lt().Bind(x, y);

    public static NDArray Le(NDArray x, NDArray y) => new Le().Bind(x, y);

    public static NDArray Gt(NDArray x, NDArray y) => new Gt().Bind(x, y);

    public static NDArray Ge(NDArray x, NDArray y) => new Ge().Bind(x, y);

    /// <summary>Element by element the second or third operand.</summary>
    public static NDArray Select(NDArray condition, NDArray whenTrue, NDArray whenFalse) =>
        new SelectN().Bind(condition, whenFalse, whenTrue);

    public static NDArray Sign(NDArray x) => new Sign().Bind(x);

    public static NDArray Abs(NDArray x) => new Abs().Bind(x);

    public static NDArray Floor(NDArray x) => new Floor().Bind(x);

    public static NDArray Ceil(NDArray x) => new Ceil().Bind(x);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    public static NDArray RoundEven(NDArray x) => new Round(RoundingMethod.ToNearestEven).Bind(x);

    public static NDArray Exp(NDArray x) => new Exp().Bind(x);

    public static NDArray Log(NDArray x) => new Log().Bind(x);

    public static NDArray Log1p(NDArray x) => new Log1p().Bind(x);

    public static NDArray Sqrt(NDArray x) => new Sqrt().Bind(x);

    public static NDArray Sin(NDArray x) => new Sin().Bind(x);

    public static NDArray Cos(NDArray x) => new Cos().Bind(x);

    public static NDArray Atan2(NDArray x, NDArray y) => new Atan2().Bind(x, y);

    public static NDArray Pow(NDArray x, NDArray y) => new Pow().Bind(x, y);

    public static NDArray IntegerPow(NDArray x, int exponent) => new IntegerPow(exponent).Bind(x);

    public static NDArray IsFinite(NDArray x) => new IsFinite().Bind(x);

    public static NDArray Real(NDArray x) => x.DType.IsComplex ? new Real().Bind(x) : x;

    public static NDArray Imag(NDArray x) => x.DType.IsComplex ? new Imag().Bind(x) : Like(x, 0);

    public static NDArray Complex(NDArray re, NDArray im) => new MakeComplex().Bind(re, im);

    /// <summary>The complex conjugate; real arrays themselves.</summary>
    public static NDArray Conj(NDArray x) => x.DType.IsComplex ? Complex(Real(x), Neg(Imag(x))) : x;

    public static NDArray ShiftLeft(NDArray x, NDArray y) => new ShiftLeft().Bind(x, y);

    public static NDArray ShiftRightLogical(NDArray x, NDArray y) => new ShiftRightLogical().Bind(x, y);

    public static NDArray ShiftRightArithmetic(NDArray x, NDArray y) => new ShiftRightArithmetic().Bind(x, y);

    /// <summary>The bits of elements under another element type of the same width.</summary>
    public static NDArray Bitcast(NDArray x, DType dtype) => new BitcastConvertType(dtype).Bind(x);

    /// <summary>Another constant of the same type keeps gradients from passing.</summary>
    public static NDArray StopGradient(NDArray x) => new StopGradient().Bind(x);

    public static NDArray Reshape(NDArray x, Shape shape) => x.Shape == shape ? x : new Reshape(shape).Bind(x);

    public static NDArray Transpose(NDArray x, params int[] permutation)
    {
        bool moves = false;
        for (int i = 0; i < permutation.Length; i++)
        {
            moves |= permutation[i] != i;
        }

        return moves ? new PermuteAxes(permutation).Bind(x) : x;
    }

    public static NDArray ExpandDims(NDArray x, int axis) => Reshape(x, x.Shape.Insert(axis, 1));

    public static NDArray Squeeze(NDArray x, int axis) => Reshape(x, x.Shape.Without(axis));

    public static NDArray Reverse(NDArray x, params int[] axes) => axes.Length == 0 ? x : new Rev(axes).Bind(x);

    public static NDArray Slice(NDArray x, int[] starts, int[] limits, int[] strides)
    {
        bool whole = true;
        for (int i = 0; i < starts.Length; i++)
        {
            whole &= starts[i] == 0 && limits[i] == x.Shape[i] && strides[i] == 1;
        }

        return whole ? x : new Slice(starts, limits, strides).Bind(x);
    }

    /// <summary>A range of one axis.</summary>
    public static NDArray SliceAxis(NDArray x, int axis, int start, int limit, int stride = 1)
    {
        int[] starts = new int[x.Ndim];
        int[] limits = x.Shape.ToArray();
        int[] strides = new int[x.Ndim];
        Array.Fill(strides, 1);
        (starts[axis], limits[axis], strides[axis]) = (start, limit, stride);
        return Slice(x, starts, limits, strides);
    }

    /// <summary>One place of an axis, which vanishes.</summary>
    public static NDArray At(NDArray x, int axis, int place) => Squeeze(SliceAxis(x, axis, place, place + 1), axis);

    public static NDArray Concatenate(IReadOnlyList<NDArray> arrays, int axis) =>
        arrays.Count == 1 ? arrays[0] : new Concatenate(axis).Bind([.. arrays]);

    /// <summary>Puts a scalar value around an array, and between its elements; negative numbers cut off.</summary>
    public static NDArray Pad(NDArray x, NDArray value, int[] low, int[] high, int[]? interior = null) =>
        new Pad(
            low.Select((before, axis) => new PadDimension(before, high[axis], interior?[axis] ?? 0)).ToArray()
        ).Bind(x, value);

    public static NDArray ReduceSum(NDArray x, params int[] axes) => axes.Length == 0 ? x : new ReduceSum(axes).Bind(x);

    public static NDArray ReduceProd(NDArray x, params int[] axes) =>
        axes.Length == 0 ? x : new ReduceProd(axes).Bind(x);

    public static NDArray ReduceMax(NDArray x, params int[] axes) => axes.Length == 0 ? x : new ReduceMax(axes).Bind(x);

    public static NDArray ReduceMin(NDArray x, params int[] axes) => axes.Length == 0 ? x : new ReduceMin(axes).Bind(x);

    public static NDArray ReduceAnd(NDArray x, params int[] axes) => axes.Length == 0 ? x : new ReduceAnd(axes).Bind(x);

    public static NDArray ReduceOr(NDArray x, params int[] axes) => axes.Length == 0 ? x : new ReduceOr(axes).Bind(x);

    public static NDArray ArgMax(NDArray x, int axis, DType index) => new ArgMax(axis, index).Bind(x);

    public static NDArray ArgMin(NDArray x, int axis, DType index) => new ArgMin(axis, index).Bind(x);

    public static NDArray CumSum(NDArray x, int axis) => new CumSum(axis, false).Bind(x);

    public static NDArray CumProd(NDArray x, int axis) => new CumProd(axis, false).Bind(x);

    public static NDArray CumMax(NDArray x, int axis) => new CumMax(axis, false).Bind(x);

    /// <summary>Sorts along an axis by the first operands, carrying the others along; stable.</summary>
    public static NDArray[] Sort(int axis, int keys, params NDArray[] operands) =>
        new Sort(axis, true, keys).BindAll(operands);

    /// <summary>The element type of indices.</summary>
    public static DType IndexType => JaxConfig.Canonical(DType.I64);

    /// <summary>The elements of an array whose values a function needs to know.</summary>
    /// <exception cref="ConcretizationException">The array is traced.</exception>
    public static DeviceArray Concrete(NDArray x, string caller, string wayOut)
    {
        // Under Grad and Jvp the value is known beside its tangent.
        Argument.Given(x, caller: caller);
        while (x is JvpTracer tracer)
        {
            x = tracer.Primal;
        }

        return x as DeviceArray
            ?? throw new ConcretizationException(
                $"{caller} needs the values of {x.Type}, which is traced: only its type is known inside of a function under Jit, Grad, "
                    + $"Vmap, … {wayOut}"
            );
    }
}
