using System;
using System.Buffers.Binary;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace JaxSharp.Data;

/// <summary>The memory of arrays as bytes, in pieces that fit into a span.</summary>
internal static unsafe class ArrayMemory
{
    /// <summary>The size of a piece; a multiple of the size of any element.</summary>
    public const int PieceBytes = 1 << 26;

    /// <summary>
    /// The size of a dense array; null where it cannot be counted in every order of its axes, those without extent left out, so that the
    /// same holds for all parts and transposes of the array.
    /// </summary>
    public static long? ByteLength(ReadOnlySpan<int> shape, DType dtype)
    {
        Int128 bytes = dtype.Size;
        foreach (int extent in shape)
        {
            bytes *= Math.Max(extent, 1);
            if (bytes > long.MaxValue)
            {
                return null;
            }
        }

        return shape.Contains(0) ? 0 : (long)bytes;
    }

    /// <summary>Up to <see cref="PieceBytes"/> bytes from an offset. Keep the array alive while the span is in use.</summary>
    public static Span<byte> Piece(DeviceArray array, long offset) =>
        new((void*)(array.Address + (nint)offset), (int)Math.Min(PieceBytes, array.Type.ByteLength - offset));

    /// <summary>Writes the elements as they are in memory.</summary>
    public static void Write(Stream stream, DeviceArray array)
    {
        for (long at = 0; at < array.Type.ByteLength; at += PieceBytes)
        {
            stream.Write(Piece(array, at));
        }

        GC.KeepAlive(array);
    }

    /// <summary>Turns the bytes of each number around.</summary>
    public static void ReverseEndianness(DeviceArray array)
    {
        // The parts of a complex number stay in their order.
        int size = array.DType.RealType.Size;
        for (long at = 0; at < array.Type.ByteLength && size > 1; at += PieceBytes)
        {
            var bytes = Piece(array, at);
            switch (size)
            {
                case 2:
                    var shorts = MemoryMarshal.Cast<byte, ushort>(bytes);
                    BinaryPrimitives.ReverseEndianness(shorts, shorts);
                    break;
                case 4:
                    var ints = MemoryMarshal.Cast<byte, uint>(bytes);
                    BinaryPrimitives.ReverseEndianness(ints, ints);
                    break;
                default:
                    var longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                    BinaryPrimitives.ReverseEndianness(longs, longs);
                    break;
            }
        }

        GC.KeepAlive(array);
    }

    /// <summary>A copy with the axes in reverse order.</summary>
    public static DeviceArray Transposed(DeviceArray array)
    {
        var shape = array.Shape.ToArray();
        Array.Reverse(shape);
        var result = DeviceArray.Allocate(array.Type with { Shape = shape });
        int size = array.DType.Size;
        long[] strides = new long[shape.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = axis == 0 ? size : strides[axis - 1] * shape[axis - 1];
        }

        int[] index = new int[shape.Length];
        byte* from = (byte*)array.Address;
        byte* to = (byte*)result.Address;
        byte* end = to + result.Type.ByteLength;
        for (; to < end; to += size)
        {
            Unsafe.CopyBlockUnaligned(to, from, (uint)size);
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        GC.KeepAlive(array);
        return result;
    }
}
