using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Text.Json;

namespace JaxSharp.Goldens;

/// <summary>What is recorded of one array of many: its type, its sum, the mean of its magnitudes and its first elements.</summary>
public sealed record Checksum(
    string DType,
    int[] Shape,
    (double Value, double Tolerance) Sum,
    (double Value, double Tolerance) MeanAbs,
    double[] First,
    double FirstTolerance
)
{
    public static Checksum Parse(JsonElement json) =>
        new(
            json.GetProperty("dtype").GetString()!,
            [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())],
            (json.GetProperty("sum").GetDouble(), json.GetProperty("sum_atol").GetDouble()),
            (json.GetProperty("mean_abs").GetDouble(), json.GetProperty("mean_abs_atol").GetDouble()),
            [.. json.GetProperty("first").EnumerateArray().Select(number => number.GetDouble())],
            json.GetProperty("first_atol").GetDouble()
        );

    public string? Difference(ArrayValue got)
    {
        if (got.DType != DType || !got.Shape.AsSpan().SequenceEqual(Shape))
        {
            return $"is {got}, expected {DType}[{string.Join(',', Shape)}]";
        }

        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < got.Size; i++)
        {
            double element = Element(got, i);
            sum += element;
            magnitude += Math.Abs(element);
        }

        return First
                .Select((expected, i) => NumberDifference($"[{i}]", Element(got, i), (expected, FirstTolerance)))
                .FirstOrDefault(difference => difference is not null)
            ?? NumberDifference("mean magnitude", magnitude / Math.Max(1, got.Size), MeanAbs)
            ?? NumberDifference("sum", sum, Sum);
    }

    private static double Element(ArrayValue array, int index)
    {
        Complex element = ElementReader.Read(array.DType, array.Data, index);
        return element.Real;
    }

    private static string? NumberDifference(string label, double got, (double Value, double Tolerance) expected) =>
        Math.Abs(got - expected.Value) <= expected.Tolerance
            ? null
            : $"{label} is {got:G9}, expected {expected.Value:G9} (atol {expected.Tolerance:G3})";
}

/// <summary>Parameters, states or gradients by path and name: as arrays, or as checksums where those would be large.</summary>
public sealed class RecordedArrays
{
    private readonly Dictionary<(string Path, string Name), ArrayValue> arrays = [];
    private readonly Dictionary<(string Path, string Name), Checksum> checksums = [];

    private RecordedArrays(Tolerance tolerance)
    {
        Tolerance = tolerance;
    }

    public Tolerance Tolerance { get; }

    /// <summary>The arrays; null where only checksums were recorded.</summary>
    public IReadOnlyDictionary<(string Path, string Name), ArrayValue>? Arrays => checksums.Count > 0 ? null : arrays;

    /// <summary>Reads the field of this name, or its checksums.</summary>
    public static RecordedArrays? Parse(JsonElement json, string name)
    {
        var result = new RecordedArrays(ModuleRecord.ToleranceOf(json, name + "_tol"));
        if (json.TryGetProperty(name, out JsonElement map))
        {
            foreach (var (key, array) in Flatten((MapValue)GoldenValue.Parse(map)))
            {
                result.arrays[key] = array;
            }

            return result;
        }

        if (json.TryGetProperty(name + "_checksum", out JsonElement sums))
        {
            foreach (JsonElement entry in sums.EnumerateArray())
            {
                (string, string) key = (entry.GetProperty("path").GetString()!, entry.GetProperty("name").GetString()!);
                result.checksums[key] = Checksum.Parse(entry);
            }

            return result;
        }

        return null;
    }

    public static IEnumerable<((string Path, string Name), ArrayValue)> Flatten(MapValue map) =>
        from module in map.Items
        from entry in ((MapValue)module.Value).Items
        select ((module.Key, entry.Key), (ArrayValue)entry.Value);

    /// <summary>The first difference in words, or null. Missing and surplus arrays are differences.</summary>
    public string? Difference(
        string label,
        IReadOnlyDictionary<(string Path, string Name), NDArray> got,
        Tolerance tolerance
    )
    {
        var expected = arrays.Keys.Concat(checksums.Keys).ToHashSet();
        string[] missing = [.. expected.Except(got.Keys).Select(Show)];
        string[] surplus = [.. got.Keys.Except(expected).Select(Show)];
        if (missing.Length + surplus.Length > 0)
        {
            return $"{label}: missing [{string.Join(", ", missing.Order())}], surplus [{string.Join(", ", surplus.Order())}]";
        }

        foreach (var (key, array) in got)
        {
            ArrayValue value = ArrayBridge.ToValue(array);
            string? difference = checksums.TryGetValue(key, out Checksum? checksum)
                ? checksum.Difference(value)
                : Comparison.Difference(value, arrays[key], tolerance, exact: false);
            if (difference is not null)
            {
                return $"{label} {Show(key)}: {difference}";
            }
        }

        return null;
    }

    private static string Show((string Path, string Name) key) => $"{key.Path}/{key.Name}";
}
