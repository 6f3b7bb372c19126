using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;

namespace JaxSharp.Ir;

/// <summary>
/// Makes primitives from their printed names and parameters. A printed parameter belongs to the record's own of the same name, or
/// else to the next that is left. Only the parser needs this: programs that run are made of objects.
/// </summary>
internal static class PrimitiveFactory
{
    private static readonly Lazy<Dictionary<string, ConstructorInfo>> Constructors = new(FindConstructors);

    /// <summary>All kinds of primitives, by the name that they print.</summary>
    public static IReadOnlyCollection<string> Names => Constructors.Value.Keys;

    /// <summary>A primitive with the given programs, in printed order, and named parameters.</summary>
    /// <exception cref="FormatException">There is no such primitive, or a parameter cannot be read.</exception>
    public static Primitive Make(
        string name,
        IReadOnlyList<Jaxpr> jaxprs,
        IReadOnlyList<(string Name, string Value)> parameters
    )
    {
        if (!Constructors.Value.TryGetValue(name, out var constructor))
        {
            throw new FormatException($"no primitive is named {name}");
        }

        var wanted = constructor.GetParameters();
        int nextJaxpr = 0;
        object?[] arguments = new object?[wanted.Length];
        string?[] values = Assign(wanted, parameters);
        for (int i = 0; i < wanted.Length; i++)
        {
            var type = wanted[i].ParameterType;
            if (type == typeof(Jaxpr) && nextJaxpr < jaxprs.Count)
            {
                arguments[i] = jaxprs[nextJaxpr++];
            }
            else if (type == typeof(EquatableArray<Jaxpr>))
            {
                arguments[i] = new EquatableArray<Jaxpr>([.. jaxprs.Skip(nextJaxpr)]);
                nextJaxpr = jaxprs.Count;
            }
            else if (values[i] is { } value)
            {
                arguments[i] = Read(value, type);
            }
            else if (wanted[i].HasDefaultValue)
            {
                arguments[i] = wanted[i].DefaultValue;
            }
            else if (type == typeof(bool))
            {
                // Settings that JAX has no parameter for are printed only where they are on.
                arguments[i] = false;
            }
            else
            {
                throw new FormatException($"{name} lacks its parameter {wanted[i].Name}");
            }
        }

        return (Primitive)constructor.Invoke(arguments);
    }

    private static string?[] Assign(ParameterInfo[] wanted, IReadOnlyList<(string Name, string Value)> given)
    {
        var values = new string?[wanted.Length];
        var left = new List<string>();
        foreach (var (name, value) in given)
        {
            int same = Array.FindIndex(
                wanted,
                p =>
                    string.Equals(
                        p.Name,
                        name.Replace("_", "", StringComparison.Ordinal),
                        StringComparison.OrdinalIgnoreCase
                    )
            );
            if (same >= 0)
            {
                values[same] = value;
            }
            else
            {
                left.Add(value);
            }
        }

        for (int i = 0, next = 0; i < wanted.Length && next < left.Count; i++)
        {
            if (values[i] is null && wanted[i].ParameterType != typeof(Jaxpr))
            {
                values[i] = left[next++];
            }
        }

        return values;
    }

    private static Dictionary<string, ConstructorInfo> FindConstructors()
    {
        var result = new Dictionary<string, ConstructorInfo>();
        foreach (var type in typeof(Primitive).Assembly.GetTypes())
        {
            if (type.IsAbstract || !type.IsSubclassOf(typeof(Primitive)))
            {
                continue;
            }

            var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Where(c => !(c.GetParameters().Length == 1 && c.GetParameters()[0].ParameterType == type))
                .MaxBy(c => c.GetParameters().Length)!;
            object?[] defaults = [.. constructor.GetParameters().Select(p => Default(p.ParameterType))];
            try
            {
                result.TryAdd(((Primitive)constructor.Invoke(defaults)).Name, constructor);
            }
            catch (Exception e) when (e is TargetInvocationException or NullReferenceException)
            {
                // A primitive that cannot be made without its parameters has no text form.
                continue;
            }
        }

        return result;
    }

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static object? Read(string text, Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return text == "None" ? null : Read(text, underlying);
        }

        if (type == typeof(bool))
        {
            return text == "True";
        }

        if (type == typeof(string))
        {
            return text == "None" ? null : text;
        }

        if (type == typeof(DType))
        {
            return text == "None"
                ? null
                : DType.Parse(text) ?? throw new FormatException($"'{text}' is no element type");
        }

        if (type == typeof(Shape))
        {
            return new Shape([.. Items(text).Select(item => int.Parse(item, CultureInfo.InvariantCulture))]);
        }

        if (type.IsEnum)
        {
            return int.TryParse(text, CultureInfo.InvariantCulture, out int number)
                ? Enum.ToObject(type, number)
                : Enum.Parse(type, text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        }

        if (type.IsPrimitive)
        {
            // One axis is printed as a list of one where JAX's parameter is a list.
            text = text.StartsWith('(') ? Items(text)[0] : text;
            return Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EquatableArray<>))
        {
            var element = type.GetGenericArguments()[0];
            var items = Items(text).Select(item => Read(item, element)).ToArray();
            var array = Array.CreateInstance(element, items.Length);
            items.CopyTo(array, 0);
            return Activator.CreateInstance(type, array);
        }

        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
        {
            var elements = type.GetGenericArguments();
            return Activator.CreateInstance(type, [.. Items(text).Select((item, i) => Read(item, elements[i]))]);
        }

        if (
            type.GetMethod(
                "Parse",
                BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic,
                [typeof(string)]
            ) is
            { } parse
        )
        {
            return parse.Invoke(null, [text]);
        }

        if (type.GetMethod("op_Implicit", [typeof(int[])]) is { } fromNumbers)
        {
            return fromNumbers.Invoke(
                null,
                [((EquatableArray<int>)Read(text, typeof(EquatableArray<int>))!).ToArray()]
            );
        }

        if (
            text.StartsWith('(')
            && type.GetConstructors().FirstOrDefault(c => c.GetParameters().Length > 1) is { } record
        )
        {
            var parts = record.GetParameters();
            var items = Items(text);
            items = items.Count == parts.Length ? items : [.. items.SelectMany(Items)];
            return record.Invoke([.. items.Select((item, i) => Read(item, parts[i].ParameterType))]);
        }

        throw new FormatException($"parameters of type {type.Name} cannot be read");
    }

    /// <summary>The parts of a list in parentheses, apart by commas outside of inner brackets.</summary>
    private static List<string> Items(string text)
    {
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')')
        {
            throw new FormatException($"'{text}' is no list");
        }

        var items = new List<string>();
        var item = new StringBuilder();
        int depth = 0;
        foreach (char c in text.AsSpan(1, text.Length - 2))
        {
            depth +=
                c == '(' ? 1
                : c == ')' ? -1
                : 0;
            if (c == ',' && depth == 0)
            {
                items.Add(item.ToString().Trim());
                item.Clear();
            }
            else
            {
                item.Append(c);
            }
        }

        if (item.ToString().Trim().Length > 0)
        {
            items.Add(item.ToString().Trim());
        }

        return items;
    }
}
