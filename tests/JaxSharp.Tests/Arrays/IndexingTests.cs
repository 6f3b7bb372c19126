using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Arrays;

/// <summary>Indexing as C# programs write it.</summary>
public sealed class IndexingTests
{
    private static readonly NDArray X = Jnp.Arange(12).Reshape(3, 4);

    [Fact]
    public void IntegersCountFromEitherEnd()
    {
        Assert.Equal(11, (int)X[^1, ^1]);
        Assert.Equal(11, (int)X[-1, -1]);
        Assert.Equal([4, 5, 6, 7], X[1].ToArray<int>());
    }

    [Fact]
    public void RangesAndSteps()
    {
        Assert.Equal([5, 6, 9, 10], X[1.., 1..3].ToArray<int>());
        Assert.Equal([0, 2], X[0, (null, null, 2)].ToArray<int>());
        Assert.Equal([3, 2, 1, 0], X[0, (null, null, -1)].ToArray<int>());
        Assert.Equal(new Shape(0, 4), X[5..].Shape);
    }

    [Fact]
    public void NullAddsAnAxis()
    {
        Assert.Equal(new Shape(1, 3, 4), X[null].Shape);
        Assert.Equal(new Shape(3, 1, 4), X[.., null].Shape);
        Assert.Equal(new Shape(3, 4, 1), X[Jnp.Ellipsis, Jnp.NewAxis].Shape);
    }

    [Fact]
    public void ArraysChoosePlaces()
    {
        var rows = Jnp.Array([2, 0]);
        Assert.Equal([8, 9, 10, 11, 0, 1, 2, 3], X[rows].ToArray<int>());
        Assert.Equal([11, 0], X[rows, Jnp.Array([3, 0])].ToArray<int>());
        Assert.Equal(new Shape(3, 2), X[.., rows].Shape);
    }

    [Fact]
    public void MasksChooseElements()
    {
        Assert.Equal([9, 10, 11], X[X > 8].ToArray<int>());
        Assert.Equal(new Shape(2, 4), X[new[] { true, false, true }].Shape);
    }

    [Fact]
    public void BoolsChooseAllOrNothing()
    {
        Assert.Equal(new Shape(1, 3, 4), X[true].Shape);
        Assert.Equal(new Shape(0, 3, 4), X[false].Shape);
        Assert.Equal(66, (int)Jnp.Sum(X.At[false].Set(5)));
        Assert.Equal(60, (int)Jnp.Sum(X.At[true].Set(5)));
        Assert.Equal(60, (int)Jnp.Sum(X.At[Jnp.Array(true)].Set(5)));
        Assert.Throws<ArrayIndexException>(() => X[false, 0]);
    }

    [Fact]
    public void UpdatesOfKnownPlacesAreTheSameTraced()
    {
        NDArray Update(NDArray x) => x.At[0].Set(7).At[1, 2].Add(100).At[^1, (null, null, -2)].Multiply(2).At[5].Set(9);
        int[] expected = [7, 7, 7, 7, 4, 5, 106, 7, 8, 18, 10, 22];
        Assert.Equal(expected, Update(X).ToArray<int>());
        Assert.Equal(expected, Jit(Update)(X).ToArray<int>());
        Assert.Equal(expected, Vmap(Update)(X[null])[0].ToArray<int>());
    }

    [Fact]
    public void WrongIndicesAreExplained()
    {
        Assert.Throws<ArrayIndexException>(() => X[0, 0, 0]);
        Assert.Throws<ArrayIndexException>(() => X[Jnp.Array([0.5f])]);
        Assert.Throws<ArrayIndexException>(() => X[Jnp.Ellipsis, Jnp.Ellipsis]);
        Assert.Throws<ArrayIndexException>(() => X[new[] { true, false }]);
    }

    [Fact]
    public void UpdatesLeaveTheArrayAlone()
    {
        var updated = X.At[1, 1..3].Set(-1);
        Assert.Equal([4, -1, -1, 7], updated[1].ToArray<int>());
        Assert.Equal([4, 5, 6, 7], X[1].ToArray<int>());
    }

    [Fact]
    public void UpdatesOfOnePlaceAddUp()
    {
        var counts = Jnp.Zeros(3).At[Jnp.Array([0, 2, 0, 0])].Add(1);
        Assert.Equal([3f, 0f, 1f], counts.ToArray<float>());
    }

    [Fact]
    public void UpdatesOutOfRangeAreDropped()
    {
        var x = Jnp.Zeros(3);
        Assert.Equal([0f, 0f, 0f], x.At[7].Set(1).ToArray<float>());
        Assert.Equal([0f, 0f, 1f], x.At[Jnp.Array([7])].Set(1, mode: "clip").ToArray<float>());
    }

    [Fact]
    public void StepsReverseUpdates()
    {
        var x = Jnp.Zeros(4).At[(null, null, -1)].Set(Jnp.Arange(4));
        Assert.Equal([3f, 2f, 1f, 0f], x.ToArray<float>());
        Assert.Equal([5f, 0f, 5f, 0f], Jnp.Zeros(4).At[(null, null, 2)].Set(5).ToArray<float>());
    }

    [Fact]
    public void TracedIndicesMap()
    {
        var rows = Vmap((NDArray i) => X[i])(Jnp.Array([2, 1]));
        Assert.Equal([8, 9, 10, 11, 4, 5, 6, 7], rows.ToArray<int>());
        var jitted = Jit((NDArray i) => X[i, 1..3]);
        Assert.Equal([5, 6], jitted(Jnp.Array(1)).ToArray<int>());
    }

    [Fact]
    public void MasksNeedValues()
    {
        var error = Assert.Throws<ConcretizationException>(() => Jit((NDArray x) => x[x > 0])(Jnp.Ones(3)));
        Assert.Contains("Jnp.Where", error.Message);
    }

    [Fact]
    public void GradientsGoToThePlacesRead()
    {
        var x = Jnp.Arange(4.0);
        var gradient = Grad((NDArray v) => Jnp.Sum(v[Jnp.Array([1, 1, 3])]))(x);
        Assert.Equal([0f, 2f, 0f, 1f], gradient.ToArray<float>());
    }
}
