using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Updates that are summed, and given every k steps; zeros in between.</summary>
    /// <param name="k">The number of steps; 1 by default.</param>
    public static GradientTransformation ApplyEvery(Hyperparameter? k = null) => new ApplyEveryTransformation(k ?? 1);
}

/// <summary>The state of <see cref="Optax.ApplyEvery"/>.</summary>
/// <param name="Count">The number of steps since the last update.</param>
/// <param name="GradAcc">The sum, a tree like the parameters.</param>
public sealed record ApplyEvery(NDArray Count, object? GradAcc) : OptState;

internal sealed class ApplyEveryTransformation(Hyperparameter k) : GradientTransformation<ApplyEvery>
{
    protected override string Name => "ApplyEvery";

    protected override ApplyEvery InitState<T>(T @params) => new(Numerics.Zero, Optax.Tree.ZerosLike(@params));

    protected override (T Updates, ApplyEvery State) UpdateState<T>(
        T updates,
        ApplyEvery state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        NDArray period = k;
        var place = state.Count % period;
        var sum = Tree.Map(
            (g, acc) => Jnp.Where(Jnp.NotEqual(place, 0), acc, Jnp.ZerosLike(acc)) + g,
            updates,
            Of<T>(state.GradAcc)
        );
        var emit = Jnp.Equal(place, period - 1);
        return (
            Tree.Map(acc => Jnp.Where(emit, acc, Jnp.ZerosLike(acc)), sum),
            new ApplyEvery(Optax.SafeIncrement(state.Count) % period, sum)
        );
    }
}
