using System;
using System.Collections.Generic;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>Products of matrices.</summary>
internal static class MatmulRows
{
    public static IEnumerable<Benchmark> Rows =>
        [
            Square(64),
            Square(128),
            Square(256),
            Square(512),
            Square(1024, 2.0 * 1024 * 1024 * 1024 / 170e9),
            Square(2048),
            Product(128, 784, 512),
            Product(1, 3136, 128),
            Product(513, 1027, 259),
            new("matmul 512, first transposed", 0, () => Call((x, y) => jnp.MatMul(x.T, y), [512, 512], [512, 512]))
            {
                Flops = Flops(512, 512, 512),
            },
            new("matmul 512, second transposed", 0, () => Call((x, y) => jnp.MatMul(x, y.T), [512, 512], [512, 512]))
            {
                Flops = Flops(512, 512, 512),
            },
            new("matmul 64 of 128x32x128", 0, () => Call((x, y) => jnp.MatMul(x, y), [64, 128, 32], [64, 32, 128]))
            {
                Kind = "matmul",
                Flops = 64 * Flops(128, 32, 128),
            },
        ];

    public static Benchmark Square(int n, double floor = 0) =>
        Product(n, n, n) with
        {
            Name = $"matmul {n}",
            Floor = floor,
        };

    /// <summary>A matrix of m×k by one of k×n.</summary>
    public static Benchmark Product(int m, int k, int n) =>
        new($"matmul {m}x{k}x{n}", 0, () => Call((x, y) => jnp.MatMul(x, y), [m, k], [k, n]))
        {
            Kind = "matmul",
            Flops = Flops(m, k, n),
        };

    private static double Flops(double m, double k, double n) => 2 * m * k * n;

    private static Workload Call(Func<NDArray, NDArray, NDArray> function, int[] left, int[] right)
    {
        var (a, b) = (Sample.Normal(left), Sample.Second(right));
        var f = Jit(function);
        return Workload.Of([a, b], () => f(a, b));
    }
}
