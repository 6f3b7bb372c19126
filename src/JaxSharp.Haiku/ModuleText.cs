using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using JaxSharp.Arrays;
using JaxSharp.Transforms;

namespace JaxSharp.Haiku;

/// <summary>A value whose text among the arguments of a module differs from what its <c>ToString</c> gives.</summary>
internal interface IPrintedArgument
{
    /// <summary>The value as Python would print it.</summary>
    string Print();
}

/// <summary>
/// Modules as Haiku prints them: the class and the arguments of the constructor that differ from their defaults. Values come from
/// properties and fields of the same names as the parameters.
/// </summary>
internal static class ModuleText
{
    private const int Width = 80;
    private const BindingFlags Members =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<Type, Argument[]> Arguments = [];

    public static string Of(Hk.Module module)
    {
        if (!Hk.Config.ModuleAutoRepr)
        {
            return module.GetType().ToString();
        }

        var given = Arguments
            .GetValue(module.GetType(), Find)
            .Select(argument => (argument.Name, Value: argument.Get(module), argument.Default))
            .Where(argument => !Equals(argument.Value, argument.Default))
            .ToArray();
        string line = $"{module.ClassName}({string.Join(", ", given.Select(a => $"{a.Name}={Print(a.Value)}"))})";
        return line.Length <= Width
            ? line
            : $"{module.ClassName}(\n{string.Concat(given.Select(a => Indent($"{a.Name}=", Pretty(a.Value)) + ",\n"))})";
    }

    /// <summary>A value as Python prints it.</summary>
    public static string Print(object? value) =>
        value switch
        {
            null => "None",
            bool flag => flag ? "True" : "False",
            string text => $"'{text}'",
            Hk.ScopeName name => $"'{name}'",
            double or float => FloatText.Scalar(Convert.ToDouble(value), DType.F64),
            IPrintedArgument own => own.Print(),
            NDArray array => PrintArray(array),
            DType dtype => dtype.LongName,
            Delegate { Target: Hk.Module module, Method.Name: "Call" } => Of(module),
            Delegate function => $"<function {Names.SnakeCase(FunctionName.Of(function))}>",
            Dims { Count: 1 } dims => $"{dims[0]}",
            Dims or Shape => Tuple(((IEnumerable<int>)value).Cast<object?>()),
            Range range => $"slice({Bound(range.Start)}, {Bound(range.End)}, None)",
            ITuple tuple => Tuple(Enumerable.Range(0, tuple.Length).Select(i => tuple[i])),
            IDictionary map => Dictionary(map),
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Print))}]",
            _ => $"{value}",
        };

    /// <summary>The same; a list that is too long for a line has a line for each item.</summary>
    private static string Pretty(object? value)
    {
        string text = Print(value);
        return text.Length > Width && value is IEnumerable items and not (string or IDictionary or NDArray)
            ? $"[{string.Join(",\n ", items.Cast<object?>().Select(Pretty))}]"
            : text;
    }

    // Lines after the first begin below the value.
    private static string Indent(string name, string value) =>
        $"    {name}{value.Replace("\n", "\n" + new string(' ', 4 + name.Length), StringComparison.Ordinal)}";

    private static string PrintArray(NDArray array) =>
        ArrayFormatter.Repr(array) is var text && text.StartsWith("Array", StringComparison.Ordinal)
            ? "array" + text["Array".Length..]
            : text;

    private static string Tuple(IEnumerable<object?> items)
    {
        string[] texts = [.. items.Select(Print)];
        return texts.Length == 1 ? $"({texts[0]},)" : $"({string.Join(", ", texts)})";
    }

    private static string Dictionary(IDictionary map) =>
        $"{{{string.Join(", ", map.Keys.Cast<object>().Select(key => $"{Print(key)}: {Print(map[key])}"))}}}";

    private static string Bound(Index index) =>
        index is { IsFromEnd: true, Value: 0 } ? "None"
        : index.IsFromEnd ? $"-{index.Value}"
        : $"{index.Value}";

    private static Argument[] Find(Type type)
    {
        var parameters = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(constructor => constructor.GetParameters())
            .MaxBy(parameters => parameters.Length);
        return [.. (parameters ?? []).Select(parameter => Argument.Of(type, parameter)).OfType<Argument>()];
    }

    private sealed record Argument(string Name, object? Default, Func<Hk.Module, object?> Get)
    {
        public static Argument? Of(Type type, ParameterInfo parameter)
        {
            // What a parameter without a default has is never equal to it.
            object? missing = parameter.HasDefaultValue ? parameter.DefaultValue : new object();
            if (parameter.ParameterType == typeof(Hk.ScopeName))
            {
                return new Argument("name", missing, module => module.GivenName);
            }

            string name = Names.SnakeCase(parameter.Name!);
            for (var t = type; t is not null && t != typeof(Hk.Module); t = t.BaseType)
            {
                if (
                    t.GetProperties(Members)
                        .FirstOrDefault(p => p.GetIndexParameters().Length == 0 && IsNamed(p.Name, parameter)) is
                    { } property
                )
                {
                    return new Argument(name, missing, module => property.GetValue(module));
                }

                if (t.GetFields(Members).FirstOrDefault(f => IsNamed(f.Name, parameter)) is { } field)
                {
                    return new Argument(name, missing, module => field.GetValue(module));
                }
            }

            return null;
        }

        // Fields that the compiler makes for parameters are named <name>P.
        private static bool IsNamed(string member, ParameterInfo parameter) =>
            string.Equals(member.TrimStart('_'), parameter.Name, StringComparison.OrdinalIgnoreCase)
            || member == $"<{parameter.Name}>P";
    }
}
