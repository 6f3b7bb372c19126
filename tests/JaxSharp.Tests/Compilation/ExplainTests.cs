using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Compilation;

/// <summary>What <c>Explain</c> tells about compiled functions.</summary>
public sealed class ExplainTests
{
    [Fact]
    public void KernelsComeWithWorkAndTime()
    {
        var f = Jit((NDArray x, NDArray w) => jnp.Sum(jnp.Tanh(jnp.Dot(x, w))));
        var explanation = Explain(f, jnp.Ones((64, 32)), jnp.Ones((32, 16)));
        Assert.Equal(
            ["dot_general -> f32[64,16]", "tanh reduce_sum -> f32[]"],
            explanation.Kernels.Select(k => k.Name)
        );
        var product = explanation.Kernels[0];
        Assert.Equal(2.0 * 64 * 32 * 16, product.Flops);
        Assert.Equal(4 * ((64 * 32) + (32 * 16) + (64 * 16)), product.Bytes);
        Assert.Equal(1, product.Runs);
        Assert.All(explanation.Kernels, k => Assert.InRange(k.Measured, 1e-9, explanation.Measured));
        Assert.Contains("tanh reduce_sum -> f32[]", explanation.ToString());
    }

    [Fact]
    public void KernelsOfALoopFollowIt()
    {
        var explanation = Explain(c => Lax.ForiLoop(0, 10, (_, x) => jnp.Sin(x), c), jnp.Ones(3));
        Assert.Equal("kernels", explanation.Kernels[0].Limit);
        var sine = explanation.Kernels.Single(k => k.Name.Contains("sin"));
        Assert.Equal((1, 10), (sine.Depth, sine.Runs));
    }

    [Fact]
    public void DonatedArgumentsStayUsable()
    {
        var x = jnp.Ones(10000);
        Explain(Jit((NDArray y) => y + 1, donateArgNums: 0), x);
        Assert.Equal(10000, (int)jnp.Sum(x));
    }
}
