using System;
using CsCheck;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Runtime;
using Xunit;
using static JaxSharp.Compiler.Tests.Contractions.ContractionOracle;
using Buffer = JaxSharp.Compiler.Runtime.Buffer;

namespace JaxSharp.Compiler.Tests.Contractions;

public class ContractionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void CompiledIsInterpreted(int vectorBytes) =>
        ContractionCases.Any.Sample(spec => Compare(spec, vectorBytes), iter: 300, print: s => s.ToString());

    [Theory]
    [InlineData(19, 2)]
    [InlineData(2, 19)]
    [InlineData(5, 3)]
    [InlineData(40, 1)]
    [InlineData(130, 24)]
    public void LongSumsOverSeveralAxes(int m, int n)
    {
        ContractionAxis[] axes =
        [
            new(AxisRole.M, m),
            new(AxisRole.K, 26),
            new(AxisRole.K, 12),
            new(AxisRole.K, 8),
            new(AxisRole.N, n),
        ];
        foreach (var type in new[] { DType.F64, DType.F32 })
        {
            var spec = new ContractionSpec(
                axes,
                OperandView.Dense(type, axes, 2, 3, 1, 0),
                OperandView.Dense(type, axes, 2, 3, 1, 4),
                OutputView.Dense(type, axes, 0, 4),
                type
            );
            Compare(spec, 0, 32, 16);
        }
    }

    [Fact]
    public void CompiledIsInterpretedWhenLarge() =>
        ContractionCases.Large.Sample(spec => Compare(spec, 0), iter: 30, print: s => s.ToString());

    // Nothing is copied, whichever way around.
    [Theory]
    [InlineData(375, 20, 1)]
    [InlineData(1, 20, 375)]
    [InlineData(4096, 512, 1)]
    public void AMatrixTimesAVectorIsDotProductsOfItsRows(int m, int k, int n) =>
        Assert.IsType<RowDots>(ContractionCompiler.Compile(ContractionSpec.Matmul(DType.F32, m, n, k, false, n > 1)));

    [Theory]
    [InlineData(5, 7)]
    [InlineData(1, 1)]
    [InlineData(300, 1000)]
    public void ASumOverNothingIsZero(int m, int n)
    {
        Compare(ContractionSpec.Matmul(DType.F32, m, n, 0), 0);
        ContractionAxis[] axes = [new(AxisRole.Batch, 3), new(AxisRole.M, m), new(AxisRole.N, n), new(AxisRole.K, 0)];
        var spec = new ContractionSpec(
            axes,
            OperandView.Dense(DType.F64, axes, 0, 1, 3),
            OperandView.Dense(DType.F64, axes, 0, 3, 2),
            OutputView.Dense(DType.F64, axes, 2, 0, 1),
            DType.F64
        );
        Compare(spec, 0);
    }

    // The operand is packed once for all tasks, in pieces, by all threads.
    [Fact]
    public void ATransposedOperandServesManyTasks() =>
        Compare(ContractionSpec.Matmul(DType.F32, 257, 300, 600, true, false), 0);

    [Theory]
    [InlineData(1, 1, 5000)]
    [InlineData(1, 100, 700)]
    [InlineData(2, 100, 700)]
    [InlineData(100, 1, 700)]
    [InlineData(375, 1, 20)]
    [InlineData(16, 1, 8)]
    [InlineData(33, 3, 47)]
    [InlineData(4, 50, 128)]
    [InlineData(1, 20, 375)]
    [InlineData(2, 10, 784)]
    [InlineData(5, 100, 1000)]
    [InlineData(150, 150, 1)]
    [InlineData(40, 70, 1100)]
    [InlineData(25, 520, 300)]
    [InlineData(700, 3, 9)]
    [InlineData(500, 7, 70)]
    [InlineData(400, 90, 13)]
    [InlineData(3, 400, 90)]
    [InlineData(7, 300, 1100)]
    public void MatricesOfManyShapes(int m, int n, int k)
    {
        foreach (var type in new[] { DType.F32, DType.F64, DType.BF16, DType.I32 })
        {
            for (int transposed = 0; transposed < 4; transposed++)
            {
                Compare(ContractionSpec.Matmul(type, m, n, k, (transposed & 1) != 0, (transposed & 2) != 0), 0);
            }
        }
    }

    // Operands and results in all orders of their axes, one of them the same for a whole axis of products.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(4, 1, 4)]
    [InlineData(1, 9, 5)]
    [InlineData(8, 20, 7)]
    [InlineData(13, 5, 19)]
    [InlineData(17, 70, 3)]
    public void ManySmallProducts(int m, int n, int k)
    {
        ContractionAxis[] axes =
        [
            new(AxisRole.Batch, 9),
            new(AxisRole.Batch, 5),
            new(AxisRole.M, m),
            new(AxisRole.N, n),
            new(AxisRole.K, k),
        ];
        foreach (var type in new[] { DType.F32, DType.F64, DType.I32, DType.BF16 })
        {
            foreach (int[] left in new int[][] { [0, 1, 2, 4], [1, 0, 4, 2], [0, 2, 1, 4], [1, 2, 4] })
            {
                foreach (int[] right in new int[][] { [0, 1, 4, 3], [0, 1, 3, 4], [4, 1, 0, 3], [0, 4, 3] })
                {
                    var spec = new ContractionSpec(
                        axes,
                        OperandView.Dense(type, axes, left),
                        OperandView.Dense(type, axes, right),
                        left[0] == 0
                            ? OutputView.Dense(type, axes, 0, 1, 2, 3)
                            : OutputView.Dense(type, axes, 1, 2, 0, 3),
                        type
                    );
                    Compare(spec, 0, 32, 16);
                }
            }
        }
    }

    // A right operand that leaves the cache is packed for some rows, with panels that it fills and one that it does not.
    [Theory]
    [InlineData(31, 1083, 1027)]
    public void SomeRowsByALargeMatrix(int m, int n, int k) =>
        Compare(ContractionSpec.Matmul(DType.F32, m, n, k), 0, 32, 16);

    // Rows of the right operand are read from end to end, in parts whose sums are added up, or columns of it if there are many.
    [Theory]
    [InlineData(1, 1083, 1001)]
    [InlineData(3, 1100, 970)]
    [InlineData(5, 1100, 550)]
    [InlineData(8, 1024, 1024)]
    [InlineData(9, 1083, 1001)]
    [InlineData(24, 2817, 403)]
    [InlineData(2, 40_000, 29)]
    public void FewRowsByALargeMatrix(int m, int n, int k)
    {
        foreach (bool transposed in new[] { false, true })
        {
            var spec = ContractionSpec.Matmul(DType.F32, m, n, k, transposed, false);
            Compare(spec, 0, 32, 16);
            CompareThreads(spec, ContractionCompiler.Compile(spec));
        }

        Compare(ContractionSpec.Matmul(DType.F64, m, n, k), 0);
        Compare(ContractionSpec.Matmul(DType.I32, m, n, k), 0);
    }

    [Fact]
    public void FewRowsByLargeMatrices()
    {
        ContractionAxis[] axes =
        [
            new(AxisRole.Batch, 3),
            new(AxisRole.M, 7),
            new(AxisRole.N, 1083),
            new(AxisRole.K, 601),
        ];
        var spec = new ContractionSpec(
            axes,
            OperandView.Dense(DType.F32, axes, 0, 1, 3),
            OperandView.Dense(DType.F32, axes, 0, 3, 2),
            OutputView.Dense(DType.F32, axes, 0, 1, 2),
            DType.F32
        );
        Compare(spec, 0);
        CompareThreads(spec, ContractionCompiler.Compile(spec));
    }

    [Theory]
    [InlineData(3, 13, 1, 20, 3, 1, 1, 1)]
    [InlineData(2, 11, 3, 17, 5, 2, 2, 1)]
    [InlineData(2, 19, 2, 33, 3, 1, 3, 2)]
    [InlineData(2, 9, 24, 40, 3, 1, 1, 1)]
    [InlineData(3, 17, 19, 70, 3, 2, 1, 1)]
    [InlineData(5, 12, 50, 33, 5, 3, 4, 2)]
    [InlineData(9, 23, 16, 16, 2, 1, 3, 1)]
    public void PaddedOperands(
        int batch,
        int size,
        int inputs,
        int outputs,
        int window,
        int stride,
        int padding,
        int dilation
    )
    {
        int places = ((size + (2 * padding) - ((window - 1) * dilation) - 1) / stride) + 1;
        foreach (bool kernelGradient in new[] { false, true })
        {
            var (places2, window2) = kernelGradient ? (AxisRole.K, AxisRole.M) : (AxisRole.M, AxisRole.K);
            ContractionAxis[] axes =
            [
                new(places2, batch),
                new(places2, places),
                new(places2, places),
                new(AxisRole.N, outputs),
                new(window2, window),
                new(window2, window),
                new(window2, inputs),
            ];
            var image = new OperandView(
                DType.F32,
                [
                    new([1, 0, 0, 0, 0, 0, 0], 0, 1, batch, size * size * inputs),
                    new([0, stride, 0, 0, dilation, 0, 0], -padding, 1, size, size * inputs),
                    new([0, 0, stride, 0, 0, dilation, 0], -padding, 1, size, inputs),
                    new([0, 0, 0, 0, 0, 0, 1], 0, 1, inputs, 1),
                ]
            );
            int[] small = [4, 5, 6, 3];
            int[] large = [0, 1, 2, 3];
            var spec = new ContractionSpec(
                axes,
                image,
                OperandView.Dense(DType.F32, axes, kernelGradient ? large : small),
                OutputView.Dense(DType.F32, axes, kernelGradient ? small : large),
                DType.F32
            );
            var plan = new ContractionPlan(spec, TileKernel.NativeBytes);
            if (inputs < 8)
            {
                Assert.NotNull(PaddedOperand.For(plan));
            }
            else if (kernelGradient)
            {
                Assert.Equal(LeftAccess.Places, plan.LeftAccess);
            }

            Compare(spec, 0);
            if (!kernelGradient)
            {
                // As in gradients by images, with K side by side in the kernel.
                Compare(spec with { Rhs = OperandView.Dense(DType.F32, axes, 4, 5, 3, 6) }, 0);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void EveryChannelByItself(int vectorBytes) =>
        ContractionCases.Depthwise().Sample(spec => Compare(spec, vectorBytes), iter: 100, print: s => s.ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void WideKernelsOfEveryChannel(int vectorBytes) =>
        ContractionCases.WideDepthwise().Sample(spec => Compare(spec, vectorBytes), iter: 60, print: s => s.ToString());

    /// <summary>Whole vectors at aligned addresses are stored past the cache; others cannot be.</summary>
    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 0)]
    [InlineData(16, 8)]
    public void ResultsThatDoNotStayInCache(int channels, int shift)
    {
        const int Positions = (int)(MachineLimits.CachedBytes / (16 * sizeof(double))) + 10;
        ContractionAxis[] axes = [new(AxisRole.Batch, channels), new(AxisRole.M, Positions), new(AxisRole.K, 3)];
        var spec = new ContractionSpec(
            axes,
            new OperandView(DType.F64, [new([0, 1, 1], -1, 1, Positions, channels), new([1, 0, 0], 0, 1, channels, 1)]),
            OperandView.Dense(DType.F64, axes, 2, 0),
            OutputView.Dense(DType.F64, axes, 1, 0),
            DType.F64
        );
        var (lhs, rhs) = (Random(spec.Lhs, 1), Random(spec.Rhs, 2));
        long bytes = (long)Positions * channels * sizeof(double);
        var (expected, actual) = (Buffer.Allocate(bytes), Buffer.Allocate(bytes + shift));
        ContractionInterpreter.Run(spec, lhs.Address, rhs.Address, expected.Address);
        ContractionCompiler.Compile(spec).Run([lhs.Address, rhs.Address], [actual.Address + shift]);
        AssertClose(spec, expected.Bytes, actual.Bytes[shift..]);
        GC.KeepAlive(lhs);
        GC.KeepAlive(rhs);
        GC.KeepAlive(expected);
        GC.KeepAlive(actual);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void FewChannelsInGroups(int vectorBytes) =>
        ContractionCases
            .FewChannelsInGroup()
            .Sample(spec => Compare(spec, vectorBytes), iter: 100, print: s => s.ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void SumsOverManyPositions(int vectorBytes) =>
        ContractionCases.KernelGradients.Sample(spec => Compare(spec, vectorBytes), iter: 8, print: s => s.ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(16)]
    public void ImagesWithFewChannels(int vectorBytes) =>
        ContractionCases.LinesOfImages.Sample(spec => Compare(spec, vectorBytes), iter: 80, print: s => s.ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    public void FewColumns(int vectorBytes) =>
        ContractionCases.FewColumns.Sample(spec => Compare(spec, vectorBytes), iter: 40, print: s => s.ToString());

    [Fact]
    public void TheBitsDoNotDependOnTheNumberOfThreads()
    {
        var gen = Gen.OneOf(
            Gen.Select(Gen.Int[1, 200], Gen.Int[1, 200], Gen.Int[1, 1500])
                .Select((m, n, k) => ContractionSpec.Matmul(DType.F32, m, n, k)),
            ContractionCases.KernelGradients,
            ContractionCases.LinesOfImages,
            ContractionCases.FewColumns,
            ContractionCases.Depthwise().Where(spec => ContractionCases.OutputSize(spec) > 0),
            ContractionCases.WideDepthwise().Where(spec => ContractionCases.OutputSize(spec) > 0)
        );
        gen.Sample(spec => CompareThreads(spec, ContractionCompiler.Compile(spec)), iter: 30, threads: 1);
    }

    [Theory]
    [InlineData(32, 256, 1024, false)]
    [InlineData(32, 1024, 256, true)]
    [InlineData(3, 700, 150, false)]
    [InlineData(50, 70, 1100, true)]
    public void APackedOperandServesManyRuns(int m, int n, int k, bool transposed)
    {
        var spec = ContractionSpec.Matmul(DType.F32, m, n, k, transposeRhs: transposed);
        var packed = PackedContraction.For(spec, packsLhs: false)!;
        var rhs = Random(spec.Rhs, 2);
        var panels = Buffer.Allocate(packed.Bytes);
        packed.Packing.Run([rhs.Address], [panels.Address]);
        for (int seed = 3; seed < 6; seed++)
        {
            var lhs = Random(spec.Lhs, seed);
            var actual = RunCompiled(packed.Product, spec, lhs, panels);
            var expected = Buffer.Allocate(actual.ByteLength);
            ContractionInterpreter.Run(spec, lhs.Address, rhs.Address, expected.Address);
            AssertClose(spec, expected.Bytes, actual.Bytes);
            GC.KeepAlive(lhs);
            GC.KeepAlive(expected);
        }

        GC.KeepAlive(rhs);
        GC.KeepAlive(panels);
    }
}
