using System;
using System.Linq;
using JaxSharp.Numpy;

namespace JaxSharp.Optax;

public static partial class Optax
{
    /// <summary>
    /// The updates divided by the root of a sum of squares of which only the maxima along each axis are kept: little memory for large
    /// arrays.
    /// </summary>
    /// <param name="b1">The decay of the average of steps; 0.9 by default.</param>
    /// <param name="b2">The decay of the sum; 1 by default, that is none.</param>
    /// <param name="eps">Added under the root; 1e-8 by default.</param>
    public static GradientTransformation ScaleBySm3(
        Hyperparameter? b1 = null,
        Hyperparameter? b2 = null,
        Hyperparameter? eps = null
    ) => new ScaleBySm3(b1 ?? 0.9, b2 ?? 1.0, eps ?? 1e-8);
}

/// <summary>The state of <see cref="Optax.ScaleBySm3"/>.</summary>
/// <param name="Mu">For each leaf, in order, the maxima of the sum of squares along each axis.</param>
/// <param name="Nu">The moving average of steps, a tree like the parameters.</param>
public sealed record ScaleBySM3State(NDArray[][] Mu, object? Nu) : OptState;

internal sealed class ScaleBySm3(Hyperparameter b1, Hyperparameter b2, Hyperparameter eps)
    : GradientTransformation<ScaleBySM3State>
{
    protected override ScaleBySM3State InitState<T>(T @params)
    {
        var leaves = Tree.Leaves(@params);
        if (Array.Find(leaves, leaf => leaf.DType.IsComplex) is { } complex)
        {
            throw new DTypeException($"ScaleBySm3 takes real parameters; got {complex.DType}{complex.Shape}.");
        }

        return new(
            Array.ConvertAll(leaves, p => (NDArray[])[.. p.Shape.Select(extent => Jnp.Zeros(extent, p.DType))]),
            Optax.Tree.ZerosLike(@params)
        );
    }

    protected override (T Updates, ScaleBySM3State State) UpdateState<T>(
        T updates,
        ScaleBySM3State state,
        T? @params,
        ExtraArgs extraArgs
    )
        where T : default
    {
        var (gradients, structure) = Tree.Flatten(updates);
        if (gradients.Length != state.Mu.Length)
        {
            throw new TreeException(
                $"The state of ScaleBySm3 is for {state.Mu.Length} leaves; the updates have {gradients.Length}."
            );
        }

        NDArray[] sums = [.. gradients.Zip(state.Mu, Accumulate)];
        var scaled = Tree.Unflatten<T>(
            structure,
            [.. gradients.Zip(sums, (g, sum) => g * Jnp.Where(sum > 0, Lax.Rsqrt(sum + eps), 0.0))]
        );
        var nu = Optax.Tree.UpdateMoment(scaled, Of<T>(state.Nu), b1, 1);
        return (nu, new ScaleBySM3State(Array.ConvertAll(sums, Maxima), nu));
    }

    private NDArray Accumulate(NDArray g, NDArray[] maxima)
    {
        if (maxima.Length == 0)
        {
            throw new JaxArgumentException(
                "ScaleBySm3 needs leaves of one axis at least; got a scalar. Reshape it to (1,)."
            );
        }

        Hyperparameter weight = b2.Is(1) ? 1.0 : 1.0 - b2;
        var bound = maxima
            .Select((m, axis) => Jnp.Reshape(m, (int[])[.. g.Shape.Select((extent, i) => i == axis ? extent : 1)]))
            .Aggregate(Jnp.Minimum);
        return weight * Jnp.Square(g) + b2 * bound;
    }

    private static NDArray[] Maxima(NDArray sum) =>
        sum.Ndim < 2
            ? [.. Enumerable.Repeat(sum, sum.Ndim)]
            : [.. Enumerable.Range(0, sum.Ndim).Select(axis => Jnp.Max(sum, Numerics.AllAxesBut(sum.Ndim, axis)))];
}
