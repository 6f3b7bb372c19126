using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>AdamW with a second, far slower average of the gradients (AdEMAMix).</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="b1">The decay of the fast average; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
        /// <param name="b3">The decay of the slow average, a number or a schedule; 0.9999 by default.</param>
        /// <param name="alpha">The weight of the slow average, a number or a schedule; 5 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="epsRoot">Added under the root; 0 by default.</param>
        /// <param name="muDtype">The element type of the first averages of gradients; that of the parameters by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; 0 by default.</param>
        /// <param name="mask">Which parameters decay; all by default.</param>
        public static GradientTransformation Ademamix(
            ScalarOrSchedule learningRate,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            ScalarOrSchedule? b3 = null,
            ScalarOrSchedule? alpha = null,
            Hyperparameter? eps = null,
            Hyperparameter? epsRoot = null,
            DType? muDtype = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? mask = null
        ) =>
            Chain(
                ScaleByAdemamix(b1, b2, b3, alpha ?? 5.0, eps, epsRoot, muDtype),
                AddDecayedWeights(weightDecay ?? 0.0, mask),
                ScaleByLearningRate(learningRate)
            );

        /// <summary><see cref="Ademamix"/> without its learning rate.</summary>
        /// <param name="b1">The decay of the fast average; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
        /// <param name="b3">The decay of the slow average, a number or a schedule; 0.9999 by default.</param>
        /// <param name="alpha">The weight of the slow average, a number or a schedule; 6 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="epsRoot">Added under the root; 0 by default.</param>
        /// <param name="muDtype">The element type of the first averages of gradients; that of the parameters by default.</param>
        public static GradientTransformation ScaleByAdemamix(
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            ScalarOrSchedule? b3 = null,
            ScalarOrSchedule? alpha = null,
            Hyperparameter? eps = null,
            Hyperparameter? epsRoot = null,
            DType? muDtype = null
        ) =>
            new ScaleByAdemamix(b1 ?? 0.9, b2 ?? 0.999, b3 ?? 0.9999, alpha ?? 6.0, eps ?? 1e-8, epsRoot ?? 0, muDtype);

        /// <summary>AdamW whose one average of gradients sums up rather than averages (simplified AdEMAMix).</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="b1">The decay of the sum of gradients; 0.99 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.95 by default.</param>
        /// <param name="alpha">The weight of the gradient itself, a number or a schedule; 0 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="epsRoot">Added under the root; 0 by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; 0 by default.</param>
        /// <param name="mask">Which parameters decay; all by default.</param>
        public static GradientTransformation SimplifiedAdemamix(
            ScalarOrSchedule learningRate,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            ScalarOrSchedule? alpha = null,
            Hyperparameter? eps = null,
            Hyperparameter? epsRoot = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? mask = null
        ) =>
            Chain(
                ScaleBySimplifiedAdemamix(b1, b2, alpha, eps, epsRoot),
                AddDecayedWeights(weightDecay ?? 0.0, mask),
                ScaleByLearningRate(learningRate)
            );

        /// <summary><see cref="SimplifiedAdemamix"/> without its learning rate.</summary>
        /// <param name="b1">The decay of the sum of gradients; 0.99 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.95 by default.</param>
        /// <param name="alpha">The weight of the gradient itself, a number or a schedule; 0 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-8 by default.</param>
        /// <param name="epsRoot">Added under the root; 0 by default.</param>
        public static GradientTransformation ScaleBySimplifiedAdemamix(
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            ScalarOrSchedule? alpha = null,
            Hyperparameter? eps = null,
            Hyperparameter? epsRoot = null
        ) => new ScaleBySimplifiedAdemamix(b1 ?? 0.99, b2 ?? 0.95, alpha ?? 0.0, eps ?? 1e-8, epsRoot ?? 0);
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleByAdemamix"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="CountM2">The number of steps that the schedules have seen.</param>
/// <param name="M1">The fast average of the updates, a tree like the parameters.</param>
/// <param name="M2">The slow average of the updates, a tree like the parameters.</param>
/// <param name="Nu">The average of their squares, a tree like the parameters.</param>
public sealed record ScaleByAdemamixState(NDArray Count, NDArray CountM2, object? M1, object? M2, object? Nu)
    : OptState;

internal sealed class ScaleByAdemamix(
    Hyperparameter b1,
    Hyperparameter b2,
    ScalarOrSchedule b3,
    ScalarOrSchedule alpha,
    Hyperparameter eps,
    Hyperparameter epsRoot,
    DType? muDtype
) : GradientTransformation<ScaleByAdemamixState>
{
    protected override ScaleByAdemamixState InitState<T>(T @params) =>
        new(
            Numerics.Zero,
            Numerics.Zero,
            Optax.Tree.ZerosLike(@params, muDtype),
            Optax.Tree.ZerosLike(@params, muDtype),
            Optax.Tree.ZerosLike(@params)
        );

    protected override (T Updates, ScaleByAdemamixState State) UpdateState<T>(
        T updates,
        ScaleByAdemamixState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var weight = alpha.At(state.CountM2);
        var m1 = Optax.Tree.UpdateMoment(updates, Of<T>(state.M1), b1, 1);
        var m2 = Optax.Tree.UpdateMoment(updates, Of<T>(state.M2), b3.At(state.CountM2), 1);
        var nu = Optax.Tree.UpdateMomentPerElemNorm(updates, Of<T>(state.Nu), b2, 2);
        var count = Optax.SafeIncrement(state.Count);
        var numerator = Tree.Map((a, b) => a + weight * b, Optax.Tree.BiasCorrection(m1, b1, count), m2);
        return (
            Moments.Normalized(numerator, Optax.Tree.BiasCorrection(nu, b2, count), eps, epsRoot),
            new ScaleByAdemamixState(count, Optax.SafeIncrement(state.CountM2), m1, m2, nu)
        );
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ScaleBySimplifiedAdemamix"/>.</summary>
/// <param name="T">The number of steps done.</param>
/// <param name="M">The sum of the updates, a tree like the parameters.</param>
/// <param name="N">The average of their squares, a tree like the parameters.</param>
public sealed record ScaleBySimplifiedAdEMAMixState(NDArray T, object? M, object? N) : OptState;

internal sealed class ScaleBySimplifiedAdemamix(
    Hyperparameter b1,
    Hyperparameter b2,
    ScalarOrSchedule alpha,
    Hyperparameter eps,
    Hyperparameter epsRoot
) : GradientTransformation<ScaleBySimplifiedAdEMAMixState>
{
    protected override ScaleBySimplifiedAdEMAMixState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleBySimplifiedAdEMAMixState State) UpdateState<T>(
        T updates,
        ScaleBySimplifiedAdEMAMixState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var weight = alpha.At(state.T);
        var count = Optax.SafeIncrement(state.T);
        var m = Tree.Map((g, s) => g + b1 * s, updates, Of<T>(state.M));
        var n = Tree.Map(
            (g, v) =>
            {
                var square = Jnp.Square(g);
                return square + b2 * (v - square);
            },
            updates,
            Of<T>(state.N)
        );
        var numerator = Tree.Map((s, g) => s + weight * g, m, updates);
        return (
            Moments.Normalized(numerator, Optax.Tree.BiasCorrection(n, b2, count), eps, epsRoot),
            new ScaleBySimplifiedAdEMAMixState(count, m, n)
        );
    }
}
