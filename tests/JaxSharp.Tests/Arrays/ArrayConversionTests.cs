using System.Collections.Generic;
using System.Numerics;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Arrays;

/// <summary>Values from C# into arrays and back.</summary>
public sealed class ArrayConversionTests
{
    [Fact]
    public void ArraysOfAnyRank()
    {
        Assert.Equal(
            new Shape(2, 3),
            Jnp.Array(
                new[,]
                {
                    { 1, 2, 3 },
                    { 4, 5, 6 },
                }
            ).Shape
        );
        Assert.Equal(
            new Shape(2, 2),
            Jnp.Array([
                [1f, 2f],
                [3f, 4f],
            ]).Shape
        );
        Assert.Equal(new Shape(1, 2, 2), Jnp.Array(new double[1, 2, 2]).Shape);
        Assert.Equal(new Shape(2, 2), Jnp.Array(new List<object> { (1, 2), new[] { 3, 4 } }).Shape);
    }

    [Fact]
    public void WideTypesNarrowUnlessEnabled()
    {
        Assert.Equal(DType.F32, Jnp.Array([1.0]).DType);
        Assert.Equal(DType.I32, Jnp.Array([1L]).DType);
        using (JaxConfig.X64())
        {
            Assert.Equal(DType.F64, Jnp.Array([1.0]).DType);
            Assert.Equal(DType.I64, Jnp.Array([1L]).DType);
        }
    }

    [Fact]
    public void LargeIntegersDoNotWrap()
    {
        Assert.Throws<DTypeException>(() => Jnp.Array([1L << 40]));
    }

    [Fact]
    public void RaggedRowsAreRefused()
    {
        Assert.Throws<ShapeException>(() => Jnp.Array(new[] { new[] { 1, 2 }, new[] { 3 } }));
    }

    [Fact]
    public void MemoryIsSharedWhereTheTypeAllows()
    {
        float[] values = [1, 2, 3, 4];
        var x = Jnp.FromMemory<float>(values, (2, 2));
        Assert.Equal(10f, (float)Jnp.Sum(x));
        Assert.Equal(values, x.ToArray<float>());
    }

    [Fact]
    public void NumbersComeOutExplicitly()
    {
        Assert.Equal(2.5, (double)Jnp.Array(2.5));
        Assert.Equal(
            3,
            (int)
                Jnp.Array([
                    [3],
                ])
        );
        Assert.True((bool)Jnp.Array(true));
        Assert.Equal(new Complex(1, 2), (Complex)Jnp.Array(new Complex(1, 2)));
        Assert.Throws<ShapeException>(() => (double)Jnp.Ones(2));
    }

    [Fact]
    public void ElementTypesOfToArrayMustMatch()
    {
        var error = Assert.Throws<DTypeException>(() => Jnp.Ones(2).ToArray<int>());
        Assert.Contains("f32[2]", error.Message);
    }

    [Fact]
    public void TracedValuesHaveNoNumbers()
    {
        var error = Assert.Throws<ConcretizationException>(() =>
            Jit((NDArray x) => (bool)(x > 0) ? x : -x)(Jnp.Array(1f))
        );
        Assert.Contains("Jnp.Where", error.Message);
    }

    [Fact]
    public void ListsNest()
    {
        var list = Assert.IsType<List<object>>(
            Jnp.Array([
                    [1, 2],
                    [3, 4],
                ])
                .ToList()
        );
        Assert.Equal(new List<object> { 3, 4 }, list[1]);
        Assert.Equal(2.5, Jnp.Array(2.5f).Item());
    }
}
