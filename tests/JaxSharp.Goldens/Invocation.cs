using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace JaxSharp.Goldens;

/// <summary>A method or constructor with an argument for each of its parameters.</summary>
public sealed class Invocation
{
    private static readonly ConditionalWeakTable<MethodBase, Func<object?, object?[], object?>> SpanCallers = [];
    private static readonly NullabilityInfoContext Nullability = new();

    private Invocation(MethodBase method, object?[] arguments, int cost)
    {
        Method = method;
        Arguments = arguments;
        Cost = cost;
    }

    public MethodBase Method { get; }
    public object?[] Arguments { get; }

    /// <summary>How far the arguments had to be bent; 0 is a perfect fit.</summary>
    public int Cost { get; }

    public object? Invoke(object? target) => Call(Method, target, Arguments);

    /// <summary>Binds Python's positional and keyword arguments to parameters; null where that is impossible.</summary>
    public static Invocation? TryBind(
        MethodBase method,
        IReadOnlyList<GoldenValue> positional,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter,
        int depth = 0
    ) =>
        TryBindAsGiven(method, positional, keywords, converter, depth)
        ?? (
            Gather(method.GetParameters(), positional) is { } gathered
                ? TryBindAsGiven(method, gathered, keywords, converter, depth)
                : null
        );

    private static Invocation? TryBindAsGiven(
        MethodBase method,
        IReadOnlyList<GoldenValue> positional,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        ArgumentConverter converter,
        int depth
    )
    {
        if (method is MethodInfo { IsGenericMethodDefinition: true })
        {
            return null;
        }

        ParameterInfo[] parameters = method.GetParameters();
        var given = new GoldenValue?[parameters.Length];
        int cost = 0;
        if (!PlacePositional(parameters, positional, given) || !PlaceKeywords(parameters, keywords, given, ref cost))
        {
            return null;
        }

        object?[] arguments = new object?[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            if (given[i] is null)
            {
                if (HasDefault(parameters[i]))
                {
                    arguments[i] = DefaultOf(parameters[i]);
                }
                else if (Names.Same(parameters[i].Name, "varargs") && parameters[i].ParameterType == typeof(NDArray[]))
                {
                    arguments[i] = System.Array.Empty<NDArray>(); // Python's *varargs, of which there are none.
                    cost++;
                }
                else
                {
                    return null;
                }
            }
            else if (!TryArgument(parameters[i], given[i]!, converter, depth, out arguments[i], out int argumentCost))
            {
                return null;
            }
            else
            {
                cost += argumentCost;
            }
        }

        return new Invocation(method, arguments, cost);
    }

    // Python's f(*arrays, option=…) is f([…], option: …) in C#.
    private static GoldenValue[]? Gather(ParameterInfo[] parameters, IReadOnlyList<GoldenValue> positional)
    {
        bool isGathered = positional.Count == 1 && positional[0] is SequenceValue;
        int at = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(NDArray[]));
        return at >= 0 && at < positional.Count && !isGathered && !positional.Any(value => value is ListValue)
            ? [.. positional.Take(at), new ListValue([.. positional.Skip(at)])]
            : null;
    }

    private static bool PlacePositional(
        ParameterInfo[] parameters,
        IReadOnlyList<GoldenValue> positional,
        GoldenValue?[] given
    )
    {
        for (int i = 0; i < positional.Count; i++)
        {
            if (i >= parameters.Length)
            {
                return false;
            }

            if (IsParams(parameters[i]))
            {
                bool isWhole = i == positional.Count - 1 && positional[i] is SequenceValue;
                given[i] = isWhole ? positional[i] : new TupleValue([.. positional.Skip(i)]);
                return true;
            }

            // Python's *args before keyword options are an array of arrays in C#.
            if (
                parameters[i].ParameterType == typeof(NDArray[])
                && positional.Skip(i).All(value => value is ArrayValue or LiveValue { Value: NDArray })
            )
            {
                given[i] = new TupleValue([.. positional.Skip(i)]);
                return true;
            }

            given[i] = positional[i];
        }

        return true;
    }

    private static bool PlaceKeywords(
        ParameterInfo[] parameters,
        IReadOnlyDictionary<string, GoldenValue> keywords,
        GoldenValue?[] given,
        ref int cost
    )
    {
        foreach ((string name, GoldenValue value) in keywords)
        {
            int at = Array.FindIndex(parameters, parameter => Names.Same(parameter.Name, name));
            if (at >= 0 && given[at] is null)
            {
                given[at] = value;
            }
            else if (at < 0 && (value is NoneValue || name == "inplace"))
            {
                cost++; // An option that C# does not have, left at its neutral value.
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryArgument(
        ParameterInfo parameter,
        GoldenValue value,
        ArgumentConverter converter,
        int depth,
        out object? argument,
        out int cost
    )
    {
        if (value is NoneValue && !AcceptsNull(parameter))
        {
            // None chooses the default, and is refused where a value is required.
            if (HasDefault(parameter))
            {
                argument = DefaultOf(parameter);
                cost = 0;
                return true;
            }

            return converter.TryConvert(value, parameter.ParameterType, out argument, out cost, depth)
                && argument is not null;
        }

        return converter.TryConvert(value, parameter.ParameterType, out argument, out cost, depth);
    }

    private static bool AcceptsNull(ParameterInfo parameter)
    {
        if (parameter.ParameterType.IsValueType)
        {
            return Nullable.GetUnderlyingType(parameter.ParameterType) is not null
                || parameter.ParameterType == typeof(JaxSharp.Optax.Linesearch);
        }

        lock (Nullability)
        {
            return Nullability.Create(parameter).WriteState != NullabilityState.NotNull;
        }
    }

    private static bool IsParams(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(ParamArrayAttribute), false)
        || parameter.IsDefined(typeof(ParamCollectionAttribute), false);

    private static bool HasDefault(ParameterInfo parameter) => parameter.HasDefaultValue || IsParams(parameter);

    /// <summary>What the compiler passes for an argument that is left out.</summary>
    public static object? DefaultOf(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (IsParams(parameter))
        {
            return Array.CreateInstance(type.IsArray ? type.GetElementType()! : type.GetGenericArguments()[0], 0);
        }

        object? value = parameter.DefaultValue;
        if (value is null or DBNull)
        {
            return type.IsValueType && Nullable.GetUnderlyingType(type) is null
                ? RuntimeHelpers.GetUninitializedObject(type)
                : null;
        }

        Type underlying = Nullable.GetUnderlyingType(type) ?? type;
        return underlying.IsEnum ? Enum.ToObject(underlying, value) : value;
    }

    /// <summary>Calls a method or constructor; arrays stand for spans. Exceptions come through as they were thrown.</summary>
    public static object? Call(MethodBase method, object? target, object?[] arguments)
    {
        if (method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike))
        {
            return SpanCallers.GetValue(method, EmitCaller)(target, arguments);
        }

        const BindingFlags flags = BindingFlags.DoNotWrapExceptions;
        return method is ConstructorInfo constructor
            ? constructor.Invoke(flags, null, arguments, null)
            : method.Invoke(target, flags, null, arguments, null);
    }

    /// <summary>Reflection cannot box a span, so the call is emitted.</summary>
    private static Func<object?, object?[], object?> EmitCaller(MethodBase method)
    {
        var caller = new DynamicMethod(
            "call " + method.Name,
            typeof(object),
            [typeof(object), typeof(object[])],
            typeof(Invocation).Module,
            skipVisibility: true
        );
        ILGenerator il = caller.GetILGenerator();
        if (!method.IsStatic && method is not ConstructorInfo)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(method.DeclaringType!.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, method.DeclaringType);
        }

        ParameterInfo[] parameters = method.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            Type type = parameters[i].ParameterType;
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelem_Ref);
            if (type.IsByRefLike)
            {
                Type array = type.GetGenericArguments()[0].MakeArrayType();
                il.Emit(OpCodes.Castclass, array);
                il.Emit(OpCodes.Newobj, type.GetConstructor([array])!);
            }
            else
            {
                il.Emit(OpCodes.Unbox_Any, type);
            }
        }

        if (method is ConstructorInfo constructor)
        {
            il.Emit(OpCodes.Newobj, constructor);
            BoxIfNeeded(il, constructor.DeclaringType!);
        }
        else
        {
            var info = (MethodInfo)method;
            il.Emit(info.IsStatic || info.DeclaringType!.IsValueType ? OpCodes.Call : OpCodes.Callvirt, info);
            if (info.ReturnType == typeof(void))
            {
                il.Emit(OpCodes.Ldnull);
            }
            else
            {
                BoxIfNeeded(il, info.ReturnType);
            }
        }

        il.Emit(OpCodes.Ret);
        return caller.CreateDelegate<Func<object?, object?[], object?>>();
    }

    private static void BoxIfNeeded(ILGenerator il, Type type)
    {
        if (type.IsValueType)
        {
            il.Emit(OpCodes.Box, type);
        }
    }
}
