using System.Collections.Generic;
using System.Linq;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using Xunit;
using static JaxSharp.Jax;

namespace JaxSharp.Tests.Transforms;

/// <summary>Integers do not change by small amounts: their tangents and gradients are arrays without values.</summary>
public sealed class Float0Tests
{
    private static readonly NDArray X = Jnp.Array([2f, 3f]);
    private static readonly NDArray N = Jnp.Array([1, 4]);
    private static readonly NDArray Nothing = Jnp.Zeros(2, DType.Float0);

    [Fact]
    public void GradientsByIntegersHaveNoValues()
    {
        static NDArray Loss(Dictionary<string, NDArray> p) => Jnp.Sum(p["x"] * p["n"]);
        var tree = new Dictionary<string, NDArray> { ["x"] = X, ["n"] = N };
        foreach (
            var gradient in new[]
            {
                Grad<Dictionary<string, NDArray>>(Loss, allowInt: true)(tree),
                Jit(Grad<Dictionary<string, NDArray>>(Loss, allowInt: true))(tree),
            }
        )
        {
            Assert.Equal("float0[2]", gradient["n"].Type.ToString());
            Assert.Equal([1f, 4f], gradient["x"].ToArray<float>());
        }

        var stacked = Vmap(Grad((x, n) => x * n, argNums: (0, 1), allowInt: true))(X, N);
        Assert.Equal(("f32[2]", "float0[2]"), (stacked.Item1.Type.ToString(), stacked.Item2.Type.ToString()));
    }

    [Fact]
    public void TangentsOfIntegersHaveNoValues()
    {
        NDArray F(NDArray x, NDArray n) => x * x * n;
        var (y, dy) = Jvp(F, (X, N), (Jnp.Ones(2), Nothing));
        Assert.Equal([4f, 36f], y.ToArray<float>());
        Assert.Equal([4f, 24f], dy.ToArray<float>());
        Assert.Equal([4f, 24f], Linearize(F, X, N).Jvp(Jnp.Ones(2), Nothing).ToArray<float>());
        var error = Assert.Throws<DifferentiationException>(() => Jvp(F, (X, N), (Jnp.Ones(2), N)));
        Assert.Contains("got i32[2] for i32[2]. Integers and booleans do not change by small amounts", error.Message);
        Assert.Contains("give float0[2]", error.Message);

        var ((_, whole), (_, moved)) = Jvp(x => (x, Jnp.Floor(x).AsType(DType.I32)), X, Jnp.Ones(2));
        Assert.Equal(("i32[2]", "float0[2]"), (whole.Type.ToString(), moved.Type.ToString()));
    }

    [Fact]
    public void CotangentsOfIntegersHaveNoValues()
    {
        var (_, pull) = Vjp((x, n) => (x * n, n + 1), X, N);
        var (dx, dn) = pull((Jnp.Ones(2), Nothing));
        Assert.Equal([1f, 4f], dx.ToArray<float>());
        Assert.Equal("float0[2]", dn.Type.ToString());
        Assert.Throws<DifferentiationException>(() => pull((Jnp.Ones(2), N)));
        Assert.Equal([3, 6], LinearTranspose(n => n * 3, N)(Jnp.Array([1, 2])).ToArray<int>());
    }

    [Fact]
    public void CustomRulesSeeTangentsOfIntegers()
    {
        var types = new List<string>();
        var product = CustomJvp(
            (x, n) => x * n,
            ((NDArray X, NDArray N) a, (NDArray X, NDArray N) t) =>
            {
                types.Add(t.N.Type.ToString());
                return (a.X * a.N, t.X * a.N);
            }
        );
        Assert.Equal(4f, (float)Grad(x => product(x, 4))(3.0));
        Assert.Equal([1f, 4f], Vmap(Grad(product))(X, N).ToArray<float>());
        Assert.Equal([1f, 4f], Jit(Vmap(Grad(product)))(X, N).ToArray<float>());
        Assert.Equal(3, types.Count);
        Assert.All(types, type => Assert.StartsWith("float0[", type));
    }

    [Fact]
    public void ProgramsWithThemPrintAndReadBack()
    {
        var program = MakeJaxpr((NDArray n) => Grad((x, n) => x * n, argNums: (0, 1), allowInt: true)(2.0, n))(3);
        Assert.Equal(
            """
            { lambda ; a:i32[]. let
                b:f32[] = convert_element_type[new_dtype=float32 weak_type=True] a
                c:f32[] = mul 1.0:f32[] b
              in (c, 0:float0[]) }
            """,
            program.ToString()
        );
        Assert.Equal(program.ToString(), JaxprParser.Parse(program.ToString()).ToString());
    }

    [Fact]
    public void TheyHaveNoArithmetic()
    {
        Assert.Equal("[(b'',) (b'',)]", Nothing.ToString());
        Assert.Equal("[0 0]", Jnp.ZerosLike(Nothing, DType.I32).ToString());
        Assert.Equal("float0[2,1]", Nothing.Reshape(2, 1).Type.ToString());
        Assert.Throws<DTypeException>(() => Nothing + 1);
        Assert.Throws<DTypeException>(() => Nothing + Nothing);
        Assert.Throws<DTypeException>(() => Nothing[0] * X);
        Assert.Throws<DTypeException>(() => Jnp.Sin(Nothing));
        Assert.Throws<DTypeException>(() => Nothing.AsType(DType.F32));
        Assert.Throws<DTypeException>(() => X.AsType(DType.Float0));
        Assert.Throws<DTypeException>(() => (double)Nothing[0]);
        Assert.DoesNotContain(DType.Float0, DType.All);
        Assert.Equal(DType.All.Count, DType.All.Count(dtype => dtype.Size > 0));
    }
}
