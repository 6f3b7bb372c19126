using System;
using System.Linq;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.ControlFlow;

/// <summary>Loops and branches: derivatives against differences, programs as text, and refusals.</summary>
public sealed class ControlFlowTests
{
    private static readonly Func<NDArray, NDArray> Recurrence = w =>
        jnp.Sum(
            Lax.Scan(
                (h, x) =>
                {
                    h = jnp.Tanh(w * h + x);
                    return (h, h * w);
                },
                0.5,
                jnp.Array(new[] { 0.1, 0.2, -0.3, 0.4 })
            ).Ys
        );

    [Fact]
    public void ALoopOfMoreStepsThanAScanHasIsAWhileLoop()
    {
        string Program(int lower, int upper) =>
            MakeJaxpr((NDArray x) => Lax.ForiLoop(lower, upper, (_, y) => y + 1, x))(0f).ToString();

        Assert.Contains("while", Program(int.MinValue, int.MaxValue), StringComparison.Ordinal);
        Assert.Contains("scan", Program(1, int.MaxValue), StringComparison.Ordinal);
        Assert.Contains("length=0", Program(3, int.MinValue), StringComparison.Ordinal);
    }

    [Fact]
    public void DerivativesOfAScanAgree()
    {
        using var scope = JaxConfig.X64();
        double difference = ((double)Recurrence(0.7 + 1e-5) - (double)Recurrence(0.7 - 1e-5)) / 2e-5;
        Assert.Equal(difference, (double)Grad(Recurrence)(0.7), 8);
        Assert.Equal(difference, (double)Jit(Grad(Recurrence))(0.7), 8);
        Assert.Equal(difference, (double)Jvp(Recurrence, 0.7, 1.0).Tangents, 8);
        double second = ((double)Grad(Recurrence)(0.7 + 1e-5) - (double)Grad(Recurrence)(0.7 - 1e-5)) / 2e-5;
        Assert.Equal(second, (double)Grad(Grad(Recurrence))(0.7), 8);
        Assert.Equal(second, (double)JacFwd(JacRev(Recurrence))(0.7), 8);
    }

    [Fact]
    public void ReverseScanMirrorsTheSlices()
    {
        NDArray xs = jnp.Array(new[] { 1f, 2f, 3f });
        var (carry, ys) = Lax.Scan((c, x) => (c * 2 + x, c), 0.0, xs, reverse: true);
        Assert.Equal(
            (17f, "[ 8.  3.  0.]"),
            ((float)carry, ys.ToString().Replace("[8. 3. 0.]", "[ 8.  3.  0.]", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void ResidualsThatDoNotChangeAreHoisted()
    {
        var f = Grad((w, xs) => jnp.Sum(Lax.Scan((h, x) => (jnp.Cos(w) * h + x, null!), 1.0, xs).Carry));
        string text = MakeJaxpr(f)(1.0, jnp.Zeros(3)).ToString();
        int scan = text.IndexOf("scan", StringComparison.Ordinal);
        int second = text.IndexOf("scan", scan + 4, StringComparison.Ordinal);
        Assert.True(second > 0, text);

        // The backward loop reads sin(w), which was computed outside of both loops.
        Assert.DoesNotContain("sin", text[second..], StringComparison.Ordinal);
    }

    [Fact]
    public void MappedWhileLoopRunsEachSliceToItsEnd()
    {
        var f = Vmap(x => Lax.WhileLoop(c => c.Item1 < 100, c => (c.Item1 * 2, c.Item2 + 1), (x, 0)));
        var (values, steps) = f(jnp.Array(new[] { 1f, 60f, 200f }));
        Assert.Equal([128f, 120f, 200f], Enumerable.Range(0, 3).Select(i => (float)values[i]));
        Assert.Equal([7, 1, 0], Enumerable.Range(0, 3).Select(i => (int)steps[i]));
    }

    [Fact]
    public void ReverseModeOfWhileLoopNeedsMaxSteps()
    {
        static NDArray Square(NDArray x, int? maxSteps) => Lax.WhileLoop(c => c < 100, c => c * c, x, maxSteps);
        var error = Assert.Throws<DifferentiationException>(() => Grad(x => Square(x, null))(3.0));
        Assert.Contains("maxSteps", error.Message, StringComparison.Ordinal);
        Assert.Equal(8 * MathF.Pow(3, 7), (float)Grad(x => Square(x, 10))(3.0));
        Assert.Equal(8 * MathF.Pow(3, 7), (float)Jvp(x => Square(x, null), 3.0, 1.0).Tangents);
        Assert.Equal(9f, (float)Square(3.0, 1));
    }

    [Fact]
    public void EmptyLoops()
    {
        var (carry, ys) = Lax.Scan((c, x) => (c + x, c), 1.0, jnp.Zeros((0, 2))[.., 0]);
        Assert.Equal((1f, 0L), ((float)carry, ys.Size));
        Assert.Equal(3f, (float)Lax.ForiLoop(5, 2, (i, x) => x + i, 3.0));
    }

    [Fact]
    public void TypesOfCarriedValuesStay()
    {
        var shape = Assert.Throws<ShapeException>(() => Lax.Scan((c, x) => (jnp.Stack([c, c]), x), 0.0, jnp.Zeros(3)));
        Assert.Contains("f32[] and returned f32[2]", shape.Message, StringComparison.Ordinal);
        var dtype = Assert.Throws<DTypeException>(() =>
            Lax.ForiLoop(0, 3, (i, x) => x * 0.5f, jnp.Zeros(3, DType.I32))
        );
        Assert.Contains("i32[3] at [1] and returned f32[3]", dtype.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Lax.WhileLoop(c => c, c => c, jnp.Zeros(2)));
        Assert.Throws<ShapeException>(() => Lax.Scan((c, x) => (c, x), 0.0, (NDArray)1.0));
        Assert.Throws<JaxArgumentException>(() => Lax.Scan((c, x) => (c, c), 0.0, null));
    }

    [Fact]
    public void BranchesAgree()
    {
        var dtype = Assert.Throws<DTypeException>(() => Lax.Cond(true, x => x, x => x.AsType(DType.I32), jnp.Zeros(2)));
        Assert.Contains("branch 1 gives f32[2] where another gives i32[2]", dtype.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Lax.Cond(true, x => x[0], x => x, jnp.Zeros(2)));
        Assert.Throws<ShapeException>(() => Lax.Cond(jnp.Zeros(2) > 1, x => x, x => -x, jnp.Zeros(2)));
        Assert.Throws<AxisNameException>(() => Lax.PSum((NDArray)1.0, "rows"));
    }

    [Fact]
    public void OnlyTheChosenBranchCounts()
    {
        var f = Grad(x => Lax.Cond(x > 0, x => jnp.Log(x), x => x * 3, x));
        Assert.Equal((0.5f, 3f), ((float)f(2.0), (float)f(-2.0)));
        Assert.Equal((0.5f, 3f), ((float)Jit(f)(2.0), (float)Jit(f)(-2.0)));
    }

    [Fact]
    public void CheckpointComputesAgain()
    {
        var f = Grad(Checkpoint(x => jnp.Sin(jnp.Sin(x))));
        string text = MakeJaxpr(f)(1.0).ToString();
        Assert.Contains("remat2", text, StringComparison.Ordinal);
        Assert.Equal(MathF.Cos(MathF.Sin(1)) * MathF.Cos(1), (float)Jit(f)(1.0), 6);
    }

    [Fact]
    public void NumbersAreSummedOverTheSlices()
    {
        var f = Vmap(x => x * Lax.PSum(1, "i"), axisName: "i");
        Assert.Equal([3f, 6f, 9f], Enumerable.Range(0, 3).Select(i => (float)f(jnp.Arange(1.0, 4.0))[i]));
        Assert.Equal(2, Vmap(x => x + Lax.AxisSize("i"), axisName: "i")(jnp.Zeros((2, 1))).Shape[0]);
    }

    [Fact]
    public void CustomGradientGivesItsOwnDerivative()
    {
        var half = CustomGradient(x => (x * x, g => g * x));
        Assert.Equal((3f, 3f, 1f), ((float)Grad(half)(3.0), (float)Jit(Grad(half))(3.0), (float)Grad(Grad(half))(3.0)));
        Assert.Throws<DifferentiationException>(() => Jvp(half, 3.0, 1.0));
    }
}
