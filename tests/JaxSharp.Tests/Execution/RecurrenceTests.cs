using System;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Execution;

/// <summary>Loops over single elements, compiled as a whole, give the bits of their steps one by one.</summary>
public class RecurrenceTests
{
    private const int Steps = 20;

    private static void Same(NDArray expected, NDArray actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.True((bool)jnp.ArrayEqual(expected, actual, equalNan: true), $"{expected} is not {actual}");
    }

    private static void Compare(
        Func<NDArray, NDArray, (NDArray Carry, NDArray? Y)> step,
        NDArray start,
        NDArray xs,
        bool reverse = false
    )
    {
        var (carry, stacked) = Jit((NDArray c, NDArray xs) => Lax.Scan(step, c, xs, reverse: reverse))(start, xs);
        var one = Jit(
            (NDArray c, NDArray x) =>
            {
                var (next, y) = step(c, x);
                return (next, y!);
            }
        );
        var ys = new NDArray[xs.Shape[0]];
        for (int i = 0; i < ys.Length; i++)
        {
            int t = reverse ? ys.Length - 1 - i : i;
            (start, ys[t]) = one(start, xs[t]);
        }

        Same(start, carry);
        Same(jnp.Stack(ys), stacked);
    }

    private static NDArray Inputs(DType dtype) => jnp.AsType(jnp.Linspace(-3, 3, Steps), dtype);

    [Theory]
    [InlineData("f32")]
    [InlineData("f16")]
    [InlineData("bf16")]
    [InlineData("i32")]
    [InlineData("u32")]
    [InlineData("i8")]
    [InlineData("u8")]
    [InlineData("i16")]
    public void ElementsOfEveryType(string name)
    {
        var dtype = DType.Parse(name)!;
        foreach (bool reverse in new[] { false, true })
        {
            Compare(
                (c, x) =>
                {
                    var next = c * x + (c - x);
                    return (next, jnp.Maximum(next, x));
                },
                jnp.Array(2, dtype),
                Inputs(dtype),
                reverse
            );
        }
    }

    [Fact]
    public void RareCallsHappen() =>
        Compare((c, x) => (jnp.Sin(c * 3e4f) + x, jnp.Cos(c * 1e5f)), jnp.Array(0.7f), Inputs(DType.F32));

    [Fact]
    public void OperandsNextToZeroGoShortWays() =>
        Compare(
            (c, x) =>
            {
                var both = jnp.Sin(c) + jnp.Cos(c);
                return (jnp.Tanh(c * x) * 1.5f + both, (jnp.Tan(x) - jnp.Sin(-0f * x)) / (both * 0));
            },
            jnp.Array(0.3f),
            Inputs(DType.F32)
        );

    [Fact]
    public void TruthIsCarried() =>
        Compare((c, x) => (jnp.LogicalXor(c, x > 0.5f), jnp.Where(c, x, -x)), jnp.Array(true), Inputs(DType.F32));

    [Fact]
    public void ArraysThatDoNotChangeAreReadAtCarriedPlaces()
    {
        var table = jnp.Arange(7) * 2.5f;
        Compare((i, x) => ((i * 5 + 3) % 7, table[i] + x), jnp.Array(2), Inputs(DType.F32));
    }

    [Fact]
    public void AConditionEndsTheLoop()
    {
        var f = Jit(
            (NDArray limit) =>
                Lax.WhileLoop(s => s.Item2 < limit, s => (s.Item1 + 1, s.Item2 * 1.5f), (jnp.Array(0), jnp.Array(1f)))
        );
        var (n, x) = f(jnp.Array(100f));
        Assert.Equal(12, (int)n);
        Assert.Equal(MathF.Pow(1.5f, 12), (float)x, 1e-3f);
        (n, x) = f(jnp.Array(0.5f));
        Assert.Equal(0, (int)n);
        Assert.Equal(1f, (float)x);
    }

    [Fact]
    public void TheCarriedValuesOfAStepAreReplacedTogether()
    {
        var f = Jit((NDArray a, NDArray b) => Lax.ForiLoop(0, 30, (_, s) => (s.Item2, s.Item1 + s.Item2), (a, b)));
        var (a, b) = f(jnp.Array(0), jnp.Array(1));
        Assert.Equal(832040, (int)a);
        Assert.Equal(1346269, (int)b);
    }

    [Fact]
    public void TheLoopIsOneKernel()
    {
        var explanation = Explain(
            c => Lax.Scan((c, x) => (jnp.Sin(c) + x, c * 2), c, jnp.Zeros(Steps)).Ys,
            jnp.Array(0.5f)
        );
        Assert.DoesNotContain(explanation.Kernels, k => k.Depth > 0);
    }
}
