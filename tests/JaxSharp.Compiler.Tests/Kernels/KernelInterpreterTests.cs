using System;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;

namespace JaxSharp.Compiler.Tests.Kernels;

public sealed unsafe class KernelInterpreterTests
{
    private const string Softmax = """
        kernel (f32) -> (f32) grid [2]
        r0 = reduce max f32 [3]: in0.f32[add(mul(a0, 3), a1)]
        r1 = reduce add f32 [3]: exp(sub(in0.f32[add(mul(a0, 3), a1)], r0.f32))
        %0 = add(mul(a0, 3), a1)
        store 0 [3]: %0 = div(exp(sub(in0.f32[%0], r0.f32)), r1.f32)

        """;

    [Fact]
    public void TextRoundTrips()
    {
        Assert.Equal(Softmax, KernelParser.Parse(Softmax).ToString());
    }

    [Fact]
    public void SoftmaxOfRows()
    {
        float[] x = [1, 2, 3, 0, 0, 0];
        float[] y = Run(KernelParser.Parse(Softmax), x, 6);
        Assert.Equal(0.09003057f, y[0], 1e-6f);
        Assert.Equal(1 / 3f, y[5], 1e-6f);
    }

    [Fact]
    public void LoadsBehindASelectAreNotReadOutOfBounds()
    {
        var kernel = KernelParser.Parse(
            """
            kernel (f32) -> (f32) grid [8]
            %0 = sub(a0, 1000000000000)
            store 0 []: a0 = select(ge(%0, 0), in0.f32[%0], 7:f32)
            """
        );
        Assert.Equal(Enumerable.Repeat(7f, 8), Run(kernel, [1], 8));
    }

    [Theory]
    [InlineData("div(-128:i8, -1:i8)", "-128:i8")]
    [InlineData("div(7:u8, 0:u8)", "255:u8")]
    [InlineData("rem(7:i32, 0:i32)", "7:i32")]
    [InlineData("rem(-7:i64, -1:i64)", "0")]
    [InlineData("shift_left(3:i16, 16:i16)", "0:i16")]
    [InlineData("shift_right_arithmetic(-3:i16, -1:i16)", "-1:i16")]
    [InlineData("shift_right_logical(-1:i8, 1:i8)", "127:i8")]
    [InlineData("add(200:u8, 100:u8)", "44:u8")]
    [InlineData("add(1:f16, 0.0004:f16)", "1:f16")]
    [InlineData("mul(60000:f16, 2:f16)", "Infinity:f16")]
    [InlineData("mul(6E-08:f16, 0.6:f16)", "5.9604645E-08:f16")]
    [InlineData("convert.u8(-3.7:f32)", "0:u8")]
    [InlineData("convert.i8(1000:f32)", "127:i8")]
    [InlineData("convert.i32(NaN:f32)", "0:i32")]
    [InlineData("convert.u8(300:i32)", "44:u8")]
    [InlineData("max(NaN:f32, 1:f32)", "NaN:f32")]
    [InlineData("max(1:f32, NaN:f32)", "NaN:f32")]
    [InlineData("population_count(-1:i8)", "8:i8")]
    [InlineData("count_leading_zeros(1:i16)", "15:i16")]
    [InlineData("mul_hi(-2:i32, 3:i32)", "-1:i32")]
    [InlineData("mul_hi(18446744073709551615:u64, 18446744073709551615:u64)", "18446744073709551614:u64")]
    [InlineData("nextafter(1:f16, 2:f16)", "1.0009766:f16")]
    [InlineData("nextafter(0:f32, -1:f32)", "-1E-45:f32")]
    [InlineData("reduce_precision(1.2345:f32, 5:i32, 3:i32)", "1.25:f32")]
    [InlineData("bitcast.i16(-1:bf16)", "-16512:i16")]
    [InlineData("threefry0(0:u32, 0:u32, 0:u32, 0:u32)", "1797259609:u32")]
    [InlineData("threefry1(0:u32, 0:u32, 0:u32, 0:u32)", "2579123966:u32")]
    [InlineData("round_half_away(0.49999997:f32)", "0:f32")]
    [InlineData("round_half_away(-2.5:f32)", "-3:f32")]
    public void ConstantsFold(string text, string expected)
    {
        Assert.Equal(expected, KernelParser.ParseExpression(text).ToString());
    }

    private static float[] Run(Kernel kernel, float[] x, int size)
    {
        var y = new float[size];
        fixed (float* px = x)
        fixed (float* py = y)
        {
            KernelInterpreter.Run(kernel, [(nint)px], [(nint)py]);
        }

        return y;
    }
}
