using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace JaxSharp.Trees;

/// <summary>How a record, tuple or <c>[PyTree]</c> type falls into members, and how it is built of them.</summary>
/// <param name="Kind">Tuple or record.</param>
/// <param name="Constructor">The constructor; null for the default value of a struct.</param>
/// <param name="Arguments">The members that it takes, in its order.</param>
/// <param name="Settable">Members set afterwards.</param>
internal sealed record MemberLayout(
    TreeNodeKind Kind,
    ConstructorInfo? Constructor,
    MemberInfo[] Arguments,
    MemberInfo[] Settable
)
{
    public static MemberLayout? Of(Type type)
    {
        if (
            typeof(ITuple).IsAssignableFrom(type)
            && type.IsGenericType
            && type.FullName!.StartsWith("System.", StringComparison.Ordinal)
        )
        {
            var arguments = type.GetGenericArguments();
            var items = Enumerable
                .Range(0, arguments.Length)
                .Select(i => type.GetMember(i == 7 ? "Rest" : $"Item{i + 1}")[0])
                .ToArray();
            return new MemberLayout(TreeNodeKind.Tuple, type.GetConstructor(arguments), items, []);
        }

        if (type == typeof(ValueTuple))
        {
            return new MemberLayout(TreeNodeKind.Tuple, null, [], []);
        }

        if (
            type.IsAbstract
            || type.IsInterface
            || !(IsRecord(type) || type.IsDefined(typeof(PyTreeAttribute), inherit: false))
        )
        {
            return null;
        }

        var members = Members(type);
        var (constructor, parameters) = type.GetConstructors()
            .Select(c => (Constructor: c, Members: Matching(c, members)))
            .Where(c => c.Members is not null)
            .OrderByDescending(c => c.Members!.Length)
            .FirstOrDefault();
        if (constructor is null && !type.IsValueType)
        {
            return null;
        }

        var taken = parameters ?? [];
        return new MemberLayout(
            TreeNodeKind.Record,
            constructor,
            taken,
            [
                .. members.Where(m =>
                    !taken.Contains(m) && (m is FieldInfo { IsInitOnly: false } or PropertyInfo { CanWrite: true })
                ),
            ]
        );
    }

    public static Type TypeOf(MemberInfo member) =>
        member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || (
            type.IsValueType
            && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is { } print
            && print.IsDefined(typeof(CompilerGeneratedAttribute))
        );

    // A record inherits the members of its base; those come first.
    private static MemberInfo[] Members(Type type) =>
        [
            .. type.GetMembers(BindingFlags.Instance | BindingFlags.Public)
                .Where(m => m is FieldInfo || (m is PropertyInfo p && p.CanRead && p.GetIndexParameters().Length == 0))
                .OrderBy(m => Depth(m.DeclaringType!))
                .ThenBy(m => m.MetadataToken),
        ];

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;

    private static MemberInfo[]? Matching(ConstructorInfo constructor, MemberInfo[] members)
    {
        var result = constructor
            .GetParameters()
            .Select(p =>
                Array.Find(
                    members,
                    m =>
                        string.Equals(m.Name, p.Name, StringComparison.OrdinalIgnoreCase)
                        && TypeOf(m) == p.ParameterType
                )
            )
            .ToArray();
        return result.Contains(null) ? null : [.. result.OfType<MemberInfo>()];
    }
}

/// <summary>Tuples, records and <c>[PyTree]</c> types without generated code, through accessors compiled once.</summary>
internal sealed class MembersCodec<T> : TreeCodec<T>
{
    private readonly TreeNodeKind kind;
    private readonly RecordShape? shape;
    private readonly Func<T, LeafList, TreeDef[]> flatten;
    private readonly Func<TreeDef[], LeafReader, T> unflatten;
    private readonly int count;

    public MembersCodec(MemberLayout layout)
    {
        kind = layout.Kind;
        MemberInfo[] members = [.. layout.Arguments, .. layout.Settable];
        count = members.Length;
        shape = kind == TreeNodeKind.Record ? new RecordShape(typeof(T), [.. members.Select(m => m.Name)]) : null;
        flatten = CompileFlatten(members);
        unflatten = CompileUnflatten(layout, members);
    }

    public override TreeDef Flatten(T value, LeafList leaves) =>
        value is null ? TreeDef.None : new TreeDef(kind, this, shape, flatten(value, leaves));

    public override T Unflatten(TreeDef def, LeafReader leaves)
    {
        if (def.Kind == TreeNodeKind.None)
        {
            return default!;
        }

        if (def.Kind != kind || def.Nodes.Length != count || !Equals(def.Data, shape))
        {
            throw Mismatch(def);
        }

        return unflatten(def.Nodes, leaves);
    }

    private static Func<T, LeafList, TreeDef[]> CompileFlatten(MemberInfo[] members)
    {
        var value = Expression.Parameter(typeof(T), "value");
        var leaves = Expression.Parameter(typeof(LeafList), "leaves");
        var nodes = members.Select(member =>
        {
            var codec = Codec(member, out var type);
            return (Expression)
                Expression.Call(
                    codec,
                    typeof(TreeCodec<>).MakeGenericType(type).GetMethod(nameof(Flatten))!,
                    Expression.MakeMemberAccess(value, member),
                    leaves
                );
        });
        return Expression
            .Lambda<Func<T, LeafList, TreeDef[]>>(Expression.NewArrayInit(typeof(TreeDef), nodes), value, leaves)
            .Compile();
    }

    // Members are read in the order of the leaves, then passed on.
    private static Func<TreeDef[], LeafReader, T> CompileUnflatten(MemberLayout layout, MemberInfo[] members)
    {
        var nodes = Expression.Parameter(typeof(TreeDef[]), "nodes");
        var leaves = Expression.Parameter(typeof(LeafReader), "leaves");
        var values = members
            .Select(
                (member, i) =>
                {
                    var codec = Codec(member, out var type);
                    return (Expression)
                        Expression.Call(
                            codec,
                            typeof(TreeCodec<>).MakeGenericType(type).GetMethod(nameof(Unflatten))!,
                            Expression.ArrayIndex(nodes, Expression.Constant(i)),
                            leaves
                        );
                }
            )
            .ToArray();
        var made = layout.Constructor is { } constructor
            ? Expression.New(constructor, values[..layout.Arguments.Length])
            : Expression.New(typeof(T));
        Expression body =
            layout.Settable.Length == 0
                ? made
                : Expression.MemberInit(
                    made,
                    layout.Settable.Select((m, i) => Expression.Bind(m, values[layout.Arguments.Length + i]))
                );
        return Expression.Lambda<Func<TreeDef[], LeafReader, T>>(body, nodes, leaves).Compile();
    }

    private static Expression Codec(MemberInfo member, out Type type)
    {
        type = MemberLayout.TypeOf(member);
        if (member.IsDefined(typeof(StaticAttribute), inherit: true))
        {
            return Expression.Constant(
                Activator.CreateInstance(typeof(StaticCodec<>).MakeGenericType(type)),
                typeof(TreeCodec<>).MakeGenericType(type)
            );
        }

        return Expression.Property(
            null,
            typeof(TreeCodec<>).MakeGenericType(type).GetProperty(nameof(TreeCodec<T>.Instance))!
        );
    }
}
