using System;
using System.Linq;
using JaxSharp.TestKit;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Errors;

/// <summary>Null in place of an argument is refused by name, wherever it is given.</summary>
public class NullArgumentTests
{
    private static readonly NDArray X = jnp.Array([1f, 2f]);

    private static readonly Func<NDArray, NDArray> NoFunction = null!;

    private static readonly NDArray NoArray = null!;

    [Fact]
    public void NoPublicFunctionFollowsNull()
    {
        // An explanation measures for half a second.
        NullCalls.Of(typeof(NDArray).Assembly, method => method.Name != nameof(Explain)).With(X).Check(floor: 2300);
    }

    public static TheoryData<string, Action> Functions =>
        new()
        {
            { "Grad got null for fun", () => Grad(NoFunction) },
            { "ValueAndGrad got null for fun", () => ValueAndGrad(NoFunction) },
            { "Jit got null for fun", () => Jit(NoFunction) },
            { "Vmap got null for fun", () => Vmap(NoFunction) },
            { "Jvp got null for fun", () => Jvp(NoFunction, X, X) },
            { "Vjp got null for fun", () => Vjp(NoFunction, X) },
            { "Linearize got null for fun", () => Linearize(NoFunction, X) },
            { "EvalShape got null for fun", () => EvalShape(NoFunction, X) },
            { "JacFwd got null for fun", () => JacFwd(NoFunction) },
            { "JacRev got null for fun", () => JacRev(NoFunction) },
            { "Hessian got null for fun", () => Hessian(NoFunction) },
            { "Checkpoint got null for fun", () => Checkpoint(NoFunction) },
            { "MakeJaxpr got null for fun", () => MakeJaxpr(NoFunction) },
            { "CustomJvp got null for jvp", () => CustomJvp((NDArray x) => x, null!) },
            { "Lax.Cond got null for falseFun", () => Lax.Cond(true, x => x, NoFunction, X) },
            { "Lax.Switch got null for branches[1]", () => Lax.Switch(0, [x => x, NoFunction], X) },
            { "Lax.WhileLoop got null for condFun", () => Lax.WhileLoop(NoFunction, x => x, X) },
            { "Lax.Map got null for f", () => Lax.Map(NoFunction, X) },
            { "Sin got null for x", () => jnp.Sin(NoArray) },
            { "sum got null for a", () => jnp.Sum(NoArray) },
            { "add got null for x", () => jnp.Add(NoArray, X) },
            { "multiply got null for y", () => _ = X * NoArray },
            { "A sequence of arrays got null for arrays[1]", () => jnp.Concatenate([X, NoArray]) },
            { "Concatenate got null for operands[0]", () => Lax.Concatenate([NoArray], 0) },
        };

    [Theory]
    [MemberData(nameof(Functions))]
    public void TheMessageNamesFunctionAndArgument(string message, Action call)
    {
        var e = Assert.ThrowsAny<Exception>(call);
        Assert.True(e is ArgumentNullException or JaxArgumentException, e.ToString());
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingArgumentOfATransformedFunctionIsNamedWhereItIsRead()
    {
        foreach (
            Func<NDArray, NDArray> transformed in new[]
            {
                Grad(F),
                Jit(F),
                Vmap(F),
                Checkpoint(F),
                JacFwd(F),
                Hessian(F),
            }
        )
        {
            var e = Assert.ThrowsAny<Exception>(() => transformed(NoArray));
            Assert.True(e is ArgumentNullException or JaxException, e.ToString());
        }

        static NDArray F(NDArray x) => jnp.Sum(jnp.Sin(x));
    }

    [Fact]
    public void AMissingArgumentThatIsNotReadIsATreeWithoutLeaves()
    {
        var f = Jit((NDArray x, NDArray y) => x is null ? y : x + y);
        Assert.Equal([1f, 2f], f(NoArray, X).ToArray<float>());
        Assert.Equal([2f, 4f], f(X, X).ToArray<float>());
        Assert.Equal([1f, 2f], f(NoArray, X).ToArray<float>());
        Assert.Equal((1, 2), (JitInfo.Of(f).Hits, JitInfo.Of(f).Misses));
    }

    [Fact]
    public void AFunctionThatReturnsNullIsNamed()
    {
        NDArray Nothing(NDArray x) => null!;
        foreach (Func<NDArray, NDArray> transformed in new[] { Grad(Nothing), Jit(Nothing), JacRev(Nothing) })
        {
            Assert.Contains(
                "Nothing",
                Assert.ThrowsAny<JaxException>(() => transformed(X)).Message,
                StringComparison.Ordinal
            );
        }
    }
}
