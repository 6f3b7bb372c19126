using System;
using System.Numerics;

namespace JaxSharp.Goldens;

/// <summary>Compares raw arrays the way the goldens demand.</summary>
public static class Comparison
{
    /// <summary>The first difference in words, or null where the arrays agree.</summary>
    public static string? Difference(ArrayValue got, ArrayValue expected, Tolerance tolerance, bool exact)
    {
        if (got.DType != expected.DType)
        {
            return $"dtype {got.DType}, expected {expected.DType}";
        }

        if (!got.Shape.AsSpan().SequenceEqual(expected.Shape))
        {
            return $"shape {got}, expected {expected}";
        }

        if (got.Weak != expected.Weak)
        {
            return $"weak type {got.Weak}, expected {expected.Weak}";
        }

        return ElementDifference(got, expected, tolerance, exact);
    }

    /// <summary>Like <see cref="Difference"/>, without dtype, shape and weak type.</summary>
    public static string? ElementDifference(ArrayValue got, ArrayValue expected, Tolerance tolerance, bool exact)
    {
        string dtype = expected.DType;
        bool isFloat = ElementReader.IsFloating(dtype) || ElementReader.IsComplex(dtype);
        int size = ElementReader.SizeOf(dtype);
        int different = 0;
        string? first = null;
        for (int i = 0; i < expected.Size; i++)
        {
            bool same = got.Data.AsSpan(i * size, size).SequenceEqual(expected.Data.AsSpan(i * size, size));
            if (!same && (isFloat || !tolerance.IsExact || dtype is "u4" or "i4"))
            {
                Complex a = ElementReader.Read(dtype, got.Data, i);
                Complex b = ElementReader.Read(dtype, expected.Data, i);
                same = Close(a, b, tolerance, exact);
            }

            if (!same)
            {
                different++;
                first ??=
                    $"[{i}] is {Show(dtype, got, i)}, expected {Show(dtype, expected, i)}"
                    + $" (rtol {tolerance.Relative:G3}, atol {tolerance.Absolute:G3})";
            }
        }

        return different == 0 ? null : $"{different} of {expected.Size} elements differ; {first}";
    }

    private static string Show(string dtype, ArrayValue array, int index)
    {
        Complex value = ElementReader.Read(dtype, array.Data, index);
        return ElementReader.IsComplex(dtype) ? value.ToString("G9") : value.Real.ToString("G9");
    }

    /// <summary>|a − b| ≤ atol + rtol·|b|; NaN equals NaN, infinities are exact.</summary>
    public static bool Close(Complex a, Complex b, Tolerance tolerance, bool exact)
    {
        if (exact)
        {
            return ClosePart(a.Real, b.Real, tolerance, true) && ClosePart(a.Imaginary, b.Imaginary, tolerance, true);
        }

        if (Complex.IsFinite(a) && Complex.IsFinite(b))
        {
            return Complex.Abs(a - b) <= tolerance.Absolute + tolerance.Relative * Complex.Abs(b);
        }

        return ClosePart(a.Real, b.Real, tolerance, false) && ClosePart(a.Imaginary, b.Imaginary, tolerance, false);
    }

    private static bool ClosePart(double a, double b, Tolerance tolerance, bool exact)
    {
        if (double.IsNaN(b) || double.IsNaN(a))
        {
            return double.IsNaN(a) && double.IsNaN(b);
        }

        if (double.IsInfinity(a) || double.IsInfinity(b))
        {
            return a == b;
        }

        if (exact && a == 0 && b == 0)
        {
            return double.IsNegative(a) == double.IsNegative(b);
        }

        return Math.Abs(a - b) <= tolerance.Absolute + tolerance.Relative * Math.Abs(b);
    }
}
