using System;
using System.Buffers.Binary;
using System.Numerics;

namespace JaxSharp.Goldens;

/// <summary>Reads elements of raw arrays as double precision numbers.</summary>
public static class ElementReader
{
    /// <summary>Bytes of one element.</summary>
    public static int SizeOf(string dtype) =>
        dtype switch
        {
            "bool" or "u4" or "i4" or "u8" or "i8" or "f8e4m3fn" or "f8e5m2" => 1,
            "u16" or "i16" or "f16" or "bf16" => 2,
            "u32" or "i32" or "f32" => 4,
            "u64" or "i64" or "f64" or "c64" => 8,
            "c128" => 16,
            _ => throw new NotSupportedException($"no dtype {dtype}"),
        };

    public static bool IsComplex(string dtype) => dtype[0] == 'c';

    public static bool IsFloating(string dtype) => dtype[0] is 'f' || dtype == "bf16";

    /// <summary>Element <paramref name="index"/> as a complex number; 64-bit integers may lose digits.</summary>
    public static Complex Read(string dtype, ReadOnlySpan<byte> data, int index)
    {
        int size = SizeOf(dtype);
        ReadOnlySpan<byte> at = data.Slice(index * size, size);
        return dtype switch
        {
            "bool" or "u8" => at[0],
            "u4" => at[0] & 15,
            "i4" => (sbyte)(at[0] << 4) >> 4,
            "i8" => (sbyte)at[0],
            "u16" => BinaryPrimitives.ReadUInt16LittleEndian(at),
            "i16" => BinaryPrimitives.ReadInt16LittleEndian(at),
            "u32" => BinaryPrimitives.ReadUInt32LittleEndian(at),
            "i32" => BinaryPrimitives.ReadInt32LittleEndian(at),
            "u64" => BinaryPrimitives.ReadUInt64LittleEndian(at),
            "i64" => BinaryPrimitives.ReadInt64LittleEndian(at),
            "f16" => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
            "bf16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            "f32" => BinaryPrimitives.ReadSingleLittleEndian(at),
            "f64" => BinaryPrimitives.ReadDoubleLittleEndian(at),
            "f8e5m2" => (double)BitConverter.UInt16BitsToHalf((ushort)(at[0] << 8)),
            "f8e4m3fn" => ReadE4M3(at[0]),
            "c64" => new Complex(
                BinaryPrimitives.ReadSingleLittleEndian(at),
                BinaryPrimitives.ReadSingleLittleEndian(at[4..])
            ),
            _ => new Complex(
                BinaryPrimitives.ReadDoubleLittleEndian(at),
                BinaryPrimitives.ReadDoubleLittleEndian(at[8..])
            ),
        };
    }

    private static double ReadE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15;
        int mantissa = bits & 7;
        double sign = (bits & 0x80) != 0 ? -1 : 1;
        if (exponent == 15 && mantissa == 7)
        {
            return double.NaN;
        }

        return exponent == 0 ? sign * mantissa * Math.Pow(2, -9) : sign * (8 + mantissa) * Math.Pow(2, exponent - 10);
    }
}
