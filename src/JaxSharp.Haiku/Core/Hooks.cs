using System;
using System.Collections.Generic;

namespace JaxSharp.Haiku;

/// <summary>Hooks of one kind that are in force on this thread, outermost first.</summary>
internal sealed class Hooks<T>
    where T : class
{
    private readonly List<T> items = [];

    public int Count => items.Count;

    public T this[int index] => items[index];

    /// <summary>Takes off all but the first ones; whether there were more.</summary>
    public bool CutTo(int count)
    {
        bool isLonger = items.Count > count;
        if (isLonger)
        {
            items.RemoveRange(count, items.Count - count);
        }

        return isLonger;
    }

    /// <summary>Puts a hook in force until the returned scope is disposed.</summary>
    public IDisposable Push(T item)
    {
        items.Add(item);
        return new Ending(() =>
        {
            int place = items.FindLastIndex(other => ReferenceEquals(other, item));
            bool isLast = place >= 0 && place == items.Count - 1;
            if (place >= 0)
            {
                // None stays in force for later runs on this thread.
                items.RemoveRange(place, items.Count - place);
            }

            if (!isLast)
            {
                throw new ModuleException(
                    "Hooks must be taken off in the reverse order of putting them on. Put them on with using."
                );
            }
        });
    }
}

/// <summary>The hooks of all kinds that were in force on this thread at one time.</summary>
internal readonly record struct HookCounts(int Creators, int Getters, int Setters, int Interceptors)
{
    public static HookCounts Now =>
        new(
            ParameterHooks.Creators.Count,
            ParameterHooks.Getters.Count,
            ParameterHooks.Setters.Count,
            JaxSharp.Haiku.Interceptors.Active.Count
        );

    /// <summary>Takes off what came later; whether there was any.</summary>
    public bool Restore() =>
        ParameterHooks.Creators.CutTo(Creators)
        | ParameterHooks.Getters.CutTo(Getters)
        | ParameterHooks.Setters.CutTo(Setters)
        | JaxSharp.Haiku.Interceptors.Active.CutTo(Interceptors);
}
