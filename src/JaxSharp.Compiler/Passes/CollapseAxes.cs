using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>Drops axes of extent 1 and makes one axis of neighbours that all accesses to memory pass through contiguously.</summary>
internal static class CollapseAxes
{
    /// <summary>The kernel with as few axes as can be.</summary>
    public static Kernel Run(Kernel kernel)
    {
        if (kernel.GridSize == 0 || kernel.Stages.Any(stage => stage.InnerSize == 0))
        {
            return kernel;
        }

        int grid = kernel.Grid.Length;
        StageUses[] uses = [.. kernel.Stages.Select(stage => new StageUses(stage))];
        var gridGroups = Groups(kernel.Grid, 0, uses);
        Stage[] stages = new Stage[uses.Length];
        for (int i = 0; i < stages.Length; i++)
        {
            var stage = kernel.Stages[i];
            var innerGroups = Groups(stage.Inner, grid, [uses[i]]);
            var axes = new Dictionary<int, ScalarExpr>();
            Number(gridGroups, kernel.Grid, 0, 0, axes);
            Number(innerGroups, stage.Inner, grid, gridGroups.Count, axes);
            var rewriter = new Rewriter(expr => expr is Axis axis ? axes[axis.Number] : expr);
            stages[i] = rewriter.Of(stage, Extents(innerGroups, stage.Inner));
        }

        return new Kernel(kernel.Inputs, kernel.Outputs, Extents(gridGroups, kernel.Grid), stages);
    }

    // Runs of axes that become one, by their positions in the list of extents; axes of extent 1 are in none.
    private static List<List<int>> Groups(int[] extents, int first, StageUses[] uses)
    {
        var groups = new List<List<int>>();
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] == 1)
            {
                continue;
            }

            var group = groups.LastOrDefault();
            long size = group?.Aggregate((long)extents[i], (product, j) => product * extents[j]) ?? 0;
            if (
                group is not null
                && size <= int.MaxValue
                && uses.All(use => use.AreContiguous(first + group[^1], first + i, extents[i]))
            )
            {
                group.Add(i);
            }
            else
            {
                groups.Add([i]);
            }
        }

        return groups;
    }

    private static int[] Extents(List<List<int>> groups, int[] extents) =>
        [.. groups.Select(group => group.Aggregate(1, (product, i) => product * extents[i]))];

    private static void Number(
        List<List<int>> groups,
        int[] extents,
        int first,
        int newFirst,
        Dictionary<int, ScalarExpr> axes
    )
    {
        for (int i = 0; i < extents.Length; i++)
        {
            axes[first + i] = Scalar.Const(DType.I64, 0L);
        }

        for (int group = 0; group < groups.Count; group++)
        {
            axes[first + groups[group][^1]] = Scalar.Axis(newFirst + group);
        }
    }

    /// <summary>The indices of a stage, and the axes that are used in other ways than as terms of them.</summary>
    private sealed class StageUses
    {
        private readonly List<Affine> indices = [];
        private readonly HashSet<int> others = [];
        private readonly HashSet<ScalarExpr> seen = [];

        public StageUses(Stage stage)
        {
            if (stage is Stage.Store store)
            {
                Index(store.Index);
                Value(store.Value);
            }
            else
            {
                Value(((Stage.Reduce)stage).Body);
            }
        }

        public bool AreContiguous(int outer, int inner, int innerExtent) =>
            !others.Contains(outer)
            && !others.Contains(inner)
            && indices.All(index => index.FactorOf(outer) == index.FactorOf(inner) * innerExtent);

        private void Index(ScalarExpr index)
        {
            if (index is Op { Code: ScalarOp.Guard } guard)
            {
                Value(guard.Operands[0]);
                index = guard.Operands[1];
            }

            var affine = Affine.Of(index);
            indices.Add(affine);
            foreach (var (term, _) in affine.Terms)
            {
                if (term is not Axis)
                {
                    Value(term);
                }
            }
        }

        private void Value(ScalarExpr expr)
        {
            if (!seen.Add(expr))
            {
                return;
            }

            switch (expr)
            {
                case Axis axis:
                    others.Add(axis.Number);
                    return;
                case Load load:
                    Index(load.Index);
                    return;
            }

            foreach (var operand in expr.Operands)
            {
                Value(operand);
            }
        }
    }
}
