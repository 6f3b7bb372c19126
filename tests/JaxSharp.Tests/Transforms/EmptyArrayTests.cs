using System;
using System.Collections.Generic;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Transforms;

/// <summary>Arrays without elements go through functions and transformations as others do.</summary>
public class EmptyArrayTests
{
    private static readonly Dictionary<string, (Func<NDArray, NDArray> Function, Shape Shape, string Type)> Cases =
        new()
        {
            ["elementwise"] = (x => jnp.Sin(x) * 2, (0, 3), "f32[0,3]"),
            ["sum of rows"] = (x => jnp.Sum(x, axis: 0), (0, 3), "f32[3]"),
            ["sum of columns"] = (x => jnp.Sum(x, axis: 1), (0, 3), "f32[0]"),
            ["product"] = (x => jnp.Prod(x), (0, 3), "f32[]"),
            ["rows times columns"] = (x => jnp.MatMul(x.T, x), (0, 3), "f32[3,3]"),
            ["columns times rows"] = (x => jnp.MatMul(x, x.T), (0, 3), "f32[0,0]"),
            ["einsum"] = (x => jnp.Einsum("bij,bjk->bik", x, x), (0, 2, 2), "f32[0,2,2]"),
            ["sort"] = (x => jnp.Sort(x, axis: 0), (0, 3), "f32[0,3]"),
            ["sort of no rows"] = (x => jnp.Sort(x), (0, 3), "f32[0,3]"),
            ["cumulative sum"] = (x => jnp.CumSum(x, axis: 0), (0, 3), "f32[0,3]"),
            ["concatenation"] = (x => jnp.Concatenate([x, jnp.Ones((2, 3)), x]), (0, 3), "f32[2,3]"),
            ["padding"] = (x => jnp.Pad(x, (1, 1)), 0, "f32[2]"),
            ["convolution"] = (x => Lax.Conv(x, jnp.Ones((4, 3, 2, 2)), [1, 1], "SAME"), (0, 3, 5, 5), "f32[0,4,5,5]"),
            ["scan"] = (
                x => Lax.Scan((c, y) => (c + jnp.Sum(y), y * c), jnp.Ones(Shape.Scalar), x).Ys,
                (0, 3),
                "f32[0,3]"
            ),
            ["carry of scan"] = (x => Lax.Scan((c, y) => (c * y, y), jnp.Ones(3), x).Carry, (0, 3), "f32[3]"),
            ["softmax"] = (x => Nn.Softmax(x), (0, 3), "f32[0,3]"),
            ["gather"] = (x => x[jnp.Zeros(0, DType.I32)], (2, 3), "f32[0,3]"),
            ["scatter"] = (x => x.At[jnp.Zeros(0, DType.I32)].Add(1), (2, 3), "f32[2,3]"),
        };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void GoThrough(string name)
    {
        var (function, shape, type) = Cases[name];
        var x = jnp.Ones(shape);
        Assert.Equal(type, function(x).Type.ToString());
        Assert.Equal(type, Jit(function)(x).Type.ToString());
        Assert.Equal(function(x).ToString(), Jit(function)(x).ToString());
        Assert.Equal(shape, Grad((NDArray y) => jnp.Sum(function(y)))(x).Shape);
        Assert.Equal(shape, Jit(Grad((NDArray y) => jnp.Sum(function(y))))(x).Shape);
        Assert.Equal(type, Jvp(function, x, x).Tangents.Type.ToString());
        Assert.Equal([4, .. function(x).Shape], Vmap(function)(jnp.Ones([4, .. shape])).Shape);
        Assert.Equal(0, Vmap(function)(jnp.Ones([0, .. shape])).Shape[0]);
    }
}
