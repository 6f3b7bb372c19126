using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Transformations that are newer, or used by fewer, than those of <see cref="Optax"/>.</summary>
    public static partial class Contrib
    {
        /// <summary>AdaBelief whose denominator is that of the step before, and which keeps the gradient in the numerator.</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-16 by default.</param>
        /// <param name="epsRoot">Added to the average of squares in each step; 1e-16 by default.</param>
        /// <param name="weightDecay">The decay in one step relative to the learning rate; 0 by default.</param>
        /// <param name="mask">Which parameters decay; all by default.</param>
        public static GradientTransformation Acprop(
            ScalarOrSchedule learningRate,
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            Hyperparameter? epsRoot = null,
            ScalarOrSchedule? weightDecay = null,
            Mask? mask = null
        ) =>
            Chain(
                ScaleByAcprop(b1, b2, eps, epsRoot),
                AddDecayedWeights(weightDecay ?? 0.0, mask),
                ScaleByLearningRate(learningRate)
            );

        /// <summary><see cref="Acprop"/> without its learning rate.</summary>
        /// <param name="b1">The decay of the average of the updates; 0.9 by default.</param>
        /// <param name="b2">The decay of the average of squares; 0.999 by default.</param>
        /// <param name="eps">Added to the denominator; 1e-16 by default.</param>
        /// <param name="epsRoot">Added to the average of squares in each step; 1e-16 by default.</param>
        public static GradientTransformation ScaleByAcprop(
            Hyperparameter? b1 = null,
            Hyperparameter? b2 = null,
            Hyperparameter? eps = null,
            Hyperparameter? epsRoot = null
        ) => new ScaleByAcprop(b1 ?? 0.9, b2 ?? 0.999, eps ?? 1e-16, epsRoot ?? 1e-16);
    }
}

internal sealed class ScaleByAcprop(Hyperparameter b1, Hyperparameter b2, Hyperparameter eps, Hyperparameter epsRoot)
    : GradientTransformation<ScaleByBeliefState>
{
    protected override ScaleByBeliefState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params), Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ScaleByBeliefState State) UpdateState<T>(
        T updates,
        ScaleByBeliefState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Optax.Tree.UpdateMoment(updates, Of<T>(state.Mu), b1, 1);
        var error = Optax.Tree.Sub(updates, Of<T>(state.Mu));
        var nu = Tree.Map(v => v + epsRoot, Optax.Tree.UpdateMomentPerElemNorm(error, Of<T>(state.Nu), b2, 2));
        var count = Optax.SafeIncrement(state.Count);

        // The first step has no denominator of a step before.
        var isFirst = Jnp.Equal(state.Count, 0);
        var corrected = Optax.Tree.BiasCorrection(Of<T>(state.Nu), b2, Jnp.Where(isFirst, count, state.Count));
        return (
            Tree.Map((g, v) => g / (Jnp.Sqrt(Jnp.Where(isFirst, 1.0, v)) + eps), updates, corrected),
            new ScaleByBeliefState(count, mu, nu)
        );
    }
}
