using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Passes;

/// <summary>
/// An order of evaluation of units, kept while units are joined: it tells at once that a unit does not wait for another behind it, and
/// bounds the search where it may.
/// </summary>
internal sealed class UnitOrder
{
    private readonly FusionUnit?[] places;

    /// <summary>Units in an order of evaluation.</summary>
    public UnitOrder(IReadOnlyList<FusionUnit> units)
    {
        places = [.. units];
        for (int i = 0; i < units.Count; i++)
        {
            units[i].Position = i;
        }
    }

    /// <summary>Whether the consumer waits for the producer through a third unit.</summary>
    public static bool HasDetour(FusionUnit producer, FusionUnit consumer) =>
        consumer.Producers.Any(other => other != producer && Reaches(producer, other));

    /// <summary>Whether <paramref name="to"/> waits for <paramref name="from"/>.</summary>
    public static bool Reaches(FusionUnit from, FusionUnit to)
    {
        if (from.Position >= to.Position)
        {
            return from == to;
        }

        var seen = new HashSet<FusionUnit>();
        var pending = new Stack<FusionUnit>([to]);
        while (pending.TryPop(out var unit))
        {
            if (unit == from)
            {
                return true;
            }

            foreach (var producer in unit.Producers)
            {
                if (producer.Position >= from.Position && seen.Add(producer))
                {
                    pending.Push(producer);
                }
            }
        }

        return false;
    }

    /// <summary>
    /// Keeps positions an order of evaluation when two units, neither of which waits for the other through a third, become one:
    /// of those between them, what the later one waits for comes first.
    /// </summary>
    public void Join(FusionUnit from, FusionUnit into)
    {
        var (first, second) = from.Position < into.Position ? (from, into) : (into, from);
        var before = new HashSet<FusionUnit>();
        var pending = new Stack<FusionUnit>([second]);
        while (pending.TryPop(out var unit))
        {
            foreach (var producer in unit.Producers)
            {
                if (producer.Position > first.Position && before.Add(producer))
                {
                    pending.Push(producer);
                }
            }
        }

        var between = places.Take((first.Position + 1)..second.Position).OfType<FusionUnit>().ToArray();
        FusionUnit[] sequence =
        [
            .. between.Where(before.Contains),
            into,
            .. between.Where(unit => !before.Contains(unit)),
        ];
        int next = first.Position;
        Array.Clear(places, next, second.Position - next + 1);
        foreach (var unit in sequence)
        {
            places[next] = unit;
            unit.Position = next++;
        }
    }
}
