using System;
using System.Globalization;

namespace JaxSharp.Arrays;

/// <summary>The shortest decimal digits that identify a number, and NumPy's two notations of them.</summary>
internal readonly struct FloatText
{
    private readonly bool negative;
    private readonly string digits;

    // The number is d.ddd·10^exponent.
    private readonly int exponent;
    private readonly double value;

    private FloatText(double value, string digits, int exponent)
    {
        this.value = value;
        negative = double.IsNegative(value);
        this.digits = digits;
        this.exponent = exponent;
    }

    /// <summary>The digits of a finite number of an element type.</summary>
    public static FloatText Of(double value, DType dtype)
    {
        double magnitude = Math.Abs(value);
        if (magnitude == 0)
        {
            return new FloatText(value, "0", 0);
        }

        string text = dtype.RealType.Code switch
        {
            DTypeCode.F64 => magnitude.ToString("R", CultureInfo.InvariantCulture),
            DTypeCode.F16 => ((Half)magnitude).ToString(CultureInfo.InvariantCulture),
            _ => ((float)magnitude).ToString("R", CultureInfo.InvariantCulture),
        };
        return Parse(value, text);
    }

    /// <summary>Positional notation: the whole part and the digits after the point.</summary>
    public (string Whole, string Fraction) Positional(int precision)
    {
        string sign = negative ? "-" : "";
        int decimals = digits.Length - 1 - exponent;
        if (decimals > precision)
        {
            string rounded = Math.Abs(value).ToString("F" + precision, CultureInfo.InvariantCulture);
            int point = rounded.IndexOf('.');
            return point < 0 ? (sign + rounded, "") : (sign + rounded[..point], rounded[(point + 1)..].TrimEnd('0'));
        }

        if (exponent < 0)
        {
            return (sign + "0", new string('0', -exponent - 1) + digits.TrimEnd('0'));
        }

        return digits.Length <= exponent + 1
            ? (sign + digits.PadRight(exponent + 1, '0'), "")
            : (sign + digits[..(exponent + 1)], digits[(exponent + 1)..].TrimEnd('0'));
    }

    /// <summary>Scientific notation: the digit before the point, those after it, and the exponent.</summary>
    public (string Whole, string Fraction, int Exponent) Scientific(int precision)
    {
        string sign = negative ? "-" : "";
        if (digits.Length - 1 <= precision)
        {
            return (sign + digits[..1], digits[1..].TrimEnd('0'), exponent);
        }

        string rounded = Math.Abs(value).ToString("E" + precision, CultureInfo.InvariantCulture);
        int mark = rounded.IndexOf('E');
        int power = int.Parse(rounded[(mark + 1)..], CultureInfo.InvariantCulture);
        return (sign + rounded[..1], mark > 1 ? rounded[2..mark].TrimEnd('0') : "", power);
    }

    /// <summary>The text of a single number, as Python prints it.</summary>
    public static string Scalar(double value, DType dtype)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan"
                : value > 0 ? "inf"
                : "-inf";
        }

        var text = Of(value, dtype);
        double magnitude = Math.Abs(value);
        if (magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e16))
        {
            var (whole, fraction) = text.Positional(400);
            return $"{whole}.{(fraction.Length == 0 ? "0" : fraction)}";
        }

        var (digit, rest, exponent) = text.Scientific(400);
        return $"{digit}{(rest.Length == 0 ? "" : "." + rest)}e{ExponentText(exponent, 2)}";
    }

    /// <summary>An exponent with its sign and at least two digits.</summary>
    public static string ExponentText(int exponent, int width) =>
        (exponent < 0 ? "-" : "+")
        + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(Math.Max(2, width), '0');

    private static FloatText Parse(double value, string text)
    {
        int mark = text.IndexOf('E');
        int power = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture);
        string number = mark < 0 ? text : text[..mark];
        int point = number.IndexOf('.');
        string whole = point < 0 ? number : number[..point];
        string all = whole + (point < 0 ? "" : number[(point + 1)..]);
        int leading = all.Length - all.TrimStart('0').Length;
        string significant = all[leading..].TrimEnd('0');
        return new FloatText(value, significant.Length == 0 ? "0" : significant, power + whole.Length - 1 - leading);
    }
}
