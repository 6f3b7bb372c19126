using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>
        /// The mean of clipped gradients of single examples with noise, so that no example can be told from the result. Updates have
        /// an axis of examples first; the result has not.
        /// </summary>
        /// <param name="l2NormClip">The largest norm of the gradient of an example.</param>
        /// <param name="noiseMultiplier">The deviation of the noise relative to it.</param>
        /// <param name="key">The random key.</param>
        public static GradientTransformation DifferentiallyPrivateAggregate(
            Hyperparameter l2NormClip,
            Hyperparameter noiseMultiplier,
            PrngKey key
        ) => new DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, key);

        /// <summary>SGD by <see cref="DifferentiallyPrivateAggregate"/>.</summary>
        /// <param name="learningRate">A number or a schedule.</param>
        /// <param name="l2NormClip">The largest norm of the gradient of an example.</param>
        /// <param name="noiseMultiplier">The deviation of the noise relative to it.</param>
        /// <param name="key">The random key.</param>
        /// <param name="momentum">The decay of the momentum; none by default.</param>
        /// <param name="nesterov">Whether the momentum is Nesterov's.</param>
        public static GradientTransformation Dpsgd(
            ScalarOrSchedule learningRate,
            Hyperparameter l2NormClip,
            Hyperparameter noiseMultiplier,
            PrngKey key,
            Hyperparameter? momentum = null,
            bool nesterov = false
        ) =>
            Chain(
                DifferentiallyPrivateAggregate(l2NormClip, noiseMultiplier, key),
                momentum is { } decay ? Trace(decay, nesterov) : Identity(),
                ScaleByLearningRate(learningRate)
            );
    }
}

/// <summary>The state of <see cref="Optax.Contrib.DifferentiallyPrivateAggregate"/>.</summary>
/// <param name="RngKey">The random key of the next step.</param>
public sealed record DifferentiallyPrivateAggregateState(PrngKey RngKey) : OptState;

internal sealed class DifferentiallyPrivateAggregate(
    Hyperparameter l2NormClip,
    Hyperparameter noiseMultiplier,
    PrngKey key
) : GradientTransformation<DifferentiallyPrivateAggregateState>
{
    protected override DifferentiallyPrivateAggregateState InitState<T>(T @params) => new(key);

    protected override (T Updates, DifferentiallyPrivateAggregateState State) UpdateState<T>(
        T updates,
        DifferentiallyPrivateAggregateState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var leaves = Tree.Leaves(updates);
        var keys = JaxRandom.Split(state.RngKey, leaves.Length + 1);
        var (sums, _) = Optax.PerExampleGlobalNormClip(leaves, l2NormClip);
        int examples = (int)leaves[0].Shape[0];
        var deviation = l2NormClip * noiseMultiplier;
        var noisy = sums.Select((g, i) => (g + deviation * JaxRandom.Normal(keys[i + 1], g.Shape, g.DType)) / examples);
        return (
            Tree.Unflatten<T>(Tree.Structure(updates), [.. noisy]),
            new DifferentiallyPrivateAggregateState(keys[0])
        );
    }
}
