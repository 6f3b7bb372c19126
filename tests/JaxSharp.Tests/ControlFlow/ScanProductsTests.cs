using System;
using System.Linq;
using JaxSharp.Transforms;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.ControlFlow;

/// <summary>What a scan multiplies its slices with in every step is done for all steps before the loop.</summary>
public class ScanProductsTests
{
    private static NDArray Normal(int seed, params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(seed), shape);

    private static (int Before, int Inside) Products(Func<NDArray, NDArray, NDArray> f, NDArray w, NDArray xs)
    {
        var products = Explain(f, w, xs)
            .Kernels.Where(k => k.Name.StartsWith("dot_general", StringComparison.Ordinal))
            .ToArray();
        return (products.Count(k => k.Depth == 0), products.Count(k => k.Depth == 1));
    }

    private static void IsTheLoopWrittenOut(
        Func<NDArray, NDArray, NDArray, (NDArray, NDArray)> step,
        NDArray start,
        NDArray w,
        NDArray xs,
        (int Before, int Inside) products,
        bool reverse = false
    )
    {
        NDArray Loop(NDArray w, NDArray xs)
        {
            var (h, ys) = Lax.Scan((h, x) => step(h, x, w), start, xs, reverse: reverse);
            return jnp.Concatenate([h.Ravel(), ys.Ravel()]);
        }

        var h = start;
        var ys = new NDArray[xs.Shape[0]];
        for (int i = 0; i < ys.Length; i++)
        {
            int t = reverse ? ys.Length - 1 - i : i;
            (h, ys[t]) = step(h, xs[t], w);
        }

        var expected = jnp.Concatenate([h.Ravel(), jnp.Stack(ys).Ravel()]);
        Assert.True((bool)jnp.AllClose(Jit(Loop)(w, xs), expected, 1e-4, 1e-4));
        Assert.Equal(products, Products(Loop, w, xs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AProductOfASliceLeavesTheLoop(bool reverse) =>
        IsTheLoopWrittenOut(
            (h, x, w) =>
            {
                var next = jnp.Tanh(h + jnp.Dot(x, w));
                return (next, next * 2);
            },
            Normal(0, 4, 9),
            Normal(1, 16, 9) * 0.2f,
            Normal(2, 6, 4, 16),
            (1, 0),
            reverse
        );

    [Fact]
    public void SoDoesWhatIsComputedOfASliceFirst() =>
        IsTheLoopWrittenOut(
            (h, x, w) =>
            {
                var hidden = Nn.Relu(jnp.Dot(x, w));
                var next = jnp.Tanh(h + jnp.Dot(hidden, w.T));
                return (next, jnp.Sum(x) + next);
            },
            Normal(0, 3, 10),
            Normal(1, 10, 12) * 0.2f,
            Normal(2, 5, 3, 10),
            (2, 0)
        );

    [Fact]
    public void AProductThatIsAResultIsThatOfAllSteps() =>
        IsTheLoopWrittenOut(
            (h, x, w) => (h + jnp.Sum(x), jnp.Dot(w, x)),
            Normal(0),
            Normal(1, 8, 16),
            Normal(2, 5, 16, 3),
            (1, 0)
        );

    [Fact]
    public void AProductWithACarriedValueStays() =>
        IsTheLoopWrittenOut(
            (h, x, w) =>
            {
                var next = jnp.Tanh(jnp.Dot(h + x, w));
                return (next, next);
            },
            Normal(0, 4, 9),
            Normal(1, 9, 9) * 0.2f,
            Normal(2, 6, 4, 9),
            (0, 1)
        );

    [Fact]
    public void AProductOfTwoSlicesStays() =>
        IsTheLoopWrittenOut(
            (h, x, w) => (h + jnp.Dot(x, x.T), jnp.Sum(w)),
            Normal(0, 4, 4),
            Normal(1, 9),
            Normal(2, 6, 4, 9),
            (0, 1)
        );
}
