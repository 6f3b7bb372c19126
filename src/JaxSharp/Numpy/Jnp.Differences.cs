using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Differences, integrals, interpolation and covariance.
public static partial class Jnp
{
    /// <summary>The differences of neighbours along an axis, taken n times.</summary>
    /// <param name="a">The array.</param>
    /// <param name="n">How often.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="prepend">What to put before the axis first; a scalar counts once.</param>
    /// <param name="append">What to put behind it.</param>
    public static NDArray Diff(NDArray a, int n = 1, int axis = -1, NDArray? prepend = null, NDArray? append = null)
    {
        Argument.Given(a);
        if (a.Ndim == 0)
        {
            throw new ShapeException($"diff needs at least one axis; got {a.Type}.");
        }

        if (n < 0)
        {
            throw new JaxArgumentException($"diff got n={n}; it must not be negative.");
        }

        if (n == 0)
        {
            return a;
        }

        int at = Axes.Normalize(axis, a.Ndim, "diff");
        var parts = new List<NDArray>();
        if (prepend is not null)
        {
            parts.Add(Slice(prepend));
        }

        parts.Add(a);
        if (append is not null)
        {
            parts.Add(Slice(append));
        }

        if (parts.Count > 1)
        {
            a = Concatenate(parts, at);
        }

        for (int i = 0; i < n; i++)
        {
            int length = a.Shape[at];
            var next = Ops.SliceAxis(a, at, Math.Min(1, length), length);
            var previous = Ops.SliceAxis(a, at, 0, Math.Max(0, length - 1));
            a = a.DType.IsBool ? Ops.Ne(next, previous) : Ops.Sub(next, previous);
        }

        return a;

        NDArray Slice(NDArray value) => value.Ndim == 0 ? Broadcasting.To(value, a.Shape.With(at, 1), "diff") : value;
    }

    /// <summary>The differences of neighbours in flat order, with elements before and after.</summary>
    public static NDArray EDiff1D(NDArray ary, NDArray? toEnd = null, NDArray? toBegin = null)
    {
        var flat = Ravel(ary);
        var parts = new List<NDArray>();
        if (toBegin is not null)
        {
            parts.Add(Promotion.Convert(Ravel(toBegin), ary.DType));
        }

        parts.Add(Diff(flat));
        if (toEnd is not null)
        {
            parts.Add(Promotion.Convert(Ravel(toEnd), ary.DType));
        }

        return parts.Count == 1 ? parts[0] : Concatenate(parts);
    }

    /// <summary>The derivatives along axes by central differences, one-sided at the ends; one array for each axis.</summary>
    /// <param name="f">The values.</param>
    /// <param name="varargs">
    /// The spacing: nothing (1), one number for all axes, or for each axis a number or a vector of coordinates.
    /// </param>
    /// <param name="axis">The axes; all by default.</param>
    public static NDArray[] Gradient(NDArray f, NDArray[] varargs, Axes axis = default)
    {
        Argument.Given(f);
        Argument.Given(varargs);
        Argument.Given(f);
        int[] axes = axis.Resolve(f.Ndim, "gradient");
        if (varargs.Length > 1 && varargs.Length != axes.Length)
        {
            throw new JaxArgumentException(
                $"gradient needs no spacing, one, or one for each of {axes.Length} axes; got {varargs.Length}."
            );
        }

        return
        [
            .. axes.Select(
                (at, i) => GradientAlong(f, at, varargs.Length == 0 ? 1 : varargs[varargs.Length == 1 ? 0 : i])
            ),
        ];
    }

    /// <summary>The derivatives along several axes by central differences, one-sided at the ends; one array for each axis.</summary>
    /// <param name="f">The values.</param>
    /// <param name="axis">The axes.</param>
    /// <param name="varargs">The spacing along all axes, 1 by default.</param>
    /// <example><code>
    /// NDArray height = jnp.Array(new[,] { { 0f, 1f }, { 4f, 5f } });
    /// var down = jnp.Gradient(height, axis: (0, 1))[0]; // => [[4. 4.] [4. 4.]]
    /// </code></example>
    [OverloadResolutionPriority(-1)]
    public static NDArray[] Gradient(NDArray f, Dims axis, NDArray? varargs = null) =>
        Gradient(Argument.Given(f), varargs is null ? [] : [varargs], axis.ToArray());

    /// <summary>The derivative along one axis by central differences, one-sided at the ends.</summary>
    /// <param name="f">The values.</param>
    /// <param name="varargs">The spacing: a number, 1 by default, or a vector of coordinates.</param>
    /// <param name="axis">The axis; it may be left out where there is one only.</param>
    public static NDArray Gradient(NDArray f, NDArray? varargs = null, int? axis = null)
    {
        Argument.Given(f);
        if (axis is null && f.Ndim != 1)
        {
            throw new JaxArgumentException(
                $"gradient of {f.Type} along several axes gives several arrays: name the axes, as in axis: (0, 1), or one axis; "
                    + "Gradient(f, []) takes all axes."
            );
        }

        return GradientAlong(f, Axes.Normalize(axis ?? 0, f.Ndim, "gradient"), varargs ?? 1);
    }

    /// <summary>The integral by the trapezoidal rule, over coordinates x or steps dx.</summary>
    public static NDArray Trapezoid(NDArray y, NDArray? x = null, NDArray? dx = null, int axis = -1)
    {
        Argument.Given(y);
        int at = Axes.Normalize(axis, y.Ndim, "trapezoid");
        if (y.Shape[at] == 0)
        {
            throw new ShapeException($"trapezoid of {y.Type} along axis {at} has no values.");
        }

        NDArray step;
        NDArray values;
        if (x is null)
        {
            (values, step) = (Promotion.ToInexact(y), dx ?? 1.0);
            values = MoveAxis(values, at, -1);
        }
        else
        {
            var promoted = Promotion.PromoteInexact(y, x);
            values = MoveAxis(promoted[0], at, -1);
            step = Diff(promoted[1].Ndim == 1 ? promoted[1] : MoveAxis(promoted[1], at, -1));
        }

        int n = values.Shape[^1];
        int last = values.Ndim - 1;
        var pairs = Ops.Add(Ops.SliceAxis(values, last, 1, n), Ops.SliceAxis(values, last, 0, n - 1));
        return Multiply(Sum(Multiply(step, pairs), -1), 0.5);
    }

    /// <summary>Piecewise linear interpolation of the points (xp, fp), xp ascending.</summary>
    /// <param name="x">Where to interpolate.</param>
    /// <param name="xp">The coordinates of the points.</param>
    /// <param name="fp">The values of the points.</param>
    /// <param name="left">The value below xp: a number, "extrapolate", or by default the first.</param>
    /// <param name="right">The value above xp: a number, "extrapolate", or by default the last.</param>
    /// <param name="period">A period of the function; points need no order then.</param>
    public static NDArray Interp(
        NDArray x,
        NDArray xp,
        NDArray fp,
        InterpolationEnd left = default,
        InterpolationEnd right = default,
        NDArray? period = null
    )
    {
        Argument.Given(xp);
        Argument.Given(fp);
        if (xp.Ndim != 1 || fp.Shape != xp.Shape)
        {
            throw new ShapeException($"interp needs vectors xp and fp of one length; got {xp.Type} and {fp.Type}.");
        }

        if (xp.Size == 0)
        {
            throw new ShapeException("interp needs at least one point to interpolate; got none.");
        }

        var promoted = Promotion.PromoteInexact(x, xp);
        (x, xp) = (promoted[0], promoted[1]);
        fp = Promotion.ToInexact(fp);
        if (period is not null)
        {
            if (period.Ndim != 0)
            {
                throw new ShapeException($"interp needs a scalar period; got {period.Type}.");
            }

            var length = Abs(Promotion.Convert(period, x.DType));
            x = Remainder(x, length);
            xp = Remainder(xp, length);
            var order = ArgSort(xp);
            xp = Take(xp, order, 0, "clip");
            fp = Take(fp, order, 0, "clip");
            int last = xp.Shape[0] - 1;
            xp = Concatenate([Subtract(xp[last..], length), xp, Add(xp[..1], length)]);
            fp = Concatenate([fp[last..], fp, fp[..1]]);
        }

        int n = xp.Shape[0];
        if (n < 2)
        {
            return Outside(Broadcasting.To(fp[0], x.Shape, "interp"));
        }

        var place = Clip(SearchSorted(xp, x, "right"), 1, n - 1);
        NDArray At(NDArray points, NDArray places) => Take(points, places, 0, "clip");
        var before = Subtract(place, 1);
        var (x0, f0) = (At(xp, before), At(fp, before));
        var df = Subtract(At(fp, place), f0);
        var dx = Subtract(At(xp, place), x0);
        var offset = Subtract(x, x0);
        var epsilon = SmallestNormal(dx);
        var isFlat = LessEqual(Abs(dx), epsilon);
        var slope = Divide(df, Where(isFlat, 1.0, dx));
        var result = Where(isFlat, f0, Add(f0, Multiply(offset, slope)));
        return Outside(result);

        NDArray Outside(NDArray result)
        {
            if (period is null)
            {
                if (!left.IsExtrapolation)
                {
                    result = Where(Less(x, xp[0]), left.Value ?? fp[0], result);
                }

                if (!right.IsExtrapolation)
                {
                    result = Where(Greater(x, xp[n - 1]), right.Value ?? fp[n - 1], result);
                }
            }

            return result;
        }

        static NDArray SmallestNormal(NDArray like) => Ops.Like(like, new FloatInfo(like.DType).SmallestNormal);
    }

    /// <summary>Angles without jumps: multiples of a period added where neighbours differ by more than half of it.</summary>
    public static NDArray Unwrap(NDArray p, NDArray? discont = null, int axis = -1, NDArray? period = null)
    {
        var length = period ?? 2 * Math.PI;
        var type = Promotion.Result(p, length);
        if (p.DType.IsComplex)
        {
            RefuseComplex("unwrap", p);
        }

        p = Promotion.Convert(p, type.DType, type.Weak && p.WeakType);
        length = Promotion.Convert(length, p.DType);
        int at = Axes.Normalize(axis, p.Ndim, "unwrap");
        if (p.Shape[at] == 0)
        {
            return p;
        }

        var difference = Diff(p, 1, at);
        bool isInteger = p.DType.IsInteger;
        var high = isInteger ? FloorDivide(length, 2) : Multiply(length, 0.5);
        var low = Negative(high);
        var wrapped = Add(Remainder(Subtract(difference, low), length), low);
        // Where the difference is half a period upwards it stays so.
        wrapped = Where(LogicalAnd(Equal(wrapped, low), Greater(difference, 0)), high, wrapped);
        var correction = Subtract(wrapped, difference);
        var threshold = discont ?? high;
        correction = Where(Less(Abs(difference), threshold), Ops.Like(correction, 0), correction);
        int n = p.Shape[at];
        var rest = Add(Ops.SliceAxis(p, at, 1, n), CumSum(correction, at));
        return Promotion.Convert(Concatenate([Ops.SliceAxis(p, at, 0, 1), rest], at), p.DType);
    }

    /// <summary>The covariance matrix of variables in rows.</summary>
    /// <param name="m">A vector, or a matrix whose rows are variables and whose columns are observations.</param>
    /// <param name="y">More variables.</param>
    /// <param name="rowVar">Whether rows are variables.</param>
    /// <param name="bias">Whether to divide by the number of observations instead of one less.</param>
    /// <param name="ddof">What to subtract from the number of observations.</param>
    /// <param name="fWeights">How often each observation counts.</param>
    /// <param name="aWeights">The weight of each observation.</param>
    /// <param name="dtype">The element type to compute in.</param>
    public static NDArray Cov(
        NDArray m,
        NDArray? y = null,
        bool rowVar = true,
        bool bias = false,
        int? ddof = null,
        NDArray? fWeights = null,
        NDArray? aWeights = null,
        DType? dtype = null
    )
    {
        Argument.Given(m);
        if (m.Ndim > 2 || y is { Ndim: > 2 })
        {
            throw new ShapeException(
                $"cov needs vectors or matrices; got {m.Type}{(y is null ? "" : $" and {y.Type}")}."
            );
        }

        if (dtype is not null)
        {
            m = AsType(m, dtype);
            y = y is null ? null : AsType(y, dtype);
        }

        var x = AtLeast2D(y is null ? Promotion.ToInexact(m) : Promotion.PromoteInexact(m, y)[0]);
        if (!rowVar && m.Ndim != 1)
        {
            x = x.T;
        }

        if (y is not null)
        {
            var other = AtLeast2D(Promotion.PromoteInexact(m, y)[1]);
            if (!rowVar && other.Shape[0] != 1)
            {
                other = other.T;
            }

            x = Concatenate([x, other]);
        }

        if (x.Shape[0] == 0)
        {
            return Ops.Full((0, 0), 0, x.DType);
        }

        int freedom = ddof ?? (bias ? 0 : 1);
        int observations = x.Shape[1];
        NDArray? weights = null;
        if (fWeights is not null)
        {
            RequireWeights(fWeights);
            if (!fWeights.DType.IsInteger)
            {
                throw new DTypeException($"cov needs integers as fweights; got {fWeights.Type}.");
            }

            weights = Abs(fWeights);
        }

        if (aWeights is not null)
        {
            RequireWeights(aWeights);
            weights = weights is null ? Abs(aWeights) : Multiply(weights, Abs(aWeights));
        }

        NDArray mean;
        NDArray norm;
        if (weights is null)
        {
            mean = Mean(x, 1, keepDims: true);
            norm = observations - freedom;
        }
        else
        {
            var total = Sum(weights);
            mean = Divide(Sum(Multiply(x, weights), 1, keepDims: true), total);
            norm =
                freedom == 0 ? total
                : aWeights is null ? Subtract(total, freedom)
                : Subtract(total, Divide(Multiply(freedom, Sum(Multiply(weights, aWeights))), total));
        }

        var centered = Subtract(x, mean);
        var weighted = weights is null ? centered : Multiply(centered, weights);
        var product = Dot(weighted, Ops.Conj(centered).T);
        return Squeeze(Divide(product, Promotion.Convert(norm, product.DType.RealType)));

        void RequireWeights(NDArray given)
        {
            if (given.Ndim != 1 || given.Shape[0] != observations)
            {
                throw new ShapeException(
                    $"cov needs one weight for each of {observations} observations; got {given.Type}."
                );
            }
        }
    }

    /// <summary>The correlation coefficients of variables in rows.</summary>
    public static NDArray CorrCoef(NDArray x, NDArray? y = null, bool rowVar = true, DType? dtype = null)
    {
        Argument.Given(x);
        var covariance = Cov(x, y, rowVar, dtype: dtype);
        if (covariance.Ndim == 0)
        {
            return Divide(covariance, covariance);
        }

        var deviation = Sqrt(Ops.Real(Diagonal(covariance)));
        var result = Divide(Divide(covariance, ExpandDims(deviation, 1)), deviation);
        return result.DType.IsComplex
            ? Ops.Complex(Clip(Ops.Real(result), -1.0, 1.0), Clip(Ops.Imag(result), -1.0, 1.0))
            : Clip(result, -1.0, 1.0);
    }

    private static NDArray GradientAlong(NDArray f, int axis, NDArray spacing)
    {
        var values = Promotion.ToInexact(f);
        int n = f.Shape[axis];
        if (n < 2)
        {
            throw new ShapeException($"gradient of {f.Type} along axis {axis} needs at least two values.");
        }

        if (spacing.Ndim > 1 || (spacing.Ndim == 1 && spacing.Shape[0] != n))
        {
            throw new ShapeException(
                $"gradient of {f.Type} along axis {axis} needs a spacing or {n} coordinates; got {spacing.Type}."
            );
        }

        NDArray Part(int start, int stop) => Ops.SliceAxis(values, axis, start, stop);
        if (spacing.Ndim == 0)
        {
            var twice = Multiply(spacing, 2.0);
            var inner = Divide(Ops.Sub(Part(2, n), Part(0, n - 2)), twice);
            var first = Divide(Ops.Sub(Part(1, 2), Part(0, 1)), spacing);
            var last = Divide(Ops.Sub(Part(n - 1, n), Part(n - 2, n - 1)), spacing);
            return Promotion.Convert(Concatenate([first, inner, last], axis), values.DType);
        }

        var steps = Diff(Promotion.Convert(spacing, values.DType));
        int[] extents = [.. Enumerable.Repeat(1, f.Ndim)];
        NDArray Steps(int start, int stop)
        {
            extents[axis] = stop - start;
            return Ops.Reshape(Ops.SliceAxis(steps, 0, start, stop), extents);
        }

        var before = Steps(0, n - 2);
        var after = Steps(1, n - 1);
        var a = Divide(Negative(after), Multiply(before, Add(before, after)));
        var b = Divide(Subtract(after, before), Multiply(before, after));
        var c = Divide(before, Multiply(after, Add(before, after)));
        var middle = Add(Add(Multiply(a, Part(0, n - 2)), Multiply(b, Part(1, n - 1))), Multiply(c, Part(2, n)));
        var front = Divide(Ops.Sub(Part(1, 2), Part(0, 1)), Steps(0, 1));
        var back = Divide(Ops.Sub(Part(n - 1, n), Part(n - 2, n - 1)), Steps(n - 2, n - 1));
        return Concatenate([front, middle, back], axis);
    }
}
