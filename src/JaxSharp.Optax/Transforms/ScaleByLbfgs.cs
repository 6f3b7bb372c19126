using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The updates times an estimate of the inverse of the Hessian, from the last differences of parameters and updates (L-BFGS).
    /// </summary>
    /// <param name="memorySize">The number of differences that are kept.</param>
    /// <param name="scaleInitPrecond">Whether the first estimate is scaled; needed without a line search.</param>
    /// <exception cref="JaxArgumentException">The size is not positive.</exception>
    public static GradientTransformation ScaleByLbfgs(int memorySize = 10, bool scaleInitPrecond = true) =>
        memorySize >= 1
            ? new ScaleByLbfgs(memorySize, scaleInitPrecond)
            : throw new JaxArgumentException($"ScaleByLbfgs needs a positive memorySize; got {memorySize}.");
}

/// <summary>The state of <see cref="Optax.ScaleByLbfgs"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="Params">The parameters of the last step.</param>
/// <param name="Updates">The updates of the last step.</param>
/// <param name="DiffParamsMemory">The last differences of parameters: a tree like them, with an axis of steps first.</param>
/// <param name="DiffUpdatesMemory">The last differences of updates, likewise.</param>
/// <param name="WeightsMemory">The inverses of their products.</param>
public sealed record ScaleByLBFGSState(
    NDArray Count,
    object? Params,
    object? Updates,
    object? DiffParamsMemory,
    object? DiffUpdatesMemory,
    NDArray WeightsMemory
) : OptState;

internal sealed class ScaleByLbfgs(int memorySize, bool scaleInitPrecond) : GradientTransformation<ScaleByLBFGSState>
{
    protected override ScaleByLBFGSState InitState<T>(T @params)
    {
        var memory = Tree.Map(p => Jnp.Zeros(new Shape([memorySize, .. p.Shape]), p.DType), @params);
        return new(
            Numerics.Zero,
            Optax.Tree.ZerosLike(@params),
            Optax.Tree.ZerosLike(@params),
            memory,
            memory,
            Jnp.Zeros(memorySize)
        );
    }

    protected override (T Updates, ScaleByLBFGSState State) UpdateState<T>(
        T updates,
        ScaleByLBFGSState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var p = Required(@params, updates);
        var place = state.Count % memorySize;
        var last = (state.Count - 1) % memorySize;
        var isLater = Jnp.Greater(state.Count, 0);

        // The last step is known only now. In the first there is none, and zeros are written that the next steps overwrite.
        var diffParams = Optax.Tree.Sub(p, Of<T>(state.Params));
        var diffUpdates = Optax.Tree.Sub(updates, Of<T>(state.Updates));
        var product = Optax.Tree.VDot(diffUpdates, diffParams);
        var weight = Jnp.Where(Jnp.Equal(product, 0.0), 0.0, 1.0 / product);
        (diffParams, diffUpdates, weight) = Tree.Map(
            x => Jnp.Where(isLater, x, Jnp.ZerosLike(x)),
            (diffParams, diffUpdates, weight)
        );
        var paramsMemory = Remember(Of<T>(state.DiffParamsMemory), diffParams, last);
        var updatesMemory = Remember(Of<T>(state.DiffUpdatesMemory), diffUpdates, last);
        var weights = Remember(state.WeightsMemory, weight, last);

        var scale = scaleInitPrecond ? InitialScale(updates, diffUpdates, product, isLater) : 1.0;
        var result = Preconditioned(updates, paramsMemory, updatesMemory, weights, scale, place);
        return (
            result,
            new ScaleByLBFGSState(Optax.SafeIncrement(state.Count), p, updates, paramsMemory, updatesMemory, weights)
        );
    }

    private static NDArray InitialScale<T>(T updates, T diffUpdates, NDArray product, NDArray isLater)
    {
        var square = Optax.Tree.Norm(diffUpdates, squared: true);
        return Jnp.Where(
            isLater,
            Jnp.Where(Jnp.Greater(square, 0.0), product / square, 1.0),
            Jnp.Minimum(1.0, 1.0 / Optax.Tree.Norm(updates))
        );
    }

    private static T Remember<T>(T memory, T entry, NDArray place) =>
        Tree.Map((m, x) => Lax.DynamicUpdateIndexInDim(m, x.AsType(m.DType), place, 0), memory, entry);

    // The recursion of two loops: newest to oldest, then back.
    private T Preconditioned<T>(
        T updates,
        T paramsMemory,
        T updatesMemory,
        NDArray weights,
        NDArray scale,
        NDArray place
    )
    {
        var order = (place + Jnp.Arange(memorySize)) % memorySize;
        T At(T memory, NDArray index) => Tree.Map(m => Lax.DynamicIndexInDim(m, index, 0, keepDims: false), memory);

        var (vector, alphas) = Lax.Scan(
            (T vec, NDArray index) =>
            {
                var alpha = weights[index] * Optax.Tree.VDot(At(paramsMemory, index), vec);
                return (Moved(vec, -alpha, At(updatesMemory, index)), alpha);
            },
            updates,
            order,
            reverse: true
        );
        vector = Optax.Tree.CastLike(Optax.Tree.Scale(scale, vector), vector);
        return Lax.Scan(
            (T vec, (NDArray Index, NDArray Alpha) step) =>
            {
                var beta = weights[step.Index] * Optax.Tree.VDot(At(updatesMemory, step.Index), vec);
                return (Moved(vec, step.Alpha - beta, At(paramsMemory, step.Index)), beta);
            },
            vector,
            (order, alphas)
        ).Carry;
    }

    // Weights may have another element type than the parameters, which the vector keeps.
    private static T Moved<T>(T vector, NDArray distance, T direction) =>
        Optax.Tree.CastLike(Optax.Tree.AddScale(vector, distance, direction), vector);
}
