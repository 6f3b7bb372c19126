using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Each leaf times the norm of its parameters, which counts as <paramref name="minScale"/> at least.</summary>
    /// <param name="minScale">1e-3 by default.</param>
    public static GradientTransformation ScaleByParamBlockNorm(Hyperparameter? minScale = null) =>
        new Leafwise(nameof(ScaleByParamBlockNorm), (g, p) => g * SafeNorm(p!, minScale ?? 1e-3), needsParams: true);

    /// <summary>
    /// Each leaf times the root mean square of its parameters, which counts as <paramref name="minScale"/> at least.
    /// </summary>
    /// <param name="minScale">1e-3 by default.</param>
    public static GradientTransformation ScaleByParamBlockRms(Hyperparameter? minScale = null) =>
        new Leafwise(
            nameof(ScaleByParamBlockRms),
            (g, p) => g * SafeRootMeanSquares(p!, minScale ?? 1e-3),
            needsParams: true
        );

    /// <summary>Each leaf times the norm of its parameters over its own norm, or times 1 where one of them is 0.</summary>
    /// <param name="minNorm">What norms count as at least; 0 by default.</param>
    /// <param name="trustCoefficient">A factor of the ratio; 1 by default.</param>
    /// <param name="eps">Added to the denominator; 0 by default.</param>
    public static GradientTransformation ScaleByTrustRatio(
        Hyperparameter? minNorm = null,
        Hyperparameter? trustCoefficient = null,
        Hyperparameter? eps = null
    ) =>
        new Leafwise(
            nameof(ScaleByTrustRatio),
            (g, p) =>
            {
                var paramNorm = SafeNorm(p!, minNorm ?? 0.0);
                var updateNorm = SafeNorm(g, minNorm ?? 0.0);
                var ratio = (trustCoefficient ?? 1.0) * paramNorm / (updateNorm + (eps ?? 0.0));
                var isZero = Jnp.Equal(paramNorm, 0.0) | Jnp.Equal(updateNorm, 0.0);
                return g * Jnp.Where(isZero, Jnp.Array(1.0, p!.DType), ratio);
            },
            needsParams: true
        );

    /// <summary>All leaves divided by their common norm.</summary>
    /// <param name="scaleFactor">A factor; 1 by default.</param>
    /// <param name="eps">Added to the norm; 1e-6 by default.</param>
    public static GradientTransformation NormalizeByUpdateNorm(
        Hyperparameter? scaleFactor = null,
        Hyperparameter? eps = null
    ) => new NormalizeByUpdateNorm(scaleFactor ?? 1.0, eps ?? 1e-6);

    /// <summary>Each matrix minus the mean of each of its rows, likewise for more axes; vectors stay.</summary>
    public static GradientTransformation Centralize() =>
        new Leafwise(
            nameof(Centralize),
            (g, _) => g.Ndim > 1 ? g - Jnp.Mean(g, Numerics.AllAxesBut(g.Ndim, 0), keepDims: true) : g,
            needsParams: false
        );
}

internal sealed class NormalizeByUpdateNorm(Hyperparameter scaleFactor, Hyperparameter eps) : StatelessTransformation
{
    protected override T Transform<T>(T updates, T? @params, ExtraArgs extraArgs)
        where T : default
    {
        var norm = (Optax.Tree.Norm(updates) + eps) / scaleFactor;
        return Tree.Map(g => g / norm, updates);
    }
}
