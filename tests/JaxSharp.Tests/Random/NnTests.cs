using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.NeuralNetworks;

public sealed class NnTests
{
    [Fact]
    public void Derivatives_at_kinks_are_those_of_Jax()
    {
        Assert.Equal(0, (double)Grad(Nn.Relu)(0.0));
        Assert.Equal(0, (double)Grad(Nn.Relu6)(6.0));
        Assert.Equal(1, (double)Grad(Nn.HardTanh)(1.0));
        Assert.Equal(0.25, (double)Grad(Nn.SparseSigmoid)(1.0));
    }

    [Fact]
    public void Extreme_values_do_not_overflow()
    {
        Assert.Equal([-1000f, 0f], Nn.LogSigmoid(Jnp.Array([-1000f, 1000f])).ToArray<float>());
        Assert.Equal([0.5f, 0.5f, 0f], Nn.Softmax(Jnp.Array([1e30f, 1e30f, -1e30f])).ToArray<float>());
        Assert.Equal(1000 + System.Math.Log(2), (double)Nn.LogSumExp(Jnp.Array([1000f, 1000f])), 1e-3);
    }

    [Fact]
    public void Softmax_leaves_out_what_is_masked()
    {
        NDArray p = Nn.Softmax(Jnp.Array([0f, 5f, 0f]), where: Jnp.Array([true, false, true]));
        Assert.Equal([0.5f, 0f, 0.5f], p.ToArray<float>());
    }

    [Fact]
    public void Causal_attention_sees_no_later_key()
    {
        NDArray q = JaxRandom.Normal(JaxRandom.Key(0), (1, 3, 2, 4));
        NDArray k = JaxRandom.Normal(JaxRandom.Key(1), (1, 3, 2, 4));
        NDArray v = JaxRandom.Normal(JaxRandom.Key(2), (1, 3, 2, 4));
        NDArray y = Nn.DotProductAttention(q, k, v, isCausal: true);
        Assert.Equal(
            v[0, 0].Ravel().ToArray<float>(),
            y[0, 0].Ravel().ToArray<float>(),
            (a, b) => System.Math.Abs(a - b) < 1e-6
        );
    }

    [Fact]
    public void Initializers_have_the_variance_of_their_fans()
    {
        NDArray w = Initializers.HeNormal()(JaxRandom.Key(0), (400, 300));
        Assert.Equal(2.0 / 400, (double)Jnp.Var(w), 1e-4);
        NDArray q = Initializers.Orthogonal()(JaxRandom.Key(0), (5, 5));
        NDArray identity = Jnp.MatMul(q, q.T);
        Assert.True((bool)Jnp.AllClose(identity, Jnp.Eye(5), atol: 1e-5));
    }
}
