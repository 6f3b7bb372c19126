using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Goldens;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Tests.Programs;

/// <summary>
/// Programs that were run with JAX (<c>tests/goldens/transforms.jsonl</c>), written as a user of JaxSharp would: a test names the
/// recorded program and gives it in C#.
/// </summary>
public abstract class ProgramTests
{
    private static readonly Lazy<Dictionary<string, GoldenCase>> Cases = new(() =>
        GoldenCase.ReadFile(Repository.PathOf("tests", "goldens", "transforms.jsonl")).ToDictionary(golden => golden.Id)
    );

    protected static void Check<T>(string id, Func<T, object?> main) => Run(id, inputs => main(As<T>(inputs[0])));

    protected static void Check<T1, T2>(string id, Func<T1, T2, object?> main) =>
        Run(id, inputs => main(As<T1>(inputs[0]), As<T2>(inputs[1])));

    protected static void Check<T1, T2, T3>(string id, Func<T1, T2, T3, object?> main) =>
        Run(id, inputs => main(As<T1>(inputs[0]), As<T2>(inputs[1]), As<T3>(inputs[2])));

    protected static void Check<T1, T2, T3, T4>(string id, Func<T1, T2, T3, T4, object?> main) =>
        Run(id, inputs => main(As<T1>(inputs[0]), As<T2>(inputs[1]), As<T3>(inputs[2]), As<T4>(inputs[3])));

    private static void Run(string id, Func<GoldenValue[], object?> main)
    {
        var golden = Cases.Value[id];
        using var scope = JaxConfig.X64(golden.X64);
        string? difference = OutputComparison.Difference(
            main(golden.Arguments),
            golden.Output,
            golden.Tolerance,
            exact: false
        );
        Assert.True(difference is null, $"{id}: {difference}");
    }

    private static T As<T>(GoldenValue value) => (T)Convert(value, typeof(T))!;

    private static object? Convert(GoldenValue value, Type type) =>
        value switch
        {
            ArrayValue array => ArrayBridge.FromValue(array),
            KeyValue key => JaxRandom.WrapKeyData(ArrayBridge.FromValue(key.Words)),
            NoneValue => null,
            BoolValue flag => type == typeof(bool) ? flag.Value : (NDArray)flag.Value,
            IntValue number => type == typeof(int) ? (int)number.Value : (NDArray)(int)number.Value,
            FloatValue number => type == typeof(double) ? number.Value : (NDArray)number.Value,
            MapValue map => Dictionary(map, type),
            SequenceValue list when typeof(ITuple).IsAssignableFrom(type) => Activator.CreateInstance(
                type,
                [.. list.Items.Select((item, i) => Convert(item, type.GetGenericArguments()[i]))]
            ),
            SequenceValue list => List(list, type),
            _ => throw new InvalidOperationException($"No conversion of {value} to {type}."),
        };

    private static object Dictionary(MapValue map, Type type)
    {
        if (type == typeof(object))
        {
            return map.Items.ToDictionary(item => item.Key, item => Convert(item.Value, typeof(object)));
        }

        var item = type.GetGenericArguments()[1];
        var result = (System.Collections.IDictionary)Activator.CreateInstance(type)!;
        foreach (var (key, value) in map.Items)
        {
            result.Add(key, Convert(value, item));
        }

        return result;
    }

    private static object List(SequenceValue list, Type type)
    {
        var item = type.GetElementType() ?? typeof(object);
        var result = Array.CreateInstance(item, list.Items.Count);
        for (int i = 0; i < list.Items.Count; i++)
        {
            result.SetValue(Convert(list.Items[i], item), i);
        }

        return result;
    }
}
