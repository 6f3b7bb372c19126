using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace JaxSharp.Data;

/// <summary>Named arrays in the .safetensors format.</summary>
internal static class SafeTensorsContent
{
    public const string Unnamed = ".safetensors stream";

    public static void Write(
        Stream stream,
        IReadOnlyList<(string Name, DeviceArray Array)> arrays,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var header = SafeTensorsHeader.Of(arrays.Select(pair => (pair.Name, pair.Array.Type)), metadata);
        var byName = arrays.ToDictionary(pair => pair.Name, pair => pair.Array, StringComparer.Ordinal);
        header.Write(stream);
        foreach (SafeTensor tensor in header.Tensors)
        {
            ArrayMemory.Write(stream, byName[tensor.Name]);
        }
    }

    public static (Dictionary<string, DeviceArray> Arrays, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream,
        string caller,
        string source
    )
    {
        var content = ContentReader.Of(stream, caller, source);
        var header = SafeTensorsHeader.Read(content);
        var arrays = new Dictionary<string, DeviceArray>(StringComparer.Ordinal);
        foreach (SafeTensor tensor in header.Tensors)
        {
            arrays.Add(tensor.Name, content.ReadArray(tensor.Type, $"\"{tensor.Name}\""));
        }

        return (arrays, header.Metadata);
    }
}
