using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>
/// Finds loads that move along the vector axis in steps, but one by one along the last outer axis, as those of a transposed operand
/// do. Turning tiles of the operand in registers costs a fraction of reading elements one at a time.
/// </summary>
internal static class TurnLoads
{
    private const int MostTiles = 4;
    private const int LeastExtent = 8;

    /// <summary>The plan, with a kernel for turned tiles where that pays.</summary>
    public static LoopPlan Run(LoopPlan plan)
    {
        var kernel = plan.Kernel;
        int rows = LastOuterAxis(plan);
        if (
            rows < 0
            || kernel.Grid[rows] < LeastExtent
            || kernel.Grid[plan.VectorAxis] < LeastExtent
            || kernel.Stages.Any(stage => stage is not Stage.Store || stage.Inner.Length > 0)
        )
        {
            return plan;
        }

        var tiles = new List<TurnedTile>();
        var place = Scalar.Add(
            Scalar.Mul(Scalar.Axis(rows), Scalar.Const(DType.I64, (long)TurnedLoads.TileStep)),
            Scalar.Axis(plan.VectorAxis)
        );
        var turned = Rewriter.Run(
            kernel,
            _ =>
                expr =>
                    expr is Load load && Across(load, plan, rows) is { } tile
                        ? Scalar.Load(kernel.Inputs.Length + Number(tiles, tile), load.Type, place)
                        : expr
        );
        if (tiles.Count is 0 or > MostTiles)
        {
            return plan;
        }

        DType[] types = [.. kernel.Inputs, .. tiles.Select(tile => kernel.Inputs[tile.Input])];
        return plan with
        {
            Turned = new TurnedLoads(new Kernel(types, kernel.Outputs, kernel.Grid, turned.Stages), [.. tiles]),
        };
    }

    private static int LastOuterAxis(LoopPlan plan) =>
        plan.VectorAxis < 0 ? -1
        : plan.VectorAxis == plan.Kernel.Grid.Length - 1 ? plan.VectorAxis - 1
        : plan.Kernel.Grid.Length - 1;

    private static TurnedTile? Across(Load load, LoopPlan plan, int rows)
    {
        var affine = Affine.Of(load.Index);
        if (
            affine.FactorOf(plan.VectorAxis) is 0 or 1
            || affine.FactorOf(rows) != 1
            || affine.Terms.Any(term => term.Term is not Axis)
        )
        {
            return null;
        }

        long[] factors = [.. Enumerable.Range(0, plan.Kernel.Grid.Length).Select(affine.FactorOf)];
        return new TurnedTile(load.Input, plan.Kernel.Inputs[load.Input].Size, factors, affine.Constant);
    }

    private static int Number(List<TurnedTile> tiles, TurnedTile tile)
    {
        int known = tiles.FindIndex(other =>
            other.Input == tile.Input && other.Offset == tile.Offset && other.Factors.SequenceEqual(tile.Factors)
        );
        if (known < 0)
        {
            known = tiles.Count;
            tiles.Add(tile);
        }

        return known;
    }
}
