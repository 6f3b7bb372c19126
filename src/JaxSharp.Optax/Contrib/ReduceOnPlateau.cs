using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    public static partial class Contrib
    {
        /// <summary>
        /// Scales updates down when the loss no longer falls. The update needs <see cref="ExtraArgs.Value"/>.
        /// </summary>
        /// <param name="factor">What the scale is multiplied by; 0.1 by default.</param>
        /// <param name="patience">The number of values without improvement after which it is.</param>
        /// <param name="rtol">The relative improvement that counts; 1e-4 by default.</param>
        /// <param name="atol">The absolute improvement that counts; 0 by default.</param>
        /// <param name="cooldown">The number of values after that in which none is counted.</param>
        /// <param name="accumulationSize">The number of losses whose mean is one value.</param>
        /// <param name="minScale">The least scale; 0 by default.</param>
        /// <exception cref="JaxArgumentException">An argument is out of its range.</exception>
        public static GradientTransformation ReduceOnPlateau(
            double factor = 0.1,
            int patience = 10,
            double rtol = 1e-4,
            double atol = 0,
            int cooldown = 0,
            int accumulationSize = 1,
            double minScale = 0
        )
        {
            if (factor is <= 0 or >= 1)
            {
                throw new JaxArgumentException($"ReduceOnPlateau needs a factor between 0 and 1; got {factor}.");
            }

            if (rtol is < 0 or > 1)
            {
                throw new JaxArgumentException($"ReduceOnPlateau needs an rtol between 0 and 1; got {rtol}.");
            }

            if (atol < 0 || (rtol == 0 && atol == 0))
            {
                throw new JaxArgumentException(
                    $"ReduceOnPlateau needs tolerances that are not negative, one of them positive; got rtol={rtol}, atol={atol}."
                );
            }

            return new ReduceOnPlateau(factor, patience, (rtol, atol), cooldown, accumulationSize, minScale);
        }
    }
}

/// <summary>The state of <see cref="Optax.Contrib.ReduceOnPlateau"/>.</summary>
/// <param name="Scale">The scale of the updates.</param>
/// <param name="BestValue">The least value.</param>
/// <param name="PlateauCount">The number of values since then.</param>
/// <param name="CooldownCount">The number of values that will not be counted.</param>
/// <param name="Count">The number of losses in the mean.</param>
/// <param name="AvgValue">The mean of losses.</param>
public sealed record ReduceLROnPlateauState(
    NDArray Scale,
    NDArray BestValue,
    NDArray PlateauCount,
    NDArray CooldownCount,
    NDArray Count,
    NDArray AvgValue
) : OptState;

internal sealed class ReduceOnPlateau(
    double factor,
    int patience,
    (double Relative, double Absolute) tolerance,
    int cooldown,
    int accumulationSize,
    double minScale
) : GradientTransformation<ReduceLROnPlateauState>
{
    protected override ReduceLROnPlateauState InitState<T>(T @params)
    {
        var dtype = Optax.Tree.Dtype(@params, "lowest");
        return new(
            Jnp.Ones(Shape.Scalar, dtype),
            ((NDArray)double.PositiveInfinity).AsType(dtype),
            Numerics.Zero,
            Numerics.Zero,
            Numerics.Zero,
            Jnp.Zeros(Shape.Scalar, dtype)
        );
    }

    protected override (T Updates, ReduceLROnPlateauState State) UpdateState<T>(
        T updates,
        ReduceLROnPlateauState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var value = extraArgs.Required<NDArray>("value", Name);
        var count = state.Count + 1;
        var collected = state with
        {
            Count = count,
            AvgValue = ((state.Count * state.AvgValue + value) / count).AsType(state.AvgValue.DType),
        };
        var isFull = Jnp.Equal(count, accumulationSize);
        var next = Tree.Map((a, b) => Jnp.Where(isFull, a, b), Judged(collected), collected);
        return (Tree.Map(g => next.Scale * g, updates), next);
    }

    private ReduceLROnPlateauState Judged(ReduceLROnPlateauState state)
    {
        var better = Jnp.Less(state.AvgValue, (1 - tolerance.Relative) * state.BestValue - tolerance.Absolute);
        var waited = Jnp.Where(better, 0, state.PlateauCount + 1);
        var isCooling = Jnp.Greater(state.CooldownCount, 0);
        var reduce = Jnp.LogicalAnd(Jnp.LogicalNot(isCooling), Jnp.Equal(waited, patience));
        return new(
            Jnp.Where(reduce, Jnp.Maximum(state.Scale * factor, minScale), state.Scale),
            Jnp.Where(better, state.AvgValue, state.BestValue),
            Jnp.Where(Jnp.LogicalOr(isCooling, reduce), 0, waited),
            Jnp.Where(isCooling, state.CooldownCount - 1, Jnp.Where(reduce, cooldown, state.CooldownCount)),
            Jnp.ZerosLike(state.Count),
            Jnp.ZerosLike(state.AvgValue)
        );
    }
}
