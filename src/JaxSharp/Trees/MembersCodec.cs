using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
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
        var codecs = Array.ConvertAll(members, StaticCodecOf);
        flatten = CompileFlatten(members, codecs);
        unflatten = CompileUnflatten(layout, members, codecs);
    }

    public override TreeDef FlattenNode(T value, LeafList leaves) =>
        value is null ? TreeDef.None : new TreeDef(kind, this, shape, flatten(value, leaves));

    public override T UnflattenNode(TreeDef def, LeafReader leaves)
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

    // Code gets the codecs of [Static] members in the array that its delegate is bound to.
    private static Func<T, LeafList, TreeDef[]> CompileFlatten(MemberInfo[] members, TreeCodec?[] codecs)
    {
        if (members.Length == 0)
        {
            return (_, _) => [];
        }

        var method = Method("flatten", typeof(TreeDef[]), [typeof(TreeCodec[]), typeof(T), typeof(LeafList)]);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldc_I4, members.Length);
        il.Emit(OpCodes.Newarr, typeof(TreeDef));
        for (int i = 0; i < members.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            var codec = PushCodec(il, members[i], i);
            il.Emit(typeof(T).IsValueType ? OpCodes.Ldarga : OpCodes.Ldarg, (short)1);
            if (members[i] is PropertyInfo property)
            {
                il.Emit(typeof(T).IsValueType ? OpCodes.Call : OpCodes.Callvirt, property.GetMethod!);
            }
            else
            {
                il.Emit(OpCodes.Ldfld, (FieldInfo)members[i]);
            }

            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Callvirt, codec.GetMethod(IsStatic(members[i]) ? nameof(FlattenNode) : nameof(Flatten))!);
            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<T, LeafList, TreeDef[]>>(codecs);
    }

    // Members are read in the order of the leaves: those that the constructor takes, then those set afterwards.
    private static Func<TreeDef[], LeafReader, T> CompileUnflatten(
        MemberLayout layout,
        MemberInfo[] members,
        TreeCodec?[] codecs
    )
    {
        if (members.Length == 0 && layout.Constructor is null)
        {
            return (_, _) => default!;
        }

        var method = Method("unflatten", typeof(T), [typeof(TreeCodec[]), typeof(TreeDef[]), typeof(LeafReader)]);
        var il = method.GetILGenerator();
        var made = il.DeclareLocal(typeof(T));
        int taken = layout.Arguments.Length;
        for (int i = 0; i < taken; i++)
        {
            PushMember(il, members[i], i);
        }

        // Without a constructor the local is the default value from the start.
        if (layout.Constructor is { } constructor)
        {
            il.Emit(OpCodes.Newobj, constructor);
            il.Emit(OpCodes.Stloc, made);
        }

        for (int i = taken; i < members.Length; i++)
        {
            il.Emit(typeof(T).IsValueType ? OpCodes.Ldloca : OpCodes.Ldloc, made);
            PushMember(il, members[i], i);
            if (members[i] is PropertyInfo property)
            {
                il.Emit(typeof(T).IsValueType ? OpCodes.Call : OpCodes.Callvirt, property.SetMethod!);
            }
            else
            {
                il.Emit(OpCodes.Stfld, (FieldInfo)members[i]);
            }
        }

        il.Emit(OpCodes.Ldloc, made);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<TreeDef[], LeafReader, T>>(codecs);
    }

    private static void PushMember(ILGenerator il, MemberInfo member, int number)
    {
        var codec = PushCodec(il, member, number);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(OpCodes.Ldelem_Ref);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Callvirt, codec.GetMethod(IsStatic(member) ? nameof(UnflattenNode) : nameof(Unflatten))!);
    }

    // The codec of a member's type is asked for when it is used: the type may be the one that has the member.
    private static Type PushCodec(ILGenerator il, MemberInfo member, int number)
    {
        var type = typeof(TreeCodec<>).MakeGenericType(MemberLayout.TypeOf(member));
        if (IsStatic(member))
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, number);
            il.Emit(OpCodes.Ldelem_Ref);
            il.Emit(OpCodes.Castclass, type);
        }
        else
        {
            il.Emit(OpCodes.Call, type.GetProperty(nameof(Instance))!.GetMethod!);
        }

        return type;
    }

    private static DynamicMethod Method(string name, Type result, Type[] parameters) =>
        new(name, result, parameters, typeof(MembersCodec<T>).Module, skipVisibility: true);

    private static bool IsStatic(MemberInfo member) => member.IsDefined(typeof(StaticAttribute), inherit: true);

    private static TreeCodec? StaticCodecOf(MemberInfo member) =>
        IsStatic(member)
            ? (TreeCodec)Activator.CreateInstance(typeof(StaticCodec<>).MakeGenericType(MemberLayout.TypeOf(member)))!
            : null;
}
