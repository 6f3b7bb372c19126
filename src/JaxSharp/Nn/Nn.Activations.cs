using System;
using JaxSharp.Ir;
using JaxSharp.Numpy;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>Functions of neural networks, as JAX has them. Derivatives at kinks are JAX's: that of Relu at 0 is 0.</summary>
/// <example><code>
/// Nn.Relu(jnp.Array([-1f, 0f, 2f]));  // => [0. 0. 2.]
/// Nn.Softmax(jnp.Array([0f, 0f]));    // => [0.5 0.5]
/// </code></example>
public static partial class Nn
{
    /// <summary>max(x, 0), elementwise.</summary>
    public static NDArray Relu(NDArray x) => Ops.Select(Jnp.LessEqual(x, 0), Ops.Like(x, 0), x);

    /// <summary>max(x, 0), at most 6, elementwise.</summary>
    public static NDArray Relu6(NDArray x)
    {
        Argument.Given(x);
        x = WeakFloat(x);
        return Ops.Select(Jnp.LessEqual(x, 0), Ops.Like(x, 0), Ops.Select(Jnp.GreaterEqual(x, 6), Ops.Like(x, 6), x));
    }

    /// <summary>1 / (1 + e⁻ˣ), elementwise.</summary>
    /// <exception cref="DTypeException">The array holds integers.</exception>
    public static NDArray Sigmoid(NDArray x) => new Logistic().Bind(x);

    /// <summary>x · sigmoid(x), elementwise; also called swish.</summary>
    /// <exception cref="DTypeException">The array holds integers.</exception>
    public static NDArray Silu(NDArray x) => x * Sigmoid(x);

    /// <inheritdoc cref="Silu"/>
    public static NDArray Swish(NDArray x) => Silu(x);

    /// <summary>log(1 + eˣ), elementwise: a smooth Relu.</summary>
    public static NDArray Softplus(NDArray x) => Jnp.LogAddExp(x, 0.0);

    /// <summary>log(sigmoid(x)), elementwise, without overflow.</summary>
    public static NDArray LogSigmoid(NDArray x) => -Softplus(-Promotion.ToInexact(x));

    /// <summary>x / (1 + |x|), elementwise.</summary>
    public static NDArray SoftSign(NDArray x) => Argument.Given(x) / (Jnp.Abs(x) + 1);

    /// <summary>The hyperbolic tangent, elementwise.</summary>
    public static NDArray Tanh(NDArray x) => Jnp.Tanh(x);

    /// <summary>x itself.</summary>
    public static NDArray Identity(NDArray x) => x;

    /// <inheritdoc cref="LeakyRelu(NDArray, NDArray)"/>
    public static NDArray LeakyRelu(NDArray x) => LeakyRelu(x, null);

    /// <summary>x where positive, else <paramref name="negativeSlope"/> · x.</summary>
    public static NDArray LeakyRelu(NDArray x, NDArray? negativeSlope = null) =>
        Jnp.Where(x >= 0, x, (negativeSlope ?? 0.01) * x);

    /// <summary>relu6(x + 3) / 6, elementwise: a piecewise linear sigmoid.</summary>
    public static NDArray HardSigmoid(NDArray x) => Relu6(x + 3.0) / 6.0;

    /// <summary>x · hard_sigmoid(x), elementwise; also called hard swish.</summary>
    public static NDArray HardSilu(NDArray x) => x * HardSigmoid(x);

    /// <inheritdoc cref="HardSilu"/>
    public static NDArray HardSwish(NDArray x) => HardSilu(x);

    /// <summary>x, at least −1 and at most 1, elementwise.</summary>
    public static NDArray HardTanh(NDArray x) => Jnp.Where(x > 1, 1, Jnp.Where(x < -1, -1, x));

    /// <inheritdoc cref="Elu(NDArray, NDArray)"/>
    public static NDArray Elu(NDArray x) => Elu(x, null);

    /// <summary>x where positive, else α (eˣ − 1).</summary>
    /// <param name="x">An array.</param>
    /// <param name="alpha">1 by default.</param>
    public static NDArray Elu(NDArray x, NDArray? alpha = null)
    {
        var isPositive = x > 0;
        return Jnp.Where(isPositive, x, (alpha ?? 1.0) * Jnp.Expm1(Jnp.Where(isPositive, 0.0, x)));
    }

    /// <inheritdoc cref="Celu(NDArray, NDArray)"/>
    public static NDArray Celu(NDArray x) => Celu(x, null);

    /// <summary>x where positive, else α (e^(x/α) − 1).</summary>
    /// <param name="x">An array.</param>
    /// <param name="alpha">1 by default.</param>
    public static NDArray Celu(NDArray x, NDArray? alpha = null)
    {
        var a = alpha ?? 1.0;
        var isPositive = x > 0;
        return Jnp.Where(isPositive, x, a * Jnp.Expm1(Jnp.Where(isPositive, 0.0, x) / a));
    }

    /// <summary>The scaled exponential linear unit, which keeps mean 0 and variance 1.</summary>
    public static NDArray Selu(NDArray x) =>
        1.0507009873554804934193349852946 * Elu(x, 1.6732632423543772848170429916717);

    /// <inheritdoc cref="Gelu(NDArray, bool)"/>
    public static NDArray Gelu(NDArray x) => Gelu(x, approximate: true);

    /// <summary>x times the probability that a standard normal number is less than x.</summary>
    /// <param name="x">An array.</param>
    /// <param name="approximate">Whether to use the usual approximation by tanh.</param>
    public static NDArray Gelu(NDArray x, bool approximate = true)
    {
        x = Promotion.ToInexact(x);
        x = Promotion.Convert(x, x.DType);
        if (!approximate)
        {
            return 0.5 * x * new Erfc().Bind(-x * Ops.Like(x, Math.Sqrt(0.5)));
        }

        var inner = Math.Sqrt(2 / Math.PI) * (x + 0.044715 * (x * x * x));
        return x * (0.5 * (1.0 + Jnp.Tanh(inner)));
    }

    /// <inheritdoc cref="Glu(NDArray, int)"/>
    public static NDArray Glu(NDArray x) => Glu(Argument.Given(x), -1);

    /// <summary>The first half of an axis times the sigmoid of the second.</summary>
    /// <param name="x">An array.</param>
    /// <param name="axis">An axis of even extent, the last by default.</param>
    public static NDArray Glu(NDArray x, int axis = -1)
    {
        Argument.Given(x);
        axis = Axes.Normalize(axis, x.Ndim, "glu");
        int extent = x.Shape[axis];
        if (extent % 2 != 0)
        {
            throw new ShapeException($"glu needs an axis of even extent; got {x.Type} with axis {axis}.");
        }

        return Ops.SliceAxis(x, axis, 0, extent / 2) * Sigmoid(Ops.SliceAxis(x, axis, extent / 2, extent));
    }

    /// <summary>0 below −1, x above 1, and a parabola between, elementwise.</summary>
    public static NDArray SparsePlus(NDArray x) =>
        Jnp.Where(x <= -1.0, 0.0, Jnp.Where(x >= 1.0, x, Jnp.Square(x + 1.0) / 4));

    /// <summary>0 below −1, 1 above 1, and a line between, elementwise.</summary>
    public static NDArray SparseSigmoid(NDArray x) => 0.5 * Jnp.Clip(x + 1.0, 0.0, 2.0);

    /// <inheritdoc cref="Squareplus(NDArray, NDArray)"/>
    public static NDArray Squareplus(NDArray x) => Squareplus(x, null);

    /// <summary>(x + √(x² + b)) / 2, elementwise: a smooth Relu.</summary>
    /// <param name="x">An array.</param>
    /// <param name="b">How smooth; 4 by default.</param>
    public static NDArray Squareplus(NDArray x, NDArray? b = null)
    {
        var both = Promotion.Promote(x, b ?? 4);
        return (both[0] + Jnp.Sqrt(Jnp.Square(both[0]) + both[1])) / 2;
    }

    /// <summary>x · tanh(softplus(x)), elementwise.</summary>
    public static NDArray Mish(NDArray x) => x * Jnp.Tanh(Softplus(x));

    /// <summary>log(1 − e⁻ˣ), elementwise, accurate everywhere.</summary>
    public static NDArray Log1mexp(NDArray x)
    {
        x = Promotion.ToInexact(x);
        var isSmall = x < Math.Log(2);
        var large = Jnp.Where(isSmall, Ops.Like(x, 1), x);
        return Jnp.Where(isSmall, Jnp.Log(-Jnp.Expm1(-x)), Jnp.Log1p(-Jnp.Exp(-large)));
    }

    // Integers meet a C# float: they become weakly typed floats.
    private static NDArray WeakFloat(NDArray x) =>
        x.DType.IsInexact ? x : Promotion.Convert(x, JaxConfig.Canonical(DType.F64), weak: true);
}
