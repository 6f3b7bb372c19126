using System;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Errors;

/// <summary>Arrays too large for memory, or for counting, are refused by typed errors, and nothing is lost by the attempt.</summary>
public class MemoryRequestTests
{
    private const int Million = 1_000_000;

    private static readonly NDArray Long = jnp.Zeros(Million);

    [Fact]
    public void OuterProducts() => Refused(() => (Long[.., null] * Long[null, ..]));

    [Fact]
    public void UnderJit() => Refused(() => Jit((NDArray x) => jnp.CumSum(x[.., null] + x[null, ..], 0))(Long));

    [Fact]
    public void UnderVmap() => Refused(() => Vmap((NDArray x) => jnp.CumSum(x + Long))(Long));

    [Fact]
    public void UnderGrad() => Refused(() => Jacobian(Long));

    [Fact]
    public void StackedByScan() => Refused(() => Lax.Scan((c, x) => (c, c + x), Long, Long).Ys);

    [Fact]
    public void ShapesThatCannotBeCounted()
    {
        Assert.Throws<ShapeException>(() => jnp.Zeros((int.MaxValue, int.MaxValue, 5)));
        Assert.Throws<ShapeException>(() =>
            Jit((NDArray x) => jnp.BroadcastTo(x, (int.MaxValue, int.MaxValue, 5)))(jnp.Ones(Shape.Scalar))
        );
        Assert.Throws<ShapeException>(() => jnp.Zeros((int.MaxValue, int.MaxValue, 2)));
        Refused(() => jnp.Zeros((int.MaxValue, int.MaxValue, 2), DType.I8));
        Assert.Throws<ShapeException>(() => jnp.Eye(int.MaxValue));
        Refused(() => jnp.Tile(jnp.Ones(int.MaxValue / 1024), (int.MaxValue / 2, 1024)));
    }

    private static NDArray Jacobian(NDArray x) => JacRev((NDArray y) => jnp.Sin(y) * 2)(x);

    private static void Refused(Func<NDArray> function)
    {
        Assert.Throws<OutOfMemoryRequestException>(function);
        Assert.Throws<OutOfMemoryRequestException>(function);
        Assert.Equal(3.0, (double)jnp.Sum(jnp.Ones(3)));
    }
}
