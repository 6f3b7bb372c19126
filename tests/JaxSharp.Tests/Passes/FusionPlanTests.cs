using System;
using System.Linq;
using JaxSharp.Execution;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using Xunit;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Passes;

/// <summary>How many kernels well-known programs become.</summary>
public class FusionPlanTests
{
    private static ArrayType F32(params int[] shape) => new(DType.F32, shape);

    private static int Steps(Func<NDArray[], NDArray[]> function, params ArrayType[] inputs) =>
        ProgramCompiler.Compile(Staging.StageClosed(function, inputs).Jaxpr).Steps.Count;

    [Fact]
    public void AChainOfElementwiseOperationsIsOneKernel() =>
        Assert.Equal(
            1,
            Steps(
                a =>
                {
                    var x = a[0];
                    return [new Exp().Bind(x * x) * 2.0 + new Log().Bind(x)];
                },
                F32(1000, 100)
            )
        );

    // The pieces that a long chain is cut into must not be put together again.
    [Fact]
    public void ALongChainIsSeveralKernels() =>
        Assert.Equal(
            4,
            Steps(
                a =>
                {
                    var x = a[0];
                    for (int i = 0; i < 2000; i++)
                    {
                        x = x * 1.5;
                    }

                    return [x];
                },
                F32(1000)
            )
        );

    [Fact]
    public void SoftmaxIsOneKernelOverRows() =>
        Assert.Equal(
            1,
            Steps(
                a =>
                {
                    var e = new Exp().Bind(a[0]);
                    var sum = new ReduceSum([1]).Bind(e);
                    return [e / new BroadcastInDim((4096, 1024), [0]).Bind(sum)];
                },
                F32(4096, 1024)
            )
        );

    [Fact]
    public void UpdatesOfOneShapeShareAKernel() =>
        Assert.Equal(
            1,
            Steps(
                a =>
                {
                    var mean = a[0] * 0.9 + a[1] * 0.1;
                    var square = a[2] * 0.999 + a[1] * a[1] * 0.001;
                    return [mean, square, a[3] - mean / (square + 1e-8)];
                },
                F32(256, 256),
                F32(256, 256),
                F32(256, 256),
                F32(256, 256)
            )
        );

    [Fact]
    public void AFullReductionOfManyElementsKeepsItsOwnKernel() =>
        Assert.Equal(
            2,
            Steps(
                a =>
                {
                    var sum = new ReduceSum([0]).Bind(a[0]);
                    return [a[0] / new BroadcastInDim(new Shape(1_000_000), []).Bind(sum)];
                },
                F32(1_000_000)
            )
        );

    [Fact]
    public void SoftmaxOfTheLibraryIsOneKernelOverRows() =>
        Assert.Equal(1, Steps(a => [Nn.Softmax(a[0])], F32(4096, 1024)));

    [Fact]
    public void LayerNormIsOneKernelOverRows() =>
        Assert.Equal(
            1,
            Steps(
                a =>
                {
                    var centred = a[0] - jnp.Mean(a[0], axis: 1, keepDims: true);
                    var variance = jnp.Mean(centred * centred, axis: 1, keepDims: true);
                    return [centred * Lax.Rsqrt(variance + 1e-5f)];
                },
                F32(4096, 1024)
            )
        );

    [Fact]
    public void TheGradientOfAProductIsTwoProducts()
    {
        var (jaxpr, _) = Staging.Stage(
            a =>
            {
                var (x, y) = Jax.Grad((NDArray x, NDArray y) => jnp.Sum(jnp.MatMul(x, y)), argNums: (0, 1))(a[0], a[1]);
                return [x, y];
            },
            [F32(3, 4), F32(4, 5)]
        );
        Assert.Equal(2, jaxpr.Equations.Count(e => e.Primitive is DotGeneral));
    }
}
