using JaxSharp.Numpy;

namespace JaxSharp.Optax;

/// <summary>What the transformations around Adam have in common.</summary>
internal static class Moments
{
    /// <summary>
    /// A running average whose numbers below the normal ones have become zero. One that is no longer renewed decays to them and, where
    /// rounding up undoes the decay, stays there for ever; processors multiply such numbers a hundred times more slowly than others.
    /// XLA, which has none of them, gives the same averages. Those of f16, which are not small at all, stay.
    /// </summary>
    public static NDArray Settled(NDArray average)
    {
        if (!average.DType.IsFloating || ReferenceEquals(average.DType, DType.F16))
        {
            return average;
        }

        return Jnp.Where(Jnp.Abs(average) < Jnp.FInfo(average.DType).SmallestNormal, 0, average);
    }

    /// <summary>m / (√(v + epsRoot) + eps).</summary>
    public static T Normalized<T>(T m, T v, Hyperparameter eps, Hyperparameter epsRoot) =>
        Tree.Map((a, b) => a / (Jnp.Sqrt(b + epsRoot) + eps), m, v);

    /// <summary>The first moment corrected for the number of steps; one step ahead with Nesterov's momentum.</summary>
    public static T Corrected<T>(T updates, T mu, Hyperparameter decay, NDArray count, bool nesterov) =>
        nesterov
            ? Tree.Map(
                (m, g) => decay * m + (1 - decay) * g,
                Optax.Tree.BiasCorrection(mu, decay, Optax.SafeIncrement(count)),
                Optax.Tree.BiasCorrection(updates, decay, count)
            )
            : Optax.Tree.BiasCorrection(mu, decay, count);

    /// <summary>updates / √(v + eps), or updates / (√v + eps).</summary>
    public static T DividedByRoot<T>(T updates, T v, Hyperparameter eps, bool epsInSqrt) =>
        Tree.Map((n, g) => (epsInSqrt ? Lax.Rsqrt(n + eps) : 1 / (Jnp.Sqrt(n) + eps)) * g, v, updates);

    /// <summary>The mean of squares minus the square of the mean.</summary>
    public static T Variance<T>(T mu, T nu) => Tree.Map((m, n) => n - Numerics.AbsSq(m), mu, nu);
}
