using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace JaxSharp.Optax;

/// <summary>A part of a state and where it stands.</summary>
/// <param name="Steps">The steps to it, as <see cref="TreePath"/> has them.</param>
/// <param name="Path">The same to be read: members with the types they belong to.</param>
/// <param name="Name">Its name: that of a member or of an entry; null in lists.</param>
/// <param name="Value">The part.</param>
internal sealed record StateEntry(string[] Steps, string Path, string? Name, object? Value)
{
    /// <summary>Everything in a state, from the outside in, the state itself first.</summary>
    public static IEnumerable<StateEntry> All(object? tree) => new StateEntry([], "", null, tree).WithParts();

    /// <summary>Whether the part has a name, or is a record of a type of that name.</summary>
    public bool Has(string key) =>
        IsSame(Name, key) || (Value is not null && IsRecord(Value) && IsSame(Value.GetType().Name, key));

    /// <summary>Whether a leaf belongs to the part.</summary>
    public bool Holds(TreePath leaf) =>
        leaf.Length >= Steps.Length && leaf.Entries.Take(Steps.Length).SequenceEqual(Steps, StringComparer.Ordinal);

    private static bool IsSame(string? name, string key) =>
        name is not null
        && name.Replace("_", "", StringComparison.Ordinal)
            .Equals(key.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    // The compiler gives all record classes a method to copy them.
    private static bool IsRecord(object value) =>
        value is OptState
        || value.GetType().GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;

    private IEnumerable<StateEntry> WithParts() => Parts().SelectMany(part => part.WithParts()).Prepend(this);

    private IEnumerable<StateEntry> Parts() =>
        Value switch
        {
            null or NDArray or string or Delegate => [],
            IDictionary dictionary => dictionary
                .Keys.Cast<object>()
                .Select(key => Part(key is string ? $"['{key}']" : $"[{key}]", null, key.ToString(), dictionary[key])),
            ITuple tuple => Enumerable.Range(0, tuple.Length).Select(i => Part($"[{i}]", null, null, tuple[i])),
            IEnumerable<object?> list => list.Select((item, i) => Part($"[{i}]", null, null, item)),
            var record when IsRecord(record) => record
                .GetType()
                .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0)
                .Select(property =>
                    Part($".{property.Name}", TextOf(record, property), property.Name, property.GetValue(record))
                ),
            _ => [],
        };

    private StateEntry Part(string step, string? text, string? name, object? value) =>
        new([.. Steps, step], Path + (text ?? step), name, value);

    // The states of a chain go without saying.
    private static string TextOf(object record, PropertyInfo property) =>
        property.Name == "States" ? "" : $"{record.GetType().Name}.{property.Name}";
}
