using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using JaxSharp.Goldens.Optax;
using JaxSharp.Numpy;
using JaxSharp.Optax;

namespace JaxSharp.Goldens;

/// <summary>Compares what a call returned with what was recorded.</summary>
public static partial class OutputComparison
{
    /// <summary>The first difference in words, or null.</summary>
    public static string? Difference(object? got, GoldenValue expected, Tolerance tolerance, bool exact)
    {
        switch (expected)
        {
            case MapValue { Name: not null } when got is OptState:
            case TupleValue when got is ChainState:
                return StateComparison.Difference("state", got, expected, tolerance);
            case ArrayValue array:
                return got is NDArray result
                    ? Comparison.Difference(ArrayBridge.ToValue(result), array, tolerance, exact)
                    : Mismatch(got, expected);
            case KeyValue key:
                return KeyWords(got) is NDArray words
                    ? Comparison.Difference(ArrayBridge.ToValue(words), key.Words, Tolerance.Exact, false)
                    : Mismatch(got, expected);
            case SequenceValue sequence:
                return SequenceDifference(got, sequence.Items, tolerance, exact, expected);
            case MapValue map:
                return MapDifference(got, map, tolerance, exact);
            case NoneValue:
                return got is null ? null : Mismatch(got, expected);
            case TextValue text:
                return TextDifference(got, text.Value);
            case DTypeValue dtype:
                return got is DType type && type.Name == dtype.Name ? null : Mismatch(got, expected);
            case BoolValue flag:
                return got is bool value && value == flag.Value ? null : Mismatch(got, expected);
            case IntValue or FloatValue or ComplexValue:
                return NumberDifference(got, expected, tolerance);
            default:
                return Mismatch(got, expected);
        }
    }

    private static string Mismatch(object? got, GoldenValue expected) =>
        $"returned {got?.GetType().Name ?? "null"} {Show(got)}, expected {expected.GetType().Name} {expected}";

    private static string? Show(object? value) =>
        value switch
        {
            NDArray array => $"{array.DType}[{string.Join(',', array.Shape)}]",
            string or DType or ValueType => value.ToString(),
            _ => "",
        };

    private static string? TextDifference(object? got, string expected) =>
        got is string text && (text == expected || SameButForObjects(text, expected))
        || (got is Enum or Type && Names.Same(got.ToString(), expected))
            ? null
            : $"text \"{got}\", expected \"{expected}\"";

    // Python prints functions with their address, which differs from run to run, and tables are as wide as what they hold. All else of
    // a text with addresses must be the same.
    private static bool SameButForObjects(string got, string expected) =>
        ObjectWithAddress().IsMatch(expected)
        && WithoutWidths(Function().Replace(got, "<object>"))
            == WithoutWidths(ObjectWithAddress().Replace(expected, "<object>"));

    private static string WithoutWidths(string text) => Filling().Replace(text, "$1");

    [GeneratedRegex("<[^<>]* at 0x[0-9a-f]+>")]
    private static partial Regex ObjectWithAddress();

    [GeneratedRegex("<function [^<>]*>")]
    private static partial Regex Function();

    [GeneratedRegex(@"(?<=[|+])( |-|=)\1*|( |-|=)\2*(?=[|+])")]
    private static partial Regex Filling();

    private static string? NumberDifference(object? got, GoldenValue expected, Tolerance tolerance)
    {
        if (got is NDArray { Ndim: 0, WeakType: true } scalar)
        {
            got = scalar.Item(); // A Python number is a weakly typed scalar where the function gives arrays.
        }

        if (expected is IntValue integer)
        {
            return
                got is int or long or uint or ulong or byte or BigInteger
                && BigInteger.Parse(got.ToString()!) == integer.Value
                ? null
                : Mismatch(got, expected);
        }

        Complex? number = got switch
        {
            double or float => Convert.ToDouble(got),
            Complex complex => complex,
            _ => null,
        };
        Complex wanted = expected is FloatValue real ? real.Value : ((ComplexValue)expected).Value;
        return number is Complex value && Comparison.Close(value, wanted, tolerance, false)
            ? null
            : Mismatch(got, expected);
    }

    private static string? SequenceDifference(
        object? got,
        IReadOnlyList<GoldenValue> expected,
        Tolerance tolerance,
        bool exact,
        GoldenValue whole
    )
    {
        if (Items(got) is not { } items)
        {
            return Mismatch(got, whole);
        }

        if (items.Count != expected.Count)
        {
            return $"{items.Count} results, expected {expected.Count}";
        }

        return items
            .Select((item, i) => (i, difference: Difference(item, expected[i], tolerance, exact)))
            .Where(entry => entry.difference is not null)
            .Select(entry => $"result {entry.i}: {entry.difference}")
            .FirstOrDefault();
    }

    private static string? MapDifference(object? got, MapValue map, Tolerance tolerance, bool exact)
    {
        if (got is null)
        {
            return Mismatch(got, map);
        }

        foreach ((string name, GoldenValue expected) in map.Items)
        {
            if (!TryMember(got, name, out object? value))
            {
                return $"{got.GetType().Name} has no {name}";
            }

            if (Difference(value, expected, tolerance, exact) is string difference)
            {
                return $"{name}: {difference}";
            }
        }

        return null;
    }

    internal static bool TryMember(object owner, string name, out object? value)
    {
        value = null;
        if (owner is IDictionary dictionary)
        {
            object? key = dictionary.Keys.Cast<object>().FirstOrDefault(key => Names.Same(key.ToString(), name));
            value = key is null ? null : dictionary[key];
            return key is not null;
        }

        const BindingFlags flags = BindingFlags.Public | BindingFlags.Instance;
        if (owner.GetType().GetProperties(flags).FirstOrDefault(p => Names.Same(p.Name, name)) is PropertyInfo property)
        {
            value = property.GetValue(owner);
            return true;
        }

        FieldInfo? field = owner.GetType().GetFields(flags).FirstOrDefault(f => Names.Same(f.Name, name));
        value = field?.GetValue(owner);
        return field is not null;
    }

    private static NDArray? KeyWords(object? got) =>
        got switch
        {
            NDArray array => array,
            PrngKey key => JaxRandom.KeyData(key),
            _ => null,
        };

    internal static List<object?>? Items(object? got) =>
        got switch
        {
            NDArray or string or null => null,
            ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(i => tuple[i])],
            IEnumerable sequence => [.. sequence.Cast<object?>()],
            _ => null,
        };

    /// <summary>The arrays of a result in order; null where something else is in it.</summary>
    public static NDArray[]? Flatten(object? got)
    {
        var arrays = new List<NDArray>();
        return Collect(got, arrays) ? [.. arrays] : null;
    }

    private static bool Collect(object? got, List<NDArray> arrays)
    {
        switch (got)
        {
            case NDArray array:
                arrays.Add(array);
                return true;
            case PrngKey key:
                arrays.Add(JaxRandom.KeyData(key));
                return true;
            case null:
                return true;
            case Shape or string:
                return false;
            case IDictionary dictionary:
                return dictionary
                    .Keys.Cast<object>()
                    .OrderBy(key => key.ToString(), StringComparer.Ordinal)
                    .All(key => Collect(dictionary[key], arrays));
            case not null when Items(got) is { } items:
                return items.TrueForAll(item => Collect(item, arrays));
            default:
                if (got is ValueType or DType)
                {
                    return false;
                }

                object?[] members =
                [
                    .. got.GetType()
                        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
                        .Where(property => property.GetIndexParameters().Length == 0)
                        .Select(property => property.GetValue(got)),
                ];
                return Array.TrueForAll(members, member => Collect(member, arrays));
        }
    }

    /// <summary>The recorded arrays of an output in order.</summary>
    public static ArrayValue[] Flatten(GoldenValue expected) =>
        expected switch
        {
            ArrayValue array => [array],
            KeyValue key => [key.Words],
            SequenceValue sequence => [.. sequence.Items.SelectMany(Flatten)],
            MapValue { Name: null } map =>
            [
                .. map.Items.OrderBy(item => item.Key, StringComparer.Ordinal).SelectMany(item => Flatten(item.Value)),
            ],
            MapValue map => [.. map.Items.Values.SelectMany(Flatten)],
            _ => [],
        };
}
