using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// Steps of the size of the largest distance from the beginning over the root of the sum of squares of updates, for each leaf: no
    /// learning rate is needed.
    /// </summary>
    /// <param name="repsRel">The distance at the beginning relative to the norm of the parameters; 1e-6 by default.</param>
    /// <param name="eps">Added under the root; 1e-8 by default.</param>
    /// <param name="paramDtype">The element type of the parameters that are kept; f32 by default.</param>
    /// <param name="globalScale">A factor, -1 to go downhill; 1 by default.</param>
    public static GradientTransformation ScaleByDistanceOverGradients(
        Hyperparameter? repsRel = null,
        Hyperparameter? eps = null,
        DType? paramDtype = null,
        Hyperparameter? globalScale = null
    ) => new ScaleByDistanceOverGradients(repsRel ?? 1e-6, eps ?? 1e-8, paramDtype ?? DType.F32, globalScale ?? 1.0);
}

/// <summary>The state of <see cref="Optax.ScaleByDistanceOverGradients"/>.</summary>
/// <param name="MaxDist">The largest distance of each leaf from its beginning, a tree of scalars.</param>
/// <param name="GradSumOfSquares">The sum of the squares of the updates of each leaf, a tree of vectors of one element.</param>
/// <param name="InitParams">The parameters at the beginning.</param>
public sealed record ScaleByDistanceOverGradientsState(object? MaxDist, object? GradSumOfSquares, object? InitParams)
    : OptState;

internal sealed class ScaleByDistanceOverGradients(
    Hyperparameter repsRel,
    Hyperparameter eps,
    DType paramDtype,
    Hyperparameter globalScale
) : GradientTransformation<ScaleByDistanceOverGradientsState>
{
    protected override ScaleByDistanceOverGradientsState InitState<T>(T @params) =>
        new(
            Tree.Map(x => repsRel * (1 + Distance(x, 0.0)), @params),
            Tree.Map(_ => Jnp.Zeros(1), @params),
            Optax.Tree.Cast(@params, paramDtype)
        );

    protected override (T Updates, ScaleByDistanceOverGradientsState State) UpdateState<T>(
        T updates,
        ScaleByDistanceOverGradientsState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var start = Of<T>(state.InitParams);
        var distance = Tree.Map(
            (d, x, y) => Jnp.Maximum(d, Distance(x, y)),
            Of<T>(state.MaxDist),
            Required(@params, updates),
            start
        );
        var sum = Tree.Map((s, g) => s + Jnp.Sum(Jnp.Square(g)), Of<T>(state.GradSumOfSquares), updates);
        return (
            Tree.Map((g, d, s) => globalScale * (d / Jnp.Sqrt(s + eps)) * g, updates, distance, sum),
            new ScaleByDistanceOverGradientsState(distance, sum, start)
        );
    }

    private static NDArray Distance(NDArray x, NDArray y) => Jnp.Sqrt(Jnp.Sum(Jnp.Square(x - y)));
}
