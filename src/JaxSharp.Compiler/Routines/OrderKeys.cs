using System;

namespace JaxSharp.Compiler.Routines;

/// <summary>
/// Elements as unsigned integers in the same order: NaN after everything else, all NaNs equal. The zeros of floating-point types
/// are equal, unless a total order is asked for, in which −0 comes before 0.
/// </summary>
internal static unsafe class OrderKeys
{
    /// <summary>The number of keys that order an element: two for complex types, real part first.</summary>
    public static int PartsOf(DType type) => type.IsComplex ? 2 : 1;

    /// <summary>The number of bits that a key of the type can have.</summary>
    public static int BitsOf(DType type) => type.IsComplex ? type.Size * 4 : type.Size * 8;

    /// <summary>Fills in the keys of the elements of a line.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="part">Which part of complex elements.</param>
    /// <param name="first">The address of the first element.</param>
    /// <param name="step">The distance of elements in bytes.</param>
    /// <param name="keys">Where the keys go.</param>
    /// <param name="total">Whether the zeros differ.</param>
    public static void Fill(DType type, int part, nint first, nint step, Span<ulong> keys, bool total = false)
    {
        var real = type.RealType;
        first += part * real.Size;
        switch (real.Code)
        {
            case DTypeCode.Bool or DTypeCode.U8:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = *(byte*)first;
                }

                break;
            case DTypeCode.U16:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = *(ushort*)first;
                }

                break;
            case DTypeCode.U32:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = *(uint*)first;
                }

                break;
            case DTypeCode.U64:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = *(ulong*)first;
                }

                break;
            case DTypeCode.I8:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = (byte)(*(byte*)first ^ 0x80);
                }

                break;
            case DTypeCode.I16:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = (ushort)(*(ushort*)first ^ 0x8000);
                }

                break;
            case DTypeCode.I32:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = *(uint*)first ^ 0x8000_0000u;
                }

                break;
            case DTypeCode.I64:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = *(ulong*)first ^ (1ul << 63);
                }

                break;
            case DTypeCode.F16:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = OfSmall(*(ushort*)first, 0x7c00, total);
                }

                break;
            case DTypeCode.BF16:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = OfSmall(*(ushort*)first, 0x7f80, total);
                }

                break;
            case DTypeCode.F32:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = OfSingle(*(uint*)first, total);
                }

                break;
            default:
                for (int i = 0; i < keys.Length; i++, first += step)
                {
                    keys[i] = OfDouble(*(ulong*)first, total);
                }

                break;
        }
    }

    private static ulong OfSmall(uint bits, uint infinity, bool total)
    {
        uint magnitude = bits & 0x7fff;
        return magnitude > infinity ? 0xffff
            : bits == 0x8000 && !total ? 0x8000
            : (bits & 0x8000) != 0 ? (ushort)~bits
            : bits | 0x8000;
    }

    private static ulong OfSingle(uint bits, bool total)
    {
        // Signs are as good as random: no branch depends on them.
        uint magnitude = bits & 0x7fff_ffff;
        return magnitude > 0x7f80_0000 ? uint.MaxValue
            : bits == 0x8000_0000 && !total ? 0x8000_0000
            : bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);
    }

    private static ulong OfDouble(ulong bits, bool total)
    {
        ulong magnitude = bits & (ulong.MaxValue >> 1);
        return magnitude > 0x7ff0_0000_0000_0000 ? ulong.MaxValue
            : bits == 1ul << 63 && !total ? 1ul << 63
            : (bits & (1ul << 63)) != 0 ? ~bits
            : bits | (1ul << 63);
    }
}
