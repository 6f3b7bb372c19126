using System;
using Xunit;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Tests.LaxFunctions;

/// <summary>Linear systems with a solver of the user's own; its derivatives are checked with those of the other transformations.</summary>
public sealed class CustomLinearSolveTests
{
    private static readonly NDArray B = jnp.Array([2f, 4f]);

    [Fact]
    public void TheSolverIsNotDifferentiated()
    {
        int calls = 0;
        NDArray Solve(NDArray scale, NDArray b) =>
            Lax.CustomLinearSolve(
                x => scale * x,
                b,
                (_, b) =>
                {
                    calls++;
                    return Lax.WhileLoop(
                        y => jnp.Max(jnp.Abs(scale * y - b)) > 1e-6,
                        y => y + 0.4 * (b - scale * y),
                        b
                    );
                },
                symmetric: true
            );
        Assert.Equal([1f, 2f], Solve(2.0, B).ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        calls = 0;
        Assert.Equal(-1.5f, (float)Grad((NDArray scale) => jnp.Sum(Solve(scale, B)))(2.0), 1e-5f);
        Assert.Equal(2, calls); // Once for the system, once for the transpose.
    }

    [Fact]
    public void FunctionsThatDoNotFitAreRefused()
    {
        var solve = (Func<NDArray, NDArray> a, NDArray b) => b;
        Assert.Throws<ShapeException>(() => Lax.CustomLinearSolve(x => x[0], B, solve));
        Assert.Throws<ShapeException>(() => Lax.CustomLinearSolve(x => x, B, (_, b) => jnp.Stack([b, b])));
        var error = Assert.Throws<DifferentiationException>(() =>
            Lax.CustomLinearSolve(x => x * x, B, solve, transposeSolve: solve)
        );
        Assert.Contains("matvec is not linear", error.Message);
        error = Assert.Throws<DifferentiationException>(() =>
            Grad((NDArray b) => jnp.Sum(Lax.CustomLinearSolve(x => 2 * x, b, (_, b) => b / 2)))(B)
        );
        Assert.Contains("give transposeSolve, or symmetric: true", error.Message);
        var (_, moved) = Jvp(b => Lax.CustomLinearSolve(x => 2 * x, b, (_, b) => b / 2), B, B);
        Assert.Equal([1f, 2f], moved.ToArray<float>());
    }
}
