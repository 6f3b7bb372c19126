using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>The sign of a mean of the update and a moving average of updates.</summary>
    /// <param name="b1">The weight of the average in the mean; 0.9 by default.</param>
    /// <param name="b2">The decay of the average; 0.99 by default.</param>
    /// <param name="muDtype">The element type of the average; that of the parameters by default.</param>
    /// <param name="mode"><c>hard</c>: the sign; <c>smooth</c>: tanh; <c>refined</c>: the number itself below 1.</param>
    /// <param name="smoothBeta">The steepness of tanh; 1 by default.</param>
    /// <exception cref="JaxArgumentException">There is no such mode.</exception>
    public static GradientTransformation ScaleByLion(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        DType? muDtype = null,
        string mode = "hard",
        Hyperparameter? smoothBeta = null
    ) =>
        mode is "hard" or "smooth" or "refined"
            ? new ScaleByLion(b1 ?? 0.9, b2 ?? 0.99, muDtype, mode, smoothBeta ?? 1)
            : throw new JaxArgumentException(
                $"ScaleByLion has the modes 'hard', 'smooth' and 'refined'; got '{mode}'."
            );
}

/// <summary>The state of <see cref="Optax.ScaleByLion"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Mu">The moving average of the updates, a tree like the parameters.</param>
public sealed record ScaleByLionState(NDArray Count, object? Mu) : OptState;

internal sealed class ScaleByLion(
    Hyperparameter b1,
    Hyperparameter b2,
    DType? muDtype,
    string mode,
    Hyperparameter smoothBeta
) : GradientTransformation<ScaleByLionState>
{
    protected override ScaleByLionState InitState<T>(T @params) =>
        new(Numerics.Zero, Optax.Tree.ZerosLike(@params, muDtype));

    protected override (T Updates, ScaleByLionState State) UpdateState<T>(
        T updates,
        ScaleByLionState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var mu = Of<T>(state.Mu);
        return (
            Tree.Map((g, m) => Sign((1 - b1) * g + b1 * m), updates, mu),
            new ScaleByLionState(
                Optax.SafeIncrement(state.Count),
                Optax.Tree.Cast(Optax.Tree.UpdateMoment(updates, mu, b2, 1), muDtype)
            )
        );
    }

    private NDArray Sign(NDArray x) =>
        mode switch
        {
            "hard" => Jnp.Sign(x),
            "smooth" => Jnp.Tanh(smoothBeta * x),
            _ => Jnp.Where(Jnp.Abs(x) < 1.0, x, Jnp.Sign(x)),
        };
}
