using System;
using System.Globalization;
using System.Numerics;

namespace JaxSharp.Arrays;

/// <summary>Numbers in Python's format specifications: <c>.3f</c>, <c>5d</c>, <c>+.2e</c>, <c>g</c>.</summary>
internal static class PythonFormat
{
    /// <summary>Up to a number of significant digits, in the shorter of the two notations (Python's <c>%g</c>).</summary>
    public static string General(double value, int digits)
    {
        if (!double.IsFinite(value))
        {
            return FloatText.Scalar(value, DType.F64);
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        digits = Math.Max(1, digits);
        string scientific = value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture);
        int mark = scientific.IndexOf('E');
        int exponent = int.Parse(scientific[(mark + 1)..], CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= digits)
        {
            string mantissa = scientific[..mark];
            mantissa = mantissa.Contains('.') ? mantissa.TrimEnd('0').TrimEnd('.') : mantissa;
            return mantissa + "e" + FloatText.ExponentText(exponent, 2);
        }

        string text = value.ToString("F" + Math.Max(0, digits - 1 - exponent), CultureInfo.InvariantCulture);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A number in a format specification.</summary>
    /// <exception cref="JaxArgumentException">The specification is not understood.</exception>
    public static string Format(DeviceArray scalar, string specification)
    {
        string rest = specification;
        char sign = '-';
        if (rest.Length > 0 && rest[0] is '+' or '-' or ' ')
        {
            sign = rest[0];
            rest = rest[1..];
        }

        bool zeros = rest.Length > 0 && rest[0] == '0';
        char kind =
            rest.Length > 0 && char.IsLetter(rest[^1]) ? rest[^1]
            : scalar.DType.IsInexact ? 'g'
            : 'd';
        rest = rest.Length > 0 && char.IsLetter(rest[^1]) ? rest[..^1] : rest;
        string[] parts = rest.Split('.');
        if (
            parts.Length > 2
            || !TryNumber(parts[0], 0, out int width)
            || !TryNumber(parts.Length > 1 ? parts[1] : "", 6, out int precision)
            || !"fFeEgGdxb".Contains(kind)
            || scalar.DType.IsComplex
        )
        {
            throw new JaxArgumentException(
                $"The format \"{specification}\" does not fit {scalar.Type}. Use forms such as \".3f\", \".2e\", \"g\" and \"5d\"."
            );
        }

        double value = scalar.ItemDouble(0);
        string text = kind switch
        {
            'f' or 'F' => value.ToString("F" + precision, CultureInfo.InvariantCulture),
            'e' or 'E' => Scientific(value, precision),
            'g' or 'G' => General(value, precision),
            _ when scalar.DType.IsFloating => throw new JaxArgumentException(
                $"The format \"{specification}\" is for integers; got {scalar.Type}."
            ),
            'x' => scalar.ItemInt(0).ToString("x", CultureInfo.InvariantCulture),
            'b' => scalar.ItemInt(0).ToString("b", CultureInfo.InvariantCulture),
            _ => new BigInteger(value).ToString(CultureInfo.InvariantCulture),
        };
        if (sign != '-' && text[0] != '-')
        {
            text = sign + text;
        }

        if (!zeros)
        {
            return text.PadLeft(width);
        }

        int digits = text[0] is '+' or '-' or ' ' ? 1 : 0;
        return text[..digits] + text[digits..].PadLeft(width - digits, '0');
    }

    private static string Scientific(double value, int precision)
    {
        string text = value.ToString("E" + precision, CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E');
        return mark < 0
            ? text
            : text[..mark]
                + "e"
                + FloatText.ExponentText(int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture), 2);
    }

    private static bool TryNumber(string text, int standard, out int number)
    {
        number = standard;
        return text.Length == 0 || int.TryParse(text, CultureInfo.InvariantCulture, out number);
    }
}
