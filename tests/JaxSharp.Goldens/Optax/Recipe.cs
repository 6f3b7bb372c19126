using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Optax;

namespace JaxSharp.Goldens.Optax;

/// <summary>How a transformation or schedule is made: a function of Optax and its arguments.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">Its positional arguments.</param>
/// <param name="Keywords">Its keyword arguments.</param>
internal sealed record Recipe(
    string Name,
    IReadOnlyList<GoldenValue> Arguments,
    IReadOnlyDictionary<string, GoldenValue> Keywords
)
{
    /// <summary>The recipe that a recorded value is; null for any other value.</summary>
    public static Recipe? Of(GoldenValue value)
    {
        if (value is not MapValue { Name: null } map)
        {
            return null;
        }

        string? kind = Array.Find(["transform", "schedule"], map.Items.ContainsKey);
        return kind is not null && map.Items[kind] is TextValue name
            ? new Recipe(
                name.Value,
                ((SequenceValue)map.Items.GetValueOrDefault("args", new ListValue([]))).Items,
                (map.Items.GetValueOrDefault("kwargs") as MapValue)?.Items ?? new Dictionary<string, GoldenValue>()
            )
            : null;
    }

    /// <summary>The transformation or schedule.</summary>
    /// <exception cref="MissingFunctionException">JaxSharp has no such function.</exception>
    public object Build()
    {
        MethodInfo[] methods = OptaxFunctions.Find(Name.Split('.'));
        if (methods.Length == 0)
        {
            throw new MissingFunctionException(Name);
        }

        Invocation? best = methods
            .Where(method => !method.IsGenericMethodDefinition)
            .Select(method => Invocation.TryBind(method, Arguments, Keywords, new ArgumentConverter(strict: false)))
            .Where(bound => bound is not null)
            .MinBy(bound => bound!.Cost);
        return best?.Invoke(null)
            ?? throw new JaxArgumentException(
                $"no overload of {Name} takes ({string.Join(", ", Arguments)}; "
                    + $"{string.Join(", ", Keywords.Select(k => $"{k.Key}={k.Value}"))})"
            );
    }
}

/// <summary>A function of Optax that JaxSharp does not have.</summary>
internal sealed class MissingFunctionException(string name) : Exception($"{name} is not implemented");
