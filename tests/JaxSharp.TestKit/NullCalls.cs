using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Xunit;

namespace JaxSharp.TestKit;

/// <summary>
/// Calls what a library offers with null in place of each argument that is a reference, the others filled with small values. A call
/// may succeed, or end in an exception that says what is wrong: one of this library's, or one that names the argument. Where the
/// declaration permits null, it must not be refused.
/// </summary>
public sealed class NullCalls
{
    private readonly NullabilityInfoContext nullability = new();
    private readonly List<string> faults = [];

    private NullCalls() { }

    /// <summary>How many calls were made.</summary>
    public int Count { get; private set; }

    /// <summary>Calls the static methods, operators and constructors of the public types of an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="include">Which methods and constructors; all by default.</param>
    public static NullCalls Of(Assembly assembly, Func<MethodBase, bool>? include = null)
    {
        var calls = new NullCalls();
        // The compiler declares extension members in types whose names are no C# names.
        foreach (
            var type in assembly
                .GetExportedTypes()
                .Where(type => !type.FullName!.Contains('<', StringComparison.Ordinal))
        )
        {
            if (PlausibleValue.Close(type) is { } closed)
            {
                const BindingFlags Static = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
                MethodBase[] constructors = closed.IsAbstract ? [] : closed.GetConstructors();
                calls.AddAll(closed.GetMethods(Static).Concat(constructors).Where(include ?? (_ => true)), null);
            }
        }

        return calls;
    }

    /// <summary>Calls the public methods of an object that one of its types declares.</summary>
    public NullCalls With<T>(T target)
        where T : notnull
    {
        const BindingFlags Instance = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        AddAll(typeof(T).GetMethods(Instance), target);
        return this;
    }

    /// <summary>Fails unless more than so many calls were made and none ended in another way.</summary>
    public void Check(int floor)
    {
        Assert.True(Count > floor, $"{Count} calls");
        Assert.True(faults.Count == 0, string.Join('\n', faults.Prepend($"{faults.Count} faults of {Count}")));
    }

    private void AddAll(IEnumerable<MethodBase> methods, object? target)
    {
        foreach (var method in methods)
        {
            var closed = method is MethodInfo open ? PlausibleValue.Close(open) : method;
            if (closed is not null && !Array.Exists(closed.GetParameters(), p => IsUnfillable(p.ParameterType)))
            {
                Add(closed, method.GetParameters(), target);
            }
        }
    }

    private void Add(MethodBase method, ParameterInfo[] declared, object? target)
    {
        var parameters = method.GetParameters();
        for (int missing = 0; missing < parameters.Length; missing++)
        {
            if (parameters[missing].ParameterType.IsValueType)
            {
                continue;
            }

            object?[] arguments = [.. parameters.Select((p, i) => i == missing ? null : PlausibleValue.OfParameter(p))];
            Count++;
            if (
                Fault(method, target, arguments, MayBeNull(declared[missing]) ? declared[missing].Name : null) is
                { } fault
            )
            {
                faults.Add(
                    $"{method.DeclaringType!.Name} {method} with null for {declared[missing].Name}: {fault.GetType().Name}: {fault.Message} "
                        + $"{fault.StackTrace?.Split('\n')[0].Trim()}"
                );
            }
        }
    }

    private bool MayBeNull(ParameterInfo parameter) =>
        !parameter.ParameterType.IsGenericParameter
        && nullability.Create(parameter).WriteState == NullabilityState.Nullable;

    private static bool IsUnfillable(Type type) => type.IsByRef || type.IsByRefLike || type.IsPointer;

    private static Exception? Fault(MethodBase method, object? target, object?[] arguments, string? permitted)
    {
        try
        {
            Call(method, target, arguments);
            return null;
        }
        catch (IOException)
        {
            // The files that are read are not there.
            return null;
        }
        catch (ArgumentException e)
        {
            string name = (e.ParamName ?? "").Split('[')[0];
            bool isNamed =
                e.Message.Contains(" got null for ", StringComparison.Ordinal)
                || Array.Exists(method.GetParameters(), p => p.Name == name);
            return isNamed && name != permitted ? null : e;
        }
        catch (JaxException e) when (e is not InternalException)
        {
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    // A function that a method returns is called too, with null for every argument; a scope is left.
    private static void Call(MethodBase method, object? target, object?[] arguments)
    {
        const BindingFlags Unwrapped = BindingFlags.DoNotWrapExceptions;
        object? result = method is ConstructorInfo constructor
            ? constructor.Invoke(Unwrapped, null, arguments, null)
            : method.Invoke(target, Unwrapped, null, arguments, null);
        (result as IDisposable)?.Dispose();
        if (result is Delegate function && function.GetType().GetMethod("Invoke") is { } invoke)
        {
            invoke.Invoke(function, Unwrapped, null, new object?[invoke.GetParameters().Length], null);
        }
    }
}
