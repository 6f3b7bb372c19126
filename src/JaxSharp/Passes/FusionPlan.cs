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

    // A kernel with more than this many operations is cut: the machine code of longer ones is no longer optimized.
    private const double MaximalOperations = 600;

    private const int MaximalOperands = 24;
    private const int MaximalMembers = 48;

    private readonly IReadOnlyList<LoweredEquation> equations;
    private readonly HashSet<Var> stored;
    private readonly Dictionary<Var, LoweredEquation> definitions = [];
    private readonly Dictionary<Var, FusionUnit> units = [];
    private readonly HashSet<LoweredEquation> inlined = [];

    private FusionPlan(IReadOnlyList<LoweredEquation> equations, IEnumerable<Var> outputs)
    {
        this.equations = equations;
        stored = [.. outputs];
        foreach (var lowered in equations)
        {
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
        var costs = new Dictionary<Var, double>();
        var cut = new HashSet<LoweredEquation>();
        foreach (var lowered in equations)
        {
            double cost = Weight.Of(lowered);
            if (lowered.IsMap)
            {
                cost += lowered.Equation.Inputs.OfType<Var>().Distinct().Sum(v => costs.GetValueOrDefault(v));
            }
            else
            {
                cost = 0;
            }

            if (cost > MaximalOperations)
            {
                cut.Add(lowered);
                cost = 0;
            }

            foreach (var output in lowered.Equation.Outputs)
            {
                costs[output] = cost;
            }
        }

        // How many elements of each variable are evaluated by all that put its definition in place.
        var evaluations = new Dictionary<Var, double>();
        var inMemory = new HashSet<Var>(stored);
        for (int i = equations.Count - 1; i >= 0; i--)
        {
            var lowered = equations[i];
            var equation = lowered.Equation;
            double own = equation.Outputs.Sum(v => evaluations.GetValueOrDefault(v));
            if (lowered.IsMap && !cut.Contains(lowered) && !equation.Outputs.Any(inMemory.Contains))
            {
                double excess = own / equation.Outputs.Length / Math.Max(1, equation.Outputs[0].Type.Size) - 1;
                if (excess <= 0 || excess * costs[equation.Outputs[0]] <= CheapOperations)
                {
                    inlined.Add(lowered);
                }
            }

            double demand = lowered switch
            {
                { Lowering: Lowering.Reduction r } => equation.Outputs[0].Type.Size
                    * r.Inner.Aggregate(1.0, (a, b) => a * b),
                { IsMap: true } when inlined.Contains(lowered) => own,
                _ => equation.Outputs.Sum(v => (double)v.Type.Size),
            };
            foreach (var input in equation.Inputs.OfType<Var>().Distinct())
            {
                if (lowered.IsFusable)
                {
                    evaluations[input] = evaluations.GetValueOrDefault(input) + demand;
                }
                else
                {
                    inMemory.Add(input);
                }
            }
        }
    }

    private List<FusionUnit> MakeUnits()
    {
        var work = new List<FusionUnit>();
        foreach (var lowered in equations)
        {
            if (inlined.Contains(lowered))
            {
                continue;
            }

            var unit = new FusionUnit(lowered);
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

        return work;
    }

    /// <summary>Finds what a unit reads, and so the units that it waits for.</summary>
    private void Analyse(FusionUnit unit)
    {
        unit.Producers.Clear();
        if (!unit.IsFusable)
        {
            unit.Reads = unit.Members[0]
                .Equation.Inputs.OfType<Var>()
                .Distinct()
                .ToDictionary(v => v, _ => new HashSet<EquatableArray<ScalarExpr>>());
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
                    if (CanMerge(producer, unit) is { } grid && !HasDetour(producer, unit))
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
            var sibling = alive
                .AsEnumerable()
                .Reverse()
                .Take(64)
                .FirstOrDefault(other => AreSiblings(other, unit) && !Reaches(other, unit) && !Reaches(unit, other));
            if (sibling is null)
            {
                alive.Add(unit);
                continue;
            }

            alive.Remove(sibling);
            Merge(sibling, unit, unit.Grid);
            alive.Add(unit);
        }

        return alive;
    }

    /// <summary>The grid of the merged kernel, or null where the producer cannot be computed inside of the consumer's loops.</summary>
    private int[]? CanMerge(FusionUnit producer, FusionUnit consumer)
    {
        if (
            !producer.IsFusable
            || !consumer.IsFusable
            || producer.Members.Count + consumer.Members.Count > MaximalMembers
            || producer.Reads.Keys.Union(consumer.Reads.Keys).Count() > MaximalOperands
        )
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

    private static bool IsCurrent(EquatableArray<ScalarExpr> index, Var variable)
    {
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (variable.Type.Shape[axis] != 1 && !(index[axis] is ScalarExpr.Axis current && current.Number == axis))
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
            || a.Members.Count + b.Members.Count > MaximalMembers
            || a.Reads.Keys.Union(b.Reads.Keys).Count() > MaximalOperands
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

    /// <summary>Whether the consumer waits for the producer through a third unit.</summary>
    private static bool HasDetour(FusionUnit producer, FusionUnit consumer) =>
        consumer.Producers.Any(other => other != producer && Reaches(producer, other));

    /// <summary>Whether <paramref name="to"/> waits for <paramref name="from"/>.</summary>
    private static bool Reaches(FusionUnit from, FusionUnit to)
    {
        var seen = new HashSet<FusionUnit>();
        var pending = new Stack<FusionUnit>([to]);
        while (pending.TryPop(out var unit))
        {
            if (unit == from)
            {
                return true;
            }

            foreach (var producer in unit.Producers)
            {
                if (seen.Add(producer))
                {
                    pending.Push(producer);
                }
            }
        }

        return false;
    }

    private void Merge(FusionUnit from, FusionUnit into, int[] grid)
    {
        into.Absorb(from, grid);
        foreach (var member in from.Members)
        {
            foreach (var output in member.Equation.Outputs)
            {
                units[output] = into;
            }
        }

        foreach (var unit in units.Values)
        {
            if (unit.Producers.Remove(from) && unit != into)
            {
                unit.Producers.Add(into);
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

        var ordered = new List<FusionUnit>();
        var done = new HashSet<FusionUnit>();
        foreach (var unit in work.OrderBy(u => u.FirstOrder))
        {
            Place(unit);
        }

        return ordered;

        void Place(FusionUnit unit)
        {
            if (!done.Add(unit))
            {
                return;
            }

            foreach (var producer in unit.Producers.OrderBy(p => p.FirstOrder))
            {
                Place(producer);
            }

            unit.Stored = [.. unit.Members.SelectMany(m => m.Equation.Outputs).Where(stored.Contains)];
            unit.Definition = variable =>
                definitions.TryGetValue(variable, out var lowered)
                && (inlined.Contains(lowered) || (units[variable] == unit && lowered.IsMap))
                    ? lowered
                    : null;
            ordered.Add(unit);
        }
    }
}
