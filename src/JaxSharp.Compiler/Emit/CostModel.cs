using System.Collections.Generic;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;

namespace JaxSharp.Compiler.Emit;

/// <summary>Estimates work in vector instructions.</summary>
internal static class CostModel
{
    /// <summary>The instructions for one vector of a stage.</summary>
    public static int Of(StageAnalysis stage)
    {
        int cost = 0;
        foreach (var expr in stage.Order)
        {
            cost += stage.Varies(expr) && !stage.IsSingle(expr) ? Of(expr, stage) : 0;
        }

        return cost + 1;
    }

    private static int Of(ScalarExpr expr, StageAnalysis stage) =>
        expr switch
        {
            ScalarExpr.Load load => stage.Of(load) switch
            {
                { Index: null, Factor: 0 or 1 } => 1,
                { IsShuffled: true } => 3,
                _ => 20,
            },
            ScalarExpr.Op op => Of(op),
            _ => 0,
        };

    private static int Of(ScalarExpr.Op op) =>
        op.Code switch
        {
            ScalarOp.Bitcast => 0,
            ScalarOp.Div or ScalarOp.Sqrt => op.Type.IsFloating ? 5 : 60,
            ScalarOp.Quotient => 4,
            ScalarOp.Rem => 60,
            _ => op.Code.IsCalled(op.Type) ? 200 : 1,
        };
}
