using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Haiku;

/// <summary>What a run keeps by name, as a tree of arrays that passes through a transformation.</summary>
/// <param name="Params">Parameters that were made; null for none. Those that exist already need not be passed: functions capture them.</param>
/// <param name="State">The states, first values and current ones.</param>
/// <param name="Rng">Where keys come from; null for none.</param>
internal sealed record RunState(Hk.Params? Params, StateEntries State, Hk.Rng? Rng)
{
    /// <summary>The state and keys of a run.</summary>
    public static RunState Of(HaikuContext context) => new(null, context.State.Entries(), context.Rng?.InternalState);

    /// <summary>What differs from what was before. Values are compared by reference: those that only passed through are the same object.</summary>
    public RunState ChangesSince(RunState before)
    {
        var changed = new StateEntries();
        foreach (var (path, group) in State)
        {
            var known = before.State.GetValueOrDefault(path);
            var entries = group.Where(entry =>
                known is null || !known.TryGetValue(entry.Key, out var pair) || !pair.IsSame(entry.Value)
            );
            foreach (var (name, pair) in entries)
            {
                changed.At(path)[name] = pair;
            }
        }

        return new RunState(Params, changed, Rng?.IsSame(before.Rng) == true ? null : Rng);
    }

    /// <summary>The names of the parameters and states, for comparison and messages.</summary>
    public IEnumerable<string> Names() => Entries().Select(entry => entry.Name);

    /// <summary>The parameters, which are arrays, and the states, which are pairs of first and current value.</summary>
    public IEnumerable<(string Name, object Values)> Entries()
    {
        foreach (var (path, group) in Params ?? [])
        {
            foreach (var (name, value) in group)
            {
                yield return ($"parameter '{path}/{name}'", value);
            }
        }

        foreach (var (path, group) in State)
        {
            foreach (var (name, pair) in group)
            {
                yield return ($"state '{path}/{name}'", pair);
            }
        }
    }
}

/// <summary>States by the path of their module, then by name.</summary>
internal sealed class StateEntries : OrderedDictionary<string, OrderedDictionary<string, StatePair>>
{
    /// <summary>The states of a path; made if there are none.</summary>
    public OrderedDictionary<string, StatePair> At(string path)
    {
        if (!TryGetValue(path, out var group))
        {
            this[path] = group = [];
        }

        return group;
    }
}
