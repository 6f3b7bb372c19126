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
    /// <param name="rcond">Accepted for likeness.</param>
    /// <param name="w">The weights of the points.</param>
    public static NDArray PolyFit(NDArray x, NDArray y, int deg, double? rcond = null, NDArray? w = null) =>
        Fit(x, y, deg, w).Coefficients;

    /// <summary>The coefficients and their covariance matrix.</summary>
    /// <param name="x">The coordinates.</param>
    /// <param name="y">The values.</param>
    /// <param name="deg">The degree.</param>
    /// <param name="cov">True for a covariance scaled by the residuals.</param>
    /// <param name="rcond">Accepted for likeness.</param>
    /// <param name="w">The weights of the points.</param>
    public static (NDArray Coefficients, NDArray Covariance) PolyFit(
        NDArray x,
        NDArray y,
        int deg,
        bool cov,
        double? rcond = null,
        NDArray? w = null
    )
    {
        var (coefficients, covariance, residual, count) = Fit(x, y, deg, w);
        if (!cov)
        {
            return (coefficients, covariance);
        }

        return count <= deg + 1
            ? throw new JaxArgumentException(
                $"polyfit needs more than {deg + 1} points for a scaled covariance; got {count}."
            )
            : (coefficients, Multiply(covariance, Divide(residual, count - deg - 1)));
    }

    /// <summary>The coefficients and, for "unscaled", their covariance matrix as the weights give it.</summary>
    /// <param name="x">The coordinates.</param>
    /// <param name="y">The values.</param>
    /// <param name="deg">The degree.</param>
    /// <param name="cov">"unscaled".</param>
    /// <param name="rcond">Accepted for likeness.</param>
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
            ? PolyFit(x, y, deg, false, rcond, w)
            : throw new JaxArgumentException($"polyfit got cov \"{cov}\"; it must be true, false or \"unscaled\".");

    private static (NDArray Coefficients, NDArray Covariance, NDArray Residual, int Count) Fit(
        NDArray x,
        NDArray y,
        int deg,
        NDArray? w
    )
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

        var promoted = Promotion.PromoteInexact(x, y);
        var matrix = Vander(promoted[0], deg + 1);
        var values = promoted[1];
        if (w is not null)
        {
            var weights = Promotion.Convert(w, values.DType);
            matrix = Multiply(matrix, ExpandDims(weights, 1));
            values = Multiply(values, values.Ndim == 2 ? ExpandDims(weights, 1) : weights);
        }

        var scale = Sqrt(Sum(Square(matrix), 0));
        var columns = Unstack(Divide(matrix, scale), 1);
        var (q, r) = Orthogonalize(columns);
        int n = columns.Length;
        // Back substitution, for the coefficients and for the inverse of the triangle.
        var right = Unstack(Dot(Stack(q), values));
        var solution = new NDArray[n];
        var inverse = new NDArray[n, n];
        var zero = Ops.Full(JaxSharp.Shape.Scalar, 0, values.DType);
        for (int i = n - 1; i >= 0; i--)
        {
            var rest = right[i];
            for (int k = i + 1; k < n; k++)
            {
                rest = Subtract(rest, Multiply(r[i, k], solution[k]));
            }

            solution[i] = Divide(rest, r[i, i]);
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

        var stacked = Stack(solution);
        var coefficients = Divide(stacked, values.Ndim == 2 ? ExpandDims(scale, 1) : scale);
        var triangle = Stack([
            .. Enumerable.Range(0, n).Select(i => Stack([.. Enumerable.Range(0, n).Select(j => inverse[i, j])])),
        ]);
        var covariance = Divide(Dot(triangle, triangle.T), Outer(scale, scale));
        var residual = Sum(Square(Subtract(values, Dot(matrix, coefficients))), 0);
        return (coefficients, covariance, residual, x.Shape[0]);
    }

    /// <summary>Orthonormal vectors that span the same as the columns, and the triangle that combines them, made twice for accuracy.</summary>
    private static (NDArray[] Q, NDArray[,] R) Orthogonalize(NDArray[] columns)
    {
        int n = columns.Length;
        var q = new NDArray[n];
        var r = new NDArray[n, n];
        for (int j = 0; j < n; j++)
        {
            var vector = columns[j];
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < j; i++)
                {
                    var part = Dot(q[i], vector);
                    r[i, j] = round == 0 ? part : Add(r[i, j], part);
                    vector = Subtract(vector, Multiply(part, q[i]));
                }
            }

            r[j, j] = Sqrt(Sum(Square(vector)));
            q[j] = Divide(vector, r[j, j]);
        }

        return (q, r);
    }

    /// <summary>All roots at once by the method of Aberth and Ehrlich, the largest first.</summary>
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
