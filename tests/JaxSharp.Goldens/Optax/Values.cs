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
