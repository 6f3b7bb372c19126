using System;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>Sets of a given size under transformations, and those of empty arrays.</summary>
public sealed class SetTests
{
    private static readonly NDArray First = Jnp.Array([3, 1, 2, 1, 3, 3]);
    private static readonly NDArray Second = Jnp.Array([2, 3, 5, 5]);

    [Fact]
    public void SetXor1D_of_a_size_compiles()
    {
        var compiled = Jit((NDArray x, NDArray y) => Jnp.SetXor1D(x, y, size: 4, fillValue: -1));
        Assert.Equal([1, 5, -1, -1], compiled(First, Second).ToArray<int>());
        Assert.Equal([1, 5, 1], Jnp.SetXor1D(First, Second, size: 3).ToArray<int>());
        Assert.Equal([1, 5], Jnp.SetXor1D(First, Second).ToArray<int>());
        Assert.Equal([0f, 0f], Jnp.SetXor1D(Jnp.Zeros(0), Jnp.Zeros(0), size: 2).ToArray<float>());
        Assert.Equal(0, Jnp.SetXor1D(First, Second, size: 0).Size);
    }

    [Fact]
    public void Nan_of_each_array_is_alone_once()
    {
        var x = Jnp.Array([1f, float.NaN, float.NaN]);
        Assert.Equal([1f, 2f, float.NaN, float.NaN], Jnp.SetXor1D(x, Jnp.Array([float.NaN, 2f])).ToArray<float>());
        Assert.Equal(0, Jnp.Intersect1D(x, Jnp.Array([float.NaN])).Size);
        Assert.Equal([1f, 2f], Jnp.SetXor1D(Jnp.Array([0f, 1f]), Jnp.Array([-0f, 2f])).ToArray<float>());
    }

    [Fact]
    public void Intersect1D_of_a_size_compiles()
    {
        var compiled = Jit((NDArray x, NDArray y) => Jnp.Intersect1D(x, y, returnIndices: true, size: 4));
        var (values, first, second) = compiled(First, Second);
        Assert.Equal([2, 3, 2, 2], values.ToArray<int>());
        Assert.Equal([2, 0, 6, 6], first.ToArray<int>());
        Assert.Equal([0, 1, 4, 4], second.ToArray<int>());
        (values, first, second) = Jnp.Intersect1D(First, Second, returnIndices: true);
        Assert.Equal([2, 3, 2, 0, 0, 1], new[] { values, first, second }.SelectMany(x => x.ToArray<int>()));
        Assert.Equal(0, Jnp.Intersect1D(First, Jnp.Zeros(0, DType.I32)).Size);
        Assert.Equal([7, 7], Jnp.Intersect1D(Jnp.Zeros(0), Jnp.Ones(1), size: 2, fillValue: 7).ToArray<float>());
    }

    [Fact]
    public void Unique_of_an_empty_axis_keeps_the_shape()
    {
        var wide = Jnp.Zeros((3, 0));
        Assert.Equal(new Shape(3, 0), Jnp.Unique(wide, axis: 1).Shape);
        Assert.Equal(new Shape(3, 2), Jnp.Unique(wide, axis: 1, size: 2, fillValue: 7).Shape);
        Assert.Throws<JaxArgumentException>(() => Jnp.Unique(wide, axis: 1, size: 2));
        var all = Jnp.Unique(wide, returnIndex: true, returnInverse: true, returnCounts: true, axis: 0);
        Assert.Equal(new Shape(1, 0), all[0].Shape);
        Assert.Equal([0, 0, 0, 0, 3], all.Skip(1).SelectMany(x => x.ToArray<int>()));
    }

    [Fact]
    public void Unique_pads_with_slices()
    {
        var x = Jnp.Reshape(Jnp.Arange(8), (2, 2, 2));
        var padded = Jnp.Unique(
            x,
            axis: 0,
            size: 3,
            fillValue: Jnp.Array(
                new[,]
                {
                    { 1, 2 },
                    { 3, 4 },
                }
            )
        );
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4], padded.ToArray<int>());
    }
}
