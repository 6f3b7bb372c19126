using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Optax;

namespace JaxSharp.Goldens.Optax;

/// <summary>Recorded trees of parameters as trees of JaxSharp.</summary>
internal static class Values
{
    public static object ToTree(GoldenValue value) =>
        value is MapValue { Name: "LookaheadParams" } pair
            ? new LookaheadParams<object>(ToTree(pair.Items["fast"]), ToTree(pair.Items["slow"]))
            : Natural(value);

    private static object Natural(GoldenValue value) =>
        new ArgumentConverter(strict: false).TryConvert(value, typeof(object), out object? tree, out _)
        && tree is not null
            ? tree
            : throw new NotSupportedException($"{value} as a tree of parameters");

    /// <summary>A gradient; by the fast parameters only, if there are slow ones.</summary>
    public static object ToGradient(GoldenValue value, object parameters)
    {
        object gradient = ToTree(value);
        return parameters is LookaheadParams<object>
            ? new LookaheadParams<object>(gradient, JaxSharp.Optax.Optax.Tree.ZerosLike(gradient))
            : gradient;
    }

    /// <summary>A tree of dimension numbers, as a function of the path.</summary>
    public static MuonDimensions ToDimensions(GoldenValue value)
    {
        var dimensions = new Dictionary<string, MuonDimensionNumbers>(StringComparer.Ordinal);
        Collect(value, "");
        return (path, _) =>
            dimensions.GetValueOrDefault(
                string.Concat(path.Entries.Select(entry => "/" + entry.Trim('[', ']', '\'', '"')))
            );

        void Collect(GoldenValue part, string path)
        {
            if (part is MapValue { Name: "MuonDimensionNumbers" } numbers)
            {
                dimensions[path] = new MuonDimensionNumbers(
                    (int)((IntValue)numbers.Items["reduction_axis"]).Value,
                    (int)((IntValue)numbers.Items["output_axis"]).Value
                );
            }
            else if (part is MapValue map)
            {
                foreach (var (key, item) in map.Items)
                {
                    Collect(item, $"{path}/{key}");
                }
            }
        }
    }

    public static ExtraArgs? ToExtraArgs(IReadOnlyDictionary<string, GoldenValue>? extra)
    {
        if (extra is null)
        {
            return null;
        }

        string[] unknown = [.. extra.Keys.Except(["value"])];
        return unknown.Length == 0
            ? new ExtraArgs { Value = (NDArray)ToTree(extra["value"]) }
            : throw new NotSupportedException($"extra arguments {string.Join(", ", unknown)}");
    }
}
