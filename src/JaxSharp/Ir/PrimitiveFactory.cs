using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Ir;

/// <summary>
/// Makes primitives from their printed names and parameters. Only the parser needs this: programs that run are made of objects.
/// </summary>
internal static class PrimitiveFactory
{
    private static readonly Lazy<Dictionary<string, PrimitiveParameters>> Kinds = new(FindKinds);

    /// <summary>A primitive with named parameters: text, or a program or an array of programs.</summary>
    /// <exception cref="FormatException">There is no such primitive, or a parameter cannot be read.</exception>
    public static Primitive Make(string name, IReadOnlyDictionary<string, object> parameters) =>
        Kinds.Value.TryGetValue(name, out var kind)
            ? kind.Make(name, parameters)
            : throw new FormatException($"no primitive is named {name}");

    private static Dictionary<string, PrimitiveParameters> FindKinds() =>
        typeof(Primitive)
            .Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Primitive)))
            .Select(PrimitiveParameters.Of)
            .ToDictionary(kind => kind.MakeBlank().Name);
}
