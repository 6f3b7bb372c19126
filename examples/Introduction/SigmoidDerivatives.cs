using System;
using System.Linq;
using static JaxSharp.Jax;
using jnp = JaxSharp.Numpy.Jnp;

namespace JaxSharp.Examples.Introduction;

/// <summary>Part 1: the derivatives of a function are functions, so they can be derived again.</summary>
public static class SigmoidDerivatives
{
    public static NDArray Sigmoid(NDArray x) => 1 / (1 + jnp.Exp(-x));

    /// <summary>The sigmoid and its first two derivatives at 100 places between −5 and 5.</summary>
    public static Curves Run()
    {
        var gradient = Grad(Sigmoid);
        var curvature = Grad(gradient);

        NDArray x = jnp.Linspace(-5, 5, 100);
        return new Curves(
            x,
            Sigmoid(x),
            Vmap(gradient)(x),
            Vmap(curvature)(x),
            [.. new[] { Sigmoid(0.0), gradient(0.0), curvature(0.0) }.Select(value => (double)value)]
        );
    }

    /// <param name="X">Where the functions are evaluated.</param>
    /// <param name="Sigmoid">The values of the sigmoid.</param>
    /// <param name="Gradient">Its first derivative.</param>
    /// <param name="Curvature">Its second derivative.</param>
    /// <param name="AtZero">All three at 0.</param>
    public sealed record Curves(NDArray X, NDArray Sigmoid, NDArray Gradient, NDArray Curvature, double[] AtZero);
}
