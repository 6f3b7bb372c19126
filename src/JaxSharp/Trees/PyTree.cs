using System;
using System.Collections.Generic;
using JaxSharp.Trees;

namespace JaxSharp;

/// <summary>
/// Makes a class, struct or record a tree of arrays: its public properties are the children. On a <c>partial</c> type the source
/// generator writes the code; otherwise reflection finds the members at the first use. Records need no attribute.
/// </summary>
/// <example><code>[PyTree] public partial record Params(NDArray W, NDArray B);</code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class PyTreeAttribute : Attribute;

/// <summary>
/// A member of a tree node that belongs to the structure and is not traced: a size, a name, a function. Structures with different
/// static members are different.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class StaticAttribute : Attribute;

/// <summary>Implemented by the source generator for <c>[PyTree]</c> types.</summary>
public interface IPyTreeNode<TSelf>
    where TSelf : IPyTreeNode<TSelf>
{
    /// <summary>The names of the members, in the order in which they are written and read.</summary>
    static abstract IReadOnlyList<string> PyTreeMembers { get; }

    /// <summary>Writes the members.</summary>
    static abstract void WritePyTree(TSelf value, PyTreeWriter writer);

    /// <summary>Makes a node of members.</summary>
    static abstract TSelf ReadPyTree(PyTreeReader reader);
}

/// <summary>Takes the members of a tree node from generated code.</summary>
public sealed class PyTreeWriter
{
    private readonly TreeDef[] nodes;
    private readonly LeafList leaves;
    private int next;

    internal PyTreeWriter(int count, LeafList leaves)
    {
        nodes = new TreeDef[count];
        this.leaves = leaves;
    }

    internal TreeDef[] Nodes => nodes;

    /// <summary>Writes a member that may hold arrays.</summary>
    public void Write<T>(T value) => nodes[next++] = TreeCodec<T>.Instance.Flatten(value, leaves);

    /// <summary>Writes a member that belongs to the structure.</summary>
    public void WriteStatic<T>(T value) => nodes[next++] = StaticMember<T>.Codec.FlattenNode(value, leaves);
}

/// <summary>Gives the members of a tree node to generated code, in the order in which they were written.</summary>
public sealed class PyTreeReader
{
    private readonly TreeDef[] nodes;
    private readonly LeafReader leaves;
    private int next;

    internal PyTreeReader(TreeDef[] nodes, LeafReader leaves)
    {
        this.nodes = nodes;
        this.leaves = leaves;
    }

    /// <summary>Reads a member that may hold arrays.</summary>
    public T Read<T>() => TreeCodec<T>.Instance.Unflatten(nodes[next++], leaves);

    /// <summary>Reads a member that belongs to the structure.</summary>
    public T ReadStatic<T>() => StaticMember<T>.Codec.UnflattenNode(nodes[next++], leaves);
}

/// <summary>The codec of static members of one type.</summary>
internal static class StaticMember<T>
{
    public static readonly StaticCodec<T> Codec = new();
}

/// <summary>Types with generated code.</summary>
internal sealed class GeneratedCodec<T> : TreeCodec<T>
    where T : IPyTreeNode<T>
{
    private readonly RecordShape shape = new(typeof(T), [.. T.PyTreeMembers]);

    public override TreeDef FlattenNode(T value, LeafList leaves)
    {
        if (value is null)
        {
            return TreeDef.None;
        }

        var writer = new PyTreeWriter(shape.Members.Length, leaves);
        T.WritePyTree(value, writer);
        return new TreeDef(TreeNodeKind.Record, this, shape, writer.Nodes);
    }

    public override T UnflattenNode(TreeDef def, LeafReader leaves)
    {
        if (def.Kind == TreeNodeKind.None)
        {
            return default!;
        }

        if (def.Kind != TreeNodeKind.Record || !Equals(def.Data, shape))
        {
            throw Mismatch(def);
        }

        return T.ReadPyTree(new PyTreeReader(def.Nodes, leaves));
    }
}
