using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Haiku;

/// <summary>Values with shapes and element types in the place of arrays.</summary>
internal static class Specs
{
    public static object? Of(object? value) =>
        value switch
        {
            NDArray array => Hk.Experimental.ArraySpec.FromArray(array),
            string or null => value,
            ITuple tuple => All(tuple),
            IDictionary map => map.Keys.Cast<object>().ToDictionary(key => key, key => Of(map[key])),
            IEnumerable items => items.Cast<object?>().Select(Of).ToArray(),
            _ when Tree.LeavesWithPath(value) is { Length: > 0 } leaves => leaves.ToDictionary(
                leaf => (object)leaf.Path.ToString()!,
                leaf => Of(leaf.Leaf)
            ),
            _ => value,
        };

    /// <summary>Those of the arguments of a method, which are one value or a tuple; arguments that are null are left out.</summary>
    public static object?[] Arguments(object? inputs) => inputs is ITuple tuple ? All(tuple) : [Of(inputs)];

    private static object?[] All(ITuple tuple) => [.. Enumerable.Range(0, tuple.Length).Select(i => Of(tuple[i]))];
}
