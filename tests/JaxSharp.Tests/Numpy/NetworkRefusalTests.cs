using JaxSharp.Numpy;
using Xunit;

namespace JaxSharp.Tests.Numpy;

/// <summary>What functions of neural networks refuse, and what they take at the edge.</summary>
public sealed class NetworkRefusalTests
{
    [Fact]
    public void AttentionNeedsOneLengthForEachSequence()
    {
        var x = Jnp.Ones((2, 3, 4, 5));
        Assert.Throws<ShapeException>(() => Attend(Jnp.Array(3)));
        Assert.Throws<ShapeException>(() => Attend(Jnp.Array([1, 2, 3])));
        Assert.Throws<ShapeException>(() => Attend(Jnp.Array([1f, 2f])));
        Assert.Throws<ShapeException>(() => Nn.DotProductAttention(x, Jnp.AsType(x, DType.F16), x));
        Assert.Equal(x.Shape, Attend(Jnp.Array([1, 2])).Shape);

        NDArray Attend(NDArray lengths) => Nn.DotProductAttention(x, x, x, keyValueSeqLengths: lengths);
    }

    [Fact]
    public void VectorsOfParametersNeedTheirAxesOfInputs()
    {
        var key = JaxRandom.Key(0);
        var standard = Initializers.VarianceScaling(1, "fan_in", "normal");
        Assert.Throws<ShapeException>(() => standard(key, 3, DType.F32));
        var given = Initializers.VarianceScaling(1, "fan_in", "normal", inAxis: 0);
        Assert.Equal(new Shape(3), given(key, 3, DType.F32).Shape);
    }
}
