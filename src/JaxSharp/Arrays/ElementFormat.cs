using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

namespace JaxSharp.Arrays;

/// <summary>The text of the elements of one array, padded to a common width as NumPy does.</summary>
internal abstract class ElementFormat
{
    /// <summary>The text of the element at a flat index.</summary>
    public abstract string Format(long index);

    /// <summary>The format that fits the elements at the given flat indices.</summary>
    public static ElementFormat Create(DeviceArray array, IReadOnlyList<long> shown, FormatOptions options)
    {
        if (array.DType.IsComplex)
        {
            return new ComplexFormat(array, shown, options);
        }

        if (array.DType.Code == DTypeCode.BF16)
        {
            return new ShortFormat(array, options.AsPythonNumbers);
        }

        if (array.DType.IsFloating)
        {
            return new FloatFormat(array.ItemDouble, array.DType, shown, options, alwaysSign: false);
        }

        return array.DType.Code switch
        {
            DTypeCode.Float0 => new NothingFormat(),
            DTypeCode.Bool => new BoolFormat(array),
            _ => new IntegerFormat(array, shown),
        };
    }

    /// <summary>How NumPy writes elements without bytes.</summary>
    private sealed class NothingFormat : ElementFormat
    {
        public override string Format(long index) => "(b'',)";
    }

    private sealed class BoolFormat(DeviceArray array) : ElementFormat
    {
        public override string Format(long index) =>
            array.ItemInt(index) == 0 ? "False"
            : array.Ndim == 0 ? "True"
            : " True";
    }

    private sealed class IntegerFormat(DeviceArray array, IReadOnlyList<long> shown) : ElementFormat
    {
        private readonly int width = shown.Count == 0 ? 0 : shown.Max(i => Text(array, i).Length);

        public override string Format(long index) => Text(array, index).PadLeft(width);

        public static string Text(DeviceArray array, long index) =>
            array.DType.Code == DTypeCode.U64
                ? ((ulong)array.ItemInt(index)).ToString(CultureInfo.InvariantCulture)
                : array.ItemInt(index).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Six significant digits, unpadded: what bfloat16 elements look like.</summary>
    private sealed class ShortFormat(DeviceArray array, bool asArrays) : ElementFormat
    {
        public override string Format(long index)
        {
            string text = PythonFormat.General(array.ItemDouble(index), 6);
            return asArrays ? $"Array({text}, dtype={array.DType.LongName})" : text;
        }
    }

    private sealed class ComplexFormat : ElementFormat
    {
        private readonly FloatFormat real;
        private readonly FloatFormat imaginary;

        public ComplexFormat(DeviceArray array, IReadOnlyList<long> shown, FormatOptions options)
        {
            Func<long, Complex> item = array.ItemComplex;
            real = new FloatFormat(i => item(i).Real, array.DType, shown, options, alwaysSign: false);
            imaginary = new FloatFormat(i => item(i).Imaginary, array.DType, shown, options, alwaysSign: true);
        }

        public override string Format(long index)
        {
            string text = imaginary.Format(index);
            int end = text.TrimEnd().Length;
            return real.Format(index) + text[..end] + "j" + text[end..];
        }
    }

    private sealed class FloatFormat : ElementFormat
    {
        private readonly Func<long, double> item;
        private readonly DType printed;
        private readonly bool alwaysSign;
        private readonly int precision;
        private readonly bool scientific;
        private readonly int left;
        private readonly int right;
        private readonly int fractionDigits;
        private readonly int exponentDigits;

        public FloatFormat(
            Func<long, double> item,
            DType dtype,
            IReadOnlyList<long> shown,
            FormatOptions options,
            bool alwaysSign
        )
        {
            this.item = item;
            printed = options.AsPythonNumbers ? DType.F64 : dtype;
            this.alwaysSign = alwaysSign;
            precision = options.Precision;
            double[] values = [.. shown.Select(item)];
            double[] finite = [.. values.Where(double.IsFinite)];
            double[] nonzero = [.. finite.Where(x => x != 0).Select(Math.Abs)];
            scientific =
                nonzero.Length > 0
                && (
                    nonzero.Max() >= 1e8
                    || (!options.SuppressSmall && (nonzero.Min() < 0.0001 || nonzero.Max() / nonzero.Min() > 1000))
                );
            if (scientific)
            {
                var texts = finite.Select(x => FloatText.Of(x, dtype).Scientific(precision)).ToArray();
                fractionDigits = texts.Max(t => t.Fraction.Length);
                exponentDigits = Math.Max(2, texts.Max(t => ExponentLength(t.Exponent)));
                left = finite.Zip(texts).Max(p => Signed(p.First, p.Second.Whole).Length);
                right = exponentDigits + 2 + fractionDigits;
            }
            else if (finite.Length > 0)
            {
                var texts = finite.Select(x => FloatText.Of(x, dtype).Positional(precision)).ToArray();
                left = finite.Zip(texts).Max(p => Signed(p.First, p.Second.Whole).Length);
                right = texts.Max(t => t.Fraction.Length);
            }

            if (finite.Length < values.Length)
            {
                int offset = right + 1;
                if (values.Any(double.IsNaN))
                {
                    left = Math.Max(left, 3 + (alwaysSign ? 1 : 0) - offset);
                }

                if (values.Any(double.IsInfinity))
                {
                    bool signed = alwaysSign || values.Any(double.IsNegativeInfinity);
                    left = Math.Max(left, 3 + (signed ? 1 : 0) - offset);
                }
            }
        }

        public override string Format(long index)
        {
            double value = item(index);
            if (!double.IsFinite(value))
            {
                string name =
                    double.IsNaN(value) ? "nan"
                    : value > 0 ? "inf"
                    : "-inf";
                return ((alwaysSign && value is not double.NegativeInfinity ? "+" : "") + name).PadLeft(
                    left + right + 1
                );
            }

            var text = FloatText.Of(value, printed);
            if (scientific)
            {
                var (digit, rest, exponent) = text.Scientific(fractionDigits);
                return Signed(value, digit).PadLeft(left)
                    + "."
                    + rest.PadRight(fractionDigits, '0')
                    + "e"
                    + FloatText.ExponentText(exponent, exponentDigits);
            }

            var (whole, fraction) = text.Positional(precision);
            return Signed(value, whole).PadLeft(left) + "." + fraction.PadRight(right);
        }

        private static int ExponentLength(int exponent) =>
            Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).Length;

        private string Signed(double value, string text) => alwaysSign && !double.IsNegative(value) ? "+" + text : text;
    }
}

/// <summary>How arrays are printed.</summary>
/// <param name="Precision">The most digits after the point.</param>
/// <param name="SuppressSmall">Whether small numbers print as 0 instead of in scientific notation.</param>
/// <param name="LineWidth">The number of characters of a line.</param>
/// <param name="AsPythonNumbers">Whether elements are written as what they are on their own in Python.</param>
internal sealed record FormatOptions(
    int Precision = 8,
    bool SuppressSmall = false,
    int LineWidth = 75,
    bool AsPythonNumbers = false
);
