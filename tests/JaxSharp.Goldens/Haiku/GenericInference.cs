using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace JaxSharp.Goldens;

/// <summary>Chooses type arguments the way the compiler would.</summary>
internal static class GenericInference
{
    /// <summary>A type that takes any trees, for arrays and for the state of an LSTM.</summary>
    public static IEnumerable<Type> CloseOverTrees(Type type) =>
        type.IsGenericTypeDefinition
            ? new[] { typeof(NDArray), typeof(Haiku.Hk.LSTMState) }.SelectMany(tree => CloseOver(type, tree))
            : [type];

    /// <summary>A function that takes any trees, for arrays.</summary>
    public static IEnumerable<MethodInfo> CloseOverArrays(MethodInfo method)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return [method];
        }

        try
        {
            Type[] arguments = [.. method.GetGenericArguments().Select(_ => typeof(NDArray))];
            return [method.MakeGenericMethod(arguments)];
        }
        catch (ArgumentException)
        {
            return []; // A constraint excludes arrays.
        }
    }

    /// <summary>The method for a first argument; null if its type does not fit.</summary>
    public static MethodInfo? Close(MethodInfo method, object first)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return method;
        }

        var found = new Dictionary<Type, Type>();
        Type parameter = method.GetParameters()[0].ParameterType;
        if (!TypesOf(first.GetType()).Any(type => Match(parameter, type, found)))
        {
            return null;
        }

        Type[] arguments =
        [
            .. method.GetGenericArguments().Select(argument => found.GetValueOrDefault(argument, typeof(NDArray))),
        ];
        try
        {
            return method.MakeGenericMethod(arguments);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static IEnumerable<Type> CloseOver(Type type, Type tree)
    {
        try
        {
            return [type.MakeGenericType([.. type.GetGenericArguments().Select(_ => tree)])];
        }
        catch (ArgumentException)
        {
            return []; // A constraint excludes it.
        }
    }

    private static IEnumerable<Type> TypesOf(Type type)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
        {
            yield return t;
        }

        foreach (Type t in type.GetInterfaces())
        {
            yield return t;
        }
    }

    private static bool Match(Type pattern, Type type, Dictionary<Type, Type> found)
    {
        if (pattern.IsGenericParameter)
        {
            found[pattern] = type;
            return true;
        }

        if (!pattern.IsGenericType)
        {
            return pattern == type;
        }

        return type.IsGenericType
            && type.GetGenericTypeDefinition() == pattern.GetGenericTypeDefinition()
            && pattern
                .GetGenericArguments()
                .Zip(type.GetGenericArguments())
                .All(pair => Match(pair.First, pair.Second, found));
    }
}
