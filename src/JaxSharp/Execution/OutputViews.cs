using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>
/// Lets contractions write their result in another order of axes: where nobody but a transposition reads it, the contraction takes
/// the transposition's place and nothing is copied.
/// </summary>
internal static class OutputViews
{
    /// <summary>
    /// The description that writes the axes of <paramref name="result"/> in the order of its transposition
    /// <paramref name="view"/>, or null if that view is something else.
    /// </summary>
    public static ContractionSpec? Fold(ContractionSpec spec, Var result, LoweredEquation view)
    {
        var shape = result.Type.Shape;
        if (
            view is not { Lowering: Lowering.Indexed { IsView: true } indexed, Equation.Outputs: [var turned] }
            || turned.Type.Rank != shape.Rank
            || turned.Type.Size != result.Type.Size
            || OperandViews.Place(turned, indexed, view.Equation.Inputs) is not { Offset: 0 } place
        )
        {
            return null;
        }

        // Axes of extent 1 may go anywhere; the stride tells which axis of the result each other one is.
        long[] from = shape.Strides();
        long[] to = turned.Type.Shape.Strides();
        var strides = new Dictionary<long, long>();
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (turned.Type.Shape[axis] == 1)
            {
                continue;
            }

            int source = Enumerable
                .Range(0, shape.Rank)
                .FirstOrDefault(a => shape[a] == turned.Type.Shape[axis] && from[a] == place.Strides[axis], -1);
            if (source < 0 || !strides.TryAdd(from[source], to[axis]))
            {
                return null;
            }
        }

        long[] output = new long[spec.Axes.Length];
        for (int axis = 0; axis < output.Length; axis++)
        {
            var (role, extent) = spec.Axes[axis];
            if (role == AxisRole.K || extent == 1)
            {
                continue;
            }

            if (!strides.TryGetValue(spec.Output.Strides[axis], out output[axis]))
            {
                return null;
            }
        }

        return spec with
        {
            Output = spec.Output with { Strides = output },
        };
    }

    /// <summary>How often each variable is read, results of the program counted.</summary>
    public static Dictionary<Var, int> CountUses(Jaxpr jaxpr)
    {
        var uses = new Dictionary<Var, int>();
        foreach (var variable in jaxpr.Equations.SelectMany(e => e.Inputs).Concat(jaxpr.Outputs).OfType<Var>())
        {
            uses[variable] = uses.GetValueOrDefault(variable) + 1;
        }

        return uses;
    }
}
