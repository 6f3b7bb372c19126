using System;
using System.Collections.Generic;
using System.Linq;

namespace JaxSharp.Optax;

/// <summary>
/// Which parts of a tree of parameters a transformation is for: a choice by path and leaf, or a tree of bools that starts like the
/// parameters, a bool standing for all that is below it. A mask must not depend on the values of arrays.
/// </summary>
/// <example><code>
/// var p = new Dictionary&lt;string, NDArray&gt; { ["kernel"] = jnp.Ones((2, 2)), ["bias"] = jnp.Ones(2) };
/// var matrices = Mask.Where(leaf => leaf.Ndim > 1);
/// var tx = optax.Masked(optax.Scale(10.0), matrices);
/// tx.Update(p, tx.Init(p)).Updates["bias"];                                     // => [1. 1.]
/// Mask same = new Dictionary&lt;string, bool&gt; { ["kernel"] = true, ["bias"] = false };
/// </code></example>
public sealed class Mask
{
    private readonly Func<object?, (TreePath Path, NDArray Leaf)[], bool[]> choose;

    private Mask(Func<object?, (TreePath Path, NDArray Leaf)[], bool[]> choose) => this.choose = choose;

    /// <summary>Everything or nothing.</summary>
    public static implicit operator Mask(bool all) => Where(_ => all);

    /// <summary>A dictionary of bools.</summary>
    public static implicit operator Mask(Dictionary<string, bool> mask) => Of(mask);

    /// <summary>The leaves for which a function of the leaf holds.</summary>
    public static Mask Where(Func<NDArray, bool> choice) => Where((_, leaf) => choice(leaf));

    /// <summary>The leaves for which a function of path and leaf holds.</summary>
    public static Mask Where(Func<TreePath, NDArray, bool> choice) =>
        new((_, leaves) => Array.ConvertAll(leaves, entry => choice(entry.Path, entry.Leaf)));

    /// <summary>A tree of bools that starts like the parameters.</summary>
    public static Mask Of<TMask>(TMask mask) => new((_, leaves) => Flags(mask, leaves));

    /// <summary>A function from the parameters to a tree of bools that starts like them.</summary>
    public static Mask From<TParams, TMask>(Func<TParams, TMask> mask) =>
        new(
            (tree, leaves) =>
                tree is TParams own
                    ? Flags(mask(own), leaves)
                    : throw new TreeException(
                        $"The mask is a function of {typeof(TParams).Name}, but the tree is a {tree?.GetType().Name}."
                    )
        );

    /// <summary>Whether each leaf is chosen, in order.</summary>
    /// <exception cref="TreeException">The tree of bools does not start like the parameters.</exception>
    internal bool[] Flags<T>(T tree) => choose(tree, Tree.LeavesWithPath(tree));

    /// <summary>Leaves by their place.</summary>
    internal static Mask Fixed(bool[] flags) => new((_, _) => flags);

    private static bool[] Flags<TMask>(TMask mask, (TreePath Path, NDArray Leaf)[] leaves)
    {
        var flags = Tree.LeavesWithPath(mask);
        return PathPrefix.Match(
            "mask",
            leaves,
            Array.ConvertAll(flags, entry => (entry.Path.Entries, (bool)entry.Leaf))
        );
    }
}

/// <summary>Finds for each leaf the entry of a tree that starts like the leaf's.</summary>
internal static class PathPrefix
{
    public static TEntry[] Match<TEntry>(
        string what,
        (TreePath Path, NDArray Leaf)[] leaves,
        IReadOnlyList<(IReadOnlyList<string> Path, TEntry Entry)> entries
    )
    {
        foreach (var (path, _) in entries)
        {
            if (!leaves.Any(leaf => StartsWith(leaf.Path, path)))
            {
                throw new TreeException(
                    $"The {what} has an entry at {string.Concat(path)}, where the parameters have none. Their leaves are "
                        + $"{string.Join(", ", leaves.Select(leaf => leaf.Path))}."
                );
            }
        }

        return Array.ConvertAll(
            leaves,
            leaf =>
            {
                foreach (var (path, entry) in entries)
                {
                    if (StartsWith(leaf.Path, path))
                    {
                        return entry;
                    }
                }

                throw new TreeException($"The {what} has no entry for the parameters at {leaf.Path}.");
            }
        );
    }

    private static bool StartsWith(TreePath path, IReadOnlyList<string> start) =>
        path.Length >= start.Count && path.Entries.Take(start.Count).SequenceEqual(start, StringComparer.Ordinal);
}
