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
    private readonly Func<NDArray, Axes, NDArray>? reduce;
    private readonly double? identity;

    internal Ufunc(
        string name,
        Func<NDArray, NDArray, NDArray> function,
        double? identity = null,
        Func<NDArray, Axes, NDArray>? reduce = null
    )
    {
        this.name = name;
        this.function = function;
        this.identity = identity;
        this.reduce = reduce;
    }

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
        if (a.Ndim == 0)
        {
            throw new ShapeException($"{name}.reduce needs at least one axis; got {a.Type}.");
        }

        int rank = a.Ndim;
        var x = dtype is null ? a : Jnp.AsType(a, dtype);
        int at = axis is { } given ? Axes.Normalize(given, rank, name + ".reduce") : 0;
        NDArray? start = initial ?? (identity is { } neutral ? (NDArray)neutral : null);
        if (where is not null)
        {
            var outside =
                (identity is { } unit ? (NDArray)unit : initial)
                ?? throw new JaxArgumentException($"{name}.reduce with where needs initial.");
            x = Jnp.Where(where, x, Promotion.Convert(outside, x.DType));
        }

        if (axis is null)
        {
            x = Jnp.Ravel(x);
        }

        NDArray result;
        if (reduce is not null)
        {
            result = reduce(x, at);
        }
        else
        {
            int n = x.Shape[at];
            if (n == 0)
            {
                result = Jnp.Full(x.Shape.Without(at), start ?? throw NoElements(a), x.DType);
            }
            else
            {
                result = Ops.At(x, at, 0);
                for (int i = 1; i < n; i++)
                {
                    result = function(result, Ops.At(x, at, i));
                }
            }
        }

        if (initial is not null)
        {
            result = Promotion.Convert(function(Promotion.Convert(initial, result.DType), result), result.DType);
        }

        return !keepDims ? result
            : axis is null ? Jnp.Reshape(result, new Dims([.. Enumerable.Repeat(1, rank)]))
            : Ops.ExpandDims(result, at);
    }

    /// <summary>The results of combining the elements up to each place of an axis.</summary>
    public NDArray Accumulate(NDArray a, int axis = 0, DType? dtype = null)
    {
        if (a.Ndim == 0)
        {
            throw new ShapeException($"{name}.accumulate needs at least one axis; got {a.Type}.");
        }

        var x = dtype is null ? a : Jnp.AsType(a, dtype);
        int at = Axes.Normalize(axis, x.Ndim, name + ".accumulate");
        int n = x.Shape[at];
        if (n == 0)
        {
            return x;
        }

        var parts = new NDArray[n];
        parts[0] = Ops.At(x, at, 0);
        for (int i = 1; i < n; i++)
        {
            parts[i] = function(parts[i - 1], Ops.At(x, at, i));
        }

        return Jnp.Stack(parts, at);
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

        return Jnp.Stack(parts, at);
    }

    private JaxArgumentException NoElements(NDArray a) =>
        new($"{name}.reduce of {a.Type} has no elements to combine. Give initial.");
}

/// <summary>The functions of two elements as objects with the methods of NumPy's universal functions.</summary>
public static class Ufuncs
{
    /// <summary>The sum.</summary>
    public static Ufunc Add { get; } = new("add", Jnp.Add, 0, (x, axis) => Jnp.Sum(x, axis));

    /// <summary>The difference.</summary>
    public static Ufunc Subtract { get; } = new("subtract", Jnp.Subtract);

    /// <summary>The product.</summary>
    public static Ufunc Multiply { get; } = new("multiply", Jnp.Multiply, 1, (x, axis) => Jnp.Prod(x, axis));

    /// <summary>The quotient.</summary>
    public static Ufunc Divide { get; } = new("divide", Jnp.Divide);

    /// <summary>The power.</summary>
    public static Ufunc Power { get; } = new("power", Jnp.Power);

    /// <summary>The larger element.</summary>
    public static Ufunc Maximum { get; } = new("maximum", Jnp.Maximum, null, (x, axis) => Jnp.Max(x, axis));

    /// <summary>The smaller element.</summary>
    public static Ufunc Minimum { get; } = new("minimum", Jnp.Minimum, null, (x, axis) => Jnp.Min(x, axis));

    /// <summary>Logical and.</summary>
    public static Ufunc LogicalAnd { get; } = new("logical_and", Jnp.LogicalAnd, 1, (x, axis) => Jnp.All(x, axis));

    /// <summary>Logical or.</summary>
    public static Ufunc LogicalOr { get; } = new("logical_or", Jnp.LogicalOr, 0, (x, axis) => Jnp.Any(x, axis));

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
}
