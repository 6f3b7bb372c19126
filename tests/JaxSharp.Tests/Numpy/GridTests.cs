using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Tests.Numpy;

/// <summary>Grids of coordinates by indexing, beside what is recorded.</summary>
public sealed class GridTests
{
    [Fact]
    public void AxesOfSeveralKinds()
    {
        NDArray dense = Jnp.MGrid[0..2, (4, 0, -2), GridRange.Points(0, 1, 3)];
        Assert.Equal("f32[3,2,2,3]", $"{dense.DType}[{string.Join(',', dense.Shape)}]");
        Assert.Equal("[[4. 4. 4.]\n [2. 2. 2.]]", dense[1, 0].ToString());
        NDArray[] open = Jnp.OGrid[0..2, (0.0, 1.0, 0.5)];
        Assert.Equal("[[0.]\n [1.]]", open[0].ToString());
        Assert.Equal("[[0.  0.5]]", open[1].ToString());
    }

    [Fact]
    public void GridsWithoutEndsOrAxesAreRefused()
    {
        Assert.Contains("no end to count from", Assert.Throws<JaxArgumentException>(() => Jnp.MGrid[0..^1]).Message);
        Assert.Throws<JaxArgumentException>(() => Jnp.MGrid[[]]);
        Assert.Throws<JaxArgumentException>(() => Jnp.OGrid[[]]);
    }
}
