using System;
using System.Linq;
using JaxSharp.Execution;
using JaxSharp.Transforms;
using Xunit;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Execution;

/// <summary>Contractions write transposed results themselves.</summary>
public class OutputViewTests
{
    private static NDArray Normal(int seed, params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(seed), shape);

    /// <summary>A function compiles to so many steps, with the results of single operations.</summary>
    internal static void HasSteps(int steps, Func<NDArray[], NDArray[]> function, params NDArray[] arguments)
    {
        var program = ProgramCompiler.Compile(
            Staging.StageClosed(function, Array.ConvertAll(arguments, x => x.Type)).Jaxpr
        );
        Assert.Equal(steps, program.Steps.Count);
        foreach (var (compiled, eager) in program.Run(arguments).Zip(function(arguments)))
        {
            Assert.Equal(eager.Shape, compiled.Shape);
            Assert.True((bool)jnp.AllClose(compiled, eager, 1e-5, 1e-5));
        }
    }

    [Theory]
    [InlineData(128, 784, 512)]
    [InlineData(1, 37, 5)]
    [InlineData(300, 1, 7)]
    [InlineData(10, 128, 1)]
    public void ATransposedProductIsOneStep(int m, int k, int n) =>
        HasSteps(1, a => [jnp.MatMul(a[0], a[1]).T], Normal(0, m, k), Normal(1, k, n));

    [Fact]
    public void ATransposedProductCanBeFinishedByAKernel() =>
        HasSteps(
            1,
            a => [jnp.Tanh(jnp.MatMul(a[0], a[1]).T + a[2])],
            Normal(0, 40, 30),
            Normal(1, 30, 50),
            Normal(2, 50, 40)
        );

    [Fact]
    public void AxesOfABatchedProductGoAnywhere() =>
        HasSteps(
            1,
            a => [jnp.Transpose(jnp.MatMul(a[0], a[1]), (2, 0, 1, 3))],
            Normal(0, 2, 3, 17, 9),
            Normal(1, 2, 3, 9, 20)
        );

    [Fact]
    public void AProductThatOthersReadStaysAsItIs() =>
        HasSteps(
            2,
            a =>
            {
                var product = jnp.MatMul(a[0], a[1]);
                return [product, product.T];
            },
            Normal(0, 40, 30),
            Normal(1, 30, 40)
        );
}
