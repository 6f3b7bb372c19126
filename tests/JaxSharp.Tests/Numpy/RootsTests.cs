using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Numpy;

/// <summary>Roots of polynomials follow their coefficients.</summary>
public sealed class RootsTests
{
    [Fact]
    public void RootsHaveDerivatives()
    {
        using var scope = JaxConfig.X64();

        // The larger root of x² + b x + 2, and its derivatives by b.
        NDArray Larger(NDArray b) => jnp.Max(jnp.Real(jnp.Roots(jnp.Stack([1.0, b, 2.0]))));
        NDArray Exact(NDArray b) => (jnp.Sqrt(b * b - 8) - b) / 2;
        Assert.Equal((double)Exact(-3.5), (double)Larger(-3.5), 12);
        Assert.Equal((double)Grad(Exact)(-3.5), (double)Grad(Larger)(-3.5), 10);
        Assert.Equal((double)Grad(Grad(Exact))(-3.5), (double)Grad(Grad(Larger))(-3.5), 8);
        Assert.Equal((double)JacFwd(Grad(Exact))(-3.5), (double)JacFwd(Grad(Larger))(-3.5), 8);
    }
}
