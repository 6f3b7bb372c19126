using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Goldens.Optax;
using JaxSharp.Numpy;
using JaxSharp.Optax;

namespace JaxSharp.Goldens;

/// <content>Transformations, schedules, masks and labels: recorded by how they are made.</content>
public sealed partial class ArgumentConverter
{
    private bool TryOptax(GoldenValue value, Type target, out object? result, out int cost, int depth)
    {
        result = null;
        cost = 0;
        if (Recipe.Of(value) is { } recipe)
        {
            result = recipe.Build();
            if (target.IsInstanceOfType(result))
            {
                return true;
            }

            if (target == typeof(ScalarOrSchedule) && result is Func<NDArray, NDArray> schedule)
            {
                result = (ScalarOrSchedule)schedule;
                return true;
            }

            if (target == typeof(Linesearch) && result is GradientTransformation search)
            {
                result = (Linesearch)search;
                return true;
            }

            return false;
        }

        if (target == typeof(Linesearch) && value is NoneValue)
        {
            result = (Linesearch)null;
            return true;
        }

        if (target == typeof(Linesearch) && value is LiveValue { Value: GradientTransformation live })
        {
            result = (Linesearch)live;
            return true;
        }

        if (target == typeof(Mask) && value is BoolValue or MapValue or SequenceValue)
        {
            return TryNatural(value, out object? tree) && (result = Mask.Of(tree)) is not null;
        }

        if (target == typeof(Labels) && value is TextValue or MapValue or SequenceValue)
        {
            return TryNatural(value, out object? tree) && (result = Labels.Of(tree!)) is not null;
        }

        if (
            value is LiveValue { Value: Programs.Function choice }
            && (target == typeof(Mask) || target == typeof(Labels))
        )
        {
            var choose = (Func<object, object>)SimpleConversions.MakeDelegate(choice, typeof(Func<object, object>))!;
            result = target == typeof(Mask) ? Mask.From(choose) : Labels.From(choose);
            return true;
        }

        if (target == typeof(MuonDimensions) && value is MapValue)
        {
            result = Values.ToDimensions(value);
            return true;
        }

        switch (value)
        {
            // Triples of numbers in a tuple are the coefficients of Muon, an array.
            case TupleValue { Items: [TupleValue { Items: [FloatValue, FloatValue, FloatValue] }, ..] } rows
                when target == typeof(NDArray) && !strict:
                result = Jnp.Stack([.. rows.Items.Select(row => Row((TupleValue)row))]);
                return true;
            case IntValue seed when target == typeof(PrngKey) && !strict:
                result = JaxRandom.Key((long)seed.Value);
                return true;
            case TextValue { Value: "inf" or "infinity" } when target == typeof(double):
                result = double.PositiveInfinity;
                return true;
            case FunctionValue function when target == typeof(string): // A reduction, chosen by its name.
                cost = 4;
                result = function.Name[(function.Name.LastIndexOf('.') + 1)..];
                return true;
        }

        return value is MapValue { Name: null } map
            && target.IsGenericType
            && target.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            && TryMap(map, target.GetGenericArguments(), out result, depth);
    }

    private static NDArray Row(TupleValue row) =>
        Jnp.Array(row.Items.Select(x => (float)((FloatValue)x).Value).ToArray());

    private bool TryMap(MapValue map, Type[] types, out object? result, int depth)
    {
        result = null;
        var dictionary = (System.Collections.IDictionary)
            Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(types))!;
        foreach ((string key, GoldenValue item) in map.Items)
        {
            if (!TryConvert(item, types[1], out object? converted, out _, depth))
            {
                return false;
            }

            dictionary[types[0] == typeof(string) ? key : Convert.ChangeType(key, types[0])] = converted;
        }

        result = dictionary;
        return true;
    }
}
