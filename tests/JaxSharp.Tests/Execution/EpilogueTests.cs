using System;
using JaxSharp.Execution;
using JaxSharp.Transforms;
using Xunit;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Execution;

/// <summary>Bias, activation and residual go into the store of a product or convolution, and change no bit.</summary>
public class EpilogueTests
{
    private static NDArray Normal(int seed, params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(seed), shape);

    private static void IsOneStepAndEqualsEager(Func<NDArray[], NDArray> function, params NDArray[] arguments) =>
        IsOneStepAndEqualsEager(a => [function(a)], arguments);

    private static void IsOneStepAndEqualsEager(Func<NDArray[], NDArray[]> function, params NDArray[] arguments)
    {
        var program = ProgramCompiler.Compile(
            Staging.StageClosed(function, Array.ConvertAll(arguments, x => x.Type)).Jaxpr
        );
        Assert.Single(program.Steps);
        var fused = program.Run(arguments);
        var eager = function(arguments);
        Assert.Equal(eager.Length, fused.Length);
        for (int i = 0; i < eager.Length; i++)
        {
            Assert.Equal(eager[i].Type, fused[i].Type);
            Assert.Equal(((DeviceArray)eager[i]).Bytes().ToArray(), ((DeviceArray)fused[i]).Bytes().ToArray());
        }
    }

    [Theory]
    [InlineData(128, 784, 512)]
    [InlineData(1, 3136, 128)]
    [InlineData(7, 700, 521)]
    [InlineData(24, 1100, 300)]
    [InlineData(37, 65, 10)]
    [InlineData(513, 1027, 259)]
    [InlineData(64, 3, 1)]
    public void BiasAndReluFinishAProduct(int m, int k, int n) =>
        IsOneStepAndEqualsEager(
            a => Nn.Relu(jnp.MatMul(a[0], a[1]) + a[2]),
            Normal(0, m, k),
            Normal(1, k, n),
            Normal(2, n)
        );

    [Theory]
    [InlineData(3, 50, 20, 70)]
    [InlineData(200, 3, 3, 3)]
    [InlineData(2, 5, 1100, 301)]
    [InlineData(41, 17, 5, 19)]
    public void BiasAndResidualFinishABatchedProduct(int batch, int m, int k, int n) =>
        IsOneStepAndEqualsEager(
            a => jnp.Tanh(jnp.MatMul(a[0], a[1]) * 0.5f + a[2]) + a[3],
            Normal(0, batch, m, k),
            Normal(1, batch, k, n),
            Normal(2, n),
            Normal(3, batch, m, n)
        );

    [Theory]
    [InlineData(9, 11, 3, 17)]
    [InlineData(33, 71, 32, 48)]
    [InlineData(17, 210, 32, 33)]
    [InlineData(10, 13, 200, 210)]
    public void BiasAndReluFinishAConvolution(int height, int width, int inputs, int outputs) =>
        IsOneStepAndEqualsEager(
            a =>
                Nn.Relu(
                    Lax.ConvGeneralDilated(a[0], a[1], (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC"))
                        + a[2]
                ),
            Normal(0, 2, height, width, inputs),
            Normal(1, 3, 3, inputs, outputs),
            Normal(2, outputs)
        );

    [Theory]
    [InlineData(40, 30, 50)]
    [InlineData(129, 300, 67)]
    public void AProductThatIsAResultItselfKeepsItsValues(int m, int k, int n) =>
        IsOneStepAndEqualsEager(
            a =>
            {
                var product = jnp.MatMul(a[0], a[1]);
                return [product, Nn.Relu(product + a[2])];
            },
            Normal(0, m, k),
            Normal(1, k, n),
            Normal(2, n)
        );

    [Fact]
    public void AConvolutionAndWhatIsMadeOfItAreStoredTogether() =>
        IsOneStepAndEqualsEager(
            a =>
            {
                var y = Lax.ConvGeneralDilated(a[0], a[1], (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC"));
                return [jnp.Tanh(y), y > 0, y * a[2], y];
            },
            Normal(0, 2, 33, 71, 32),
            Normal(1, 3, 3, 32, 48),
            Normal(2, 48)
        );

    [Theory]
    [InlineData(128, 200, 150)]
    [InlineData(8192, 40, 30)]
    public void AnUpdateOfSeveralArraysFinishesAGradient(int k, int m, int n) =>
        IsOneStepAndEqualsEager(
            a =>
            {
                var gradient = jnp.MatMul(a[0].T, a[1]);
                var mean = 0.9f * a[2] + 0.1f * gradient;
                var square = 0.999f * a[3] + 0.001f * gradient * gradient;
                return [mean, square, a[4] - 1e-3f * mean / (jnp.Sqrt(square) + 1e-8f), gradient > 0];
            },
            Normal(0, k, m),
            Normal(1, k, n),
            Normal(2, m, n),
            jnp.Abs(Normal(3, m, n)),
            Normal(4, m, n)
        );

    // The values of a dilated image's convolution are finished when all of its parts are.
    [Fact]
    public void AContractionOfSeveralPartsIsFinishedAfterwards() =>
        IsOneStepAndEqualsEager(
            a =>
            {
                var y = Lax.ConvTranspose(a[0], a[1], (2, 2), "SAME");
                return [Nn.Relu(y + a[2]), y];
            },
            Normal(0, 2, 40, 30, 8),
            Normal(1, 3, 3, 8, 24),
            Normal(2, 24)
        );

    [Fact]
    public void ManyLargeResultsAreStoredByAKernelOfTheirOwn()
    {
        NDArray[] arguments = [Normal(0, 1030, 2), Normal(1, 2, 1030)];
        var program = ProgramCompiler.Compile(
            Staging
                .StageClosed(
                    a =>
                    {
                        var product = jnp.MatMul(a[0], a[1]);
                        return [product, Nn.Relu(product)];
                    },
                    Array.ConvertAll(arguments, x => x.Type)
                )
                .Jaxpr
        );
        Assert.Equal(2, program.Steps.Count);
    }
}
