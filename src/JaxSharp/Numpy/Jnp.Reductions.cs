using System;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp.Numpy;

// Reductions along axes.
public static partial class Jnp
{
    /// <summary>The sum along axes.</summary>
    /// <param name="a">The array.</param>
    /// <param name="axis">The axes to sum over; all by default.</param>
    /// <param name="dtype">The element type of the sum; by default that of the array, small integers and bools widened.</param>
    /// <param name="keepDims">Whether summed axes stay, with extent 1.</param>
    /// <param name="initial">A number to add.</param>
    /// <param name="where">Which elements take part.</param>
    /// <param name="promoteIntegers">Whether small integers widen.</param>
    /// <example><code>
    /// NDArray x = jnp.Array([[1f, 2f], [3f, 4f]]);
    /// jnp.Sum(x);                          // => 10.0
    /// jnp.Sum(x, axis: 0);                 // => [4. 6.]
    /// jnp.Sum(x, axis: 1, keepDims: true); // => [[3.] [7.]]
    /// </code></example>
    public static NDArray Sum(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null,
        bool promoteIntegers = true
    )
    {
        var result = Arithmetic("sum", a, axis, dtype, keepDims, where, promoteIntegers, 0, Ops.ReduceSum);
        return initial is null ? result : Promotion.Convert(Add(result, initial), result.DType);
    }

    /// <summary>The product along axes.</summary>
    /// <inheritdoc cref="Sum"/>
    public static NDArray Prod(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null,
        bool promoteIntegers = true
    )
    {
        var result = Arithmetic("prod", a, axis, dtype, keepDims, where, promoteIntegers, 1, Ops.ReduceProd);
        return initial is null ? result : Promotion.Convert(Multiply(result, initial), result.DType);
    }

    /// <summary>The largest element along axes; NaN wins.</summary>
    /// <exception cref="JaxArgumentException">There are no elements, or <paramref name="where"/> without initial.</exception>
    public static NDArray Max(
        NDArray a,
        Axes axis = default,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => Extreme("max", a, axis, keepDims, initial, where, largest: true);

    /// <inheritdoc cref="Max"/>
    public static NDArray AMax(
        NDArray a,
        Axes axis = default,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => Max(a, axis, keepDims, initial, where);

    /// <summary>The smallest element along axes; NaN wins.</summary>
    /// <exception cref="JaxArgumentException">There are no elements, or <paramref name="where"/> without initial.</exception>
    public static NDArray Min(
        NDArray a,
        Axes axis = default,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => Extreme("min", a, axis, keepDims, initial, where, largest: false);

    /// <inheritdoc cref="Min"/>
    public static NDArray AMin(
        NDArray a,
        Axes axis = default,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => Min(a, axis, keepDims, initial, where);

    /// <summary>The largest element minus the smallest.</summary>
    public static NDArray Ptp(NDArray a, Axes axis = default, bool keepDims = false) =>
        Subtract(Max(a, axis, keepDims), Min(a, axis, keepDims));

    /// <summary>Whether all elements along axes are nonzero.</summary>
    public static NDArray All(NDArray a, Axes axis = default, bool keepDims = false, NDArray? where = null) =>
        Truth("all", a, axis, keepDims, where, true);

    /// <summary>Whether an element along axes is nonzero.</summary>
    public static NDArray Any(NDArray a, Axes axis = default, bool keepDims = false, NDArray? where = null) =>
        Truth("any", a, axis, keepDims, where, false);

    /// <summary>The number of nonzero elements along axes.</summary>
    public static NDArray CountNonzero(NDArray a, Axes axis = default, bool keepDims = false) =>
        Sum(Promotion.Convert(ToBool(a), Ops.IndexType), axis, Ops.IndexType, keepDims);

    /// <summary>The mean along axes; of integers a float.</summary>
    /// <example><code>jnp.Mean(jnp.Array([[1f, 2f], [3f, 4f]]), axis: 0); // => [2. 3.]</code></example>
    public static NDArray Mean(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? where = null
    )
    {
        Argument.Given(a);
        var type = JaxConfig.Canonical(dtype ?? Promotion.Inexact(a.DType));
        int[] axes = axis.Resolve(a.Ndim, "mean");
        var compute = Accumulation(type);
        var total = Sum(a, axes, compute.IsInexact ? compute : DType.F32, keepDims, where: where);
        NDArray count = where is null
            ? Ops.Like(total, axes.Aggregate(1.0, (size, at) => size * a.Shape[at]))
            : Sum(Broadcasting.To(ToBool(where), a.Shape, "mean"), axes, total.DType, keepDims);
        return AsType(Divide(total, count), type);
    }

    /// <summary>The variance along axes: the mean squared distance from the mean, divided by n − ddof.</summary>
    public static NDArray Var(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        int ddof = 0,
        bool keepDims = false,
        NDArray? where = null,
        NDArray? mean = null,
        double? correction = null
    )
    {
        Argument.Given(a);
        if (correction is not null && ddof != 0)
        {
            throw new JaxArgumentException($"var got both ddof={ddof} and correction={correction}; give one of them.");
        }

        if (dtype is { IsComplex: false } && a.DType.IsComplex)
        {
            throw new DTypeException(
                $"var of {a.Type} cannot have the real dtype {dtype}; leave it out or use Jnp.Real."
            );
        }

        int[] axes = axis.Resolve(a.Ndim, "var");
        return where is null && mean is null
            ? Fused.Call(
                "var",
                $"{string.Join(',', axes)};{dtype};{ddof};{keepDims};{correction}",
                args => Variance(args[0], axes, dtype, correction ?? ddof, keepDims, null, null),
                a
            )
            : Variance(a, axes, dtype, correction ?? ddof, keepDims, where, mean);
    }

    private static NDArray Variance(
        NDArray a,
        int[] axes,
        DType? dtype,
        double shift,
        bool keepDims,
        NDArray? where,
        NDArray? mean
    )
    {
        var type = JaxConfig.Canonical(dtype ?? Promotion.Inexact(a.DType));
        var compute = Accumulation(Promotion.Types(type, Promotion.Inexact(a.DType)));
        var x = Promotion.Convert(a, compute);
        var center = mean is null ? Mean(x, axes, compute, true, where) : Promotion.Convert(mean, compute);
        var centered = Ops.Sub(x, Broadcasting.To(center, x.Shape, "var"));
        var squares = compute.IsComplex ? Ops.Real(Ops.Mul(centered, Ops.Conj(centered))) : Ops.IntegerPow(centered, 2);
        var total = Sum(squares, axes, squares.DType, keepDims, where: where);
        NDArray count = where is null
            ? Ops.Like(total, axes.Aggregate(1.0, (size, at) => size * a.Shape[at]) - shift)
            : Ops.Sub(
                Sum(Broadcasting.To(ToBool(where), a.Shape, "var"), axes, total.DType, keepDims),
                Ops.Like(total, shift)
            );
        var result = Ops.Select(Ops.Gt(count, Ops.Like(count, 0)), Ops.Div(total, count), Ops.Like(total, double.NaN));
        return AsType(result, type.RealType);
    }

    /// <summary>The standard deviation along axes: the square root of <see cref="Var"/>.</summary>
    public static NDArray Std(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        int ddof = 0,
        bool keepDims = false,
        NDArray? where = null,
        NDArray? mean = null,
        double? correction = null
    )
    {
        Argument.Given(a);
        var type = JaxConfig.Canonical(dtype ?? Promotion.Inexact(a.DType));
        var variance = Var(
            a,
            axis,
            dtype is null ? Accumulation(type) : dtype,
            ddof,
            keepDims,
            where,
            mean,
            correction
        );
        return AsType(Sqrt(variance), type.RealType);
    }

    /// <summary>The mean along axes weighted by numbers per element or per place of the axis.</summary>
    public static NDArray Average(NDArray a, Axes axis = default, NDArray? weights = null, bool keepDims = false) =>
        WeightedMean(Argument.Given(a), axis, weights, keepDims).Mean;

    /// <summary>The weighted mean and the sum of the weights.</summary>
    public static (NDArray Average, NDArray SumOfWeights) Average(
        NDArray a,
        bool returned,
        Axes axis = default,
        NDArray? weights = null,
        bool keepDims = false
    )
    {
        Argument.Given(a);
        var (mean, total) = WeightedMean(a, axis, weights, keepDims);
        return (mean, Broadcasting.To(total, mean.Shape, "average"));
    }

    /// <summary>The place of the largest element along an axis, in flat order without one; NaN and then the first win.</summary>
    public static NDArray ArgMax(NDArray a, int? axis = null, bool keepDims = false) =>
        ArgExtreme("argmax", a, axis, keepDims, Ops.ArgMax);

    /// <summary>The place of the smallest element along an axis, in flat order without one; NaN and then the first win.</summary>
    public static NDArray ArgMin(NDArray a, int? axis = null, bool keepDims = false) =>
        ArgExtreme("argmin", a, axis, keepDims, Ops.ArgMin);

    /// <summary>The sum of all elements up to each place along an axis, in flat order without one.</summary>
    public static NDArray CumSum(NDArray a, int? axis = null, DType? dtype = null) =>
        Cumulative("cumsum", a, axis, dtype, Ops.CumSum);

    /// <summary>The product of all elements up to each place along an axis, in flat order without one.</summary>
    public static NDArray CumProd(NDArray a, int? axis = null, DType? dtype = null) =>
        Cumulative("cumprod", a, axis, dtype, Ops.CumProd);

    /// <summary>The running sum along an axis, optionally with a 0 in front.</summary>
    public static NDArray CumulativeSum(
        NDArray x,
        int? axis = null,
        DType? dtype = null,
        bool includeInitial = false
    ) => WithInitial("cumulative_sum", Argument.Given(x), axis, dtype, includeInitial, 0, Ops.CumSum);

    /// <summary>The running product along an axis, optionally with a 1 in front.</summary>
    public static NDArray CumulativeProd(
        NDArray x,
        int? axis = null,
        DType? dtype = null,
        bool includeInitial = false
    ) => WithInitial("cumulative_prod", Argument.Given(x), axis, dtype, includeInitial, 1, Ops.CumProd);

    private static DType Widened(DType dtype) =>
        dtype.IsBool || dtype.IsSigned
            ? Promotion.Types(dtype.IsBool ? DType.I8 : dtype, JaxConfig.Canonical(DType.I64))
        : dtype.IsUnsigned ? Promotion.Types(dtype, JaxConfig.Canonical(DType.U64))
        : dtype;

    /// <summary>The type in which sums of a type are accumulated.</summary>
    private static DType Accumulation(DType dtype) => dtype.IsFloating && dtype.Size == 2 ? DType.F32 : dtype;

    private static NDArray Arithmetic(
        string caller,
        NDArray a,
        Axes axis,
        DType? dtype,
        bool keepDims,
        NDArray? where,
        bool promoteIntegers,
        double identity,
        Func<NDArray, int[], NDArray> reduce
    )
    {
        int[] axes = axis.Resolve(Argument.Given(a, nameof(a), caller).Ndim, caller);
        var type = JaxConfig.Canonical(dtype ?? (promoteIntegers || a.DType.IsBool ? Widened(a.DType) : a.DType));
        if (type.IsBool)
        {
            var truth = identity == 0 ? Any(a, axes, keepDims, where) : All(a, axes, keepDims, where);
            return truth;
        }

        var x = AsType(a, Accumulation(type));
        if (where is not null)
        {
            x = Ops.Select(Broadcasting.To(ToBool(where), x.Shape, caller), x, Ops.Like(x, identity));
        }

        return AsType(Keep(reduce(x, axes), a, axes, keepDims), type);
    }

    private static NDArray Extreme(
        string caller,
        NDArray a,
        Axes axis,
        bool keepDims,
        NDArray? initial,
        NDArray? where,
        bool largest
    )
    {
        int[] axes = axis.Resolve(Argument.Given(a, nameof(a), caller).Ndim, caller);
        if (initial is null && where is not null)
        {
            throw new JaxArgumentException(
                $"{caller} with where needs initial: the result where no element takes part."
            );
        }

        if (initial is null && axes.Any(at => a.Shape[at] == 0))
        {
            throw new JaxArgumentException(
                $"{caller} of {a.Type} along axes ({string.Join(",", axes)}) has no elements to choose from. Give initial."
            );
        }

        a = Promotion.Convert(a, a.DType);
        if (where is not null)
        {
            var outside = Broadcasting.To(Promotion.Convert(initial!, a.DType), a.Shape, caller);
            a = Ops.Select(Broadcasting.To(ToBool(where), a.Shape, caller), a, outside);
        }

        NDArray result;
        if (a.DType.IsBool)
        {
            result = largest ? Ops.ReduceOr(a, axes) : Ops.ReduceAnd(a, axes);
        }
        else
        {
            result = largest ? Ops.ReduceMax(a, axes) : Ops.ReduceMin(a, axes);
        }

        result = Keep(result, a, axes, keepDims);
        if (initial is null)
        {
            return result;
        }

        var start = Promotion.Convert(initial, a.DType);
        return largest ? Maximum(result, start) : Minimum(result, start);
    }

    private static NDArray Truth(string caller, NDArray a, Axes axis, bool keepDims, NDArray? where, bool identity)
    {
        int[] axes = axis.Resolve(Argument.Given(a, nameof(a), caller).Ndim, caller);
        var x = StrongBool(a);
        if (where is not null)
        {
            x = Ops.Select(Broadcasting.To(ToBool(where), x.Shape, caller), x, Ops.Like(x, identity ? 1 : 0));
        }

        return Keep(identity ? Ops.ReduceAnd(x, axes) : Ops.ReduceOr(x, axes), a, axes, keepDims);
    }

    private static NDArray Keep(NDArray reduced, NDArray a, int[] axes, bool keepDims) =>
        keepDims
            ? Ops.Reshape(reduced, new Shape([.. a.Shape.Select((extent, at) => axes.Contains(at) ? 1 : extent)]))
            : reduced;

    private static NDArray ArgExtreme(
        string caller,
        NDArray a,
        int? axis,
        bool keepDims,
        Func<NDArray, int, DType, NDArray> find
    )
    {
        RefuseComplex(caller, a);
        int rank = a.Ndim;
        var x = axis is null ? Ravel(a) : a;
        int at = axis is { } given ? Axes.Normalize(given, rank, caller) : 0;
        if (x.Shape[at] == 0)
        {
            throw new JaxArgumentException($"{caller} of {a.Type} has no elements to choose from.");
        }

        if (x.DType.IsBool)
        {
            x = Promotion.Convert(x, DType.U8);
        }

        var result = find(x, at, Ops.IndexType);
        return !keepDims ? result
            : axis is null ? Ops.Reshape(result, new Shape([.. Enumerable.Repeat(1, rank)]))
            : Ops.ExpandDims(result, at);
    }

    private static NDArray Cumulative(
        string caller,
        NDArray a,
        int? axis,
        DType? dtype,
        Func<NDArray, int, NDArray> accumulate
    )
    {
        Argument.Given(a, nameof(a), caller);
        var type = JaxConfig.Canonical(dtype ?? (a.DType.IsBool ? Ops.IndexType : a.DType));
        if (axis is null)
        {
            a = Ravel(a);
        }

        int at = Axes.Normalize(axis ?? 0, a.Ndim, caller);
        var x = AsType(a, type.IsBool ? DType.I32 : type);
        return AsType(x.Shape[at] == 0 ? x : accumulate(x, at), type);
    }

    private static NDArray WithInitial(
        string caller,
        NDArray x,
        int? axis,
        DType? dtype,
        bool includeInitial,
        double initial,
        Func<NDArray, int, NDArray> accumulate
    )
    {
        if (x.Ndim == 0)
        {
            throw new ShapeException($"{caller} needs at least one axis; got {x.Type}.");
        }

        if (axis is null && x.Ndim > 1)
        {
            throw new AxisException($"{caller} of {x.Type} needs an axis.");
        }

        int at = Axes.Normalize(axis ?? 0, x.Ndim, caller);
        var result = Cumulative(
            caller,
            x,
            at,
            dtype ?? (x.DType.IsInexact || initial == 1 ? null : Widened(x.DType)),
            accumulate
        );
        return includeInitial
            ? Ops.Concatenate([Ops.Full(x.Shape.With(at, 1), initial, result.DType), result], at)
            : result;
    }

    private static (NDArray Mean, NDArray Weights) WeightedMean(NDArray a, Axes axis, NDArray? weights, bool keepDims)
    {
        if (weights is null)
        {
            var plain = Mean(a, axis, keepDims: keepDims);
            double count = axis.Resolve(a.Ndim, "average").Aggregate(1.0, (size, at) => size * a.Shape[at]);
            return (plain, Ops.Full(plain.Shape, count, plain.DType));
        }

        var promoted = Promotion.PromoteInexact(a, weights);
        var (x, w) = (promoted[0], promoted[1]);
        if (w.Shape != x.Shape)
        {
            int[] axes = axis.IsNone
                ? throw new ShapeException(
                    $"average needs an axis where weights {w.Type} and array {a.Type} differ in shape."
                )
                : axis.Resolve(a.Ndim, "average");
            if (w.Ndim != axes.Length || axes.Where((at, i) => x.Shape[at] != w.Shape[i]).Any())
            {
                throw new ShapeException(
                    $"average needs weights that fit axis {axis} of {a.Type}; got {weights.Type}."
                );
            }

            int[] order = [.. Enumerable.Range(0, axes.Length).OrderBy(i => axes[i])];
            int[] extents = [.. x.Shape.Select((extent, at) => axes.Contains(at) ? extent : 1)];
            w = Broadcasting.To(Ops.Reshape(Ops.Transpose(w, order), extents), x.Shape, "average");
        }

        var total = Sum(w, axis, keepDims: keepDims);
        return (Divide(Sum(Multiply(x, w), axis, keepDims: keepDims), total), total);
    }
}
