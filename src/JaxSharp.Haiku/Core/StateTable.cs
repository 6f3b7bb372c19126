using System;
using System.Collections.Generic;

namespace JaxSharp.Haiku;

/// <summary>The states of a run by path and name.</summary>
internal sealed class StateTable
{
    private readonly StateEntries entries = [];

    public StateTable() { }

    /// <summary>A table of its own with the same values.</summary>
    public StateTable(StateEntries values)
    {
        foreach (var (path, group) in values)
        {
            entries[path] = new(group);
        }
    }

    public bool IsEmpty => entries.Count == 0;

    public static StateTable Of(Hk.State? state)
    {
        var table = new StateTable();
        foreach (var (path, group) in state ?? [])
        {
            foreach (var (name, value) in group)
            {
                table.Set(path, name, value);
            }
        }

        return table;
    }

    public bool Has(string path) => entries.ContainsKey(path);

    public bool TryGet(string path, string name, out object value)
    {
        if (entries.TryGetValue(path, out var group) && group.TryGetValue(name, out var pair))
        {
            value = pair.Current;
            return true;
        }

        value = null!;
        return false;
    }

    /// <summary>Replaces the value of now; the first value set is the initial one too.</summary>
    public void Set(string path, string name, object value)
    {
        var group = entries.At(path);
        group[name] = group.TryGetValue(name, out var pair)
            ? pair with
            {
                Current = value,
            }
            : new StatePair(value, value);
    }

    /// <summary>Replaces first and current values.</summary>
    public void Merge(StateEntries values)
    {
        foreach (var (path, group) in values)
        {
            foreach (var (name, pair) in group)
            {
                entries.At(path)[name] = pair;
            }
        }
    }

    /// <summary>A copy of all values.</summary>
    public StateEntries Entries() => new StateTable(entries).entries;

    public Hk.State Initial() => Select(pair => pair.Initial);

    public Hk.State Current() => Select(pair => pair.Current);

    private Hk.State Select(Func<StatePair, object> choose)
    {
        var result = new Hk.State();
        foreach (var (path, group) in entries)
        {
            var values = new OrderedDictionary<string, object>();
            foreach (var (name, pair) in group)
            {
                values[name] = choose(pair);
            }

            result[path] = values;
        }

        return result;
    }
}
