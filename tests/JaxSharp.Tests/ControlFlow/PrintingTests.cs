using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.ControlFlow;

/// <summary>Programs inside of programs print as JAX prints them.</summary>
public sealed class PrintingTests
{
    [Fact]
    public void Jit() =>
        Assert.Equal(
            """
            { lambda ; a:f32[]. let
                b:f32[] = jit[
                  name=<lambda>
                  jaxpr={ lambda ; a:f32[]. let b:f32[] = add a 1.0:f32[] in (b,) }
                ] a
              in (b,) }
            """,
            MakeJaxpr(Jax.Jit(x => x + 1))(jnp.Zeros(Shape.Scalar)).ToString()
        );

    [Fact]
    public void WhileLoop() =>
        Assert.Equal(
            """
            { lambda ; a:f32[]. let
                b:f32[] = while[
                  body_jaxpr={ lambda ; c:f32[]. let d:f32[] = mul c 2.0:f32[] in (d,) }
                  body_nconsts=0
                  cond_jaxpr={ lambda ; c:f32[]. let d:bool[] = lt c 10.0:f32[] in (d,) }
                  cond_nconsts=0
                ] a
              in (b,) }
            """,
            MakeJaxpr(x => Lax.WhileLoop(c => c < 10, c => c * 2, x))(jnp.Zeros(Shape.Scalar)).ToString()
        );

    [Fact]
    public void Scan() =>
        Assert.Equal(
            """
            { lambda ; a:f32[3]. let
                b:f32[] c:f32[3] = scan[
                  jaxpr={ lambda ; d:f32[] e:f32[]. let
                      f:f32[] = add d e
                      g:f32[] = mul d e
                    in (f, g) }
                  length=3
                  num_carry=1
                  num_consts=0
                  reverse=False
                  unroll=1
                ] 0.0:f32[] a
              in (b, c) }
            """,
            MakeJaxpr(x => Lax.Scan((c, a) => (c + a, c * a), jnp.Zeros(Shape.Scalar), x))(jnp.Zeros(3)).ToString()
        );
}
