using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>Operators as C# programs write them: numbers on either side, broadcasting, promotion.</summary>
public sealed class ArrayOperatorsTests
{
    private static readonly NDArray X = Jnp.Array([1f, 2f, 3f]);

    [Fact]
    public void NumbersStandOnEitherSide()
    {
        Assert.Equal([2f, 3f, 4f], (X + 1).ToArray<float>());
        Assert.Equal([2f, 3f, 4f], (1 + X).ToArray<float>());
        Assert.Equal([0.5f, 1f, 1.5f], (X / 2).ToArray<float>());
        Assert.Equal([9f, 8f, 7f], (10.0 - X).ToArray<float>());
        Assert.Equal([-1f, -2f, -3f], (-X).ToArray<float>());
    }

    [Fact]
    public void NumbersTakeTheElementTypeOfTheArray()
    {
        Assert.Equal(DType.F16, (Jnp.Ones(2, Jnp.Float16) * 2.5).DType);
        Assert.Equal(DType.U8, (Jnp.Ones(2, Jnp.UInt8) + 300).DType);
        Assert.Equal(DType.F32, (Jnp.Arange(3) * 2.5).DType);
        Assert.True((Jnp.Arange(3) * 2.5).WeakType);
    }

    [Fact]
    public void RemainderHasTheSignOfTheDivisor()
    {
        Assert.Equal([2, 1, 0, 2], (Jnp.Array([-7, 7, 9, -1]) % 3).ToArray<int>());
    }

    [Fact]
    public void ComparisonsGiveMasksThatCombine()
    {
        NDArray mask = (X > 1) & ~(X >= 3);
        Assert.Equal([false, true, false], mask.ToArray<bool>());
        Assert.Equal([2f], X[mask].ToArray<float>());
    }

    [Fact]
    public void ShapesBroadcast()
    {
        NDArray table = X.Reshape(3, 1) * Jnp.Array([10f, 100f]);
        Assert.Equal(new Shape(3, 2), table.Shape);
        Assert.Equal([10f, 100f, 20f, 200f, 30f, 300f], table.ToArray<float>());
    }

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        var error = Assert.Throws<ShapeException>(() => X + Jnp.Ones(2));
        Assert.Contains("(3,)", error.Message);
        Assert.Contains("(2,)", error.Message);
    }

    [Fact]
    public void BoolsDoNotSubtract()
    {
        NDArray mask = X > 1;
        Assert.Throws<DTypeException>(() => mask - mask);
    }

    [Fact]
    public void IntegersBeyondTheTypeAreRefused()
    {
        Assert.Throws<DTypeException>(() => X + (1L << 40));
    }

    [Fact]
    public void OperatorsDifferentiate()
    {
        var slope = Grad((NDArray x) => Jnp.Sum(x * x / 2 - 3 * x));
        Assert.Equal([-2f, -1f, 0f], slope(X).ToArray<float>());
    }
}
