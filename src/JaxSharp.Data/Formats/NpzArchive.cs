using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;

namespace JaxSharp.Data;

/// <summary>Arrays in a zip archive of .npy files.</summary>
internal static class NpzArchive
{
    private const string Extension = ".npy";

    // The first date that zip knows, as NumPy does: equal arrays make equal files.
    private static readonly DateTimeOffset NoDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream stream, IEnumerable<(string Name, DeviceArray Array)> arrays, bool compress)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays)
        {
            var entry = archive.CreateEntry(
                name + Extension,
                compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression
            );
            entry.LastWriteTime = NoDate;
            using Stream content = entry.Open();
            NpyContent.Write(content, array);
        }
    }

    public static Dictionary<string, DeviceArray> Read(Stream stream, string caller, string source, long maxBytes)
    {
        var whole = ContentReader.Of(stream, caller, source);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(archive, whole, source, Math.Max(maxBytes, whole.Available));
        }
        catch (IOException exception)
        {
            // Places outside of the file look like this, and so do errors of the disk: the cause tells.
            throw whole.Error($"it cannot be read as a zip archive: {exception.Message}", exception);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw whole.Error("no zip archive, or a damaged one.", exception);
        }
    }

    private static Dictionary<string, DeviceArray> Read(
        ZipArchive archive,
        ContentReader whole,
        string source,
        long maxBytes
    )
    {
        var arrays = new Dictionary<string, DeviceArray>(StringComparer.Ordinal);
        long total = 0;
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal))
            {
                throw whole.Error($"the archive holds \"{entry.FullName}\", which is no .npy file.");
            }

            string name = entry.FullName[..^Extension.Length];
            if (arrays.ContainsKey(name))
            {
                throw whole.Error($"the archive holds two arrays with the name \"{name}\".");
            }

            total += entry.Length;
            if (entry.Length < 0 || total > maxBytes || entry.CompressedLength > whole.Available)
            {
                throw whole.Error(
                    $"the archive claims more than the {maxBytes} bytes allowed. Raise maxBytes if that is right."
                );
            }

            arrays.Add(name, ReadEntry(entry, $"{source}, \"{entry.FullName}\""));
        }

        return arrays;
    }

    private static DeviceArray ReadEntry(ZipArchiveEntry entry, string source)
    {
        using Stream unzipped = entry.Open();
        using var stream = new ChecksumStream(unzipped);
        long bound = Math.Min(
            entry.Length,
            Math.Min(entry.CompressedLength, long.MaxValue / ContentReader.DeflateRatio) * ContentReader.DeflateRatio
        );
        var content = new ContentReader(stream, bound, source);
        DeviceArray array = NpyContent.Read(content);
        return stream.Crc == entry.Crc32 ? array : throw content.Error("its checksum is wrong: the file is damaged.");
    }
}
