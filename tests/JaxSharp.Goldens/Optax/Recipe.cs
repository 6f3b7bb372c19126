using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.Json;
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

    /// <summary>The recipe of a case.</summary>
    public static Recipe Parse(JsonElement json, string kind) =>
        new(
            json.GetProperty(kind).GetString()!,
            [.. json.GetProperty("args").EnumerateArray().Select(GoldenValue.Parse)],
            json.GetProperty("kwargs")
                .EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => GoldenValue.Parse(entry.Value))
        );

    /// <summary>The transformation or schedule.</summary>
    /// <exception cref="MissingFunctionException">JaxSharp has no such function.</exception>
    public object Build()
    {
        if (Name is "optax.inject_hyperparams" or "optax.inject_stateful_hyperparams")
        {
            return BuildInjected();
        }

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

    // The first argument names the factory; all its numbers, defaults included, are injected.
    private object BuildInjected()
    {
        string factory = ((TextValue)Arguments[0]).Value;
        var values = new Dictionary<string, GoldenValue>(Keywords);
        if (Arguments.Count > 1)
        {
            values["learning_rate"] = Arguments[1];
        }

        foreach ((string name, double value) in NumbersOf(factory))
        {
            values.TryAdd(name, new FloatValue(value));
        }

        return JaxSharp.Optax.Optax.InjectHyperparams(
            hyperparams =>
                (GradientTransformation)
                    new Recipe(
                        factory,
                        [],
                        hyperparams.ToDictionary(
                            entry => entry.Key,
                            GoldenValue (entry) => new LiveValue((NDArray)entry.Value)
                        )
                    ).Build(),
            values.ToDictionary(entry => entry.Key, entry => Injected(entry.Value))
        );
    }

    private static InjectedHyperparameter Injected(GoldenValue value) =>
        value switch
        {
            FloatValue number => number.Value,
            IntValue number => (int)number.Value,
            _ when Of(value) is { } schedule => (Func<NDArray, NDArray>)schedule.Build(),
            _ => (NDArray)Values.ToTree(value),
        };

    private static Dictionary<string, double> NumbersOf(string factory) =>
        factory switch
        {
            "optax.adam" => new()
            {
                ["b1"] = 0.9,
                ["b2"] = 0.999,
                ["eps"] = 1e-8,
                ["eps_root"] = 0,
            },
            "optax.sgd" => [],
            _ => throw new NotSupportedException($"the numbers that {factory} has by default"),
        };
}

/// <summary>A function of Optax that JaxSharp does not have.</summary>
internal sealed class MissingFunctionException(string name) : Exception($"{name} is not implemented");
