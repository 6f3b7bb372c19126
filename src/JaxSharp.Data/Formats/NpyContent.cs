using System;
using System.IO;

namespace JaxSharp.Data;

/// <summary>An array in NumPy's .npy format, in a file of its own or in an archive.</summary>
internal static class NpyContent
{
    public static void Write(Stream stream, DeviceArray array)
    {
        NpyHeader.Write(stream, array.Type);
        ArrayMemory.Write(stream, array);
    }

    /// <summary>Reads an array to the end of the content.</summary>
    public static DeviceArray Read(ContentReader content)
    {
        NpyHeader header = NpyHeader.Read(content);
        ArrayType type = header.Type;
        bool turned = header.FortranOrder && type.Rank > 1;
        int[] stored = type.Shape.ToArray();
        if (turned)
        {
            Array.Reverse(stored);
        }

        DeviceArray array = content.ReadArray(type with { Shape = stored }, $"{type}");
        content.ExpectEnd($"{type}");
        if (header.BigEndian == BitConverter.IsLittleEndian)
        {
            ArrayMemory.ReverseEndianness(array);
        }

        return turned ? ArrayMemory.Transposed(array) : array;
    }
}
