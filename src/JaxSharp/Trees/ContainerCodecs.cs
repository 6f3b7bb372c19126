using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace JaxSharp.Trees;

/// <summary>Arrays, lists and the interfaces of lists.</summary>
internal sealed class ListCodec<TList, T>(Func<T[], TList> make) : TreeCodec<TList>
    where TList : IEnumerable<T>
{
    public override TreeDef FlattenNode(TList value, LeafList leaves)
    {
        if (value is null or ImmutableArray<T> { IsDefault: true })
        {
            return TreeDef.None;
        }

        var codec = TreeCodec<T>.Instance;
        return new TreeDef(TreeNodeKind.List, this, null, [.. value.Select(item => codec.Flatten(item, leaves))]);
    }

    public override TList UnflattenNode(TreeDef def, LeafReader leaves)
    {
        if (def.Kind == TreeNodeKind.None)
        {
            return default!;
        }

        if (def.Kind != TreeNodeKind.List)
        {
            throw Mismatch(def);
        }

        var codec = TreeCodec<T>.Instance;
        return make(Array.ConvertAll(def.Nodes, node => codec.Unflatten(node, leaves)));
    }
}

/// <summary>Dictionaries; their leaves go in the order of the keys, strings by ordinal comparison.</summary>
internal sealed class DictionaryCodec<TDictionary, TKey, TValue>(Func<Dictionary<TKey, TValue>, TDictionary> make)
    : TreeCodec<TDictionary>
    where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private static readonly IComparer<TKey> Order =
        typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : Comparer<TKey>.Default;

    public override TreeDef FlattenNode(TDictionary value, LeafList leaves)
    {
        if (value is null)
        {
            return TreeDef.None;
        }

        var codec = TreeCodec<TValue>.Instance;
        var entries = value.ToArray();
        try
        {
            Array.Sort(entries, (a, b) => Order.Compare(a.Key, b.Key));
        }
        catch (InvalidOperationException)
        {
            throw new TreeException(
                $"The keys of a {TreeCodecs.Name(typeof(TDictionary))} decide the order of its leaves, but cannot be compared: "
                    + $"{TreeCodecs.Name(typeof(TKey))} must implement IComparable, and keys must be of one type."
            );
        }

        return new TreeDef(
            TreeNodeKind.Dictionary,
            this,
            Array.ConvertAll(entries, object (entry) => entry.Key),
            Array.ConvertAll(entries, entry => codec.Flatten(entry.Value, leaves))
        );
    }

    public override TDictionary UnflattenNode(TreeDef def, LeafReader leaves)
    {
        if (def.Kind == TreeNodeKind.None)
        {
            return default!;
        }

        if (def.Kind != TreeNodeKind.Dictionary)
        {
            throw Mismatch(def);
        }

        var codec = TreeCodec<TValue>.Instance;
        object[] keys = (object[])def.Data!;
        var result = new Dictionary<TKey, TValue>(keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            result.Add(keys[i] is TKey key ? key : throw Mismatch(def), codec.Unflatten(def.Nodes[i], leaves));
        }

        return make(result);
    }
}

/// <summary>Takes nodes of a type apart by functions that a user registered.</summary>
internal sealed class RegisteredCodec<T>(
    Func<T, (IReadOnlyList<object?> Children, object? Data)> flatten,
    Func<object?, IReadOnlyList<object?>, T> unflatten
) : TreeCodec<T>
{
    public override TreeDef FlattenNode(T value, LeafList leaves)
    {
        if (value is null)
        {
            return TreeDef.None;
        }

        var (children, data) = flatten(value);
        if (children is null)
        {
            throw new TreeException(
                $"The function registered to flatten {TreeCodecs.Name(typeof(T))} gave null for its children: give an empty list if it has none."
            );
        }

        var codec = TreeCodec<object?>.Instance;
        return new TreeDef(
            TreeNodeKind.Record,
            this,
            new RecordShape(typeof(T), [.. Enumerable.Range(0, children.Count).Select(i => $"{i}")], data),
            [.. children.Select(child => codec.Flatten(child, leaves))]
        );
    }

    public override T UnflattenNode(TreeDef def, LeafReader leaves)
    {
        if (def.Kind == TreeNodeKind.None)
        {
            return default!;
        }

        if (def.Data is not RecordShape shape || shape.Type != typeof(T))
        {
            throw Mismatch(def);
        }

        var codec = TreeCodec<object?>.Instance;
        return unflatten(shape.Data, [.. def.Nodes.Select(node => codec.Unflatten(node, leaves))]);
    }
}
