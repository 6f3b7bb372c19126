using Xunit;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Numpy;

/// <summary>Places given as integers too narrow for the axis they belong to.</summary>
public sealed class NarrowIntegerTests
{
    private static readonly NDArray Long = jnp.Arange(1000);

    [Fact]
    public void PlacesBeyondTheTypeAreReached()
    {
        NDArray bytes = jnp.Array(new byte[] { 250, 251 });
        NDArray signed = jnp.Array(new sbyte[] { -1, -128 });
        Assert.Equal([250, 251], jnp.Take(Long, bytes, mode: "wrap").ToArray<int>());
        Assert.Equal([999, 872], Long[signed].ToArray<int>());
        Assert.Equal([7, 7], jnp.Put(Long, bytes, 7)[250..252].ToArray<int>());
        Assert.Equal([12, 12], jnp.UnravelIndex(bytes, (20, 20))[0].ToArray<int>());
        Assert.Equal(1, (int)jnp.Sum(Nn.OneHot(jnp.Array((byte)5), 300)));
        Assert.Equal(400, jnp.Repeat(jnp.Arange(2), jnp.Array(new byte[] { 200, 200 })).Length);
    }

    [Fact]
    public void SlicesStartAtPlacesBeyondTheType()
    {
        NDArray last = jnp.Array((sbyte)-1);
        Assert.Equal([999], Lax.DynamicSlice(Long, new[] { last }, 1).ToArray<int>());
        NDArray rows = jnp.Stack([Long, Long]);
        Assert.Equal([500], Lax.DynamicSlice(rows, (jnp.Array((sbyte)1), 500), (1, 1)).ToArray<int>());
    }
}
