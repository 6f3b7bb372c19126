using System;
using System.IO;

namespace JaxSharp.Data;

/// <summary>
/// Reads a stream that may be hostile: it knows how many bytes the stream can have at most, so that an array is allocated only
/// where its elements can follow, and turns whatever goes wrong into a <see cref="DataFormatException"/>.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="available">The most bytes that the stream can still give.</param>
/// <param name="source">What is read, for messages: a path, for instance.</param>
internal sealed class ContentReader(Stream stream, long available, string source)
{
    /// <summary>The most by which deflate shrinks anything.</summary>
    public const long DeflateRatio = 1032;

    /// <summary>The most bytes that can still be read.</summary>
    public long Available { get; private set; } = available;

    /// <summary>The bytes of a file or other stream whose end is known, from where it stands.</summary>
    /// <exception cref="JaxArgumentException">The stream does not tell its length.</exception>
    public static ContentReader Of(Stream stream, string caller, string source) =>
        stream.CanSeek
            ? new ContentReader(stream, stream.Length - stream.Position, source)
            : throw new JaxArgumentException(
                $"{caller} needs a stream that tells its length, such as a file or a MemoryStream; got {stream.GetType().Name}. Copy it "
                    + "into a MemoryStream first."
            );

    /// <summary>An error in what is read.</summary>
    public DataFormatException Error(string message, Exception? cause = null) => new($"{source}: {message}", cause);

    /// <summary>Fills a span.</summary>
    public void Read(Span<byte> destination, string what)
    {
        if (destination.Length > Available)
        {
            throw CutOff(what, destination.Length);
        }

        int got = Guard(destination);
        if (got < destination.Length)
        {
            throw CutOff(what, destination.Length, got);
        }

        Available -= got;
    }

    /// <summary>Reads the elements of an array, as they are in the stream.</summary>
    public DeviceArray ReadArray(ArrayType type, string what)
    {
        if (type.ByteLength > Available)
        {
            throw CutOff(what, type.ByteLength);
        }

        var array = DeviceArray.Allocate(type);
        for (long at = 0; at < type.ByteLength; at += ArrayMemory.PieceBytes)
        {
            var piece = ArrayMemory.Piece(array, at);
            Read(piece, what);
            if (type.DType.IsBool && piece.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw Error($"{what} holds bytes other than 0 and 1.");
            }
        }

        GC.KeepAlive(array);
        return array;
    }

    /// <summary>Demands that nothing follows.</summary>
    public void ExpectEnd(string what)
    {
        Span<byte> one = stackalloc byte[1];
        if (Guard(one) > 0)
        {
            throw Error($"more bytes follow the end of {what}. The file is damaged, or its sizes are wrong.");
        }
    }

    private int Guard(Span<byte> destination)
    {
        try
        {
            return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception)
        {
            throw Error("the compressed data are damaged or cut off.", exception);
        }
        catch (IOException exception) when (stream is not FileStream)
        {
            throw Error("the compressed data are damaged.", exception);
        }
    }

    private DataFormatException CutOff(string what, long needed, long? got = null) =>
        Error(
            $"{what} needs {needed} bytes, but {(got is null ? $"no more than {Available} can follow" : $"only {got} follow")}. The file is "
                + "cut off, or its sizes are wrong."
        );
}
