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

    private static Program Compile(Func<NDArray[], NDArray> function, params NDArray[] arguments) =>
        ProgramCompiler.Compile(
            Staging.StageClosed(a => [function(a)], Array.ConvertAll(arguments, x => x.Type)).Jaxpr
        );

    private static void IsOneStepAndEqualsEager(Func<NDArray[], NDArray> function, params NDArray[] arguments)
    {
        var program = Compile(function, arguments);
        Assert.Single(program.Steps);
        var fused = (DeviceArray)program.Run(arguments)[0];
        var eager = (DeviceArray)function(arguments);
        Assert.Equal(eager.Type, fused.Type);
        Assert.Equal(eager.Bytes().ToArray(), fused.Bytes().ToArray());
    }

    [Theory]
    [InlineData(128, 784, 512)]
    [InlineData(1, 3136, 128)]
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

    [Fact]
    public void BiasAndResidualFinishABatchedProduct() =>
        IsOneStepAndEqualsEager(
            a => jnp.Tanh(jnp.MatMul(a[0], a[1]) * 0.5f + a[2]) + a[3],
            Normal(0, 3, 50, 20),
            Normal(1, 3, 20, 70),
            Normal(2, 70),
            Normal(3, 3, 50, 70)
        );

    [Theory]
    [InlineData(9, 11, 3, 17)]
    [InlineData(33, 71, 32, 48)]
    [InlineData(17, 210, 32, 33)]
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

    [Fact]
    public void AProductThatIsAResultItselfKeepsItsValues()
    {
        NDArray[] arguments = [Normal(0, 40, 30), Normal(1, 30, 50)];
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
        var results = program.Run(arguments);
        Assert.Equal(
            ((DeviceArray)jnp.MatMul(arguments[0], arguments[1])).Bytes().ToArray(),
            ((DeviceArray)results[0]).Bytes().ToArray()
        );
    }
}
