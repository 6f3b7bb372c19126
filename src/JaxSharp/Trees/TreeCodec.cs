using System;
using System.Collections.Generic;

namespace JaxSharp.Trees;

/// <summary>Collects the leaves of a tree that is taken apart.</summary>
internal sealed class LeafList(bool staticNumbers = false, bool keepNumbers = false, Func<object?, bool>? isLeaf = null)
{
    private readonly List<NDArray> items = [];
    private readonly List<object?>? values = isLeaf is null ? null : [];

    /// <summary>
    /// Whether values in places that only hold C# numbers belong to the structure: inside of transformations, where a traced value
    /// could not be put back into such a place.
    /// </summary>
    public bool StaticNumbers { get; } = staticNumbers;

    /// <summary>Whether C# numbers in places that could hold arrays stay numbers: auxiliary results come back as they are.</summary>
    public bool KeepNumbers { get; } = keepNumbers;

    /// <summary>What is a leaf although it is no array, if the caller has a say in that; leaves are then any values.</summary>
    public Func<object?, bool>? IsLeaf { get; } = isLeaf;

    public void Add(NDArray leaf)
    {
        if (values is null)
        {
            items.Add(leaf);
        }
        else
        {
            values.Add(leaf);
        }
    }

    /// <summary>Adds what the caller takes for a leaf.</summary>
    public TreeDef AddValue(object? leaf)
    {
        values!.Add(leaf);
        return TreeDef.Leaf;
    }

    public NDArray[] ToArray() => [.. items];

    /// <summary>The leaves where the caller decides what is one.</summary>
    public object?[] Values() => [.. values!];
}

/// <summary>Hands out the leaves of a tree that is put together: arrays, or any values where a caller decided what is a leaf.</summary>
internal sealed class LeafReader(IReadOnlyList<NDArray>? leaves, IReadOnlyList<object?>? values = null)
{
    private int next;

    public NDArray Next() => leaves is not null ? leaves[next++] : (NDArray)values![next++]!;

    /// <summary>Takes the next leaf if it is no array.</summary>
    public bool TakeValue(out object? value)
    {
        value = null;
        if (values is null || values[next] is NDArray)
        {
            return false;
        }

        value = values[next++];
        return true;
    }
}

/// <summary>Takes values of one C# type apart into leaves and structure, and puts them together again.</summary>
internal abstract class TreeCodec
{
    public abstract TreeDef FlattenObject(object? value, LeafList leaves);

    public abstract object? UnflattenObject(TreeDef def, LeafReader leaves);

    /// <summary>The codec of a type found at run time.</summary>
    public static TreeCodec Of(Type type) => TreeCodecs.Of(type);
}

/// <summary>The codec for a type known when it is compiled: no boxing, no reflection after the first use.</summary>
internal abstract class TreeCodec<T> : TreeCodec
{
    private static TreeCodec<T>? instance;

    /// <summary>The codec of the type.</summary>
    public static TreeCodec<T> Instance => instance ??= (TreeCodec<T>)TreeCodecs.Of(typeof(T));

    /// <summary>Takes a value apart; a value that the caller of the list takes for a leaf stays whole.</summary>
    public TreeDef Flatten(T value, LeafList leaves) =>
        leaves.IsLeaf is { } isLeaf && isLeaf(value) ? leaves.AddValue(value) : FlattenNode(value, leaves);

    /// <summary>Puts a value together, from arrays or from what the caller of the list took for leaves.</summary>
    public T Unflatten(TreeDef def, LeafReader leaves) =>
        def.Kind == TreeNodeKind.Leaf && leaves.TakeValue(out object? value)
            ? OfLeaf(value)
            : UnflattenNode(def, leaves);

    /// <summary>Takes a value of this type apart, whatever a caller takes for a leaf.</summary>
    public abstract TreeDef FlattenNode(T value, LeafList leaves);

    /// <summary>Puts a value of this type together from arrays.</summary>
    public abstract T UnflattenNode(TreeDef def, LeafReader leaves);

    public sealed override TreeDef FlattenObject(object? value, LeafList leaves) =>
        value is null ? TreeDef.None : FlattenNode((T)value, leaves);

    public sealed override object? UnflattenObject(TreeDef def, LeafReader leaves) => UnflattenNode(def, leaves);

    private static T OfLeaf(object? leaf) =>
        leaf switch
        {
            T value => value,
            null when default(T) is null => default!,
            not null when TreeCodecs.ToArray(leaf) is T number => number,
            _ => throw new TreeException(
                $"A leaf of type {(leaf is null ? "null" : TreeCodecs.Name(leaf.GetType()))} does not fit its place in the tree, a "
                    + $"{TreeCodecs.Name(typeof(T))}. Return a value of that type for it."
            ),
        };

    /// <summary>The value that a structure holds, if it fits the place.</summary>
    protected static T StaticValue(TreeDef def) =>
        def.Data is T value ? value
        : def.Data is null && default(T) is null ? default!
        : throw Mismatch(def);

    protected static TreeException Mismatch(TreeDef def) =>
        new($"A tree of structure {def} cannot be put together as {TreeCodecs.Name(typeof(T))}.");
}

/// <summary>Arrays: the leaves.</summary>
internal sealed class ArrayLeafCodec : TreeCodec<NDArray?>
{
    public override TreeDef FlattenNode(NDArray? value, LeafList leaves)
    {
        if (value is null)
        {
            return TreeDef.None;
        }

        leaves.Add(value);
        return TreeDef.Leaf;
    }

    public override NDArray? UnflattenNode(TreeDef def, LeafReader leaves) =>
        def.Kind switch
        {
            TreeNodeKind.Leaf => leaves.Next(),
            TreeNodeKind.None => null,
            _ => throw Mismatch(def),
        };
}

/// <summary>C# numbers: weakly typed leaves, or static values inside of transformations.</summary>
internal sealed class NumberCodec<T>(Func<T, NDArray> toArray, Func<DeviceArray, T> toNumber) : TreeCodec<T>
    where T : notnull
{
    public override TreeDef FlattenNode(T value, LeafList leaves)
    {
        if (leaves.StaticNumbers)
        {
            return new TreeDef(TreeNodeKind.Static, this, value);
        }

        leaves.Add(toArray(value));
        return TreeDef.Leaf;
    }

    public override T UnflattenNode(TreeDef def, LeafReader leaves)
    {
        if (def is { Kind: TreeNodeKind.Static, Data: T value })
        {
            return value;
        }

        if (def.Kind != TreeNodeKind.Leaf)
        {
            throw Mismatch(def);
        }

        return leaves.Next() is DeviceArray { Size: 1 } array
            ? toNumber(array)
            : throw new ConcretizationException(
                $"A leaf that is not a known scalar cannot become a {TreeCodecs.Name(typeof(T))}. Declare the member of the tree as NDArray."
            );
    }
}

/// <summary>Anything that holds no arrays: part of the structure, compared by <see cref="object.Equals(object)"/>.</summary>
internal sealed class StaticCodec<T> : TreeCodec<T>
{
    public override TreeDef FlattenNode(T value, LeafList leaves) => new(TreeNodeKind.Static, this, value);

    public override T UnflattenNode(TreeDef def, LeafReader leaves) =>
        def.Kind switch
        {
            TreeNodeKind.Static => StaticValue(def),
            TreeNodeKind.None => default!,
            _ => throw Mismatch(def),
        };
}

/// <summary>A place of an interface, a base class or <c>object</c>: the value decides.</summary>
internal sealed class DynamicCodec<T> : TreeCodec<T>
{
    public override TreeDef FlattenNode(T value, LeafList leaves)
    {
        switch (value)
        {
            case null:
                return TreeDef.None;
            case NDArray array:
                leaves.Add(array);
                return TreeDef.Leaf;
            default:
                var codec = TreeCodecs.Of(value.GetType());
                if (
                    typeof(T) == typeof(object)
                    && leaves is { StaticNumbers: true, KeepNumbers: false }
                    && TreeCodecs.ToArray(value) is { } number
                )
                {
                    leaves.Add(number);
                    return TreeDef.Leaf;
                }

                return codec is DynamicCodec<T>
                    ? new TreeDef(TreeNodeKind.Static, this, value)
                    : codec.FlattenObject(value, leaves);
        }
    }

    public override T UnflattenNode(TreeDef def, LeafReader leaves) =>
        def.Kind switch
        {
            TreeNodeKind.None => default!,
            TreeNodeKind.Leaf => leaves.Next() switch
            {
                null => default!,
                T leaf => leaf,
                _ => throw Mismatch(def),
            },
            TreeNodeKind.Static => StaticValue(def),
            _ => def.Codec!.UnflattenObject(def, leaves) is T value ? value : throw Mismatch(def),
        };
}

/// <summary>A nullable value type.</summary>
internal sealed class NullableCodec<T> : TreeCodec<T?>
    where T : struct
{
    public override TreeDef FlattenNode(T? value, LeafList leaves) =>
        value is { } present ? TreeCodec<T>.Instance.Flatten(present, leaves) : TreeDef.None;

    public override T? UnflattenNode(TreeDef def, LeafReader leaves) =>
        def.Kind == TreeNodeKind.None ? null : TreeCodec<T>.Instance.Unflatten(def, leaves);
}
