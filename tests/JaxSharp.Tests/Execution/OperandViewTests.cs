using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Execution;

/// <summary>Contractions read views of their operands where they lie.</summary>
public class OperandViewTests
{
    /// <summary>Gradients read the kernel turned around in both directions, whatever the order of its axes.</summary>
    [Theory]
    [InlineData("NHWC", "HWIO", 1)]
    [InlineData("NHWC", "HWIO", 2)]
    [InlineData("NCHW", "OIHW", 2)]
    [InlineData("NHWC", "OIHW", 3)]
    public void AGradientByAnImageIsOneStep(string image, string kernel, int stride)
    {
        bool isLast = image == "NHWC";
        var x = JaxRandom.Normal(JaxRandom.PRNGKey(0), isLast ? (3, 13, 11, 20) : (3, 20, 13, 11));
        var w = JaxRandom.Normal(JaxRandom.PRNGKey(1), kernel == "HWIO" ? (3, 4, 20, 17) : (17, 20, 3, 4));
        NDArray Apply(NDArray a, NDArray b) =>
            Lax.ConvGeneralDilated(a, b, (stride, stride), "SAME", dimensionNumbers: (image, kernel, image));
        OutputViewTests.HasSteps(1, a => [Vjp(z => Apply(z, a[0]), x).Vjp(a[1])], w, Apply(x, w));
    }
}
