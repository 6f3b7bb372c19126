using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using JaxSharp.Haiku;

namespace JaxSharp.Goldens;

/// <summary>Calls modules as a case says: the module itself, one of its methods, or a function that takes the module.</summary>
internal static class ModuleCall
{
    public static object? Run(
        ModuleRecord record,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter
    )
    {
        object callee =
            record.Module.Name == "hk.Sequential" && arguments.Count > 1
                ? Sequence(record.Module, arguments.Count, converter)
                : converter.Module(record.Module);
        if (record.Via is string function)
        {
            return RunFunction(function, callee, arguments, keywords, converter);
        }

        return Run(callee, callee is Delegate ? "Invoke" : record.Method ?? "Call", arguments, keywords, converter);
    }

    /// <summary>Calls a function such as <c>hk.dynamic_unroll</c> whose first argument, a module, decides on the types.</summary>
    public static object? RunFunction(
        string function,
        object module,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter
    ) =>
        Best(
                ModuleTable
                    .Functions(function)
                    .Select(method => GenericInference.Close(method, module))
                    .OfType<MethodInfo>(),
                method => Invocation.TryBind(method, [new LiveValue(module), .. arguments], keywords, converter),
                $"{function}{ModuleMaker.Show(arguments, keywords)}"
            )
            .Invoke(null);

    /// <summary>Calls a method of a module, or a function.</summary>
    public static object? Run(
        object callee,
        string method,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter
    ) =>
        Best(
                callee
                    .GetType()
                    .GetMethods()
                    .Where(candidate => Names.Same(candidate.Name, method) && !candidate.IsGenericMethodDefinition),
                candidate => Bind(candidate, callee, arguments, keywords, converter),
                $"{callee.GetType().Name}.{method}{ModuleMaker.Show(arguments, keywords)}"
            )
            .Invoke(callee);

    // In C#, a sequence that is called with more arguments gets the layer that takes them on its own.
    private static object Sequence(ModuleValue value, int count, ArgumentConverter converter)
    {
        var layers = (SequenceValue)value.Arguments[0];
        object first = converter.Module((ModuleValue)layers.Items[0]);
        MethodInfo call = first
            .GetType()
            .GetMethods()
            .Single(method => method.Name == "Call" && method.GetParameters().Length == count);
        Type type = (count == 2 ? typeof(Hk.Sequential<>) : typeof(Hk.Sequential<,>)).MakeGenericType([
            .. call.GetParameters().Skip(1).Select(parameter => parameter.ParameterType),
        ]);
        ConstructorInfo constructor = type.GetConstructors().Single(maker => maker.GetParameters().Length == 3);
        Delegate head = call.CreateDelegate(constructor.GetParameters()[0].ParameterType, first);
        return Invocation
            .TryBind(
                constructor,
                [new LiveValue(head), new ListValue([.. layers.Items.Skip(1)])],
                value.Keywords,
                converter
            )!
            .Invoke(null)!;
    }

    private static Invocation Best(IEnumerable<MethodInfo> methods, Func<MethodInfo, Invocation?> bind, string what) =>
        methods.Select(bind).OfType<Invocation>().MinBy(invocation => invocation.Cost)
        ?? throw new JaxArgumentException($"no overload takes the call {what}");

    private static Invocation? Bind(
        MethodInfo method,
        object callee,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter
    )
    {
        bool isOfBase = method.DeclaringType is { IsGenericType: true } type && type.BaseType == typeof(Hk.Module);
        return isOfBase && keywords.Count > 0
            ? BindByForward(method, callee, arguments, keywords, converter)
            : Invocation.TryBind(method, arguments, keywords, converter);
    }

    // The base classes' Call names its parameters by position; Forward has the names.
    private static Invocation? BindByForward(
        MethodInfo method,
        object callee,
        IReadOnlyList<GoldenValue> arguments,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter
    )
    {
        ParameterInfo[] parameters = callee
            .GetType()
            .GetMethod(
                "Forward",
                BindingFlags.Instance | BindingFlags.NonPublic,
                [.. method.GetParameters().Select(parameter => parameter.ParameterType)]
            )!
            .GetParameters();
        var all = new GoldenValue?[parameters.Length];
        for (int i = 0; i < Math.Min(arguments.Count, all.Length); i++)
        {
            all[i] = arguments[i];
        }

        foreach (var (name, value) in keywords)
        {
            int at = Array.FindIndex(parameters, parameter => Names.Same(parameter.Name, name));
            if (at < 0 || all[at] is not null)
            {
                return null;
            }

            all[at] = value;
        }

        return Array.TrueForAll(all, value => value is not null) && arguments.Count <= all.Length
            ? Invocation.TryBind(method, all!, new Dictionary<string, GoldenValue>(), converter)
            : null;
    }
}
