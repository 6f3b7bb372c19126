using System;
using System.Text;

namespace JaxSharp.Haiku;

/// <summary>The rules by which module names are made, checked and numbered.</summary>
internal static class Names
{
    /// <summary>
    /// The default name of a class or method: an underscore goes before an upper-case letter that follows a lower-case letter or a
    /// digit, or that is not the first and precedes a lower-case letter; <c>Conv2DTranspose</c> becomes <c>conv2_d_transpose</c>.
    /// </summary>
    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            bool afterWord = i > 0 && (char.IsAsciiLetterLower(name[i - 1]) || char.IsAsciiDigit(name[i - 1]));
            bool startsWord = i > 0 && i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]);
            if (char.IsAsciiLetterUpper(name[i]) && (afterWord || startsWord))
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    /// <summary>The name of a class without the mark of its number of type arguments.</summary>
    public static string OfType(Type type)
    {
        int mark = type.Name.IndexOf('`', StringComparison.Ordinal);
        return mark < 0 ? type.Name : type.Name[..mark];
    }

    /// <summary>Whether a text is a letter or underscore followed by letters, digits and underscores.</summary>
    public static bool IsIdentifier(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Splits <c>linear_3</c> into <c>linear</c> and 3; a name without a number, or with one such as <c>_007</c>, has none.</summary>
    public static (string Stem, int? Number) SplitNumber(string name)
    {
        int digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
        {
            digits--;
        }

        bool isNumber = digits < name.Length && digits >= 2 && name[digits - 1] == '_';
        bool isPadded = isNumber && name[digits] == '0' && name.Length - digits > 1;
        return isNumber && !isPadded && int.TryParse(name.AsSpan(digits), out int number)
            ? (name[..(digits - 1)], number)
            : (name, null);
    }
}
