using System;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The updates times a step size that makes the loss decrease enough: the largest tried, smaller and smaller. Update needs the
    /// extra arguments value, grad and value_fn: the loss, its gradient, and the function of the parameters that gives it.
    /// </summary>
    /// <param name="maxBacktrackingSteps">How often the step size is made smaller at most.</param>
    /// <param name="slopeRtol">The decrease demanded, as a share of what the slope promises; 1e-4 by default.</param>
    /// <param name="decreaseFactor">What a step size that is too large is multiplied by; 0.8 by default.</param>
    /// <param name="increaseFactor">What the last step size is multiplied by for the first to try; 1.5 by default.</param>
    /// <param name="maxLearningRate">The largest step size; 1 by default.</param>
    /// <param name="atol">How much the demand may be missed by; 0 by default.</param>
    /// <param name="rtol">How much the loss may grow, as a share of it; 0 by default.</param>
    /// <param name="storeGrad">Whether the gradient found is kept for <see cref="ValueAndGradFromState"/>.</param>
    /// <exception cref="JaxArgumentException">At Update: an extra argument is missing.</exception>
    /// <example><code>
    /// NDArray Loss(NDArray w) => jnp.Sum(w * w);
    /// var tx = optax.Chain(optax.Sgd(1.0), optax.ScaleByBacktrackingLinesearch(15));
    /// NDArray w = jnp.Array([1f]);
    /// var (value, grad) = ValueAndGrad((NDArray w) => Loss(w))(w);
    /// var extra = new ExtraArgs { Value = value, Grad = grad, ValueFn = (Func&lt;NDArray, NDArray&gt;)Loss };
    /// tx.Update(grad, tx.Init(w), w, extra).Updates; // => [-1.6]
    /// </code></example>
    public static GradientTransformation ScaleByBacktrackingLinesearch(
        int maxBacktrackingSteps,
        Hyperparameter? slopeRtol = null,
        Hyperparameter? decreaseFactor = null,
        Hyperparameter? increaseFactor = null,
        Hyperparameter? maxLearningRate = null,
        Hyperparameter? atol = null,
        Hyperparameter? rtol = null,
        bool storeGrad = false
    ) =>
        new ScaleByBacktrackingLinesearch(
            maxBacktrackingSteps,
            slopeRtol ?? 1e-4,
            decreaseFactor ?? 0.8,
            increaseFactor ?? 1.5,
            maxLearningRate ?? 1,
            atol ?? 0,
            rtol ?? 0,
            storeGrad
        );
}

/// <summary>The state of <see cref="Optax.ScaleByBacktrackingLinesearch"/>.</summary>
/// <param name="LearningRate">The last step size.</param>
/// <param name="Value">The loss after the last step; infinite before the first.</param>
/// <param name="Grad">The gradient after the last step, a tree like the parameters; null where it is not kept.</param>
/// <param name="Info">How the last search went.</param>
public sealed record ScaleByBacktrackingLinesearchState(
    NDArray LearningRate,
    NDArray Value,
    object? Grad,
    BacktrackingLinesearchInfo Info
) : OptState;

/// <summary>How a search of <see cref="Optax.ScaleByBacktrackingLinesearch"/> went.</summary>
/// <param name="NumLinesearchSteps">The number of step sizes tried.</param>
/// <param name="DecreaseError">How much the demanded decrease was missed by; 0 where it was reached.</param>
public sealed record BacktrackingLinesearchInfo(NDArray NumLinesearchSteps, NDArray DecreaseError);

internal sealed class ScaleByBacktrackingLinesearch(
    int maxSteps,
    Hyperparameter slopeRtol,
    Hyperparameter decreaseFactor,
    Hyperparameter increaseFactor,
    Hyperparameter maxLearningRate,
    Hyperparameter atol,
    Hyperparameter rtol,
    bool storeGrad
) : GradientTransformation<ScaleByBacktrackingLinesearchState>
{
    protected override ScaleByBacktrackingLinesearchState InitState<T>(T @params) =>
        new(
            Jnp.Array(1.0, Linesearch.RealType(@params)),
            Jnp.Array(double.PositiveInfinity, Linesearch.RealType(@params)),
            storeGrad ? Optax.Tree.ZerosLike(@params) : null,
            new BacktrackingLinesearchInfo(
                Numerics.Zero,
                Jnp.Array(double.PositiveInfinity, Linesearch.RealType(@params))
            )
        );

    protected override (T Updates, ScaleByBacktrackingLinesearchState State) UpdateState<T>(
        T updates,
        ScaleByBacktrackingLinesearchState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var start = Required(@params, updates);
        var value = extraArgs.Required<NDArray>(nameof(ExtraArgs.Value), Name);
        var loss = extraArgs.Required<Func<T, NDArray>>(nameof(ExtraArgs.ValueFn), Name);
        var grad = (T)extraArgs.Required<object>(nameof(ExtraArgs.Grad), Name);
        var slope = Linesearch.Slope(updates, grad);

        T At(NDArray rate) => Optax.Tree.AddScale(start, rate, updates);
        NDArray Error(NDArray rate, NDArray reached)
        {
            var error = reached - (1 + rtol) * value - slopeRtol * rate * slope;
            return Jnp.Maximum(Jnp.Where(Jnp.IsNan(error), double.PositiveInfinity, error), 0.0);
        }

        var first = Jnp.Minimum(increaseFactor * state.LearningRate, maxLearningRate).AsType(state.LearningRate.DType);
        var none = Jnp.FullLike(value, double.PositiveInfinity);
        var found = Lax.WhileLoop<Search>(
            search => (search.Error > atol) & (search.Count <= maxSteps),
            search =>
            {
                var rate = Jnp.Where(Jnp.Greater(search.Count, 0), decreaseFactor * search.Rate, search.Rate);
                var reached = loss(At(rate)).AsType(value.DType);
                return new(
                    rate.AsType(first.DType),
                    reached,
                    Error(rate, reached).AsType(value.DType),
                    search.Count + 1
                );
            },
            new(first, none, none, Numerics.Zero)
        );

        // Where the loss is never finite, no step is made.
        var chosen = Jnp.Where(Jnp.IsInf(found.Error), Jnp.ZerosLike(found.Rate), found.Rate);
        return (
            Optax.Tree.Scale(chosen, updates),
            new ScaleByBacktrackingLinesearchState(
                chosen,
                found.Reached.AsType(state.Value.DType),
                storeGrad ? Jax.Grad(loss)(At(found.Rate)) : null,
                new BacktrackingLinesearchInfo(found.Count, found.Error.AsType(state.Info.DecreaseError.DType))
            )
        );
    }

    private sealed record Search(NDArray Rate, NDArray Reached, NDArray Error, NDArray Count);
}
