using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler.Scalars;
using JaxSharp.Ir;

namespace JaxSharp.Passes;

/// <summary>Equations that run as one piece of work.</summary>
internal sealed class FusionUnit(LoweredEquation first, double operations, int depth)
{
    /// <summary>The equations, in program order; definitions put in place are not among them.</summary>
    public List<LoweredEquation> Members { get; } = [first];

    /// <summary>The outer loops: the shape of the results, or of the rows where there are reductions.</summary>
    public int[] Grid { get; private set; } = first.Equation.Outputs[0].Type.Shape.ToArray();

    public bool IsFusable { get; } = first.IsFusable;

    public bool HasReduction { get; private set; } = first.Lowering is Lowering.Reduction;

    /// <summary>The number of elements that the longest loop visits.</summary>
    public long Iterations { get; private set; } =
        first.Equation.Outputs[0].Type.Size
        * (first.Lowering is Lowering.Reduction r ? r.Inner.Aggregate(1L, (a, b) => a * b) : 1);

    public int FirstOrder { get; private set; } = first.Order;

    public int LastOrder { get; private set; } = first.Order;

    /// <summary>What is read from memory or from other members, and at which indices.</summary>
    public Dictionary<Var, HashSet<ElementIndex>> Reads { get; set; } = [];

    /// <summary>The units whose results are read.</summary>
    public HashSet<FusionUnit> Producers { get; } = [];

    /// <summary>The units that read its results.</summary>
    public HashSet<FusionUnit> Consumers { get; } = [];

    /// <summary>The place in the <see cref="UnitOrder"/>.</summary>
    public int Position { get; set; }

    /// <summary>The operations on an element, with those of definitions put in place.</summary>
    public double Operations { get; private set; } = operations;

    /// <summary>How deep definitions go at most.</summary>
    public int Depth { get; private set; } = depth;

    /// <summary>The results of the program among those of this unit.</summary>
    public HashSet<Var> Outputs { get; } = [];

    /// <summary>The results that others need.</summary>
    public Var[] Stored { get; set; } = [];

    /// <summary>The definition of a variable that is computed in place inside of this unit; null where it is read from memory.</summary>
    public Func<Var, LoweredEquation?> Definition { get; set; } = _ => null;

    /// <summary>Whether a result is one of the program's.</summary>
    public bool IsOutput(Var variable) => Outputs.Contains(variable);

    /// <summary>Takes in the members of another unit and its place between producers and consumers.</summary>
    public void Absorb(FusionUnit other, int[] grid)
    {
        Members.AddRange(other.Members);
        Members.Sort((a, b) => a.Order.CompareTo(b.Order));
        Grid = grid;
        HasReduction |= other.HasReduction;
        Iterations = Math.Max(Iterations, other.Iterations);
        FirstOrder = Math.Min(FirstOrder, other.FirstOrder);
        LastOrder = Math.Max(LastOrder, other.LastOrder);
        foreach (var (variable, indices) in other.Reads)
        {
            if (Reads.TryGetValue(variable, out var known))
            {
                known.UnionWith(indices);
            }
            else
            {
                Reads[variable] = indices;
            }
        }

        Operations += other.Operations;
        Depth += other.Depth;
        foreach (var producer in other.Producers)
        {
            producer.Consumers.Remove(other);
            if (producer != this)
            {
                producer.Consumers.Add(this);
                Producers.Add(producer);
            }
        }

        foreach (var consumer in other.Consumers)
        {
            consumer.Producers.Remove(other);
            if (consumer != this)
            {
                consumer.Producers.Add(this);
                Consumers.Add(consumer);
            }
        }
    }

    /// <summary>Builds the loop nest of a fusable unit.</summary>
    public KernelBuilder Build()
    {
        var builder = new KernelBuilder(Grid, Definition);
        foreach (var member in Members)
        {
            if (member.Lowering is Lowering.Reduction)
            {
                builder.Reduce(member);
            }

            foreach (var output in member.Equation.Outputs)
            {
                if (Array.IndexOf(Stored, output) >= 0)
                {
                    builder.Store(output);
                }
            }
        }

        return builder;
    }
}

/// <summary>What one element of a result costs, in basic scalar operations, roughly.</summary>
internal static class Weight
{
    public static double Of(LoweredEquation lowered)
    {
        switch (lowered.Lowering)
        {
            case Lowering.Elementwise elementwise:
                var operands = lowered
                    .Equation.Inputs.Select((input, i) => Scalar.Load(i, input.Type.DType, Scalar.Axis(0)))
                    .ToArray();
                var seen = new HashSet<ScalarExpr>();
                double cost = 0;
                foreach (var result in elementwise.Body(operands))
                {
                    cost += Of(result, seen);
                }

                return cost;
            case Lowering.Indexed { IsView: true } or Lowering.Alias:
                return 0;
            case Lowering.Indexed:
                return 2;
            default:
                return 0;
        }
    }

    private static double Of(ScalarExpr expression, HashSet<ScalarExpr> seen)
    {
        if (!seen.Add(expression))
        {
            return 0;
        }

        double cost = expression is ScalarExpr.Op op ? (op.Code.IsBasic() || op.Code <= ScalarOp.Min ? 1 : 15) : 0;
        foreach (var operand in expression.Operands)
        {
            cost += Of(operand, seen);
        }

        return cost;
    }
}
