using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Tests.Numpy;

/// <summary>Arguments at the edge of what functions take.</summary>
public sealed class EdgeCaseTests
{
    [Fact]
    public void Interp_with_one_point_knows_what_is_left_of_it()
    {
        var x = Jnp.Array([0f, 1f, 2f]);
        var y = Jnp.Interp(x, Jnp.Array([1f]), Jnp.Array([5f]), left: -1.0, right: 9.0);
        Assert.Equal([-1f, 5f, 9f], y.ToArray<float>());
    }

    [Fact]
    public void Take_clips_negative_places_to_the_first()
    {
        var x = Jnp.Array([10, 20, 30]);
        Assert.Equal([10, 30], Jnp.Take(x, Jnp.Array([-1, 7]), mode: "clip").ToArray<int>());
        Assert.Throws<JaxArgumentException>(() => Jnp.TakeAlongAxis(x, Jnp.Array([4]), mode: "wrap"));
    }

    [Fact]
    public void Put_without_values_changes_nothing() =>
        Assert.Equal([1f, 2f], Jnp.Put(Jnp.Array([1f, 2f]), Jnp.Array([0]), Jnp.Zeros(0)).ToArray<float>());

    [Fact]
    public void SetDiff1D_of_a_size_takes_the_smallest() =>
        Assert.Equal([1, 2], Jnp.SetDiff1D(Jnp.Array([3, 1, 2]), Jnp.Array([9]), size: 2).ToArray<int>());

    [Fact]
    public void Bad_bytes_and_texts_are_refused()
    {
        Assert.Throws<JaxArgumentException>(() => Jnp.FromBuffer(new byte[8], DType.F32, offset: 12));
        Assert.Throws<JaxArgumentException>(() => Jnp.FromString("1 two 3"));
        Assert.Throws<JaxArgumentException>(() => Lax.Add(Jnp.Ones(2), null!));
    }
}
