using System;
using System.Collections.Generic;
using System.Runtime.Intrinsics.X86;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>
/// Divides by what is the same for a whole row of vectors by way of its reciprocal, which is computed before: a division of vectors
/// takes as long as some thirty other instructions. The quotients are the same to the last bit (<see cref="ScalarOp.Quotient"/>).
/// </summary>
internal static class DivideByReciprocals
{
    // Divisors between these, by either sign, have a reciprocal with which nothing is lost.
    private const float LeastDivisor = 1f / (1L << 40);
    private const float MostDivisor = 1L << 40;

    // From this length of rows on a reciprocal for each pays, and from so many elements on the longer code.
    private const int LeastRow = 64;
    private const long LeastElements = 1 << 15;

    /// <summary>The plan with such quotients.</summary>
    public static LoopPlan Run(LoopPlan plan)
    {
        if (!Fma.IsSupported || !Array.Exists(plan.Kernel.Stages, IsLarge))
        {
            return plan;
        }

        int grid = plan.Kernel.Grid.Length;
        return plan with
        {
            Kernel = Rewriter.Run(
                plan.Kernel,
                stage =>
                {
                    int axis =
                        plan.VectorAxis >= 0 ? plan.VectorAxis
                        : stage.Inner.Length > 0 ? grid + stage.Inner.Length - 1
                        : -1;
                    int row =
                        axis < 0 ? 0
                        : axis < grid ? plan.Kernel.Grid[axis]
                        : stage.Inner[^1];
                    var axes = new Axes(grid, axis, hasRows: row >= LeastRow, plan.VectorAxis >= 0);
                    bool isLarge = IsLarge(stage);
                    return expr =>
                        isLarge
                        && expr is Op { Code: ScalarOp.Div, Type.Code: DTypeCode.F32 } division
                        && axes.Vary(division.Operands[0])
                        && axes.AreOutside(division.Operands[1])
                            ? Quotient(division.Operands[0], division.Operands[1])
                            : expr;
                }
            ),
        };

        bool IsLarge(Stage stage) => plan.Kernel.GridSize * stage.InnerSize >= LeastElements;
    }

    private static ScalarExpr Quotient(ScalarExpr x, ScalarExpr y)
    {
        var magnitude = Scalar.Bitcast(
            Scalar.And(Scalar.Bitcast(y, DType.U32), Scalar.Const(DType.U32, 0x7fffffffL)),
            DType.F32
        );
        var isUsual = Scalar.And(magnitude >= LeastDivisor, magnitude <= MostDivisor);
        var reciprocal = Scalar.Select(
            isUsual,
            Scalar.Div(Scalar.Const(DType.F32, 1), y),
            Scalar.Const(DType.F32, double.NaN)
        );
        return Scalar.Make(ScalarOp.Quotient, x.Type, x, y, reciprocal);
    }

    // On which axes values depend.
    private sealed class Axes(int grid, int vectorAxis, bool hasRows, bool isGridVector)
    {
        private readonly Dictionary<ScalarExpr, (bool Vary, bool AreOutside)> known = [];

        /// <summary>Whether a value differs between the lanes of a vector.</summary>
        public bool Vary(ScalarExpr expr) => Of(expr).Vary;

        /// <summary>Whether a value is known before the loop over vectors.</summary>
        public bool AreOutside(ScalarExpr expr) => Of(expr).AreOutside;

        private (bool Vary, bool AreOutside) Of(ScalarExpr expr)
        {
            if (known.TryGetValue(expr, out var found))
            {
                return found;
            }

            bool varies = (expr is Axis axis && axis.Number == vectorAxis) || (expr is Reduced && isGridVector);
            bool isOutside = !varies && expr is not Axis and not Reduced || (hasRows && !varies && IsOuter(expr));
            foreach (var operand in expr.Operands)
            {
                var (vary, areOutside) = Of(operand);
                varies |= vary;
                isOutside &= areOutside;
            }

            return known[expr] = (varies, isOutside);
        }

        // Loops around that over vectors: the grid's, and those over inner axes where vectors are inside of the stage.
        private bool IsOuter(ScalarExpr expr) => !isGridVector || expr is Axis { Number: var number } && number < grid;
    }
}
