using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace JaxSharp.Data;

/// <summary>Reads the JSON text of a .safetensors header and demands that its arrays fill the data without gap or overlap.</summary>
internal sealed class SafeTensorsHeaderReader(ContentReader content)
{
    private const int MaxRank = 64;

    // The header, an array, its shape.
    private const int MaxDepth = 3;

    private readonly Dictionary<string, SafeTensor> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);

    public SafeTensorsHeader Read(ReadOnlySpan<byte> text)
    {
        try
        {
            var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
            json.Read();
            bool hasMetadata = false;
            while (NextKey(ref json) is { } key)
            {
                if (key != SafeTensorsHeader.MetadataKey)
                {
                    ReadTensor(ref json, key);
                }
                else if (!hasMetadata)
                {
                    hasMetadata = true;
                    ReadMetadata(ref json);
                }
                else
                {
                    throw Twice(key);
                }
            }

            // What follows the text must be white space.
            json.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw content.Error($"the header is no valid JSON text: {exception.Message}", exception);
        }

        SafeTensor[] ordered = [.. tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End)];
        long at = 0;
        foreach (SafeTensor tensor in ordered)
        {
            if (tensor.Begin != at)
            {
                throw content.Error(
                    $"the data of \"{tensor.Name}\" begin at {tensor.Begin}, where {at} is the end of what is before: arrays must neither "
                        + "overlap nor leave gaps."
                );
            }

            at = tensor.End;
        }

        return at == content.Available
            ? new SafeTensorsHeader(ordered, metadata)
            : throw content.Error($"the arrays have {at} bytes, but {content.Available} follow the header.");
    }

    private void ReadTensor(ref Utf8JsonReader json, string name)
    {
        string? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref json, JsonTokenType.StartObject, name);
        while (NextKey(ref json) is { } key)
        {
            switch (key)
            {
                case "dtype" when dtype is null:
                    Expect(ref json, JsonTokenType.String, name);
                    dtype = json.GetString();
                    break;
                case "shape" when shape is null:
                    shape = Numbers(ref json, name, MaxRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(ref json, name, 2);
                    break;
                default:
                    throw content.Error($"\"{name}\" has the key \"{key}\" twice or should not have it.");
            }
        }

        if (dtype is null || shape is null || offsets is not [var begin, var end])
        {
            throw content.Error($"\"{name}\" lacks dtype, shape or two data_offsets.");
        }

        DType element =
            SafeTensorsHeader.ElementType(dtype)
            ?? throw content.Error($"\"{name}\" has elements of type {dtype}, which JaxSharp does not have.");
        int[] extents = [.. shape.Select(extent => (int)Math.Min(extent, int.MaxValue))];
        if (
            shape.Exists(extent => extent > int.MaxValue)
            || ArrayMemory.ByteLength(extents, element) is not { } bytes
            || end > content.Available
            || end - begin != bytes
        )
        {
            throw content.Error(
                $"\"{name}\" claims to be {element}[{string.Join(",", shape)}] at bytes {begin} to {end} of {content.Available}."
            );
        }

        if (!tensors.TryAdd(name, new SafeTensor(name, new ArrayType(element, extents), begin)))
        {
            throw Twice(name);
        }
    }

    private void ReadMetadata(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartObject, SafeTensorsHeader.MetadataKey);
        while (NextKey(ref json) is { } key)
        {
            Expect(ref json, JsonTokenType.String, key);
            if (!metadata.TryAdd(key, json.GetString()!))
            {
                throw Twice(key);
            }
        }
    }

    /// <summary>The name of the next property of an object; null at its end.</summary>
    private static string? NextKey(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.EndObject ? null : json.GetString();
    }

    private List<long> Numbers(ref Utf8JsonReader json, string name, int most)
    {
        Expect(ref json, JsonTokenType.StartArray, name);
        var numbers = new List<long>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (
                json.TokenType != JsonTokenType.Number
                || !json.TryGetInt64(out long number)
                || number < 0
                || numbers.Count == most
            )
            {
                throw content.Error($"\"{name}\" should have at most {most} integers from 0 in each list.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private void Expect(ref Utf8JsonReader json, JsonTokenType token, string name)
    {
        json.Read();
        if (json.TokenType != token)
        {
            throw content.Error($"\"{name}\" should have a {token} in the header where there is a {json.TokenType}.");
        }
    }

    private DataFormatException Twice(string name) => content.Error($"the header has the name \"{name}\" twice.");
}
