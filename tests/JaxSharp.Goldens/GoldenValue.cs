using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace JaxSharp.Goldens;

/// <summary>A value of a recorded case: what Python held, without JaxSharp's types.</summary>
public abstract record GoldenValue
{
    /// <summary>Decodes the JSON form that the README of the goldens describes.</summary>
    public static GoldenValue Parse(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => NoneValue.Instance,
            JsonValueKind.True => new BoolValue(true),
            JsonValueKind.False => new BoolValue(false),
            JsonValueKind.String => new TextValue(json.GetString()!),
            JsonValueKind.Number => ParseNumber(json.GetRawText()),
            JsonValueKind.Array => new ListValue(ParseAll(json)),
            _ => ParseObject(json),
        };

    private static GoldenValue ParseNumber(string text) =>
        text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? new IntValue(BigInteger.Parse(text))
            : new FloatValue(double.Parse(text));

    private static GoldenValue[] ParseAll(JsonElement array) => [.. array.EnumerateArray().Select(Parse)];

    private static Dictionary<string, GoldenValue> ParseMap(JsonElement map) =>
        map.EnumerateObject().ToDictionary(entry => entry.Name, entry => Parse(entry.Value));

    private static GoldenValue ParseObject(JsonElement json)
    {
        if (json.TryGetProperty("init", out JsonElement initializer))
        {
            return new InitializerValue(initializer.GetString()!, ParseAll(json.GetProperty("args")), Keywords(json));
        }

        if (json.TryGetProperty("module", out JsonElement module))
        {
            return new ModuleValue(module.GetString()!, ParseAll(json.GetProperty("args")), Keywords(json));
        }

        if (json.TryGetProperty("pattern", out JsonElement pattern))
        {
            return ArrayValue.OfPattern([.. pattern.EnumerateArray().Select(size => size.GetInt32())]);
        }

        if (json.TryGetProperty("a", out JsonElement type))
        {
            return ArrayValue.Parse(
                type.GetString()!,
                json.GetProperty("d").GetBytesFromBase64(),
                json.TryGetProperty("weak", out JsonElement weak) && weak.GetBoolean()
            );
        }

        if (json.TryGetProperty("f", out JsonElement number))
        {
            return new FloatValue(
                number.GetString() switch
                {
                    "nan" => double.NaN,
                    "inf" => double.PositiveInfinity,
                    "-inf" => double.NegativeInfinity,
                    string other => double.Parse(other),
                    null => throw new FormatException("null is not a float"),
                }
            );
        }

        if (json.TryGetProperty("c", out JsonElement complex))
        {
            double[] parts = [.. ParseAll(complex).Select(Real)];
            return new ComplexValue(new Complex(parts[0], parts[1]));
        }

        if (json.TryGetProperty("t", out JsonElement tuple))
        {
            return new TupleValue(ParseAll(tuple));
        }

        if (json.TryGetProperty("m", out JsonElement map))
        {
            return new MapValue(
                ParseMap(map),
                json.TryGetProperty("n", out JsonElement name) ? name.GetString() : null
            );
        }

        if (json.TryGetProperty("dtype", out JsonElement dtype))
        {
            return new DTypeValue(dtype.GetString()!);
        }

        if (json.TryGetProperty("slice", out JsonElement slice))
        {
            GoldenValue[] parts = ParseAll(slice);
            return new SliceValue(parts[0], parts[1], parts[2]);
        }

        if (json.TryGetProperty("ellipsis", out _))
        {
            return EllipsisValue.Instance;
        }

        if (json.TryGetProperty("key", out JsonElement key))
        {
            return new KeyValue(
                (ArrayValue)Parse(key),
                [.. json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]
            );
        }

        if (json.TryGetProperty("fn", out JsonElement function))
        {
            return new FunctionValue(function.GetString()!);
        }

        return new MapValue(ParseMap(json), null);
    }

    private static Dictionary<string, GoldenValue> Keywords(JsonElement json) => ParseMap(json.GetProperty("kwargs"));

    private static double Real(GoldenValue value) =>
        value switch
        {
            IntValue integer => (double)integer.Value,
            FloatValue real => real.Value,
            _ => throw new FormatException($"{value} is not a real number"),
        };
}

public sealed record NoneValue : GoldenValue
{
    public static NoneValue Instance { get; } = new();

    public override string ToString() => "None";
}

public sealed record EllipsisValue : GoldenValue
{
    public static EllipsisValue Instance { get; } = new();

    public override string ToString() => "...";
}

public sealed record BoolValue(bool Value) : GoldenValue
{
    public override string ToString() => Value ? "True" : "False";
}

public sealed record IntValue(BigInteger Value) : GoldenValue
{
    public override string ToString() => Value.ToString();
}

public sealed record FloatValue(double Value) : GoldenValue
{
    public override string ToString() => Value.ToString("R");
}

public sealed record ComplexValue(Complex Value) : GoldenValue
{
    public override string ToString() => Value.ToString();
}

public sealed record TextValue(string Value) : GoldenValue
{
    public override string ToString() => $"\"{Value}\"";
}

public sealed record DTypeValue(string Name) : GoldenValue
{
    public override string ToString() => Name;
}

public sealed record FunctionValue(string Name) : GoldenValue
{
    public override string ToString() => Name;
}

public sealed record SliceValue(GoldenValue Start, GoldenValue Stop, GoldenValue Step) : GoldenValue
{
    public override string ToString() => $"{Start}:{Stop}:{Step}";
}

public abstract record SequenceValue(IReadOnlyList<GoldenValue> Items) : GoldenValue;

public sealed record TupleValue(IReadOnlyList<GoldenValue> Items) : SequenceValue(Items)
{
    public override string ToString() => $"({string.Join(", ", Items)})";
}

public sealed record ListValue(IReadOnlyList<GoldenValue> Items) : SequenceValue(Items)
{
    public override string ToString() => $"[{string.Join(", ", Items)}]";
}

public sealed record MapValue(IReadOnlyDictionary<string, GoldenValue> Items, string? Name) : GoldenValue
{
    public override string ToString() =>
        $"{Name}{{{string.Join(", ", Items.Select(item => $"{item.Key}: {item.Value}"))}}}";
}

/// <summary>Typed threefry key(s): the raw words, and the shape of the key array without the word axis.</summary>
public sealed record KeyValue(ArrayValue Words, int[] Shape) : GoldenValue
{
    public override string ToString() => $"key<fry>[{string.Join(',', Shape)}]";
}

/// <summary>An array: row-major little-endian bytes, one byte an element for <c>bool</c>, <c>i4</c> and <c>u4</c>.</summary>
public sealed record ArrayValue(string DType, int[] Shape, byte[] Data, bool Weak) : GoldenValue
{
    public int Size => Shape.Aggregate(1, (size, dimension) => size * dimension);

    /// <summary>Reads <c>f32[3,4]</c> and the bytes that belong to it.</summary>
    public static ArrayValue Parse(string type, byte[] data, bool weak)
    {
        int bracket = type.IndexOf('[');
        string inside = type[(bracket + 1)..^1];
        int[] shape = inside.Length == 0 ? [] : [.. inside.Split(',').Select(int.Parse)];
        return new ArrayValue(type[..bracket], shape, data, weak);
    }

    /// <summary>The array that the recorder wrote as a rule: element i is (7919·i mod 251)/125 − 1 in f32.</summary>
    public static ArrayValue OfPattern(int[] shape)
    {
        int size = shape.Aggregate(1, (product, dimension) => product * dimension);
        float[] elements = [.. Enumerable.Range(0, size).Select(i => (float)(7919L * i % 251 / 125.0 - 1))];
        return new ArrayValue("f32", shape, MemoryMarshal.AsBytes(elements.AsSpan()).ToArray(), false);
    }

    public override string ToString() => $"{(Weak ? "~" : "")}{DType}[{string.Join(',', Shape)}]";
}

/// <summary>A value that a running program holds, as an argument.</summary>
public sealed record LiveValue(object Value) : GoldenValue
{
    public override string ToString() =>
        Value is NDArray array ? $"{array.DType}[{string.Join(',', array.Shape)}]" : Value.ToString() ?? "";
}

/// <summary>A module to make: its class or function and the arguments of its constructor.</summary>
public sealed record ModuleValue(
    string Name,
    IReadOnlyList<GoldenValue> Arguments,
    IReadOnlyDictionary<string, GoldenValue> Keywords
) : GoldenValue
{
    public override string ToString() => Name;
}

/// <summary>An initialiser to make.</summary>
public sealed record InitializerValue(
    string Name,
    IReadOnlyList<GoldenValue> Arguments,
    IReadOnlyDictionary<string, GoldenValue> Keywords
) : GoldenValue
{
    public override string ToString() => Name;
}
