using System;
using System.Collections.Concurrent;

namespace JaxSharp.Transforms;

/// <summary>Remembers what was derived from programs, so that a transformation of the same program is made once.</summary>
internal static class JaxprCache<TKey, TValue>
    where TKey : notnull
{
    private const int Capacity = 4096;

    private static readonly ConcurrentDictionary<TKey, TValue> Entries = new();

    public static TValue Get(TKey key, Func<TValue> make)
    {
        if (Entries.TryGetValue(key, out var known))
        {
            return known;
        }

        if (Entries.Count >= Capacity)
        {
            Entries.Clear();
        }

        var value = make();
        Entries[key] = value;
        return value;
    }
}
