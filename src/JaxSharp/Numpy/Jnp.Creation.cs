using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Arrays;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Arrays from values, shapes and ranges.
public static partial class Jnp
{
    /// <summary>
    /// An array of the values of a C# array of any rank, a nested list or tuple, a number, or arrays to be stacked. The values are
    /// copied. Without 64-bit types enabled, doubles become f32 and longs i32.
    /// </summary>
    /// <param name="object">What to convert.</param>
    /// <param name="dtype">The element type; by default that of the values.</param>
    /// <param name="copy">Accepted for likeness; arrays are immutable, so that a copy cannot be told apart.</param>
    /// <param name="order">Accepted for likeness; arrays are row-major.</param>
    /// <param name="ndmin">The least number of axes; missing ones are put in front.</param>
    /// <exception cref="ShapeException">The values do not form a rectangle.</exception>
    /// <example><code>jnp.Array(new[,] { { 1f, 2f }, { 3f, 4f } }); // => [[1. 2.] [3. 4.]]</code></example>
    public static NDArray Array(
        object @object,
        DType? dtype = null,
        bool copy = true,
        string order = "K",
        int ndmin = 0
    )
    {
        var array = ArrayConversion.FromObject(@object, dtype);
        return array.Ndim >= ndmin
            ? array
            : Ops.Reshape(array, new Shape([.. Enumerable.Repeat(1, ndmin - array.Ndim), .. array.Shape]));
    }

    /// <summary>An array of the values of a C# array.</summary>
    /// <example><code>jnp.Array([1f, 2f, 3f]); // => [1. 2. 3.]</code></example>
    public static NDArray Array<T>(T[] values, DType? dtype = null)
        where T : unmanaged => ArrayConversion.FromSpan<T>(Argument.Given(values), values.Length, dtype);

    /// <summary>A matrix of the values of rows of equal length.</summary>
    /// <example><code>jnp.Array([[1f, 2f], [3f, 4f]]); // => [[1. 2.] [3. 4.]]</code></example>
    public static NDArray Array<T>(T[][] rows, DType? dtype = null)
        where T : unmanaged => ArrayConversion.FromObject(rows, dtype);

    /// <summary>An array of the values of a span, under a shape.</summary>
    /// <exception cref="ShapeException">The span has another number of elements.</exception>
    public static NDArray Array<T>(ReadOnlySpan<T> values, Shape shape, DType? dtype = null)
        where T : unmanaged => ArrayConversion.FromSpan(values, shape, dtype);

    /// <summary>
    /// An array over the memory of C# values, without a copy where the element type allows. The memory must not change afterwards.
    /// </summary>
    public static NDArray FromMemory<T>(Memory<T> memory, Shape shape)
        where T : unmanaged => ArrayConversion.FromMemory(memory, Argument.Given(shape));

    /// <summary>A vector of elements of a type (f32 by default) from their bytes, in the order of the machine.</summary>
    /// <param name="buffer">The bytes.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="count">How many elements; −1 for all.</param>
    /// <param name="offset">The number of bytes to skip.</param>
    public static NDArray FromBuffer(byte[] buffer, DType? dtype = null, int count = -1, int offset = 0)
    {
        Argument.Given(buffer);
        dtype ??= DType.F32;
        if (dtype.Size == 0)
        {
            throw new JaxArgumentException($"frombuffer cannot read elements of {dtype}, which have no bytes.");
        }

        int available = (buffer.Length - offset) / dtype.Size;
        int n = count < 0 ? available : count;
        if (
            offset < 0
            || offset > buffer.Length
            || n > available
            || (count < 0 && (buffer.Length - offset) % dtype.Size != 0)
        )
        {
            throw new JaxArgumentException(
                $"frombuffer cannot read {(count < 0 ? "whole elements" : $"{count} elements")} of {dtype} from {buffer.Length} bytes at "
                    + $"offset {offset}."
            );
        }

        var bytes = DeviceArray.FromSpan<byte>(
            buffer.AsSpan(offset, n * dtype.Size),
            new ArrayType(DType.U8, n * dtype.Size)
        );
        return AsType(bytes.WithType(new ArrayType(dtype, n)), dtype);
    }

    /// <inheritdoc cref="Array(object, DType?, bool, string, int)"/>
    public static NDArray AsArray(object a, DType? dtype = null, string order = "K", bool copy = false) =>
        ArrayConversion.FromObject(a, dtype);

    /// <summary>A copy; arrays are immutable, so that it cannot be told apart.</summary>
    public static NDArray Copy(NDArray a, string order = "K") => a;

    /// <summary>The array with another element type (the default float if null): floats saturate to integers, NaN becomes 0.</summary>
    public static NDArray AsType(NDArray x, DType? dtype, bool copy = false)
    {
        Argument.Given(x);
        dtype = JaxConfig.Canonical(dtype ?? DType.F64);
        if (x.DType.IsComplex && !dtype.IsComplex)
        {
            if (dtype.IsBool)
            {
                return ToBool(x);
            }

            x = Ops.Real(x);
        }

        return dtype.IsBool ? StrongBool(x) : Promotion.Convert(x, dtype);
    }

    /// <summary>An array of zeros, f32 by default.</summary>
    /// <example><code>jnp.Zeros((2, 3)); // => [[0. 0. 0.] [0. 0. 0.]]</code></example>
    public static NDArray Zeros(Shape shape, DType? dtype = null) => Filled(shape, 0, dtype);

    /// <summary>An array of ones, f32 by default.</summary>
    public static NDArray Ones(Shape shape, DType? dtype = null) => Filled(shape, 1, dtype);

    /// <summary>An array of zeros, f32 by default: unlike in NumPy its contents are defined.</summary>
    public static NDArray Empty(Shape shape, DType? dtype = null) => Filled(shape, 0, dtype);

    /// <summary>An array that repeats a value, which broadcasts to the shape.</summary>
    public static NDArray Full(Shape shape, NDArray fillValue, DType? dtype = null)
    {
        var value = dtype is null ? fillValue : AsType(fillValue, dtype);
        return Broadcasting.To(value, shape, "full");
    }

    /// <summary>Zeros with the shape and element type of an array.</summary>
    public static NDArray ZerosLike(NDArray a, DType? dtype = null, Shape? shape = null) =>
        FullLike(Argument.Given(a), 0, dtype, shape);

    /// <summary>Ones with the shape and element type of an array.</summary>
    public static NDArray OnesLike(NDArray a, DType? dtype = null, Shape? shape = null) =>
        FullLike(Argument.Given(a), 1, dtype, shape);

    /// <summary>Zeros with the shape and element type of an array.</summary>
    public static NDArray EmptyLike(NDArray prototype, DType? dtype = null, Shape? shape = null) =>
        FullLike(Argument.Given(prototype), 0, dtype, shape);

    /// <summary>A value repeated to the shape of an array, with its element type.</summary>
    public static NDArray FullLike(NDArray a, NDArray fillValue, DType? dtype = null, Shape? shape = null)
    {
        Argument.Given(a);
        Argument.Given(fillValue);
        var value =
            (dtype ?? a.DType).IsBool ? StrongBool(fillValue)
            : dtype is null ? Promotion.Convert(fillValue, a.DType, a.WeakType)
            : AsType(fillValue, dtype);
        return Broadcasting.To(value, shape ?? a.Shape, "full_like");
    }

    /// <summary>Numbers from start (0) up to, not including, stop, by a step (1).</summary>
    /// <exception cref="JaxArgumentException">The step is 0, or an argument is not a scalar.</exception>
    /// <example><code>
    /// jnp.Arange(5);          // => [0 1 2 3 4]
    /// jnp.Arange(1, 2, 0.25); // => [1.   1.25 1.5  1.75]
    /// </code></example>
    public static NDArray Arange(NDArray start, NDArray? stop = null, NDArray? step = null, DType? dtype = null)
    {
        Argument.Given(start);
        NDArray[] given = [start, .. new[] { stop, step }.Where(x => x is not null)!];
        foreach (var x in given)
        {
            if (x.Ndim != 0)
            {
                throw new JaxArgumentException($"arange needs scalars; got {x.Type}.");
            }
        }

        var type = JaxConfig.Canonical(dtype ?? Promotion.Result(given).DType);
        var known = System.Array.ConvertAll(
            given,
            x => Ops.Concrete(x, "arange", "Its arguments decide the shape, so pass C# numbers.")
        );
        if (known.All(x => x.DType.IsInteger || x.DType.IsBool))
        {
            // Exact, also beyond the integers that a double holds.
            var whole = System.Array.ConvertAll(known, WholeItem);
            var (first, last, by) = Bounds(whole, Int128.One);
            var (rounds, rest) = by == 0 ? (0, 0) : Int128.DivRem(last - first, by);
            return Ramp(type, (double)(rest == 0 ? rounds : rounds + 1), by == 0, first, first + by);
        }
        else
        {
            double[] real = System.Array.ConvertAll(known, x => x.ItemComplex(0).Real);
            var (first, last, by) = Bounds(real, 1.0);
            double count = Math.Ceiling((last - first) / by);
            return type.IsInteger
                ? Ramp(type, count, by == 0, (Int128)first, (Int128)(first + by))
                : Ramp(type, count, by == 0, first, first + by);
        }

        (T First, T Last, T Step) Bounds<T>(T[] values, T one) =>
            (
                stop is null ? default! : values[0],
                stop is null ? values[0] : values[1],
                step is null ? one : values[^1]
            );

        static Int128 WholeItem(DeviceArray x) => x.DType.Code == DTypeCode.U64 ? (ulong)x.ItemInt(0) : x.ItemInt(0);
    }

    // Elements that go on as the first two of them begin, these rounded to the element type.
    private static NDArray Ramp<T>(DType type, double count, bool standsStill, T first, T second)
        where T : System.Numerics.INumber<T>
    {
        if (standsStill || !(count <= int.MaxValue))
        {
            throw new JaxArgumentException(
                standsStill ? "arange got a step of 0." : $"arange from {first} on would have {count} elements."
            );
        }

        int n = (int)Math.Max(0, count);
        if (type.IsBool)
        {
            return n > 2
                ? throw new JaxArgumentException("arange of bools has at most two elements.")
                : Array((bool[])[first != T.Zero, second != T.Zero])[..n];
        }

        if (first == T.Zero && second == T.One)
        {
            return type.IsComplex ? Promotion.Convert(Ops.Iota(type.RealType, n), type) : Ops.Iota(type, n);
        }

        if (type.IsInteger)
        {
            long start = long.CreateTruncating(first);
            var whole = Ops.Mul(Ops.Iota(type, n), Whole(long.CreateTruncating(second) - start));
            return Ops.Add(whole, Whole(start));
        }

        var compute = type.Size <= 2 ? DType.F32 : type.RealType;
        var (from, to) = (Rounded(first), Rounded(second));
        var numbers = Ops.Add(Ops.Mul(Ops.Iota(compute, n), Ops.Sub(to, from)), from);
        return Promotion.Convert(numbers, type);

        NDArray Whole(long value) => Ops.Broadcast(DeviceArray.Scalar(value, type, false), n);

        NDArray Rounded(T value) =>
            Ops.Broadcast(
                Promotion.Convert(DeviceArray.Scalar(double.CreateChecked(value), type.RealType, false), compute),
                n
            );
    }

    /// <summary>Evenly spaced numbers from start to stop.</summary>
    /// <param name="start">The first number, or an array of first numbers.</param>
    /// <param name="stop">The last number; left out if <paramref name="endpoint"/> is false.</param>
    /// <param name="num">How many.</param>
    /// <param name="endpoint">Whether stop is the last number.</param>
    /// <param name="dtype">The element type; inexact by default.</param>
    /// <param name="axis">The axis of the result that the numbers run along.</param>
    /// <example><code>jnp.Linspace(0, 1, 5); // => [0.   0.25 0.5  0.75 1.  ]</code></example>
    public static NDArray Linspace(
        NDArray start,
        NDArray stop,
        int num = 50,
        bool endpoint = true,
        DType? dtype = null,
        int axis = 0
    ) => Spaced("linspace", start, stop, num, endpoint, dtype, axis).Numbers;

    /// <summary>Evenly spaced numbers and the distance between them.</summary>
    /// <inheritdoc cref="Linspace(NDArray, NDArray, int, bool, DType?, int)"/>
    public static (NDArray Samples, NDArray Step) Linspace(
        NDArray start,
        NDArray stop,
        bool retStep,
        int num = 50,
        bool endpoint = true,
        DType? dtype = null,
        int axis = 0
    ) => Spaced("linspace", start, stop, num, endpoint, dtype, axis);

    /// <summary>Numbers whose logarithms to a base are evenly spaced from start to stop.</summary>
    public static NDArray LogSpace(
        NDArray start,
        NDArray stop,
        int num = 50,
        bool endpoint = true,
        NDArray? @base = null,
        DType? dtype = null,
        int axis = 0
    )
    {
        dtype ??= Promotion.Inexact(Promotion.Result(start, stop).DType);
        var compute = Promotion.Inexact(dtype);
        var exponents = Spaced(
            "logspace",
            Promotion.Convert(start, compute),
            Promotion.Convert(stop, compute),
            num,
            endpoint,
            null,
            axis
        ).Numbers;
        return AsType(Power(Promotion.Convert(@base ?? 10.0, compute), exponents), dtype);
    }

    /// <summary>Numbers from start to stop with a constant ratio.</summary>
    public static NDArray GeomSpace(
        NDArray start,
        NDArray stop,
        int num = 50,
        bool endpoint = true,
        DType? dtype = null,
        int axis = 0
    )
    {
        dtype ??= Promotion.Inexact(Promotion.Result(start, stop).DType);
        var compute = Promotion.Inexact(dtype);
        var (first, last) = Broadcast("geomspace", Promotion.Convert(start, compute), Promotion.Convert(stop, compute));
        NDArray sign;
        if (compute.IsComplex)
        {
            sign = Ops.Div(first, Promotion.Convert(Ops.Abs(first), compute));
        }
        else
        {
            var negative = Ops.Lt(Ops.Add(Ops.Sign(first), Ops.Sign(last)), Ops.Like(first, 0));
            sign = Ops.Select(negative, Ops.Like(first, -1), Ops.Like(first, 1));
        }

        var result = LogSpace(Log10(Ops.Div(first, sign)), Log10(Ops.Div(last, sign)), num, endpoint, 10.0, compute, 0);
        result = Multiply(result, sign);
        if (num > 0)
        {
            NDArray[] ends =
                endpoint && num > 1
                    ? [Ops.ExpandDims(first, 0), Ops.SliceAxis(result, 0, 1, num - 1), Ops.ExpandDims(last, 0)]
                    : [Ops.ExpandDims(first, 0), Ops.SliceAxis(result, 0, 1, num)];
            result = Ops.Concatenate(ends, 0);
        }

        return AsType(MoveAxis(result, 0, axis), dtype);
    }

    /// <summary>A matrix with ones on a diagonal: k above the main one.</summary>
    public static NDArray Eye(int n, int? m = null, int k = 0, DType? dtype = null)
    {
        var shape = NonNegative("eye", n, m ?? n);
        var rows = Ops.Add(Ops.Iota(DType.I32, shape, 0), Ops.Full(shape, k, DType.I32));
        return AsType(Ops.Eq(rows, Ops.Iota(DType.I32, shape, 1)), dtype ?? DType.F64);
    }

    /// <summary>The n×n matrix with ones on the main diagonal.</summary>
    public static NDArray Identity(int n, DType? dtype = null) => Eye(n, dtype: dtype);

    /// <summary>A matrix with ones on and below the diagonal k above the main one.</summary>
    public static NDArray Tri(int n, int? m = null, int k = 0, DType? dtype = null)
    {
        var shape = NonNegative("tri", n, m ?? n);
        return AsType(LowerMask(shape, k), dtype ?? DType.F64);
    }

    /// <summary>The elements on and below the diagonal k above the main one of matrices; zeros elsewhere.</summary>
    public static NDArray TriL(NDArray m, int k = 0)
    {
        Argument.Given(m);
        RequireMatrix("tril", m);
        return Ops.Select(LowerMask(m.Shape, k), m, Ops.Like(m, 0));
    }

    /// <summary>The elements on and above the diagonal k above the main one of matrices; zeros elsewhere.</summary>
    public static NDArray TriU(NDArray m, int k = 0)
    {
        Argument.Given(m);
        RequireMatrix("triu", m);
        return Ops.Select(LowerMask(m.Shape, k - 1), Ops.Like(m, 0), m);
    }

    /// <summary>Powers of the elements of a vector as the columns of a matrix, falling unless told otherwise.</summary>
    public static NDArray Vander(NDArray x, int? n = null, bool increasing = false)
    {
        Argument.Given(x);
        if (x.Ndim != 1)
        {
            throw new ShapeException($"vander needs a vector; got {x.Type}.");
        }

        int columns = n ?? x.Shape[0];
        if (columns < 0)
        {
            throw new JaxArgumentException($"vander got n={columns}; it must not be negative.");
        }

        var exponents = Ops.Iota(DType.I32, columns);
        if (!increasing)
        {
            exponents = Ops.Sub(Ops.Like(exponents, columns - 1), exponents);
        }

        return Power(Ops.ExpandDims(x, 1), Promotion.Convert(exponents, x.DType.IsInteger ? x.DType : DType.I32));
    }

    private static NDArray Filled(Shape shape, double value, DType? dtype) =>
        Ops.Full(shape, value, JaxConfig.Canonical(dtype ?? DType.F64));

    private static NDArray StrongBool(NDArray x) => Promotion.Convert(ToBool(x), DType.Bool);

    private static Shape NonNegative(string caller, int n, int m) =>
        n < 0 || m < 0
            ? throw new JaxArgumentException($"{caller} cannot make a matrix of {n} rows and {m} columns.")
            : new Shape(n, m);

    private static NDArray LowerMask(Shape shape, int k)
    {
        int rank = shape.Rank;
        var rows = Ops.Add(Ops.Iota(DType.I32, shape, rank - 2), Ops.Full(shape, k, DType.I32));
        return Ops.Ge(rows, Ops.Iota(DType.I32, shape, rank - 1));
    }

    private static void RequireMatrix(string caller, NDArray m)
    {
        if (m.Ndim < 2)
        {
            throw new ShapeException($"{caller} needs at least 2 axes; got {m.Type}.");
        }
    }

    private static (NDArray Numbers, NDArray Step) Spaced(
        string caller,
        NDArray start,
        NDArray stop,
        int num,
        bool endpoint,
        DType? dtype,
        int axis
    )
    {
        if (num < 0)
        {
            throw new JaxArgumentException($"{caller} cannot make {num} numbers.");
        }

        var inexact = Promotion.Inexact(Promotion.Result(start, stop).DType);
        var type = JaxConfig.Canonical(dtype ?? inexact);
        var compute = type.IsInexact ? Promotion.Types(type, inexact) : inexact;
        compute = JaxConfig.Canonical(compute);
        var (first, last) = Broadcast(caller, Promotion.Convert(start, compute), Promotion.Convert(stop, compute));
        int intervals = endpoint ? num - 1 : num;
        var shape = first.Shape.Insert(0, num);
        NDArray numbers;
        NDArray step;
        if (num > 1)
        {
            step = Ops.Div(Ops.Sub(last, first), Ops.Like(first, intervals));
            var fractionShape = first.Shape.Insert(0, intervals);
            var real = compute.RealType;
            var fraction = Ops.Div(Ops.Iota(real, fractionShape, 0), Ops.Full(fractionShape, intervals, real));
            fraction = Promotion.Convert(fraction, compute);
            var one = Ops.Like(fraction, 1);
            numbers = Ops.Add(
                Ops.Mul(Broadcasting.To(first, fractionShape, caller), Ops.Sub(one, fraction)),
                Ops.Mul(Broadcasting.To(last, fractionShape, caller), fraction)
            );
            if (endpoint)
            {
                numbers = Ops.Concatenate([numbers, Ops.ExpandDims(last, 0)], 0);
            }
        }
        else
        {
            step = endpoint ? Ops.Like(first, double.NaN) : Ops.Sub(last, first);
            numbers = num == 1 ? Ops.Reshape(first, shape) : Ops.Full(shape, 0, compute);
        }

        if (type.IsInteger && inexact.IsFloating)
        {
            numbers = Ops.Floor(numbers);
        }

        return (MoveAxis(AsType(numbers, type), 0, axis), step);
    }
}
