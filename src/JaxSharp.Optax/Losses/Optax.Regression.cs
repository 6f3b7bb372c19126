using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>(predictions − targets)², elementwise.</summary>
    /// <param name="predictions">An array of floating-point numbers.</param>
    /// <param name="targets">An array of the same shape; zeros by default.</param>
    /// <exception cref="DTypeException">The predictions are not floating-point numbers.</exception>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <example><code>jnp.Mean(optax.SquaredError(jnp.Array([1f, 2f]), jnp.Array([0f, 4f]))); // => 2.5</code></example>
    public static NDArray SquaredError(NDArray predictions, NDArray? targets = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        RequireFloating(nameof(SquaredError), nameof(predictions), predictions);
        if (targets is not null)
        {
            RequireSameShapes(nameof(SquaredError), predictions, targets);
        }

        return Jnp.Square(Errors(predictions, targets));
    }

    /// <summary>Half of <see cref="SquaredError"/>.</summary>
    /// <exception cref="DTypeException">The predictions are not floating-point numbers.</exception>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static NDArray L2Loss(NDArray predictions, NDArray? targets = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return 0.5 * SquaredError(predictions, targets);
    }

    /// <summary>Quadratic in errors up to delta, linear in larger ones; elementwise.</summary>
    /// <param name="predictions">An array of floating-point numbers.</param>
    /// <param name="targets">An array of the same shape; zeros by default.</param>
    /// <param name="delta">1 by default.</param>
    /// <exception cref="DTypeException">The predictions are not floating-point numbers.</exception>
    public static NDArray HuberLoss(NDArray predictions, NDArray? targets = null, Hyperparameter? delta = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        RequireFloating(nameof(HuberLoss), nameof(predictions), predictions);
        var limit = delta ?? 1.0;
        var size = Jnp.Abs(Errors(predictions, targets));
        var quadratic = Jnp.Minimum(size, limit);
        return 0.5 * Jnp.Square(quadratic) + limit * (size - quadratic);
    }

    /// <summary>log cosh(predictions − targets), elementwise: a smooth <see cref="HuberLoss"/>.</summary>
    /// <param name="predictions">An array of floating-point numbers.</param>
    /// <param name="targets">An array of the same shape; zeros by default.</param>
    /// <exception cref="DTypeException">The predictions are not floating-point numbers.</exception>
    public static NDArray LogCosh(NDArray predictions, NDArray? targets = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        RequireFloating(nameof(LogCosh), nameof(predictions), predictions);
        var errors = Errors(predictions, targets);
        return Jnp.LogAddExp(errors, -errors) - Jnp.Log(2.0).AsType(errors.DType);
    }

    /// <summary>The cosine of the angle between vectors.</summary>
    /// <param name="predictions">Vectors, of shape (…, n).</param>
    /// <param name="targets">Vectors of the same shape.</param>
    /// <param name="epsilon">What the squares of the norms count as at least; 0 by default.</param>
    /// <param name="axis">The axes of the vectors.</param>
    /// <param name="where">The elements that count.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray CosineSimilarity(
        NDArray predictions,
        NDArray targets,
        Hyperparameter? epsilon = null,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        RequireFloating(nameof(CosineSimilarity), nameof(predictions), predictions);
        RequireFloating(nameof(CosineSimilarity), nameof(targets), targets);
        var axes = axis ?? -1;
        return Jnp.Sum(Unit(predictions) * Unit(targets), axes, where: where);

        NDArray Unit(NDArray x) =>
            x / Jnp.Sqrt(Jnp.Clip(Jnp.Sum(Jnp.Square(x), axes, keepDims: true, where: where), epsilon ?? 0.0));
    }

    /// <summary>1 − <see cref="CosineSimilarity"/>.</summary>
    /// <param name="predictions">Vectors, of shape (…, n).</param>
    /// <param name="targets">Vectors of the same shape.</param>
    /// <param name="epsilon">What the squares of the norms count as at least; 0 by default.</param>
    /// <param name="axis">The axes of the vectors.</param>
    /// <param name="where">The elements that count.</param>
    /// <exception cref="DTypeException">The arrays are not of floating-point numbers.</exception>
    public static NDArray CosineDistance(
        NDArray predictions,
        NDArray targets,
        Hyperparameter? epsilon = null,
        Axes? axis = null,
        NDArray? where = null
    )
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        return 1.0 - CosineSimilarity(predictions, targets, epsilon, axis, where);
    }

    private static NDArray Errors(NDArray predictions, NDArray? targets) =>
        targets is null ? predictions : predictions - targets;
}
