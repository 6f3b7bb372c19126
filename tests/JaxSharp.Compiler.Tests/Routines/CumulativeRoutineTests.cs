using System;
using JaxSharp.Compiler.Routines;
using JaxSharp.Compiler.Runtime;
using Xunit;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Routines;

/// <summary>Running combinations against a plain loop.</summary>
public sealed class CumulativeRoutineTests
{
    [Theory]
    [InlineData(1, 5, 1, false)]
    [InlineData(3, 4, 1, true)]
    [InlineData(2, 3, 7, false)]
    [InlineData(2, 50, 600, true)]
    [InlineData(0, 4, 2, false)]
    [InlineData(2, 0, 2, false)]
    public unsafe void SumsRunAlongTheMiddleAxis(int outer, int length, int inner, bool reverse)
    {
        var random = new Random(1);
        int[] x = new int[outer * length * inner];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = random.Next(-100, 100);
        }

        int[] y = new int[x.Length];
        var routine = new CumulativeRoutine(DType.I32, CumulativeOperation.Sum, outer, length, inner, reverse);
        fixed (int* from = x)
        fixed (int* to = y)
        {
            routine.Run([(nint)from], [(nint)to]);
        }

        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                int sum = 0;
                for (int step = 0; step < length; step++)
                {
                    int at = (((o * length) + (reverse ? length - 1 - step : step)) * inner) + i;
                    sum += x[at];
                    Assert.Equal(sum, y[at]);
                }
            }
        }
    }

    [Theory]
    [InlineData(3, 16, false)]
    [InlineData(3, 203, true)]
    [InlineData(5, 64, true)]
    [InlineData(2, 1000, false)]
    public unsafe void SumsOfFloatsRunInDoublePrecision(int outer, int length, bool reverse)
    {
        var random = new Random(2);
        float[] x = new float[outer * length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (random.NextSingle() - 0.3f) * 1000;
        }

        // What is not a number, or beyond all, shows from its place on.
        x[reverse ? length / 2 : length - 2] = float.NaN;
        x[^1] = float.PositiveInfinity;
        double[] wide = Array.ConvertAll(x, value => (double)value);
        float[] y = new float[x.Length];
        double[] z = new double[x.Length];
        var single = new CumulativeRoutine(DType.F32, CumulativeOperation.Sum, outer, length, 1, reverse);
        var twice = new CumulativeRoutine(DType.F64, CumulativeOperation.Sum, outer, length, 1, reverse);
        fixed (float* from = x)
        fixed (float* to = y)
        fixed (double* fromWide = wide)
        fixed (double* toWide = z)
        {
            single.Run([(nint)from], [(nint)to]);
            twice.Run([(nint)fromWide], [(nint)toWide]);
        }

        for (int o = 0; o < outer; o++)
        {
            double sum = 0;
            for (int step = 0; step < length; step++)
            {
                int at = (o * length) + (reverse ? length - 1 - step : step);
                sum += x[at];
                Assert.True(sum.Equals(z[at]) || Math.Abs(sum - z[at]) <= Math.Abs(sum) * 1e-14 + 1e-9);
                Assert.Equal((float)z[at], y[at]);
            }
        }
    }

    [Fact]
    public unsafe void SumsThatGoPastTheCachesAreTheSame()
    {
        const int Length = 1024;
        const int Outer = (int)(MachineLimits.StreamedBytes / (Length * sizeof(float)));
        var whole = Buffer.Allocate(MachineLimits.StreamedBytes);
        var large = Buffer.Allocate(MachineLimits.StreamedBytes);
        var small = Buffer.Allocate(Length * sizeof(float));
        var random = new Random(3);
        var values = new Span<float>((void*)whole.Address, Outer * Length);
        foreach (ref float value in values)
        {
            value = random.NextSingle();
        }

        foreach (bool reverse in new[] { false, true })
        {
            new CumulativeRoutine(DType.F32, CumulativeOperation.Sum, Outer, Length, 1, reverse).Run(
                [whole.Address],
                [large.Address]
            );
            var row = new CumulativeRoutine(DType.F32, CumulativeOperation.Sum, 1, Length, 1, reverse);
            for (int o = 0; o < Outer; o += 97)
            {
                int at = o * Length * sizeof(float);
                row.Run([whole.Address + at], [small.Address]);
                Assert.True(large.Bytes.Slice(at, Length * sizeof(float)).SequenceEqual(small.Bytes));
            }
        }
    }
}
