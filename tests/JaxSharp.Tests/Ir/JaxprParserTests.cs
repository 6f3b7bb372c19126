using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using CsCheck;
using JaxSharp.Ir;
using JaxSharp.TestKit;
using JaxSharp.Tracing;
using JaxSharp.Transforms;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Ir;

/// <summary>Programs with control flow read back from their text; the primitives of the case table have a test there.</summary>
public sealed class JaxprParserTests
{
    private static readonly Dictionary<string, Func<NDArray, NDArray>> Functions = new()
    {
        ["jit"] = x => Jit(Twice)(jnp.Sin(x)),
        ["nested jit"] = x => Jit((NDArray y) => Jit(Twice)(y) + Jit(Twice)(jnp.Cos(y)))(x),
        ["cond"] = x => Lax.Cond(jnp.Sum(x) > 0, y => jnp.Exp(y), y => -y, x),
        ["switch"] = x => Lax.Switch(jnp.ArgMax(x), [y => y * y, y => Lax.Rev(y, 0), y => y], x),
        ["while"] = x => Lax.WhileLoop(y => jnp.Max(y) < 10 * jnp.Max(x), y => y * 2 + x, x),
        ["while with a limit"] = x => Lax.WhileLoop(y => jnp.Max(y) < 10, y => y * 2, x, maxSteps: 7),
        ["scan"] = x => Lax.Scan((c, y) => (c * y, c + x), jnp.Sum(x), x, reverse: true).Ys,
        ["gradient of scan"] = x => Grad((NDArray z) => Lax.Scan((c, y) => (jnp.Sin(c * y), c), z[0], z).Carry)(x),
        ["checkpoint"] = x => Checkpoint(Twice, CheckpointPolicy.DotsSaveable)(x),
        ["checkpoint of names"] = x =>
            Checkpoint(y => CheckpointName(Twice(y), "twice"), CheckpointPolicy.SaveOnlyTheseNames("twice", "once"))(x),
        ["random"] = x => x + JaxRandom.Gamma(JaxRandom.Key(3), x),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ControlFlowReadsBack(string name)
    {
        string text = MakeJaxpr(Functions[name])(jnp.Array([0.5f, 1.5f, 2.5f])).ToString();
        var read = JaxprParser.Parse(text);
        JaxprVerifier.Verify(read);
        Assert.Equal(text, read.ToString());
    }

    [Fact]
    public void CollectivesReadBack()
    {
        NDArray Function(NDArray x) =>
            Vmap(
                (NDArray row) =>
                    MakeAndRead(y =>
                        Lax.PSum(y, "rows")
                        + Lax.PMax(y, "rows") * Lax.AxisIndex("rows")
                        + jnp.Sum(Lax.AllGather(y, "rows", axis: 1))
                        + Lax.PPermute(y, "rows", [(0, 1), (1, 0)])
                    )(row),
                axisName: "rows"
            )(x);

        Func<NDArray, NDArray> MakeAndRead(Func<NDArray, NDArray> function) =>
            row =>
            {
                string text = MakeJaxpr(function)(jnp.Zeros(3)).ToString();
                Assert.Contains("all_gather_dimension=1", text, StringComparison.Ordinal);
                Assert.Equal(text, JaxprParser.Parse(text).ToString());
                return row;
            };

        Function(jnp.Zeros((2, 3)));
    }

    [Theory]
    [InlineData(1.5, -2)]
    [InlineData(-1e-20, 3e25)]
    [InlineData(double.NaN, double.NegativeInfinity)]
    public void ComplexNumbersReadBack(double real, double imaginary)
    {
        var literal = DeviceArray.Scalar(new Complex(real, imaginary), DType.C64, weak: false);
        var jaxpr = new Jaxpr([], [], [], [new Literal(literal)]);
        Assert.Equal(jaxpr, JaxprParser.Parse(jaxpr.ToString()));
    }

    [Theory]
    [InlineData("reduce_sum[axis=(0,)] a", "reduce_sum has no parameter axis; it has axes")]
    [InlineData("reduce_sum a", "reduce_sum lacks its parameter axes")]
    [InlineData("reduce_sum[axes=0] a", "'0' is no list")]
    [InlineData(
        "reduce_sum[axes={ lambda ; a:f32[]. let in (a,) }] a",
        "the parameter axes of reduce_sum holds no program"
    )]
    [InlineData("broadcast_in_dim[broadcast_dimensions=(None,) shape=(2,)] a", "'None' is no Int32")]
    [InlineData("round[rounding_method=Up] a", "'Up' is no RoundingMethod")]
    [InlineData("remat2[jaxpr={ lambda ; a:f32[2]. let in (a,) } policy=all] a", "'all' is no checkpoint policy")]
    [InlineData("iota[dimension=0 dtype=float99 shape=(2,)]", "'float99' is no element type")]
    [InlineData(
        "custom_jvp_call[name=f call_jaxpr={ lambda ; a:f32[2]. let in (a,) }] a",
        "custom_jvp_call has a parameter without text"
    )]
    [InlineData("pad[padding_config=((0,0),)] a 0.0:f32[]", "'(0,0)' has not the 3 members of PadDimension")]
    public void ParametersThatDoNotFitAreRefused(string equation, string message)
    {
        string text = $"{{ lambda ; a:f32[2]. let b:f32[] = {equation}\n in (b,) }}";
        Assert.Contains(message, Assert.Throws<FormatException>(() => JaxprParser.Parse(text)).Message);
    }

    [Fact]
    public void FaultyTextIsRefusedOrReadsBack()
    {
        using var scope = JaxConfig.X64();
        string[] texts =
        [
            .. Functions.Values.Select(f => MakeJaxpr(f)(jnp.Array([0.5f, 1.5f, 2.5f])).ToString()),
            .. PrimitiveCases.All.Select(row =>
            {
                ArrayType[] types = [.. row.Operands.Select((operand, i) => operand.Draw(i).Type)];
                return Staging.StageClosed(row.Primitive.BindAll, types).Jaxpr.ToString();
            }),
            "{ lambda ; a:f32[2]. let b:f32[2] = add a [1.0,-2.5]:f32[2]\n in (b, (1.0-2.0j):c64[], 3:u64[], True:bool[]) }",
        ];
        MutatedText.Of(texts).Sample(ReadsBackOrIsRefused, iter: 20_000);
    }

    [Theory]
    [InlineData("{ lambda ; . let a:f32[] = jit[name=f jaxpr=")]
    [InlineData("{ lambda ; . let a:f32[] = cond[branches=(")]
    [InlineData("{ lambda ; . let a:f32[] = reduce_sum[axes=((((((((")]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{")]
    public void DeepNestingIsRefused(string piece)
    {
        string deep = string.Concat(Enumerable.Repeat(piece, 20_000));
        Assert.Throws<FormatException>(() => JaxprParser.Parse(deep));
        Assert.Throws<FormatException>(() =>
            JaxprParser.Parse($"{{ lambda ; a:f32[2]. let b:f32[] = reduce_sum[axes={deep}] a\n in (b,) }}")
        );
    }

    private static void ReadsBackOrIsRefused(string text)
    {
        string printed;
        try
        {
            printed = JaxprParser.Parse(text).ToString();
        }
        catch (FormatException)
        {
            return;
        }

        Assert.Equal(printed, JaxprParser.Parse(printed).ToString());
    }

    private static NDArray Twice(NDArray x) => x * 2;
}
