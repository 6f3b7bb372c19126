using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Goldens;

/// <summary>Takes a result apart along the recorded one, by position and by name.</summary>
internal static class PairedLeaves
{
    /// <summary>The parts of a result where the recorded value has an array, in the order of the recorded value.</summary>
    public static List<(object? Got, ArrayValue Recorded)> Of(object? got, GoldenValue recorded)
    {
        var leaves = new List<(object?, ArrayValue)>();
        Collect(got, recorded, leaves);
        return leaves;
    }

    private static void Collect(object? got, GoldenValue recorded, List<(object?, ArrayValue)> leaves)
    {
        switch (recorded)
        {
            case ArrayValue array:
                leaves.Add((got, array));
                break;
            case SequenceValue sequence:
                List<object?> items = OutputComparison.Items(got) ?? [];
                for (int i = 0; i < sequence.Items.Count; i++)
                {
                    Collect(items.ElementAtOrDefault(i), sequence.Items[i], leaves);
                }

                break;
            case MapValue map:
                foreach (var (name, item) in map.Items)
                {
                    object? value =
                        got is null || !OutputComparison.TryMember(got, name, out object? member) ? null : member;
                    Collect(value, item, leaves);
                }

                break;
        }
    }
}
