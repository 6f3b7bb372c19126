using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Compiler.Scalars;
using static JaxSharp.Compiler.Scalars.ScalarExpr;

namespace JaxSharp.Compiler.Emit;

/// <summary>How a place in memory moves along the vector axis.</summary>
/// <param name="Factor">Elements per step of the vector axis, if the place is affine in it.</param>
/// <param name="Rest">The place at 0 of the vector axis, a single integer; null if the place is not affine.</param>
/// <param name="Index">The index as a vector; null if the place is affine. Its type is i32 or i64.</param>
/// <param name="Guard">Where the access counts; null for everywhere.</param>
internal sealed record Access(long Factor, ScalarExpr? Rest, ScalarExpr? Index, ScalarExpr? Guard)
{
    /// <summary>Whether whole vectors hold what is accessed, if in another order or with others in between.</summary>
    public bool IsShuffled => Index is null && Guard is null && Factor is (-2 or -1 or 2);
}

/// <summary>
/// What emission must know of the expressions of a stage: at which loop a value can be computed, whether lanes differ, whether a single
/// integer will do, how often it is used, and how memory is accessed.
/// </summary>
internal sealed class StageAnalysis
{
    private readonly int gridAxes;
    private readonly LoopPlan plan;
    private readonly bool hasSteps;
    private readonly Dictionary<ScalarExpr, int> levels = [];
    private readonly Dictionary<ScalarExpr, bool> varies = [];
    private readonly Dictionary<ScalarExpr, bool> single = [];
    private readonly Dictionary<ScalarExpr, int> uses = [];
    private readonly Dictionary<ScalarExpr, int> deepestUse = [];
    private readonly Dictionary<ScalarExpr, Access> accesses = [];
    private readonly List<ScalarExpr> order = [];

    public StageAnalysis(LoopPlan plan, Stage stage)
    {
        this.plan = plan;
        Stage = stage;
        gridAxes = plan.Kernel.Grid.Length;
        VectorAxis =
            plan.VectorAxis >= 0 ? plan.VectorAxis
            : stage.Inner.Length > 0 ? gridAxes + stage.Inner.Length - 1
            : -1;
        InnermostLevel = (plan.VectorAxis >= 0 ? 2 : 1) + stage.Inner.Length;
        if (stage is Stage.Store store)
        {
            Target = AccessOf(store.Index);
            Value = Unwrapped(store.Value);
            VisitAccess(Target, InnermostLevel);
        }
        else
        {
            Value = ((Stage.Reduce)stage).Body;
        }

        Visit(Value, InnermostLevel);
    }

    // All stages of a loop at once: each is a store of a single element.
    private StageAnalysis(LoopPlan plan, Stage.Store[] stores, ScalarExpr[] initial)
    {
        this.plan = plan;
        Stage = stores[0];
        gridAxes = plan.Kernel.Grid.Length;
        VectorAxis = -1;
        InnermostLevel = 1;
        hasSteps = true;
        Value = Unwrapped(stores[0].Value);
        foreach (var value in initial)
        {
            Visit(value, 0);
        }

        foreach (var store in stores)
        {
            Visit(Unwrapped(store.Value), InnermostLevel);
            Visit(store.Index, InnermostLevel);
        }
    }

    /// <summary>What emission must know of a loop whose steps follow each other.</summary>
    /// <param name="plan">The loop.</param>
    /// <param name="stores">What each step computes.</param>
    /// <param name="initial">What is computed before the first step.</param>
    public static StageAnalysis OfSteps(LoopPlan plan, Stage.Store[] stores, ScalarExpr[] initial) =>
        new(plan, stores, initial);

    /// <summary>The stage.</summary>
    public Stage Stage { get; }

    /// <summary>The axis along which vectors lie; −1 if there is none.</summary>
    public int VectorAxis { get; }

    /// <summary>The level of the innermost loop: 0 outside of all, 1 in the grid's loop, then the vector loop over the grid if there is one, then inner axes.</summary>
    public int InnermostLevel { get; }

    /// <summary>What is combined or stored, in a register type.</summary>
    public ScalarExpr Value { get; }

    /// <summary>Where it is stored.</summary>
    public Access? Target { get; }

    /// <summary>All expressions that must be computed, operands first.</summary>
    public IReadOnlyList<ScalarExpr> Order => order;

    /// <summary>Whether memory is read at distances along the vector axis.</summary>
    public bool IsStrided =>
        accesses.Values.Any(access => access.Rest is not null && access.Factor is not (0 or 1) && !access.IsShuffled);

    /// <summary>How the load accesses memory.</summary>
    public Access Of(Load load) => accesses[load];

    /// <summary>How often an expression is used.</summary>
    public int Uses(ScalarExpr expr) => uses.GetValueOrDefault(expr);

    /// <summary>Whether an expression must be computed before the loop in which it is used.</summary>
    public bool IsHoisted(ScalarExpr expr, int level) =>
        Level(expr) == level && deepestUse.GetValueOrDefault(expr) > level && expr is not (Const or Axis or Reduced);

    /// <summary>The loop in which a value can be computed.</summary>
    public int Level(ScalarExpr expr)
    {
        if (levels.TryGetValue(expr, out int known))
        {
            return known;
        }

        int level = 0;
        if (expr is Axis axis)
        {
            level =
                axis.Number == plan.VectorAxis ? 2
                : axis.Number < gridAxes ? 1
                : axis.Number - gridAxes + (plan.VectorAxis >= 0 ? 3 : 2);
        }
        else if (expr is Reduced)
        {
            level = plan.VectorAxis >= 0 ? 2 : 1;
        }

        foreach (var operand in expr.Operands)
        {
            level = System.Math.Max(level, Level(operand));
        }

        return levels[expr] = level;
    }

    /// <summary>Whether the value differs between lanes.</summary>
    public bool Varies(ScalarExpr expr)
    {
        if (varies.TryGetValue(expr, out bool known))
        {
            return known;
        }

        bool result = (expr is Axis axis && axis.Number == VectorAxis) || (expr is Reduced && plan.VectorAxis >= 0);
        foreach (var operand in expr.Operands)
        {
            result |= Varies(operand);
        }

        return varies[expr] = result;
    }

    /// <summary>Whether the value is computed as a single integer or truth value and not as a vector.</summary>
    public bool IsSingle(ScalarExpr expr)
    {
        if (single.TryGetValue(expr, out bool known))
        {
            return known;
        }

        bool result =
            !expr.Type.IsFloating
            && !Varies(expr)
            && expr switch
            {
                Const or Axis or Load => true,
                Reduced => hasSteps,
                Op op => IsSingleOperation(op),
                _ => false,
            };
        if (result)
        {
            foreach (var operand in expr.Operands)
            {
                result &= IsSingle(operand);
            }
        }

        return single[expr] = result;
    }

    /// <summary>Whether the expression is the index of the vector axis in 32 bits.</summary>
    public bool IsNarrowAxis(ScalarExpr expr) =>
        expr is Op { Code: ScalarOp.Convert, Type.Code: DTypeCode.I32 } convert
        && convert.Operands[0] is Axis axis
        && axis.Number == VectorAxis;

    /// <summary>The value of a narrow element without its conversion to memory.</summary>
    public static ScalarExpr Unwrapped(ScalarExpr value) =>
        value.Type.Size >= 4 ? value
        : value is Op { Code: ScalarOp.Convert } op ? op.Operands[0]
        : Scalar.Convert(value, DType.I32);

    private static bool IsSingleOperation(Op op) =>
        op.Code switch
        {
            ScalarOp.Add
            or ScalarOp.Sub
            or ScalarOp.Mul
            or ScalarOp.And
            or ScalarOp.Or
            or ScalarOp.Xor
            or ScalarOp.Not
            or ScalarOp.Select
            or ScalarOp.Guard => true,
            ScalarOp.Div or ScalarOp.Rem => op.Type.IsSigned,
            >= ScalarOp.Eq and <= ScalarOp.Ge => op.Operands[0].Type.IsSigned,
            ScalarOp.Convert => op.Type.IsInteger && op.Operands[0].Type.IsInteger,
            _ => false,
        };

    private Access AccessOf(ScalarExpr index)
    {
        ScalarExpr? guard = null;
        if (index is Op { Code: ScalarOp.Guard } guarded)
        {
            guard = guarded.Operands[0];
            index = guarded.Operands[1];
        }

        var affine = Affine.Of(index);
        long factor = VectorAxis >= 0 ? affine.FactorOf(VectorAxis) : 0;
        var rest = new List<AffineTerm>();
        bool isSingle = true;
        foreach (var term in affine.Terms)
        {
            if (term.Term is Axis axis && axis.Number == VectorAxis)
            {
                continue;
            }

            isSingle &= IsSingle(term.Term);
            rest.Add(term);
        }

        if (isSingle)
        {
            rest.Sort((x, y) => Level(x.Term).CompareTo(Level(y.Term)));
            // Terms of outer loops first, so that their sum is computed there.
            var sum = Affine.Sum(rest, affine.Constant);
            return new Access(factor, sum, null, guard);
        }

        return index is Op { Code: ScalarOp.Convert } convert && convert.Operands[0].Type.Code == DTypeCode.I32
            ? new Access(0, null, convert.Operands[0], guard)
            : new Access(0, null, index, guard);
    }

    private void Visit(ScalarExpr expr, int level)
    {
        deepestUse[expr] = System.Math.Max(deepestUse.GetValueOrDefault(expr), level);
        uses[expr] = Uses(expr) + 1;
        if (Uses(expr) > 1)
        {
            return;
        }

        int own = Level(expr);
        if (expr is Load load)
        {
            var access = IsSingle(load) ? new Access(0, SingleIndex(load), null, null) : AccessOf(load.Index);
            accesses.Add(load, access);
            VisitAccess(access, own);
        }
        else if (expr is Op { Code: ScalarOp.Convert } convert && convert.Operands[0] is Load { Type.Size: < 4 } narrow)
        {
            // A narrow load is part of its conversion.
            var access = IsSingle(narrow) ? new Access(0, SingleIndex(narrow), null, null) : AccessOf(narrow.Index);
            accesses.TryAdd(narrow, access);
            VisitAccess(access, own);
        }
        else if (IsNarrowAxis(expr))
        {
            // Vectors of i32 indices are made from the position, not from i64 indices.
        }
        else if (expr is Op { Code: ScalarOp.Rarely } rarely)
        {
            Visit(rarely.Operands[0], own);
            foreach (var operand in rarely.Operands[1].Operands)
            {
                Visit(operand, own);
            }

            Visit(rarely.Operands[2], own);
        }
        else
        {
            foreach (var operand in expr.Operands)
            {
                Visit(operand, own);
            }
        }

        order.Add(expr);
    }

    // A guard on a single load becomes part of its index, which then is 0.
    private static ScalarExpr SingleIndex(Load load) =>
        load.Index is Op { Code: ScalarOp.Guard } guard
            ? Scalar.Select(guard.Operands[0], guard.Operands[1], Scalar.Const(DType.I64, 0L))
            : load.Index;

    private void VisitAccess(Access access, int level)
    {
        if (access.Guard is not null)
        {
            Visit(access.Guard, level);
        }

        if (access.Index is not null)
        {
            Visit(access.Index, level);
        }

        if (access.Rest is not null)
        {
            Visit(access.Rest, level);
        }
    }
}
