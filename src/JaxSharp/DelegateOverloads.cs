using System;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using JaxSharp.Transforms;

namespace JaxSharp;

/// <summary>Applies the generic overload of a transformation to a delegate whose type is known at run time only.</summary>
internal static class DelegateOverloads
{
    public static TDelegate Call<TDelegate>(string transformation, TDelegate function, object?[] options)
        where TDelegate : Delegate
    {
        Argument.Given(function, "fun", transformation);
        var invoke = typeof(TDelegate).GetMethod("Invoke")!;
        Type[] arguments = [.. invoke.GetParameters().Select(p => p.ParameterType), invoke.ReturnType];
        var method = arguments.Contains(typeof(void))
            ? null
            : Array.Find(typeof(Jax).GetMethods(), m => Fits(m, transformation, arguments.Length, options.Length + 1));
        if (method is null)
        {
            throw new JaxArgumentException(
                $"{transformation} of {FunctionName.Of(function)} needs a function that returns arrays and has 1 to 6 arguments; got a "
                    + $"{Trees.TreeCodecs.Name(typeof(TDelegate))}."
            );
        }

        // A method with optional parameters has a delegate type of its own, which is like the Func of the same parameters.
        var general = Expression.GetFuncType(arguments);
        bool same = general == typeof(TDelegate);
        object argument = same ? function : Delegate.CreateDelegate(general, function, invoke);
        var result = (Delegate)
            method
                .MakeGenericMethod(arguments)
                .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [argument, .. options], null)!;
        return (TDelegate)(
            same ? result : Delegate.CreateDelegate(typeof(TDelegate), result, general.GetMethod("Invoke")!)
        );
    }

    private static bool Fits(MethodInfo method, string name, int arguments, int parameters) =>
        method.Name == name
        && method.IsGenericMethod
        && method.GetGenericArguments().Length == arguments
        && method.GetParameters().Length == parameters
        && method.GetParameters()[0].ParameterType is { IsGenericType: true } function
        && function.GetGenericArguments().Length == arguments
        && function.GetGenericArguments().All(a => a.IsGenericParameter);
}
