using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Trees;

namespace JaxSharp;

// Trees where the caller says what is a leaf, and trees that start alike.
public static partial class Tree
{
    /// <summary>
    /// The leaves, where a predicate decides: what it holds for is a leaf, whole and unchanged; for the rest arrays and C# numbers are.
    /// </summary>
    /// <param name="tree">The tree.</param>
    /// <param name="isLeaf">Is asked for every node, the root first: null is no leaf unless it says so.</param>
    /// <example><code>
    /// var tree = new NDArray?[] { 1, null, 2 };
    /// Tree.Flatten(tree, isLeaf: x => x is null).Leaves.Length; // => 3
    /// </code></example>
    public static (object?[] Leaves, TreeDef Structure) Flatten<T>(T tree, Func<object?, bool> isLeaf)
    {
        var leaves = new LeafList(isLeaf: Argument.Given(isLeaf));
        var def = TreeCodec<T>.Instance.Flatten(tree, leaves);
        return (leaves.Values(), def);
    }

    /// <summary>The leaves in order, where a predicate decides what is a leaf.</summary>
    /// <inheritdoc cref="Flatten{T}(T, Func{object?, bool})"/>
    /// <example><code>Tree.Leaves(new NDArray?[] { 1, null }, isLeaf: x => x is null).Length; // => 2</code></example>
    public static object?[] Leaves<T>(T tree, Func<object?, bool> isLeaf) => Flatten(tree, isLeaf).Leaves;

    /// <summary>The structure, where a predicate decides what is a leaf.</summary>
    /// <inheritdoc cref="Flatten{T}(T, Func{object?, bool})"/>
    /// <example><code>Tree.Structure(new NDArray?[] { 1, null }, isLeaf: x => x is null); // => PyTreeDef([*, *])</code></example>
    public static TreeDef Structure<T>(T tree, Func<object?, bool> isLeaf) => Flatten(tree, isLeaf).Structure;

    /// <summary>A tree of the structure and leaves given; leaves may be anything that fits their places.</summary>
    /// <exception cref="TreeException">The number of leaves, the type or a leaf does not fit the structure.</exception>
    /// <example><code>
    /// var (leaves, structure) = Tree.Flatten(new NDArray?[] { 1, null }, isLeaf: x => x is null);
    /// Tree.Unflatten&lt;NDArray?[]&gt;(structure, leaves).Length; // => 2
    /// </code></example>
    public static T Unflatten<T>(TreeDef structure, IReadOnlyList<object?> leaves)
    {
        CheckCount(Argument.Given(structure), Argument.Given(leaves).Count);
        return TreeCodec<T>.Instance.Unflatten(structure, new LeafReader(null, leaves));
    }

    /// <summary>
    /// Applies a function to every leaf, where a predicate decides what is a leaf: the function gets nulls and parts of the tree that
    /// it holds for, and arrays for the rest. What it returns takes their place.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="isLeaf">Is asked for every node, the root first.</param>
    /// <exception cref="TreeException">A result does not fit its place.</exception>
    /// <example><code>
    /// var filled = Tree.Map(x => x ?? jnp.Zeros(2), new NDArray?[] { jnp.Ones(2), null }, isLeaf: x => x is null);
    /// filled[1]; // => [0 0]
    /// </code></example>
    public static T Map<T>(Func<object?, object?> f, T tree, Func<object?, bool> isLeaf)
    {
        Argument.Given(f);
        var (leaves, def) = Flatten(tree, isLeaf);
        return Unflatten<T>(def, Array.ConvertAll(leaves, leaf => f(leaf)));
    }

    /// <summary>
    /// The full tree with the leaves of another that starts like it: each leaf of the prefix stands for all leaves of the part of the
    /// full tree in its place.
    /// </summary>
    /// <param name="prefixTree">A tree that is the start of the full one.</param>
    /// <param name="fullTree">The tree whose structure the result has.</param>
    /// <exception cref="TreeException">The full tree does not start like the prefix.</exception>
    /// <example><code>
    /// var rates = new Dictionary&lt;string, NDArray&gt; { ["encoder"] = 0.1, ["head"] = 1.0 };
    /// var parameters = new Dictionary&lt;string, NDArray[]&gt; { ["encoder"] = [1, 2], ["head"] = [3] };
    /// Tree.Broadcast(rates, parameters)["encoder"].Length; // => 2
    /// </code></example>
    public static T Broadcast<TPrefix, T>(TPrefix prefixTree, T fullTree)
    {
        var (leaves, prefix) = Flatten(prefixTree);
        var full = Structure(fullTree);
        var spread = new List<NDArray>(full.NumLeaves);
        int next = 0;
        Spread(prefix, full, TreePath.Empty);
        return Unflatten<T>(full, spread);

        void Spread(TreeDef start, TreeDef whole, TreePath at)
        {
            if (start.Kind == TreeNodeKind.Leaf)
            {
                spread.AddRange(Enumerable.Repeat(leaves[next++], whole.NumLeaves));
                return;
            }

            if (!start.HasRootOf(whole))
            {
                string place = at.Length == 0 ? "" : $" at {at}";
                throw new TreeException(
                    $"Tree.Broadcast needs a tree that starts like the full tree; got {prefix} for {full}: they differ{place}."
                );
            }

            for (int i = 0; i < start.Nodes.Length; i++)
            {
                Spread(start.Nodes[i], whole.Nodes[i], at.Append(start.Entry(i)));
            }
        }
    }

    private static void CheckCount(TreeDef structure, int count)
    {
        if (count != structure.NumLeaves)
        {
            throw new TreeException(
                $"Tree.Unflatten got {count} leaves for {structure}, which has {structure.NumLeaves}."
            );
        }
    }
}
