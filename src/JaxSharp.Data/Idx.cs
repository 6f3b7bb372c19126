using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using JaxSharp.Arrays;

namespace JaxSharp.Data;

/// <summary>
/// Reads arrays in the IDX format, that of the MNIST files: a magic number that tells element type and number of axes, the extents,
/// the elements in big-endian order. Files may be compressed with gzip.
/// </summary>
public static class Idx
{
    /// <summary>The most bytes that the elements may take by default: 4 GiB.</summary>
    public const long DefaultMaxBytes = 4L << 30;

    private const int MaxRank = 32;

    /// <summary>Reads an array from a file.</summary>
    /// <param name="path">The file, compressed with gzip or not.</param>
    /// <param name="maxBytes">The most bytes that the elements may take.</param>
    /// <returns>An array of type u8, i8, i16, i32, f32 or f64; without 64-bit types enabled f64 becomes f32.</returns>
    /// <exception cref="DataFormatException">The file is not in IDX format, cut off, damaged, too large, or has bytes left over.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <example><code>
    /// string path = System.IO.Path.GetTempFileName();
    /// System.IO.File.WriteAllBytes(path, [0, 0, 8, 1, 0, 0, 0, 3, 10, 20, 30]);
    /// Idx.Read(path); // => [10 20 30]
    /// </code></example>
    public static NDArray Read(string path, long maxBytes = DefaultMaxBytes)
    {
        using var file = File.OpenRead(path);
        return Read(file, path, maxBytes);
    }

    /// <summary>Reads an array from a stream that tells its length, up to its end.</summary>
    /// <inheritdoc cref="Read(string, long)"/>
    public static NDArray Read(Stream stream, long maxBytes = DefaultMaxBytes) =>
        Read(Argument.Given(stream), "IDX stream", maxBytes);

    internal static NDArray Read(Stream stream, string source, long maxBytes = DefaultMaxBytes)
    {
        var content = ContentReader.Of(stream, "Idx.Read", source);
        if (!IsGzip(stream))
        {
            return Read(content, maxBytes);
        }

        using var unzipped = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        long bound =
            Math.Min(content.Available, long.MaxValue / ContentReader.DeflateRatio) * ContentReader.DeflateRatio;
        var inner = new ContentReader(unzipped, bound, source);
        var array = Read(inner, maxBytes);
        CheckGzipEnd(stream, bound - inner.Available, content);
        return array;
    }

    // The decompressor is content with what has no end; a gzip file ends with the length of its contents.
    private static void CheckGzipEnd(Stream stream, long length, ContentReader content)
    {
        Span<byte> end = stackalloc byte[4];
        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != (uint)length)
        {
            throw content.Error(
                "the gzip file does not end with the length of its contents: it is cut off, has bytes left over or several members. Unpack "
                    + "it with gzip -d to see."
            );
        }
    }

    private static bool IsGzip(Stream stream)
    {
        long start = stream.Position;
        bool gzip = stream.ReadByte() == 0x1F && stream.ReadByte() == 0x8B;
        stream.Position = start;
        return gzip;
    }

    private static NDArray Read(ContentReader content, long maxBytes)
    {
        Span<byte> magic = stackalloc byte[4];
        content.Read(magic, "the magic number of an IDX file");
        int rank = magic[3];
        if (magic[0] != 0 || magic[1] != 0 || ElementType(magic[2]) is not { } dtype || rank > MaxRank)
        {
            throw content.Error(
                $"no IDX file: it begins with {Convert.ToHexString(magic)}, where two zeros, an element type (08, 09, 0B, 0C, 0D, 0E) and a "
                    + $"number of axes up to {MaxRank} should be."
            );
        }

        Span<byte> extents = stackalloc byte[4 * rank];
        content.Read(extents, $"the extents of {rank} axes");
        int[] shape = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(extents[(4 * i)..]);
            shape[i] =
                extent <= int.MaxValue ? (int)extent : throw content.Error($"axis {i} claims an extent of {extent}.");
        }

        if (ArrayMemory.ByteLength(shape, dtype) is not { } bytes || bytes > maxBytes)
        {
            throw content.Error(
                $"it claims to be {dtype}[{string.Join(",", shape)}], which is more than the {maxBytes} bytes allowed. Raise maxBytes if "
                    + "that is right."
            );
        }

        var type = new ArrayType(dtype, shape);
        var array = content.ReadArray(type, $"{type}");
        content.ExpectEnd($"{type}");
        if (BitConverter.IsLittleEndian)
        {
            ArrayMemory.ReverseEndianness(array);
        }

        return ArrayConversion.Canonical(array);
    }

    private static DType? ElementType(byte code) =>
        code switch
        {
            0x08 => DType.U8,
            0x09 => DType.I8,
            0x0B => DType.I16,
            0x0C => DType.I32,
            0x0D => DType.F32,
            0x0E => DType.F64,
            _ => null,
        };
}
