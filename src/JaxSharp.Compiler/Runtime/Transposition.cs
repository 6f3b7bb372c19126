using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace JaxSharp.Compiler.Runtime;

/// <summary>Turns matrices in registers: squares of 16, 8 or 4 elements of 32 bits at a time, whole cache lines where there are any.</summary>
internal static unsafe class Transposition
{
    private const int Square = 16;

    /// <summary>Makes rows of columns: <c>target[c][r] = source[r][c]</c>. Steps are those of rows, in bytes.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="sourceStep">From one row of the source to the next.</param>
    /// <param name="target">Where the first element goes.</param>
    /// <param name="targetStep">From one row of the target, a column of the source, to the next.</param>
    /// <param name="rows">The rows of the source.</param>
    /// <param name="columns">The columns of the source.</param>
    /// <param name="size">The bytes of an element: 1, 2, 4, 8 or 16.</param>
    public static void Run(
        byte* source,
        nint sourceStep,
        byte* target,
        nint targetStep,
        int rows,
        int columns,
        int size
    )
    {
        switch (size)
        {
            case 1:
                OneByOne<byte>(source, sourceStep, target, targetStep, rows, columns);
                break;
            case 2:
                OneByOne<ushort>(source, sourceStep, target, targetStep, rows, columns);
                break;
            case 4 when Avx512F.IsSupported:
                Run16(source, sourceStep, target, targetStep, rows, columns);
                break;
            case 4 when Avx.IsSupported:
                Run8(source, sourceStep, target, targetStep, rows, columns);
                break;
            case 4:
                OneByOne<uint>(source, sourceStep, target, targetStep, rows, columns);
                break;
            case 8:
                OneByOne<ulong>(source, sourceStep, target, targetStep, rows, columns);
                break;
            default:
                OneByOne<Vector128<byte>>(source, sourceStep, target, targetStep, rows, columns);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne<T>(byte* source, nint sourceStep, byte* target, nint targetStep, int rows, int columns)
        where T : unmanaged
    {
        // Columns in strips of a cache line, so that lines of the source are used up before they leave the cache.
        int strip = 64 / sizeof(T);
        for (int start = 0; start < columns; start += strip)
        {
            int end = start + strip < columns ? start + strip : columns;
            for (int r = 0; r < rows; r++)
            {
                T* from = (T*)(source + (r * sourceStep));
                byte* to = target + (r * sizeof(T)) + (start * targetStep);
                for (int c = start; c < end; c++)
                {
                    *(T*)to = from[c];
                    to += targetStep;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run16(byte* source, nint sourceStep, byte* target, nint targetStep, int rows, int columns)
    {
        int c = 0;
        for (; c <= columns - Square; c += Square)
        {
            int r = 0;
            for (; r <= rows - Square; r += Square)
            {
                Turn16(
                    source + (r * sourceStep) + (c * sizeof(float)),
                    sourceStep,
                    target + (c * targetStep) + (r * sizeof(float)),
                    targetStep
                );
            }

            Run8(
                source + (r * sourceStep) + (c * sizeof(float)),
                sourceStep,
                target + (c * targetStep) + (r * sizeof(float)),
                targetStep,
                rows - r,
                Square
            );
        }

        Run8(source + (c * sizeof(float)), sourceStep, target + (c * targetStep), targetStep, rows, columns - c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run8(byte* source, nint sourceStep, byte* target, nint targetStep, int rows, int columns)
    {
        int c = 0;
        for (; c <= columns - 8; c += 8)
        {
            int r = 0;
            for (; r <= rows - 8; r += 8)
            {
                Turn8(
                    source + (r * sourceStep) + (c * sizeof(float)),
                    sourceStep,
                    target + (c * targetStep) + (r * sizeof(float)),
                    targetStep
                );
            }

            if (r < rows)
            {
                OneByOne<uint>(
                    source + (r * sourceStep) + (c * sizeof(float)),
                    sourceStep,
                    target + (c * targetStep) + (r * sizeof(float)),
                    targetStep,
                    rows - r,
                    8
                );
            }
        }

        if (c < columns)
        {
            OneByOne<uint>(
                source + (c * sizeof(float)),
                sourceStep,
                target + (c * targetStep),
                targetStep,
                rows,
                columns - c
            );
        }
    }

    // Pairs of rows are interleaved, then pairs of pairs; what is left is to exchange quarters of 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn16(byte* source, nint step, byte* target, nint targetStep)
    {
        var (a0, a1, a2, a3) = Quarters512(source, step);
        var (b0, b1, b2, b3) = Quarters512(source + (4 * step), step);
        var (c0, c1, c2, c3) = Quarters512(source + (8 * step), step);
        var (d0, d1, d2, d3) = Quarters512(source + (12 * step), step);
        Store4(a0, b0, c0, d0, target, 4 * targetStep);
        Store4(a1, b1, c1, d1, target + targetStep, 4 * targetStep);
        Store4(a2, b2, c2, d2, target + (2 * targetStep), 4 * targetStep);
        Store4(a3, b3, c3, d3, target + (3 * targetStep), 4 * targetStep);
    }

    // Of four rows: column k of every quarter, four elements each, for k = 0…3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float>, Vector512<float>, Vector512<float>, Vector512<float>) Quarters512(
        byte* source,
        nint step
    )
    {
        var a = Vector512.Load((float*)source);
        var b = Vector512.Load((float*)(source + step));
        var c = Vector512.Load((float*)(source + (2 * step)));
        var d = Vector512.Load((float*)(source + (3 * step)));
        var abLow = Avx512F.UnpackLow(a, b).AsDouble();
        var cdLow = Avx512F.UnpackLow(c, d).AsDouble();
        var abHigh = Avx512F.UnpackHigh(a, b).AsDouble();
        var cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        return (
            Avx512F.UnpackLow(abLow, cdLow).AsSingle(),
            Avx512F.UnpackHigh(abLow, cdLow).AsSingle(),
            Avx512F.UnpackLow(abHigh, cdHigh).AsSingle(),
            Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle()
        );
    }

    // Quarter q of each of four vectors makes a row of the target.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store4(
        Vector512<float> a,
        Vector512<float> b,
        Vector512<float> c,
        Vector512<float> d,
        byte* target,
        nint step
    )
    {
        var ab02 = Avx512F.Shuffle4x128(a, b, 0x88);
        var ab13 = Avx512F.Shuffle4x128(a, b, 0xdd);
        var cd02 = Avx512F.Shuffle4x128(c, d, 0x88);
        var cd13 = Avx512F.Shuffle4x128(c, d, 0xdd);
        Vector512.Store(Avx512F.Shuffle4x128(ab02, cd02, 0x88), (float*)target);
        Vector512.Store(Avx512F.Shuffle4x128(ab13, cd13, 0x88), (float*)(target + step));
        Vector512.Store(Avx512F.Shuffle4x128(ab02, cd02, 0xdd), (float*)(target + (2 * step)));
        Vector512.Store(Avx512F.Shuffle4x128(ab13, cd13, 0xdd), (float*)(target + (3 * step)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn8(byte* source, nint step, byte* target, nint targetStep)
    {
        var (a0, a1, a2, a3) = Quarters256(source, step);
        var (b0, b1, b2, b3) = Quarters256(source + (4 * step), step);
        Store2(a0, b0, target, 4 * targetStep);
        Store2(a1, b1, target + targetStep, 4 * targetStep);
        Store2(a2, b2, target + (2 * targetStep), 4 * targetStep);
        Store2(a3, b3, target + (3 * targetStep), 4 * targetStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float>, Vector256<float>, Vector256<float>, Vector256<float>) Quarters256(
        byte* source,
        nint step
    )
    {
        var a = Vector256.Load((float*)source);
        var b = Vector256.Load((float*)(source + step));
        var c = Vector256.Load((float*)(source + (2 * step)));
        var d = Vector256.Load((float*)(source + (3 * step)));
        var abLow = Avx.UnpackLow(a, b).AsDouble();
        var cdLow = Avx.UnpackLow(c, d).AsDouble();
        var abHigh = Avx.UnpackHigh(a, b).AsDouble();
        var cdHigh = Avx.UnpackHigh(c, d).AsDouble();
        return (
            Avx.UnpackLow(abLow, cdLow).AsSingle(),
            Avx.UnpackHigh(abLow, cdLow).AsSingle(),
            Avx.UnpackLow(abHigh, cdHigh).AsSingle(),
            Avx.UnpackHigh(abHigh, cdHigh).AsSingle()
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store2(Vector256<float> a, Vector256<float> b, byte* target, nint step)
    {
        Vector256.Store(Avx.Permute2x128(a, b, 0x20), (float*)target);
        Vector256.Store(Avx.Permute2x128(a, b, 0x31), (float*)(target + step));
    }
}
