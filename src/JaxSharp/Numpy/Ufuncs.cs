using System;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

/// <summary>A function of two elements with the methods of NumPy's universal functions.</summary>
/// <example><code>
/// Ufuncs.Add.Reduce(jnp.Array([1, 2, 3]));                    // => 6
/// Ufuncs.Multiply.Outer(jnp.Array([1, 2]), jnp.Array([3, 4])); // => [[3 4] [6 8]]
/// </code></example>
public sealed class Ufunc
{
    private readonly string name;
    private readonly Func<NDArray, NDArray, NDArray> function;
    private readonly Reduction? reduce;
    private readonly Func<NDArray, int, DType?, NDArray>? accumulate;
    private readonly double? identity;

    internal Ufunc(
        string name,
        Func<NDArray, NDArray, NDArray> function,
        double? identity = null,
        Reduction? reduce = null,
        Func<NDArray, int, DType?, NDArray>? accumulate = null
    )
    {
        this.name = name;
        this.function = function;
        this.identity = identity;
        this.reduce = reduce;
        this.accumulate = accumulate;
    }

    /// <summary>Combines elements along axes in one step instead of one after the other.</summary>
    internal delegate NDArray Reduction(
        NDArray x,
        Axes axis,
        DType? dtype,
        bool keepDims,
        NDArray? initial,
        NDArray? where
    );

    /// <summary>The function itself.</summary>
    public NDArray Invoke(NDArray x, NDArray y) => function(x, y);

    /// <summary>The elements along an axis combined, from the first to the last.</summary>
    /// <param name="a">The array.</param>
    /// <param name="axis">The axis, the first by default; null for all elements in flat order.</param>
    /// <param name="dtype">The element type to compute in.</param>
    /// <param name="keepDims">Whether the axis stays, with extent 1.</param>
    /// <param name="initial">What to combine with first.</param>
    /// <param name="where">Which elements take part; needs an identity or initial.</param>
    public NDArray Reduce(
        NDArray a,
        int? axis = 0,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    )
    {
        if (where is not null && identity is null && initial is null)
        {
            throw new JaxArgumentException(
                $"{name}.reduce with where needs initial: the result where no element takes part."
            );
        }

        if (where is { DType.IsBool: false })
        {
            throw new DTypeException($"{name}.reduce needs bools as where; got {where.Type}.");
        }

        int? at = axis is { } given ? Axes.Normalize(given, a.Ndim, name + ".reduce") : null;
        return reduce is not null
            ? reduce(a, at, dtype, keepDims, initial, where)
            : InTurn(a, at, dtype, keepDims, initial, where);
    }

    /// <summary>The results of combining the elements up to each place of an axis.</summary>
    public NDArray Accumulate(NDArray a, int axis = 0, DType? dtype = null)
    {
        int at = Axes.Normalize(axis, a.Ndim, name + ".accumulate");
        if (accumulate is not null)
        {
            return accumulate(a, at, dtype);
        }

        var x = Jnp.AsType(a, dtype ?? ResultType(a));
        if (x.Size == 0)
        {
            return x;
        }

        x = Jnp.MoveAxis(x, at, 0);
        var first = Ops.At(x, 0, 0);
        var (_, rest) = Lax.Scan(Step, first, Ops.SliceAxis(x, 0, 1, x.Shape[0]));
        return Jnp.MoveAxis(Ops.Concatenate([Ops.ExpandDims(first, 0), rest], 0), 0, at);

        (NDArray Carry, NDArray Y) Step(NDArray sofar, NDArray element)
        {
            var next = Jnp.AsType(function(sofar, element), x.DType);
            return (next, next);
        }
    }

    /// <summary>The function of every element of one array with every element of another.</summary>
    public NDArray Outer(NDArray a, NDArray b)
    {
        var left = Ops.Reshape(a, new Shape([.. a.Shape, .. Enumerable.Repeat(1, b.Ndim)]));
        return function(left, b);
    }

    /// <summary>The array with the function applied at places: <c>a[i] = f(a[i], b)</c>, one after the other.</summary>
    public NDArray At(NDArray a, ArrayIndex indices, NDArray b)
    {
        switch (name)
        {
            case "add":
                return a.At[indices].Add(b);
            case "subtract":
                return a.At[indices].Subtract(b);
            case "multiply":
                return a.At[indices].Multiply(b);
            case "minimum":
                return a.At[indices].Min(b);
            case "maximum":
                return a.At[indices].Max(b);
            default:
                break;
        }

        if (indices.Array is not { } places)
        {
            return a.At[indices].Set(function(a[indices], b));
        }

        var flat = Jnp.Ravel(places);
        var values = Broadcasting.To(b, new Shape([.. places.Shape, .. a.Shape.ToArray()[1..]]), name + ".at");
        values = Ops.Reshape(values, new Shape([.. flat.Shape, .. a.Shape.ToArray()[1..]]));
        for (int i = 0; i < flat.Shape[0]; i++)
        {
            var place = flat[i];
            a = a.At[place].Set(function(a[place], values[i]));
        }

        return a;
    }

    /// <summary>The elements of stretches of an axis combined: stretch i runs from index i up to the next index.</summary>
    public NDArray ReduceAt(NDArray a, NDArray indices, int axis = 0, DType? dtype = null)
    {
        if (indices.Ndim != 1 || !indices.DType.IsInteger)
        {
            throw new ShapeException($"{name}.reduceat needs a vector of integers as indices; got {indices.Type}.");
        }

        var places = Ops.Concrete(indices, name + ".reduceat", "Its stretches depend on the indices: give C# numbers.");
        var x = dtype is null ? a : Jnp.AsType(a, dtype);
        int at = Axes.Normalize(axis, x.Ndim, name + ".reduceat");
        int n = x.Shape[at];
        var parts = new NDArray[indices.Size];
        for (int i = 0; i < parts.Length; i++)
        {
            int start = (int)places.ItemInt(i);
            int stop = i + 1 < parts.Length ? (int)places.ItemInt(i + 1) : n;
            if (start < 0 || start >= n)
            {
                throw new ArrayIndexException($"{name}.reduceat got the index {start} for an axis of extent {n}.");
            }

            parts[i] = Reduce(Ops.SliceAxis(x, at, start, Math.Max(stop, start + 1)), at);
        }

        return parts.Length > 0
            ? Jnp.Stack(parts, at)
            : Jnp.Zeros(x.Shape.With(at, 0), Reduce(Jnp.Ones(1, x.DType)).DType);
    }

    // The type of results, as one pair of elements shows it.
    private DType ResultType(NDArray a)
    {
        var one = Ops.Full(Shape.Scalar, 1, a.DType, a.WeakType);
        return function(one, one).DType;
    }

    private NDArray InTurn(NDArray a, int? axis, DType? dtype, bool keepDims, NDArray? initial, NDArray? where)
    {
        var type = dtype ?? ResultType(a);
        var x = Jnp.AsType(a, type);
        var mask = where is null ? null : Broadcasting.To(where, a.Shape, name + ".reduce");
        (x, mask) = axis is { } at
            ? (Jnp.MoveAxis(x, at, 0), mask is null ? null : Jnp.MoveAxis(mask, at, 0))
            : (Jnp.Ravel(x), mask is null ? null : Jnp.Ravel(mask));
        var shape = x.Shape.Without(0);
        NDArray start;
        // The integer −1 has all bits set in every integer type.
        NDArray? neutral =
            identity is not { } unit ? null
            : double.IsInteger(unit) ? (NDArray)(int)unit
            : unit;
        if ((initial ?? neutral) is { } given)
        {
            start = Broadcasting.To(Jnp.AsType(given, type), shape, name + ".reduce");
        }
        else if (x.Shape[0] > 0)
        {
            start = Ops.At(x, 0, 0);
            x = Ops.SliceAxis(x, 0, 1, x.Shape[0]);
        }
        else
        {
            throw new JaxArgumentException($"{name}.reduce of {a.Type} has no elements to combine. Give initial.");
        }

        var result = mask is null
            ? Lax.Scan((sofar, element) => (Next(sofar, element), Ops.Full(0, 0, type)), start, x).Carry
            : Lax.Scan(
                (NDArray sofar, (NDArray Element, NDArray Counts) one) =>
                    (Ops.Select(one.Counts, Next(sofar, one.Element), sofar), Ops.Full(0, 0, type)),
                start,
                (x, mask)
            ).Carry;
        return !keepDims ? result
            : axis is { } kept ? Ops.ExpandDims(result, kept)
            : Jnp.Reshape(result, new Dims([.. Enumerable.Repeat(1, a.Ndim)]));

        NDArray Next(NDArray sofar, NDArray element) => Jnp.AsType(function(sofar, element), type);
    }
}

/// <summary>The functions of two elements as objects with the methods of NumPy's universal functions.</summary>
public static class Ufuncs
{
    /// <summary>The sum.</summary>
    public static Ufunc Add { get; } =
        new(
            "add",
            Jnp.Add,
            0,
            (x, axis, dtype, keep, initial, where) => Jnp.Sum(x, axis, dtype, keep, initial, where),
            (x, axis, dtype) => Jnp.CumSum(x, axis, dtype)
        );

    /// <summary>The difference.</summary>
    public static Ufunc Subtract { get; } = new("subtract", Jnp.Subtract);

    /// <summary>The product.</summary>
    public static Ufunc Multiply { get; } =
        new(
            "multiply",
            Jnp.Multiply,
            1,
            (x, axis, dtype, keep, initial, where) => Jnp.Prod(x, axis, dtype, keep, initial, where),
            (x, axis, dtype) => Jnp.CumProd(x, axis, dtype)
        );

    /// <summary>The quotient.</summary>
    public static Ufunc Divide { get; } = new("divide", Jnp.Divide);

    /// <summary>The power.</summary>
    public static Ufunc Power { get; } = new("power", Jnp.Power);

    /// <summary>The larger element.</summary>
    public static Ufunc Maximum { get; } =
        new(
            "maximum",
            Jnp.Maximum,
            null,
            (x, axis, dtype, keep, initial, where) => Jnp.Max(Typed(x, dtype), axis, keep, initial, where)
        );

    /// <summary>The smaller element.</summary>
    public static Ufunc Minimum { get; } =
        new(
            "minimum",
            Jnp.Minimum,
            null,
            (x, axis, dtype, keep, initial, where) => Jnp.Min(Typed(x, dtype), axis, keep, initial, where)
        );

    /// <summary>Logical and.</summary>
    public static Ufunc LogicalAnd { get; } =
        new(
            "logical_and",
            Jnp.LogicalAnd,
            1,
            (x, axis, dtype, keep, initial, where) =>
                With(Jnp.LogicalAnd, Jnp.All(x, axis, keep, where), initial, dtype)
        );

    /// <summary>Logical or.</summary>
    public static Ufunc LogicalOr { get; } =
        new(
            "logical_or",
            Jnp.LogicalOr,
            0,
            (x, axis, dtype, keep, initial, where) => With(Jnp.LogicalOr, Jnp.Any(x, axis, keep, where), initial, dtype)
        );

    /// <summary>Logical exclusive or.</summary>
    public static Ufunc LogicalXor { get; } = new("logical_xor", Jnp.LogicalXor, 0);

    /// <summary>Bitwise and.</summary>
    public static Ufunc BitwiseAnd { get; } = new("bitwise_and", Jnp.BitwiseAnd, -1);

    /// <summary>Bitwise or.</summary>
    public static Ufunc BitwiseOr { get; } = new("bitwise_or", Jnp.BitwiseOr, 0);

    /// <summary>Bitwise exclusive or.</summary>
    public static Ufunc BitwiseXor { get; } = new("bitwise_xor", Jnp.BitwiseXor, 0);

    /// <summary>log(eˣ + eʸ).</summary>
    public static Ufunc LogAddExp { get; } = new("logaddexp", Jnp.LogAddExp, double.NegativeInfinity);

    /// <summary>log₂(2ˣ + 2ʸ).</summary>
    public static Ufunc LogAddExp2 { get; } = new("logaddexp2", Jnp.LogAddExp2, double.NegativeInfinity);

    private static NDArray Typed(NDArray x, DType? dtype) => dtype is null ? x : Jnp.AsType(x, dtype);

    private static NDArray With(
        Func<NDArray, NDArray, NDArray> function,
        NDArray result,
        NDArray? initial,
        DType? dtype
    ) => Typed(initial is null ? result : function(initial, result), dtype);
}
