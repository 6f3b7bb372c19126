using System;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using Xunit;

namespace JaxSharp.Tests.Transforms;

/// <summary>The smallest programs through every transformation.</summary>
public class SpineTests
{
    private static NDArray Exp(NDArray x) => new Exp().Bind(x);

    private static NDArray Mul(NDArray x, NDArray y) => new Mul().Bind(x, y);

    private static float Item(NDArray x) => (float)((DeviceArray)x).ItemDouble(0);

    private static DeviceArray Vector(params float[] values) =>
        DeviceArray.FromSpan<float>(values, new ArrayType(DType.F32, values.Length));

    [Fact]
    public void EagerPrimitivesCompute()
    {
        var y = (DeviceArray)Mul(Vector(1, 2, 3), Vector(4, 5, 6));
        Assert.Equal([4f, 10f, 18f], y.Span<float>().ToArray());
    }

    [Fact]
    public void DerivativesNestToAnyDepth()
    {
        Func<NDArray, NDArray> f = x => Exp(Mul(x, x));
        Func<NDArray, NDArray> Grad(Func<NDArray, NDArray> g) =>
            x =>
            {
                var (outputs, linear) = Linearization.Linearize(a => [g(a[0])], [x]);
                return linear.Transpose([JaxSharp.Primitives.Operators.FullLike(outputs[0], 1)])[0]!;
            };

        NDArray x = DeviceArray.Scalar(0.5, DType.F32, weak: false);
        double e = Math.Exp(0.25);
        Assert.Equal(e, Item(f(x)), 1e-6);
        Assert.Equal(2 * 0.5 * e, Item(Grad(f)(x)), 1e-6);
        Assert.Equal((2 + 4 * 0.25) * e, Item(Grad(Grad(f))(x)), 1e-5);
        Assert.Equal((12 * 0.5 + 8 * 0.125) * e, Item(Grad(Grad(Grad(f)))(x)), 1e-4);
    }

    [Fact]
    public void VmapOfJvpEqualsItsParts()
    {
        var xs = Vector(0.1f, 0.2f, 0.3f);
        var (outputs, dims) = Vectorization.Batch(
            a =>
            {
                var (_, tangents) = ForwardMode.Jvp(
                    b => [Exp(b[0])],
                    [a[0]],
                    [JaxSharp.Primitives.Operators.FullLike(a[0], 1)]
                );
                return [tangents[0]!];
            },
            new BatchAxis(3, null),
            [xs],
            [0]
        );
        Assert.Equal(0, dims[0]);
        Assert.Equal(Math.Exp(0.3), ((DeviceArray)outputs[0]).ItemDouble(2), 1e-6);
    }

    [Fact]
    public void ProgramsPrintInTheMannerOfJax()
    {
        var (jaxpr, _) = Staging.Stage(a => [Mul(Exp(a[0]), a[0]) * 2.0], [new ArrayType(DType.F32, new Shape(3))]);
        Assert.Equal(
            """
            { lambda ; a:f32[3]. let
                b:f32[3] = exp a
                c:f32[3] = mul b a
                d:f32[3] = broadcast_in_dim[broadcast_dimensions=() shape=(3,)] 2.0:f32[]
                e:f32[3] = mul c d
              in (e,) }
            """.ReplaceLineEndings("\n"),
            jaxpr.ToString()
        );
        JaxprVerifier.Verify(jaxpr);
        Assert.Equal(jaxpr, JaxprParser.Parse(jaxpr.ToString()));
        Assert.Equal(jaxpr.ToString(), JaxprParser.Parse(jaxpr.ToString()).ToString());
    }

    [Theory]
    [InlineData("{ lambda ; a:f32[3]. let b:f32[3] = exq a\n in (b,) }", "no primitive is named exq")]
    [InlineData("{ lambda ; a:f32[3]. let b:f32[3] = exp c\n in (b,) }", "a variable that is defined before")]
    [InlineData("{ lambda ; a:q32[3]. let in (a,) }", "an element type instead of 'q32'")]
    [InlineData("{ lambda ; a:f32[3]. let in (a,)", "expected '}'")]
    public void TextThatIsNoProgramIsRefusedWithItsPlace(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => JaxprParser.Parse(text)).Message);
}
