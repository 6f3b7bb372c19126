using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Haiku;

namespace JaxSharp.Goldens;

/// <summary>Finds the modules and functions of Haiku by their Python names.</summary>
internal static class ModuleTable
{
    /// <summary>Constructors of the class, or the functions, that a name such as <c>hk.nets.MLP</c> stands for.</summary>
    public static MethodBase[] Makers(string name)
    {
        MethodBase[] constructors =
        [
            .. Owners(name)
                .SelectMany(owner => owner.GetNestedTypes())
                .Where(type => Names.Same(PlainName(type), LastOf(name)) && !type.IsAbstract)
                .SelectMany(GenericInference.CloseOverTrees)
                .SelectMany(type => type.GetConstructors()),
        ];
        return constructors.Length > 0
            ? constructors
            : [.. Functions(name).SelectMany(GenericInference.CloseOverArrays)];
    }

    public static MethodInfo[] Functions(string name) =>
        [
            .. Owners(name)
                .SelectMany(owner => owner.GetMethods(BindingFlags.Public | BindingFlags.Static))
                .Where(method => !method.IsSpecialName && Names.Same(method.Name, LastOf(name))),
            .. Owners(name)
                .SelectMany(owner => owner.GetProperties(BindingFlags.Public | BindingFlags.Static))
                .Where(property => Names.Same(property.Name, LastOf(name)))
                .Select(property => property.GetValue(null))
                .OfType<Delegate>()
                .Select(function => function.Method),
        ];

    /// <summary>The value of a static property, such as <c>hk.DO_NOT_STORE</c>.</summary>
    public static bool TryConstant(string name, out object? value)
    {
        if (!name.StartsWith("hk.", StringComparison.Ordinal))
        {
            value = null;
            return false;
        }

        PropertyInfo? property = Owners(name)
            .SelectMany(owner => owner.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .FirstOrDefault(property => Names.Same(property.Name, LastOf(name)));
        value = property?.GetValue(null);
        return property is not null;
    }

    /// <summary>A public class of Haiku by its name, such as that of a named tuple.</summary>
    public static Type? FindType(string name) =>
        Array.Find(typeof(Hk).GetNestedTypes(), type => Names.Same(PlainName(type), name));

    /// <summary>The first of the modules, initialisers and functions of Haiku in a value that do not exist.</summary>
    public static string? Missing(GoldenValue value) =>
        value switch
        {
            ModuleValue module => MissingOf(module.Name, module.Arguments, module.Keywords),
            InitializerValue initializer => MissingOf(initializer.Name, initializer.Arguments, initializer.Keywords),
            FunctionValue function when function.Name.StartsWith("hk.", StringComparison.Ordinal) => MissingOf(
                function.Name,
                [],
                new Dictionary<string, GoldenValue>()
            ),
            SequenceValue sequence => sequence.Items.Select(Missing).FirstOrDefault(name => name is not null),
            MapValue map => map.Items.Values.Select(Missing).FirstOrDefault(name => name is not null),
            _ => null,
        };

    private static string? MissingOf(
        string name,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords
    ) =>
        Makers(name).Length == 0 && !TryConstant(name, out _)
            ? name
            : arguments.Concat(keywords.Values).Select(Missing).FirstOrDefault(missing => missing is not null);

    private static Type[] Owners(string name)
    {
        string[] parts = name.Split('.');
        Type[] owners = [typeof(Hk)];
        foreach (string part in parts[1..^1])
        {
            owners = [.. owners.SelectMany(owner => owner.GetNestedTypes()).Where(type => Names.Same(type.Name, part))];
        }

        return owners;
    }

    private static string LastOf(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string PlainName(Type type) => type.Name.Split('`')[0];
}
