using System;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests.Routines;

/// <summary>Updates against a plain loop, bit for bit, by one thread and by several.</summary>
public sealed class ScatterExecutableTests
{
    private static readonly float[] Special =
    [
        0,
        -0f,
        float.PositiveInfinity,
        float.NegativeInfinity,
        float.NaN,
        float.Epsilon,
        -1e-40f,
        float.MaxValue,
        -1e30f,
        1f,
    ];

    public static TheoryData<int, int, int> Sizes =>
        new()
        {
            { 5, 1, 1 },
            { 5, 1, 3 },
            { 12, 1, 40_000 },
            { 1000, 1, 70_000 },
            { 50_000, 1, 40_000 },
            { 300, 7, 5_000 },
            { 300, 256, 600 },
            { 1, 60_000, 2 },
            { 40, 33, 2_000 },
        };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void KeepsTheOrderOfUpdates(int rows, int width, int count)
    {
        foreach (var combination in Enum.GetValues<ScatterCombination>())
        {
            foreach (bool clamp in (bool[])[false, true])
            {
                Check(DType.F32, combination, clamp, rows, width, count, Single, x => x);
                Check(DType.F64, combination, clamp, rows, width, count, r => (double)Single(r), x => x);
                Check(DType.I32, combination, clamp, rows, width, count, r => r.Next(-1000, 1000), x => x);
                Check(DType.U8, combination, clamp, rows, width, count, r => (byte)r.Next(256), x => (short)x);
                Check(DType.I64, combination, clamp, rows, width, count, r => r.NextInt64(), x => (long)x);
            }
        }
    }

    private static float Single(Random random) =>
        random.Next(40) == 0 ? Special[random.Next(Special.Length)] : (random.NextSingle() * 4) - 2;

    private static unsafe void Check<T, TIndex>(
        DType type,
        ScatterCombination combination,
        bool clamp,
        int rows,
        int width,
        int count,
        Func<Random, T> value,
        Func<int, TIndex> index
    )
        where T : unmanaged, INumber<T>
        where TIndex : unmanaged
    {
        var random = new Random(7);
        T[] x = [.. Enumerable.Range(0, rows * width).Select(_ => value(random))];
        T[] updates = [.. Enumerable.Range(0, count * width).Select(_ => value(random))];
        int[] at = [.. Enumerable.Range(0, count).Select(_ => random.Next(-2, rows + 2))];
        var indexType =
            typeof(TIndex) == typeof(short) ? DType.I16
            : typeof(TIndex) == typeof(long) ? DType.I64
            : DType.I32;
        at = indexType == DType.I16 ? Array.ConvertAll(at, i => (int)(short)i) : at;
        TIndex[] indices = Array.ConvertAll(at, i => index(i));
        var layout = new ScatterLayout(
            type,
            indexType,
            x.Length,
            [new ScatterAxis(count, width, 1, 0)],
            [new ScatterAxis(width, 1, 0, 1)],
            [new ScatterComponent(rows - 1, width)],
            1,
            combination,
            clamp,
            IsDisjoint: true
        );
        T[] expected = [.. x];
        for (int i = 0; i < count; i++)
        {
            int row = clamp ? Math.Clamp(at[i], 0, rows - 1) : at[i];
            for (int j = 0; j < width && row >= 0 && row < rows; j++)
            {
                ref var place = ref expected[(row * width) + j];
                place = Combine(combination, place, updates[(i * width) + j]);
            }
        }

        int threads = WorkerPool.Threads;
        try
        {
            foreach (int some in (int[])[1, 2, 5])
            {
                WorkerPool.Threads = some;
                T[] copied = new T[x.Length];
                T[] changed = [.. x];
                fixed (T* from = x)
                fixed (T* to = copied)
                fixed (T* same = changed)
                fixed (T* news = updates)
                fixed (TIndex* places = indices)
                {
                    var scatter = ScatterExecutable.Create(layout);
                    scatter.Run([(nint)from, (nint)places, (nint)news], [(nint)to]);
                    scatter.Run([(nint)same, (nint)places, (nint)news], [(nint)same]);
                }

                AssertBits(expected, copied);
                AssertBits(expected, changed);
            }
        }
        finally
        {
            WorkerPool.Threads = threads;
        }
    }

    private static T Combine<T>(ScatterCombination combination, T x, T y)
        where T : INumber<T> =>
        combination switch
        {
            ScatterCombination.Replace => y,
            ScatterCombination.Add => unchecked(x + y),
            ScatterCombination.Sub => unchecked(x - y),
            ScatterCombination.Mul => unchecked(x * y),
            ScatterCombination.Min => T.Min(x, y),
            _ => T.Max(x, y),
        };

    // NaNs are alike whatever their bits: those of the operand that an instruction happens to have first.
    private static void AssertBits<T>(T[] expected, T[] actual)
        where T : unmanaged, INumber<T>
    {
        if (MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(actual.AsSpan())))
        {
            return;
        }

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                (T.IsNaN(expected[i]) && T.IsNaN(actual[i]))
                    || (expected[i] == actual[i] && T.IsNegative(expected[i]) == T.IsNegative(actual[i])),
                $"{actual[i]} instead of {expected[i]} at {i}."
            );
        }
    }
}
