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

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void CompiledIsInterpreted(int vectorBytes) =>
        Small.Sample(
            spec => Compare(spec, Compile(spec, vectorBytes == 0 ? TileKernel.NativeBytes : vectorBytes)),
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
            Compare(one, Compile(one, TileKernel.NativeBytes));
        }
    }

    [Fact]
    public void NotANumberReachesWhatItsWindowsReach()
    {
        var spec = Direct(1, 16, 16, [9, 8], [1, 2], [1, 2]);
        var (lhs, rhs) = (Random(spec.Lhs, 1), Random(spec.Rhs, 2));
        var image = MemoryMarshal.Cast<byte, float>(lhs.Bytes);
        image[16 * ((3 * 8) + 2)] = float.NaN;
        image[(16 * 8 * 8) + 5] = float.NaN;
        var actual = RunCompiled(Compile(spec, TileKernel.NativeBytes), spec, lhs, rhs);
        var expected = Buffer.Allocate(actual.ByteLength);
        ContractionInterpreter.Run(spec, lhs.Address, rhs.Address, expected.Address);
        Assert.Equal(WhereNaN(expected), WhereNaN(actual));
        Assert.Contains(true, WhereNaN(actual));
        GC.KeepAlive(lhs);
        GC.KeepAlive(rhs);

        static bool[] WhereNaN(Buffer buffer) =>
            Array.ConvertAll(MemoryMarshal.Cast<byte, float>(buffer.Bytes).ToArray(), float.IsNaN);
    }

    [Fact]
    public void TheBitsDoNotDependOnTheNumberOfThreads() =>
        Small.Sample(spec => CompareThreads(spec, Compile(spec, TileKernel.NativeBytes)), iter: 25, threads: 1);

    [Theory]
    [InlineData(8, 56, 64, true)]
    [InlineData(1, 57, 65, true)]
    [InlineData(8, 56, 32, true)]
    [InlineData(8, 56, 24, false)]
    [InlineData(1, 5, 64, false)]
    public void ItIsTakenWhereItGains(int batch, int extent, int channels, bool gains)
    {
        var spec = Direct(batch, channels, channels, [extent, extent], [1, 1], [1, 1]);
        Assert.Equal(gains, WinogradShape.For(spec)!.Gains);
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

    private static Executable Compile(ContractionSpec spec, int vectorBytes)
    {
        var shape = WinogradShape.For(spec)!;
        return shape.IsGradient
            ? new WinogradGradient(shape, vectorBytes)
            : WinogradConvolution.For(shape, vectorBytes, null);
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
