using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace JaxSharp.Data;

/// <summary>An array in the data of a .safetensors file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">Element type and shape.</param>
/// <param name="Begin">Where it begins.</param>
internal sealed record SafeTensor(string Name, ArrayType Type, long Begin)
{
    public long End => Begin + Type.ByteLength;
}

/// <summary>What stands before the data of a .safetensors file: the length of a JSON text and that text.</summary>
/// <param name="Tensors">The arrays in the order of their data, which follow each other without a gap.</param>
/// <param name="Metadata">Texts for any purpose.</param>
internal sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensor> Tensors,
    IReadOnlyDictionary<string, string> Metadata
)
{
    public const string MetadataKey = "__metadata__";

    private const int MaxLength = 100_000_000;
    private const int Alignment = 8;

    private static readonly (string Name, DType DType)[] ElementTypes =
    [
        ("BOOL", DType.Bool),
        .. DType
            .All.Where(dtype => !dtype.IsBool && dtype != DType.C128)
            .Select(dtype => (dtype.Name.ToUpperInvariant(), dtype)),
    ];

    /// <summary>Lays arrays out: those with large elements first, so that all are aligned.</summary>
    public static SafeTensorsHeader Of(
        IEnumerable<(string Name, ArrayType Type)> arrays,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var tensors = new List<SafeTensor>();
        long at = 0;
        foreach (
            var (name, type) in arrays
                .OrderByDescending(array => array.Type.DType.Size)
                .ThenBy(array => array.Name, StringComparer.Ordinal)
        )
        {
            if (type.DType == DType.C128 || name == MetadataKey)
            {
                throw new JaxArgumentException(
                    $"SafeTensors.Save cannot write the array \"{name}\" of type {type}: the format has no "
                        + $"{(type.DType == DType.C128 ? "c128. Use Npz.Save" : "array of that name. Use another")}."
                );
            }

            tensors.Add(new SafeTensor(name, type, at));
            at = tensors[^1].End;
        }

        return new SafeTensorsHeader(tensors, metadata ?? new Dictionary<string, string>());
    }

    public static SafeTensorsHeader Read(ContentReader content)
    {
        Span<byte> size = stackalloc byte[8];
        content.Read(size, "the length of the header of a .safetensors file");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (length > MaxLength || (long)length > content.Available)
        {
            throw content.Error(
                $"no .safetensors file, or one cut off: the header claims {length} bytes, but {content.Available} follow and {MaxLength} are "
                    + "allowed."
            );
        }

        byte[] json = new byte[(int)length];
        content.Read(json, "the header");
        if (json is not [(byte)'{', ..])
        {
            throw content.Error("no .safetensors file: the header does not begin with '{'.");
        }

        return new SafeTensorsHeaderReader(content).Read(json);
    }

    public void Write(Stream stream)
    {
        var text = new ArrayBufferWriter<byte>();
        using (
            var json = new Utf8JsonWriter(
                text,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            Write(json);
        }

        int padding = (Alignment - (text.WrittenCount % Alignment)) % Alignment;
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, text.WrittenCount + padding);
        stream.Write(size);
        stream.Write(text.WrittenSpan);
        stream.Write("       "u8[..padding]);
    }

    /// <summary>The element type of a name; null if there is none.</summary>
    public static DType? ElementType(string name) => ElementTypes.FirstOrDefault(pair => pair.Name == name).DType;

    private static string NameOf(DType dtype) => ElementTypes.First(pair => pair.DType == dtype).Name;

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Metadata.Count > 0)
        {
            json.WriteStartObject(MetadataKey);
            foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        foreach (SafeTensor tensor in Tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", NameOf(tensor.Type.DType));
            json.WriteStartArray("shape");
            foreach (int extent in tensor.Type.Shape)
            {
                json.WriteNumberValue(extent);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(tensor.Begin);
            json.WriteNumberValue(tensor.End);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
