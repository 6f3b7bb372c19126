using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

/// <summary>The numbers that tune a <see cref="ZoomSearch{T}"/>; see <see cref="Optax.ScaleByZoomLinesearch"/>.</summary>
internal sealed record ZoomSettings(
    int MaxSteps,
    Hyperparameter? MaxRate,
    Hyperparameter Tolerance,
    Hyperparameter IncreaseFactor,
    Hyperparameter SlopeTolerance,
    Hyperparameter CurvatureTolerance,
    double? ApproximateDecrease,
    Hyperparameter Precision
);

/// <summary>The loss along a line: its value and its derivative by the step size.</summary>
internal sealed record LinePoint(NDArray Rate, NDArray Value, NDArray Slope);

/// <summary>How far a <see cref="ZoomSearch{T}"/> is.</summary>
/// <param name="Count">The number of step sizes tried.</param>
/// <param name="Last">The last one, and the result at the end.</param>
/// <param name="Grad">The gradient there.</param>
/// <param name="Low">The end of the interval with the smaller loss; it may be on the right.</param>
/// <param name="High">Its other end.</param>
/// <param name="Reference">A third point to interpolate by: an end that was left.</param>
/// <param name="Safe">The best point with enough decrease so far; of step size 0 before there is one.</param>
/// <param name="SafeGrad">The gradient there.</param>
/// <param name="DecreaseError">How much the last point misses the decrease by.</param>
/// <param name="CurvatureError">How much its slope is too large.</param>
/// <param name="IsBracketed">Whether the interval holds what is sought.</param>
/// <param name="IsDone">Whether the last point is what is sought, or the best there is.</param>
/// <param name="HasFailed">Whether the search was given up.</param>
internal sealed record ZoomProgress<T>(
    NDArray Count,
    LinePoint Last,
    T Grad,
    LinePoint Low,
    LinePoint High,
    LinePoint Reference,
    LinePoint Safe,
    T SafeGrad,
    NDArray DecreaseError,
    NDArray CurvatureError,
    NDArray IsBracketed,
    NDArray IsDone,
    NDArray HasFailed
);

/// <summary>
/// The line search of Nocedal and Wright (Numerical Optimization, algorithms 3.5 and 3.6), with the approximate conditions of Hager and
/// Zhang near a minimum. Both phases are one loop, so that the loss and its gradient stand in the program once.
/// </summary>
internal sealed class ZoomSearch<T>(Func<T, NDArray> loss, T start, T direction, ZoomSettings settings, NDArray guess)
{
    public ZoomProgress<T> Run(NDArray value, T grad)
    {
        value = value.AsType(value.DType);
        var slope = Linesearch.Slope(direction, grad).AsType(value.DType);
        var origin = new LinePoint(Jnp.ZerosLike(guess), value, slope);
        var infinite = Jnp.FullLike(value, double.PositiveInfinity);
        NDArray no = Jnp.Array(false);
        return Lax.WhileLoop(
            s => !(s.IsDone | s.HasFailed),
            s => Step(s, origin),
            new ZoomProgress<T>(
                Numerics.Zero,
                origin,
                grad,
                origin,
                origin,
                origin,
                origin,
                grad,
                infinite,
                infinite,
                no,
                no,
                no
            )
        );
    }

    private ZoomProgress<T> Step(ZoomProgress<T> s, LinePoint origin)
    {
        var isFirst = Jnp.Equal(s.Count, 0);
        var widened = Jnp.Where(isFirst, guess, settings.IncreaseFactor * s.Last.Rate);
        var isLargest = Jnp.Array(false);
        if (settings.MaxRate is { } largest)
        {
            isLargest = widened >= largest;
            widened = Jnp.Minimum(widened, largest);
        }

        var (point, grad) = Evaluate(Jnp.Where(s.IsBracketed, Interpolated(s), widened), origin);
        var decreaseError = DecreaseError(point, origin);
        var curvatureError = Violation(Jnp.Abs(point.Slope) - settings.CurvatureTolerance * Jnp.Abs(origin.Slope));
        var isGood = Jnp.Maximum(decreaseError, curvatureError) <= settings.Tolerance;
        var isSafe = (decreaseError <= settings.Tolerance) & (!s.IsBracketed | (point.Value < s.Safe.Value));
        var safe = Optax.Tree.Where(isSafe, point, s.Safe);

        // Widening: a point that is too high, or behind the minimum, is one end of the interval; the point before it is the other.
        var isTooHigh = (decreaseError > 0) | ((point.Value >= s.Last.Value) & !isFirst);
        var isBehind = (point.Slope >= 0) & !isTooHigh;
        var outer = (Low: Optax.Tree.Where(isBehind, point, s.Last), High: Optax.Tree.Where(isBehind, s.Last, point));
        var isBracketed = s.IsBracketed | isTooHigh | isBehind | isGood;

        // Narrowing: the point takes the place of the end that is worse.
        var replacesHigh = (decreaseError > 0) | (point.Value >= s.Low.Value);
        var turns = (point.Slope * (s.High.Rate - s.Low.Rate) >= 0) & !replacesHigh;
        var inner = (
            Low: Optax.Tree.Where(replacesHigh, s.Low, point),
            High: Optax.Tree.Where(replacesHigh, point, Optax.Tree.Where(turns, s.Low, s.High)),
            Reference: Optax.Tree.Where(replacesHigh | turns, s.High, s.Low)
        );

        // An interval that is too small is given up once some step makes the loss decrease; steep functions need tiny steps.
        var isSmall = s.IsBracketed & (Jnp.Abs(s.High.Rate - s.Low.Rate) <= settings.Precision) & (safe.Rate > 0);
        var isDone = isGood | (isLargest & !isBracketed);
        var hasFailed = (isSmall | (s.Count + 1 >= settings.MaxSteps)) & !isDone;
        var safeGrad = Optax.Tree.Where(isSafe, grad, s.SafeGrad);
        var fallsBack = hasFailed & ((safe.Rate > 0) | Jnp.IsInf(decreaseError));
        return new ZoomProgress<T>(
            s.Count + 1,
            Optax.Tree.Where(fallsBack, safe, point),
            Optax.Tree.Where(fallsBack, safeGrad, grad),
            Optax.Tree.Where(s.IsBracketed, inner.Low, outer.Low),
            Optax.Tree.Where(s.IsBracketed, inner.High, outer.High),
            Optax.Tree.Where(s.IsBracketed, inner.Reference, outer.Low),
            safe,
            safeGrad,
            decreaseError,
            curvatureError,
            isBracketed,
            isDone,
            hasFailed
        );
    }

    private (LinePoint Point, T Grad) Evaluate(NDArray rate, LinePoint origin)
    {
        rate = rate.AsType(origin.Rate.DType);
        var (value, grad) = Jax.ValueAndGrad(loss)(Optax.Tree.AddScale(start, rate, direction));
        return (
            new LinePoint(
                rate,
                value.AsType(origin.Value.DType),
                Linesearch.Slope(direction, grad).AsType(origin.Slope.DType)
            ),
            Optax.Tree.CastLike(grad, start)
        );
    }

    private NDArray DecreaseError(LinePoint point, LinePoint origin)
    {
        var change = point.Value - origin.Value;
        var error = change - settings.SlopeTolerance * point.Rate * origin.Slope;
        if (settings.ApproximateDecrease is { } share)
        {
            var ofSlope = point.Slope - (2 * settings.SlopeTolerance - 1.0) * origin.Slope;
            error = Jnp.Minimum(error, Jnp.Maximum(ofSlope, change - share * Jnp.Abs(origin.Value)));
        }

        return Violation(error.AsType(origin.Value.DType));
    }

    // What is not a number counts as infinitely bad.
    private static NDArray Violation(NDArray error) =>
        Jnp.Where(Jnp.IsNan(error), Jnp.FullLike(error, double.PositiveInfinity), Jnp.Maximum(error, 0.0));

    // Where a cubic or a parabola through the points has its minimum, if that is well inside; else the middle.
    private static NDArray Interpolated(ZoomProgress<T> s)
    {
        var width = Jnp.Abs(s.High.Rate - s.Low.Rate);
        var left = Jnp.Minimum(s.High.Rate, s.Low.Rate);
        var right = Jnp.Maximum(s.High.Rate, s.Low.Rate);
        var cubic = CubicMinimum(s.Low, s.High, s.Reference);
        var parabola = ParabolaMinimum(s.Low, s.High);
        return Jnp.Where(
            IsInside(cubic, 0.2),
            cubic,
            Jnp.Where(IsInside(parabola, 0.1), parabola, (s.Low.Rate + s.High.Rate) / 2.0)
        );

        NDArray IsInside(NDArray rate, double margin) =>
            (rate > left + margin * width) & (rate < right - margin * width);
    }

    private static NDArray CubicMinimum(LinePoint a, LinePoint b, LinePoint c)
    {
        var db = b.Rate - a.Rate;
        var dc = c.Rate - a.Rate;
        var rb = b.Value - a.Value - a.Slope * db;
        var rc = c.Value - a.Value - a.Slope * dc;
        var denominator = Jnp.Square(db * dc) * (db - dc);
        var third = (dc * dc * rb - db * db * rc) / denominator;
        var second = (db * db * db * rc - dc * dc * dc * rb) / denominator;
        return a.Rate + (Jnp.Sqrt(second * second - 3.0 * third * a.Slope) - second) / (3.0 * third);
    }

    private static NDArray ParabolaMinimum(LinePoint a, LinePoint b)
    {
        var db = b.Rate - a.Rate;
        var second = (b.Value - a.Value - a.Slope * db) / (db * db);
        return a.Rate - a.Slope / (2.0 * second);
    }
}
