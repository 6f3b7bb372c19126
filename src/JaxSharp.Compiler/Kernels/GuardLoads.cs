using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Kernels;

/// <summary>
/// Makes loads safe that stand in a branch of a select: both branches are evaluated, so the branch not taken reads element 0
/// instead. Only conditions on indices guard a load, not conditions on data; a load that is evaluated anyway needs no guard.
/// </summary>
internal sealed class GuardLoads
{
    private static readonly ScalarExpr True = Scalar.Const(true);

    private readonly HashSet<ScalarExpr> unguarded = [];
    private readonly HashSet<ScalarExpr> visited = [];
    private readonly Dictionary<ScalarExpr, bool> containsLoad = [];
    private readonly Dictionary<ScalarExpr, bool> dependsOnAxis = [];
    private readonly Dictionary<Key, ScalarExpr> done = [];

    /// <summary>The kernel with guarded indices.</summary>
    public static Kernel Run(Kernel kernel) =>
        kernel.Stages.Any(HasSelect)
            ? new Kernel(kernel.Inputs, kernel.Outputs, kernel.Grid, [.. kernel.Stages.Select(Stage)])
            : kernel;

    private static bool HasSelect(Stage stage) =>
        stage is Stage.Reduce reduce
            ? HasSelect(reduce.Body, [])
            : HasSelect(((Stage.Store)stage).Value, []) || HasSelect(((Stage.Store)stage).Index, []);

    private static bool HasSelect(ScalarExpr expr, HashSet<ScalarExpr> seen)
    {
        if (!seen.Add(expr))
        {
            return false;
        }

        if (expr is Op { Code: ScalarOp.Select })
        {
            return true;
        }

        foreach (var operand in expr.Operands)
        {
            if (HasSelect(operand, seen))
            {
                return true;
            }
        }

        return false;
    }

    private static Stage Stage(Stage stage)
    {
        var pass = new GuardLoads();
        if (stage is Stage.Reduce reduce)
        {
            pass.FindUnguarded(reduce.Body);
            return new Stage.Reduce(
                reduce.Monoid,
                reduce.Inner,
                pass.Guarded(reduce.Body, True),
                reduce.Accumulation,
                reduce.Order
            );
        }

        var store = (Stage.Store)stage;
        pass.FindUnguarded(store.Index);
        pass.FindUnguarded(store.Value);
        return new Stage.Store(
            store.Output,
            store.Inner,
            pass.Guarded(store.Index, True),
            pass.Guarded(store.Value, True)
        );
    }

    // Finds what is evaluated whatever the guards say.
    private void FindUnguarded(ScalarExpr expr)
    {
        if (!visited.Add(expr))
        {
            return;
        }

        if (expr is Load)
        {
            unguarded.Add(expr);
        }

        if (expr is Op { Code: ScalarOp.Select } select && IsGuard(select.Operands[0]))
        {
            FindUnguarded(select.Operands[0]);
            return;
        }

        foreach (var operand in expr.Operands)
        {
            FindUnguarded(operand);
        }
    }

    private bool IsGuard(ScalarExpr condition) => DependsOnAxis(condition);

    // Whether an expression depends on an index: on an axis, or on integers that were loaded.
    private bool DependsOnAxis(ScalarExpr expr)
    {
        if (dependsOnAxis.TryGetValue(expr, out bool known))
        {
            return known;
        }

        bool result = expr is Axis || (expr is Load && expr.Type.IsInteger && expr.Type.Size >= 4);
        if (expr is not Load)
        {
            foreach (var operand in expr.Operands)
            {
                result |= DependsOnAxis(operand);
            }
        }

        return dependsOnAxis[expr] = result;
    }

    private bool ContainsLoad(ScalarExpr expr)
    {
        if (containsLoad.TryGetValue(expr, out bool known))
        {
            return known;
        }

        bool result = expr is Load && !unguarded.Contains(expr);
        foreach (var operand in expr.Operands)
        {
            result |= ContainsLoad(operand);
        }

        return containsLoad[expr] = result;
    }

    private ScalarExpr Guarded(ScalarExpr expr, ScalarExpr guard)
    {
        if (!ContainsLoad(expr))
        {
            return expr;
        }

        var key = new Key(expr, guard);
        if (done.TryGetValue(key, out var known))
        {
            return known;
        }

        ScalarExpr result;
        if (expr is Op { Code: ScalarOp.Select } select && IsGuard(select.Operands[0]))
        {
            // The condition may load data that is there only under the guard.
            var condition = Guarded(select.Operands[0], guard);
            result = Scalar.Select(
                condition,
                Guarded(select.Operands[1], Scalar.And(guard, condition)),
                Guarded(select.Operands[2], Scalar.And(guard, Scalar.Not(condition)))
            );
        }
        else
        {
            result = Scalar.With(expr, [.. expr.Operands.ToArray().Select(operand => Guarded(operand, guard))]);
            if (result is Load load && !unguarded.Contains(expr))
            {
                result = Scalar.Load(load.Input, load.Type, Scalar.Guard(guard, load.Index));
            }
        }

        return done[key] = result;
    }

    private sealed record Key(ScalarExpr Expr, ScalarExpr Guard);
}
