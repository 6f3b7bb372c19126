using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Goldens.Programs;

/// <summary>The call in C# that stands for a call in Python.</summary>
internal delegate (
    string Name,
    IReadOnlyList<object?> Arguments,
    IReadOnlyDictionary<string, object?> Keywords
) CallTranslation(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> keywords);

/// <summary>Calls that C# writes otherwise: arrays of keys have functions of their own, and functions close over options.</summary>
internal static class CallTranslations
{
    /// <summary>How calls of a function are translated; null where they are made as they are.</summary>
    public static CallTranslation? For(string name) =>
        name switch
        {
            "jnp.pad" => (arguments, keywords) =>
                (name, arguments, keywords.ToDictionary(e => e.Key, e => Closed(e.Value))),
            "jnp.piecewise" => (arguments, keywords) => (name, Piecewise(arguments, keywords), NoKeywords),
            _ => null,
        };

    private static readonly Dictionary<string, object?> NoKeywords = [];

    /// <summary>Arrays of keys joined along their first axis; null where a call does not join keys.</summary>
    public static PrngKey? JoinedKeys(string name, IReadOnlyList<object?> arguments)
    {
        PrngKey[] keys = arguments is [IEnumerable<object?> items] ? [.. items.OfType<PrngKey>()] : [];
        return name switch
        {
            _ when keys.Length == 0 => null,
            "jnp.concatenate" => PrngKey.Concatenate(keys),
            "jnp.stack" => PrngKey.Stack(keys),
            _ => null,
        };
    }

    // Python hands the options of pad to the function that fills.
    private static object? Closed(object? value) =>
        FunctionOf(value) is Function fill
            ? (Function)((arguments, keywords) => fill([.. arguments, new Dictionary<string, object?>()], keywords))
            : value;

    // Python hands all further arguments of piecewise to each function.
    private static object?[] Piecewise(IReadOnlyList<object?> arguments, IReadOnlyDictionary<string, object?> options)
    {
        object?[] more = [.. arguments.Skip(3)];
        object?[] parts =
        [
            .. ((IEnumerable<object?>)arguments[2]!).Select(part =>
                FunctionOf(part) is Function function
                    ? (Function)((given, _) => function([.. given, .. more], options))
                    : part
            ),
        ];
        return [arguments[0], arguments[1], parts.ToList()];
    }

    private static Function? FunctionOf(object? value) => value as Function ?? (value as FunctionObject)?.Call;
}
