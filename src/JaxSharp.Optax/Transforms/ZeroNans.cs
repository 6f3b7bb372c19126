using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>Zeros in place of NaN. The state tells in which leaves there were any.</summary>
    public static GradientTransformation ZeroNans() => new ZeroNans();

    /// <summary>Updates that would make a parameter negative make it 0 instead. To be the last of a chain.</summary>
    public static GradientTransformation KeepParamsNonnegative() =>
        new Leafwise(nameof(KeepParamsNonnegative), (u, p) => Jnp.Where(p! + u < 0.0, -p!, u), needsParams: true);
}

/// <summary>The state of <see cref="Optax.ZeroNans"/>.</summary>
/// <param name="FoundNan">Whether the last updates of each leaf had a NaN, a tree of bools.</param>
public sealed record ZeroNansState(object? FoundNan) : OptState;

internal sealed class ZeroNans() : GradientTransformation<ZeroNansState>
{
    protected override ZeroNansState InitState<T>(T @params) => new(Tree.Map(_ => Jnp.Array(false), @params));

    protected override (T Updates, ZeroNansState State) UpdateState<T>(
        T updates,
        ZeroNansState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        return (
            Tree.Map(g => Jnp.Where(Jnp.IsNan(g), Jnp.ZerosLike(g), g), updates),
            new ZeroNansState(Tree.Map(g => Jnp.Any(Jnp.IsNan(g)), updates))
        );
    }
}
