using System;
using System.Collections.Generic;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Benchmarks;

/// <summary>Work on few numbers, where calls count and not elements.</summary>
internal static class SmallRows
{
    /// <summary>The first derivative of a process, which its start is timed with.</summary>
    public const string FirstDerivative = "eager Grad(sigmoid)";

    public static IEnumerable<Benchmark> Rows =>
        [
            new("logistic step 375x20", 15e-6, LogisticStep),
            new("logistic 500 steps, ForiLoop", 1.2e-3, LogisticLoop),
            new("jitted call, 8 elements", 2e-6, JittedCall),
            new("eager multiply, 8 elements", 2e-6, EagerMultiply),
            new(FirstDerivative, 0, () => EagerGradient(Grad(Sigmoid))),
            new("eager Grad(Grad(sigmoid))", 100e-6, () => EagerGradient(Grad(Grad(Sigmoid)))),
            ScalarScan(100_000, 1.2e-3) with
            {
                Name = "scan of 100,000 scalars",
            },
        ];

    /// <summary>A loop over a number.</summary>
    public static Benchmark ScalarScan(int length, double floor = 0) =>
        new(
            $"scan of {length} scalars",
            floor,
            () =>
            {
                static (NDArray, NDArray?) Step(NDArray c, NDArray? x) => (jnp.Sin(c) * 0.9f + 0.1f, null);
                var f = Jit((NDArray c) => Lax.Scan(Step, c, null, length).Carry);
                NDArray start = 0.5f;
                return Workload.Of([start], () => f(start));
            }
        )
        {
            Kind = "scan of scalars",
        };

    private static NDArray Sigmoid(NDArray x) => 1 / (1 + jnp.Exp(-x));

    private static Workload LogisticLoop()
    {
        var (x, y) = LogisticData();
        var update = LogisticUpdate(x, y);
        var loop = Jit(
            (NDArray c, NDArray w) => Lax.ForiLoop(0, 500, (_, state) => update(state.Item1, state.Item2), (c, w))
        );
        var (c, w) = (jnp.Zeros(Shape.Scalar), jnp.Zeros(20));
        return Workload.Of([x, y], () => loop(c, w));
    }

    private static Workload LogisticStep()
    {
        var (x, y) = LogisticData();
        var step = Jit(LogisticUpdate(x, y));
        var state = (C: jnp.Zeros(Shape.Scalar), W: jnp.Zeros(20));
        return Workload.Of([x, y], () => state = step(state.C, state.W));
    }

    private static (NDArray X, NDArray Y) LogisticData() =>
        (Sample.Normal(375, 20), jnp.Where(Sample.Normal(375) > 0, 1.0f, 0.0f));

    private static Func<NDArray, NDArray, (NDArray, NDArray)> LogisticUpdate(NDArray x, NDArray y)
    {
        NDArray Cost(NDArray c, NDArray w)
        {
            var p = Sigmoid(jnp.Dot(x, w) + c);
            return -jnp.Mean(y * jnp.Log(p) + (1 - y) * jnp.Log(1 - p));
        }

        return (c, w) =>
        {
            var (_, (dc, dw)) = ValueAndGrad(Cost, argNums: (0, 1))(c, w);
            return (c - 0.1f * dc, w - 0.1f * dw);
        };
    }

    private static Workload JittedCall()
    {
        var x = Sample.Normal(8);
        var f = Jit((NDArray x) => x * 2 + 1);
        return Workload.Of([x], () => f(x));
    }

    private static Workload EagerMultiply()
    {
        var (x, y) = (Sample.Normal(8), Sample.Second(8));
        return Workload.Of([x, y], () => x * y);
    }

    private static Workload EagerGradient(Func<NDArray, NDArray> gradient)
    {
        NDArray at = 0.5;
        return Workload.Of([at], () => gradient(at));
    }
}
