using System;
using System.Linq;
using Xunit;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests;

/// <summary>Convolutions are as exact as is asked for, and so are their gradients.</summary>
public class ConvolutionPrecisionTests
{
    private static readonly NDArray Images = JaxRandom.Normal(JaxRandom.PRNGKey(0), (2, 32, 32, 64), DType.F32);
    private static readonly NDArray Filters = JaxRandom.Normal(JaxRandom.PRNGKey(1), (3, 3, 64, 64), DType.F32);

    private static NDArray Convolve(NDArray x, NDArray w, Precision? precision) =>
        Lax.ConvGeneralDilated(x, w, (1, 1), "SAME", dimensionNumbers: ("NHWC", "HWIO", "NHWC"), precision: precision);

    // The result and both gradients along it.
    private static NDArray[] All(NDArray x, NDArray w, Precision? precision)
    {
        var (y, pull) = Jax.Vjp((NDArray x, NDArray w) => Convolve(x, w, precision), x, w);
        var (dx, dw) = pull(y);
        return [y, dx, dw];
    }

    [Fact]
    public void MoreExactIsNearerToDoublePrecision()
    {
        using var x64 = JaxConfig.X64();
        var expected = All(Images.AsType(DType.F64), Filters.AsType(DType.F64), null);
        double[][] errors =
        [
            .. new Precision?[] { null, Precision.High, Precision.Highest }.Select(precision =>
                All(Images, Filters, precision).Zip(expected, Error).ToArray()
            ),
        ];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(errors[2][i], 1e-8, 4e-7);
            Assert.InRange(errors[1][i], 1e-8, 6e-7);
            Assert.InRange(errors[0][i], errors[2][i], 1.5e-6);
        }
    }

    [Fact]
    public void ElementsReachWhatTheirWindowsReach()
    {
        var zeros = jnp.ZerosLike(Images);
        foreach (var precision in new Precision?[] { null, Precision.High, Precision.Highest })
        {
            var one = Convolve(zeros.At[0, 10, 10, 5].Set(1), Filters, precision);
            Assert.Equal(9 * 64, (int)jnp.CountNonzero(one));
            var notANumber = Convolve(Images.At[0, 10, 10, 5].Set(float.NaN), Filters, precision);
            Assert.Equal(9 * 64, (int)jnp.Sum(jnp.IsNan(notANumber)));
        }
    }

    // A relu lets no gradient through where its argument is zero, however large the filters are beside it.
    [Fact]
    public void BlankPlacesStayBlank()
    {
        var image = jnp.Zeros((1, 28, 28, 32)).At[0, 10, 12].Set(1.7f);
        var gradient = Jax.Grad((NDArray b) => jnp.Sum(Nn.Relu(Convolve(image, Filters[.., .., ..32], null) + b)));
        Assert.True((bool)jnp.All(gradient(jnp.Zeros(64)) <= 9));
    }

    [Fact]
    public void MappedConvolutionsKeepIt()
    {
        var x = Images.At[0, 10, 10, 5].Set(float.NaN);
        var mapped = Jax.Vmap((NDArray x) => Convolve(x, Filters, Precision.Highest))(jnp.Stack([x, x]));
        Assert.Equal(2 * 9 * 64, (int)jnp.Sum(jnp.IsNan(mapped)));
    }

    // The root mean square of the differences, beside that of what was expected.
    private static double Error(NDArray actual, NDArray expected)
    {
        var difference = actual.AsType(DType.F64) - expected;
        return Math.Sqrt((double)jnp.Mean(difference * difference) / (double)jnp.Mean(expected * expected));
    }
}
