using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Adds Gaussian noise of variance eta / countᵍᵃᵐᵐᵃ.</summary>
    /// <param name="eta">The variance in the first step.</param>
    /// <param name="gamma">How fast it falls.</param>
    /// <param name="key">The random key; that of the seed 0 by default.</param>
    public static GradientTransformation AddNoise(Hyperparameter eta, Hyperparameter gamma, PrngKey? key = null) =>
        new AddNoise(eta, gamma, key ?? JaxRandom.Key(0));
}

/// <summary>The state of <see cref="Optax.AddNoise"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="RngKey">The random key of the next step.</param>
public sealed record AddNoiseState(NDArray Count, PrngKey RngKey) : OptState;

internal sealed class AddNoise(Hyperparameter eta, Hyperparameter gamma, PrngKey key)
    : GradientTransformation<AddNoiseState>
{
    protected override AddNoiseState InitState<T>(T @params) => new(Numerics.Zero, key);

    protected override (T Updates, AddNoiseState State) UpdateState<T>(
        T updates,
        AddNoiseState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var count = Optax.SafeIncrement(state.Count);
        var deviation = Jnp.Sqrt(eta / Jnp.Power(count, gamma));
        var (next, sample) = JaxRandom.Split(state.RngKey);
        var noise = Optax.Tree.RandomLike(sample, updates);
        return (Optax.Tree.AddScale(updates, deviation, noise), new AddNoiseState(count, next));
    }
}
