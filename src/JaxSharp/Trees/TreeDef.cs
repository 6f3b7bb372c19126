using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using JaxSharp.Trees;

namespace JaxSharp;

/// <summary>
/// The structure of a tree of arrays: what remains when its leaves are taken out. Two trees have equal structures if their
/// containers, dictionary keys and static values agree. Prints in JAX's manner: <c>PyTreeDef({'b': *, 'w': (*, None)})</c>.
/// </summary>
public sealed class TreeDef : IEquatable<TreeDef>
{
    private readonly int hash;

    internal TreeDef(TreeNodeKind kind, TreeCodec? codec, object? data, params TreeDef[] children)
    {
        Kind = kind;
        Codec = codec;
        Data = data;
        Nodes = children;
        NumLeaves = kind == TreeNodeKind.Leaf ? 1 : children.Sum(child => child.NumLeaves);
        hash = ComputeHash();
    }

    /// <summary>A single leaf.</summary>
    public static TreeDef Leaf { get; } = new(TreeNodeKind.Leaf, null, null);

    /// <summary>Null: a tree without leaves.</summary>
    public static TreeDef None { get; } = new(TreeNodeKind.None, null, null);

    /// <summary>The number of leaves.</summary>
    public int NumLeaves { get; }

    /// <summary>The number of nodes, leaves included.</summary>
    public int NumNodes => 1 + Nodes.Sum(node => node.NumNodes);

    /// <summary>The structures of the children of the root.</summary>
    public IReadOnlyList<TreeDef> Children => Nodes;

    internal TreeNodeKind Kind { get; }

    /// <summary>What builds the node again where nothing is known of its type.</summary>
    internal TreeCodec? Codec { get; }

    /// <summary>Dictionary keys, member names, the type of a record or a static value.</summary>
    internal object? Data { get; }

    internal TreeDef[] Nodes { get; }

    /// <summary>Whether two structures are equal.</summary>
    public static bool operator ==(TreeDef? left, TreeDef? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two structures differ.</summary>
    public static bool operator !=(TreeDef? left, TreeDef? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(TreeDef? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || hash != other.hash || !HasRootOf(other))
        {
            return false;
        }

        for (int i = 0; i < Nodes.Length; i++)
        {
            if (!Nodes[i].Equals(other.Nodes[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreeDef);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <inheritdoc/>
    public override string ToString() => $"PyTreeDef({Text()})";

    /// <summary>The paths of the leaves in order: <c>['w'][0].Bias</c>.</summary>
    internal IEnumerable<TreePath> Paths()
    {
        if (Kind == TreeNodeKind.Leaf)
        {
            yield return TreePath.Empty;
            yield break;
        }

        for (int i = 0; i < Nodes.Length; i++)
        {
            string entry = Entry(i);
            foreach (var path in Nodes[i].Paths())
            {
                yield return path.Prepend(entry);
            }
        }
    }

    /// <summary>The part of a path that leads to a child.</summary>
    internal string Entry(int child) =>
        (Kind, Data) switch
        {
            (TreeNodeKind.Dictionary, object[] keys) => keys[child] is string name ? $"['{name}']" : $"[{keys[child]}]",
            (TreeNodeKind.Record, RecordShape shape) => $".{shape.Members[child]}",
            _ => $"[{child}]",
        };

    /// <summary>Whether the roots agree, whatever their children are.</summary>
    internal bool HasRootOf(TreeDef other) =>
        Kind == other.Kind && Nodes.Length == other.Nodes.Length && SameData(Data, other.Data);

    /// <summary>The structure without the frame of <see cref="ToString"/>.</summary>
    internal string Text()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private static bool SameData(object? left, object? right)
    {
        if (left is object[] a && right is object[] b)
        {
            return a.AsSpan().SequenceEqual(b);
        }

        return Equals(left, right);
    }

    private int ComputeHash()
    {
        var code = default(HashCode);
        code.Add(Kind);
        if (Data is object[] keys)
        {
            foreach (object key in keys)
            {
                code.Add(key);
            }
        }
        else
        {
            code.Add(Data);
        }

        foreach (var node in Nodes)
        {
            code.Add(node.hash);
        }

        return code.ToHashCode();
    }

    private void Write(StringBuilder text)
    {
        switch (Kind)
        {
            case TreeNodeKind.Leaf:
                text.Append('*');
                break;
            case TreeNodeKind.None:
                text.Append("None");
                break;
            case TreeNodeKind.Static:
                text.Append('<').Append(Data).Append('>');
                break;
            case TreeNodeKind.Tuple:
                WriteChildren(text, "(", Nodes.Length == 1 ? ",)" : ")", _ => "");
                break;
            case TreeNodeKind.List:
                WriteChildren(text, "[", "]", _ => "");
                break;
            case TreeNodeKind.Dictionary:
                var keys = (object[])Data!;
                WriteChildren(text, "{", "}", i => keys[i] is string name ? $"'{name}': " : $"{keys[i]}: ");
                break;
            default:
                var shape = (RecordShape)Data!;
                WriteChildren(text, $"{shape.Name}(", ")", i => $"{shape.Members[i]}=");
                break;
        }
    }

    private void WriteChildren(StringBuilder text, string open, string close, Func<int, string> label)
    {
        text.Append(open);
        for (int i = 0; i < Nodes.Length; i++)
        {
            text.Append(i > 0 ? ", " : "").Append(label(i));
            Nodes[i].Write(text);
        }

        text.Append(close);
    }
}

/// <summary>The kinds of tree nodes.</summary>
internal enum TreeNodeKind
{
    Leaf,
    None,
    Static,
    Tuple,
    List,
    Dictionary,
    Record,
}

/// <summary>What distinguishes record nodes: the type and the names of the members that are children.</summary>
internal sealed class RecordShape(Type type, string[] members, object? data = null) : IEquatable<RecordShape>
{
    public string Name { get; } =
        type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;

    public string[] Members { get; } = members;

    public object? Data { get; } = data;

    public Type Type { get; } = type;

    public bool Equals(RecordShape? other) => other is not null && Type == other.Type && Equals(Data, other.Data);

    public override bool Equals(object? obj) => Equals(obj as RecordShape);

    public override int GetHashCode() => HashCode.Combine(Type, Data);
}

/// <summary>The way from the root of a tree to a leaf; prints as <c>['layers'][0].Weight</c>.</summary>
public sealed class TreePath : IEquatable<TreePath>
{
    internal static readonly TreePath Empty = new([]);

    private readonly string[] entries;

    private TreePath(string[] entries) => this.entries = entries;

    /// <summary>The steps: <c>['key']</c>, <c>[index]</c> or <c>.Member</c>.</summary>
    public IReadOnlyList<string> Entries => entries;

    /// <summary>The number of steps.</summary>
    public int Length => entries.Length;

    /// <inheritdoc/>
    public bool Equals(TreePath? other) => other is not null && entries.AsSpan().SequenceEqual(other.entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreePath);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The steps one after the other.</summary>
    public override string ToString() => string.Concat(entries);

    internal TreePath Prepend(string entry) => new([entry, .. entries]);

    internal TreePath Append(string entry) => new([.. entries, entry]);
}
