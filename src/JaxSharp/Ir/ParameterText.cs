using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace JaxSharp.Ir;

/// <summary>
/// Values of parameters as text and back: <c>None</c>, <c>True</c>, numbers, names, element types, lists such as <c>(1,2)</c> and
/// records, which are lists of their members, <c>((1,),(0,))</c>, or name them, <c>WindowDimension(stride=1, low=0)</c>.
/// </summary>
internal static class ParameterText
{
    private const BindingFlags Any =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>The text of a value.</summary>
    public static string Write(object? value) =>
        value switch
        {
            null => "None",
            string text => text,
            DType dtype => dtype.LongName,
            ITuple tuple => List(Enumerable.Range(0, tuple.Length).Select(i => tuple[i])),
            IEnumerable items => List(items.Cast<object?>()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };

    /// <summary>The value of a type that a text stands for.</summary>
    /// <exception cref="FormatException">The text is no such value.</exception>
    public static object? Read(string text, Type type)
    {
        var nullable = Nullable.GetUnderlyingType(type);
        if (text == "None")
        {
            return nullable is null && type.IsValueType ? throw new FormatException($"'None' is no {type.Name}") : null;
        }

        type = nullable ?? type;
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(DType))
        {
            return DType.Parse(text) ?? throw new FormatException($"'{text}' is no element type");
        }

        if (type.IsEnum)
        {
            return Enum.TryParse(type, text, out object? value) && Enum.IsDefined(type, value)
                ? value
                : throw new FormatException($"'{text}' is no {type.Name}");
        }

        if (type.IsPrimitive)
        {
            try
            {
                return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
            }
            catch (OverflowException)
            {
                throw new FormatException($"'{text}' is no {type.Name}");
            }
        }

        if (type == typeof(Shape))
        {
            return new Shape(Numbers(text));
        }

        if (type == typeof(Dims))
        {
            return new Dims(Numbers(text));
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>))
        {
            var element = type.GetGenericArguments()[0];
            object?[] items = [.. Items(text).Select(item => Read(item, element))];
            var array = Array.CreateInstance(element, items.Length);
            items.CopyTo(array, 0);
            return Activator.CreateInstance(type, array);
        }

        if (type.GetMethod("Parse", Any, [typeof(string)]) is { } parse)
        {
            return parse.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [text], null);
        }

        return Record(text, type);
    }

    private static int[] Numbers(string text) =>
        [
            .. Items(text)
                .Select(item =>
                    int.TryParse(item, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                        ? number
                        : throw new FormatException($"'{item}' is no integer")
                ),
        ];

    private static string List(IEnumerable<object?> items)
    {
        string[] texts = [.. items.Select(Write)];
        return texts.Length == 1 ? $"({texts[0]},)" : $"({string.Join(",", texts)})";
    }

    private static object Record(string text, Type type)
    {
        var constructor = type.GetConstructors(Any).MaxBy(c => c.GetParameters().Length)!;
        var wanted = constructor.GetParameters();
        bool named = text.StartsWith(type.Name, StringComparison.Ordinal);
        var items = Items(named ? text[type.Name.Length..] : text);
        if (!named && items.Count != wanted.Length && items.TrueForAll(item => item.StartsWith('(')))
        {
            // Members may stand in groups.
            items = [.. items.SelectMany(Items)];
        }

        if (items.Count != wanted.Length)
        {
            throw new FormatException($"'{text}' has not the {wanted.Length} members of {type.Name}");
        }

        object?[] arguments = new object?[wanted.Length];
        for (int i = 0; i < items.Count; i++)
        {
            int at = i;
            string value = items[i];
            if (named)
            {
                string[] pair = value.Split('=', 2);
                string name = pair[0].Replace("_", "", StringComparison.Ordinal);
                at = Array.FindIndex(wanted, p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
                if (at < 0 || pair.Length != 2)
                {
                    throw new FormatException($"'{value}' is no member of {type.Name}");
                }

                value = pair[1];
            }

            arguments[at] = Read(value, wanted[at].ParameterType);
        }

        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }

    /// <summary>The parts of a list in parentheses, apart by commas outside of inner parentheses.</summary>
    private static List<string> Items(string text)
    {
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')')
        {
            throw new FormatException($"'{text}' is no list");
        }

        var items = new List<string>();
        int depth = 0;
        int start = 1;
        for (int i = 1; i < text.Length; i++)
        {
            char c = text[i];
            if (depth == 0 && c is ',' or ')' && i > start)
            {
                items.Add(text[start..i].Trim());
            }

            if (depth == 0 && c == ',')
            {
                start = i + 1;
            }

            depth +=
                c is '(' or '[' ? 1
                : c is ')' or ']' ? -1
                : 0;
        }

        return items;
    }
}
