using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Numerics;
using System.Reflection;

namespace JaxSharp.Trees;

/// <summary>Finds or makes the codec of a type.</summary>
internal static class TreeCodecs
{
    private static readonly ConcurrentDictionary<Type, TreeCodec> Known = new(
        new Dictionary<Type, TreeCodec>
        {
            [typeof(NDArray)] = new ArrayLeafCodec(),
            [typeof(double)] = new NumberCodec<double>(x => x, a => a.ItemDouble(0)),
            [typeof(float)] = new NumberCodec<float>(x => x, a => (float)a.ItemDouble(0)),
            [typeof(int)] = new NumberCodec<int>(x => x, a => ToInt(a.ItemInt(0))),
            [typeof(long)] = new NumberCodec<long>(x => x, a => a.ItemInt(0)),
            [typeof(bool)] = new NumberCodec<bool>(x => x, a => a.ItemInt(0) != 0),
            [typeof(Complex)] = new NumberCodec<Complex>(x => x, a => a.ItemComplex(0)),
        }
    );

    public static TreeCodec Of(Type type) =>
        Known.TryGetValue(type, out var codec) ? codec : Known.GetOrAdd(type, Create);

    public static void Register(Type type, TreeCodec codec)
    {
        if (!Known.TryAdd(type, codec))
        {
            throw new TreeException(
                $"{Name(type)} is a tree node already. Register a type once, before its first use in a transformation."
            );
        }
    }

    /// <summary>A C# number as a weakly typed array; null for anything else.</summary>
    public static NDArray? ToArray(object value) =>
        value switch
        {
            double x => x,
            float x => x,
            int x => x,
            long x => x,
            bool x => x,
            Complex x => x,
            _ => null,
        };

    /// <summary>The C# name of a type, for messages.</summary>
    public static string Name(Type type) =>
        type.IsGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : type.Name;

    private static TreeCodec Create(Type type)
    {
        if (typeof(NDArray).IsAssignableFrom(type))
        {
            return Make(typeof(DynamicCodec<>), [type]);
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Make(typeof(NullableCodec<>), [underlying]);
        }

        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || typeof(Delegate).IsAssignableFrom(type))
        {
            return Make(typeof(StaticCodec<>), [type]);
        }

        if (Array.Exists(type.GetInterfaces(), node => IsGeneratedNode(node) && node.GetGenericArguments()[0] == type))
        {
            return Make(typeof(GeneratedCodec<>), [type]);
        }

        return Container(type)
            ?? (MemberLayout.Of(type) is { } layout ? Make(typeof(MembersCodec<>), [type], layout) : null)
            ?? Make(type.IsSealed ? typeof(StaticCodec<>) : typeof(DynamicCodec<>), [type]);
    }

    private static bool IsGeneratedNode(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IPyTreeNode<>);

    private static TreeCodec? Container(Type type)
    {
        if (type.IsArray && type.GetArrayRank() == 1)
        {
            return List(nameof(MakeArray), type, type.GetElementType()!);
        }

        if (!type.IsGenericType)
        {
            return OwnDictionary(type);
        }

        var arguments = type.GetGenericArguments();
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(ImmutableArray<>))
        {
            return List(nameof(MakeImmutable), type, arguments[0]);
        }

        if (
            definition == typeof(List<>)
            || definition == typeof(IList<>)
            || definition == typeof(IReadOnlyList<>)
            || definition == typeof(ICollection<>)
            || definition == typeof(IReadOnlyCollection<>)
            || definition == typeof(IEnumerable<>)
        )
        {
            return List(nameof(MakeList), type, arguments[0]);
        }

        string? make =
            definition == typeof(Dictionary<,>)
            || definition == typeof(IDictionary<,>)
            || definition == typeof(IReadOnlyDictionary<,>)
                ? nameof(MakeDictionary)
            : definition == typeof(SortedDictionary<,>) ? nameof(MakeSorted)
            : definition == typeof(ImmutableDictionary<,>) || definition == typeof(IImmutableDictionary<,>)
                ? nameof(MakeImmutableDictionary)
            : null;
        return make is null ? OwnDictionary(type) : DictionaryOf(type, arguments, make, arguments);
    }

    // Any other class that is a dictionary and can be made empty.
    private static TreeCodec? OwnDictionary(Type type)
    {
        var dictionary = Array.Find(
            type.GetInterfaces(),
            t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(IDictionary<,>)
        );
        if (dictionary is null || type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null)
        {
            return null;
        }

        var arguments = dictionary.GetGenericArguments();
        return DictionaryOf(type, arguments, nameof(MakeOwn), [type, .. arguments]);
    }

    private static TreeCodec DictionaryOf(Type type, Type[] arguments, string make, Type[] makeArguments) =>
        Make(
            typeof(DictionaryCodec<,,>),
            [type, .. arguments],
            Delegate(
                make,
                typeof(Func<,>).MakeGenericType(typeof(Dictionary<,>).MakeGenericType(arguments), type),
                makeArguments
            )
        );

    private static TreeCodec List(string make, Type type, Type item) =>
        Make(
            typeof(ListCodec<,>),
            [type, item],
            Delegate(make, typeof(Func<,>).MakeGenericType(item.MakeArrayType(), type), [item])
        );

    private static Delegate Delegate(string method, Type type, Type[] arguments) =>
        typeof(TreeCodecs)
            .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(arguments)
            .CreateDelegate(type);

    private static TreeCodec Make(Type definition, Type[] arguments, params object[] parameters) =>
        (TreeCodec)Activator.CreateInstance(definition.MakeGenericType(arguments), parameters)!;

    private static int ToInt(long value) =>
        value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new TreeException(
                $"A leaf of the value {value} cannot become an int. Declare the member as long or NDArray."
            );

    private static T[] MakeArray<T>(T[] items) => items;

    private static List<T> MakeList<T>(T[] items) => [.. items];

    private static ImmutableArray<T> MakeImmutable<T>(T[] items) => [.. items];

    private static Dictionary<TKey, TValue> MakeDictionary<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries;

    private static SortedDictionary<TKey, TValue> MakeSorted<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull =>
        typeof(TKey) == typeof(string) ? new(entries, (IComparer<TKey>)StringComparer.Ordinal) : new(entries);

    private static TDictionary MakeOwn<TDictionary, TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TDictionary : IDictionary<TKey, TValue>, new()
        where TKey : notnull
    {
        var result = new TDictionary();
        foreach (var (key, value) in entries)
        {
            result.Add(key, value);
        }

        return result;
    }

    private static ImmutableDictionary<TKey, TValue> MakeImmutableDictionary<TKey, TValue>(
        Dictionary<TKey, TValue> entries
    )
        where TKey : notnull => entries.ToImmutableDictionary();
}
