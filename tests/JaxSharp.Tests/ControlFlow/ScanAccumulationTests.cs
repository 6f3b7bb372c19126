using System;
using System.Linq;
using JaxSharp.Execution;
using JaxSharp.Transforms;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.ControlFlow;

/// <summary>Gradients of weights in a scan are one product behind the loop.</summary>
public class ScanAccumulationTests
{
    private static NDArray Normal(int seed, params int[] shape) => JaxRandom.Normal(JaxRandom.PRNGKey(seed), shape);

    private static NDArray Recurrent(NDArray w, NDArray u, NDArray xs)
    {
        var (_, ys) = Lax.Scan(
            (h, x) =>
            {
                var next = jnp.Tanh(jnp.Dot(x, w) + jnp.Dot(h, u));
                return (next, next);
            },
            jnp.Zeros((xs.Shape[1], u.Shape[0])),
            xs
        );
        return jnp.Sum(ys * ys);
    }

    [Fact]
    public void TheGradientIsThatOfTheLoopWrittenOut()
    {
        var (w, u, xs) = (Normal(0, 5, 40) * 0.3f, Normal(1, 40, 40) * 0.1f, Normal(2, 7, 6, 5));
        NDArray WrittenOut(NDArray w, NDArray u, NDArray xs)
        {
            var h = jnp.Zeros((6, 40));
            NDArray sum = 0;
            for (int t = 0; t < 7; t++)
            {
                h = jnp.Tanh(jnp.Dot(xs[t], w) + jnp.Dot(h, u));
                sum += jnp.Sum(h * h);
            }

            return sum;
        }

        var (dw, du, dx) = Grad(Recurrent, argNums: (0, 1, 2))(w, u, xs);
        var (ew, eu, ex) = Grad(WrittenOut, argNums: (0, 1, 2))(w, u, xs);
        Assert.True((bool)jnp.AllClose(dw, ew, 1e-4, 1e-4));
        Assert.True((bool)jnp.AllClose(du, eu, 1e-4, 1e-4));
        Assert.True((bool)jnp.AllClose(dx, ex, 1e-4, 1e-4));
    }

    [Fact]
    public void ProductsLeaveTheLoop()
    {
        var explanation = Explain(
            Grad(Recurrent, argNums: (0, 1)),
            Normal(0, 5, 40),
            Normal(1, 40, 40),
            Normal(2, 7, 6, 5)
        );
        var products = explanation.Kernels.Where(k => k.Name.StartsWith("dot_general", StringComparison.Ordinal));
        Assert.Equal(2, products.Count(k => k.Depth == 0));
        Assert.Equal(3, products.Count(k => k.Depth == 1));
    }

    [Fact]
    public void ASumThatIsReadInTheLoopStaysThere()
    {
        NDArray Loop(NDArray x, NDArray a)
        {
            var (sum, _) = Lax.Scan((s, y) => (s + jnp.Dot(y.T, y) * jnp.Sum(s), (NDArray?)null), x, a);
            return sum;
        }

        var (x, a) = (Normal(0, 8, 8), Normal(1, 5, 3, 8) * 0.1f);
        var expected = x;
        for (int t = 0; t < 5; t++)
        {
            expected += jnp.Dot(a[t].T, a[t]) * jnp.Sum(expected);
        }

        Assert.True((bool)jnp.AllClose(Jit(Loop)(x, a), expected, 1e-4, 1e-4));
    }

    [Fact]
    public void ASumOfTransposedProductsStartsWithItsFirstValue()
    {
        var (x, a, b) = (Normal(0, 9, 8), Normal(1, 6, 3, 8), Normal(2, 6, 3, 9));
        var (sum, count) = Jit(
            (NDArray x, NDArray a, NDArray b) =>
                Lax.Scan(
                    ((NDArray Sum, NDArray Count) c, (NDArray A, NDArray B) y) =>
                        ((c.Sum + jnp.Dot(y.A.T, y.B).T, c.Count + 1), (NDArray?)null),
                    (x, 0),
                    (a, b)
                ).Item1
        )(x, a, b);
        Assert.Equal(6, (int)count);
        Assert.True((bool)jnp.AllClose(sum, x + jnp.Einsum("tki,tkj->ji", a, b), 1e-4, 1e-4));
    }
}
