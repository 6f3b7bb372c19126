using System;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.Errors;

/// <summary>What users read when they err: what was called, what it got, what was expected and how to mend it.</summary>
public class MessageTests
{
    private static void Says<TException>(string message, Action action)
        where TException : JaxException => Assert.Equal(message, Assert.Throws<TException>(action).Message);

    [Fact]
    public void ShapesThatDoNotBroadcast() =>
        Says<ShapeException>(
            "add cannot broadcast shapes (3,4), (2,) together: at the axis of extents 4 and 2 they must be equal or 1. "
                + "Reshape an operand or insert an axis with Jnp.ExpandDims.",
            () => _ = jnp.Ones((3, 4)) + jnp.Ones(2)
        );

    [Fact]
    public void ProductsOfMatricesThatDoNotFit() =>
        Says<ShapeException>(
            "dot of f32[3,4] and f32[3,4] sums over axes 1 and 0, whose extents differ.",
            () => jnp.Dot(jnp.Ones((3, 4)), jnp.Ones((3, 4)))
        );

    [Fact]
    public void ReshapesThatChangeTheNumberOfElements() =>
        Says<ShapeException>(
            "reshape cannot turn f32[3,4] (12 elements) into shape (5,2): the number of elements must stay the same, and only "
                + "one extent may be −1.",
            () => jnp.Reshape(jnp.Ones((3, 4)), (5, 2))
        );

    [Fact]
    public void AxesThatAnArrayDoesNotHave() =>
        Says<AxisException>(
            "sum got axis 5, but the array has 2 axes: axis must be in [-2, 2).",
            () => jnp.Sum(jnp.Ones((3, 4)), axis: 5)
        );

    [Fact]
    public void ElementTypesThatLaxDoesNotPromote() =>
        Says<DTypeException>(
            "add needs operands of one element type; got f32[3], i32[3]. Functions of Jnp promote; those of Lax do not: use "
                + "AsType.",
            () => Lax.Add(jnp.Ones(3), jnp.Ones(3, DType.I32))
        );

    [Fact]
    public void GradientsOfFunctionsWithoutAScalarResult() =>
        Says<DifferentiationException>(
            "Grad needs a function with a scalar result; <lambda> returned f32[3]. Reduce it, for example with jnp.Sum, or use "
                + "JacRev, JacFwd or Vjp.",
            () => Grad((NDArray x) => x * 2)(jnp.Ones(3))
        );

    [Fact]
    public void GradientsByIntegers() =>
        Says<DifferentiationException>(
            "Grad of <lambda> differentiates by floating-point or complex arguments; got i32[]. Convert it with "
                + "AsType(DType.F32), choose other argNums, or pass allowInt: true to get a gradient of type float0 for it.",
            () => Grad((NDArray x) => x * 2)(1)
        );

    [Fact]
    public void ValuesThatLeftTheirTransformation()
    {
        NDArray? leaked = null;
        Jit(
            (NDArray x) =>
            {
                leaked = x;
                return x;
            }
        )(1.0);
        Says<LeakedTracerException>(
            "add got a traced value of type f32[] from a function whose transformation has ended. Do not store values of a "
                + "function under Grad, Vmap, Jit, Scan, … in variables outside of it; return them instead.",
            () => _ = leaked! + 1
        );
    }

    [Fact]
    public void ConditionsOnTracedValues()
    {
        var error = Assert.Throws<ConcretizationException>(() => Jit((NDArray x) => (bool)(x > 0) ? x : -x)(1.0));
        Assert.Contains("bool[]", error.Message, StringComparison.Ordinal);
        Assert.Contains("Jnp.Where or Lax.Cond", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreMemoryThanThereIs() =>
        Assert.StartsWith(
            "An array of 400000000000000 bytes",
            Assert.Throws<OutOfMemoryRequestException>(() => jnp.Zeros((1_000_000, 1_000_000, 100))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void BranchesOfDifferentTypes() =>
        Says<ShapeException>(
            "Lax.Cond needs branches that return values of one type; branch 1 gives f32[3] where another gives f32[].",
            () => Lax.Cond(true, (NDArray x) => x, (NDArray x) => jnp.Sum(x), jnp.Ones(3))
        );

    [Fact]
    public void CarriedValuesThatChangeTheirType() =>
        Says<ShapeException>(
            "Lax.Scan needs a body that keeps the types of the carried values; it got f32[2] and returned f32[4]. The shape must "
                + "stay the same in every step.",
            () => Lax.Scan((NDArray c, NDArray x) => (jnp.Concatenate([c, c]), c), jnp.Ones(2), jnp.Ones(3))
        );

    [Fact]
    public void MappedAxesOfDifferentSizes() =>
        Says<ShapeException>(
            "Vmap of <lambda> needs mapped axes of one size; got f32[3] along axis 0, f32[4] along axis 0. The leaf [1] has 4 "
                + "where 3 was expected.",
            () => Vmap((NDArray x, NDArray y) => x + y)(jnp.Ones(3), jnp.Ones(4))
        );
}
