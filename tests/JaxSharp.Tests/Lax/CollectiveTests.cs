using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.LaxFunctions;

/// <summary>Element types, axes and permutations of functions over the slices of a mapped axis.</summary>
public sealed class CollectiveTests
{
    private static readonly NDArray X = Jnp.Reshape(Jnp.Arange(8), (2, 2, 2));

    [Fact]
    public void IntegersAreSummedExactly()
    {
        var large = Jnp.Array([16777217, 0]);
        Assert.Equal(8388608.5f, (float)Mapped(x => Lax.PMean(x, "i"), large)[0], 1f);
        Assert.Equal(DType.F32, Mapped(x => Lax.PMean(x, "i"), large).DType);
        Assert.Equal([2, 2, 2], Mapped(x => Lax.PSum(x, "i"), Jnp.Array([true, false, true])).ToArray<int>());
        using var scope = JaxConfig.X64();
        var mean = Mapped(x => Lax.PMean(x, "i"), Jnp.Array([(1L << 53) + 2, 0L]));
        Assert.Equal(DType.F64, mean.DType);
        Assert.Equal((1L << 52) + 1.0, (double)mean[0]);
    }

    [Fact]
    public void AxesCountFromEitherEnd()
    {
        var front = Mapped(x => Lax.AllToAll(x, "i", 1, 0), X);
        Assert.Equal(front.ToArray<int>(), Mapped(x => Lax.AllToAll(x, "i", -1, -2), X).ToArray<int>());
        Assert.Equal([0, 2, 4, 6, 1, 3, 5, 7], Jnp.Ravel(Mapped(x => Lax.AllToAll(x, "i", -1, 0), X)).ToArray<int>());
        Assert.Throws<AxisException>(() => Mapped(x => Lax.AllToAll(x, "i", 2, 0), X));
    }

    [Fact]
    public void ShufflesNameEverySlice()
    {
        var x = Jnp.Array([1, 2, 3]);
        Assert.Equal([3, 1, 2], Mapped(v => Lax.PShuffle(v, "i", [2, 0, 1]), x).ToArray<int>());
        Assert.Throws<JaxArgumentException>(() => Mapped(v => Lax.PShuffle(v, "i", [1, 0]), x));
    }

    private static NDArray Mapped(System.Func<NDArray, NDArray> function, NDArray x) =>
        Vmap(function, axisName: "i")(x);
}
