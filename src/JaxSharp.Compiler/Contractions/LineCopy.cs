using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Contractions;

/// <summary>Copies elements in a line with any distance between them and converts their type on the way.</summary>
internal static unsafe class LineCopy
{
    /// <summary>
    /// The copy from one type to another: source, its step in bytes, target, its step in bytes, number of elements. Integers
    /// wrap, floats become integers by saturation, and anything but zero becomes true.
    /// </summary>
    public static delegate* <byte*, nint, byte*, nint, nint, void> Get(DType from, DType to) =>
        from.Code switch
        {
            DTypeCode.Bool or DTypeCode.U8 => From<byte>(to),
            DTypeCode.I8 => From<sbyte>(to),
            DTypeCode.I16 => From<short>(to),
            DTypeCode.U16 => From<ushort>(to),
            DTypeCode.I32 => From<int>(to),
            DTypeCode.U32 => From<uint>(to),
            DTypeCode.I64 => From<long>(to),
            DTypeCode.U64 => From<ulong>(to),
            DTypeCode.F16 when ReferenceEquals(to, DType.F32) => &HalfToSingle,
            DTypeCode.F16 => From<Half>(to),
            DTypeCode.BF16 when ReferenceEquals(to, DType.F32) => &BFloat16ToSingle,
            DTypeCode.BF16 => From<BFloat16>(to),
            DTypeCode.F32 => From<float>(to),
            DTypeCode.F64 => From<double>(to),
            _ => throw new NotSupportedException($"No line copy from {from} to {to}."),
        };

    /// <summary>Copies elements that lie side by side in both places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Contiguous(byte* source, byte* target, nint bytes)
    {
        if (bytes > 512)
        {
            System.Buffer.MemoryCopy(source, target, bytes, bytes);
            return;
        }

        nint i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; i <= bytes - 64; i += 64)
            {
                Vector512.Store(Vector512.Load(source + i), target + i);
            }
        }

        for (; i <= bytes - 32; i += 32)
        {
            Vector256.Store(Vector256.Load(source + i), target + i);
        }

        for (; i <= bytes - 8; i += 8)
        {
            Unsafe.WriteUnaligned(target + i, Unsafe.ReadUnaligned<ulong>(source + i));
        }

        for (; i < bytes; i++)
        {
            target[i] = source[i];
        }
    }

    private static delegate* <byte*, nint, byte*, nint, nint, void> From<TFrom>(DType to)
        where TFrom : unmanaged =>
        to.Code switch
        {
            DTypeCode.Bool => &Copy<TFrom, bool>,
            DTypeCode.I8 => &Copy<TFrom, sbyte>,
            DTypeCode.U8 => &Copy<TFrom, byte>,
            DTypeCode.I16 => &Copy<TFrom, short>,
            DTypeCode.U16 => &Copy<TFrom, ushort>,
            DTypeCode.I32 => &Copy<TFrom, int>,
            DTypeCode.U32 => &Copy<TFrom, uint>,
            DTypeCode.I64 => &Copy<TFrom, long>,
            DTypeCode.U64 => &Copy<TFrom, ulong>,
            DTypeCode.F16 => &Copy<TFrom, Half>,
            DTypeCode.BF16 => &Copy<TFrom, BFloat16>,
            DTypeCode.F32 => &Copy<TFrom, float>,
            DTypeCode.F64 => &Copy<TFrom, double>,
            _ => throw new NotSupportedException($"No line copy to {to}."),
        };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<TFrom, TTo>(byte* source, nint sourceStep, byte* target, nint targetStep, nint count)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo) && sourceStep == sizeof(TFrom) && targetStep == sizeof(TTo))
        {
            Contiguous(source, target, count * sizeof(TFrom));
            return;
        }

        for (nint i = 0; i < count; i++)
        {
            *(TTo*)target = Convert<TFrom, TTo>(*(TFrom*)source);
            source += sourceStep;
            target += targetStep;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo Convert<TFrom, TTo>(TFrom value)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            return Unsafe.BitCast<TFrom, TTo>(value);
        }

        if (typeof(TFrom) == typeof(BFloat16))
        {
            return FromNumber<float, TTo>(Unsafe.BitCast<TFrom, BFloat16>(value));
        }

        return typeof(TFrom) == typeof(byte) ? FromNumber<byte, TTo>(Unsafe.BitCast<TFrom, byte>(value))
            : typeof(TFrom) == typeof(sbyte) ? FromNumber<sbyte, TTo>(Unsafe.BitCast<TFrom, sbyte>(value))
            : typeof(TFrom) == typeof(short) ? FromNumber<short, TTo>(Unsafe.BitCast<TFrom, short>(value))
            : typeof(TFrom) == typeof(ushort) ? FromNumber<ushort, TTo>(Unsafe.BitCast<TFrom, ushort>(value))
            : typeof(TFrom) == typeof(int) ? FromNumber<int, TTo>(Unsafe.BitCast<TFrom, int>(value))
            : typeof(TFrom) == typeof(uint) ? FromNumber<uint, TTo>(Unsafe.BitCast<TFrom, uint>(value))
            : typeof(TFrom) == typeof(long) ? FromNumber<long, TTo>(Unsafe.BitCast<TFrom, long>(value))
            : typeof(TFrom) == typeof(ulong) ? FromNumber<ulong, TTo>(Unsafe.BitCast<TFrom, ulong>(value))
            : typeof(TFrom) == typeof(Half) ? FromNumber<float, TTo>((float)Unsafe.BitCast<TFrom, Half>(value))
            : typeof(TFrom) == typeof(float) ? FromNumber<float, TTo>(Unsafe.BitCast<TFrom, float>(value))
            : FromNumber<double, TTo>(Unsafe.BitCast<TFrom, double>(value));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TTo FromNumber<TFrom, TTo>(TFrom value)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged =>
        typeof(TTo) == typeof(bool) ? Unsafe.BitCast<bool, TTo>(value != TFrom.Zero)
        : typeof(TTo) == typeof(sbyte) ? Unsafe.BitCast<sbyte, TTo>(sbyte.CreateTruncating(value))
        : typeof(TTo) == typeof(byte) ? Unsafe.BitCast<byte, TTo>(byte.CreateTruncating(value))
        : typeof(TTo) == typeof(short) ? Unsafe.BitCast<short, TTo>(short.CreateTruncating(value))
        : typeof(TTo) == typeof(ushort) ? Unsafe.BitCast<ushort, TTo>(ushort.CreateTruncating(value))
        : typeof(TTo) == typeof(int) ? Unsafe.BitCast<int, TTo>(int.CreateTruncating(value))
        : typeof(TTo) == typeof(uint) ? Unsafe.BitCast<uint, TTo>(uint.CreateTruncating(value))
        : typeof(TTo) == typeof(long) ? Unsafe.BitCast<long, TTo>(long.CreateTruncating(value))
        : typeof(TTo) == typeof(ulong) ? Unsafe.BitCast<ulong, TTo>(ulong.CreateTruncating(value))
        : typeof(TTo) == typeof(Half) ? Unsafe.BitCast<Half, TTo>(Half.CreateTruncating(value))
        : typeof(TTo) == typeof(BFloat16) ? Unsafe.BitCast<BFloat16, TTo>((BFloat16)float.CreateTruncating(value))
        : typeof(TTo) == typeof(float) ? Unsafe.BitCast<float, TTo>(float.CreateTruncating(value))
        : Unsafe.BitCast<double, TTo>(double.CreateTruncating(value));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BFloat16ToSingle(byte* source, nint sourceStep, byte* target, nint targetStep, nint count)
    {
        nint i = 0;
        if (sourceStep == 2 && targetStep == 4)
        {
            for (; i <= count - 16; i += 16)
            {
                var (low, high) = Vector256.Widen(Vector256.Load((ushort*)source + i));
                Vector256.Store(low << 16, (uint*)target + i);
                Vector256.Store(high << 16, (uint*)target + i + 8);
            }
        }

        for (; i < count; i++)
        {
            *(uint*)(target + (i * targetStep)) = (uint)*(ushort*)(source + (i * sourceStep)) << 16;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void HalfToSingle(byte* source, nint sourceStep, byte* target, nint targetStep, nint count)
    {
        nint i = 0;
        if (sourceStep == 2 && targetStep == 4)
        {
            for (; i <= count - 16; i += 16)
            {
                var (low, high) = Vector256.Widen(Vector256.Load((ushort*)source + i));
                Vector256.Store(Widen(low), (float*)target + i);
                Vector256.Store(Widen(high), (float*)target + i + 8);
            }
        }

        for (; i < count; i++)
        {
            *(float*)(target + (i * targetStep)) = (float)*(Half*)(source + (i * sourceStep));
        }
    }

    // The bits are moved to where a single has them and the exponent's bias is mended by a multiplication, which is exact for
    // subnormal numbers too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(Vector256<uint> half)
    {
        var magnitude = (half & Vector256.Create(0x7fffu)) << 13;
        var special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x7c00u << 13));
        var finite = (magnitude.AsSingle() * Vector256.Create(5.192296858534828e33f)).AsUInt32();
        var result = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(0x7f800000u), finite);
        return (result | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
