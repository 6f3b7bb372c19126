using System;
using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Threading.Tasks;

namespace JaxSharp.Benchmarks;

/// <summary>What this machine can do, measured in the same run as everything else: the denominators of the percentages.</summary>
/// <param name="Gflops">Fused multiply-adds in f32 on all cores, two operations each, in 10⁹ per second.</param>
/// <param name="ReadGbps">Reading a large array on all cores, in 10⁹ bytes per second.</param>
/// <param name="CopyGbps">Reading one and writing another large array, bytes of both counted.</param>
internal sealed record MachineLimits(double Gflops, double ReadGbps, double CopyGbps)
{
    private const int Elements = 32 * 1024 * 1024;

    public static MachineLimits Measure()
    {
        float[] source = GC.AllocateUninitializedArray<float>(Elements);
        float[] target = GC.AllocateUninitializedArray<float>(Elements);
        Array.Fill(source, 1f);
        Array.Fill(target, 2f);
        double bytes = 4.0 * Elements;
        return new MachineLimits(
            Best(() => 2.0 * Parallel(FusedMultiplyAdds), 5) / 1e9,
            Best(() => Parallel((part, parts) => Read(source, part, parts)) > 0 ? bytes : 0, 7) / 1e9,
            Best(() => Parallel((part, parts) => Copy(source, target, part, parts)) > 0 ? 2 * bytes : 0, 7) / 1e9
        );
    }

    // Amount of work per second, the best of several tries.
    private static double Best(Func<double> work, int tries)
    {
        double best = 0;
        for (int i = 0; i < tries; i++)
        {
            long start = Stopwatch.GetTimestamp();
            double amount = work();
            best = Math.Max(best, amount / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static double Parallel(Func<int, int, double> body)
    {
        int parts = Environment.ProcessorCount;
        double[] results = new double[parts];
        System.Threading.Tasks.Parallel.For(
            0,
            parts,
            new ParallelOptions { MaxDegreeOfParallelism = parts },
            part => results[part] = body(part, parts)
        );
        double sum = 0;
        foreach (double result in results)
        {
            sum += result;
        }

        return sum;
    }

    private static double FusedMultiplyAdds(int part, int parts) =>
        Vector512.IsHardwareAccelerated ? Fma512(20_000_000) : Fma256(40_000_000);

    private static double Fma512(int rounds)
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

        float used = Vector512.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9);
        return float.IsNaN(used) ? 0 : 160.0 * rounds;
    }

    private static double Fma256(int rounds)
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

        float used = Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9);
        return float.IsNaN(used) ? 0 : 80.0 * rounds;
    }

    private static double Read(float[] source, int part, int parts)
    {
        var span = source.AsSpan(part * (source.Length / parts), source.Length / parts);
        var (s0, s1) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var (s2, s3) = (Vector512<float>.Zero, Vector512<float>.Zero);
        for (int i = 0; i + 64 <= span.Length; i += 64)
        {
            s0 += Vector512.Create<float>(span.Slice(i, 16));
            s1 += Vector512.Create<float>(span.Slice(i + 16, 16));
            s2 += Vector512.Create<float>(span.Slice(i + 32, 16));
            s3 += Vector512.Create<float>(span.Slice(i + 48, 16));
        }

        return Vector512.Sum(s0 + s1 + s2 + s3);
    }

    private static unsafe double Copy(float[] source, float[] target, int part, int parts)
    {
        int count = source.Length / parts;
        fixed (float* from = &source[part * count])
        fixed (float* to = &target[part * count])
        {
            float* end = (float*)(((nint)to + 63) & ~63);
            long skip = end - to;
            for (long i = 0; i + 16 <= count - skip; i += 16)
            {
                Vector512.StoreAlignedNonTemporal(Vector512.Load(from + skip + i), end + i);
            }
        }

        return 1;
    }
}
