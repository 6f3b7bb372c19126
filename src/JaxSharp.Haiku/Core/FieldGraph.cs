using System;
using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace JaxSharp.Haiku;

/// <summary>
/// The modules that an object holds in its fields: directly, in lists, dictionaries, tuples and plain objects, bound in delegates, and
/// through other modules.
/// </summary>
internal static class FieldGraph
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> Fields = new();
    private static readonly ConcurrentDictionary<Type, bool> Holders = new();

    /// <summary>
    /// The members that a module holds, each with the number of the class whose field holds it, counted from the base class on; the search
    /// goes on in those that count and in no others.
    /// </summary>
    /// <param name="root">The module.</param>
    /// <param name="counts">Which members count.</param>
    /// <param name="initialisersOnly">
    /// Whether to pass over what the compiler stores before field initialisers run: parameters of a primary constructor.
    /// </param>
    public static List<(Registration Member, int Class)> HeldBy(
        IScopeMember root,
        Func<Registration, bool> counts,
        bool initialisersOnly = false
    )
    {
        var walk = new Walk(root, counts, followClosures: !initialisersOnly);
        var held = new List<(Registration, int)>();
        Type? declaring = null;
        int number = -1;
        foreach (var field in FieldsOf(root.GetType()))
        {
            number += field.DeclaringType == declaring ? 0 : 1;
            declaring = field.DeclaringType;
            if (!initialisersOnly || !field.Name.EndsWith(">P", StringComparison.Ordinal))
            {
                int known = walk.Found.Count;
                walk.Visit(field.GetValue(root));
                held.AddRange(walk.Found.Skip(known).Select(member => (member, number)));
            }
        }

        return held;
    }

    // Those of base classes come first.
    private static FieldInfo[] FieldsOf(Type type) =>
        Fields.GetOrAdd(
            type,
            static start =>
            {
                var found = new List<FieldInfo>();
                for (var t = start; t is not null && t != typeof(object) && t != typeof(Hk.Module); t = t.BaseType)
                {
                    found.InsertRange(0, t.GetFields(Declared).Where(field => MayHold(field.FieldType)));
                }

                return [.. found];
            }
        );

    /// <summary>Whether a value of a type can hold a module.</summary>
    private static bool MayHold(Type type)
    {
        if (Holders.TryGetValue(type, out bool known))
        {
            return known;
        }

        // Types that refer to each other count as holders until it is known that they are none.
        Holders[type] = true;
        bool holds =
            !type.IsPrimitive
            && !type.IsEnum
            && !type.IsPointer
            && type != typeof(string)
            && !typeof(NDArray).IsAssignableFrom(type)
            && (
                typeof(IScopeMember).IsAssignableFrom(type)
                || typeof(Delegate).IsAssignableFrom(type)
                || type.IsInterface
                || type == typeof(object)
                || type.IsAbstract
                || (type.IsArray && MayHold(type.GetElementType()!))
                || (type.IsGenericType && type.GetGenericArguments().Any(MayHold))
                || (IsTransparent(type) && FieldsOf(type).Length > 0)
            );
        Holders[type] = holds;
        return holds;
    }

    // Objects of the user's own classes are looked into; those of libraries are not, except collections and tuples.
    private static bool IsTransparent(Type type) =>
        type.Assembly != typeof(object).Assembly
        && type.Assembly != typeof(NDArray).Assembly
        && type.Assembly != typeof(FieldGraph).Assembly
        && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true;

    private sealed class Walk
    {
        private readonly HashSet<object> visited = new(ReferenceEqualityComparer.Instance);
        private readonly Func<Registration, bool> counts;
        private readonly bool followClosures;

        public Walk(IScopeMember root, Func<Registration, bool> counts, bool followClosures)
        {
            visited.Add(root);
            this.counts = counts;
            this.followClosures = followClosures;
        }

        public List<Registration> Found { get; } = [];

        public void Visit(object? value)
        {
            if (value is null || !MayHold(value.GetType()) || !visited.Add(value))
            {
                return;
            }

            switch (value)
            {
                case IScopeMember member:
                    if (counts(member.Registration))
                    {
                        Found.Add(member.Registration);
                        VisitFields(value);
                    }

                    break;
                case Delegate function:
                    VisitDelegate(function);
                    break;
                case IDictionary dictionary:
                    foreach (DictionaryEntry entry in dictionary)
                    {
                        Visit(entry.Key);
                        Visit(entry.Value);
                    }

                    break;
                case ITuple tuple:
                    for (int i = 0; i < tuple.Length; i++)
                    {
                        Visit(tuple[i]);
                    }

                    break;
                case IEnumerable items when IsCollection(items):
                    foreach (object? item in items)
                    {
                        Visit(item);
                    }

                    break;
                default:
                    if (IsTransparent(value.GetType()) || value.GetType().IsValueType)
                    {
                        VisitFields(value);
                    }

                    break;
            }
        }

        // Sequences that are computed when they are enumerated are left alone.
        private static bool IsCollection(IEnumerable value) =>
            value is ICollection
            || value.GetType().Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true;

        // A closure holds whatever its surrounding method has captured, also what was made later and belongs to the caller. Only
        // that of a constructor is surely the module's own.
        private void VisitDelegate(Delegate function)
        {
            foreach (var one in function.GetInvocationList())
            {
                bool isOfConstructor = one.Method.Name.StartsWith("<.ctor>", StringComparison.Ordinal);
                if (one.Target is IScopeMember || (followClosures && isOfConstructor))
                {
                    Visit(one.Target);
                }
            }
        }

        private void VisitFields(object value)
        {
            foreach (var field in FieldsOf(value.GetType()))
            {
                Visit(field.GetValue(value));
            }
        }
    }
}
