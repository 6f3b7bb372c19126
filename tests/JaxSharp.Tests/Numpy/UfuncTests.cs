using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>Reductions and accumulations by functions of two elements: where they begin, what takes part, which types they give.</summary>
public sealed class UfuncTests
{
    [Fact]
    public void ElementsThatDoNotTakePartAreLeftOut()
    {
        var x = Jnp.Array([1, 2, 3]);
        var where = Jnp.Array([true, false, true]);
        Assert.Equal(4, (int)Ufuncs.Subtract.Reduce(x, initial: 10));
        Assert.Equal(6, (int)Ufuncs.Subtract.Reduce(x, initial: 10, where: where));
        Assert.Equal(6, (int)Jit((NDArray a) => Ufuncs.Subtract.Reduce(a, initial: 10, where: where))(x));
        Assert.Equal(4, (int)Ufuncs.Add.Reduce(x, where: where));
        Assert.Equal(6, (int)Ufuncs.BitwiseAnd.Reduce(Jnp.Array([7, 6, 8]), where: Jnp.Array([true, true, false])));
        Assert.Throws<JaxArgumentException>(() => Ufuncs.Subtract.Reduce(x, where: where));
        Assert.Throws<DTypeException>(() => Ufuncs.Add.Reduce(x, where: x));
    }

    [Fact]
    public void ResultsHaveTheTypeOfTheFunction()
    {
        var one = Jnp.Array([4]);
        Assert.Equal(DType.F32, Ufuncs.Divide.Reduce(one).DType);
        Assert.Equal(DType.Bool, Ufuncs.LogicalXor.Reduce(one).DType);
        Assert.Equal(DType.I8, Ufuncs.Add.Reduce(Jnp.Ones(3, DType.I8), dtype: DType.I8).DType);
        Assert.Equal([8f, 4f, 2f], Ufuncs.Divide.Accumulate(Jnp.Array([8, 2, 2])).ToArray<float>());
        Assert.Equal(DType.F32, Ufuncs.Divide.Accumulate(one).DType);
    }

    [Fact]
    public void WithoutElementsTheIdentityIsTheResult()
    {
        Assert.Equal(255, (int)Ufuncs.BitwiseAnd.Reduce(Jnp.Zeros(0, DType.U8)));
        Assert.True((bool)Ufuncs.BitwiseAnd.Reduce(Jnp.Zeros(0, DType.Bool)));
        Assert.Equal(double.NegativeInfinity, (double)Ufuncs.LogAddExp.Reduce(Jnp.Zeros(0)));
        Assert.Equal(5, (int)Ufuncs.Subtract.Reduce(Jnp.Zeros(0, DType.I32), initial: 5));
        Assert.Throws<JaxArgumentException>(() => Ufuncs.Subtract.Reduce(Jnp.Zeros(0)));
        Assert.Equal(new Shape(0, 2), Ufuncs.Subtract.Accumulate(Jnp.Zeros((0, 2))).Shape);
        Assert.Equal(new Shape(0), Ufuncs.Add.ReduceAt(Jnp.Ones(3), Jnp.Zeros(0, DType.I32)).Shape);
    }

    [Fact]
    public void AxesStayOrGo()
    {
        var x = Jnp.Reshape(Jnp.Arange(6), (2, 3));
        Assert.Equal([-3, -6], Ufuncs.Subtract.Reduce(x, -1).ToArray<int>());
        Assert.Equal(new Shape(2, 1), Ufuncs.Subtract.Reduce(x, 1, keepDims: true).Shape);
        Assert.Equal(new Shape(1, 1), Ufuncs.Subtract.Reduce(x, null, keepDims: true).Shape);
        Assert.Equal([0, -1, -3, 3, -1, -6], Ufuncs.Subtract.Accumulate(x, -1).ToArray<int>());
        Assert.Equal(3f, (float)Ufuncs.Subtract.Reduce(Jnp.Array(3f), null));
        Assert.Throws<AxisException>(() => Ufuncs.Add.Reduce(Jnp.Array(3f)));
    }

    [Fact]
    public void ReductionsHaveDerivatives() =>
        Assert.Equal([0.5f, -0.5f], Grad((NDArray x) => Ufuncs.Divide.Reduce(x))(Jnp.Array([2f, 2f])).ToArray<float>());
}
