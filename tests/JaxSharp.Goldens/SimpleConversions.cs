using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using JaxSharp.Optax;

namespace JaxSharp.Goldens;

/// <summary>Conversions of Python values that hold no arrays: numbers, choices, ranges and named functions.</summary>
internal static class SimpleConversions
{
    public static bool IsNumber(Type type) =>
        type == typeof(int)
        || type == typeof(long)
        || type == typeof(uint)
        || type == typeof(ulong)
        || type == typeof(double)
        || type == typeof(float)
        || type == typeof(Complex);

    public static bool TryInteger(BigInteger value, Type target, out object? result, out int cost)
    {
        result = null;
        cost = 0;
        try
        {
            (result, cost) = target switch
            {
                _ when target == typeof(int) => ((object)(int)value, 0),
                _ when target == typeof(long) => ((long)value, 1),
                _ when target == typeof(uint) => ((uint)value, 2),
                _ when target == typeof(ulong) => ((ulong)value, 2),
                _ when target == typeof(double) => ((double)value, 3),
                _ when target == typeof(float) => ((float)value, 4),
                _ => (new Complex((double)value, 0), 5),
            };
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    public static bool TryEnum(string text, Type target, out object? result)
    {
        string wanted = Names.Normalize(text);
        string? name = Array.Find(Enum.GetNames(target), name => Names.Normalize(name) == wanted);
        result = name is null ? null : Enum.Parse(target, name);
        return name is not null;
    }

    public static bool TryRange(SliceValue slice, out object? result)
    {
        result = null;
        if (slice.Step is not NoneValue)
        {
            return false;
        }

        if (!TryIndex(slice.Start, Index.Start, out Index start) || !TryIndex(slice.Stop, Index.End, out Index stop))
        {
            return false;
        }

        result = new Range(start, stop);
        return true;
    }

    private static bool TryIndex(GoldenValue value, Index whenNone, out Index index)
    {
        index = whenNone;
        if (value is IntValue number)
        {
            index = number.Value < 0 ? Index.FromEnd((int)-number.Value) : Index.FromStart((int)number.Value);
        }

        return value is NoneValue or IntValue;
    }

    public static Delegate? MakeDelegate(string name, Type target)
    {
        if (ModuleTable.TryConstant(name, out object? constant))
        {
            return target.IsInstanceOfType(constant) ? (Delegate)constant! : null;
        }

        MethodInfo signature = target.GetMethod("Invoke")!;
        ParameterInfo[] parameters = signature.GetParameters();
        foreach (MethodInfo method in FunctionTable.Find(name))
        {
            ParameterInfo[] own = method.GetParameters();
            if (
                own.Length < parameters.Length
                || !signature.ReturnType.IsAssignableFrom(method.ReturnType)
                || !own.Skip(parameters.Length).All(parameter => parameter.HasDefaultValue)
                || !parameters.Zip(own).All(pair => Converts(pair.First.ParameterType, pair.Second.ParameterType))
            )
            {
                continue;
            }

            ParameterExpression[] inputs = [.. parameters.Select(p => Expression.Parameter(p.ParameterType, p.Name))];
            IEnumerable<Expression> arguments = own.Select(
                (parameter, i) =>
                    i < inputs.Length
                        ? (Expression)Expression.Convert(inputs[i], parameter.ParameterType)
                        : Expression.Constant(Invocation.DefaultOf(parameter), parameter.ParameterType)
            );
            return Expression.Lambda(target, Expression.Call(method, arguments), inputs).Compile();
        }

        return null;
    }

    private static bool Converts(Type from, Type to) =>
        to.IsAssignableFrom(from) || to.GetMethod("op_Implicit", [from])?.ReturnType == to;

    /// <summary>The value of a scalar array as the type's explicit conversion gives it.</summary>
    public static object? NumberOf(NDArray array, Type target)
    {
        MethodInfo? conversion = Array.Find(
            typeof(NDArray).GetMethods(BindingFlags.Public | BindingFlags.Static),
            method => method.Name == "op_Explicit" && method.ReturnType == target
        );
        return conversion is null ? null : Invocation.Call(conversion, null, [array]);
    }

    /// <summary>A function of a program as a delegate.</summary>
    public static Delegate? MakeDelegate(Programs.Function function, Type target)
    {
        MethodInfo signature = target.GetMethod("Invoke")!;
        ParameterExpression[] inputs =
        [
            .. signature.GetParameters().Select(p => Expression.Parameter(p.ParameterType, p.Name)),
        ];
        Func<object?[], object?> call = arguments =>
        {
            // A function of several arrays gets them one by one in Python.
            IEnumerable<object?> spread = arguments is [NDArray[] several] ? several : arguments;
            object? result = Programs.Interpreter.Invoke(
                function,
                [.. spread.Where(argument => argument is not ExtraArgs).Select(Programs.Library.FromLibrary)],
                arguments is [.., ExtraArgs { Value: NDArray value }]
                    ? new Dictionary<string, object?> { ["value"] = value }
                    : []
            );
            return new ArgumentConverter(strict: false).TryConvert(
                Programs.Library.ToGolden(result),
                signature.ReturnType,
                out object? converted,
                out _
            )
                ? converted
                : throw new JaxArgumentException(
                    $"a function returned {result}, which is no {signature.ReturnType.Name}"
                );
        };
        Expression arguments = Expression.NewArrayInit(
            typeof(object),
            inputs.Select(input => Expression.Convert(input, typeof(object)))
        );
        return Expression
            .Lambda(
                target,
                Expression.Convert(Expression.Invoke(Expression.Constant(call), arguments), signature.ReturnType),
                inputs
            )
            .Compile();
    }
}
