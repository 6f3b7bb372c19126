using System;
using System.Linq;
using System.Runtime.Intrinsics;
using JaxSharp.Compiler.Emit;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;

namespace JaxSharp.Compiler.Tests.Emit;

/// <summary>What is read backwards or at every second place, and what is written at every second place, for vectors of every width.</summary>
public sealed class ShuffleTests
{
    private static readonly DType[] Types =
    [
        DType.Bool,
        DType.I8,
        DType.U8,
        DType.I16,
        DType.U16,
        DType.I32,
        DType.U32,
        DType.I64,
        DType.U64,
        DType.F16,
        DType.BF16,
        DType.F32,
        DType.F64,
    ];

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(-2)]
    [InlineData(3)]
    [InlineData(-3)]
    public void EveryTypeIsReadInSteps(long step)
    {
        foreach (var type in Types)
        {
            foreach (int extent in new[] { 1, 3, 8, 16, 64, 133 })
            {
                // The first and the last element of the memory are read, none beyond it.
                long start = step < 0 ? -step * (extent - 1) : 0;
                var place = Scalar.Add(
                    Scalar.Mul(Scalar.Axis(0), Scalar.Const(DType.I64, step)),
                    Scalar.Const(DType.I64, start)
                );
                var stage = new Stage.Store(0, [], Scalar.Axis(0), Scalar.Load(0, type, place));
                Comparison.EmittedEqualsInterpreted(
                    new Kernel([type], [type], [extent], [stage]),
                    (int)(Math.Abs(step) * (extent - 1)) + 1,
                    streams: true
                );
            }
        }
    }

    [Theory]
    [InlineData(
        "rows backwards, narrow and wide elements with them",
        """
            kernel (f32, bf16, f64) -> (f64, f32) grid [5, 211]
            %0 = in0.f32[add(mul(a0, 211), sub(210, a1))]
            %1 = in1.bf16[add(mul(a0, 211), sub(210, a1))]
            %2 = in2.f64[sub(1054, add(mul(a0, 211), a1))]
            store 0 []: add(mul(a0, 211), a1) = add(convert.f64(mul(convert.f32(%1), %0)), %2)
            store 1 []: add(mul(a0, 211), a1) = in0.f32[add(mul(a0, 211), sub(210, a1))]
            """
    )]
    [InlineData(
        "sums of every second element, forwards and backwards",
        """
            kernel (f32, f64) -> (f32, f64) grid [3]
            r0 = reduce add f32 [150]: in0.f32[add(mul(a0, 300), mul(a1, 2))]
            r1 = reduce max f64 [150]: in1.f64[sub(899, add(mul(a0, 300), mul(a1, 2)))]
            store 0 []: a0 = r0.f32
            store 1 []: a0 = r1.f64
            """
    )]
    [InlineData(
        "elements that are read only where they count",
        """
            kernel (f32) -> (f32) grid [300]
            %0 = sub(200, a0)
            store 0 []: a0 = select(and(ge(%0, 0), lt(%0, 150)), in0.f32[%0], 3:f32)
            """
    )]
    public void KernelsThatReadInSteps(string name, string text)
    {
        Assert.NotEmpty(name);
        Comparison.EmittedEqualsInterpreted(KernelParser.Parse(text), 1055, streams: true);
    }

    [Theory]
    [InlineData("f32", 1)]
    [InlineData("f32", 16)]
    [InlineData("f32", 231)]
    [InlineData("f64", 64)]
    [InlineData("f64", 231)]
    public void PartsOfComplexNumbers(string type, int extent)
    {
        Compare("add(mul(a0, 2), 1)");

        // Stores that do not belong together.
        Compare("add(mul(a0, 2), 3)");

        void Compare(string second) =>
            Comparison.EmittedEqualsInterpreted(
                KernelParser.Parse(Text(second)),
                2 * extent,
                streams: true,
                leastOutput: 2 * extent + 64
            );

        string Text(string second) =>
            $"""
                kernel ({type}, {type}) -> ({type}) grid [{extent}]
                %0 = in0.{type}[mul(a0, 2)]
                %1 = in0.{type}[add(mul(a0, 2), 1)]
                %2 = in1.{type}[mul(a0, 2)]
                %3 = in1.{type}[add(mul(a0, 2), 1)]
                store 0 []: mul(a0, 2) = sub(mul(%0, %2), mul(%1, %3))
                %0 = in0.{type}[mul(a0, 2)]
                %1 = in0.{type}[add(mul(a0, 2), 1)]
                %2 = in1.{type}[mul(a0, 2)]
                %3 = in1.{type}[add(mul(a0, 2), 1)]
                store 0 []: {second} = add(mul(%0, %3), mul(%1, %2))
                """;
    }

    [Fact]
    public void LanesOfEveryWidth()
    {
        int[] numbers = [.. Enumerable.Range(0, 31)];
        long[] wide = [.. numbers.Select(number => (long)number)];
        var (x512, y512) = (Vector512.Create(numbers.AsSpan()), Vector512.Create(numbers.AsSpan(15)));
        Assert.Equal(Vector512<int>.Indices * 2, VectorShuffles.Alternate(x512, y512));
        Assert.Equal(Vector512.Create(15) - Vector512<int>.Indices, VectorShuffles.Reverse(x512));
        var (x256, y256) = (Vector256.Create(wide.AsSpan()), Vector256.Create(wide.AsSpan(3)));
        Assert.Equal(Vector256<long>.Indices * 2, VectorShuffles.Alternate(x256, y256));
        Assert.Equal(Vector256.Create(3L) - Vector256<long>.Indices, VectorShuffles.Reverse(x256));
        Assert.Equal(Vector256.Create(0L, 3, 1, 4), VectorShuffles.WeaveLower(x256, y256));
        Assert.Equal(Vector256.Create(2L, 5, 3, 6), VectorShuffles.WeaveUpper(x256, y256));
        var (x128, y128) = (Vector128.Create(numbers.AsSpan()), Vector128.Create(numbers.AsSpan(3)));
        Assert.Equal(Vector128.Create(0, 2, 4, 6), VectorShuffles.Alternate(x128, y128));
        Assert.Equal(Vector128.Create(0, 3, 1, 4), VectorShuffles.WeaveLower(x128, y128));
        Assert.Equal(Vector128.Create(2, 5, 3, 6), VectorShuffles.WeaveUpper(x128, y128));
    }
}
