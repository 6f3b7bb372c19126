using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace JaxSharp.Goldens;

/// <content>What parameter types offer themselves.</content>
public sealed partial class ArgumentConverter
{
    /// <summary>Implicit conversions, and constructors of JaxSharp's own parameter types.</summary>
    private bool TryOfferedConversions(GoldenValue value, Type target, out object? result, out int cost, int depth)
    {
        result = null;
        cost = int.MaxValue;
        bool isArray = target == typeof(NDArray);
        if (strict && value is SequenceValue && (isArray || (target == typeof(ArrayIndex) && value is ListValue)))
        {
            return false;
        }

        int best = int.MaxValue;
        int refused = int.MaxValue;
        foreach (MethodInfo conversion in ImplicitConversionsTo(target))
        {
            Type source = conversion.GetParameters()[0].ParameterType;
            if (
                source != target
                && TryConvert(value, source, out object? argument, out int argumentCost, depth + 1)
                && argumentCost < best
                && (argument is not null || value is NoneValue)
            )
            {
                if (!TryImplicit(conversion, argument, out object? converted))
                {
                    refused = Math.Min(refused, argumentCost);
                    continue;
                }

                best = argumentCost;
                cost = argumentCost + (isArray ? 4 : 1);
                result = converted;
            }
        }

        if (refused < best)
        {
            return false; // C# would choose the conversion that throws.
        }

        if (best != int.MaxValue)
        {
            return true;
        }

        return !isArray
            && value is SequenceValue sequence
            && target.Namespace?.StartsWith("JaxSharp", StringComparison.Ordinal) == true
            && TryConstruct(target, sequence.Items, null, out result, out cost, depth);
    }

    private bool TryImplicit(MethodInfo conversion, object? argument, out object? converted)
    {
        converted = null;
        try
        {
            converted = Invocation.Call(conversion, null, [argument]);
            return true;
        }
        catch (JaxException refusal)
        {
            Refusal = refusal;
            return false;
        }
    }

    private static IEnumerable<MethodInfo> ImplicitConversionsTo(Type target) =>
        target
            .GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.Name == "op_Implicit" && method.ReturnType == target)
            // A character is a number to C#; text that is one letter long is not.
            .Where(method => method.GetParameters()[0].ParameterType != typeof(char));

    private bool TryConstruct(
        Type target,
        IReadOnlyList<GoldenValue> positional,
        IReadOnlyDictionary<string, GoldenValue>? keywords,
        out object? result,
        out int cost,
        int depth
    )
    {
        result = null;
        cost = 0;
        if (depth >= MaxDepth || target.IsAbstract)
        {
            return false;
        }

        Invocation? best = target
            .GetConstructors()
            .Where(constructor =>
                constructor.GetParameters() is not [{ } only] || only.ParameterType != target // not the copy constructor
            )
            .Select(constructor =>
                Invocation.TryBind(
                    constructor,
                    positional,
                    keywords ?? new Dictionary<string, GoldenValue>(),
                    this,
                    depth + 1
                )
            )
            .Where(bound => bound is not null)
            .MinBy(bound => bound!.Cost);
        if (best is null)
        {
            return false;
        }

        cost = best.Cost + 4;
        try
        {
            result = best.Invoke(null);
            return true;
        }
        catch (JaxException refusal)
        {
            Refusal = refusal;
            return false;
        }
    }
}
