using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>Puts values of registers in the place of carried values that the steps of a recurrence read.</summary>
internal static class CarryValues
{
    /// <summary>The kernel of the steps from the expanded one; null where a step reads a carried value as memory.</summary>
    public static Kernel? Run(Recurrence recurrence, Kernel expanded)
    {
        var rewriter = new Rewriter(expr =>
            expr switch
            {
                Op { Code: ScalarOp.Convert, Type.Code: DTypeCode.I32 } op
                    when op.Operands[0] is Load { Type.Size: < 4 } load => Find(load) ?? expr,
                Load { Type.Size: >= 4 } load => Find(load) ?? expr,
                _ => expr,
            }
        );
        Stage.Store[] stores = [.. expanded.Stages.Select(stage => (Stage.Store)rewriter.Of(stage))];
        var seen = new HashSet<ScalarExpr>();
        return stores.Any(store => Reads(store.Value, seen) || Reads(store.Index, seen))
            ? null
            : new Kernel(expanded.Inputs, expanded.Outputs, expanded.Grid, stores);

        ScalarExpr? Find(Load load)
        {
            int k = Array.IndexOf(recurrence.Carried, load.Input);
            return k < 0 ? null : Recurrence.Leaf(expanded.Inputs[load.Input], k);
        }

        bool Reads(ScalarExpr expr, HashSet<ScalarExpr> visited)
        {
            if (!visited.Add(expr))
            {
                return false;
            }

            if (expr is Load load && Array.IndexOf(recurrence.Carried, load.Input) >= 0)
            {
                return true;
            }

            foreach (var operand in expr.Operands)
            {
                if (Reads(operand, visited))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
