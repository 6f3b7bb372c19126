using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Runtime;

namespace JaxSharp.Compiler.Routines;

/// <summary>What a <see cref="CumulativeRoutine"/> combines elements with.</summary>
internal enum CumulativeOperation
{
    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The product.</summary>
    Product,

    /// <summary>The maximum; a NaN wins.</summary>
    Max,

    /// <summary>The minimum; a NaN wins.</summary>
    Min,

    /// <summary>The logarithm of the sum of exponentials.</summary>
    LogSumExp,
}

/// <summary>
/// Running combinations along the middle axis of a dense array seen as (outer, length, inner). Floating-point sums run in double
/// precision and are rounded where they are stored.
/// </summary>
/// <param name="dtype">The element type.</param>
/// <param name="operation">What elements are combined with.</param>
/// <param name="outer">The extent before the axis.</param>
/// <param name="length">The extent of the axis.</param>
/// <param name="inner">The extent after the axis.</param>
/// <param name="reverse">Whether the last element comes first.</param>
internal sealed unsafe class CumulativeRoutine(
    DType dtype,
    CumulativeOperation operation,
    long outer,
    long length,
    long inner,
    bool reverse
) : Executable
{
    private const int BlockSize = 256;
    private const int ChunkElements = 1 << 15;
    private const int LeastInVectors = 16;

    private interface IStorage<T, TValue>
    {
        static abstract TValue Load(T value);

        static abstract T Store(TValue value);
    }

    private interface ICombine<T>
    {
        static abstract T Combine(T x, T y);
    }

    private long Outer => outer;

    private long Inner => inner;

    private bool AddsInVectors =>
        RunningSums.IsSupported && length >= LeastInVectors && dtype.Code is DTypeCode.F32 or DTypeCode.F64;

    /// <inheritdoc/>
    public override void Run(ReadOnlySpan<nint> inputs, ReadOnlySpan<nint> outputs)
    {
        var (from, to) = (inputs[0], outputs[0]);
        switch (dtype.Code)
        {
            case DTypeCode.I8:
                Integer<sbyte>(from, to);
                break;
            case DTypeCode.I16:
                Integer<short>(from, to);
                break;
            case DTypeCode.I32:
                Integer<int>(from, to);
                break;
            case DTypeCode.I64:
                Integer<long>(from, to);
                break;
            case DTypeCode.U8:
                Integer<byte>(from, to);
                break;
            case DTypeCode.U16:
                Integer<ushort>(from, to);
                break;
            case DTypeCode.U32:
                Integer<uint>(from, to);
                break;
            case DTypeCode.U64:
                Integer<ulong>(from, to);
                break;
            case DTypeCode.F16:
                Real<Half, HalfStorage>(from, to);
                break;
            case DTypeCode.BF16:
                Real<BFloat16, BFloat16Storage>(from, to);
                break;
            case DTypeCode.F32:
                Real<float, SingleStorage>(from, to);
                break;
            case DTypeCode.F64:
                Real<double, Same<double>>(from, to);
                break;
            case DTypeCode.C64:
                ComplexNumbers<Complex64, Complex64Storage>(from, to);
                break;
            case DTypeCode.C128:
                ComplexNumbers<Complex, Same<Complex>>(from, to);
                break;
            default:
                throw new InvalidOperationException($"There is no running {operation} of {dtype}.");
        }
    }

    private void Integer<T>(nint from, nint to)
        where T : unmanaged, INumber<T>
    {
        switch (operation)
        {
            case CumulativeOperation.Sum:
                Scan<T, T, Same<T>, Sum<T>>(from, to);
                break;
            case CumulativeOperation.Product:
                Scan<T, T, Same<T>, Product<T>>(from, to);
                break;
            case CumulativeOperation.Max:
                Scan<T, T, Same<T>, Maximum<T>>(from, to);
                break;
            case CumulativeOperation.Min:
                Scan<T, T, Same<T>, Minimum<T>>(from, to);
                break;
            default:
                throw new InvalidOperationException($"There is no running {operation} of {dtype}.");
        }
    }

    private void Real<T, TStorage>(nint from, nint to)
        where T : unmanaged
        where TStorage : IStorage<T, double>
    {
        switch (operation)
        {
            case CumulativeOperation.Sum:
                Scan<T, double, TStorage, Sum<double>>(from, to);
                break;
            case CumulativeOperation.Product:
                Scan<T, double, TStorage, Product<double>>(from, to);
                break;
            case CumulativeOperation.Max:
                Scan<T, double, TStorage, Maximum<double>>(from, to);
                break;
            case CumulativeOperation.Min:
                Scan<T, double, TStorage, Minimum<double>>(from, to);
                break;
            default:
                Scan<T, double, TStorage, LogSumExp>(from, to);
                break;
        }
    }

    private void ComplexNumbers<T, TStorage>(nint from, nint to)
        where T : unmanaged
        where TStorage : IStorage<T, Complex>
    {
        switch (operation)
        {
            case CumulativeOperation.Sum:
                Scan<T, Complex, TStorage, Sum<Complex>>(from, to);
                break;
            case CumulativeOperation.Product:
                Scan<T, Complex, TStorage, Product<Complex>>(from, to);
                break;
            case CumulativeOperation.Max:
                Scan<T, Complex, TStorage, LexicographicMaximum>(from, to);
                break;
            case CumulativeOperation.Min:
                Scan<T, Complex, TStorage, LexicographicMinimum>(from, to);
                break;
            default:
                throw new InvalidOperationException($"There is no running {operation} of {dtype}.");
        }
    }

    private void Scan<T, TValue, TStorage, TCombine>(nint from, nint to)
        where T : unmanaged
        where TStorage : IStorage<T, TValue>
        where TCombine : ICombine<TValue>
    {
        // Work is cut into blocks of columns of one outer index, so that results do not depend on the number of threads.
        long blocks = Math.Max(1, (inner + BlockSize - 1) / BlockSize);
        long perChunk = Math.Max(1, ChunkElements / Math.Max(1, length * Math.Min(inner, BlockSize)));
        int chunks = checked((int)(((outer * blocks) + perChunk - 1) / perChunk));
        WorkerPool.Run(
            chunks,
            (Owner: this, From: from, To: to, Blocks: blocks, PerChunk: perChunk),
            static (work, chunk) =>
            {
                long start = chunk * work.PerChunk;
                long end = Math.Min(work.Owner.Outer * work.Blocks, start + work.PerChunk);
                if (work.Owner.Inner == 1 && typeof(TCombine) == typeof(Sum<double>) && work.Owner.AddsInVectors)
                {
                    work.Owner.AddLines(work.From, work.To, start, end);
                    return;
                }

                if (work.Owner.Inner == 1)
                {
                    work.Owner.ScanLines<T, TValue, TStorage, TCombine>((T*)work.From, (T*)work.To, start, end);
                    return;
                }

                var state = new TValue[Math.Min(work.Owner.Inner, BlockSize)];
                for (long i = start; i < end; i++)
                {
                    work.Owner.ScanBlock<T, TValue, TStorage, TCombine>(
                        work.From,
                        work.To,
                        i / work.Blocks,
                        i % work.Blocks * BlockSize,
                        state
                    );
                }
            }
        );
    }

    // Loops that are hot at once must not wait for tiered compilation.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanBlock<T, TValue, TStorage, TCombine>(nint from, nint to, long row, long column, TValue[] state)
        where T : unmanaged
        where TStorage : IStorage<T, TValue>
        where TCombine : ICombine<TValue>
    {
        int width = (int)Math.Min(BlockSize, inner - column);
        for (long step = 0; step < length; step++)
        {
            long at = (((row * length) + (reverse ? length - 1 - step : step)) * inner) + column;
            var source = (T*)from + at;
            var target = (T*)to + at;
            for (int i = 0; i < width; i++)
            {
                var value = TStorage.Load(source[i]);
                if (step > 0)
                {
                    value = TCombine.Combine(state[i], value);
                }

                state[i] = value;
                target[i] = TStorage.Store(value);
            }
        }
    }

    private void AddLines(nint from, nint to, long row, long end)
    {
        int size = dtype.Size;
        bool large = outer * length * size >= MachineLimits.StreamedBytes && from != to;
        for (; row < end; row++)
        {
            nint at = (nint)(row * length * size);
            // Backwards, vectors end where the row does.
            nint place = to + at + (reverse ? (nint)(length * size) : 0);
            bool pastCache = large && place % Runtime.Buffer.Alignment == 0;
            if (size == sizeof(float))
            {
                RunningSums.Row<float, RunningSums.Singles>(
                    (float*)(from + at),
                    (float*)(to + at),
                    length,
                    reverse,
                    pastCache
                );
            }
            else
            {
                RunningSums.Row<double, RunningSums.Doubles>(
                    (double*)(from + at),
                    (double*)(to + at),
                    length,
                    reverse,
                    pastCache
                );
            }
        }

        Sse.StoreFence();
    }

    // Each step waits for the one before it, so that several rows take turns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanLines<T, TValue, TStorage, TCombine>(T* from, T* to, long row, long end)
        where T : unmanaged
        where TStorage : IStorage<T, TValue>
        where TCombine : ICombine<TValue>
    {
        for (; length > 0 && row <= end - 4; row += 4)
        {
            long step = reverse ? -1 : 1;
            T* a = from + (row * length) + (reverse ? length - 1 : 0);
            T* b = a + length;
            T* c = b + length;
            T* d = c + length;
            long target = to - from;
            var (w, x) = (TStorage.Load(*a), TStorage.Load(*b));
            var (y, z) = (TStorage.Load(*c), TStorage.Load(*d));
            for (long i = length; ; i--)
            {
                a[target] = TStorage.Store(w);
                b[target] = TStorage.Store(x);
                c[target] = TStorage.Store(y);
                d[target] = TStorage.Store(z);
                if (i == 1)
                {
                    break;
                }

                a += step;
                b += step;
                c += step;
                d += step;
                w = TCombine.Combine(w, TStorage.Load(*a));
                x = TCombine.Combine(x, TStorage.Load(*b));
                y = TCombine.Combine(y, TStorage.Load(*c));
                z = TCombine.Combine(z, TStorage.Load(*d));
            }
        }

        for (; row < end; row++)
        {
            ScanLine<T, TValue, TStorage, TCombine>(from + (row * length), to + (row * length));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScanLine<T, TValue, TStorage, TCombine>(T* source, T* target)
        where T : unmanaged
        where TStorage : IStorage<T, TValue>
        where TCombine : ICombine<TValue>
    {
        if (length == 0)
        {
            return;
        }

        long step = reverse ? -1 : 1;
        long at = reverse ? length - 1 : 0;
        var value = TStorage.Load(source[at]);
        target[at] = TStorage.Store(value);
        for (long i = 1; i < length; i++)
        {
            at += step;
            value = TCombine.Combine(value, TStorage.Load(source[at]));
            target[at] = TStorage.Store(value);
        }
    }

    private readonly struct Same<T> : IStorage<T, T>
    {
        public static T Load(T value) => value;

        public static T Store(T value) => value;
    }

    private readonly struct HalfStorage : IStorage<Half, double>
    {
        public static double Load(Half value) => (double)value;

        public static Half Store(double value) => (Half)value;
    }

    private readonly struct BFloat16Storage : IStorage<BFloat16, double>
    {
        public static double Load(BFloat16 value) => value;

        public static BFloat16 Store(double value) => (BFloat16)(float)value;
    }

    private readonly struct SingleStorage : IStorage<float, double>
    {
        public static double Load(float value) => value;

        public static float Store(double value) => (float)value;
    }

    private readonly struct Complex64Storage : IStorage<Complex64, Complex>
    {
        public static Complex Load(Complex64 value) => value;

        public static Complex64 Store(Complex value) => (Complex64)value;
    }

    private readonly struct Sum<T> : ICombine<T>
        where T : INumberBase<T>
    {
        public static T Combine(T x, T y) => unchecked(x + y);
    }

    private readonly struct Product<T> : ICombine<T>
        where T : INumberBase<T>
    {
        public static T Combine(T x, T y) => unchecked(x * y);
    }

    private readonly struct Maximum<T> : ICombine<T>
        where T : INumber<T>
    {
        public static T Combine(T x, T y) => T.Max(x, y);
    }

    private readonly struct Minimum<T> : ICombine<T>
        where T : INumber<T>
    {
        public static T Combine(T x, T y) => T.Min(x, y);
    }

    private readonly struct LogSumExp : ICombine<double>
    {
        public static double Combine(double x, double y)
        {
            double larger = Math.Max(x, y);
            return double.IsInfinity(larger) || double.IsNaN(larger)
                ? larger
                : larger + Math.Log(Math.Exp(x - larger) + Math.Exp(y - larger));
        }
    }

    private readonly struct LexicographicMaximum : ICombine<Complex>
    {
        public static Complex Combine(Complex x, Complex y) => Lexicographic.Before(y, x) ? x : y;
    }

    private readonly struct LexicographicMinimum : ICombine<Complex>
    {
        public static Complex Combine(Complex x, Complex y) => Lexicographic.Before(x, y) ? x : y;
    }

    private static class Lexicographic
    {
        public static bool Before(Complex x, Complex y) =>
            x.Real < y.Real || (x.Real == y.Real && x.Imaginary < y.Imaginary);
    }
}
