using System;
using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace JaxSharp.Compiler.Runtime;

/// <summary>What this machine can do with the threads of <see cref="WorkerPool"/>, measured: what running times are compared with.</summary>
/// <param name="Gflops">Fused multiply-adds in f32, two operations each, in 10⁹ per second.</param>
/// <param name="ReadGbps">Reading a large array, in 10⁹ bytes per second.</param>
/// <param name="CopyGbps">Reading one and writing another large array, bytes of both counted.</param>
/// <param name="CachedGbps">The same with arrays that stay in cache.</param>
internal sealed unsafe record MachineLimits(double Gflops, double ReadGbps, double CopyGbps, double CachedGbps)
{
    /// <summary>Arrays of so many bytes in all stay in cache, as a rule.</summary>
    public const long CachedBytes = 8 << 20;

    /// <summary>
    /// Results of so many bytes are stored past the caches: about what a last level of cache holds beside what they are made of.
    /// </summary>
    public const long StreamedBytes = 16 << 20;

    private const int Parts = 64;

    private static readonly Lazy<MachineLimits> Known = new(() => Measure(TimeSpan.FromMilliseconds(30), 16 << 20));

    /// <summary>The limits, measured in a fraction of a second when they are first asked for.</summary>
    public static MachineLimits Current => Known.Value;

    /// <summary>Measures each limit for some time.</summary>
    /// <param name="each">The time.</param>
    /// <param name="elements">The elements of a large array.</param>
    public static MachineLimits Measure(TimeSpan each, int elements)
    {
        using var memory = BufferPool.Borrow(8L * elements);
        float* source = (float*)memory.Address;
        float* target = source + elements;
        new Span<float>(source, elements).Fill(1f);
        new Span<float>(target, elements).Fill(2f);
        int cached = (int)CachedBytes / 4 / sizeof(float);
        double bytes = 4.0 * elements;
        int rounds = 50_000;
        return new MachineLimits(
            Best(each, Parts * rounds * (Vector512.IsHardwareAccelerated ? 320.0 : 160.0), _ => Multiply(rounds)) / 1e9,
            Best(each, bytes, part => Read(source, elements, part)) / 1e9,
            Best(each, 2 * bytes, part => Copy(source, target, elements, part, pastCache: true)) / 1e9,
            Best(each, 8.0 * cached, part => Copy(source, target, cached, part, pastCache: false)) / 1e9
        );
    }

    // Amount of work per second, the best of several tries.
    private static double Best(TimeSpan time, double amount, Func<int, float> body)
    {
        double best = 0;
        long begin = Stopwatch.GetTimestamp();
        float[] results = new float[Parts];
        while (best == 0 || Stopwatch.GetElapsedTime(begin) < time)
        {
            long start = Stopwatch.GetTimestamp();
            WorkerPool.Run(Parts, (body, results), static (work, part) => work.results[part] = work.body(part));
            best = Math.Max(best, amount / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        // The results are looked at, so that nothing is left out.
        return Array.TrueForAll(results, float.IsFinite) ? best : 0;
    }

    private static float Multiply(int rounds) =>
        Vector512.IsHardwareAccelerated ? Multiply512(rounds) : Multiply256(rounds);

    private static float Multiply512(int rounds)
    {
        var a = Vector512.Create(0.999f);
        var b = Vector512.Create(0.001f);
        var (x0, x1, x2, x3, x4) = (a, a, a, a, a);
        var (x5, x6, x7, x8, x9) = (b, b, b, b, b);
        for (int i = 0; i < rounds; i++)
        {
            x0 = Vector512.FusedMultiplyAdd(x0, a, b);
            x1 = Vector512.FusedMultiplyAdd(x1, a, b);
            x2 = Vector512.FusedMultiplyAdd(x2, a, b);
            x3 = Vector512.FusedMultiplyAdd(x3, a, b);
            x4 = Vector512.FusedMultiplyAdd(x4, a, b);
            x5 = Vector512.FusedMultiplyAdd(x5, a, b);
            x6 = Vector512.FusedMultiplyAdd(x6, a, b);
            x7 = Vector512.FusedMultiplyAdd(x7, a, b);
            x8 = Vector512.FusedMultiplyAdd(x8, a, b);
            x9 = Vector512.FusedMultiplyAdd(x9, a, b);
        }

        return Vector512.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9);
    }

    private static float Multiply256(int rounds)
    {
        var a = Vector256.Create(0.999f);
        var b = Vector256.Create(0.001f);
        var (x0, x1, x2, x3, x4) = (a, a, a, a, a);
        var (x5, x6, x7, x8, x9) = (b, b, b, b, b);
        for (int i = 0; i < rounds; i++)
        {
            x0 = Vector256.FusedMultiplyAdd(x0, a, b);
            x1 = Vector256.FusedMultiplyAdd(x1, a, b);
            x2 = Vector256.FusedMultiplyAdd(x2, a, b);
            x3 = Vector256.FusedMultiplyAdd(x3, a, b);
            x4 = Vector256.FusedMultiplyAdd(x4, a, b);
            x5 = Vector256.FusedMultiplyAdd(x5, a, b);
            x6 = Vector256.FusedMultiplyAdd(x6, a, b);
            x7 = Vector256.FusedMultiplyAdd(x7, a, b);
            x8 = Vector256.FusedMultiplyAdd(x8, a, b);
            x9 = Vector256.FusedMultiplyAdd(x9, a, b);
        }

        return Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9);
    }

    private static float Read(float* source, int elements, int part)
    {
        int count = elements / Parts;
        float* start = source + ((long)part * count);
        var (s0, s1) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (float* p = start; p < start + count; p += 64)
        {
            s0 += Vector512.Load(p);
            s1 += Vector512.Load(p + 16);
            s2 += Vector512.Load(p + 32);
            s3 += Vector512.Load(p + 48);
        }

        return Vector512.Sum(s0 + s1 + s2 + s3);
    }

    private static float Copy(float* source, float* target, int elements, int part, bool pastCache)
    {
        int count = elements / Parts;
        long first = (long)part * count;
        for (long i = first; i < first + count; i += 16)
        {
            var vector = Vector512.Load(source + i);
            if (pastCache)
            {
                vector.StoreAlignedNonTemporal(target + i);
            }
            else
            {
                vector.Store(target + i);
            }
        }

        return 0;
    }
}
