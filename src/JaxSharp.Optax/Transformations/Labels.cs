using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;

namespace JaxSharp.Optax;

/// <summary>
/// A name for each leaf of a tree of parameters, for <see cref="Optax.Partition"/>: by a function of path and leaf, or by a tree of
/// strings (dictionaries, lists and tuples) that starts like the parameters, a string standing for all that is below it.
/// </summary>
/// <example><code>
/// var byShape = Labels.Where(leaf => leaf.Ndim > 1 ? "matrix" : "vector");
/// var byName = Labels.Of(new Dictionary&lt;string, string&gt; { ["encoder"] = "slow", ["decoder"] = "fast" });
/// </code></example>
public sealed class Labels
{
    private readonly Func<object?, (TreePath Path, NDArray Leaf)[], string[]> choose;

    private Labels(Func<object?, (TreePath Path, NDArray Leaf)[], string[]> choose) => this.choose = choose;

    /// <summary>A dictionary of labels.</summary>
    public static implicit operator Labels(Dictionary<string, string> labels) => Of(labels);

    /// <summary>A function of the leaf.</summary>
    public static Labels Where(Func<NDArray, string> label) => Where((_, leaf) => label(leaf));

    /// <summary>A function of path and leaf.</summary>
    public static Labels Where(Func<TreePath, NDArray, string> label) =>
        new((_, leaves) => Array.ConvertAll(leaves, entry => label(entry.Path, entry.Leaf)));

    /// <summary>A tree of strings that starts like the parameters.</summary>
    /// <exception cref="TreeException">The tree holds something else.</exception>
    public static Labels Of(object labels)
    {
        var entries = new List<(IReadOnlyList<string>, string)>();
        Collect(labels, [], entries);
        return new((_, leaves) => PathPrefix.Match("tree of labels", leaves, entries));
    }

    /// <summary>A function from the parameters to a tree of strings that starts like them.</summary>
    public static Labels From<TParams>(Func<TParams, object> labels) =>
        new(
            (tree, leaves) =>
                tree is TParams own
                    ? Of(labels(own)).choose(tree, leaves)
                    : throw new TreeException(
                        $"The labels are a function of {typeof(TParams).Name}, but the tree is a {tree?.GetType().Name}."
                    )
        );

    internal static Labels Of(Mask mask, string whenTrue, string whenFalse) =>
        new((tree, _) => Array.ConvertAll(mask.Flags(tree), flag => flag ? whenTrue : whenFalse));

    /// <summary>The label of each leaf, in order.</summary>
    internal string[] Names<T>(T tree) => choose(tree, Tree.LeavesWithPath(tree));

    private static void Collect(object? node, string[] path, List<(IReadOnlyList<string>, string)> entries)
    {
        switch (node)
        {
            case string label:
                entries.Add((path, label));
                break;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    Collect(entry.Value, [.. path, entry.Key is string key ? $"['{key}']" : $"[{entry.Key}]"], entries);
                }

                break;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++)
                {
                    Collect(tuple[i], [.. path, $"[{i}]"], entries);
                }

                break;
            case IEnumerable list:
                int index = 0;
                foreach (object? item in list)
                {
                    Collect(item, [.. path, $"[{index++}]"], entries);
                }

                break;
            default:
                throw new TreeException(
                    $"Labels are strings in dictionaries, lists and tuples; got a {node?.GetType().Name ?? "null"} at "
                        + $"{string.Concat(path)}. Use Labels.Where for parameters in records."
                );
        }
    }
}
