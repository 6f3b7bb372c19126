using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace JaxSharp;

/// <summary>Refuses null references where a function needs an argument.</summary>
internal static class Argument
{
    /// <summary>The argument, unless it is null.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="name">The name of the parameter: by default what stands in its place at the call.</param>
    /// <param name="caller">The function that needs the argument: by default the one that calls this.</param>
    /// <exception cref="JaxArgumentException">An array is null.</exception>
    /// <exception cref="ArgumentNullException">Another argument is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Given<T>(
        [NotNull] T? argument,
        [CallerArgumentExpression(nameof(argument))] string name = "",
        [CallerMemberName] string caller = ""
    )
        where T : class
    {
        if (argument is null)
        {
            Refuse(typeof(T), name, caller);
        }

        return argument;
    }

    /// <summary>The arguments, unless there are none or one of them is null.</summary>
    /// <exception cref="JaxArgumentException">An array of the list is null.</exception>
    /// <exception cref="ArgumentNullException">The list or another item of it is null.</exception>
    public static IReadOnlyList<T> AllGiven<T>(
        [NotNull] IReadOnlyList<T>? arguments,
        [CallerArgumentExpression(nameof(arguments))] string name = "",
        [CallerMemberName] string caller = ""
    )
        where T : class
    {
        Given(arguments, name, caller);
        for (int i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is null)
            {
                Refuse(typeof(T), $"{name}[{i}]", caller);
            }
        }

        return arguments;
    }

    /// <inheritdoc cref="AllGiven{T}(IReadOnlyList{T}?, string, string)"/>
    public static T[] AllGiven<T>(
        [NotNull] T[]? arguments,
        [CallerArgumentExpression(nameof(arguments))] string name = "",
        [CallerMemberName] string caller = ""
    )
        where T : class
    {
        AllGiven((IReadOnlyList<T>?)arguments, name, caller);
        return arguments!;
    }

    [DoesNotReturn]
    private static void Refuse(Type type, string name, string caller) =>
        throw (
            typeof(NDArray).IsAssignableFrom(type)
                ? new JaxArgumentException(
                    $"{caller} got null for {name}, where it needs an array: null stands for a missing part of a tree only. Pass an "
                        + "array or a number."
                )
                : new ArgumentNullException(name, $"{caller} got null for {name}, where it needs {Needed(type)}.")
        );

    private static string Needed(Type type) =>
        typeof(Delegate).IsAssignableFrom(type) ? "a function"
        : type == typeof(string) ? "text"
        : $"a value of type {type.Name.Split('`')[0]}";
}
