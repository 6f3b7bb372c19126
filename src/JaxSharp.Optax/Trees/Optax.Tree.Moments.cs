using JaxSharp.Numpy;
using JaxTree = JaxSharp.Tree;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <inheritdoc cref="Tree.UpdateMoment"/>
    public static T UpdateMoment<T>(T updates, T moments, Hyperparameter decay, int order) =>
        Tree.UpdateMoment(updates, moments, decay, order);

    /// <inheritdoc cref="Tree.UpdateInfinityMoment"/>
    public static T UpdateInfinityMoment<T>(T updates, T moments, Hyperparameter decay, Hyperparameter eps) =>
        Tree.UpdateInfinityMoment(updates, moments, decay, eps);

    /// <inheritdoc cref="Tree.UpdateMomentPerElemNorm"/>
    public static T UpdateMomentPerElemNorm<T>(T updates, T moments, Hyperparameter decay, int order) =>
        Tree.UpdateMomentPerElemNorm(updates, moments, decay, order);

    /// <inheritdoc cref="Tree.BiasCorrection"/>
    public static T BiasCorrection<T>(T moment, Hyperparameter decay, NDArray count) =>
        Tree.BiasCorrection(moment, decay, count);

    public static partial class Tree
    {
        /// <summary>
        /// An exponential moving average of powers: (1 − decay) · updatesᵒʳᵈᵉʳ + decay · moments. Results below the normal numbers of
        /// their type, other than f16, are zero.
        /// </summary>
        public static T UpdateMoment<T>(T updates, T moments, Hyperparameter decay, int order) =>
            JaxTree.Map((g, t) => Moments.Settled((1 - decay) * Power(g, order) + decay * t), updates, moments);

        /// <summary>A decaying maximum: max(|updates| + eps, decay · moments).</summary>
        public static T UpdateInfinityMoment<T>(T updates, T moments, Hyperparameter decay, Hyperparameter eps) =>
            JaxTree.Map((g, t) => Jnp.Maximum(Jnp.Abs(g) + eps, decay * t), updates, moments);

        /// <summary>
        /// An exponential moving average of powers of absolute values: real, for complex updates too. Results below the normal numbers of
        /// their type, other than f16, are zero.
        /// </summary>
        public static T UpdateMomentPerElemNorm<T>(T updates, T moments, Hyperparameter decay, int order) =>
            JaxTree.Map((g, t) => Moments.Settled((1 - decay) * PowerOfNorm(g, order) + decay * t), updates, moments);

        /// <summary>
        /// A moving average that began at 0, divided by the sum of its weights, 1 − decayᶜᵒᵘⁿᵗ. The sum is computed in f32 at least.
        /// </summary>
        public static T BiasCorrection<T>(T moment, Hyperparameter decay, NDArray count)
        {
            var sumOfWeights = 1 - Jnp.Power(decay, count);
            return JaxTree.Map(t => t / sumOfWeights.AsType(t.DType), moment);
        }

        private static NDArray Power(NDArray x, int exponent) => exponent == 1 ? x : Jnp.Power(x, exponent);

        private static NDArray PowerOfNorm(NDArray x, int exponent) =>
            !x.DType.IsComplex ? Power(x, exponent)
            : exponent % 2 == 0 ? Power(Numerics.AbsSq(x), exponent / 2)
            : Jnp.Power(Numerics.AbsSq(x), exponent / 2.0);
    }
}
