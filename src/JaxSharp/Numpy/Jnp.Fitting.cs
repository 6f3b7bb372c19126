using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Roots and fits of polynomials.
public static partial class Jnp
{
    /// <summary>
    /// The roots of a polynomial, as complex numbers. Their number depends on the coefficients, which must be known: not under
    /// <c>Jit</c> or <c>Vmap</c>.
    /// </summary>
    /// <param name="p">Coefficients from the highest power down.</param>
    /// <param name="stripZeros">Whether leading and trailing zeros are left out first.</param>
    public static NDArray Roots(NDArray p, bool stripZeros = true)
    {
        Argument.Given(p);
        if (p.Ndim != 1)
        {
            throw new ShapeException($"roots needs a vector of coefficients; got {p.Type}.");
        }

        var concrete = Ops.Concrete(p, "roots", "Find roots outside of the transformed function.");
        Complex[] coefficients = [.. Enumerable.Range(0, (int)p.Size).Select(i => concrete.ItemComplex(i))];
        var type = Accumulation(Promotion.Inexact(p.DType)).ComplexType;
        int trailing = 0;
        if (stripZeros)
        {
            coefficients = [.. coefficients.SkipWhile(c => c == Complex.Zero)];
            trailing = coefficients.Reverse().TakeWhile(c => c == Complex.Zero).Count();
            coefficients = coefficients[..^trailing];
        }

        var roots = coefficients.Length < 2 ? [] : FindRoots(coefficients);
        var found = Array([.. roots, .. Enumerable.Repeat(Complex.Zero, trailing)], type);
        return p is DeviceArray || found.Size == 0 ? found : Implicit(Promotion.Convert(p, type), found);
    }

    /// <summary>The coefficients of the polynomial of a degree that fits points best in the sense of least squares.</summary>
    /// <param name="x">The coordinates.</param>
    /// <param name="y">The values, or columns of values.</param>
    /// <param name="deg">The degree.</param>
    /// <param name="rcond">
    /// A power of x that adds less than this part of its length to the ones above it counts as made up of them; the number of points times
    /// the machine epsilon by default. Of all coefficients that fit equally well, those of the smallest norm are given.
    /// </param>
    /// <param name="w">The weights of the points.</param>
    public static NDArray PolyFit(NDArray x, NDArray y, int deg, double? rcond = null, NDArray? w = null)
    {
        Argument.Given(x);
        Argument.Given(y);
        var (matrix, values) = Equations(x, y, deg, w);
        return Solve(matrix, values, rcond);
    }

    /// <summary>The coefficients and their covariance matrix, with one more axis for columns of values.</summary>
    /// <param name="x">The coordinates.</param>
    /// <param name="y">The values; the first column's residuals scale the covariance.</param>
    /// <param name="deg">The degree.</param>
    /// <param name="cov">True: a covariance scaled by the residuals.</param>
    /// <param name="rcond">See the overload without cov.</param>
    /// <param name="w">The weights of the points.</param>
    public static (NDArray Coefficients, NDArray Covariance) PolyFit(
        NDArray x,
        NDArray y,
        int deg,
        bool cov,
        double? rcond = null,
        NDArray? w = null
    ) =>
        cov
            ? FitWithCovariance(x, y, deg, rcond, w, scaled: true)
            : throw new JaxArgumentException("polyfit with cov false gives no covariance: leave cov out.");

    /// <summary>The coefficients and, for "unscaled", their covariance matrix as the weights give it.</summary>
    /// <param name="x">The coordinates.</param>
    /// <param name="y">The values.</param>
    /// <param name="deg">The degree.</param>
    /// <param name="cov">"unscaled".</param>
    /// <param name="rcond">See the overload without cov.</param>
    /// <param name="w">The weights of the points.</param>
    public static (NDArray Coefficients, NDArray Covariance) PolyFit(
        NDArray x,
        NDArray y,
        int deg,
        string cov,
        double? rcond = null,
        NDArray? w = null
    ) =>
        cov == "unscaled"
            ? FitWithCovariance(x, y, deg, rcond, w, scaled: false)
            : throw new JaxArgumentException($"polyfit got cov \"{cov}\"; it must be true or \"unscaled\".");

    private static (NDArray Coefficients, NDArray Covariance) FitWithCovariance(
        NDArray x,
        NDArray y,
        int deg,
        double? rcond,
        NDArray? w,
        bool scaled
    )
    {
        var (matrix, values) = Equations(x, y, deg, w);
        var coefficients = Solve(matrix, values, rcond);
        var covariance = Covariance(matrix);
        if (scaled)
        {
            int freedom = x.Shape[0] - deg - 1;
            if (freedom <= 0)
            {
                throw new JaxArgumentException(
                    $"polyfit needs more than {deg + 1} points for a scaled covariance; got {x.Shape[0]}."
                );
            }

            var rest = SquaredAbs(Subtract(values, Dot(matrix, coefficients)));
            rest = rest.Ndim == 2 ? Ops.At(rest, 1, 0) : rest;
            covariance = Multiply(covariance, Divide(Sum(rest), freedom));
        }

        return (coefficients, values.Ndim == 2 ? ExpandDims(covariance, 2) : covariance);
    }

    /// <summary>The powers of the coordinates and the values, both times the weights.</summary>
    private static (NDArray Matrix, NDArray Values) Equations(NDArray x, NDArray y, int deg, NDArray? w)
    {
        if (deg < 0)
        {
            throw new JaxArgumentException($"polyfit cannot fit a polynomial of degree {deg}.");
        }

        if (x.Ndim != 1 || x.Size == 0 || y.Ndim is < 1 or > 2 || y.Shape[0] != x.Shape[0])
        {
            throw new ShapeException(
                $"polyfit needs a vector x and as many values y, or columns of them; got {x.Type} and {y.Type}."
            );
        }

        if (w is not null && w.Shape != x.Shape)
        {
            throw new ShapeException($"polyfit needs one weight for each point; got {w.Type}.");
        }

        var promoted = w is null ? Promotion.PromoteInexact(x, y) : Promotion.PromoteInexact(x, y, w);
        var matrix = Vander(promoted[0], deg + 1);
        var values = promoted[1];
        if (w is null)
        {
            return (matrix, values);
        }

        var weights = ExpandDims(promoted[2], 1);
        return (
            Multiply(matrix, weights),
            values.Ndim == 2 ? Multiply(values, weights) : Multiply(values, promoted[2])
        );
    }

    /// <summary>The solution in the sense of least squares; of several the one of the smallest norm, in units of the columns.</summary>
    private static NDArray Solve(NDArray matrix, NDArray values, double? rcond)
    {
        var scale = Promotion.Convert(Sqrt(Sum(SquaredAbs(matrix), 0)), matrix.DType);
        double tolerance = rcond ?? matrix.Shape[0] * new FloatInfo(matrix.DType.RealType).Eps;
        var (q, r) = Orthogonalize(Unstack(Divide(matrix, scale), 1), tolerance, conjugates: true);
        // The rows of the triangle span what coefficients of the smallest norm are made of.
        var rows = Enumerable
            .Range(0, q.Length)
            .Select(i => Conj(Stack([.. Enumerable.Range(0, q.Length).Select(j => r[i, j])])));
        var (p, s) = Orthogonalize([.. rows], 0, conjugates: true);
        var right = Unstack(Dot(Conj(Stack(q)), values));
        var parts = new NDArray[q.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            var rest = right[i];
            for (int k = 0; k < i; k++)
            {
                rest = Subtract(rest, Multiply(Conj(s[k, i]), parts[k]));
            }

            var isEmpty = Equal(s[i, i], 0);
            parts[i] = Where(isEmpty, 0, Divide(rest, Where(isEmpty, 1, s[i, i])));
        }

        var solution = Dot(Stack(p, 1), Stack(parts));
        return Divide(solution, values.Ndim == 2 ? ExpandDims(scale, 1) : scale);
    }

    /// <summary>The inverse of the product of the transposed matrix and the matrix.</summary>
    private static NDArray Covariance(NDArray matrix)
    {
        var scale = Promotion.Convert(Sqrt(Sum(SquaredAbs(matrix), 0)), matrix.DType);
        var (q, r) = Orthogonalize(Unstack(Divide(matrix, scale), 1), 0, conjugates: false);
        int n = q.Length;
        var inverse = new NDArray[n, n];
        var zero = Ops.Full(JaxSharp.Shape.Scalar, 0, matrix.DType);
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = 0; j < n; j++)
            {
                NDArray entry = i == j ? Ops.Like(zero, 1) : zero;
                for (int k = i + 1; k < n; k++)
                {
                    entry = Subtract(entry, Multiply(r[i, k], inverse[k, j]));
                }

                inverse[i, j] = Divide(entry, r[i, i]);
            }
        }

        var triangle = Stack([
            .. Enumerable.Range(0, n).Select(i => Stack([.. Enumerable.Range(0, n).Select(j => inverse[i, j])])),
        ]);
        return Divide(Dot(triangle, triangle.T), Outer(scale, scale));
    }

    private static NDArray SquaredAbs(NDArray x) =>
        x.DType.IsComplex ? Add(Square(Ops.Real(x)), Square(Ops.Imag(x))) : Square(x);

    /// <summary>
    /// Orthonormal vectors that span the same as the columns, and the triangle that combines them, made twice for accuracy. Columns that
    /// add no more than the tolerance have the vector 0. Without conjugates, products of vectors are those of real numbers.
    /// </summary>
    private static (NDArray[] Q, NDArray[,] R) Orthogonalize(NDArray[] columns, double tolerance, bool conjugates)
    {
        int n = columns.Length;
        var q = new NDArray[n];
        var r = new NDArray[n, n];
        var zero = Ops.Full(JaxSharp.Shape.Scalar, 0, columns[0].DType);
        for (int j = 0; j < n; j++)
        {
            var vector = columns[j];
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < j; i++)
                {
                    var part = Dot(conjugates ? Conj(q[i]) : q[i], vector);
                    r[i, j] = round == 0 ? part : Add(r[i, j], part);
                    vector = Subtract(vector, Multiply(part, q[i]));
                    r[j, i] = zero;
                }
            }

            var square = conjugates ? Sum(SquaredAbs(vector)) : Sum(Square(vector));
            var adds = Greater(Abs(square), tolerance * tolerance);
            var norm = Promotion.Convert(Sqrt(Where(adds, square, 1)), vector.DType);
            r[j, j] = Where(adds, norm, zero);
            q[j] = Where(adds, Divide(vector, norm), zero);
        }

        return (q, r);
    }

    // Steps of Newton's method leave roots where they are and give them their derivatives: one the first, two the second as well.
    private static NDArray Implicit(NDArray p, NDArray roots)
    {
        var slope = PolyDer(p);
        for (int step = 0; step < 2; step++)
        {
            roots = Subtract(roots, Divide(PolyVal(p, roots), PolyVal(slope, roots)));
        }

        return roots;
    }

    /// <summary>All roots at once by the method of Aberth and Ehrlich, the largest first.</summary>
    private static Complex[] FindRoots(Complex[] coefficients)
    {
        int degree = coefficients.Length - 1;
        if (coefficients[0] == Complex.Zero)
        {
            return [.. Enumerable.Repeat(new Complex(double.NaN, double.NaN), degree)];
        }

        double radius = 1 + coefficients.Skip(1).Max(c => Complex.Abs(c / coefficients[0]));
        Complex[] roots =
        [
            .. Enumerable
                .Range(0, degree)
                .Select(k => Complex.FromPolarCoordinates(radius * 0.5, (2 * Math.PI * k / degree) + 0.4)),
        ];
        for (int step = 0; step < 200; step++)
        {
            double change = 0;
            for (int k = 0; k < degree; k++)
            {
                var (value, slope) = (Complex.Zero, Complex.Zero);
                foreach (var coefficient in coefficients)
                {
                    slope = (slope * roots[k]) + value;
                    value = (value * roots[k]) + coefficient;
                }

                if (value == Complex.Zero)
                {
                    continue;
                }

                var newton = value / slope;
                var repulsion = Complex.Zero;
                for (int other = 0; other < degree; other++)
                {
                    if (other != k)
                    {
                        repulsion += 1 / (roots[k] - roots[other]);
                    }
                }

                var correction = newton / (1 - (newton * repulsion));
                if (Complex.IsFinite(correction))
                {
                    roots[k] -= correction;
                    change = Math.Max(change, Complex.Abs(correction) / Math.Max(1e-300, Complex.Abs(roots[k])));
                }
            }

            if (change < 1e-15)
            {
                break;
            }
        }

        // Real polynomials have real roots and pairs: what is left of rounding goes away.
        bool isReal = coefficients.All(c => c.Imaginary == 0);
        var cleaned = roots.Select(root =>
            isReal && Math.Abs(root.Imaginary) < 1e-12 * Complex.Abs(root) ? new Complex(root.Real, 0) : root
        );
        return
        [
            .. cleaned
                .OrderByDescending(root => Math.Round(Complex.Abs(root), 9))
                .ThenByDescending(root => Math.Round(root.Real, 9))
                .ThenByDescending(root => root.Imaginary),
        ];
    }
}
