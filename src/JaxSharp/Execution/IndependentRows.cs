using System;
using System.Collections.Generic;
using System.Linq;
using JaxSharp.Compiler;
using JaxSharp.Compiler.Contractions;
using JaxSharp.Compiler.Kernels;
using JaxSharp.Ir;
using JaxSharp.Passes;

namespace JaxSharp.Execution;

/// <summary>
/// Finds bodies of loops in which the rows of what is carried never meet, as the sequences of a batch do not in a recurrent network, and
/// makes the programs of some of the rows. Then each thread runs all steps for rows of its own: threads wait for each other once,
/// not after every kernel of every step, and what is carried stays in the cache of one processor.
/// </summary>
internal sealed class IndependentRows
{
    // Values that do not depend on rows are computed by every part, so they must be next to nothing.
    private const long MostShared = 64;

    // An operation on an element takes as long as so many multiplications in products of matrices.
    private const double MapWork = 4;

    private readonly Jaxpr body;
    private readonly Dictionary<Var, Lowering> lowerings;
    private readonly int rows;
    private readonly int constantCount;
    private readonly HashSet<Var> constants;

    // The axis of values that differ from row to row, and the axes along which others can be cut if they have to be.
    private readonly Dictionary<Var, int> rowAxis = [];
    private readonly Dictionary<Var, HashSet<int>> possible = [];

    // The axes along which each variable is cut, and AxisCuts.Whole where it is needed as it is.
    private readonly Dictionary<Var, HashSet<int>> needed = [];

    private IndependentRows(Jaxpr body, Dictionary<Var, Lowering> lowerings, int rows, int constants)
    {
        (this.body, this.lowerings, this.rows, constantCount) = (body, lowerings, rows, constants);
        this.constants = [.. body.Inputs[..constants]];
    }

    /// <summary>The number of rows.</summary>
    public int Rows => rows;

    /// <summary>For each input of the body whether it has the rows as its first axis.</summary>
    public bool[] CutInputs => Array.ConvertAll(body.Inputs, IsCut);

    /// <summary>For each result of the body whether it has the rows as its first axis.</summary>
    public bool[] CutOutputs { get; private set; } = [];

    /// <summary>Multiplications, or what takes as long, that a step needs for all rows.</summary>
    public double Work { get; private set; }

    /// <summary>The bytes of constants that every part reads in every step.</summary>
    public long ConstantBytes { get; private set; }

    /// <summary>The rows of a body without calls, or null if it has none or mixes them.</summary>
    /// <param name="body">The body; its inputs are constants, carried values, slices, its results carried and stacked values.</param>
    /// <param name="lowerings">The lowering of each equation by its first result.</param>
    /// <param name="constants">The number of constants.</param>
    /// <param name="carries">The number of carried values.</param>
    public static IndependentRows? Find(Jaxpr body, Dictionary<Var, Lowering> lowerings, int constants, int carries)
    {
        foreach (
            int rows in body.InputTypes[constants..(constants + carries)]
                .Where(t => t.Rank > 0 && t.Shape[0] > 1)
                .Select(t => t.Shape[0])
                .Distinct()
        )
        {
            var found = new IndependentRows(body, lowerings, rows, constants);
            if (found.FollowRows() && found.FollowNeeds(carries))
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// The body for so many of the rows, with the lowering of each equation by its first result; null if it would not compute the
    /// bits of the whole.
    /// </summary>
    public (Jaxpr Body, Dictionary<Var, Lowering> Lowerings)? Part(int count)
    {
        var cuts = new Dictionary<(Var, int), Var>();
        var kinds = new Dictionary<Var, Lowering>();
        var equations = new List<Equation>();
        var inputs = Array.ConvertAll(body.Inputs, v => (Var)Version(v, IsCut(v) ? 0 : AxisCuts.Whole));
        foreach (var equation in body.Equations)
        {
            var lowering = lowerings[equation.Outputs[0]];
            foreach (int axis in Needs(equation).Order())
            {
                int[] axes = Operands(equation, lowering, axis)!;
                var cut = new Equation(
                    equation.Primitive,
                    [.. equation.Inputs.Select((x, i) => Version(x, axes[i]))],
                    [.. equation.Outputs.Select(y => (Var)Version(y, axis))]
                );
                var kind =
                    axis == AxisCuts.Whole
                        ? lowering
                        : AxisCuts.Cut(cut, lowering, equation.Outputs[0].Type.Shape, axis);
                if (
                    (lowering, kind) is (Lowering.Contraction whole, Lowering.Contraction part)
                    && !ReferenceEquals(whole, part)
                    && !SummationOrder.IsSame(whole.Spec, part.Spec, packsLhs: axes[0] == AxisCuts.Whole)
                )
                {
                    return null;
                }

                equations.Add(cut);
                kinds[cut.Outputs[0]] = kind;
            }
        }

        Atom[] outputs = [.. body.Outputs.Select((y, i) => Version(y, CutOutputs[i] ? 0 : AxisCuts.Whole))];
        return (new Jaxpr([], inputs, [.. equations], outputs), kinds);

        Atom Version(Atom atom, int axis)
        {
            if (atom is not Var variable || axis == AxisCuts.Whole)
            {
                return atom;
            }

            if (!cuts.TryGetValue((variable, axis), out var version))
            {
                var type = variable.Type;
                version = new Var(type with { Shape = type.Shape.With(axis, count) });
                cuts[(variable, axis)] = version;
            }

            return version;
        }
    }

    private bool IsCut(Var input) =>
        rowAxis.ContainsKey(input) || (needed.TryGetValue(input, out var axes) && axes.Contains(0));

    private IEnumerable<int> Needs(Equation equation) =>
        equation.Outputs.SelectMany(y => needed.GetValueOrDefault(y) ?? []).Distinct();

    private static int[]? Operands(Equation equation, Lowering lowering, int axis) =>
        axis == AxisCuts.Whole
            ? Array.ConvertAll(equation.Inputs, _ => AxisCuts.Whole)
            : AxisCuts.Of(equation, lowering, axis);

    // From inputs to results: which values differ from row to row, and along which axis.
    private bool FollowRows()
    {
        foreach (var input in body.Inputs)
        {
            bool hasRows = input.Type.Rank > 0 && input.Type.Shape[0] == rows;
            if (constants.Contains(input))
            {
                possible[input] = hasRows ? [0] : [];
            }
            else if (hasRows)
            {
                rowAxis[input] = 0;
            }
        }

        foreach (var equation in body.Equations)
        {
            var lowering = lowerings[equation.Outputs[0]];
            if (equation.Primitive.HasEffects || equation.Inputs.Concat(equation.Outputs).Any(x => x.Type.Size == 0))
            {
                return false;
            }

            var shape = equation.Outputs[0].Type.Shape;
            bool differs = equation.Inputs.Any(x => x is Var v && rowAxis.ContainsKey(v));
            int[] axes =
            [
                .. Enumerable
                    .Range(0, shape.Rank)
                    .Where(a => shape[a] == rows && Array.TrueForAll(equation.Outputs, y => y.Type.Shape == shape))
                    .Where(a => AxisCuts.Of(equation, lowering, a) is { } cut && Allows(equation, cut)),
            ];
            if (differs && axes.Length == 0)
            {
                return false;
            }

            foreach (var output in equation.Outputs)
            {
                if (differs)
                {
                    rowAxis[output] = axes[0];
                }
                else
                {
                    possible[output] = [.. axes];
                }
            }
        }

        return true;
    }

    private bool Allows(Equation equation, int[] cut)
    {
        for (int i = 0; i < cut.Length; i++)
        {
            bool fits = equation.Inputs[i] switch
            {
                Var v when rowAxis.TryGetValue(v, out int axis) => cut[i] == axis,
                Var v => cut[i] == AxisCuts.Whole || (possible.TryGetValue(v, out var axes) && axes.Contains(cut[i])),
                _ => cut[i] == AxisCuts.Whole,
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    // From results to inputs: what is needed in parts and what as a whole.
    private bool FollowNeeds(int carries)
    {
        CutOutputs =
        [
            .. body.Outputs.Select((y, i) => i < carries ? IsCut(body.Inputs[constantCount + i]) : y.Type.Rank > 0),
        ];
        for (int i = 0; i < CutOutputs.Length; i++)
        {
            if (!Need(body.Outputs[i], CutOutputs[i] ? 0 : AxisCuts.Whole))
            {
                return false;
            }
        }

        foreach (var equation in body.Equations.Reverse())
        {
            foreach (int axis in Needs(equation))
            {
                int[]? axes = Operands(equation, lowerings[equation.Outputs[0]], axis);
                if (axes is null || equation.Inputs.Where((x, i) => !Need(x, axes[i])).Any())
                {
                    return false;
                }
            }
        }

        return body.Inputs.All(v => !IsCut(v) || needed.GetValueOrDefault(v) is null or { Count: 1 })
            && Array.TrueForAll(body.Equations, IsCheapAndExact);
    }

    private bool Need(Atom atom, int axis)
    {
        if (atom is not Var variable)
        {
            return axis == AxisCuts.Whole;
        }

        bool isPossible = rowAxis.TryGetValue(variable, out int own)
            ? own == axis
            : axis == AxisCuts.Whole || (possible.TryGetValue(variable, out var axes) && axes.Contains(axis));
        if (isPossible && !needed.TryAdd(variable, [axis]))
        {
            needed[variable].Add(axis);
        }

        return isPossible;
    }

    // Floating-point numbers may be combined in another order if there are fewer rows.
    private bool IsCheapAndExact(Equation equation)
    {
        var lowering = lowerings[equation.Outputs[0]];
        bool isConstant = equation.Inputs.All(x => x is not Var v || constants.Contains(v));
        if (isConstant)
        {
            constants.UnionWith(equation.Outputs);
        }

        long size = equation.Outputs.Sum(y => y.Type.Size);
        foreach (int axis in Needs(equation))
        {
            if (axis == AxisCuts.Whole)
            {
                if (!isConstant && size > MostShared)
                {
                    return false;
                }

                continue;
            }

            if (lowering is Lowering.Contraction { Spec: var spec })
            {
                Work += spec.Axes.Aggregate(1.0, (product, a) => product * a.Extent);
                int[] axes = Operands(equation, lowering, axis)!;
                int other = Array.IndexOf(axes, AxisCuts.Whole);
                if (other < 0)
                {
                    return false;
                }

                ConstantBytes += equation.Inputs[other].Type.ByteLength;
            }
            else
            {
                Work += MapWork * size;
                if (lowering is Lowering.Reduction && equation.Outputs[0].Type.DType.IsInexact)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
