using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The updates divided by the root of a moving average of their squares, of which for large matrices only the means of rows and
    /// columns are kept.
    /// </summary>
    /// <param name="factored">Whether only means are kept.</param>
    /// <param name="decayRate">How fast the decay of the average nears 1; 0.8 by default.</param>
    /// <param name="stepOffset">The number of the first step.</param>
    /// <param name="minDimSizeToFactor">The least extent of the two largest axes for which means are kept.</param>
    /// <param name="epsilon">Added to the squares; 1e-30 by default.</param>
    /// <param name="decayRateFn">
    /// The decay by the number of steps and <paramref name="decayRate"/>; 1 − (steps + 1)^(−decayRate) by default.
    /// </param>
    public static GradientTransformation ScaleByFactoredRms(
        bool factored = true,
        double decayRate = 0.8,
        int stepOffset = 0,
        int minDimSizeToFactor = 128,
        Hyperparameter? epsilon = null,
        Func<NDArray, double, NDArray>? decayRateFn = null
    ) =>
        new ScaleByFactoredRms(
            factored ? minDimSizeToFactor : int.MaxValue,
            count =>
                decayRateFn is null
                    ? 1.0 - Jnp.Power((count - stepOffset).AsType(DType.F32) + 1.0, -decayRate)
                    : decayRateFn(count - stepOffset, decayRate),
            epsilon ?? 1e-30
        );
}

/// <summary>The state of <see cref="Optax.ScaleByFactoredRms"/>.</summary>
/// <param name="Count">The number of steps done.</param>
/// <param name="VRow">The means along the largest axis, a tree like the parameters.</param>
/// <param name="VCol">The means along the second largest axis, a tree like the parameters.</param>
/// <param name="V">The averages of the leaves for which no means are kept, a tree like the parameters.</param>
public sealed record FactoredState(NDArray Count, object? VRow, object? VCol, object? V) : OptState;

internal sealed class ScaleByFactoredRms(int minExtent, Func<NDArray, NDArray> decayOf, Hyperparameter epsilon)
    : GradientTransformation<FactoredState>
{
    protected override FactoredState InitState<T>(T @params)
    {
        return new(Numerics.Zero, Zeros(axes => axes.D0), Zeros(axes => axes.D1), Whole());

        T Zeros(Func<(int D1, int D0), int> reduced) =>
            Tree.Map(
                p => Factored(p.Shape) is { } axes ? Jnp.Zeros(Without(p.Shape, reduced(axes)), p.DType) : None(p),
                @params
            );

        T Whole() => Tree.Map(p => Factored(p.Shape) is null ? Jnp.Zeros(p.Shape, p.DType) : None(p), @params);
    }

    protected override (T Updates, FactoredState State) UpdateState<T>(
        T updates,
        FactoredState state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var (gradients, structure) = Tree.Flatten(updates);
        _ = Required(@params, updates);
        NDArray[][] old = [Tree.Leaves(Of<T>(state.VRow)), Tree.Leaves(Of<T>(state.VCol)), Tree.Leaves(Of<T>(state.V))];
        if (old.Any(leaves => leaves.Length != gradients.Length))
        {
            throw new TreeException(
                $"The state of ScaleByFactoredRms is for {old[2].Length} leaves; the updates have {gradients.Length}."
            );
        }

        var decay = decayOf(state.Count);
        var results = gradients.Select((g, i) => Step(g, old[0][i], old[1][i], old[2][i], decay)).ToArray();
        T Part(Func<(NDArray Update, NDArray VRow, NDArray VCol, NDArray V), NDArray> part) =>
            Tree.Unflatten<T>(structure, Array.ConvertAll(results, result => part(result)));
        return (
            Part(r => r.Update),
            new FactoredState(Optax.SafeIncrement(state.Count), Part(r => r.VRow), Part(r => r.VCol), Part(r => r.V))
        );
    }

    private (NDArray Update, NDArray VRow, NDArray VCol, NDArray V) Step(
        NDArray g,
        NDArray vRow,
        NDArray vCol,
        NDArray v,
        NDArray decay
    )
    {
        var square = Numerics.AbsSq(g) + epsilon;
        if (Factored(g.Shape) is not { } axes)
        {
            v = Average(v, square);
            return ((g * Jnp.Power(v, -0.5)).AsType(g.DType), vRow, vCol, v);
        }

        vRow = Average(vRow, Jnp.Mean(square, axes.D0));
        vCol = Average(vCol, Jnp.Mean(square, axes.D1));
        int row = axes.D1 > axes.D0 ? axes.D1 - 1 : axes.D1;
        var rowFactor = Jnp.Power(vRow / Jnp.Mean(vRow, row, keepDims: true), -0.5);
        var update = g * Jnp.ExpandDims(rowFactor, axes.D0) * Jnp.ExpandDims(Jnp.Power(vCol, -0.5), axes.D1);
        return (update.AsType(g.DType), vRow, vCol, v);

        NDArray Average(NDArray old, NDArray x) => (decay * old + (1.0 - decay) * x).AsType(old.DType);
    }

    // The two largest axes, the largest last; null where the average is kept whole.
    private (int D1, int D0)? Factored(Shape shape)
    {
        if (shape.Rank < 2)
        {
            return null;
        }

        int[] bySize = [.. Enumerable.Range(0, shape.Rank).OrderBy(axis => shape[axis])];
        return shape[bySize[^2]] < minExtent ? null : (bySize[^2], bySize[^1]);
    }

    private static Shape Without(Shape shape, int axis) => new([.. shape.Where((_, i) => i != axis)]);

    private static NDArray None(NDArray p) => Jnp.Zeros(1, p.DType);
}
