using System;
using System.Linq;
using JaxSharp.Transforms;

namespace JaxSharp;

/// <summary>Applies the generic overload of a transformation to a delegate whose type is known at run time only.</summary>
internal static class DelegateOverloads
{
    public static TDelegate Call<TDelegate>(string transformation, TDelegate function, object?[] options)
        where TDelegate : Delegate
    {
        var type = typeof(TDelegate);
        if (!type.IsGenericType || !type.FullName!.StartsWith("System.Func`", StringComparison.Ordinal))
        {
            throw new JaxArgumentException(
                $"{transformation} of {FunctionName.Of(function)} needs a function that returns arrays and has at most 6 arguments; got a "
                    + $"{Trees.TreeCodecs.Name(type)}."
            );
        }

        var arguments = type.GetGenericArguments();
        var method = Array.Find(
            typeof(Jax).GetMethods(),
            m =>
                m.Name == transformation
                && m.IsGenericMethod
                && m.GetGenericArguments().Length == arguments.Length
                && m.GetParameters().Length == options.Length + 1
                && m.GetParameters()[0].ParameterType is { IsGenericType: true } f
                && f.GetGenericArguments().Length == arguments.Length
                && f.GetGenericArguments().All(a => a.IsGenericParameter)
        );
        return method is null
            ? throw new JaxArgumentException(
                $"{transformation} of {FunctionName.Of(function)} takes at most 6 arguments; got {arguments.Length - 1}."
            )
            : (TDelegate)method.MakeGenericMethod(arguments).Invoke(null, [function, .. options])!;
    }
}
