using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using JaxSharp.Numpy;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Data.Tests;

/// <summary>What JAX and scikit-learn computed for the introduction: <c>tests/goldens/intro.jsonl</c>.</summary>
internal static partial class Recorded
{
    private static readonly Dictionary<string, JsonElement> Cases = File.ReadLines(
            Repository.PathOf("tests", "goldens", "intro.jsonl")
        )
        .Select(line => JsonDocument.Parse(line).RootElement)
        .ToDictionary(element => element.GetProperty("id").GetString()!);

    public static IEnumerable<string> Ids => Cases.Keys;

    public static JsonElement Case(string id) => Cases[id];

    public static int[] Integers(this JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];

    /// <summary>The elements of a recorded array, widened to double.</summary>
    public static double[] Doubles(this JsonElement array)
    {
        byte[] bytes = array.GetProperty("d").GetBytesFromBase64();
        return array.GetProperty("a").GetString()!.Split('[')[0] switch
        {
            "f32" =>
            [
                .. Enumerable.Range(0, bytes.Length / 4).Select(i => (double)BitConverter.ToSingle(bytes, 4 * i)),
            ],
            "f64" => [.. Enumerable.Range(0, bytes.Length / 8).Select(i => BitConverter.ToDouble(bytes, 8 * i))],
            "i32" => [.. Enumerable.Range(0, bytes.Length / 4).Select(i => (double)BitConverter.ToInt32(bytes, 4 * i))],
            var other => throw new NotSupportedException(other),
        };
    }

    /// <summary>A recorded array as an array of floats.</summary>
    public static NDArray Array(this JsonElement array)
    {
        int[] shape =
        [
            .. Digits()
                .Matches(array.GetProperty("a").GetString()!.Split('[')[1])
                .Select(match => int.Parse(match.Value)),
        ];
        var dtype = JaxConfig.EnableX64 ? DType.F64 : DType.F32;
        return Jnp.Array(array.Doubles()).Reshape(shape).AsType(dtype);
    }

    public static double[] Doubles(NDArray x) => HostValues.Doubles(x);

    /// <summary>Compares to |got − expected| ≤ atol + rtol · |expected|, the recorded tolerance.</summary>
    public static void Close(IReadOnlyList<double> got, JsonElement expected, JsonElement tolerance)
    {
        double rtol = tolerance.GetProperty("rtol").GetDouble();
        double atol = tolerance.GetProperty("atol").GetDouble();
        double[] values = expected.Doubles();
        Assert.Equal(values.Length, got.Count);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(
                Math.Abs(got[i] - values[i]) <= atol + (rtol * Math.Abs(values[i])),
                $"element {i}: {got[i]}, expected {values[i]}"
            );
        }
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();
}
