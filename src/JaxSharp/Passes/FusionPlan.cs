using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>
/// Groups the equations of a program into units of work. A unit is one equation that is no loop nest (a contraction, a routine), or
/// a loop nest of several: definitions that are put in place where they are read, reductions along rows with the maps that use
/// them, and maps of one shape that share operands. Decisions follow from the lowerings alone.
/// </summary>
internal sealed class FusionPlan
{
    // Recomputing a definition this cheap (in weighted scalar operations per element) beats a trip through memory.
    private const double CheapOperations = 6;

    // Below this many elements the cost of a kernel is its start, so kernels are merged wherever that is right.
    private const long SmallSize = 16 * 1024;

    // No kernel has many more operations than this: the machine code of longer ones is no longer optimized, and their variables
    // would not fit on the stack.
    private const double MaximalOperations = 600;

    // Nor do definitions go deeper than this, be they views that cost nothing: they are visited by recursion.
    private const int MaximalDepth = 600;
    private const int MaximalOperands = 24;
    private const int MaximalMembers = 48;

    // Siblings are looked for among this many units before.
    private const int NearbyUnits = 64;

    private readonly IReadOnlyList<LoweredEquation> equations;
    private readonly HashSet<Var> stored;
    private readonly Dictionary<Var, LoweredEquation> definitions = [];
    private readonly Dictionary<Var, Cost> weights = [];
    private readonly Dictionary<Var, FusionUnit> units = [];
    private readonly HashSet<LoweredEquation> inlined = [];
    private UnitOrder order = new([]);

    private FusionPlan(IReadOnlyList<LoweredEquation> equations, IEnumerable<Var> outputs)
    {
        this.equations = equations;
        stored = [.. outputs];
        foreach (var lowered in equations)
        {
            weights[lowered.Equation.Outputs[0]] = new Cost(Weight.Of(lowered), 0);
            foreach (var output in lowered.Equation.Outputs)
            {
                definitions[output] = lowered;
            }
        }
    }

    /// <summary>Plans a program whose calls have been put in place; units come in an order of evaluation.</summary>
    public static IReadOnlyList<FusionUnit> Make(IReadOnlyList<LoweredEquation> equations, IEnumerable<Var> outputs)
    {
        var plan = new FusionPlan(equations, outputs);
        plan.ChooseInlined();
        var work = plan.MakeUnits();
        work = plan.MergeProducers(work);
        work = plan.MergeSiblings(work);
        return plan.Order(work);
    }

    private void ChooseInlined()
    {
        var costs = new Dictionary<Var, Cost>();
        var cut = new HashSet<LoweredEquation>();
        foreach (var lowered in equations)
        {
            var cost = lowered.IsMap ? CostOf(lowered, costs) : Cost.None;
            if (cost.Operations > MaximalOperations || cost.Depth > MaximalDepth)
            {
                cut.Add(lowered);
                cost = Cost.None;
            }

            foreach (var output in lowered.Equation.Outputs)
            {
                costs[output] = cost;
            }
        }

        // How many elements of each variable are evaluated by all that put its definition in place.
        var evaluations = new Dictionary<Var, Cost>();
        var inMemory = new HashSet<Var>(stored);
        for (int i = equations.Count - 1; i >= 0; i--)
        {
            var lowered = equations[i];
            var equation = lowered.Equation;
            double own = 0;
            double size = 0;
            foreach (var output in equation.Outputs)
            {
                own += evaluations.GetValueOrDefault(output)?.Operations ?? 0;
                size += output.Type.Size;
            }

            if (lowered.IsMap && !cut.Contains(lowered) && !equation.Outputs.Any(inMemory.Contains))
            {
                double excess = own / equation.Outputs.Length / Math.Max(1, equation.Outputs[0].Type.Size) - 1;
                if (excess <= 0 || excess * costs[equation.Outputs[0]].Operations <= CheapOperations)
                {
                    inlined.Add(lowered);
                }
            }

            double demand = lowered switch
            {
                { Lowering: Lowering.Reduction r } => equation.Outputs[0].Type.Size
                    * r.Inner.Aggregate(1.0, (a, b) => a * b),
                { IsMap: true } when inlined.Contains(lowered) => own,
                _ => size,
            };
            foreach (var input in equation.Inputs.OfType<Var>().Distinct())
            {
                if (lowered.IsFusable)
                {
                    double others = evaluations.GetValueOrDefault(input)?.Operations ?? 0;
                    evaluations[input] = new Cost(others + demand, 0);
                }
                else
                {
                    inMemory.Add(input);
                }
            }
        }
    }

    // The operations of a definition and how deep it goes, with the definitions that are put in place in it.
    private Cost CostOf(LoweredEquation lowered, Dictionary<Var, Cost> costs)
    {
        double operations = weights[lowered.Equation.Outputs[0]].Operations;
        int depth = 0;
        foreach (var input in lowered.Equation.Inputs.OfType<Var>().Distinct())
        {
            var cost = costs.GetValueOrDefault(input, Cost.None);
            operations += cost.Operations;
            depth = Math.Max(depth, cost.Depth);
        }

        return new Cost(operations, depth + 1);
    }

    private List<FusionUnit> MakeUnits()
    {
        var work = new List<FusionUnit>();
        var costs = new Dictionary<Var, Cost>();
        foreach (var lowered in equations)
        {
            var cost = CostOf(lowered, costs);
            if (inlined.Contains(lowered))
            {
                foreach (var output in lowered.Equation.Outputs)
                {
                    costs[output] = cost;
                }

                continue;
            }

            var unit = new FusionUnit(lowered, cost.Operations, cost.Depth);
            work.Add(unit);
            foreach (var output in lowered.Equation.Outputs)
            {
                units[output] = unit;
            }
        }

        foreach (var unit in work)
        {
            Analyse(unit);
        }

        order = new UnitOrder(work);
        return work;
    }

    /// <summary>Finds what a unit reads, and so the units that it waits for.</summary>
    private void Analyse(FusionUnit unit)
    {
        if (!unit.IsFusable)
        {
            unit.Reads = unit.Members[0]
                .Equation.Inputs.OfType<Var>()
                .Distinct()
                .ToDictionary(v => v, _ => new HashSet<ElementIndex>());
        }
        else
        {
            var analysis = new AccessAnalysis(v =>
                definitions.TryGetValue(v, out var lowered) && inlined.Contains(lowered) ? lowered : null
            );
            foreach (var member in unit.Members)
            {
                analysis.Visit(member);
            }

            unit.Reads = analysis.Reads;
        }

        foreach (var variable in unit.Reads.Keys)
        {
            if (units.TryGetValue(variable, out var producer) && producer != unit)
            {
                unit.Producers.Add(producer);
                producer.Consumers.Add(unit);
            }
        }
    }

    private List<FusionUnit> MergeProducers(List<FusionUnit> work)
    {
        var alive = new List<FusionUnit>();
        foreach (var unit in work)
        {
            bool merged = true;
            while (merged)
            {
                merged = false;
                foreach (var producer in unit.Producers.OrderByDescending(p => p.LastOrder).ToArray())
                {
                    if (CanMerge(producer, unit) is { } grid && !UnitOrder.HasDetour(producer, unit))
                    {
                        Merge(producer, unit, grid);
                        alive.Remove(producer);
                        merged = true;
                        break;
                    }
                }
            }

            alive.Add(unit);
        }

        return alive;
    }

    private List<FusionUnit> MergeSiblings(List<FusionUnit> work)
    {
        var alive = new List<FusionUnit>();
        foreach (var unit in work)
        {
            int at = alive.Count - 1;
            int last = Math.Max(0, alive.Count - NearbyUnits);
            while (at >= last && !CanJoin(alive[at], unit))
            {
                at--;
            }

            if (at >= last)
            {
                Merge(alive[at], unit, unit.Grid);
                alive.RemoveAt(at);
            }

            alive.Add(unit);
        }

        return alive;

        static bool CanJoin(FusionUnit a, FusionUnit b) =>
            AreSiblings(a, b) && !UnitOrder.Reaches(a, b) && !UnitOrder.Reaches(b, a);
    }

    /// <summary>The grid of the merged kernel, or null where the producer cannot be computed inside of the consumer's loops.</summary>
    private int[]? CanMerge(FusionUnit producer, FusionUnit consumer)
    {
        if (!producer.IsFusable || !consumer.IsFusable || !FitsTogether(producer, consumer))
        {
            return null;
        }

        int[]? grid =
            producer.HasReduction && consumer.HasReduction
                ? (producer.Grid.SequenceEqual(consumer.Grid) ? consumer.Grid : null)
            : producer.HasReduction ? Prefix(producer.Grid, consumer.Grid)
            : consumer.HasReduction ? Prefix(consumer.Grid, producer.Grid)
            : producer.Grid.SequenceEqual(consumer.Grid) ? consumer.Grid
            : null;
        if (grid is null || !IsWorthwhile(grid, producer, consumer))
        {
            return null;
        }

        // Every read of the producer's results must be of the element that the loops are at.
        foreach (var member in producer.Members)
        {
            foreach (var output in member.Equation.Outputs)
            {
                if (
                    consumer.Reads.TryGetValue(output, out var indices)
                    && !indices.All(index => IsCurrent(index, output))
                )
                {
                    return null;
                }
            }
        }

        return grid;
    }

    private static bool FitsTogether(FusionUnit a, FusionUnit b) =>
        a.Members.Count + b.Members.Count <= MaximalMembers
        && a.Operations + b.Operations <= MaximalOperations
        && a.Depth + b.Depth <= MaximalDepth
        && a.Reads.Keys.Union(b.Reads.Keys).Count() <= MaximalOperands;

    private static int[]? Prefix(int[] grid, int[] full) =>
        grid.Length <= full.Length && full.AsSpan(0, grid.Length).SequenceEqual(grid) ? grid : null;

    // A kernel over a small grid cannot use all cores; that only matters where there is much to do.
    private static bool IsWorthwhile(int[] grid, FusionUnit producer, FusionUnit consumer)
    {
        if (!producer.HasReduction && !consumer.HasReduction)
        {
            return true;
        }

        long points = grid.Aggregate(1L, (a, b) => a * b);
        long work = Math.Max(producer.Iterations, consumer.Iterations);
        return work <= SmallSize || (points >= 32 && work / Math.Max(points, 1) <= SmallSize);
    }

    private static bool IsCurrent(ElementIndex index, Var variable)
    {
        for (int axis = 0; axis < index.Axes.Length; axis++)
        {
            if (
                variable.Type.Shape[axis] != 1
                && !(index.Axes[axis] is ScalarExpr.Axis current && current.Number == axis)
            )
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreSiblings(FusionUnit a, FusionUnit b)
    {
        if (
            !a.IsFusable
            || !b.IsFusable
            || a.HasReduction != b.HasReduction
            || !a.Grid.SequenceEqual(b.Grid)
            || !FitsTogether(a, b)
        )
        {
            return false;
        }

        long size = Math.Max(a.Iterations, b.Iterations);
        if (a.HasReduction)
        {
            // Rows short enough to stay in cache are read once for both.
            long points = Math.Max(1, a.Grid.Aggregate(1L, (x, y) => x * y));
            return size <= SmallSize
                || (points >= 32 && size / points <= 4096 && a.Reads.Keys.Any(b.Reads.ContainsKey));
        }

        return size <= 1024 || a.Reads.Keys.Any(b.Reads.ContainsKey);
    }

    private void Merge(FusionUnit from, FusionUnit into, int[] grid)
    {
        order.Join(from, into);
        into.Absorb(from, grid);
        foreach (var member in from.Members)
        {
            foreach (var output in member.Equation.Outputs)
            {
                units[output] = into;
            }
        }
    }

    private List<FusionUnit> Order(List<FusionUnit> work)
    {
        foreach (var unit in work)
        {
            unit.Outputs.UnionWith(unit.Members.SelectMany(m => m.Equation.Outputs).Where(stored.Contains));
        }

        foreach (var unit in work)
        {
            foreach (var variable in unit.Reads.Keys)
            {
                if (units.TryGetValue(variable, out var producer) && producer != unit)
                {
                    stored.Add(variable);
                }
            }
        }

        // Early equations first, as far as what they wait for allows; by a stack, since chains of units are long.
        var result = new List<FusionUnit>();
        var visited = new HashSet<FusionUnit>();
        var placed = new HashSet<FusionUnit>();
        var pending = new Stack<FusionUnit>();
        foreach (var unit in work.OrderBy(u => u.FirstOrder))
        {
            pending.Push(unit);
            while (pending.TryPeek(out var next))
            {
                if (visited.Add(next))
                {
                    foreach (var producer in next.Producers.OrderByDescending(p => p.FirstOrder))
                    {
                        pending.Push(producer);
                    }

                    continue;
                }

                pending.Pop();
                if (placed.Add(next))
                {
                    Place(next);
                }
            }
        }

        return result;

        void Place(FusionUnit unit)
        {
            unit.Stored = [.. unit.Members.SelectMany(m => m.Equation.Outputs).Where(stored.Contains)];
            unit.Definition = variable =>
                definitions.TryGetValue(variable, out var lowered)
                && (inlined.Contains(lowered) || (units[variable] == unit && lowered.IsMap))
                    ? lowered
                    : null;
            result.Add(unit);
        }
    }

    /// <summary>
    /// What a definition costs, and how many definitions put in place of each other it is deep. A class, also where only operations
    /// count: a dictionary of structures would have to be compiled when the first program of a process is.
    /// </summary>
    private sealed record Cost(double Operations, int Depth)
    {
        public static readonly Cost None = new(0, 0);
    }
}
