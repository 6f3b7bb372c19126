using System;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Numpy;

/// <summary>Functions composed of several primitives give the same under Jit, and slice by slice under Vmap.</summary>
public sealed class TransformedNumpyTests
{
    private static readonly NDArray Sample = Jnp.Sin(Jnp.Arange(24.0) * 1.7).Reshape(2, 3, 4);

    public static TheoryData<string, Func<NDArray, NDArray>> Functions =>
        new()
        {
            { "sort", x => Jnp.Sort(x) },
            { "argsort", x => Jnp.ArgSort(x, descending: true) },
            { "median", x => Jnp.Median(x, 1) },
            { "quantile", x => Jnp.Quantile(x, 0.3, 0) },
            { "std", x => Jnp.Std(x, 0, ddof: 1) },
            { "cumsum", x => Jnp.CumSum(x, 1) },
            { "einsum", x => Jnp.Einsum("ij,kj->ik", x, x) },
            { "pad", x => Jnp.Pad(x, (1, 2), "reflect") },
            { "roll", x => Jnp.Roll(x, (1, 2), (0, 1)) },
            { "take", x => Jnp.Take(x, Jnp.Array([2, 0]), 0) },
            { "searchsorted", x => Jnp.SearchSorted(Jnp.Sort(x[0]), x[1]) },
            { "interp", x => Jnp.Interp(x[0], Jnp.Arange(4.0), x[1]) },
            { "convolve", x => Jnp.Convolve(x[0], x[1]) },
            { "unique", x => Jnp.Unique(Jnp.Round(x), size: 5) },
            { "nonzero", x => Jnp.NonZero(x > 0, size: 4)[0] },
            { "tril", x => Jnp.TriL(x, 1) },
            { "diag", x => Jnp.Diag(x[0]) },
            { "at", x => x.At[Jnp.Array([0, 2]), 1..3].Add(x[1, 1..3]) },
            { "cov", x => Jnp.Cov(x) },
            { "gradient", x => Jnp.Gradient(x, axis: 1) },
        };

    [Theory]
    [MemberData(nameof(Functions))]
    public void JitAndVmapAgree(string name, Func<NDArray, NDArray> function)
    {
        Assert.NotEmpty(name);
        NDArray first = function(Sample[0]);
        NDArray second = function(Sample[1]);
        AssertClose(first, Jit(function)(Sample[0]));
        AssertClose(Jnp.Stack([first, second]), Vmap(function)(Sample));
    }

    private static void AssertClose(NDArray expected, NDArray got)
    {
        Assert.Equal(expected.Shape, got.Shape);
        Assert.Equal(expected.DType, got.DType);
        Assert.True((bool)Jnp.AllClose(expected, got, 1e-5, 1e-6), $"expected {expected}, got {got}");
    }
}
