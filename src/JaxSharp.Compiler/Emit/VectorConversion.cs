using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Emit;

/// <summary>
/// Conversions between vectors of different element sizes, and narrow elements in memory. They are inlined into emitted code.
/// Elements of 8 and 16 bits are 32 bits wide in vectors.
/// </summary>
internal static unsafe class VectorConversion
{
    /// <summary>Sign-extends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> Widen(Vector256<int> x) =>
        Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int64(x)
            : Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    /// <summary>Zero-extends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Widen(Vector256<uint> x) =>
        Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int64(x).AsUInt64()
            : Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    /// <summary>Drops the upper halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Narrow(Vector512<long> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Int32(x) : Vector256.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>Widens, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ToDouble(Vector256<float> x) =>
        Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Double(x)
            : Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    /// <summary>Rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector512<double> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(x) : Vector256.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>Sign-extends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Widen(Vector128<int> x) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int64(x)
            : Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x));

    /// <summary>Zero-extends.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Widen(Vector128<uint> x) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int64(x).AsUInt64()
            : Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x));

    /// <summary>Drops the upper halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Narrow(Vector256<long> x) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.ConvertToVector128Int32(x) : Vector128.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>Widens, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ToDouble(Vector128<float> x) =>
        Avx.IsSupported
            ? Avx.ConvertToVector256Double(x)
            : Vector256.Create(Vector128.WidenLower(x), Vector128.WidenUpper(x));

    /// <summary>Rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ToSingle(Vector256<double> x) =>
        Avx.IsSupported ? Avx.ConvertToVector128Single(x) : Vector128.Narrow(x.GetLower(), x.GetUpper());

    // What machines without AVX-512 do.
    private static Vector512<int> Widen16<T>(T* source)
        where T : unmanaged, IBinaryInteger<T>
    {
        var x = Vector512<int>.Zero;
        for (int i = 0; i < 16; i++)
        {
            x = x.WithElement(i, int.CreateTruncating(source[i]));
        }

        return x;
    }

    /// <summary>Reads 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load16(sbyte* source) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector128.Load(source)) : Widen16(source);

    /// <summary>Reads 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load16(byte* source) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector128.Load(source)) : Widen16(source);

    /// <summary>Reads 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load16(short* source) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector256.Load(source)) : Widen16(source);

    /// <summary>Reads 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load16(ushort* source) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(Vector256.Load(source)) : Widen16(source);

    /// <summary>Writes 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(Vector512<int> x, byte* target)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(x).Store(target);
            return;
        }

        for (int i = 0; i < 16; i++)
        {
            target[i] = (byte)x.GetElement(i);
        }
    }

    /// <summary>Writes 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(Vector512<int> x, ushort* target)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector256UInt16(x).Store(target);
            return;
        }

        for (int i = 0; i < 16; i++)
        {
            target[i] = (ushort)x.GetElement(i);
        }
    }

    /// <summary>Reads 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load8(sbyte* source) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsSByte())
            : Vector256.Create(source[0], source[1], source[2], source[3], source[4], source[5], source[6], source[7]);

    /// <summary>Reads 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load8(byte* source) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsByte())
            : Vector256.Create(source[0], source[1], source[2], source[3], source[4], source[5], source[6], source[7]);

    /// <summary>Reads 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load8(short* source) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(Vector128.Load(source))
            : Vector256.Create(source[0], source[1], source[2], source[3], source[4], source[5], source[6], source[7]);

    /// <summary>Reads 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load8(ushort* source) =>
        Avx2.IsSupported
            ? Avx2.ConvertToVector256Int32(Vector128.Load(source))
            : Vector256.Create(source[0], source[1], source[2], source[3], source[4], source[5], source[6], source[7]);

    /// <summary>Writes 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8(Vector256<int> x, byte* target)
    {
        if (Avx512F.VL.IsSupported)
        {
            Unsafe.WriteUnaligned(target, Avx512F.VL.ConvertToVector128Byte(x).AsUInt64().ToScalar());
            return;
        }

        for (int i = 0; i < 8; i++)
        {
            target[i] = (byte)x.GetElement(i);
        }
    }

    /// <summary>Writes 8 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store8(Vector256<int> x, ushort* target)
    {
        if (Avx512F.VL.IsSupported)
        {
            Avx512F.VL.ConvertToVector128UInt16(x).Store(target);
            return;
        }

        for (int i = 0; i < 8; i++)
        {
            target[i] = (ushort)x.GetElement(i);
        }
    }

    /// <summary>Reads 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load4(sbyte* source) =>
        Sse41.IsSupported
            ? Sse41.ConvertToVector128Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(source)).AsSByte())
            : Vector128.Create(source[0], source[1], source[2], source[3]);

    /// <summary>Reads 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load4(byte* source) =>
        Sse41.IsSupported
            ? Sse41.ConvertToVector128Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(source)).AsByte())
            : Vector128.Create(source[0], source[1], source[2], source[3]);

    /// <summary>Reads 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load4(short* source) =>
        Sse41.IsSupported
            ? Sse41.ConvertToVector128Int32(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsInt16())
            : Vector128.Create(source[0], source[1], source[2], source[3]);

    /// <summary>Reads 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Load4(ushort* source) =>
        Sse41.IsSupported
            ? Sse41.ConvertToVector128Int32(
                Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(source)).AsUInt16()
            )
            : Vector128.Create(source[0], source[1], source[2], source[3]);

    /// <summary>Writes 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store4(Vector128<int> x, byte* target)
    {
        if (Avx512F.VL.IsSupported)
        {
            Unsafe.WriteUnaligned(target, Avx512F.VL.ConvertToVector128Byte(x).AsUInt32().ToScalar());
            return;
        }

        for (int i = 0; i < 4; i++)
        {
            target[i] = (byte)x.GetElement(i);
        }
    }

    /// <summary>Writes 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store4(Vector128<int> x, ushort* target)
    {
        if (Avx512F.VL.IsSupported)
        {
            Unsafe.WriteUnaligned(target, Avx512F.VL.ConvertToVector128UInt16(x).AsUInt64().ToScalar());
            return;
        }

        for (int i = 0; i < 4; i++)
        {
            target[i] = (ushort)x.GetElement(i);
        }
    }
}
