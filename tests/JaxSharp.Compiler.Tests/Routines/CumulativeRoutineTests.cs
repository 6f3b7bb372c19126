using System;
using JaxSharp.Compiler.Routines;
using Xunit;

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
}
