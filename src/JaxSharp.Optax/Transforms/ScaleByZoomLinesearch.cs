using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The updates times a step size with which the loss decreases enough and its slope becomes small enough (Wolfe's conditions): an
    /// interval is widened until it holds such a step size, then narrowed by interpolation. Update needs the extra arguments value,
    /// grad and value_fn: the loss, its gradient, and the function of the parameters that gives it. The state keeps loss and
    /// gradient at the new parameters, for <see cref="ValueAndGradFromState"/>.
    /// </summary>
    /// <param name="maxLinesearchSteps">The number of step sizes that are tried at most.</param>
    /// <param name="maxLearningRate">The largest step size; none by default.</param>
    /// <param name="tol">How much the conditions may be missed by; 0 by default.</param>
    /// <param name="increaseFactor">What the step size is multiplied by while the interval is widened; 2 by default.</param>
    /// <param name="slopeRtol">The decrease demanded, as a share of what the slope promises; 1e-4 by default.</param>
    /// <param name="curvRtol">The slope allowed, as a share of that at the start; 0.9 by default.</param>
    /// <param name="approxDecRtol">
    /// Where the loss changes by no more than this share of it, its slope tells whether it decreases, as differences are mostly
    /// rounding; null to ask for the decrease itself always.
    /// </param>
    /// <param name="stepsizePrecision">
    /// The width of the interval below which a step size with a decrease will do; 1e-5 by default.
    /// </param>
    /// <param name="initialGuessStrategy">
    /// The first step size to try: <c>keep</c>, the last one, as for steepest descent; <c>one</c>, as for Newton's method and L-BFGS.
    /// </param>
    /// <exception cref="JaxArgumentException">
    /// Another strategy, or a number of step sizes below 1. At Update: an extra argument is missing.
    /// </exception>
    /// <example><code>
    /// NDArray Loss(NDArray w) => jnp.Sum(w * w);
    /// var tx = optax.Chain(optax.Sgd(1.0), optax.ScaleByZoomLinesearch(maxLinesearchSteps: 15));
    /// NDArray w = jnp.Array([1f, 2f, 3f]);
    /// var (value, grad) = ValueAndGrad((NDArray w) => Loss(w))(w);
    /// var extra = new ExtraArgs { Value = value, Grad = grad, ValueFn = (Func&lt;NDArray, NDArray&gt;)Loss };
    /// w + tx.Update(grad, tx.Init(w), w, extra).Updates; // => [0. 0. 0.]
    /// </code></example>
    public static GradientTransformation ScaleByZoomLinesearch(
        int maxLinesearchSteps,
        Hyperparameter? maxLearningRate = null,
        Hyperparameter? tol = null,
        Hyperparameter? increaseFactor = null,
        Hyperparameter? slopeRtol = null,
        Hyperparameter? curvRtol = null,
        double? approxDecRtol = 1e-6,
        Hyperparameter? stepsizePrecision = null,
        string initialGuessStrategy = "keep"
    )
    {
        if (maxLinesearchSteps < 1 || initialGuessStrategy is not ("keep" or "one"))
        {
            throw new JaxArgumentException(
                "ScaleByZoomLinesearch tries one step size at least and begins with the strategy 'keep' or 'one'; got "
                    + $"maxLinesearchSteps {maxLinesearchSteps} and initialGuessStrategy '{initialGuessStrategy}'."
            );
        }

        return new ScaleByZoomLinesearch(
            new ZoomSettings(
                maxLinesearchSteps,
                maxLearningRate,
                tol ?? 0,
                increaseFactor ?? 2.0,
                slopeRtol ?? 1e-4,
                curvRtol ?? 0.9,
                approxDecRtol,
                stepsizePrecision ?? 1e-5
            ),
            keepsGuess: initialGuessStrategy == "keep"
        );
    }
}

/// <summary>The state of <see cref="Optax.ScaleByZoomLinesearch"/>.</summary>
/// <param name="LearningRate">The last step size.</param>
/// <param name="Value">The loss after the last step; infinite before the first.</param>
/// <param name="Grad">The gradient after the last step, a tree like the parameters.</param>
/// <param name="Info">How the last search went.</param>
public sealed record ScaleByZoomLinesearchState(
    NDArray LearningRate,
    NDArray Value,
    object? Grad,
    ZoomLinesearchInfo Info
) : OptState;

/// <summary>How a search of <see cref="Optax.ScaleByZoomLinesearch"/> went.</summary>
/// <param name="NumLinesearchSteps">The number of step sizes tried.</param>
/// <param name="DecreaseError">How much the demanded decrease was missed by; 0 where it was reached.</param>
/// <param name="CurvatureError">How much the slope was too large; 0 where it was small enough.</param>
public sealed record ZoomLinesearchInfo(NDArray NumLinesearchSteps, NDArray DecreaseError, NDArray CurvatureError);

internal sealed class ScaleByZoomLinesearch(ZoomSettings settings, bool keepsGuess)
    : GradientTransformation<ScaleByZoomLinesearchState>
{
    protected override ScaleByZoomLinesearchState InitState<T>(T @params)
    {
        var type = Linesearch.RealType(@params);
        return new(
            Jnp.Array(1.0, type),
            Jnp.Array(double.PositiveInfinity, type),
            Optax.Tree.ZerosLike(@params),
            new ZoomLinesearchInfo(
                Numerics.Zero,
                Jnp.Array(double.PositiveInfinity, type),
                Jnp.Array(double.PositiveInfinity, type)
            )
        );
    }

    protected override (T Updates, ScaleByZoomLinesearchState State) UpdateState<T>(
        T updates,
        ScaleByZoomLinesearchState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var start = Required(@params, updates);
        var value = extraArgs.Required<NDArray>(nameof(ExtraArgs.Value), Name);
        var loss = extraArgs.Required<Func<T, NDArray>>(nameof(ExtraArgs.ValueFn), Name);
        var grad = (T)extraArgs.Required<object>(nameof(ExtraArgs.Grad), Name);
        var guess = keepsGuess ? state.LearningRate : Jnp.OnesLike(state.LearningRate);
        var found = new ZoomSearch<T>(loss, start, updates, settings, guess).Run(value, grad);
        return (
            Optax.Tree.Scale(found.Last.Rate, updates),
            new ScaleByZoomLinesearchState(
                found.Last.Rate,
                found.Last.Value.AsType(state.Value.DType),
                Optax.Tree.CastLike(found.Grad, Of<T>(state.Grad)),
                new ZoomLinesearchInfo(
                    found.Count,
                    found.DecreaseError.AsType(state.Info.DecreaseError.DType),
                    found.CurvatureError.AsType(state.Info.CurvatureError.DType)
                )
            )
        );
    }
}
