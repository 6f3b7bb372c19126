using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;

namespace JaxSharp.Goldens;

/// <summary>
/// Turns recorded Python values into C# arguments: directly where the parameter's type is known here, and otherwise through the
/// implicit conversions and constructors that the type offers to its users. Every answer has a cost; less is a better fit.
/// </summary>
public sealed partial class ArgumentConverter(bool strict)
{
    private const int MaxDepth = 4;
    private readonly Dictionary<ArrayValue, object> arrays = new(ReferenceEqualityComparer.Instance);

    /// <summary>Recorded arrays that became JaxSharp arrays, in the order of their first use.</summary>
    public List<ArrayValue> Used { get; } = [];

    /// <summary>The error of the last implicit conversion that refused its value.</summary>
    public JaxException? Refusal { get; private set; }

    /// <summary>Puts another array (a tracer, say) in the place of a recorded one.</summary>
    public void Replace(ArrayValue value, NDArray array) => arrays[value] = array;

    /// <summary>The JaxSharp array of a recorded one; always the same object.</summary>
    public NDArray Array(ArrayValue value)
    {
        if (!arrays.TryGetValue(value, out object? array))
        {
            array = ArrayBridge.FromValue(value);
            arrays[value] = array;
        }

        if (!Used.Contains(value))
        {
            Used.Add(value);
        }

        return (NDArray)array;
    }

    /// <summary>Converts a value to a parameter's type.</summary>
    public bool TryConvert(GoldenValue value, Type target, out object? result, out int cost, int depth = 0)
    {
        cost = 0;
        result = null;
        value = Made(value);
        if (target.IsByRef)
        {
            target = target.GetElementType()!;
        }

        if (Nullable.GetUnderlyingType(target) is Type inner)
        {
            return value is NoneValue || TryConvert(value, inner, out result, out cost, depth);
        }

        if (value is NoneValue && !target.IsValueType)
        {
            return true;
        }

        if (value is LiveValue live && TryLive(live.Value, target, out result))
        {
            cost = target.IsPrimitive ? 8 : 0;
            return true;
        }

        if (
            TryOptax(value, target, out result, out cost, depth)
            || TryScalar(value, target, out result, out cost)
            || TryKnownType(value, target, out result, out cost, depth)
            || TrySequence(value, target, out result, out cost, depth)
        )
        {
            return true;
        }

        if (target == typeof(object))
        {
            cost = 20;
            return TryNatural(value, out result);
        }

        return depth < MaxDepth
            && target != typeof(Index)
            && TryOfferedConversions(value, target, out result, out cost, depth);
    }

    private static bool TryLive(object value, Type target, out object? result)
    {
        if (value is Haiku.Hk.Module && !target.IsInstanceOfType(value))
        {
            return TryOwnConversion(value, target, out result);
        }

        result = null;
        if (value is Programs.Function function && typeof(Delegate).IsAssignableFrom(target))
        {
            result = SimpleConversions.MakeDelegate(function, target);
        }
        else if (value is NDArray array && target.IsPrimitive && array.Ndim == 0 && ArrayBridge.IsConcrete(array))
        {
            result = SimpleConversions.NumberOf(array, target);
        }
        else if (target.IsInstanceOfType(value))
        {
            result = value;
        }

        return result is not null;
    }

    private bool TryScalar(GoldenValue value, Type target, out object? result, out int cost)
    {
        result = null;
        cost = 0;
        switch (value)
        {
            case BoolValue flag when target == typeof(bool):
                result = flag.Value;
                return true;
            case BoolValue flag when target == typeof(int):
                cost = 6;
                result = flag.Value ? 1 : 0;
                return true;
            case IntValue number when SimpleConversions.IsNumber(target):
                return SimpleConversions.TryInteger(number.Value, target, out result, out cost);
            case FloatValue number when target == typeof(double):
                result = number.Value;
                return true;
            case FloatValue number when target == typeof(float):
                cost = 1;
                result = (float)number.Value;
                return true;
            case FloatValue number when target == typeof(Complex):
                cost = 3;
                result = new Complex(number.Value, 0);
                return true;
            case ComplexValue number when target == typeof(Complex):
                result = number.Value;
                return true;
            case TextValue text when target == typeof(string):
                result = text.Value;
                return true;
            case TextValue text when target == typeof(char) && text.Value.Length == 1:
                result = text.Value[0];
                cost = 1;
                return true;
            case TextValue text when target.IsEnum:
                return SimpleConversions.TryEnum(text.Value, target, out result);
            case ArrayValue array
                when array.Shape.Length == 0 && (SimpleConversions.IsNumber(target) || target == typeof(bool)):
                cost = 8;
                return TryNumberOfArray(array, target, out result);
            default:
                return false;
        }
    }

    private bool TryNumberOfArray(ArrayValue array, Type target, out object? result)
    {
        result = null;
        if (arrays.TryGetValue(array, out object? replaced) && !ArrayBridge.IsConcrete((NDArray)replaced))
        {
            return false;
        }

        Complex number = ElementReader.Read(array.DType, array.Data, 0);
        bool isInteger = !ElementReader.IsFloating(array.DType) && !ElementReader.IsComplex(array.DType);
        if (target == typeof(bool))
        {
            result = number != Complex.Zero;
            return array.DType == "bool";
        }

        return isInteger
            ? SimpleConversions.TryInteger(new BigInteger(number.Real), target, out result, out _)
            : TryScalar(new FloatValue(number.Real), target, out result, out _);
    }

    private bool TryKnownType(GoldenValue value, Type target, out object? result, out int cost, int depth)
    {
        result = null;
        cost = 0;
        switch (value)
        {
            case ArrayValue array when target.IsAssignableFrom(typeof(NDArray)) && target != typeof(object):
                result = Array(array);
                return true;
            case DTypeValue dtype when target == typeof(DType):
                result = ArrayBridge.DTypeOf(dtype.Name);
                return result is not null;
            case TextValue text when target == typeof(DType):
                cost = 1;
                result = ArrayBridge.DTypeOf(text.Value);
                return result is not null;
            case EllipsisValue
                when target.GetProperty("Ellipsis") is PropertyInfo { GetMethod.IsStatic: true } ellipsis:
                result = ellipsis.GetValue(null);
                return target.IsInstanceOfType(result);
            case IntValue when target == typeof(Index):
                return false; // Python's negative numbers are no indices of C#; types that take an Index take an int too.
            case SliceValue slice when target == typeof((int?, int?, int?)):
                return TryTuple([slice.Start, slice.Stop, slice.Step], target, out result, out cost, depth);
            case SliceValue slice when target == typeof(Range):
                return SimpleConversions.TryRange(slice, out result);
            case FunctionValue function when typeof(Delegate).IsAssignableFrom(target):
                result = SimpleConversions.MakeDelegate(function.Name, target);
                return result is not null;
            case KeyValue key:
                return ArrayBridge.TryKey(key, this, target, out result, out cost);
            case SequenceValue { Items.Count: 0 } when target == typeof(ValueTuple):
                result = default(ValueTuple);
                return true;
            case MapValue map when target == typeof(Haiku.Hk.Params):
                result = Parameters(map);
                return true;
            case MapValue map when target.Namespace?.StartsWith("JaxSharp", StringComparison.Ordinal) == true:
                return TryConstruct(target, [], map.Items, out result, out cost, depth);
            default:
                return false;
        }
    }

    private bool TrySequence(GoldenValue value, Type target, out object? result, out int cost, int depth)
    {
        result = null;
        cost = 0;
        if (ElementTypeOf(target) is Type element)
        {
            IReadOnlyList<GoldenValue>? items = value switch
            {
                SequenceValue sequence => sequence.Items,
                ArrayValue { Shape.Length: 1 } array when element == typeof(int) || element == typeof(long) => Integers(
                    array
                ),
                _ => null,
            };
            cost = value is ArrayValue ? 5 : 0;
            return items is not null && TryItems(items, element, target, out result, ref cost, depth);
        }

        return value is SequenceValue tuple
            && target.IsGenericType
            && target.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)
            && TryTuple(tuple.Items, target, out result, out cost, depth);
    }

    private static List<GoldenValue>? Integers(ArrayValue array) =>
        ElementReader.IsFloating(array.DType) || ElementReader.IsComplex(array.DType) || array.DType == "bool"
            ? null
            :
            [
                .. Enumerable
                    .Range(0, array.Size)
                    .Select(i => new IntValue(new BigInteger(ElementReader.Read(array.DType, array.Data, i).Real))),
            ];

    private static Type? ElementTypeOf(Type target)
    {
        if (target.IsArray)
        {
            return target.GetArrayRank() == 1 ? target.GetElementType() : null;
        }

        if (!target.IsGenericType)
        {
            return null;
        }

        Type definition = target.GetGenericTypeDefinition();
        return
            definition == typeof(ReadOnlySpan<>)
            || definition == typeof(IReadOnlyList<>)
            || definition == typeof(IEnumerable<>)
            || definition == typeof(IReadOnlyCollection<>)
            || definition == typeof(IList<>)
            || definition == typeof(ICollection<>)
            || definition == typeof(List<>)
            ? target.GetGenericArguments()[0]
            : null;
    }

    private bool TryItems(
        IReadOnlyList<GoldenValue> items,
        Type element,
        Type target,
        out object? result,
        ref int cost,
        int depth
    )
    {
        result = null;
        System.Array converted = System.Array.CreateInstance(element, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            if (!TryConvert(items[i], element, out object? item, out int itemCost, depth))
            {
                return false;
            }

            converted.SetValue(item, i);
            cost = Math.Max(cost, itemCost);
        }

        result =
            target.IsGenericType && target.GetGenericTypeDefinition() == typeof(List<>)
                ? Activator.CreateInstance(target, converted)
                : converted;
        return true;
    }

    private bool TryTuple(IReadOnlyList<GoldenValue> items, Type target, out object? result, out int cost, int depth)
    {
        result = null;
        cost = 0;
        Type[] types = target.GetGenericArguments();
        if (types.Length != items.Count || types.Length > 7)
        {
            return false;
        }

        object?[] converted = new object?[types.Length];
        for (int i = 0; i < types.Length; i++)
        {
            if (!TryConvert(items[i], types[i], out converted[i], out int itemCost, depth))
            {
                return false;
            }

            cost = Math.Max(cost, itemCost);
        }

        result = Activator.CreateInstance(target, converted);
        return true;
    }

    /// <summary>A value for a parameter of type <see cref="object"/>.</summary>
    private bool TryNatural(GoldenValue value, out object? result)
    {
        value = Made(value);
        switch (value)
        {
            case ArrayValue array:
                result = Array(array);
                return true;
            case BoolValue flag:
                result = flag.Value;
                return true;
            case FloatValue number:
                result = number.Value;
                return true;
            case ComplexValue number:
                result = number.Value;
                return true;
            case TextValue text:
                result = text.Value;
                return true;
            case IntValue number:
                return SimpleConversions.TryInteger(number.Value, typeof(int), out result, out _)
                    || SimpleConversions.TryInteger(number.Value, typeof(long), out result, out _)
                    || SimpleConversions.TryInteger(number.Value, typeof(ulong), out result, out _);
            case DTypeValue dtype:
                result = ArrayBridge.DTypeOf(dtype.Name);
                return result is not null;
            case KeyValue key:
                return ArrayBridge.TryKey(key, this, typeof(PrngKey), out result, out _);
            case SequenceValue sequence:
                object?[] items = new object?[sequence.Items.Count];
                for (int i = 0; i < items.Length; i++)
                {
                    if (!TryNatural(sequence.Items[i], out items[i]))
                    {
                        result = null;
                        return false;
                    }
                }

                result = items;
                return true;
            case MapValue { Name: string name } map when ModuleTable.FindType(name) is Type type:
                return TryConstruct(type, [], map.Items, out result, out _, 0);
            case MapValue map:
                return TryDictionary(map, out result);
            case LiveValue { Value: Programs.Function function }:
                result = SimpleConversions.MakeDelegate(function, typeof(Func<NDArray, NDArray>));
                return true;
            case LiveValue live:
                result = live.Value;
                return true;
            case NoneValue:
                result = null;
                return true;
            default:
                result = null;
                return false;
        }
    }

    private bool TryDictionary(MapValue map, out object? result)
    {
        result = null;
        var dictionary = new Dictionary<string, object?>();
        foreach ((string key, GoldenValue item) in map.Items)
        {
            if (!TryNatural(item, out object? converted))
            {
                return false;
            }

            dictionary[key] = converted;
        }

        result = dictionary;
        return true;
    }
}
