using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.LaxFunctions;

/// <summary>Bounds of loops, numbers of branches, and functions of windows that are no single operation.</summary>
public sealed class LoopAndBranchTests
{
    [Fact]
    public void OneBranchStillNeedsAScalarIndex()
    {
        Func<NDArray, NDArray>[] one = [x => x * 2];
        Assert.Equal(6f, (float)Lax.Switch(0, one, 3.0));
        Assert.Throws<ShapeException>(() => Lax.Switch(Jnp.Array([0, 1]), one, 3.0));
        Assert.Throws<JaxArgumentException>(() => Lax.Switch(0, Array.Empty<Func<NDArray, NDArray>>(), 3.0));
    }

    [Fact]
    public void BoundsOfTracedLoopsHaveOneType()
    {
        var lower = Jnp.Zeros(new Shape(), DType.I8);
        var sum = Jit((NDArray n) => Lax.ForiLoop(0, n, (i, x) => x + i, 0));
        Assert.Equal(10, (int)sum(Jnp.Array(5)));
        Assert.Throws<DTypeException>(() =>
            Jit((NDArray n) => Lax.ForiLoop(lower, n, (i, x) => x + i, 0))(Jnp.Full(new Shape(), 300, DType.I32))
        );
    }

    [Fact]
    public void KnownBoundsCountWeaklyWhateverTheirType()
    {
        NDArray Count(NDArray lower, NDArray upper) =>
            Lax.ForiLoop(lower, upper, (i, x) => x + i, Jnp.Zeros(Shape.Scalar, DType.F16));
        var typed = Jnp.Array(5, DType.I32);
        Assert.Equal("f16[]", Count(0, typed).Type.ToString());
        Assert.Equal("f16[]", Count(Jnp.Array(0, DType.I8), Jnp.Array(5, DType.I8)).Type.ToString());
        Assert.Equal(
            10,
            (int)Lax.ForiLoop(Jnp.Array(0, DType.I8), 5, (i, x) => x + i, Jnp.Zeros(Shape.Scalar, DType.I8))
        );

        // A traced bound gives the counter its own type.
        var types = new List<string>();
        NDArray Body(NDArray i, NDArray x)
        {
            types.Add($"{i.Type} {i.WeakType}");
            return x + 1;
        }

        Jit((NDArray n) => Lax.ForiLoop(0, n, Body, 0))(Jnp.Array(5, DType.I8));
        Jit((NDArray n) => Lax.ForiLoop(n, 5, Body, 0))(Jnp.Array(0, DType.I8));
        Lax.ForiLoop(Jnp.Array(0, DType.I8), 5, Body, 0);
        Assert.Equal(["i8[] False", "i32[] True"], types.Distinct());
    }

    [Fact]
    public void KnownBoundsHaveOneTypeAsTracedOnesDo() =>
        Assert.Throws<DTypeException>(() =>
            Lax.ForiLoop(Jnp.Zeros(Shape.Scalar, DType.I8), Jnp.Array(5, DType.I32), (i, x) => x + i, 0)
        );

    [Fact]
    public void ScansTakeNoNegativeNumberOfSteps()
    {
        NDArray? none = null;
        Assert.Throws<JaxArgumentException>(() => Lax.Scan((c, x) => (c + 1, c), (NDArray)0, none, length: -1));
        Assert.Equal(3, (int)Lax.Scan((c, x) => (c + 1, c), (NDArray)0, none, length: 3).Carry);
    }

    [Fact]
    public void WindowsFoldByAnyFunctionOfScalars()
    {
        var x = Jnp.Array([1f, -5f, 2f, 3f]);
        NDArray Farther(NDArray a, NDArray b) => Lax.Cond(Lax.Abs(a) > Lax.Abs(b), () => a, () => b);
        Assert.Equal([-5f, -5f, 3f], Lax.ReduceWindow(x, 0f, Farther, 2).ToArray<float>());
        Assert.Equal(
            [1f, -5f, -5f, 3f, 3f],
            Lax.ReduceWindow(x, 0f, Farther, 2, padding: new[] { (1, 1) }).ToArray<float>()
        );
        Assert.Throws<ShapeException>(() => Lax.ReduceWindow(x, 0f, (a, b) => a > b, 2));
    }

    [Fact]
    public void WindowsNeedTheirTangents() =>
        Assert.Throws<JaxArgumentException>(() => Lax.SelectAndGatherAdd(null!, Jnp.Ones(2), Lax.Ge, 2, 1, "VALID"));
}
