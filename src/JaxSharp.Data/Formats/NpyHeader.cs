using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;

namespace JaxSharp.Data;

/// <summary>
/// What stands before the elements of an array in NumPy's .npy format: a magic number, a version and a Python dictionary with element
/// type, order and shape.
/// </summary>
/// <param name="Type">Element type and shape.</param>
/// <param name="FortranOrder">Whether the first axis is the one whose elements lie together.</param>
/// <param name="BigEndian">Whether the first byte of a number is its highest.</param>
internal sealed record NpyHeader(ArrayType Type, bool FortranOrder = false, bool BigEndian = false)
{
    private const int MaxLength = 1 << 16;
    private const int Alignment = 64;

    // The digits for which NumPy leaves room.
    private const int GrowthDigits = 21;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a header of version 1.0, 2.0 or 3.0.</summary>
    public static NpyHeader Read(ContentReader content)
    {
        Span<byte> start = stackalloc byte[8];
        content.Read(start, "the magic number of a .npy file");
        if (!start[..6].SequenceEqual(Magic) || start[6] is not (1 or 2 or 3) || start[7] != 0)
        {
            throw content.Error(
                $"no .npy file: it begins with {Convert.ToHexString(start)}, where 934E554D5059 and a version 1.0, 2.0 or 3.0 should be."
            );
        }

        Span<byte> size = stackalloc byte[4];
        size.Clear();
        content.Read(start[6] == 1 ? size[..2] : size, "the length of the header");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxLength)
        {
            throw content.Error($"the header claims {length} bytes; {MaxLength} are allowed.");
        }

        byte[] text = new byte[Math.Min(length, content.Available + 1)];
        content.Read(text, "the header");
        return new NpyHeaderParser(Encoding.Latin1.GetString(text), content).Parse();
    }

    /// <summary>Writes the header of an array in row-major order.</summary>
    public static void Write(Stream stream, ArrayType type)
    {
        string shape = type.Rank == 1 ? $"({type.Shape[0]},)" : $"({string.Join(", ", type.Shape)})";
        string text = $"{{'descr': '{Description(type.DType)}', 'fortran_order': False, 'shape': {shape}, }}";
        text += new string(' ', Spare(type.Shape));
        bool isLong = text.Length > ushort.MaxValue - Alignment;
        int before = isLong ? 12 : 10;
        int length = ((before + text.Length + 1 + Alignment - 1) / Alignment * Alignment) - before;
        stream.Write(Magic);
        stream.Write([(byte)(isLong ? 2 : 1), 0]);
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, length);
        stream.Write(isLong ? size : size[..2]);
        stream.Write(Encoding.Latin1.GetBytes(text.PadRight(length - 1) + "\n"));
    }

    // NumPy leaves room for the first extent to grow in place.
    private static int Spare(Shape shape) => shape.Rank == 0 ? 0 : GrowthDigits - $"{shape[0]}".Length;

    /// <summary>NumPy's text for an element type. It has none for bf16; what the package ml_dtypes writes is two bytes without type.</summary>
    private static string Description(DType dtype) =>
        dtype.Code switch
        {
            DTypeCode.Bool => "|b1",
            DTypeCode.I8 => "|i1",
            DTypeCode.U8 => "|u1",
            DTypeCode.BF16 => "<V2",
            DTypeCode.Float0 => throw new DTypeException(
                "Arrays of type float0, the tangents of integers, have no values and cannot be saved. Leave them out."
            ),
            _ => $"<{(dtype.IsComplex ? 'c' : dtype.IsFloating ? 'f' : dtype.IsSigned ? 'i' : 'u')}{dtype.Size}",
        };

    /// <summary>The element type for NumPy's text without the byte order; null if there is none.</summary>
    public static DType? ElementType(string description) =>
        DType.All.FirstOrDefault(dtype => Description(dtype)[1..] == description);
}
