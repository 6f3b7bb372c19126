using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Trees;

namespace JaxSharp;

/// <summary>
/// Functions of trees of arrays: tuples, arrays, lists, dictionaries (in the order of their keys), records and <c>[PyTree]</c> types,
/// nested at will. Arrays and C# numbers are the leaves; null is a tree without leaves; what holds no arrays (text, enumerations,
/// functions) belongs to the structure.
/// </summary>
public static partial class Tree
{
    /// <summary>The leaves, and the structure to put them back into.</summary>
    public static (NDArray[] Leaves, TreeDef Structure) Flatten<T>(T tree)
    {
        var leaves = new LeafList();
        var def = TreeCodec<T>.Instance.Flatten(tree, leaves);
        return (leaves.ToArray(), def);
    }

    /// <summary>The leaves with the paths that lead to them.</summary>
    public static ((TreePath Path, NDArray Leaf)[] Leaves, TreeDef Structure) FlattenWithPath<T>(T tree)
    {
        var (leaves, def) = Flatten(tree);
        return ([.. def.Paths().Zip(leaves)], def);
    }

    /// <summary>A tree of the structure and leaves given.</summary>
    /// <exception cref="TreeException">The number of leaves or the type does not fit the structure.</exception>
    public static T Unflatten<T>(TreeDef structure, IReadOnlyList<NDArray> leaves)
    {
        CheckCount(Argument.Given(structure), Argument.Given(leaves).Count);
        return TreeCodec<T>.Instance.Unflatten(structure, new LeafReader(leaves));
    }

    /// <summary>The leaves in order.</summary>
    public static NDArray[] Leaves<T>(T tree) => Flatten(tree).Leaves;

    /// <summary>The leaves in order, with their paths.</summary>
    public static (TreePath Path, NDArray Leaf)[] LeavesWithPath<T>(T tree) => FlattenWithPath(tree).Leaves;

    /// <summary>The structure.</summary>
    public static TreeDef Structure<T>(T tree) => Flatten(tree).Structure;

    /// <summary>Applies a function to every leaf.</summary>
    /// <example><code>
    /// Tree.Map(x => x * 2, new Dictionary&lt;string, NDArray&gt; { ["w"] = 3, ["b"] = 1 }); // => {b: 2, w: 6}
    /// </code></example>
    public static T Map<T>(Func<NDArray, NDArray> f, T tree)
    {
        Argument.Given(f);
        var (leaves, def) = Flatten(tree);
        return Unflatten<T>(def, Array.ConvertAll(leaves, leaf => f(leaf)));
    }

    /// <summary>Applies a function to the leaves at the same place of two trees.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T Map<T>(Func<NDArray, NDArray, NDArray> f, T tree, T other)
    {
        Argument.Given(f);
        var (leaves, def) = Flatten(tree);
        var others = FlattenLike(def, other);
        return Unflatten<T>(def, [.. leaves.Zip(others, f)]);
    }

    /// <summary>Applies a function to the leaves at the same place of three trees.</summary>
    /// <exception cref="TreeException">The structures differ.</exception>
    public static T Map<T>(Func<NDArray, NDArray, NDArray, NDArray> f, T tree, T second, T third)
    {
        Argument.Given(f);
        var (leaves, def) = Flatten(tree);
        var seconds = FlattenLike(def, second);
        var thirds = FlattenLike(def, third);
        return Unflatten<T>(def, [.. leaves.Select((leaf, i) => f(leaf, seconds[i], thirds[i]))]);
    }

    /// <summary>Applies a function to the lists of leaves at the same place of many trees.</summary>
    /// <exception cref="TreeException">The structures differ, or there is no tree.</exception>
    public static T Map<T>(Func<NDArray[], NDArray> f, IReadOnlyList<T> trees)
    {
        Argument.Given(f);
        Argument.Given(trees);
        if (trees.Count == 0)
        {
            throw new TreeException("Tree.Map of a list of trees needs at least one tree.");
        }

        var (leaves, def) = Flatten(trees[0]);
        NDArray[][] all = [leaves, .. trees.Skip(1).Select(tree => FlattenLike(def, tree))];
        return Unflatten<T>(def, [.. leaves.Select((_, i) => f(Array.ConvertAll(all, list => list[i])))]);
    }

    /// <summary>Applies a function to every leaf and the path that leads to it.</summary>
    public static T MapWithPath<T>(Func<TreePath, NDArray, NDArray> f, T tree)
    {
        Argument.Given(f);
        var (leaves, def) = FlattenWithPath(tree);
        return Unflatten<T>(def, Array.ConvertAll(leaves, pair => f(pair.Path, pair.Leaf)));
    }

    /// <summary>Whether a predicate holds for all leaves.</summary>
    public static bool All<T>(Func<NDArray, bool> predicate, T tree) => Leaves(tree).All(predicate);

    /// <summary>Combines the leaves from first to last.</summary>
    public static TState Reduce<T, TState>(Func<TState, NDArray, TState> f, T tree, TState initializer) =>
        Leaves(tree).Aggregate(initializer, Argument.Given(f));

    /// <summary>Combines the leaves from first to last.</summary>
    /// <exception cref="TreeException">There is no leaf.</exception>
    public static NDArray Reduce<T>(Func<NDArray, NDArray, NDArray> f, T tree)
    {
        Argument.Given(f);
        var leaves = Leaves(tree);
        return leaves.Length > 0
            ? leaves.Aggregate(f)
            : throw new TreeException("Tree.Reduce of a tree without leaves needs an initializer.");
    }

    /// <summary>
    /// Turns a tree of trees inside out: <paramref name="tree"/> has the structure <paramref name="outer"/> with a tree of structure
    /// <paramref name="inner"/> in the place of each leaf.
    /// </summary>
    /// <exception cref="TreeException">The number of leaves does not fit.</exception>
    public static TResult Transpose<T, TResult>(TreeDef outer, TreeDef inner, T tree)
    {
        Argument.Given(outer);
        Argument.Given(inner);
        var leaves = Leaves(tree);
        int rows = outer.NumLeaves;
        int columns = inner.NumLeaves;
        if (leaves.Length != rows * columns)
        {
            throw new TreeException(
                $"Tree.Transpose got a tree of {leaves.Length} leaves; {outer} of {inner} has {rows} · {columns}."
            );
        }

        var transposed = new NDArray[leaves.Length];
        for (int i = 0; i < leaves.Length; i++)
        {
            transposed[(i % columns * rows) + (i / columns)] = leaves[i];
        }

        return Unflatten<TResult>(Compose(inner, outer), transposed);
    }

    /// <summary>
    /// Makes a tree a node of other trees, for types that are neither records nor marked with <c>[PyTree]</c>: gives its children,
    /// which may be trees, and data that belong to the structure; and puts them together again.
    /// </summary>
    /// <exception cref="TreeException">The type is a tree node already.</exception>
    public static void Register<T>(
        Func<T, (IReadOnlyList<object?> Children, object? Data)> flatten,
        Func<object?, IReadOnlyList<object?>, T> unflatten
    ) => TreeCodecs.Register(typeof(T), new RegisteredCodec<T>(flatten, unflatten));

    /// <summary>The structure with another in the place of each leaf.</summary>
    internal static TreeDef Compose(TreeDef outer, TreeDef inner) =>
        outer.Kind == TreeNodeKind.Leaf
            ? inner
            : new TreeDef(
                outer.Kind,
                outer.Codec,
                outer.Data,
                Array.ConvertAll(outer.Nodes, node => Compose(node, inner))
            );

    private static NDArray[] FlattenLike<T>(TreeDef structure, T tree)
    {
        var (leaves, def) = Flatten(tree);
        return def == structure
            ? leaves
            : throw new TreeException($"Tree.Map needs trees of one structure; got {structure} and {def}.");
    }
}
