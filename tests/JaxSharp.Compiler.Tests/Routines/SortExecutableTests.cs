using System.Linq;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Runtime;
using Xunit;

namespace JaxSharp.Compiler.Tests.Routines;

/// <summary>Sorting and selecting along the middle axis of dense arrays.</summary>
public sealed unsafe class SortExecutableTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 40, 2)]
    [InlineData(1, 5000, 1)]
    [InlineData(40, 700, 3)]
    public void SortsAsLinqDoes(int outer, int length, int inner)
    {
        var random = new System.Random(3);
        float[] keys = [.. Enumerable.Range(0, outer * length * inner).Select(_ => (float)random.Next(-50, 50) / 8)];
        int[] values = [.. Enumerable.Range(0, keys.Length)];
        float[] sortedKeys = new float[keys.Length];
        int[] sortedValues = new int[keys.Length];
        var sort = new SortExecutable([DType.F32, DType.I32], 1, outer, length, inner);
        fixed (
            float* from = keys,
                to = sortedKeys
        )
        {
            fixed (
                int* fromValues = values,
                    toValues = sortedValues
            )
            {
                sort.Run([(nint)from, (nint)fromValues], [(nint)to, (nint)toValues]);
            }
        }

        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int[] line = [.. Enumerable.Range(0, length).Select(n => (((o * length) + n) * inner) + i)];
                int[] expected = [.. line.OrderBy(at => keys[at])];
                Assert.Equal(expected, line.Select(at => sortedValues[at]));
                Assert.Equal(expected.Select(at => keys[at]), line.Select(at => sortedKeys[at]));
            }
        }
    }

    [Theory]
    [InlineData(49)]
    [InlineData(4000)]
    public void SortsNumbersOfEveryKindAndSize(int length)
    {
        var random = new System.Random(5);
        byte[] bytes = new byte[length * sizeof(double)];
        random.NextBytes(bytes);
        Check<float>(DType.F32, bytes, x => x);
        Check<double>(DType.F64, bytes, x => x);
        Check<int>(DType.I32, bytes, x => x);
        Check<uint>(DType.U32, bytes, x => x);
        Check<short>(DType.I16, bytes, x => x);
        Check<System.Half>(DType.F16, bytes, x => (double)x);

        // Keys that differ in their upper bits only.
        Check<int>(DType.I32, [.. bytes.Select((x, i) => i % 4 == 3 ? x : (byte)0)], x => x);
    }

    private static void Check<T>(DType type, byte[] bytes, System.Func<T, double> toDouble)
        where T : unmanaged
    {
        double[] keys =
        [
            .. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(bytes).ToArray().Select(toDouble),
        ];
        int[] numbers = [.. Enumerable.Range(0, keys.Length)];
        byte[] sorted = new byte[bytes.Length];
        int[] order = new int[keys.Length];
        var sort = new SortExecutable([type, DType.I32], 1, 1, keys.Length, 1);
        fixed (byte* from = bytes)
        fixed (byte* to = sorted)
        fixed (int* fromNumbers = numbers)
        fixed (int* toNumbers = order)
        {
            sort.Run([(nint)from, (nint)fromNumbers], [(nint)to, (nint)toNumbers]);
        }

        // LINQ puts NaN first.
        Assert.Equal(numbers.OrderBy(i => double.IsNaN(keys[i])).ThenBy(i => keys[i] + 0.0), order);
    }

    [Fact]
    public void NaNComesLastAndZerosAreEqual()
    {
        double[] keys = [double.NaN, 0.0, -0.0, double.PositiveInfinity, -1, double.NaN, double.NegativeInfinity, 0.0];
        int[] order = Order(keys, new SortExecutable([DType.F64, DType.I32], 1, 1, keys.Length, 1));
        Assert.Equal([6, 4, 1, 2, 7, 3, 0, 5], order);
    }

    [Fact]
    public void LaterKeysDecideTies()
    {
        byte[] first = [1, 0, 1, 0];
        short[] second = [-3, 5, -4, 5];
        byte[] sorted = new byte[4];
        short[] sortedSecond = new short[4];
        fixed (
            byte* a = first,
                x = sorted
        )
        {
            fixed (
                short* b = second,
                    y = sortedSecond
            )
            {
                new SortExecutable([DType.U8, DType.I16], 2, 1, 4, 1).Run([(nint)a, (nint)b], [(nint)x, (nint)y]);
            }
        }

        Assert.Equal([0, 0, 1, 1], sorted);
        Assert.Equal([5, 5, -4, -3], sortedSecond);
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(10, 500)]
    [InlineData(400, 500)]
    public void TopKIsTheBeginningOfADescendingSort(int count, int length)
    {
        var random = new System.Random(4);
        float[] data = [.. Enumerable.Range(0, 2 * length).Select(_ => (float)random.Next(40))];
        float[] values = new float[2 * count];
        int[] numbers = new int[2 * count];
        fixed (
            float* from = data,
                to = values
        )
        {
            fixed (int* indices = numbers)
            {
                var top = new TopKExecutable(DType.F32, count, 2, length, 1);
                top.Run([(nint)from], [(nint)to, (nint)indices]);
            }
        }

        for (int line = 0; line < 2; line++)
        {
            int[] expected =
            [
                .. Enumerable.Range(0, length).OrderByDescending(n => data[(line * length) + n]).Take(count),
            ];
            Assert.Equal(expected, numbers[(line * count)..((line + 1) * count)]);
            Assert.Equal(expected.Select(n => data[(line * length) + n]), values[(line * count)..((line + 1) * count)]);
        }
    }

    [Fact]
    public void TopKPrefersNaNAndPositiveZero()
    {
        float[] data = [-0.0f, 1, 0.0f, float.NaN];
        float[] values = new float[4];
        int[] numbers = new int[4];
        fixed (
            float* from = data,
                to = values
        )
        {
            fixed (int* indices = numbers)
            {
                new TopKExecutable(DType.F32, 4, 1, 4, 1).Run([(nint)from], [(nint)to, (nint)indices]);
            }
        }

        Assert.Equal([3, 1, 2, 0], numbers);
    }

    private static int[] Order(double[] keys, Executable sort)
    {
        double[] sorted = new double[keys.Length];
        int[] numbers = [.. Enumerable.Range(0, keys.Length)];
        int[] order = new int[keys.Length];
        fixed (
            double* from = keys,
                to = sorted
        )
        {
            fixed (
                int* fromNumbers = numbers,
                    toNumbers = order
            )
            {
                sort.Run([(nint)from, (nint)fromNumbers], [(nint)to, (nint)toNumbers]);
            }
        }

        return order;
    }
}
