using System;
using System.Linq;
using System.Runtime.CompilerServices;
using JaxSharp.Ir;
using JaxSharp.Primitives;
using JaxSharp.Tracing;

namespace JaxSharp;

/// <summary>Makes operands of Lax functions fit: a scalar repeats to any shape, an axis of extent 1 repeats at equal rank.</summary>
internal static class LaxOperands
{
    /// <summary>Applies a primitive to operands made to fit.</summary>
    public static NDArray Apply(Primitive primitive, params NDArray[] operands) =>
        primitive.Bind(Broadcast(primitive.Name, MatchWeak(operands, primitive.Name)));

    /// <summary>Converts weakly typed scalars to the type of the other operands where no digits can be lost by kind.</summary>
    public static NDArray[] MatchWeak(NDArray[] operands, [CallerMemberName] string caller = "")
    {
        Argument.AllGiven(operands, caller: caller);
        var strong = Array.Find(operands, x => !(x.WeakType && x.Ndim == 0));
        return strong is null
            ? operands
            : Array.ConvertAll(
                operands,
                x =>
                    x.WeakType && x.Ndim == 0 && x.DType != strong.DType && Kind(x.DType) <= Kind(strong.DType)
                        ? new ConvertElementType(strong.DType, Weak: true).Bind(x)
                        : x
            );
    }

    /// <summary>The operands repeated to their common shape.</summary>
    public static NDArray[] Broadcast(string name, NDArray[] operands)
    {
        var ranked = operands.Where(x => x.Ndim > 0).ToArray();
        if (ranked.Length == 0)
        {
            return operands;
        }

        int rank = ranked[0].Ndim;
        if (ranked.Any(x => x.Ndim != rank))
        {
            throw new ShapeException(
                $"lax.{name} needs operands of equal rank, or scalars; got {List(operands)}. Functions of Jnp broadcast; here use "
                    + "Lax.ExpandDims or Lax.BroadcastInDim."
            );
        }

        int[] extents = new int[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            int[] others = [.. ranked.Select(x => x.Shape[axis]).Where(e => e != 1).Distinct()];
            if (others.Length > 1)
            {
                throw new ShapeException(
                    $"lax.{name} needs operands of equal shape, where an axis of extent 1 repeats; got {List(operands)}, which "
                        + $"differ on axis {axis}."
                );
            }

            extents[axis] = others.Length == 0 ? 1 : others[0];
        }

        var shape = new Shape(extents);
        return Array.ConvertAll(operands, x => To(x, shape));
    }

    private static NDArray To(NDArray x, Shape shape)
    {
        if (x.Shape == shape)
        {
            return x;
        }

        return x.Ndim == 0
            ? Operators.BroadcastScalar(x, shape)
            : new BroadcastInDim(shape, [.. Enumerable.Range(0, shape.Rank)]).Bind(x);
    }

    private static string List(NDArray[] operands) => Types.List(Array.ConvertAll(operands, x => x.Type));

    private static int Kind(DType dtype) =>
        dtype switch
        {
            { IsBool: true } => 0,
            { IsInteger: true } => 1,
            { IsFloating: true } => 2,
            _ => 3,
        };
}
