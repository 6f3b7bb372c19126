using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>
/// Chooses the axis along which vectors lie, a grid axis or the last inner axis of each stage, and with it the orders of reductions. Neither
/// depends on the machine.
/// </summary>
internal static class Schedule
{
    // Bodies of more operations than this are summed up in few lanes, since their own work hides the latency of sums.
    private const int CheapBody = 8;

    // Inner axes below this leave most lanes of a vector unused.
    private const int ShortAxis = 16;

    /// <summary>The plan for an expanded kernel.</summary>
    public static LoopPlan Run(Kernel kernel)
    {
        int axis = VectorAxis(kernel);
        Stage[] stages =
        [
            .. kernel.Stages.Select(stage => stage is Stage.Reduce reduce ? Ordered(reduce, axis) : stage),
        ];
        return new LoopPlan(new Kernel(kernel.Inputs, kernel.Outputs, kernel.Grid, stages), axis);
    }

    private static Stage.Reduce Ordered(Stage.Reduce reduce, int axis)
    {
        var order =
            axis >= 0 ? ReductionOrder.Sequential
            : Size(reduce.Body, []) > CheapBody ? ReductionOrder.Narrow
            : ReductionOrder.Wide;
        return new Stage.Reduce(reduce.Monoid, reduce.Inner, reduce.Body, reduce.Accumulation, order);
    }

    private static int Size(ScalarExpr expr, HashSet<ScalarExpr> seen)
    {
        if (expr is not Op || !seen.Add(expr))
        {
            return 0;
        }

        int size = 1;
        foreach (var operand in expr.Operands)
        {
            size += Size(operand, seen);
        }

        return size;
    }

    private static int VectorAxis(Kernel kernel)
    {
        int grid = kernel.Grid.Length;
        bool hasInner = kernel.Stages.Any(stage => stage.InnerSize > 1);
        if (grid == 0 || (hasInner && kernel.GridSize == 1))
        {
            return -1;
        }

        // Accesses at consecutive places count for an axis, those at one place somewhat, all others against it.
        var gridScores = new double[grid];
        double innerScore = 0;
        foreach (var stage in kernel.Stages)
        {
            int last = stage.Inner.Length == 0 ? -1 : grid + stage.Inner.Length - 1;
            double weight = Math.Max(1, Math.Min(stage.InnerSize, 1 << 20));
            foreach (var (index, isStore) in Accesses(stage))
            {
                var affine = Affine.Of(index is Op { Code: ScalarOp.Guard } guard ? guard.Operands[1] : index);
                // In maps loads can be turned, stores cannot.
                double own =
                    weight
                    * (
                        !isStore ? 1
                        : hasInner ? 1.5
                        : 6
                    );
                for (int axis = 0; axis < grid; axis++)
                {
                    gridScores[axis] += own * Score(affine, axis);
                }

                innerScore += own * (last < 0 ? 0 : Score(affine, last));
            }
        }

        int best = grid - 1;
        for (int axis = grid - 2; axis >= 0; axis--)
        {
            if (gridScores[axis] > gridScores[best] && kernel.Grid[axis] >= Math.Min(ShortAxis, kernel.Grid[best]))
            {
                best = axis;
            }
        }

        if (!hasInner)
        {
            return best;
        }

        bool shortInner = kernel.Stages.All(stage => stage.Inner.Length == 0 || stage.Inner[^1] < ShortAxis);
        bool shortGrid = kernel.Grid[best] < ShortAxis;
        return shortGrid && !shortInner ? -1
            : shortInner && !shortGrid ? best
            : gridScores[best] > innerScore ? best
            : -1;
    }

    private static double Score(Affine affine, int axis)
    {
        foreach (var (term, _) in affine.Terms)
        {
            if (term is not Axis && Contains(term, axis))
            {
                return -1;
            }
        }

        return affine.FactorOf(axis) switch
        {
            1 => 1,
            0 => 0.25,
            _ => -1,
        };
    }

    // Nodes are shared: each is visited once.
    private static bool Contains(ScalarExpr expr, int axis)
    {
        var seen = new HashSet<ScalarExpr> { expr };
        var pending = new Stack<ScalarExpr>(seen);
        while (pending.TryPop(out var next))
        {
            if (next is Axis found && found.Number == axis)
            {
                return true;
            }

            foreach (var operand in next.Operands)
            {
                if (seen.Add(operand))
                {
                    pending.Push(operand);
                }
            }
        }

        return false;
    }

    private static List<Place> Accesses(Stage stage)
    {
        var found = new List<Place>();
        var seen = new HashSet<ScalarExpr>();
        if (stage is Stage.Store store)
        {
            found.Add(new Place(store.Index, IsStore: true));
            Collect(store.Index);
            Collect(store.Value);
        }
        else
        {
            Collect(((Stage.Reduce)stage).Body);
        }

        return found;

        void Collect(ScalarExpr expr)
        {
            if (!seen.Add(expr))
            {
                return;
            }

            if (expr is Load load)
            {
                found.Add(new Place(load.Index, IsStore: false));
            }

            foreach (var operand in expr.Operands)
            {
                Collect(operand);
            }
        }
    }

    private sealed record Place(ScalarExpr Index, bool IsStore);
}
