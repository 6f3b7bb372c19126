using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;

namespace JaxSharp.Ir;

/// <summary>The name in printed programs of a primitive's parameter that is called otherwise in the code.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class PrintedAttribute(string name) : Attribute
{
    public string Name => name;
}

/// <summary>A parameter that has no text, such as a function. A primitive with one cannot be read back.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class NotPrintedAttribute : Attribute;

/// <summary>
/// The parameters of a kind of primitive: those of its longest constructor, each of which has a property of the same name. Printing
/// and reading both go by this list. A parameter with a default value is printed only where its value is another.
/// </summary>
internal sealed class PrimitiveParameters
{
    private static readonly ConcurrentDictionary<Type, PrimitiveParameters> Known = new();

    private readonly ConstructorInfo constructor;
    private readonly Parameter[] parameters;

    private PrimitiveParameters(Type type)
    {
        constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(c => c.GetParameters() is not [{ ParameterType: var only }] || only != type)
            .MaxBy(c => c.GetParameters().Length)!;
        parameters = Array.ConvertAll(constructor.GetParameters(), info => new Parameter(info, type));
    }

    /// <summary>The names in the order in which they are printed.</summary>
    public IEnumerable<string> Names => Printed.Select(p => p.Name);

    // Like JAX, by name.
    private IEnumerable<Parameter> Printed =>
        parameters.Where(p => p.IsPrinted).OrderBy(p => p.Name, StringComparer.Ordinal);

    public static PrimitiveParameters Of(Type type) => Known.GetOrAdd(type, t => new PrimitiveParameters(t));

    /// <summary>What a primitive is printed with: names and values, which may be programs.</summary>
    public static IEnumerable<(string Name, object? Value)> ValuesOf(Primitive primitive) =>
        Of(primitive.GetType())
            .Printed.Select(p => (Parameter: p, Value: p.Property!.GetValue(primitive)))
            .Where(pair => !pair.Parameter.IsDefault(pair.Value))
            .Select(pair => (pair.Parameter.Name, pair.Value));

    /// <summary>The programs that a primitive holds.</summary>
    public static IEnumerable<Jaxpr> ProgramsOf(Primitive primitive) =>
        ValuesOf(primitive).SelectMany(pair => Programs(pair.Value));

    /// <summary>The programs of one value.</summary>
    public static IEnumerable<Jaxpr> Programs(object? value) =>
        value switch
        {
            Jaxpr jaxpr => [jaxpr],
            EquatableArray<Jaxpr> jaxprs => jaxprs,
            _ => [],
        };

    /// <summary>A primitive from what it was printed with: text, and programs for the parameters that hold them.</summary>
    /// <exception cref="FormatException">A name is unknown or missing, or a value cannot be read.</exception>
    public Primitive Make(string name, IReadOnlyDictionary<string, object> values)
    {
        if (Array.Find(parameters, p => !p.IsPrinted) is { } silent)
        {
            throw new FormatException($"{name} has a parameter without text, {silent.Name}");
        }

        if (values.Keys.FirstOrDefault(key => !Array.Exists(parameters, p => p.Name == key)) is { } unknown)
        {
            throw new FormatException($"{name} has no parameter {unknown}; it has {string.Join(", ", Names)}");
        }

        return Construct(Array.ConvertAll(parameters, p => p.Read(name, values.GetValueOrDefault(p.Name))));
    }

    /// <summary>A primitive whose parameters are zeros and nulls, for its name.</summary>
    public Primitive MakeBlank() => Construct(Array.ConvertAll(parameters, p => p.Blank));

    private Primitive Construct(object?[] arguments) => (Primitive)constructor.Invoke(arguments);

    private sealed class Parameter
    {
        private readonly ParameterInfo info;

        public Parameter(ParameterInfo info, Type primitive)
        {
            this.info = info;
            IsPrinted = info.GetCustomAttribute<NotPrintedAttribute>() is null;
            Name = info.GetCustomAttribute<PrintedAttribute>()?.Name ?? SnakeCase(info.Name!);
            Property = primitive.GetProperty(
                info.Name!,
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.IgnoreCase
            );
            if (IsPrinted && Property is null)
            {
                throw new InternalException($"{primitive.Name} has no property {info.Name}.");
            }
        }

        public string Name { get; }

        public bool IsPrinted { get; }

        public PropertyInfo? Property { get; }

        public object? Blank => info.ParameterType.IsValueType ? Activator.CreateInstance(info.ParameterType) : null;

        // Reflection gives the default of a value type, which is its zero, as null.
        private object? Default => info.DefaultValue ?? Blank;

        public bool IsDefault(object? value) => info.HasDefaultValue && Equals(value, Default);

        public object? Read(string primitive, object? value) =>
            value switch
            {
                Jaxpr[] jaxprs when info.ParameterType == typeof(EquatableArray<Jaxpr>) => new EquatableArray<Jaxpr>(
                    jaxprs
                ),
                Jaxpr jaxpr when info.ParameterType == typeof(Jaxpr) => jaxpr,
                string text => ParameterText.Read(text, info.ParameterType),
                null when info.HasDefaultValue => Default,
                null => throw new FormatException($"{primitive} lacks its parameter {Name}"),
                _ => throw new FormatException($"the parameter {Name} of {primitive} holds no program"),
            };

        private static string SnakeCase(string name)
        {
            var text = new StringBuilder();
            foreach (char c in name.Replace("DType", "Dtype", StringComparison.Ordinal))
            {
                text.Append(char.IsUpper(c) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
            }

            return text.ToString();
        }
    }
}
