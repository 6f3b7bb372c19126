using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Optax;

namespace JaxSharp.Goldens.Optax;

/// <summary>Compares updates, parameters and states with recorded ones.</summary>
internal static class StateComparison
{
    /// <summary>The first difference in words, with the way to it; null if there is none.</summary>
    public static string? Difference(string path, object? got, GoldenValue expected, Tolerance tolerance)
    {
        switch (got, expected)
        {
            case (null, MapValue { Name: "MaskedNode" }):
                return null;
            case (ChainState chain, TupleValue states):
                return Each(path, chain.States, states.Items, tolerance);
            case (NamedChainState chain, MapValue states):
                return Members(path, states, name => chain.States.GetValueOrDefault(name), tolerance);
            case (OptState, MapValue { Name: { } name } members):
                return Names.Same(got.GetType().Name, name)
                    ? Members(path, members, member => Property(got, member), tolerance)
                    : $"{path} is a {got.GetType().Name}, expected {name}";
            case (null, TupleValue { Items.Count: 0 }):
                return null; // A state for which nothing is kept.
            case (NDArray[][] lists, _):
                return Each(path, [.. lists.SelectMany(list => list)], OutputComparison.Flatten(expected), tolerance);
            case (IReadOnlyDictionary<string, OptState> states, MapValue members):
                return Members(path, members, name => states.GetValueOrDefault(name), tolerance);
            case (LookaheadParams<object>, MapValue members):
                return Members(path, members, member => Property(got, member), tolerance);
            case (WrappedScheduleState, MapValue members):
                return Members(path, members, member => Property(got, member), tolerance);
            case (System.Collections.IDictionary tree, MapValue members):
                return Members(path, members, name => tree[name], tolerance);
            default:
                string? difference = OutputComparison.Difference(got, expected, tolerance, exact: false);
                return difference is null ? null : $"{path}: {difference}";
        }
    }

    private static string? Each<T>(
        string path,
        IReadOnlyList<T> got,
        IReadOnlyList<GoldenValue> expected,
        Tolerance tolerance
    ) =>
        got.Count == expected.Count
            ? got.Select((item, i) => Difference($"{path}[{i}]", item, expected[i], tolerance))
                .FirstOrDefault(difference => difference is not null)
            : $"{path} has {got.Count} parts, expected {expected.Count}";

    private static string? Members(string path, MapValue expected, Func<string, object?> member, Tolerance tolerance) =>
        expected
            .Items.Select(item => Difference($"{path}.{item.Key}", member(item.Key), item.Value, tolerance))
            .FirstOrDefault(difference => difference is not null);

    private static object? Property(object owner, string name) =>
        Array
            .Find(
                owner.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance),
                property => Names.Same(property.Name, name)
            )
            ?.GetValue(owner);
}
