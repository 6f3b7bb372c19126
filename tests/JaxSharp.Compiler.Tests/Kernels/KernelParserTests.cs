using System;
using System.Linq;
using CsCheck;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Tests.Emit;
using JaxSharp.TestKit;
using Xunit;

namespace JaxSharp.Compiler.Tests.Kernels;

/// <summary>Kernels read back from their text; text that is no kernel is refused by the one typed error.</summary>
public sealed class KernelParserTests
{
    private static readonly string[] Texts =
    [
        """
            kernel (f32, i32) -> (f32, f32) grid [5]
            r0 = reduce max f32 [77]: in0.f32[add(mul(a0, 77), a1)]
            r1 = reduce add f32 [77] lanes 8 block 16: exp(sub(in0.f32[add(mul(a0, 77), a1)], r0.f32))
            %0 = add(mul(a0, 77), a1)
            store 0 [77]: %0 = div(exp(sub(in0.f32[%0], r0.f32)), r1.f32)
            store 1 []: a0 = select(lt(in1.i32[a0], 3:i32), 0.5:f32, NaN:f32)
            """,
        .. Enumerable.Range(0, 40).Select(seed => RandomKernel.Make(seed).ToString()),
    ];

    [Fact]
    public void RandomKernelsReadBack() =>
        RandomKernel.Gen.Sample(
            kernel => Assert.Equal(kernel.ToString(), KernelParser.Parse(kernel.ToString()).ToString()),
            iter: 500
        );

    [Fact]
    public void FaultyTextIsRefusedOrReadsBack() => MutatedText.Of(Texts).Sample(ReadsBackOrIsRefused, iter: 20_000);

    [Theory]
    [InlineData("abs(")]
    [InlineData("in0.f32[")]
    [InlineData("[")]
    [InlineData("complex(")]
    public void DeepNestingIsRefused(string piece)
    {
        string deep = string.Concat(Enumerable.Repeat(piece, 100_000));
        Assert.Throws<FormatException>(() => KernelParser.ParseExpression(deep + "1"));
        Assert.Throws<FormatException>(() =>
            KernelParser.Parse($"kernel (f32) -> (f32) grid []\nstore 0 []: 0 = {deep}")
        );
    }

    private static void ReadsBackOrIsRefused(string text)
    {
        string printed;
        try
        {
            printed = KernelParser.Parse(text).ToString();
        }
        catch (FormatException)
        {
            return;
        }

        Assert.Equal(printed, KernelParser.Parse(printed).ToString());
    }
}
