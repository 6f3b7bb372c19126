using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Passes;

/// <summary>
/// Finds values along a row that several stages compute, as a softmax does its exponentials for the sum and for the quotients. The
/// first stage keeps them in scratch memory, which stays in the nearest cache, where computing them costs more than reading them.
/// </summary>
internal sealed class KeepRows
{
    private const int LeastCost = 8;
    private const int LeastExtent = 32;
    private const int MostExtent = 4096;
    private const int MostRows = 4;

    private readonly Kernel kernel;
    private readonly ScalarExpr axis;
    private readonly List<KeptRow> rows = [];
    private readonly Dictionary<ScalarExpr, int> firstStage = [];
    private readonly Dictionary<ScalarExpr, bool> varies = [];

    private KeepRows(Kernel kernel)
    {
        this.kernel = kernel;
        axis = Scalar.Axis(kernel.Grid.Length);
    }

    /// <summary>The plan, with a kernel that reads what it has kept where that pays.</summary>
    public static LoopPlan Run(LoopPlan plan)
    {
        var kernel = plan.Kernel;
        if (plan.VectorAxis >= 0 || kernel.Stages.Length < 2)
        {
            return plan;
        }

        var pass = new KeepRows(kernel);
        Stage[] stages = [.. kernel.Stages.Select(pass.Of)];
        if (pass.rows.Count == 0)
        {
            return plan;
        }

        DType[] inputs = [.. kernel.Inputs, .. pass.rows.Select(row => row.Value.Type)];
        return plan with
        {
            Kept = new KeptRows(new Kernel(inputs, kernel.Outputs, kernel.Grid, stages), [.. pass.rows]),
        };
    }

    private Stage Of(Stage stage, int number)
    {
        if (stage.Inner.Length != 1 || stage.Inner[0] is < LeastExtent or > MostExtent)
        {
            return stage;
        }

        var value = stage is Stage.Reduce reduce ? reduce.Body : ((Stage.Store)stage).Value;
        var kept = new Dictionary<ScalarExpr, ScalarExpr>();
        Find(value, stage.Inner[0], kept, []);
        Collect(value, number, []);
        return new Rewriter(static expr => expr, kept).Of(stage);
    }

    // From the root down, so that the largest common values are kept.
    private void Find(ScalarExpr expr, int extent, Dictionary<ScalarExpr, ScalarExpr> kept, HashSet<ScalarExpr> seen)
    {
        if (expr is not Op op || !seen.Add(op))
        {
            return;
        }

        if (firstStage.TryGetValue(op, out int first) && Row(op, first, extent) is { } row)
        {
            kept.Add(op, Scalar.Load(kernel.Inputs.Length + row, op.Type, axis));
            return;
        }

        foreach (var operand in Computed(op))
        {
            Find(operand, extent, kept, seen);
        }
    }

    // What this stage is the first to compute.
    private void Collect(ScalarExpr expr, int number, HashSet<ScalarExpr> seen)
    {
        if (expr is not Op op || !seen.Add(op))
        {
            return;
        }

        if (op.Type.IsFloating)
        {
            firstStage.TryAdd(op, number);
        }

        foreach (var operand in Computed(op))
        {
            Collect(operand, number, seen);
        }
    }

    // Of an operation that is rarely called only the operands are always computed.
    private static ScalarExpr[] Computed(Op op) =>
        op.Code == ScalarOp.Rarely
            ? [op.Operands[0], .. op.Operands[1].Operands, op.Operands[2]]
            : op.Operands.ToArray();

    private int? Row(ScalarExpr value, int stage, int extent)
    {
        int known = rows.FindIndex(row => row.Stage == stage && row.Value.Equals(value));
        if (known >= 0)
        {
            return known;
        }

        if (
            rows.Count == MostRows
            || kernel.Stages[stage].Inner[0] != extent
            || !Varies(value)
            || Cost(value, []) < LeastCost
        )
        {
            return null;
        }

        rows.Add(new KeptRow(stage, value, extent));
        return rows.Count - 1;
    }

    private bool Varies(ScalarExpr expr)
    {
        if (varies.TryGetValue(expr, out bool known))
        {
            return known;
        }

        bool result = expr.Equals(axis);
        foreach (var operand in expr.Operands)
        {
            result |= Varies(operand);
        }

        return varies[expr] = result;
    }

    private int Cost(ScalarExpr expr, HashSet<ScalarExpr> seen)
    {
        if (expr is not Op op || !Varies(op) || !seen.Add(op))
        {
            return 0;
        }

        int cost =
            op.Code.IsCalled(op.Type) ? 100
            : op.Code is ScalarOp.Div or ScalarOp.Sqrt or ScalarOp.Rem ? 5
            : 1;
        foreach (var operand in op.Operands)
        {
            cost += Cost(operand, seen);
        }

        return cost;
    }
}
