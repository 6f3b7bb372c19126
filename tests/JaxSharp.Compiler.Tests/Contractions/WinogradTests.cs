using System;
using System.Linq;
using System.Runtime.InteropServices;
using CsCheck;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Runtime;
using Xunit;
using static JaxSharp.Compiler.Tests.Contractions.ContractionOracle;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Contractions;

public class WinogradTests
{
    // Convolutions of 3×3 by single steps with channels last, whose products are small; their gradients by image and kernel.
    private static readonly Gen<ContractionSpec> Small =
        from channels in Gen.Int[16, 37].Array[2]
        from extents in Gen.Int[2, 7].Array[2]
        from seed in Gen.Int[0, 1_000_000]
        select Convolution(channels[0], channels[1], extents, new Random(seed));

    public static readonly TheoryData<int> Sides = [TwoPlaces.Places, FourPlaces.Places];

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 32)]
    [InlineData(2, 16)]
    [InlineData(4, 0)]
    [InlineData(4, 32)]
    [InlineData(4, 16)]
    public void CompiledIsInterpreted(int side, int vectorBytes) =>
        Small.Sample(
            spec => Compare(spec, Forms(spec, side, vectorBytes == 0 ? TileKernel.NativeBytes : vectorBytes)),
            iter: 25,
            print: spec => spec.ToString()
        );

    // The kernel does not stay in cache, and sums are cut into blocks.
    [Theory]
    [InlineData(170, 161)]
    [InlineData(33, 790)]
    [InlineData(530, 50)]
    public void ManyChannels(int inputs, int outputs)
    {
        var spec = Direct(1, inputs, outputs, [3, 4], [1, 1], [1, 1]);
        foreach (var one in new[] { spec, Turned(spec), KernelGradient(spec) })
        {
            Compare(
                one,
                [
                    .. Forms(one, TwoPlaces.Places, TileKernel.NativeBytes),
                    .. Forms(one, FourPlaces.Places, TileKernel.NativeBytes),
                ]
            );
        }
    }

    // Relative to the root of the mean square of the exact results. Random errors of a sum of 64 products are 2e-7.
    [Theory]
    [InlineData(2, 64, 4e-7, 2.5e-6)]
    [InlineData(2, 256, 4e-7, 2.5e-6)]
    [InlineData(4, 64, 1e-6, 1e-5)]
    [InlineData(4, 256, 1e-6, 1e-5)]
    public void ErrorsAreSmall(int side, int channels, double mean, double most)
    {
        var spec = Direct(4, channels, 16, [11, 9], [1, 1], [1, 1]);
        foreach (var one in new[] { spec, Turned(spec), KernelGradient(spec) })
        {
            var (root, largest) = Errors(one, Compile(one, side, TileKernel.NativeBytes));
            Assert.InRange(root, 1e-8, mean);
            Assert.InRange(largest, root, most);
        }
    }

    // With four places on a side, it also reaches places of squares that it belongs to but for their windows.
    [Theory]
    [MemberData(nameof(Sides))]
    public void NotANumberReachesWhatItsWindowsReach(int side)
    {
        var spec = Direct(1, 16, 16, [9, 8], [1, 2], [1, 2]);
        var (lhs, rhs) = (Random(spec.Lhs, 1), Random(spec.Rhs, 2));
        var image = MemoryMarshal.Cast<byte, float>(lhs.Bytes);
        image[16 * ((3 * 8) + 2)] = float.NaN;
        image[(16 * 8 * 8) + 5] = float.NaN;
        var actual = RunCompiled(Compile(spec, side, TileKernel.NativeBytes), spec, lhs, rhs);
        var expected = Buffer.Allocate(actual.ByteLength);
        ContractionInterpreter.Run(spec, lhs.Address, rhs.Address, expected.Address);
        var (found, reached) = (WhereNaN(actual), WhereNaN(expected));
        Assert.Contains(true, reached);
        Assert.Contains(false, found);
        if (side == TwoPlaces.Places)
        {
            Assert.Equal(reached, found);
        }

        bool[] squares = new bool[9 * 4 * 2];
        for (int i = 0; i < reached.Length; i++)
        {
            squares[Square(i)] |= reached[i];
        }

        for (int i = 0; i < found.Length; i++)
        {
            Assert.InRange(found[i], reached[i], squares[Square(i)]);
        }

        GC.KeepAlive(lhs);
        GC.KeepAlive(rhs);

        // Along x, places of a square are two apart.
        int Square(int element)
        {
            var (y, x) = (element / 16 / 8, element / 16 % 8);
            return (((y / side * 4) + (x / 2 / side)) * 2) + (x % 2);
        }

        static bool[] WhereNaN(Buffer buffer) =>
            Array.ConvertAll(MemoryMarshal.Cast<byte, float>(buffer.Bytes).ToArray(), float.IsNaN);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void TheBitsDoNotDependOnTheNumberOfThreads(int side) =>
        Small.Sample(
            spec => Array.ForEach(Forms(spec, side, TileKernel.NativeBytes), form => CompareThreads(spec, form)),
            iter: 25,
            threads: 1
        );

    [Theory]
    [InlineData(8, 56, 64, 4)]
    [InlineData(1, 57, 65, 4)]
    [InlineData(8, 56, 20, 4)]
    [InlineData(8, 6, 128, 2)]
    [InlineData(256, 2, 64, 2)]
    [InlineData(1, 5, 64, 0)]
    [InlineData(1, 7, 512, 0)]
    public void SquaresAreThoseThatGain(int batch, int extent, int channels, int side)
    {
        var shape = WinogradShape.For(Direct(batch, channels, channels, [extent, extent], [1, 1], [1, 1]))!;
        Assert.Equal(side, shape.Gains ? shape.Side : 0);
    }

    // Kernels that do not stay in cache as products, with few squares and with many.
    [Theory]
    [InlineData(1, 14, 256, true)]
    [InlineData(4, 8, 512, true)]
    [InlineData(8, 14, 256, false)]
    [InlineData(16, 28, 64, false)]
    public void LargeKernelsAreStreamedForFewSquares(int batch, int extent, int channels, bool streams)
    {
        var spec = Direct(batch, channels, channels, [extent, extent], [1, 1], [1, 1]);
        Assert.Equal(streams, WinogradShape.For(spec)!.StreamsKernel);
        Assert.Equal(streams, WinogradShape.For(Turned(spec))!.StreamsKernel);
        Assert.False(WinogradShape.For(KernelGradient(spec))!.StreamsKernel);
    }

    [Fact]
    public void OtherContractionsAreNot()
    {
        var spec = Direct(1, 16, 16, [9, 9], [1, 1], [1, 1]);
        Assert.NotNull(WinogradShape.For(spec));
        Assert.Null(WinogradShape.For(ContractionSpec.Matmul(DType.F32, 90, 90, 90)));
        Assert.Null(WinogradShape.For(spec with { Accumulation = DType.F64 }));
        Assert.Null(WinogradShape.For(Direct(1, 15, 16, [9, 9], [1, 1], [1, 1])));
        Assert.Null(WinogradShape.For(Direct(1, 16, 15, [9, 9], [1, 1], [1, 1])));
        var twice = spec.Lhs.Dims.Select(dim =>
            dim with
            {
                Coefs = [.. dim.Coefs.Select((c, a) => a == 2 ? 2 * c : c)],
            }
        );
        Assert.Null(WinogradShape.For(spec with { Lhs = spec.Lhs with { Dims = [.. twice] } }));
    }

    // The root of the mean square and the largest of the errors beside sums in f64, relative to the root of the mean square of these.
    private static (double Root, double Largest) Errors(ContractionSpec spec, Executable executable)
    {
        var (lhs, rhs) = (Random(spec.Lhs, 1), Random(spec.Rhs, 2));
        var compiled = RunCompiled(executable, spec, lhs, rhs);
        var actual = Doubles(compiled);
        var exact = spec with
        {
            Lhs = spec.Lhs with { DType = DType.F64 },
            Rhs = spec.Rhs with { DType = DType.F64 },
            Output = spec.Output with { DType = DType.F64 },
            Accumulation = DType.F64,
        };
        var (exactLhs, exactRhs) = (Widened(lhs), Widened(rhs));
        var sums = Buffer.Allocate(2 * compiled.ByteLength);
        ContractionInterpreter.Run(exact, exactLhs.Address, exactRhs.Address, sums.Address);
        double[] expected = MemoryMarshal.Cast<byte, double>(sums.Bytes).ToArray();
        double[] errors = [.. actual.Zip(expected, (a, e) => Math.Abs(a - e))];
        double size = Root(expected);
        foreach (var buffer in new[] { lhs, rhs, compiled, exactLhs, exactRhs, sums })
        {
            GC.KeepAlive(buffer);
        }

        return (Root(errors) / size, errors.Max() / size);

        static double Root(double[] values) => Math.Sqrt(values.Average(value => value * value));
        static double[] Doubles(Buffer buffer) =>
            Array.ConvertAll(MemoryMarshal.Cast<byte, float>(buffer.Bytes).ToArray(), value => (double)value);
        static Buffer Widened(Buffer buffer)
        {
            var wide = Buffer.Allocate(2 * buffer.ByteLength);
            Doubles(buffer).CopyTo(MemoryMarshal.Cast<byte, double>(wide.Bytes));
            return wide;
        }
    }

    private static Executable Compile(ContractionSpec spec, int side, int vectorBytes)
    {
        var shape = WinogradShape.For(spec, side)!;
        return shape.IsGradient
            ? new WinogradGradient(shape, vectorBytes)
            : WinogradConvolution.For(shape, vectorBytes, null);
    }

    // All ways to compute it.
    private static Executable[] Forms(ContractionSpec spec, int side, int vectorBytes)
    {
        var shape = WinogradShape.For(spec, side)!;
        return shape.IsGradient
            ? [new WinogradGradient(shape, vectorBytes)]
            : [new WinogradConvolution(shape, vectorBytes, null), new WinogradStream(shape, vectorBytes, null)];
    }

    private static ContractionSpec Convolution(int inputs, int outputs, int[] extents, Random random)
    {
        int[] dilation = [random.Next(1, 4), random.Next(1, 3)];
        int[] padding = [random.Next(0, 4), random.Next(0, 4)];
        var spec = Direct(random.Next(1, 3), inputs, outputs, extents, dilation, padding, random.Next(1, 3));
        if (random.Next(3) == 0)
        {
            return KernelGradient(spec);
        }

        // The gradient by the image has the kernel turned around, with its channels exchanged.
        return random.Next(2) == 0 ? spec : Turned(spec);
    }

    // Axes: n z y x, o, c, h w d of the window, the last of which belongs to z.
    private static ContractionSpec Direct(
        int batch,
        int inputs,
        int outputs,
        int[] extents,
        int[] dilation,
        int[] padding,
        int depth = 1
    )
    {
        ContractionAxis[] axes =
        [
            new(AxisRole.M, batch),
            new(AxisRole.M, depth),
            new(AxisRole.M, extents[0]),
            new(AxisRole.M, extents[1]),
            new(AxisRole.N, outputs),
            new(AxisRole.K, inputs),
            new(AxisRole.K, 3),
            new(AxisRole.K, 3),
            new(AxisRole.K, depth == 1 ? 1 : 2),
        ];
        int[] image = [.. extents.Select((e, i) => Math.Max(1, e + (2 * dilation[i]) - (2 * padding[i])))];
        long row = (long)image[1] * inputs;
        return new ContractionSpec(
            axes,
            new OperandView(
                DType.F32,
                [
                    new([1, 0, 0, 0, 0, 0, 0, 0, 0], 0, 1, batch, depth * image[0] * row),
                    new([0, 1, 0, 0, 0, 0, 0, 0, 1], depth == 1 ? 0 : -1, 1, depth, image[0] * row),
                    new([0, 0, 1, 0, 0, 0, dilation[0], 0, 0], -padding[0], 1, image[0], row),
                    new([0, 0, 0, 1, 0, 0, 0, dilation[1], 0], -padding[1], 1, image[1], inputs),
                    new([0, 0, 0, 0, 0, 1, 0, 0, 0], 0, 1, inputs, 1),
                ]
            ),
            OperandView.Dense(DType.F32, axes, 8, 6, 7, 5, 4),
            OutputView.Dense(DType.F32, axes, 0, 1, 2, 3, 4),
            DType.F32
        );
    }

    private static ContractionSpec KernelGradient(ContractionSpec spec)
    {
        ContractionAxis[] axes =
        [
            .. spec.Axes.Select(axis =>
                axis with
                {
                    Role =
                        axis.Role == AxisRole.M ? AxisRole.K
                        : axis.Role == AxisRole.K ? AxisRole.M
                        : AxisRole.N,
                }
            ),
        ];
        return spec with
        {
            Axes = axes,
            Rhs = OperandView.Dense(DType.F32, axes, 0, 1, 2, 3, 4),
            Output = OutputView.Dense(DType.F32, axes, 8, 6, 7, 5, 4),
        };
    }

    private static ContractionSpec Turned(ContractionSpec spec)
    {
        OperandDim[] dims = [.. spec.Lhs.Dims];
        for (int i = 2; i < 4; i++)
        {
            int tap = 4 + i;
            int step = dims[i].Coefs[tap];
            dims[i] = dims[i] with
            {
                Coefs = [.. dims[i].Coefs.Select((coef, a) => a == tap ? -coef : coef)],
                Offset = dims[i].Offset + (2 * step),
            };
        }

        return spec with
        {
            Lhs = spec.Lhs with { Dims = dims },
            Rhs = OperandView.Dense(DType.F32, spec.Axes, 8, 6, 7, 4, 5),
        };
    }
}
