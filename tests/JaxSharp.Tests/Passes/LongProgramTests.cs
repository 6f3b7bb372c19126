using System;
using System.Linq;
using System.Runtime.ExceptionServices;
using System.Threading;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Passes;

/// <summary>Programs of thousands of operations, on a thread with the smallest stack that is a default anywhere.</summary>
public class LongProgramTests
{
    private const int SmallStack = 1 << 20;

    [Fact]
    public void AChainOfAdditions() =>
        OnSmallStack(() => Assert.Equal(10_001, (float)Jit(x => Repeat(x, 10_000, y => y + 1))(1f)));

    [Fact]
    public void AChainOfViews() =>
        OnSmallStack(() =>
        {
            var x = jnp.Reshape(jnp.Arange(6), (2, 3));
            var y = Jit(v => Repeat(v, 10_001, y => jnp.Transpose(y)))(x);
            Assert.True((bool)jnp.ArrayEqual(jnp.Transpose(x), y));
        });

    [Fact]
    public void GradientsOfManySums() =>
        OnSmallStack(() =>
        {
            NDArray Sums(NDArray x) =>
                Enumerable.Range(0, 600).Aggregate((NDArray)0f, (sum, i) => sum + jnp.Sum(jnp.Sin(x * (i / 600f))));

            var x = jnp.Linspace(0f, 1f, 24);
            Assert.True((bool)jnp.AllClose(Grad(Sums)(x), Jit(Grad(Sums))(x), 1e-4, 1e-3));
        });

    // Kernels join others that come much earlier or later, which must keep what each waits for before it.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomProgramsGiveWhatTheirOperationsGive(int seed)
    {
        NDArray[] Run(NDArray x)
        {
            var random = new Random(seed);
            NDArray[] values = [x, jnp.Sum(x, axis: 1), jnp.Sum(x, axis: 0)];
            for (int i = 0; i < 400; i++)
            {
                NDArray Pick() => values[random.Next(values.Length)];
                var next = random.Next(5) switch
                {
                    0 => jnp.Sin(Pick()),
                    1 => jnp.Tanh(Pick() - 0.5f),
                    2 => jnp.Mean(jnp.BroadcastTo(Pick(), (8, 8)), axis: random.Next(2)),
                    3 => jnp.Transpose(jnp.BroadcastTo(Pick(), (8, 8))) * Pick(),
                    _ => jnp.Tanh(Pick() + Pick()),
                };
                values = [.. values, next];
            }

            return values[^20..];
        }

        var x = jnp.Reshape(jnp.Linspace(-1f, 1f, 64), (8, 8));
        foreach (var (expected, actual) in Run(x).Zip(Jit<NDArray[]>(Run)(x)))
        {
            Assert.True((bool)jnp.AllClose(expected, actual, 1e-3, 1e-4));
        }
    }

    private static NDArray Repeat(NDArray x, int count, Func<NDArray, NDArray> step)
    {
        for (int i = 0; i < count; i++)
        {
            x = step(x);
        }

        return x;
    }

    private static void OnSmallStack(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception error)
                {
                    failure = ExceptionDispatchInfo.Capture(error);
                }
            },
            SmallStack
        );
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
