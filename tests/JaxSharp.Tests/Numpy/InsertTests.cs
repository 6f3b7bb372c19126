using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>What can be put in where.</summary>
public sealed class InsertTests
{
    private static readonly NDArray X = Jnp.Array([1f, 2f, 3f]);
    private static readonly NDArray Two = Jnp.Array([7f, 8f]);

    [Fact]
    public void OnePlaceTakesManyValues()
    {
        float[] expected = [1f, 7f, 8f, 2f, 3f];
        Assert.Equal(expected, Jnp.Insert(X, 1, Two).ToArray<float>());
        Assert.Equal(expected, Jnp.Insert(X, Jnp.Array([1]), Two).ToArray<float>());
        Assert.Equal(expected, Jnp.Insert(X, 1..2, Two).ToArray<float>());
        Assert.Equal(expected, Jnp.Insert(X, Jnp.Array([1, 1]), Two).ToArray<float>());
    }

    [Fact]
    public void ValuesBroadcastAlongOtherAxes()
    {
        var x = Jnp.Zeros((2, 3), DType.I32);
        var pair = Jnp.Array([7, 8]);
        Assert.Equal([0, 7, 0, 0, 0, 8, 0, 0], Jnp.Insert(x, 1, pair, axis: 1).ToArray<int>());
        Assert.Equal([7, 0, 0, 8, 0, 7, 0, 0, 8, 0], Jnp.Insert(x, Jnp.Array([0, 2]), pair, axis: -1).ToArray<int>());
        Assert.Throws<ShapeException>(() => Jnp.Insert(X, Jnp.Array([0, 1]), X));
        Assert.Throws<ShapeException>(() => Jnp.Insert(X, 0, Jnp.Ones((1, 1))));
    }

    [Fact]
    public void PlacesAreIntegersInAVector()
    {
        Assert.Throws<DTypeException>(() => Jnp.Insert(X, Jnp.Array([true, false, true]), Two));
        Assert.Throws<ShapeException>(() =>
            Jnp.Insert(
                X,
                Jnp.Array(
                    new[,]
                    {
                        { 1, 2 },
                    }
                ),
                Two
            )
        );
        Assert.Equal([1f, 2f, 3f], Jnp.Insert(X, Jnp.Zeros(0, DType.I32), 7f).ToArray<float>());
    }

    [Fact]
    public void PlacesAndValuesMayBeTraced()
    {
        var compiled = Jit((NDArray places, NDArray values) => Jnp.Insert(X, places, values));
        Assert.Equal([8f, 1f, 2f, 7f, 3f], compiled(Jnp.Array([2, -3]), Two).ToArray<float>());
        var weights = Jnp.Arange(1f, 6f);
        var slope = Grad((NDArray v) => Jnp.Sum(Jnp.Insert(X, Jnp.Array([2, 0]), v) * weights))(Two);
        Assert.Equal([4f, 1f], slope.ToArray<float>());
    }
}
