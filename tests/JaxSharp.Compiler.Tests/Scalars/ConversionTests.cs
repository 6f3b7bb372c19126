using System;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using Xunit;

namespace JaxSharp.Compiler.Tests.Scalars;

/// <summary>Conversions that could round twice.</summary>
public sealed unsafe class ConversionTests
{
    [Theory]
    [InlineData(1.000488281250001)]
    [InlineData(-1.000488281250001)]
    [InlineData(1.00048828125)]
    [InlineData(65519.999999999)]
    [InlineData(65520)]
    [InlineData(2.9802322387695316e-8)]
    [InlineData(2.98023223876953125e-8)]
    [InlineData(1e-300)]
    [InlineData(-0.0)]
    [InlineData(1e300)]
    [InlineData(double.NegativeInfinity)]
    public void DoubleToHalfRoundsOnce(double value)
    {
        ushort expected = BitConverter.HalfToUInt16Bits((Half)value);
        Assert.Equal(
            expected,
            (ushort)ScalarValue.Convert(DType.F64, DType.F16, BitConverter.DoubleToUInt64Bits(value))
        );
        foreach (int bits in new[] { 0, 128 })
        {
            double[] values = new double[19];
            ushort[] results = new ushort[values.Length];
            Array.Fill(values, value);
            var index = Scalar.Axis(0);
            var kernel = new Kernel(
                [DType.F64],
                [DType.F16],
                [values.Length],
                [new Stage.Store(0, [], index, Scalar.Convert(Scalar.Load(0, DType.F64, index), DType.F16))]
            );
            fixed (double* from = values)
            fixed (ushort* to = results)
            {
                KernelCompiler.Compile(kernel, bits, tiered: false).Run([(nint)from], [(nint)to]);
            }

            Assert.All(results, result => Assert.Equal(expected, result));
        }
    }

    [Theory]
    [InlineData((1L << 62) + (1L << 38) + 1)]
    [InlineData(-(1L << 62) - (1L << 38) - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(16777217)]
    public void IntegerToSingleRoundsOnce(long value) =>
        Assert.Equal(
            BitConverter.SingleToUInt32Bits(value),
            (uint)ScalarValue.Convert(DType.I64, DType.F32, (ulong)value)
        );
}
