using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;

namespace JaxSharp.Numpy;

// Polynomials, as vectors of coefficients from the highest power down.
public static partial class Jnp
{
    /// <summary>The sum of two polynomials.</summary>
    public static NDArray PolyAdd(NDArray a1, NDArray a2) => Combine("polyadd", a1, a2, Add);

    /// <summary>The difference of two polynomials.</summary>
    public static NDArray PolySub(NDArray a1, NDArray a2) => Combine("polysub", a1, a2, Subtract);

    /// <summary>The product of two polynomials.</summary>
    public static NDArray PolyMul(NDArray a1, NDArray a2, bool trimLeadingZeros = false)
    {
        Argument.Given(a1);
        Argument.Given(a2);
        var promoted = Promotion.PromoteInexact(AtLeast1D(a1), AtLeast1D(a2));
        var (x, y) = (promoted[0], promoted[1]);
        if (trimLeadingZeros)
        {
            (x, y) = (TrimZeros(x, "f"), TrimZeros(y, "f"));
        }

        x = x.Size == 0 ? Zeros(1, x.DType) : x;
        y = y.Size == 0 ? Zeros(1, y.DType) : y;
        return Convolve(x, y);
    }

    /// <summary>The quotient and the remainder of two polynomials.</summary>
    public static (NDArray Quotient, NDArray Remainder) PolyDiv(NDArray u, NDArray v, bool trimLeadingZeros = false)
    {
        Argument.Given(u);
        Argument.Given(v);
        var promoted = Promotion.PromoteInexact(AtLeast1D(u), AtLeast1D(v));
        var (dividend, divisor) = (promoted[0], promoted[1]);
        int m = dividend.Shape[0] - 1;
        int n = divisor.Shape[0] - 1;
        var scale = Divide(1.0, divisor[0]);
        var quotient = new List<NDArray>();
        for (int k = 0; k <= m - n; k++)
        {
            var factor = Multiply(scale, dividend[k]);
            quotient.Add(factor);
            dividend = dividend.At[k..(k + n + 1)].Add(Negative(Multiply(factor, divisor)));
        }

        if (trimLeadingZeros)
        {
            dividend = TrimZeros(dividend, "f");
        }

        return (quotient.Count == 0 ? Zeros(Math.Max(m - n + 1, 1), dividend.DType) : Stack(quotient), dividend);
    }

    /// <summary>The values of a polynomial.</summary>
    /// <param name="p">Coefficients along the first axis; the others broadcast with <paramref name="x"/>.</param>
    /// <param name="x">Where to evaluate.</param>
    /// <param name="unroll">Accepted for likeness.</param>
    public static NDArray PolyVal(NDArray p, NDArray x, int unroll = 16)
    {
        Argument.Given(p);
        if (p.Ndim == 0)
        {
            throw new ShapeException($"polyval needs coefficients along the first axis; got {p.Type}.");
        }

        var promoted = Promotion.PromoteInexact(p, x);
        var (coefficients, at) = (promoted[0], promoted[1]);
        var shape = Broadcasting.Common("polyval", coefficients.Shape.Without(0), at.Shape);
        at = Broadcasting.To(at, shape, "polyval");
        var result = Ops.Full(shape, 0, at.DType);
        for (int i = 0; i < coefficients.Shape[0]; i++)
        {
            result = Ops.Add(Ops.Mul(result, at), Broadcasting.To(Ops.At(coefficients, 0, i), shape, "polyval"));
        }

        return result;
    }

    /// <summary>The mth derivative of a polynomial.</summary>
    public static NDArray PolyDer(NDArray p, int m = 1)
    {
        Argument.Given(p);
        if (m < 0)
        {
            throw new JaxArgumentException($"polyder got m={m}; it must not be negative. Use Jnp.PolyInt.");
        }

        RequireCoefficients("polyder", p);

        if (m == 0)
        {
            return p;
        }

        var x = Promotion.ToInexact(p);
        int n = x.Shape[0];
        if (m >= n)
        {
            return Zeros(0, x.DType);
        }

        double[] factors =
        [
            .. Enumerable
                .Range(0, n - m)
                .Select(i => Enumerable.Range(0, m).Aggregate(1.0, (product, k) => product * (n - 1 - i - k))),
        ];
        return Ops.Mul(Ops.SliceAxis(x, 0, 0, n - m), Array(factors, x.DType));
    }

    /// <summary>The mth integral of a polynomial, with constants k.</summary>
    public static NDArray PolyInt(NDArray p, int m = 1, NDArray? k = null)
    {
        Argument.Given(p);
        if (m < 0)
        {
            throw new JaxArgumentException($"polyint got m={m}; it must not be negative. Use Jnp.PolyDer.");
        }

        RequireCoefficients("polyint", p);

        var constants = AtLeast1D(k ?? 0);
        var promoted = Promotion.PromoteInexact(p, constants);
        var x = promoted[0];
        constants = promoted[1].Shape[0] == 1 ? Broadcasting.To(promoted[1], m, "polyint") : promoted[1];
        if (constants.Shape != new Shape(m))
        {
            throw new ShapeException($"polyint needs {m} constants k or one; got {constants.Type}.");
        }

        if (m == 0)
        {
            return p;
        }

        int n = x.Shape[0];
        var all = Ops.Concatenate([x, constants], 0);
        double[] divisors =
        [
            .. Enumerable
                .Range(0, n + m)
                .Select(i =>
                    Enumerable
                        .Range(0, m)
                        .Select(j => Math.Max(1, n + m - 1 - i - j))
                        .Where((_, j) => i < n || j < n + m - 1 - i)
                        .Aggregate(1.0, (product, factor) => product * factor)
                ),
        ];
        return Ops.Div(all, Array(divisors, x.DType));
    }

    /// <summary>The coefficients of the polynomial with given roots, from the highest power down; the scalar 1 without roots.</summary>
    /// <param name="seqOfZeros">The roots: a vector, or one number.</param>
    public static NDArray Poly(NDArray seqOfZeros)
    {
        Argument.Given(seqOfZeros);
        var zeros = Promotion.ToInexact(AtLeast1D(seqOfZeros));
        if (zeros.Ndim != 1)
        {
            throw new ShapeException(
                $"poly needs a vector of roots; got {seqOfZeros.Type}. For the characteristic polynomial of a matrix give its eigenvalues."
            );
        }

        if (zeros.Shape[0] == 0)
        {
            return Ones(JaxSharp.Shape.Scalar, zeros.DType);
        }

        var result = Ones(1, zeros.DType);
        for (int i = 0; i < zeros.Shape[0]; i++)
        {
            var factor = Ops.Concatenate([Ones(1, zeros.DType), Ops.Neg(Ops.SliceAxis(zeros, 0, i, i + 1))], 0);
            result = Convolve(result, factor);
        }

        return result;
    }

    private static NDArray Combine(string caller, NDArray a1, NDArray a2, Func<NDArray, NDArray, NDArray> combine)
    {
        var promoted = Promotion.Promote(a1, a2);
        var (x, y) = (promoted[0], promoted[1]);
        if (x.Ndim != 1 || y.Ndim != 1)
        {
            throw new ShapeException($"{caller} needs two vectors of coefficients; got {a1.Type} and {a2.Type}.");
        }

        int n = Math.Max(x.Shape[0], y.Shape[0]);
        return combine(Longer(x), Longer(y));

        NDArray Longer(NDArray p) =>
            Ops.Pad(p, Ops.Full(JaxSharp.Shape.Scalar, 0, p.DType, p.WeakType), [n - p.Shape[0]], [0]);
    }

    private static void RequireCoefficients(string caller, NDArray p)
    {
        if (p.Ndim != 1)
        {
            throw new ShapeException($"{caller} needs a vector of coefficients; got {p.Type}.");
        }
    }
}
