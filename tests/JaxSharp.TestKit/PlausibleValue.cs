using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.TestKit;

/// <summary>Makes a small value of a type, for tests that call whatever there is.</summary>
public static class PlausibleValue
{
    private const int Deepest = 4;

    /// <summary>A value of the type; null where none can be made.</summary>
    public static object? Of(Type type, int depth = 0)
    {
        if (type == typeof(NDArray))
        {
            return jnp.Ones((2, 2));
        }

        if (type == typeof(string))
        {
            return Path.Combine("no folder", "name");
        }

        if (type == typeof(Stream))
        {
            return new MemoryStream();
        }

        if (type == typeof(DType))
        {
            return DType.F32;
        }

        if (type.IsArray)
        {
            return One(type.GetElementType()!, depth);
        }

        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return type.GetMethod("Invoke") is { } invoke
                ? Function(type, invoke, depth)
                : (Func<NDArray, NDArray>)(x => x);
        }

        return type.IsValueType ? Structure(type, depth)
            : type.IsInterface ? Collection(type, depth)
            : depth < Deepest ? Built(type, depth)
            : null;
    }

    /// <summary>A generic method with types that its constraints allow; null where none are known.</summary>
    public static MethodInfo? Close(MethodInfo method) =>
        !method.ContainsGenericParameters ? method
        : Arguments(method.GetGenericArguments()) is { } arguments ? method.MakeGenericMethod(arguments)
        : null;

    /// <summary>A generic type with types that its constraints allow; null where none are known.</summary>
    public static Type? Close(Type type) =>
        !type.ContainsGenericParameters ? type
        : Arguments(type.GetGenericArguments()) is { } arguments ? type.MakeGenericType(arguments)
        : null;

    private static Type[]? Arguments(Type[] parameters)
    {
        Type[] arguments = [.. parameters.Select(Argument).OfType<Type>()];
        return arguments.Length < parameters.Length ? null : arguments;
    }

    private static Type? Argument(Type parameter)
    {
        var constraints = parameter.GetGenericParameterConstraints();
        if (constraints.Contains(typeof(ValueType)))
        {
            return typeof(float);
        }

        var wanted = constraints.FirstOrDefault(c => !c.ContainsGenericParameters);
        return wanted is null ? (constraints.Length == 0 ? typeof(NDArray) : null)
            : wanted == typeof(Delegate) ? typeof(Func<NDArray, NDArray>)
            : wanted.IsAbstract ? null
            : wanted;
    }

    private static Array One(Type element, int depth)
    {
        var array = Array.CreateInstance(element, 1);
        array.SetValue(Of(element, depth + 1), 0);
        return array;
    }

    private static Delegate Function(Type type, MethodInfo invoke, int depth)
    {
        ParameterExpression[] parameters =
        [
            .. invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType)),
        ];
        Expression result =
            invoke.ReturnType == typeof(void) ? Expression.Empty()
            : parameters.FirstOrDefault(p => p.Type == invoke.ReturnType && p.Type != typeof(bool)) is { } same ? same
            : Expression.Constant(Of(invoke.ReturnType, depth + 1), invoke.ReturnType);
        return Expression.Lambda(type, result, parameters).Compile(preferInterpretation: true);
    }

    private static object? Structure(Type type, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying, depth);
        }

        // Tuples hold something; of other structures the default is a value.
        return type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)
            ? Activator.CreateInstance(type, [.. type.GetGenericArguments().Select(t => Of(t, depth + 1))])
            : Activator.CreateInstance(type);
    }

    private static object? Collection(Type type, int depth)
    {
        Type[] arguments = type.GetGenericArguments();
        if (arguments.Length == 1 && One(arguments[0], depth) is var one && type.IsInstanceOfType(one))
        {
            return one;
        }

        if (
            arguments.Length == 2
            && typeof(Dictionary<,>).MakeGenericType(arguments) is var kind
            && type.IsAssignableFrom(kind)
        )
        {
            var dictionary = Activator.CreateInstance(kind)!;
            kind.GetMethod("Add")!.Invoke(dictionary, [Of(arguments[0], depth + 1), Of(arguments[1], depth + 1)]);
            return dictionary;
        }

        return null;
    }

    private static object? Built(Type type, int depth)
    {
        if (type.IsAbstract || type == typeof(object))
        {
            return type == typeof(object) ? jnp.Ones((2, 2)) : null;
        }

        foreach (var constructor in type.GetConstructors().OrderBy(c => c.GetParameters().Length))
        {
            try
            {
                return constructor.Invoke([.. constructor.GetParameters().Select(p => OfParameter(p, depth + 1))]);
            }
            catch (Exception e) when (e is TargetInvocationException or NotSupportedException)
            {
                // Another constructor may take what can be made.
            }
        }

        return null;
    }

    /// <summary>The default of a parameter, or a value of its type.</summary>
    public static object? OfParameter(ParameterInfo parameter, int depth = 0) =>
        parameter.HasDefaultValue
            ? parameter.DefaultValue
                ?? (parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)
            : Of(parameter.ParameterType, depth);
}
