using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Passes;

/// <summary>Rebuilds expressions from the leaves up; shared parts are rebuilt once.</summary>
/// <param name="replace">Gives what stands for an expression whose operands are rebuilt already; that itself if nothing else.</param>
/// <param name="known">What stands for whole expressions, whatever would become of their operands.</param>
internal sealed class Rewriter(Func<ScalarExpr, ScalarExpr> replace, Dictionary<ScalarExpr, ScalarExpr>? known = null)
{
    private readonly Dictionary<ScalarExpr, ScalarExpr> done = known ?? [];

    /// <summary>The rebuilt expression.</summary>
    public ScalarExpr Of(ScalarExpr expr)
    {
        if (done.TryGetValue(expr, out var found))
        {
            return found;
        }

        var result = expr;
        if (expr.Operands.Length > 0)
        {
            var operands = new ScalarExpr[expr.Operands.Length];
            bool same = true;
            for (int i = 0; i < operands.Length; i++)
            {
                operands[i] = Of(expr.Operands[i]);
                same &= ReferenceEquals(operands[i], expr.Operands[i]);
            }

            result = same ? expr : Scalar.With(expr, operands);
        }

        // A leaf that is left of an operation has been replaced before.
        bool replaced = expr.Operands.Length > 0 && result.Operands.Length == 0;
        return done[expr] = replaced ? result : replace(result);
    }

    /// <summary>The stage with rebuilt expressions and perhaps other inner axes.</summary>
    public Stage Of(Stage stage, int[]? inner = null) =>
        stage is Stage.Reduce reduce
            ? new Stage.Reduce(reduce.Monoid, inner ?? stage.Inner, Of(reduce.Body), reduce.Accumulation, reduce.Order)
            : Of((Stage.Store)stage, inner);

    private Stage.Store Of(Stage.Store store, int[]? inner) =>
        new(store.Output, inner ?? store.Inner, Of(store.Index), Of(store.Value));

    /// <summary>The kernel with every stage rebuilt by a rewriter of its own.</summary>
    public static Kernel Run(Kernel kernel, Func<Stage, Func<ScalarExpr, ScalarExpr>> replace) =>
        new(
            kernel.Inputs,
            kernel.Outputs,
            kernel.Grid,
            [.. kernel.Stages.Select(stage => new Rewriter(replace(stage)).Of(stage))]
        );
}
