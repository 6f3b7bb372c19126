using System;

namespace JaxSharp.Ir;

/// <summary>Parts of lists, given by a mark for each element. Lists are not changed once they are made, so that a whole one is itself.</summary>
internal static class Marked
{
    /// <summary>The elements that are marked.</summary>
    public static T[] In<T>(T[] items, bool[] marks)
    {
        int count = marks.AsSpan().Count(true);
        if (count == items.Length)
        {
            return items;
        }

        var result = new T[count];
        for (int i = 0, next = 0; i < items.Length; i++)
        {
            if (marks[i])
            {
                result[next++] = items[i];
            }
        }

        return result;
    }
}
