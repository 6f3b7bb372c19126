using System;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Order statistics, and reductions that leave NaN out.
public static partial class Jnp
{
    /// <summary>The middle element along axes, or the mean of the two in the middle.</summary>
    public static NDArray Median(NDArray a, Axes axis = default, bool overwriteInput = false, bool keepDims = false) =>
        Quantiles("median", a, 0.5, axis, "midpoint", keepDims, false);

    /// <summary>The elements below which given fractions lie.</summary>
    /// <param name="a">The array.</param>
    /// <param name="q">Fractions in [0, 1]: a scalar or a vector, whose axis comes first in the result.</param>
    /// <param name="axis">The axes; all by default.</param>
    /// <param name="overwriteInput">Accepted for likeness.</param>
    /// <param name="method">"linear", "lower", "higher", "midpoint", "nearest" or "inverted_cdf".</param>
    /// <param name="keepDims">Whether reduced axes stay, with extent 1.</param>
    /// <param name="weights">
    /// How much each element counts, for "inverted_cdf" only: of the shape of the array, or a vector along the one axis.
    /// </param>
    /// <exception cref="JaxArgumentException">There is no such method, or it takes no weights.</exception>
    /// <exception cref="ShapeException">The weights do not fit.</exception>
    public static NDArray Quantile(
        NDArray a,
        NDArray q,
        Axes axis = default,
        bool overwriteInput = false,
        string method = "linear",
        bool keepDims = false,
        NDArray? weights = null
    ) => Quantiles("quantile", a, q, axis, method, keepDims, false, weights);

    /// <summary>The elements below which given percentages lie; see <see cref="Quantile"/>.</summary>
    public static NDArray Percentile(
        NDArray a,
        NDArray q,
        Axes axis = default,
        bool overwriteInput = false,
        string method = "linear",
        bool keepDims = false,
        NDArray? weights = null
    ) => Quantiles("percentile", a, Fraction(a, q), axis, method, keepDims, false, weights);

    /// <summary><see cref="Median"/> without the NaN elements.</summary>
    public static NDArray NanMedian(
        NDArray a,
        Axes axis = default,
        bool overwriteInput = false,
        bool keepDims = false
    ) => Quantiles("nanmedian", a, 0.5, axis, "midpoint", keepDims, true);

    /// <summary><see cref="Quantile"/> without the NaN elements.</summary>
    public static NDArray NanQuantile(
        NDArray a,
        NDArray q,
        Axes axis = default,
        bool overwriteInput = false,
        string method = "linear",
        bool keepDims = false,
        NDArray? weights = null
    ) => Quantiles("nanquantile", a, q, axis, method, keepDims, true, weights);

    /// <summary><see cref="Percentile"/> without the NaN elements.</summary>
    public static NDArray NanPercentile(
        NDArray a,
        NDArray q,
        Axes axis = default,
        bool overwriteInput = false,
        string method = "linear",
        bool keepDims = false,
        NDArray? weights = null
    ) => Quantiles("nanpercentile", a, Fraction(a, q), axis, method, keepDims, true, weights);

    /// <summary>The sum of the elements that are not NaN.</summary>
    public static NDArray NanSum(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => Sum(WithoutNan(Argument.Given(a), 0), axis, dtype, keepDims, initial, where);

    /// <summary>The product of the elements that are not NaN.</summary>
    public static NDArray NanProd(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => Prod(WithoutNan(Argument.Given(a), 1), axis, dtype, keepDims, initial, where);

    /// <summary>The largest element that is not NaN; NaN where all are.</summary>
    public static NDArray NanMax(
        NDArray a,
        Axes axis = default,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => NanExtreme(Argument.Given(a), axis, keepDims, initial, where, double.NegativeInfinity, Max);

    /// <summary>The smallest element that is not NaN; NaN where all are.</summary>
    public static NDArray NanMin(
        NDArray a,
        Axes axis = default,
        bool keepDims = false,
        NDArray? initial = null,
        NDArray? where = null
    ) => NanExtreme(Argument.Given(a), axis, keepDims, initial, where, double.PositiveInfinity, Min);

    /// <summary>The mean of the elements that are not NaN.</summary>
    public static NDArray NanMean(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        bool keepDims = false,
        NDArray? where = null
    )
    {
        Argument.Given(a);
        if (!a.DType.IsInexact)
        {
            return Mean(a, axis, dtype, keepDims, where);
        }

        var type = JaxConfig.Canonical(dtype ?? a.DType);
        var compute = Accumulation(type);
        var numbers = Ops.Not(IsNan(a));
        if (where is not null)
        {
            numbers = Ops.And(numbers, Broadcasting.To(ToBool(where), a.Shape, "nanmean"));
        }

        var count = Sum(numbers, axis, compute, keepDims);
        var total = Sum(Ops.Select(numbers, a, Ops.Like(a, 0)), axis, compute, keepDims);
        return AsType(Divide(total, count), type);
    }

    /// <summary>The variance of the elements that are not NaN.</summary>
    public static NDArray NanVar(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        int ddof = 0,
        bool keepDims = false,
        NDArray? where = null,
        NDArray? mean = null
    )
    {
        Argument.Given(a);
        if (!a.DType.IsInexact)
        {
            return Var(a, axis, dtype, ddof, keepDims, where, mean);
        }

        var type = JaxConfig.Canonical(dtype ?? a.DType);
        var compute = Accumulation(Promotion.Types(type, a.DType));
        int[] axes = axis.Resolve(a.Ndim, "nanvar");
        var x = Promotion.Convert(a, compute);
        var numbers = Ops.Not(IsNan(x));
        if (where is not null)
        {
            numbers = Ops.And(numbers, Broadcasting.To(ToBool(where), a.Shape, "nanvar"));
        }

        var center = mean is null ? NanMean(x, axes, compute, true, where) : Promotion.Convert(mean, compute);
        var centered = Ops.Sub(x, Broadcasting.To(center, x.Shape, "nanvar"));
        centered = Ops.Select(numbers, centered, Ops.Like(centered, 0));
        var squares = compute.IsComplex ? Ops.Real(Ops.Mul(centered, Ops.Conj(centered))) : Ops.IntegerPow(centered, 2);
        var total = Sum(squares, axes, squares.DType, keepDims);
        var count = Ops.Sub(Sum(numbers, axes, total.DType, keepDims), Ops.Like(total, ddof));
        var divisor = Ops.Select(Ops.Le(count, Ops.Like(count, 0)), Ops.Like(count, double.NaN), count);
        return AsType(Ops.Div(total, divisor), type.RealType);
    }

    /// <summary>The standard deviation of the elements that are not NaN.</summary>
    public static NDArray NanStd(
        NDArray a,
        Axes axis = default,
        DType? dtype = null,
        int ddof = 0,
        bool keepDims = false,
        NDArray? where = null,
        NDArray? mean = null
    )
    {
        Argument.Given(a);
        var type = JaxConfig.Canonical(dtype ?? Promotion.Inexact(a.DType));
        var variance = NanVar(a, axis, Accumulation(type), ddof, keepDims, where, mean);
        return AsType(Sqrt(variance), type.RealType);
    }

    /// <summary>The place of the largest element that is not NaN; −1 where all are.</summary>
    public static NDArray NanArgMax(NDArray a, int? axis = null, bool keepDims = false) =>
        NanArgExtreme(Argument.Given(a), axis, keepDims, double.NegativeInfinity, ArgMax);

    /// <summary>The place of the smallest element that is not NaN; −1 where all are.</summary>
    public static NDArray NanArgMin(NDArray a, int? axis = null, bool keepDims = false) =>
        NanArgExtreme(Argument.Given(a), axis, keepDims, double.PositiveInfinity, ArgMin);

    /// <summary>Running sums that count NaN as 0.</summary>
    public static NDArray NanCumSum(NDArray a, int? axis = null, DType? dtype = null) =>
        CumSum(WithoutNan(Argument.Given(a), 0), axis, dtype);

    /// <summary>Running products that count NaN as 1.</summary>
    public static NDArray NanCumProd(NDArray a, int? axis = null, DType? dtype = null) =>
        CumProd(WithoutNan(Argument.Given(a), 1), axis, dtype);

    private static NDArray WithoutNan(NDArray a, double value) =>
        a.DType.IsInexact ? Ops.Select(IsNan(a), Ops.Like(a, value), a) : a;

    private static NDArray Fraction(NDArray a, NDArray q)
    {
        var promoted = Promotion.PromoteInexact(a, q);
        var fraction = promoted[1];
        return Divide(fraction, Ops.Like(fraction, 100));
    }

    private static NDArray NanExtreme(
        NDArray a,
        Axes axis,
        bool keepDims,
        NDArray? initial,
        NDArray? where,
        double outside,
        Func<NDArray, Axes, bool, NDArray?, NDArray?, NDArray> extreme
    )
    {
        if (!a.DType.IsInexact)
        {
            return extreme(a, axis, keepDims, initial, where);
        }

        var result = extreme(WithoutNan(a, outside), axis, keepDims, initial, where);
        if (initial is not null)
        {
            return result;
        }

        return Ops.Select(All(IsNan(a), axis, keepDims), Ops.Like(result, double.NaN), result);
    }

    private static NDArray NanArgExtreme(
        NDArray a,
        int? axis,
        bool keepDims,
        double outside,
        Func<NDArray, int?, bool, NDArray> find
    )
    {
        if (!a.DType.IsInexact)
        {
            return find(a, axis, keepDims);
        }

        var result = find(WithoutNan(a, outside), axis, keepDims);
        var empty = All(IsNan(a), axis, keepDims);
        return Ops.Select(empty, Ops.Like(result, -1), result);
    }

    private static NDArray Quantiles(
        string caller,
        NDArray a,
        NDArray q,
        Axes axis,
        string method,
        bool keepDims,
        bool skipNan,
        NDArray? weights = null
    )
    {
        RefuseComplex(caller, a);
        RefuseComplex(caller, q);
        if (method is not ("linear" or "lower" or "higher" or "midpoint" or "nearest" or "inverted_cdf"))
        {
            throw new JaxArgumentException(
                $"{caller} does not know the method \"{method}\"; it is \"linear\", \"lower\", \"higher\", \"midpoint\", \"nearest\" or "
                    + "\"inverted_cdf\"."
            );
        }

        if (q.Ndim > 1)
        {
            throw new ShapeException($"{caller} needs a scalar or a vector q; got {q.Type}.");
        }

        if (weights is not null && method != "inverted_cdf")
        {
            throw new JaxArgumentException(
                $"{caller} takes weights with the method \"inverted_cdf\" only; got \"{method}\"."
            );
        }

        var promoted = Promotion.PromoteInexact(a, q);
        var (x, fractions) = (promoted[0], promoted[1]);
        int[] axes = axis.Resolve(a.Ndim, caller);
        // The reduced axes become one, the last.
        int[] kept = [.. Enumerable.Range(0, a.Ndim).Where(at => !axes.Contains(at))];
        x = Ops.Transpose(x, [.. kept, .. axes.Order()]);
        int n = (int)axes.Aggregate(1L, (size, at) => size * a.Shape[at]);
        var batch = new Shape([.. kept.Select(at => a.Shape[at])]);
        int last = batch.Rank;
        x = AsRows(x);
        if (n == 0)
        {
            throw new ShapeException($"{caller} of {a.Type} has no elements.");
        }

        NDArray count;
        if (skipNan)
        {
            count = Sum(Ops.Not(IsNan(x)), last, x.DType);
        }
        else
        {
            var anyNan = Broadcasting.To(Any(IsNan(x), last, true), x.Shape, caller);
            x = Ops.Select(anyNan, Ops.Like(x, double.NaN), x);
            count = Ops.Full(batch, n, x.DType);
        }

        var shares = weights is null
            ? null
            : AsRows(Ops.Transpose(WeightsOf(caller, weights, a, axes, x.DType), [.. kept, .. axes.Order()]));
        var operands = shares is null ? Ops.Sort(last, 1, x) : Ops.Sort(last, 1, x, Counted(shares));
        var sorted = operands[0];
        shares = shares is null ? null : CumSum(operands[1], last);
        var result = fractions.Ndim == 0 ? One(fractions) : Stack(System.Array.ConvertAll(Unstack(fractions), One));
        if (keepDims)
        {
            int[] extents = [.. a.Shape.Select((extent, at) => axes.Contains(at) ? 1 : extent)];
            result = Ops.Reshape(result, new Shape([.. q.Shape, .. extents]));
        }

        return Promotion.Convert(result, result.DType);

        NDArray AsRows(NDArray values) => Ops.Reshape(values, batch.Insert(last, n));

        NDArray Counted(NDArray values) => skipNan ? Ops.Select(IsNan(x), Ops.Like(values, 0), values) : values;

        NDArray One(NDArray fraction)
        {
            var f = Broadcasting.To(fraction, batch, caller);
            if (shares is not null)
            {
                // The first element up to which the wanted share of the weights lies; elements without weight do not count.
                var reached = Divide(shares, Ops.SliceAxis(shares, last, n - 1, n));
                var isBelow = LogicalOr(Less(reached, Ops.ExpandDims(f, last)), Equal(shares, 0));
                return At(Sum(isBelow, last, x.DType));
            }

            var top = Ops.Sub(count, Ops.Like(count, 1));
            var position =
                method == "inverted_cdf" ? Ops.Sub(Ops.Ceil(Ops.Mul(f, count)), Ops.Like(count, 1)) : Ops.Mul(f, top);
            var zero = Ops.Like(position, 0);
            var low = Ops.Max(Ops.Min(Ops.Floor(position), top), zero);
            var high = Ops.Max(Ops.Min(Ops.Ceil(position), top), zero);
            var weight = Ops.Sub(position, Ops.Floor(position));
            return method switch
            {
                "linear" => Ops.Add(Ops.Mul(At(low), Ops.Sub(Ops.Like(weight, 1), weight)), Ops.Mul(At(high), weight)),
                "lower" or "inverted_cdf" => At(low),
                "higher" => At(high),
                "midpoint" => Ops.Mul(Ops.Add(At(low), At(high)), Ops.Like(weight, 0.5)),
                _ => Ops.Select(Ops.Le(weight, Ops.Like(weight, 0.5)), At(low), At(high)),
            };
        }

        NDArray At(NDArray place)
        {
            var index = Ops.ExpandDims(Promotion.Convert(place, DType.I32), last);
            return Ops.Squeeze(TakeAlongAxis(sorted, index, last, "clip"), last);
        }
    }

    /// <summary>Weights of the shape of an array, given so or along its one reduced axis.</summary>
    private static NDArray WeightsOf(string caller, NDArray weights, NDArray a, int[] axes, DType dtype)
    {
        if (weights.Shape != a.Shape)
        {
            if (weights.Ndim != 1 || axes.Length != 1 || weights.Shape[0] != a.Shape[axes[0]])
            {
                throw new ShapeException(
                    $"{caller} of {a.Type} got weights {weights.Type}: they need the shape of the array, or to be a vector along one axis."
                );
            }

            int[] extents = [.. Enumerable.Range(0, a.Ndim).Select(at => at == axes[0] ? a.Shape[at] : 1)];
            weights = Broadcasting.To(Ops.Reshape(weights, new Shape(extents)), a.Shape, caller);
        }

        return AsType(weights, dtype);
    }
}
