using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Each leaf divided by the moving average of its norm, then averaged over steps.</summary>
    /// <param name="b1">The decay of the average of normalised updates; 0.9 by default.</param>
    /// <param name="b2">The decay of the average of squared norms; 0.25 by default.</param>
    /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
    /// <param name="epsRoot">Added under the root; 0 by default.</param>
    /// <param name="weightDecay">The decay of the parameters; 0 by default.</param>
    /// <param name="muDtype">The element type of the first average; that of the parameters by default.</param>
    public static GradientTransformation ScaleByNovograd(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null,
        Hyperparameter? epsRoot = null,
        Hyperparameter? weightDecay = null,
        DType? muDtype = null
    ) => new ScaleByNovograd(b1 ?? 0.9, b2 ?? 0.25, eps ?? 1e-8, epsRoot ?? 0, weightDecay ?? 0, muDtype);
}

/// <summary>The state of <see cref="Optax.ScaleByNovograd"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of normalised updates, a tree like the parameters.</param>
/// <param name="Nu">The moving average of the squared norm of each leaf, a tree of scalars.</param>
public sealed record ScaleByNovogradState(NDArray Count, object? Mu, object? Nu) : OptState;

internal sealed class ScaleByNovograd(
    Hyperparameter b1,
    Hyperparameter b2,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    Hyperparameter weightDecay,
    DType? muDtype
) : GradientTransformation<ScaleByNovogradState>
{
    protected override ScaleByNovogradState InitState<T>(T @params) =>
        new(
            Numerics.Zero,
            Optax.Tree.ZerosLike(@params, muDtype),
            Tree.Map(p => Jnp.Zeros(Shape.Scalar, p.DType), @params)
        );

    protected override (T Updates, ScaleByNovogradState State) UpdateState<T>(
        T updates,
        ScaleByNovogradState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var parameters = Required(@params, updates);
        var count = Optax.SafeIncrement(state.Count);
        var isFirst = Jnp.Equal(count, 1);
        var squaredNorms = Tree.Map(g => Jnp.Square(Jnp.Sqrt(Jnp.Sum(Numerics.AbsSq(g)))), updates);
        var nu = Tree.Map(
            (square, n) => Jnp.Where(isFirst, square, (1 - b2) * square + b2 * n).AsType(n.DType),
            squaredNorms,
            Of<T>(state.Nu)
        );
        var normalized = Tree.Map(
            (g, p, n) => g / (Jnp.Sqrt(n + epsRoot) + eps) + weightDecay * p,
            updates,
            parameters,
            nu
        );
        var mu = Tree.Map((m, u) => Jnp.Where(isFirst, u, b1 * m + u), Of<T>(state.Mu), normalized);
        mu = Optax.Tree.Cast(mu, muDtype);
        return (mu, new ScaleByNovogradState(count, mu, nu));
    }
}
