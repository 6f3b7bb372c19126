using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Arrays;

/// <summary>The text of arrays, beyond what the goldens hold.</summary>
public sealed class ArrayFormatterTests
{
    [Fact]
    public void TextIsNumPys()
    {
        Assert.Equal("[1.  2.5]", Jnp.Array([1f, 2.5f]).ToString());
        Assert.Equal("Array([1. , 2.5], dtype=float32)", Jnp.Array([1f, 2.5f]).ToString("r"));
        Assert.Equal("[[0 1]\n [2 3]]", Jnp.Arange(4).Reshape(2, 2).ToString());
    }

    [Fact]
    public void ThreeAxesAreSeparatedByALine()
    {
        Assert.Equal("[[[0 1]]\n\n [[2 3]]]", Jnp.Arange(4).Reshape(2, 1, 2).ToString());
    }

    [Fact]
    public void LongArraysAreSummarised()
    {
        Assert.Equal("[   0    1    2 ... 1998 1999 2000]", Jnp.Arange(2001).ToString());
    }

    [Fact]
    public void ScalarsTakeFormats()
    {
        var x = Jnp.Array(1234.5678f);
        Assert.Equal("1234.57", x.ToString(".2f"));
        Assert.Equal("1.2e+03", x.ToString(".1e"));
        Assert.Equal("+1234.57", x.ToString("+g"));
        Assert.Equal("00042", Jnp.Array(42).ToString("05d"));
        Assert.Throws<JaxArgumentException>(() => x.ToString("nonsense"));
    }

    [Fact]
    public void TracedValuesPrintTheirType()
    {
        string text = "";
        Jit(
            (NDArray x) =>
            {
                text = x.ToString();
                return x;
            }
        )(Jnp.Ones((2, 3)));
        Assert.Contains("f32[2,3]", text);
    }
}
