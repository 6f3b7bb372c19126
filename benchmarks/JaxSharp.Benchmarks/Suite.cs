using System;
using System.Collections.Generic;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>The rows of the table.</summary>
internal static class Suite
{
    private const int Million10 = 10_000_000;

    public static IEnumerable<Benchmark> Rows =>
        [
            Matmul(64, 0),
            Matmul(128, 0),
            Matmul(256, 0),
            Matmul(512, 0),
            Matmul(1024, 2.0 * 1024 * 1024 * 1024 / 170e9),
            Matmul(2048, 0),
            Convolution("conv 8x56x56x64 3x3", 9e-3, 1, f => Jit(f)),
            Convolution("conv gradients", 0, 2, ConvolutionGradients),
            new("chain 1e7", 20e-3, () => Call(Chain, Normal(Million10))) { Bytes = 8.0 * Million10 },
            new("x+1 1e7", 0, () => Call(x => x + 1, Normal(Million10))) { Bytes = 8.0 * Million10 },
            new("sum 1e7", 0, () => Call(x => jnp.Sum(x), Normal(Million10))) { Bytes = 4.0 * Million10 },
            new("softmax 4096x1024", 1.7e-3, () => Call(x => Nn.Softmax(x), Normal(4096, 1024)))
            {
                Bytes = 8.0 * 4096 * 1024,
            },
            new("layer norm 4096x1024", 1.7e-3, () => Call(LayerNorm, Normal(4096, 1024)))
            {
                Bytes = 8.0 * 4096 * 1024,
            },
            new("logistic step 375x20", 15e-6, LogisticStep),
            new("jitted call, 8 elements", 2e-6, () => Call(x => x * 2 + 1, Normal(8))),
            new("eager multiply, 8 elements", 2e-6, EagerMultiply),
            new("eager Grad(Grad(sigmoid))", 100e-6, EagerGradient),
            new("transpose 4096x1024", 2.2e-3, () => Call(x => Materialized(x.T), Normal(4096, 1024)))
            {
                Bytes = 8.0 * 4096 * 1024,
            },
            new("sort rows 4096x1024", 60e-3, () => Call(x => jnp.Sort(x), Normal(4096, 1024))),
            new("cumsum rows 4096x1024", 1.8e-3, () => Call(x => jnp.CumSum(x, axis: 1), Normal(4096, 1024)))
            {
                Bytes = 8.0 * 4096 * 1024,
            },
            new("random normal 1e7", 25e-3, RandomNormal) { Bytes = 4.0 * Million10 },
            new("scan of 100,000 scalars", 1.2e-3, ScalarScan),
            new("logistic 500 steps, ForiLoop", 1.2e-3, LogisticLoop),
            .. ImageRows.Rows,
            .. SequenceRows.Rows,
        ];

    private static NDArray Chain(NDArray x) => jnp.Tanh(2 * x + 1) * jnp.Exp(-x * x) + Nn.Sigmoid(x);

    private static NDArray LayerNorm(NDArray x)
    {
        var mean = jnp.Mean(x, axis: 1, keepDims: true);
        var centred = x - mean;
        return centred * Lax.Rsqrt(jnp.Mean(centred * centred, axis: 1, keepDims: true) + 1e-5f);
    }

    private static Benchmark Matmul(int n, double floor) =>
        new(
            $"matmul {n}",
            floor,
            () =>
            {
                var (a, b) = (Normal(n, n), Normal(n, n));
                var f = Jit((NDArray x, NDArray y) => jnp.MatMul(x, y));
                return () => f(a, b);
            }
        )
        {
            Flops = 2.0 * n * n * n,
        };

    // Channels last, padding that keeps the extents; so many convolutions' worth of work.
    private static Benchmark Convolution(
        string name,
        double floor,
        int times,
        Func<Func<NDArray, NDArray, NDArray>, Func<NDArray, NDArray, NDArray>> transform
    ) =>
        new(
            name,
            floor,
            () =>
            {
                var (x, w) = (Normal(8, 56, 56, 64), Normal(3, 3, 64, 64));
                var f = transform(
                    (a, b) => Lax.ConvGeneralDilated(a, b, (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC"))
                );
                return () => f(x, w);
            }
        )
        {
            Flops = times * 2.0 * 8 * 56 * 56 * 64 * 64 * 9,
        };

    private static Func<NDArray, NDArray, NDArray> ConvolutionGradients(Func<NDArray, NDArray, NDArray> f)
    {
        // The gradient of a linear function does not compute its value.
        var gradients = Grad((NDArray x, NDArray w) => jnp.Sum(f(x, w)), argNums: (0, 1));
        return Jit(
            (NDArray x, NDArray w) =>
            {
                var (dx, dw) = gradients(x, w);
                return jnp.Sum(dx) + jnp.Sum(dw);
            }
        );
    }

    // A result of its own, with the elements in their new order.
    private static NDArray Materialized(NDArray x) => x + 0;

    private static Action RandomNormal()
    {
        var f = Jit((NDArray key) => JaxRandom.Normal(key, Million10));
        var key = JaxRandom.PRNGKey(0);
        return () => f(key);
    }

    private static Action ScalarScan()
    {
        static (NDArray, NDArray?) Step(NDArray c, NDArray? x) => (jnp.Sin(c) * 0.9f + 0.1f, null);
        var f = Jit((NDArray c) => Lax.Scan(Step, c, null, 100_000).Carry);
        NDArray start = 0.5f;
        return () => f(start);
    }

    private static Action LogisticLoop()
    {
        var update = LogisticUpdate();
        var loop = Jit(
            (NDArray c, NDArray w) => Lax.ForiLoop(0, 500, (_, state) => update(state.Item1, state.Item2), (c, w))
        );
        var (c, w) = (jnp.Zeros(Shape.Scalar), jnp.Zeros(20));
        return () => loop(c, w);
    }

    private static Action LogisticStep()
    {
        var step = Jit(LogisticUpdate());
        var state = (C: jnp.Zeros(Shape.Scalar), W: jnp.Zeros(20));
        return () => state = step(state.C, state.W);
    }

    private static Func<NDArray, NDArray, (NDArray, NDArray)> LogisticUpdate()
    {
        var (x, y) = (Normal(375, 20), jnp.Where(Normal(375) > 0, 1.0f, 0.0f));
        NDArray Cost(NDArray c, NDArray w)
        {
            var p = 1 / (1 + jnp.Exp(-(jnp.Dot(x, w) + c)));
            return -jnp.Mean(y * jnp.Log(p) + (1 - y) * jnp.Log(1 - p));
        }

        return (c, w) =>
        {
            var (_, (dc, dw)) = ValueAndGrad(Cost, argNums: (0, 1))(c, w);
            return (c - 0.1f * dc, w - 0.1f * dw);
        };
    }

    private static Action EagerMultiply()
    {
        var (x, y) = (Normal(8), Normal(8));
        return () => _ = x * y;
    }

    private static Action EagerGradient()
    {
        NDArray Sigmoid(NDArray x) => 1 / (1 + jnp.Exp(-x));
        var hessian = Grad(Grad(Sigmoid));
        NDArray at = 0.5;
        return () => hessian(at);
    }

    private static Action Call(Func<NDArray, NDArray> function, NDArray x)
    {
        var f = Jit(function);
        return () => f(x);
    }

    private static NDArray Normal(params int[] shape) => Sample.Normal(shape);
}
