using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Reflection;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Emit;

/// <summary>Finds the methods that emitted code calls.</summary>
internal static class VectorMethods
{
    private static readonly ConcurrentDictionary<Key, MethodInfo> Found = new();
    private static readonly ConcurrentDictionary<Key, MethodInfo> Calls = new();

    /// <summary>The class of operations on vectors of a width.</summary>
    public static Type Operations(int bits) =>
        bits switch
        {
            512 => typeof(Vector512),
            256 => typeof(Vector256),
            128 => typeof(Vector128),
            _ => throw new NotSupportedException($"Vectors of {bits} bits."),
        };

    /// <summary>The type of vectors of a width and element type.</summary>
    public static Type Vector(int bits, Type element) =>
        (
            bits switch
            {
                512 => typeof(Vector512<>),
                256 => typeof(Vector256<>),
                128 => typeof(Vector128<>),
                _ => throw new NotSupportedException($"Vectors of {bits} bits."),
            }
        ).MakeGenericType(element);

    /// <summary>A method with the given parameters, generic in the element type or overloaded by it.</summary>
    public static MethodInfo Find(Type holder, string name, Type element, params Type[] parameters)
    {
        var key = new Key(name, holder, element, null);
        return Found.TryGetValue(key, out var known)
            ? known
            : Found.GetOrAdd(key, Search(holder, name, element, parameters));
    }

    /// <summary>One of the <see cref="LaneCalls"/>, closed over element types.</summary>
    public static MethodInfo Call(string name, Type a, Type? b = null, Type? c = null) =>
        Calls.GetOrAdd(
            new Key(name, a, b, c),
            static key =>
            {
                Type[] arguments = [.. new[] { key.A, key.B, key.C }.OfType<Type>()];
                return typeof(LaneCalls).GetMethod(key.Name)!.MakeGenericMethod(arguments);
            }
        );

    private static MethodInfo Search(Type holder, string name, Type element, Type[] parameters)
    {
        foreach (var method in holder.GetMethods(BindingFlags.Public | BindingFlags.Static))
        {
            if (method.Name != name || method.GetParameters().Length != parameters.Length)
            {
                continue;
            }

            var candidate = method;
            if (method.IsGenericMethodDefinition)
            {
                if (method.GetGenericArguments().Length != 1)
                {
                    continue;
                }

                candidate = method.MakeGenericMethod(element);
            }

            if (candidate.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters))
            {
                return candidate;
            }
        }

        throw new MissingMethodException(
            $"{holder.Name}.{name}({string.Join(", ", parameters.Select(parameter => parameter.ToString()))})"
        );
    }

    private sealed record Key(string Name, Type A, Type? B, Type? C);
}
